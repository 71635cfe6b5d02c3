import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.release.schema import DIMENSIONS, RELEASED
from palermo.report.observations import NOT_BROKEN_DOWN, observations_of
from palermo.report.rows import Rows

FIXED = dict.fromkeys(DIMENSIONS, "_T") | {
    "measure": "victims_detected",
    "unit": "PERSON",
    "kind": "detected",
    "obs_status": "A",
    "conf_status": "F",
}
CODES = st.fixed_dictionaries(
    {
        "indicator": st.sampled_from(["a", "b"]),
        "ref_area": st.sampled_from(["001", "ITA", "NGA"]),
        "time_period": st.sampled_from(["2020", "2021", "_T"]),
        "sex": st.sampled_from(["_T", "F", "_U"]),
        "value": st.sampled_from([None, 0.0, 7.0]),
        "receipt_id": st.sampled_from([None, "r1", "r2"]),
    }
)


def table(rows):
    return pa.Table.from_pylist([FIXED | row for row in rows], schema=RELEASED)


@settings(max_examples=40, deadline=None)
@given(st.lists(CODES))
def test_rows_are_found_as_reading_all_of_them_finds_them(rows):
    cube = table(rows)
    every, held = observations_of(cube), Rows(cube)
    assert held.observations(np.arange(len(rows))) == every
    for indicator, area, period in (("a", None, None), ("b", "ITA", None), ("a", "001", "2020"), ("a", "FRA", "_T")):
        wanted = [
            row
            for row in every
            if row.indicator == indicator and area in {None, row["ref_area"]} and period in {None, row["time_period"]}
        ]
        assert held.observations(held.of(indicator, area, period)) == wanted
    found = held.of("a")
    own = [row for row in every if row.indicator == "a"]
    assert held.observations(held.having(found, "sex", {"F", "_T"})) == [
        row for row in own if row["sex"] in {"F", "_T"}
    ]
    parted = [row for row in own if row["sex"] not in NOT_BROKEN_DOWN]
    assert held.observations(held.broken_down(found, "sex")) == parted
    assert held.periods("a", "ITA") == {row["time_period"] for row in own if row["ref_area"] == "ITA"}


def test_a_row_is_read_once():
    held = Rows(table([{"indicator": "a", "ref_area": "ITA", "time_period": "2020", "value": 3.0}]))
    (first,), (again,) = held.observations(held.of("a")), held.observations(held.of("a", "ITA", "2020"))
    assert first is again


def test_a_code_that_is_empty_is_no_code():
    held = Rows(table([{"indicator": "a", "ref_area": None, "time_period": "2020"}]))
    assert len(held.having(held.of("a"), "ref_area", ["ITA", "_T"])) == 0
    assert held.observations(held.of("a"))[0]["ref_area"] is None


@pytest.mark.parametrize("codes", [("c",), ("a", "ITA"), ("a", "001", "1999")])
def test_nothing_is_found_of_what_is_not_there(codes):
    held = Rows(table([{"indicator": "a", "ref_area": "001", "time_period": "2020"}]))
    assert held.observations(held.of(*codes)) == []
