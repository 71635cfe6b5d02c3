"""Populations of known size, and how an estimator does on tables drawn from them."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.errors import RefusedError
from palermo.hidden.capture import CaptureTable
from palermo.hidden.models import main_effects, parse
from palermo.hidden.populations import (
    fitted_population,
    heterogeneous,
    log_linear,
    mixture,
    populations,
    populations_with_covariates,
)
from palermo.hidden.simulation import Performance, Trial, performance, summed_up

BY_NAME = {population.name: population for population in populations()}


def test_there_are_the_populations_of_the_study():
    assert len(BY_NAME) >= 8
    for population in populations():
        assert sum(population.probabilities) == pytest.approx(1)
        assert population.draw(1).cells.tolist() == population.draw(1).cells.tolist()
        assert population.draw(1).cells.tolist() != population.draw(2).cells.tolist()


@pytest.mark.parametrize(
    ("name", "seen"),
    # persons on the published tables: UKdat_5, Ned_5, NewOrl_5, Western
    [("uk_shaped", 2744), ("netherlands_shaped", 8234), ("new_orleans_shaped", 185), ("western_shaped", 345)],
)
def test_shaped_populations_see_about_as_many_as_the_tables_they_follow(name, seen):
    population = BY_NAME[name]
    assert population.persons * (1 - population.probabilities[0]) == pytest.approx(seen, rel=0.15)


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
    population = fitted_population(table, parse("[12,3]", 3))
    assert population.persons * (1 - population.probabilities[0]) == pytest.approx(table.n, abs=1)
    both = population.persons * (population.probabilities[3] + population.probabilities[7])
    assert both == pytest.approx(table.overlaps[0, 1], abs=0.5)


def test_nothing_is_simulated_from_a_model_without_estimate():
    nothing_shared = CaptureTable(("A", "B"), np.array([1, 2]), np.array([50, 40]))
    with pytest.raises(RefusedError):
        fitted_population(nothing_shared, main_effects(2))


@pytest.mark.usefixtures("made_up")
def test_performance_counts_answers_coverage_and_warnings():
    found, silent = performance(BY_NAME["pair_positive"], ["two_lists", "needing"], range(8))
    assert (found.population, found.estimator, found.tables, found.answered) == ("pair_positive", "two_lists", 8, 1.0)
    assert found.ratio < 0.8  # lists that refer to each other make the number too low
    assert found.covered == 0
    assert found.width == pytest.approx(1.25 / 0.8)
    assert silent.answered == 0
    assert math.isnan(silent.covered)


@pytest.mark.parametrize("population", populations_with_covariates(), ids=lambda own: own.name)
def test_covariates_divide_the_population_and_reach_the_table(population):
    assert sum(part.share for part in population.parts) == pytest.approx(1)
    assert sum(population.probabilities) == pytest.approx(1)
    table = population.draw(1)
    assert set(table.covariates) == {"age", "sex"}
    assert (table.histories > 0).all()
    women = sum(
        int(count) for sex, count in zip(table.covariates["sex"], table.counts.tolist(), strict=True) if sex == "F"
    )
    expected = (
        sum(part.share * (1 - part.probabilities[0]) for part in population.parts if part.values[1] == "F")
        * population.persons
    )
    assert women == pytest.approx(expected, abs=4 * math.sqrt(expected))


def test_lists_are_independent_within_a_part_only_where_covariates_explain():
    odds = [
        [math.log(p[0] * p[3] / (p[1] * p[2])) for p in (part.probabilities for part in population.parts)]
        for population in populations_with_covariates()
    ]
    assert odds[0] == pytest.approx([0.0] * 6, abs=1e-9)
    assert odds[1] == pytest.approx([1.0] * 6)


def test_error_of_coverage_counts_intervals_and_is_never_nothing():
    population = BY_NAME["independent"]
    held = summed_up(population, "any", [Trial(2000.0, 1500.0, 2500.0, False)] * 96)
    assert (held.intervals, held.covered) == (96, 1.0)
    assert held.covered_error == pytest.approx(0.014)
    none = summed_up(population, "any", [Trial(None, None, None, False)])
    assert math.isnan(none.covered_error)
    assert isinstance(none, Performance)
