"""Laws of a plan, held against all tables of whole numbers tried one by one; and the rules, one by one."""

from itertools import product

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.errors import RefusedError, UsageError
from palermo.release.tables import (
    Dimension,
    Dominance,
    Published,
    Rules,
    Sealed,
    Specification,
    from_parents,
    protect_tables,
    table_of,
)

AREA = Dimension("area", ("a", "b", "c"), {"north": ("a", "b"), "south": ("c",)})
SEX = Dimension("sex", ("F", "M"))
TWO = Specification((AREA, SEX))


def counts(numbers, names=("area", "sex"), codes=(("a", "b", "c"), ("F", "M"))):
    rows = list(product(*codes))
    columns = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    return pa.table({**columns, "value": [str(number) for number in numbers]})


def all_tables(plan):
    """The cells of every table of persons that agrees with what the plan prints; the grand total is printed."""
    members = plan.cells.members.toarray()
    shown, values = members[~plan.hidden], plan.cells.values[~plan.hidden]
    most = values.max(initial=0)
    found = np.zeros((1, 0), dtype=int)
    for place in range(members.shape[1]):  # one unknown at a time, cut off where a printed sum is exceeded
        grown = np.concatenate([np.insert(found, place, value, axis=1) for value in range(most + 1)])
        found = grown[(grown @ shown[:, : place + 1].T <= values).all(axis=1)]
    return found[(found @ shown.T == values).all(axis=1)] @ members.T


def prints_all(plan):
    """Whether the grand total is printed, so that there is an end to the tables that agree."""
    whole = plan.cells.members.sum(axis=1) == plan.cells.members.shape[1]
    return bool((np.asarray(whole).ravel() & ~plan.hidden).any())


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(0, 3), min_size=6, max_size=6),
    st.sampled_from(["publish", "small"]),
    st.sampled_from(["width", "exact"]),
    st.sampled_from(["detail", "cells", "persons"]),
)
def test_no_hidden_count_is_isolated_and_bounds_are_right(numbers, zeros, level, cost):
    plan = protect_tables(counts(numbers), TWO, Rules(k=2, zeros=zeros, level=level, cost=cost), value="value")
    assert plan.proved.ok
    assert plan.proved.fractional == 0
    assert not (~plan.hidden & (plan.cells.values == 1)).any()
    if prints_all(plan):
        tables = all_tables(plan)
        low, high = tables.min(axis=0), tables.max(axis=0)
        assert (plan.lower == low).all()
        assert (plan.upper == high).all()
        assert (high - low >= (2 if level == "width" else 1))[plan.hidden].all()
    assert (plan.lower[~plan.hidden] == plan.cells.values[~plan.hidden]).all()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=8, max_size=8), st.sampled_from(["width", "exact"]))
def test_three_dimensions_hold_in_whole_numbers(numbers, level):
    dimensions = tuple(Dimension(name, ("0", "1")) for name in "xyz")
    plan = protect_tables(
        counts(numbers, "xyz", (("0", "1"),) * 3),
        Specification(dimensions),
        Rules(k=2, level=level, zeros="publish"),
        value="value",
    )
    assert plan.proved.ok
    if prints_all(plan):
        tables = all_tables(plan)
        low, high = tables.min(axis=0), tables.max(axis=0)
        assert (high - low >= (2 if level == "width" else 1))[plan.hidden].all()
        assert (plan.lower <= low).all()  # limits allow fractions, so they may be wider by some
        assert (plan.upper >= high).all()


def test_one_small_count_hides_others_in_its_row_and_column():
    plan = protect_tables(counts([20, 3, 30, 40, 50, 60]), TWO, Rules(k=5), value="value")
    made = {(row["area"], row["sex"]): row for row in table_of(plan, "area_sex").to_pylist()}
    assert made["a", "M"]["mark"] == "suppressed"
    assert made["a", "M"]["value"] is None
    assert made["a", "M"]["obs_status"] == "Q"
    assert made["a", "M"]["upper"] - made["a", "M"]["lower"] >= 5
    assert made["_T", "_T"]["value"] == 203
    assert plan.losses[0].primary == 1
    assert plan.losses[0].secondary >= 3
    assert plan.losses[0].cells == 18


