"""The range that counts persons under seal: what follows from it, and what an auditor finds against a careless one."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.release.protect import protect
from palermo.release.rules import FREE, Protection
from palermo.release.sealed import WITH_SEALED, followed, sealed_findings, step_of_grid

TOTAL = ("XXA", "_T", "_T", "_T")


def codes(place, code):
    return (*TOTAL[:place], code, *TOTAL[place + 1 :])


def cube(row_of, open_counts, more):
    """Made-up counts of sexes and their total, without and with persons under seal."""
    rows = []
    for sex, count in {**open_counts, "_T": sum(open_counts.values())}.items():
        sealed = sum(more.values()) if sex == "_T" else more[sex]
        rows.append(row_of("victims_by_sex_age", float(count), sex=sex, age="_T"))
        rows.append(row_of(WITH_SEALED, float(count + sealed), sex=sex, measure=WITH_SEALED))
    return rows


def row_of(indicator, value, **given_codes):
    plain = dict.fromkeys(
        ("time_period", "age", "form", "citizenship", "counterpart_area", "reach", "list", "band"), "_T"
    )
    return {
        "indicator": indicator, "measure": "victims_detected", "unit": "PERSON", "kind": "detected", "ref_area": "XXA",
        **plain, "value": value, "lower": value, "upper": value, "obs_status": "A", "confidential": True,
        "receipt_id": "0", **given_codes,
    }  # fmt: skip


def made(more, counts=None):
    protection = Protection()
    rows = cube(row_of, counts or {"F": 60, "M": 40}, more)
    protected = protect(rows, protection, {}, (), None)
    return protected.rows, protected.statement


def ranges_of(rows):
    return {row["sex"]: (row["value"], row["lower"], row["upper"]) for row in rows if row["indicator"] == WITH_SEALED}


def test_nothing_tells_one_person_from_nineteen():
    assert ranges_of(made({"F": 1, "M": 0})[0]) == ranges_of(made({"F": 0, "M": 19})[0])
    assert ranges_of(made({"F": 1, "M": 0})[0])["F"] == (None, 60.0, 79.0)


def test_a_range_is_hidden_where_the_figure_without_them_is():
    rows, _ = made({"F": 1, "M": 2, "O": 1}, {"F": 60, "M": 40, "O": 2})
    hidden = {row["sex"] for row in rows if row["indicator"] == WITH_SEALED and row["conf_status"] != FREE}
    beside = {row["sex"] for row in rows if row["indicator"] != WITH_SEALED and row["conf_status"] != FREE}
    assert "O" in hidden
    assert hidden == beside


def test_a_clean_release_has_no_findings_and_careless_ones_have():
    rows, said = made({"F": 3, "M": 0})
    assert sealed_findings(rows, said) == []
    exact = [{**row, "value": 63.0} if row["indicator"] == WITH_SEALED and row["sex"] == "F" else row for row in rows]
    assert "more finely" in sealed_findings(exact, said)[0][1]
    narrow = [{**row, "upper": row["lower"] + 2} if row["indicator"] == WITH_SEALED else row for row in rows]
    assert any("off the grid" in words for _, words in sealed_findings(narrow, said))
    assert any("too narrowly" in words for _, words in sealed_findings(narrow, said))
    alone = [row for row in rows if row["indicator"] == WITH_SEALED]
    assert "without them is not" in sealed_findings(alone, said)[0][1]


@given(st.lists(st.integers(0, 60), min_size=1, max_size=3), st.integers(2, 10))
@settings(max_examples=60, deadline=None)
def test_what_follows_is_what_trying_every_number_finds(parts, k):
    more = {codes(2, f"s{place}"): number for place, number in enumerate(parts)} | {TOTAL: sum(parts)}
    step = step_of_grid(more, k)
    assert step is not None
    assert step >= 2 * k
    if step > 20:
        return
    grid = {name: (number // step * step, number // step * step + step - 1) for name, number in more.items()}
    each = [range(grid[name][0], grid[name][1] + 1) for name in more if name != TOTAL]
    agree = [found for found in product(*each) if grid[TOTAL][0] <= sum(found) <= grid[TOTAL][1]]
    known = followed(grid)
    assert known[TOTAL] == (min(map(sum, agree)), max(map(sum, agree)))
    for place in range(len(parts)):
        seen = [found[place] for found in agree]
        assert known[codes(2, f"s{place}")] == (min(seen), max(seen))
        assert max(seen) - min(seen) >= k


@pytest.mark.parametrize("more", [{TOTAL: -1}, {codes(1, "2021"): -3, TOTAL: 4}])
def test_figures_that_contradict_each_other_are_not_told(more):
    assert step_of_grid(more, 5) is None
