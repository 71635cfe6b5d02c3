"""The table lists x covariates and the columns of models on it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.errors import UsageError
from palermo.hidden.capture import CaptureTable
from palermo.hidden.design import Grid, Term, counted, grid_of


def made_up(
    sex: tuple[str | None, ...] = ("F", "M", "F", None), counts: tuple[int, ...] = (5, 7, 2, 3)
) -> CaptureTable:
    """Four rows, made up."""
    years = ("2019", "2020", "2021", "2021")
    return CaptureTable(
        ("A", "B", "C"), np.array([1, 2, 5, 5]), np.array(counts), {"sex": sex, "year": years}, frozenset({6})
    )


def test_a_grid_has_a_cell_for_each_history_of_each_combination_of_levels() -> None:
    grid = grid_of(made_up(), ("sex", "year"))
    assert grid.levels == (("F", "M"), ("2019", "2020", "2021"))
    assert len(grid.histories) == 8 * 6
    assert grid.unseen.sum() == 6
    # History 6 (lists B and C) is impossible, so it can no more be observed than the all-zero one.
    assert grid.observable.sum() == 6 * 6


def test_names_of_terms_and_terms_of_names_are_inverse() -> None:
    grid = grid_of(made_up(), ("sex", "year"))
    for term in (*grid.base[1:], *grid.pairs):
        assert grid.term(grid.name(term)) == term
    with pytest.raises(UsageError, match="no list or covariate 'form'"):
        grid.term("A:form")


def test_rows_with_a_gap_may_stand_in_every_cell_that_fits_what_is_known() -> None:
    table = made_up()
    grid = grid_of(table, ("sex", "year"))
    counts, partial = counted(table, grid)
    assert counts.sum() == 14
    assert [part.persons for part in partial] == [3.0]
    assert set(grid.histories[partial[0].cells]) == {5}
    assert grid.codes[partial[0].cells].tolist() == [[0, 2], [1, 2]]


def test_two_lists_have_no_list_by_list_term_as_it_would_take_up_the_unseen() -> None:
    two = Grid(("A", "B"), ("sex",), (("F", "M"),))
    assert Term(3) not in two.pairs
    assert Term(1, (0,)) in two.pairs


def test_a_year_costs_as_many_columns_as_the_degree() -> None:
    grid = grid_of(made_up(), ("sex",), "year", 1)
    assert grid.covariates == ("sex", "year")
    year = grid.columns(grid.term("year"))
    assert year.shape[1] == 1
    assert year.sum() == pytest.approx(0.0, abs=1e-9)
    steps = np.diff([float(year[grid.codes[:, 1] == code][0, 0]) for code in range(3)])
    assert steps[0] == pytest.approx(steps[1])


def test_polynomials_of_the_highest_degree_say_the_same_as_a_level_for_each_year() -> None:
    free, smooth = grid_of(made_up(), ("sex", "year")), grid_of(made_up(), ("sex",), "year", 2)
    both = np.hstack([free.matrix(free.base), smooth.matrix(smooth.base)])
    assert np.linalg.matrix_rank(both) == np.linalg.matrix_rank(free.matrix(free.base))


def test_empty_margins_lose_their_cells_unseen_ones_too_where_no_list_is_in_the_term() -> None:
    table = made_up(sex=("F", "M", "F", "F"))
    grid = grid_of(table, ("sex", "year"))
    counts, _ = counted(table, grid)
    lost = grid.emptied(grid.term("sex:year"), counts)
    assert lost[grid.unseen].sum() == 3  # F in 2020, M in 2019 and in 2021
    assert not grid.emptied(grid.term("sex"), counts).any()
    assert not (grid.emptied(grid.term("B:sex"), counts) & grid.unseen).any()


@pytest.mark.parametrize(("names", "said"), [(("form",), "no covariate form"), (("sex",), "missing for everybody")])
def test_a_covariate_that_says_nothing_is_an_error(names: tuple[str, ...], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        grid_of(made_up(sex=(None, None, None, None)), names)


def test_too_many_cells_are_an_error_in_words() -> None:
    many = tuple(str(value) for value in range(1000))
    with pytest.raises(UsageError, match="name fewer covariates"):
        Grid(tuple("ABCDEFGHIJ"), ("place",), (many,))


@given(st.lists(st.integers(2, 4), min_size=1, max_size=3), st.integers(2, 4))
@settings(max_examples=20, deadline=None)
def test_all_two_way_columns_are_independent_on_the_observable_cells(sizes: list[int], k: int) -> None:
    levels = tuple(tuple(str(value) for value in range(size)) for size in sizes)
    grid = Grid(tuple("ABCD"[:k]), tuple("xyz"[: len(sizes)]), levels)
    design = grid.matrix((*grid.base, *grid.pairs))[grid.observable]
    assert np.linalg.matrix_rank(design) == design.shape[1]
