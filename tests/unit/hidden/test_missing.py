"""The EM algorithm for missing covariates."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.hidden.contingency import fit, model
from palermo.hidden.design import Grid, Partial
from palermo.hidden.missing import complete, loglik, spread

GRID = Grid(("A", "B", "C"), ("sex",), (("F", "M"),))
MODEL = model(GRID, (*GRID.base, GRID.term("A:sex"), GRID.term("A:B")))


def counts_of(values: list[int]) -> np.ndarray:
    return np.where(GRID.observable, np.array([0, 0, *values], float), 0.0)


def gaps_of(values: list[int]) -> list[Partial]:
    """Persons of each history whose sex is not known."""
    return [Partial(np.flatnonzero(GRID.histories == own), float(n)) for own, n in enumerate(values, 1) if n]


FULL = st.lists(st.integers(1, 60), min_size=14, max_size=14)
GAPS = st.lists(st.integers(0, 20), min_size=7, max_size=7)


@given(FULL, GAPS)
@settings(max_examples=30, deadline=None)
def test_spreading_keeps_every_person(values: list[int], gaps: list[int]) -> None:
    counts, partial = counts_of(values), gaps_of(gaps)
    completed = spread(np.ones(16), counts, partial)
    assert completed.sum() == pytest.approx(counts.sum() + sum(gaps))
    assert (completed >= counts).all()


@given(FULL, GAPS)
@settings(max_examples=20, deadline=None)
def test_each_round_raises_the_likelihood_of_what_was_seen(values: list[int], gaps: list[int]) -> None:
    counts, partial = counts_of(values), gaps_of(gaps)
    now = fit(GRID, MODEL, spread(np.ones(16), counts, partial))
    before = -np.inf
    for _ in range(5):
        value = loglik(now.fitted, counts, partial)
        assert value >= before - 1e-7
        before, now = value, fit(GRID, MODEL, spread(now.fitted, counts, partial))


def test_without_gaps_it_is_one_fit() -> None:
    counts = counts_of(list(range(3, 17)))
    found, completed = complete(GRID, MODEL, counts, [])
    assert completed is counts
    assert found.estimate == pytest.approx(fit(GRID, MODEL, counts).estimate, rel=1e-12)


def test_a_covariate_that_a_list_never_records_is_the_same_problem() -> None:
    """Whom list C alone saw has no sex; the other lists tell the shares, and expected counts are met again."""
    true = np.exp(GRID.matrix(MODEL.terms) @ np.array([5.0, -0.5, -1.0, -0.7, 0.4, 0.6, 0.3]))
    counts = np.where(GRID.observable & (GRID.histories != 4), true, 0.0)
    lost = float(true[GRID.histories == 4].sum())
    found, _ = complete(GRID, MODEL, counts, [Partial(np.flatnonzero(GRID.histories == 4), lost)])
    assert found.converged
    assert found.estimate == pytest.approx(float(true.sum()), rel=1e-6)
    assert found.fitted == pytest.approx(true, rel=1e-5)


def test_gaps_at_random_do_not_move_expected_counts() -> None:
    true = np.exp(GRID.matrix(MODEL.terms) @ np.array([5.0, -0.5, -1.0, -0.7, 0.4, 0.6, 0.3]))
    counts = np.where(GRID.observable, true * 0.7, 0.0)
    partial = [
        Partial(np.flatnonzero(GRID.histories == own), 0.3 * float(true[GRID.histories == own].sum()))
        for own in range(1, 8)
    ]
    assert complete(GRID, MODEL, counts, partial)[0].estimate == pytest.approx(float(true.sum()), rel=1e-6)
