"""Cubes find cells, rows and open choices as looking through the whole table does."""

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.release.schema import DIMENSIONS, RELEASED
from palermo.report.explore.cubes import cubes_of

CODES = {"ref_area": ("DEU", "FRA", "ITA"), "time_period": ("2020", "2021"), "sex": ("_T", "F", "M")}
KEYS = st.sets(st.tuples(*(st.sampled_from(codes) for codes in CODES.values())), min_size=1)


def cube_of(keys, pieces: int):
    """The cube of made-up figures with these codes, its table in several pieces."""
    rows = []
    for number, key in enumerate(sorted(keys)):
        fixed = dict.fromkeys(RELEASED.names) | dict.fromkeys(DIMENSIONS, "_T")
        counted = {"indicator": "i", "measure": "victims_detected", "unit": "PERSON", "kind": "detected"}
        told = {"value": float(number), "lower": float(number), "upper": float(number), "receipt_id": f"{number:016x}"}
        rows.append(
            {**fixed, **counted, **told, "obs_status": "A", "conf_status": "F", **dict(zip(CODES, key, strict=True))}
        )
    cuts = np.array_split(np.arange(len(rows)), pieces)
    tables = [pa.Table.from_pylist([rows[place] for place in cut], RELEASED) for cut in cuts if len(cut)]
    return rows, next(iter(cubes_of(pa.concat_tables(tables)).values()))


@settings(max_examples=60, deadline=None)
@given(KEYS, st.integers(1, 4), st.data())
def test_rows_come_in_the_order_in_which_they_are_asked_for(keys, pieces, data) -> None:
    rows, cube = cube_of(keys, pieces)
    asked = data.draw(st.lists(st.sampled_from(range(len(rows))), max_size=8))
    taken = cube.taken(np.array(asked, np.int64))
    assert taken.to_pylist() == [rows[place] for place in asked]
    shown = cube.observations(np.array([[*asked, -1]], np.int64))
    assert [one and one.receipt_id for one in shown] == [*(rows[place]["receipt_id"] for place in asked), None]


@settings(max_examples=60, deadline=None)
@given(KEYS, st.integers(1, 4), st.tuples(*(st.sampled_from(codes) for codes in CODES.values())))
def test_a_choice_is_open_where_a_figure_has_it_with_all_the_others(keys, pieces, chosen) -> None:
    _, cube = cube_of(keys, pieces)
    filters = dict(zip(CODES, chosen, strict=True))
    found = cube.open_choices(filters)
    for place, name in enumerate(CODES):
        others = [key for key in keys if all(key[at] == chosen[at] for at in range(3) if at != place)]
        assert set(found[name]) == {key[place] for key in others}
        fixed = {other: code for other, code in filters.items() if other != name}
        assert cube.occurring(name, fixed) == found[name]