def test_a_group_of_one_code_is_hidden_with_it():
    plan = protect_tables(counts([20, 30, 30, 40, 50, 3]), TWO, Rules(k=5), value="value")
    made = {(row["area"], row["sex"]): row["mark"] for row in table_of(plan, "area_sex").to_pylist()}
    assert made["c", "M"] == made["south", "M"] == "suppressed"


def test_nothing_small_nothing_hidden():
    plan = protect_tables(counts([10, 20, 30, 40, 0, 60]), TWO, Rules(k=5), value="value")
    assert not plan.hidden.any()
    assert [row["mark"] for row in table_of(plan, "area_sex").to_pylist()].count(
        "zero"
    ) == 2  # the area and its group of one


@pytest.mark.parametrize(("zeros", "mark"), [("publish", "zero"), ("small", "suppressed"), ("hide", "suppressed")])
def test_zeros_by_rule(zeros, mark):
    numbers = [3, 0, 30, 40, 50, 60]
    plan = protect_tables(counts(numbers), TWO, Rules(k=5, zeros=zeros), value="value")
    made = {(row["area"], row["sex"]): row["mark"] for row in table_of(plan, "area_sex").to_pylist()}
    assert made["a", "M"] == mark
    assert plan.proved.ok


def test_linked_tables_are_protected_together():
    linked = Specification((AREA, SEX), (Published("areas", ("area",)), Published("sexes", ("sex",))))
    plan = protect_tables(counts([2, 0, 30, 40, 50, 60]), linked, Rules(k=5), value="value")
    marks = {row["area"]: row["mark"] for row in table_of(plan, "areas").to_pylist()}
    assert marks["a"] == "suppressed"
    assert marks["b"] == "suppressed" or marks["north"] == "suppressed"
    assert {row["mark"] for row in table_of(plan, "sexes").to_pylist()} == {"count"}


def test_a_table_may_ask_for_a_higher_k_and_print_few_codes():
    two = Specification(
        (AREA, SEX),
        (Published("areas", ("area",), {"area": ("north", "south", "_T")}), Published("cross", ("area", "sex"), k=20)),
    )
    plan = protect_tables(counts([15, 30, 30, 40, 50, 60]), two, Rules(k=5), value="value")
    assert {row["area"] for row in table_of(plan, "areas").to_pylist()} == {"north", "south", "_T"}
    assert {row["mark"] for row in table_of(plan, "areas").to_pylist()} == {"count"}
    cross = {(row["area"], row["sex"]): row for row in table_of(plan, "cross").to_pylist()}
    assert cross["a", "F"]["upper"] - cross["a", "F"]["lower"] >= 20


def persons(rows, **more):
    return pa.table({"area": [row[0] for row in rows], "sex": [row[1] for row in rows], **more})


def test_dominance_of_one_source():
    rows = [("a", "F")] * 50 + [("b", "F")] * 50 + [("c", "M")] * 50
    lists = ["one"] * 49 + ["two"] + ["one", "two"] * 25 + ["two", "three"] * 25
    plan = protect_tables(persons(rows, list=lists), TWO, Rules(k=5, dominance=Dominance(90, 10)), source="list")
    made = {(row["area"], row["sex"]): row["mark"] for row in table_of(plan, "area_sex").to_pylist()}
    assert made["a", "F"] == "suppressed"
    assert made["c", "M"] == "count"
    assert plan.first.reasons["dominated"].any()


def test_sealed_persons_count_higher_up_and_sums_hold():
    rows = [("a", "F")] * 30 + [("b", "M")] * 200 + [("c", "M")] * 200
    seals = ["1"] * 8 + [""] * 422
    plan = protect_tables(
        persons(rows, sealed=seals), TWO, Rules(k=5, sealed=Sealed("area", persons=100)), sealed="sealed"
    )
    made = {(row["area"], row["sex"]): row for row in table_of(plan, "area_sex").to_pylist()}
    assert made["a", "F"]["value"] == 22
    assert made["north._U", "F"]["value"] == 8
    assert made["north", "_T"]["value"] == 230


