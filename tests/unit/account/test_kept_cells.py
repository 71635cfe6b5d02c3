"""Which cells have a row: the laws, on made-up counts."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.account.axes import Axis
from palermo.account.engine import roll_up
from palermo.account.kept_cells import kept_cells

SEXES = ("F", "M", "_U", "_N")
YEARS = ("2019", "2020")
FORMS = ("sexual", "_U", "_N")
PERSONS = st.lists(
    st.tuples(st.sampled_from(YEARS), st.sampled_from(SEXES), st.sampled_from(FORMS)), min_size=1, max_size=12
)


def rows_of(people: list[tuple[str, str, str]]) -> dict[tuple[str, ...], float]:
    """Rows of the cube by year, sex and form of one person each."""
    axes = [
        Axis(name, labels, np.array([labels.index(person[place]) for person in people]))
        for place, (name, labels) in enumerate((("time_period", YEARS), ("sex", SEXES), ("form", FORMS)))
    ]
    counts, labels = roll_up(axes, np.ones(len(people)))
    keep = kept_cells(axes, labels, counts)
    names = [tuple(labels[axis][place] for axis, place in enumerate(cell)) for cell in np.argwhere(keep)]
    return dict(zip(names, counts[keep], strict=True))


@settings(max_examples=60, deadline=None)
@given(PERSONS)
def test_a_code_has_rows_in_a_year_when_anybody_was_asked_or_nobody_is_there(people) -> None:
    rows = rows_of(people)
    for year in (*YEARS, "_T"):
        there = [person for person in people if year in (person[0], "_T")]
        for sex in ("F", "M", "_U", "_T"):
            for form in ("sexual", "_U", "_T"):
                asked = [one for one in there if (sex == "_T" or one[1] != "_N") and (form == "_T" or one[2] != "_N")]
                assert ((year, sex, form) in rows) == (bool(asked) or not there)


@settings(max_examples=60, deadline=None)
@given(PERSONS)
def test_no_person_is_lost(people) -> None:
    rows = rows_of(people)
    for year, sex, form in people:
        assert rows[year, sex, form] >= 1
    assert rows["_T", "_T", "_T"] == len(people)
    sexes = sum(rows.get(("_T", sex, "_T"), 0) for sex in SEXES)
    assert sexes == len(people)


def test_women_are_not_zero_where_no_list_asked_the_sex() -> None:
    rows = rows_of([("2019", "_N", "sexual")] * 3 + [("2020", "F", "sexual"), ("2020", "_N", "sexual")])
    assert ("2019", "F", "_T") not in rows
    assert rows["2019", "_N", "_T"] == rows["2019", "_T", "_T"] == 3
    assert rows["2020", "M", "_T"] == 0  # asked, and nobody
    assert rows["_T", "M", "_T"] == 0
