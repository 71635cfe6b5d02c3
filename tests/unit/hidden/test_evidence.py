"""Whether the model of an answer fits its table."""

import numpy as np
import pytest
from scipy.stats import chi2

from palermo.hidden.answer import Answer, Settings, refused
from palermo.hidden.capture import CaptureTable
from palermo.hidden.evidence import bound_if_persons_differ, interval_of_all_pairs, lack_of_fit, rivals
from palermo.hidden.fitting import fit
from palermo.hidden.models import main_effects
from palermo.hidden.populations import populations

BY_NAME = {population.name: population for population in populations()}


def answer(model):
    return Answer("main_effects", 1.0, 1.0, 1.0, 0.95, diagnostics={"model": model})


def test_the_deviance_is_held_against_chi_square():
    table = BY_NAME["independent"].draw(1)
    deviance = fit(table.cells, main_effects(4), 4).deviance
    assert lack_of_fit(answer("[1,2,3,4]"), table) == pytest.approx(chi2.sf(deviance, 15 - 5))


def test_independence_does_not_fit_lists_that_refer_to_each_other():
    table = BY_NAME["pair_positive"].draw(1)
    assert lack_of_fit(answer("[1,2,3,4]"), table) < 1e-6
    assert lack_of_fit(answer("[12,3,4]"), table) > 1e-3


def test_no_opinion_without_a_model_or_room_to_differ():
    table = CaptureTable(("A", "B"), np.array([1, 2, 3]), np.array([50, 40, 10]))
    assert lack_of_fit(answer("[1,2]"), table) is None
    assert lack_of_fit(answer("closedp_Mt"), table) is None
    assert lack_of_fit(refused("x", 0.95, "no", model="[1,2]"), table) is None


def test_rivals_are_all_models_with_an_estimate():
    table = BY_NAME["independent"].draw(1)
    found = rivals(table, Settings(max_order=2))
    own = fit(table.cells, main_effects(4), 4)
    assert len(found) == 2**6
    assert any(bic == pytest.approx(own.bic) and number == pytest.approx(own.estimate) for bic, number in found)
    assert rivals(table.with_cells(table.cells * 0), Settings()) == ()


def test_the_bound_lets_persons_differ():
    """Where they do, independence lies below the bound, and the bound below the truth."""
    population = BY_NAME["heterogeneous"]
    table = population.draw(1)
    bound = bound_if_persons_differ(table, Settings())
    assert fit(table.cells, main_effects(4), 4).estimate < bound < population.persons
    assert bound_if_persons_differ(table.without("A").without("B"), Settings()) is None


def test_all_pairs_hold_the_truth_where_a_pair_depends():
    population = BY_NAME["pair_positive"]
    low, high = interval_of_all_pairs(population.draw(1), Settings())
    assert low < population.persons < high
    assert interval_of_all_pairs(CaptureTable(("A", "B"), np.array([1, 2, 3]), np.array([5, 4, 1])), Settings()) is None
