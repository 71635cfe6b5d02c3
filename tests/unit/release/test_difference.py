import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.release.difference import ADDED, GONE, NOW_HIDDEN, NOW_SHOWN, REVISED, differences
from palermo.release.schema import DIMENSIONS, KEY, RELEASED

FIXED = dict.fromkeys(DIMENSIONS, "_T") | {
    "indicator": "victims_by_sex_age",
    "measure": "victims_detected",
    "unit": "PERSON",
    "kind": "detected",
    "ref_area": "XXA",
}
FIGURES = st.tuples(st.sampled_from([None, 0.0, 5.0]), st.sampled_from([None, 1.0]), st.sampled_from(["F", "A"]))
CUBES = st.dictionaries(st.tuples(st.sampled_from("FMO"), st.sampled_from(["2020", "2021", "_T"])), FIGURES)


def cube(figures):
    rows = [
        FIXED | {"sex": sex, "time_period": year, "value": value, "lower": lower, "upper": lower, "conf_status": status}
        for (sex, year), (value, lower, status) in figures.items()
    ]
    return pa.Table.from_pylist(rows, schema=RELEASED)


def what_differs(old, new):
    """Read row by row, as the definition says it."""
    if old is None or new is None:
        return ADDED if old is None else GONE
    if old[2] != new[2]:
        return NOW_HIDDEN if old[2] == "F" else NOW_SHOWN
    return REVISED if old[2] == "F" and old[:2] != new[:2] else ""


@settings(max_examples=60, deadline=None)
@given(CUBES, CUBES)
def test_every_row_that_differs_is_told_and_no_other(before, after):
    found = {
        one.codes["sex"] + one.codes.get("time_period", "_T"): one for one in differences(cube(before), cube(after))
    }
    told = {sex + year: what_differs(before.get((sex, year)), after.get((sex, year))) for sex, year in before | after}
    assert {place: one.what for place, one in found.items()} == {place: what for place, what in told.items() if what}


def test_differences_stand_in_the_order_of_their_codes_with_the_figures_of_both():
    before = cube({("M", "2021"): (3.0, None, "F"), ("F", "2021"): (4.0, None, "F")})
    after = cube({("F", "2021"): (5.0, None, "F"), ("M", "2021"): (None, 1.0, "A")})
    assert [(one.codes["sex"], one.what, one.before, one.after) for one in differences(before, after)] == [
        ("F", REVISED, 4.0, 5.0),
        ("M", NOW_HIDDEN, 3.0, None),
    ]


def test_releases_with_more_codes_than_a_number_holds_are_compared_too():
    """The product of all codes of these columns is beyond 64 bits."""
    many = range(64)
    rows = [FIXED | {name: f"{name}{at}" for name in KEY} | {"value": float(at), "conf_status": "F"} for at in many]
    before = pa.Table.from_pylist(rows, schema=RELEASED)
    after = pa.Table.from_pylist([*rows[1:], rows[0] | {"value": -1.0}], schema=RELEASED)
    (one,) = differences(before, after)
    assert (one.what, one.before, one.after) == (REVISED, 0.0, -1.0)
