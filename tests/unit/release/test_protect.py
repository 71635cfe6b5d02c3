"""The law: no hidden cell follows from what is published."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.release.cells import cells_of
from palermo.release.protect import protect
from palermo.release.rules import FREE, Protection
from palermo.release.structure import structure_of


def protected(rows, **rules):
    return protect(rows, Protection(**rules), {}, (), None)


def hidden(rows):
    return [row for row in rows if row["conf_status"] != FREE]


INNER = list(itertools.product(("2021", "2022"), ("F", "M")))
TWO_WAY = {"victims_by_sex_age": ("time_period", "sex")}


EVERY = np.array(list(itertools.product(range(11), repeat=4)))


def in_every_table(row):
    """The count of a row in every table of two years by two sexes with up to ten persons in a cell."""
    parts = [row["time_period"] in {year, "_T"} and row["sex"] in {sex, "_T"} for year, sex in INNER]
    return EVERY[:, parts].sum(axis=1)


@settings(max_examples=50, deadline=None)
@given(counts=st.lists(st.integers(0, 7), min_size=4, max_size=4))
def test_no_hidden_cell_follows_by_trying_every_table(counts):
    # Every row and column has a person, so that every code is in the cube.
    people = [{"time_period": year, "sex": sex} for (year, sex), n in zip(INNER, counts, strict=True) for _ in range(n)]
    if len({p["time_period"] for p in people}) < 2 or len({p["sex"] for p in people}) < 2:
        return
    rows = _counted(people, TWO_WAY)
    published = protected(rows, k_tables=3).rows
    agree = np.ones(len(EVERY), dtype=bool)
    for row in published:
        agree &= row["value"] is None or in_every_table(row) == row["value"]
    for row in hidden(published):
        values = in_every_table(row)[agree]
        assert values.max() - values.min() >= 3, row


def _counted(people, tables):
    from_codes = []
    for indicator, dimensions in tables.items():
        for codes in itertools.product(*[[*sorted({p[name] for p in people}), "_T"] for name in dimensions]):
            n = sum(all(code in {"_T", p[name]} for name, code in zip(dimensions, codes, strict=True)) for p in people)
            from_codes.append((indicator, dict(zip(dimensions, codes, strict=True)), float(n)))
    base = {"measure": "victims_detected", "unit": "PERSON", "kind": "detected", "ref_area": "XXA", "age": "_T"}
    rest = dict.fromkeys(("form", "citizenship", "counterpart_area", "reach", "list", "band"), "_T")
    marks = {"obs_status": "A", "confidential": True, "receipt_id": "0123456789abcdef"}
    return [
        {**base, **rest, **marks, "indicator": name, **codes, "value": n, "lower": n, "upper": n}
        for name, codes, n in from_codes
    ]


def test_small_counts_are_hidden_and_large_ones_mostly_stay(cubes, persons):
    rows = cubes["counted"](persons)
    result = protected(rows)
    by_true = list(zip(rows, result.rows, strict=True))
    assert all(made["value"] is None for true, made in by_true if 0 < true["value"] < 5)
    assert 0 < result.secondary < len(rows) / 2
    assert result.primary + result.secondary == len(hidden(result.rows))


def test_the_interval_printed_for_a_hidden_cell_holds_the_truth(cubes, persons):
    rows = cubes["counted"](persons)
    for true, made in zip(rows, protected(rows).rows, strict=True):
        if made["value"] is None and made["upper"] is not None:
            assert made["lower"] <= true["value"] <= made["upper"]
            assert made["upper"] - made["lower"] >= 5


def test_one_mark_for_both_reasons(cubes, persons):
    marks = {row["conf_status"] for row in hidden(protected(cubes["counted"](persons)).rows)}
    assert marks == {"C"}


def test_the_same_count_in_two_tables_is_hidden_in_both(cubes, persons):
    rows = cubes["counted"](persons)
    result = protected(rows)
    seen = {}
    for row in result.rows:
        if row["age"] == "_T" and row["form"] == "_T":
            seen.setdefault((row["time_period"], row["sex"]), set()).add(row["conf_status"])
    assert all(len(marks) == 1 for marks in seen.values())


def test_zeros_of_a_small_group_are_hidden_and_others_stay(cubes):
    group = cubes["group"]
    people = [*group(30), *group(3, sex="O"), *group(25, age="Y0T17"), *group(20, sex="M")]
    result = protected(cubes["counted"](people, {"victims_by_sex_age": ("sex", "age")}))
    by_codes = {(row["sex"], row["age"]): row for row in result.rows}
    assert by_codes["O", "Y0T17"]["value"] is None, "it would tell that all three are adults"
    many = [*group(30), *group(25, age="Y0T17"), *group(20, sex="M")]
    kept = protected(cubes["counted"](many, {"victims_by_sex_age": ("sex", "age")})).rows
    assert {row["value"] for row in kept if (row["sex"], row["age"]) == ("M", "Y0T17")} == {0.0}


def test_zeros_can_all_be_hidden(cubes):
    many = [*cubes["group"](30), *cubes["group"](25, age="Y0T17"), *cubes["group"](20, sex="M")]
    rows = cubes["counted"](many, {"victims_by_sex_age": ("sex", "age")})
    assert not [row for row in protected(rows, publish_zeros=False).rows if row["value"] == 0]


def test_a_rate_goes_with_its_count(cubes, persons):
    row = cubes["row"]
    rows = cubes["counted"](persons)
    rates = [
        row("victims_rate", 1.5, unit="PER_100K", time_period=r["time_period"], sex=r["sex"], age=r["age"])
        for r in rows
        if r["form"] == "_T" and r["indicator"] == "victims_by_sex_age"
    ]
    made = protected([*rows, *rates]).rows
    marks = {(r["time_period"], r["sex"], r["age"]): r["conf_status"] for r in made[: len(rows)] if r["form"] == "_T"}
    for rate in made[len(rows) :]:
        assert rate["conf_status"] == marks[rate["time_period"], rate["sex"], rate["age"]]


def test_public_figures_are_left_alone(cubes, persons):
    public = cubes["row"]("published_observations", 2.0, confidential=False, list="yearbook")
    made = protected([*cubes["counted"](persons), public]).rows[-1]
    assert (made["value"], made["conf_status"]) == (2.0, FREE)


def test_rounding_comes_on_top(cubes, persons):
    rows = cubes["counted"](persons)
    plain, coarse = protected(rows), protected(rows, rounding=5)
    assert [row["conf_status"] for row in plain.rows] == [row["conf_status"] for row in coarse.rows]
    assert all(row["value"] % 5 == 0 for row in coarse.rows if row["value"] is not None)


def test_relations_are_read_off_the_figures(cubes):
    row = cubes["row"]
    rows = [row("t", 10.0), row("t", 8.0, form="sexual"), row("t", 6.0, form="begging")]
    assert structure_of(cells_of(rows)).knowledge == {"t": {"form": "at_least"}}
    assert structure_of(cells_of([*rows[:2], row("t", 2.0, form="begging")])).knowledge == {"t": {"form": "exact"}}


def test_a_table_that_counts_something_else_stands_apart(cubes):
    row = cubes["row"]
    cells = cells_of([row("a", 10.0), row("b", 9.0), row("b", 9.0, sex="F")])
    assert cells.naming.apart == {"b"}
    assert len(cells.keys) == 3


@pytest.mark.parametrize("lag", [0, 1])
def test_a_ratio_goes_with_the_counts_it_is_made_from(cubes, lag):
    row = cubes["row"]
    years = [row("persons_convicted", n, measure="persons_convicted", kind="_Z", time_period=y, age="_T", sex=s)
             for y in ("2020", "2021") for s, n in (("F", 3.0), ("M", 40.0), ("O", 30.0), ("_T", 73.0))]  # fmt: skip
    ratio = row(
        "justice_funnel", 0.1, measure="persons_convicted", kind="_Z", unit="RATIO", sex="F", time_period="2020"
    )
    sources = {"justice_funnel": {"derived_from": [{"indicator": "persons_convicted", "years_later": lag}]}}
    made = protect([*years, ratio], Protection(), sources, (), None).rows[-1]
    assert made["value"] is None


def test_a_row_of_a_table_with_a_minimum_tells_that_it_is_reached(cubes):
    row = cubes["row"]
    flows = [
        row("flows", n, measure="flows", citizenship=c, counterpart_area="XXA", reach="REG", time_period="_T")
        for c, n in (("XXB", 6.0), ("XXC", 9.0))
    ]
    rows = [*flows, row("victims_by_reach", 17.0, reach="REG"), row("victims_by_reach", 3.0, reach="DOM"),
            row("victims_by_reach", 20.0), row("victims_by_reach", 0.0, reach="_U")]  # fmt: skip
    made = protect(rows, Protection(), {"flows": {"minimum": 5}}, (), None)
    assert made.statement["least"] == {"flows": 5, "victims_by_reach": 0}
    assert [one["value"] for one in made.rows if one["reach"] == "DOM"] == [None]