def test_sealed_persons_of_a_large_area_stay_where_no_level_forbids():
    rows = [("a", "F")] * 200 + [("b", "M")] * 200
    table = persons(rows, sealed=["1"] * 8 + [""] * 392)
    stays = protect_tables(table, TWO, Rules(sealed=Sealed("area", 100)), sealed="sealed")
    assert "north._U" not in stays.specification.dimension("area").codes
    moves = protect_tables(table, TWO, Rules(sealed=Sealed("area", 100, level=0)), sealed="sealed")
    assert "_T._U" in moves.specification.dimension("area").codes


def test_four_marks():
    form = Dimension("form", ("sexual", "labour", "_U", "_N"))
    rows = [("a", "_N")] * 20 + [("b", "_U")] * 20 + [("c", "sexual")] * 20 + [("c", "labour")] * 3
    table = pa.table({"area": [row[0] for row in rows], "form": [row[1] for row in rows]})
    plan = protect_tables(table, Specification((AREA, form)), Rules(k=5, zeros="publish"))
    made = {(row["area"], row["form"]): row["mark"] for row in table_of(plan, "area_form").to_pylist()}
    assert made["a", "sexual"] == "not_asked"
    assert made["b", "sexual"] == "unknown"
    assert made["c", "labour"] == "suppressed"
    assert made["a", "_U"] in {"zero", "not_asked"}


def test_parts_that_do_not_add_up_are_refused_by_name():
    table = pa.table({"area": ["a", "b", "_T"], "sex": ["F", "F", "F"], "value": ["3", "4", "9"]})
    with pytest.raises(RefusedError, match="_T/F is 9, its parts add up to 7"):
        protect_tables(table, TWO, value="value")


def test_totals_that_add_up_are_taken():
    table = pa.table({"area": ["a", "b", "_T"], "sex": ["F", "F", "F"], "value": ["13", "14", "27"]})
    assert protect_tables(table, TWO, value="value").cells.values.max() == 27


@pytest.mark.parametrize(
    ("rows", "named", "error"),
    [
        ({"area": ["x"], "sex": ["F"]}, "holds 'x'; expected one of its finest codes", UsageError),
        ({"area": ["a"]}, "no column 'sex'", UsageError),
        ({"area": ["a"], "sex": ["F"], "value": ["2.5"]}, "2.5", RefusedError),
        ({"area": ["a", "a"], "sex": ["F", "F"], "value": ["2", "3"]}, "a/F is 2 in one row and 3", RefusedError),
        ({"area": ["_T"], "sex": ["F"], "value": ["2"]}, "not totals alone", UsageError),
    ],
)
def test_bad_rows(rows, named, error):
    with pytest.raises(error, match=named):
        protect_tables(pa.table(rows), TWO, value="value" if "value" in rows else None)


def test_no_person_at_all():
    plan = protect_tables(counts([0] * 6), TWO, Rules(), value="value")
    assert {row["mark"] for row in table_of(plan, "area_sex").to_pylist()} == {"zero"}


@pytest.mark.parametrize(
    "make",
    [
        lambda: Dimension("area", ("a", "a")),
        lambda: Dimension("area", ("a",), {"n": ("x",)}),
        lambda: Dimension("area", ("a",), {"n": ("m",), "m": ("n",)}),
        lambda: Rules(k=1),
        lambda: Rules(zeros="some"),
        lambda: Specification(()),
        lambda: Specification((AREA,), (Published("t", ("sex",)),)),
    ],
)
def test_bad_specifications(make):
    with pytest.raises(UsageError):
        make()


def test_a_tree_from_parents():
    area = from_parents("area", {"d1": "a", "d2": "a", "a": "north", "b": "north", "north": None})
    assert area.codes == ("d1", "d2", "b")
    assert area.holds[area.place["north"]].all()
    assert [area.names[part] for part in area.parts[area.place["_T"]]] == ["north"]
