"""Populations of known size, and how an estimator does on tables drawn from them."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.errors import RefusedError
from palermo.hidden.capture import CaptureTable
from palermo.hidden.families import families, fitted_family, heterogeneous, log_linear, mixture
from palermo.hidden.models import main_effects, parse
from palermo.hidden.simulation import performance

BY_NAME = {family.name: family for family in families()}


def test_there_are_the_families_of_the_study():
    assert len(BY_NAME) >= 8
    for family in families():
        assert sum(family.probabilities) == pytest.approx(1)
        assert family.draw(1).cells.tolist() == family.draw(1).cells.tolist()
        assert family.draw(1).cells.tolist() != family.draw(2).cells.tolist()


@pytest.mark.parametrize(
    ("name", "seen"),
    # persons on the published tables: UKdat_5, Ned_5, NewOrl_5, Western
    [("uk_shaped", 2744), ("netherlands_shaped", 8234), ("new_orleans_shaped", 185), ("western_shaped", 345)],
)
def test_shaped_families_see_about_as_many_as_the_tables_they_follow(name, seen):
    family = BY_NAME[name]
    assert family.persons * (1 - family.probabilities[0]) == pytest.approx(seen, rel=0.15)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(-4, 2), min_size=2, max_size=5))
def test_independent_lists_multiply(logits):
    rates = tuple(1 / (1 + math.exp(-x)) for x in logits)
    assert log_linear(tuple(logits), {}) == pytest.approx(mixture((1.0,), (rates,)))
    assert heterogeneous(tuple(logits), 0.0) == pytest.approx(mixture((1.0,), (rates,)))


def test_a_pair_has_the_odds_ratio_asked_for():
    p = log_linear((-1.0, -2.0), {(0, 1): 1.5})
    assert math.log(p[3] * p[0] / (p[1] * p[2])) == pytest.approx(1.5)


def test_a_fitted_model_is_a_population_with_its_margins(table):
    family = fitted_family(table, parse("[12,3]", 3))
    assert family.persons * (1 - family.probabilities[0]) == pytest.approx(table.n, abs=1)
    both = family.persons * (family.probabilities[3] + family.probabilities[7])
    assert both == pytest.approx(table.overlaps[0, 1], abs=0.5)


def test_nothing_is_simulated_from_a_model_without_estimate():
    nothing_shared = CaptureTable(("A", "B"), np.array([1, 2]), np.array([50, 40]))
    with pytest.raises(RefusedError):
        fitted_family(nothing_shared, main_effects(2))


@pytest.mark.usefixtures("made_up")
def test_performance_counts_answers_coverage_and_warnings():
    found, silent = performance(BY_NAME["pair_positive"], ["two_lists", "needing"], range(8))
    assert (found.family, found.estimator, found.tables, found.answered) == ("pair_positive", "two_lists", 8, 1.0)
    assert found.ratio < 0.8  # lists that refer to each other make the number too low
    assert found.covered == 0
    assert found.width == pytest.approx(1.25 / 0.8)
    assert silent.answered == 0
    assert math.isnan(silent.covered)
