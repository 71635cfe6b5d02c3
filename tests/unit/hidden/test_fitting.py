"""Fits: closed forms, margins, minus infinity, structural zeros, many tables at once."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.hidden.capture import CaptureTable
from palermo.hidden.fitting import cells_of, fit, fit_many
from palermo.hidden.models import main_effects, parse


def test_two_independent_lists_are_lincoln_petersen() -> None:
    found = fit(np.array([0, 30, 20, 10]), main_effects(2), 2)
    assert found.n0 == pytest.approx(30 * 20 / 10)
    assert found.estimate == pytest.approx(120)
    assert found.se[0] == pytest.approx(math.sqrt(1 / 30 + 1 / 20 + 1 / 10))


def test_three_lists_with_all_pairs_is_the_closed_form() -> None:
    cells = np.array([0, 10, 20, 5, 30, 6, 7, 4])
    found = fit(cells, parse("[12,13,23]", 3), 3)
    odd, even = cells[1] * cells[2] * cells[4] * cells[7], cells[3] * cells[5] * cells[6]
    assert found.n0 == pytest.approx(odd / even)
    assert found.deviance == pytest.approx(0, abs=1e-9)


@given(st.lists(st.integers(0, 40), min_size=15, max_size=15))
@settings(max_examples=60, deadline=None)
def test_fitted_margins_are_those_of_the_table(counts: list[int]) -> None:
    cells = np.array([0, *counts])
    terms = parse("[123,24,4]", 4)
    found = fit(cells, terms, 4)
    if not found.exists:
        assert math.isnan(found.estimate) and np.isnan(found.coefficients).all()
        return
    w = np.arange(16)
    mu = np.exp([sum(a for t, a in zip(terms, found.coefficients, strict=True) if h & t == t) for h in w])
    for term in terms:
        inside = (w & term == term) & (w > 0)
        assert mu[inside].sum() == pytest.approx(cells[inside].sum(), rel=1e-6, abs=1e-6)


def test_a_pair_that_shares_nobody_is_at_minus_infinity_and_counts_as_a_parameter() -> None:
    cells = np.array([0, 40, 30, 0, 20, 6, 5, 0])
    found = fit(cells, parse("[12,3]", 3), 3)
    assert found.coefficients[-1] == -math.inf
    assert found.bic == pytest.approx(5 * math.log(101) - 2 * found.loglik)
    assert found.exists


def test_a_structural_zero_is_not_the_same_as_an_empty_cell() -> None:
    lists, histories = ("A", "B", "C"), np.array([1, 2, 4, 5, 6])
    counts = np.array([40, 30, 20, 6, 5])
    plain = CaptureTable(lists, histories, counts)
    never = CaptureTable(lists, histories, counts, structural=frozenset({3, 7}))
    one, other = (fit(cells_of(own), main_effects(3), 3) for own in (plain, never))
    assert one.exists
    assert other.exists
    assert other.estimate < one.estimate - 10
    # leaving the cells out is what a term of the two lists at minus infinity does
    assert other.estimate == pytest.approx(fit(plain.cells, parse("[12,3]", 3), 3).estimate)


def test_many_tables_at_once_are_as_one_by_one() -> None:
    rng = np.random.default_rng(5)
    tables = rng.poisson(3, (40, 16))
    tables[:, 0] = 0
    terms = parse("[12,34,13]", 4)
    unseen, loglik, status = fit_many(tables, terms, 4)
    singles = [fit(row, terms, 4) for row in tables]
    np.testing.assert_allclose(unseen, [one.n0 for one in singles], rtol=1e-9)
    np.testing.assert_allclose(loglik, [one.loglik for one in singles], rtol=1e-9)
    assert status.tolist() == [one.status for one in singles]
    assert 0 in status
