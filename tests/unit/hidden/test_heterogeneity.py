"""Models in which persons differ, held beside an answer as rivals."""

import numpy as np
import pytest
from scipy.optimize import approx_fprime

from palermo.hidden.answer import Settings
from palermo.hidden.capture import CaptureTable
from palermo.hidden.evidence import rivals
from palermo.hidden.heterogeneity import CLASSES, _minus_loglik, rivals_if_persons_differ, two_classes
from palermo.hidden.populations import populations

BY_NAME = {population.name: population for population in populations()}


def behind(table, rival):
    """How many BIC points the rival lies behind the best log-linear model."""
    return rival.bic - min(bic for bic, _ in rivals(table, Settings()))


def test_the_gradient_is_that_of_the_likelihood():
    table = BY_NAME["latent_classes"].draw(1)
    bits = ((np.arange(16)[:, None] >> np.arange(4)) & 1).astype(float)
    counts = table.cells.astype(float)
    at = np.random.default_rng(0).normal(-1, 1, 9)
    slopes = approx_fprime(at, lambda theta: _minus_loglik(theta, bits, counts)[0])
    assert _minus_loglik(at, bits, counts)[1] == pytest.approx(slopes, abs=0.01)


def test_two_classes_are_in_the_race_where_there_are_two_and_not_where_lists_are_independent():
    two, none = BY_NAME["latent_classes"].draw(1), BY_NAME["independent"].draw(1)
    assert behind(two, two_classes(two)) < 15
    assert behind(none, two_classes(none)) > 20


def test_the_truth_is_among_the_rivals_where_persons_differ():
    population = BY_NAME["heterogeneous"]
    numbers = [rival.estimate for rival in rivals_if_persons_differ(population.draw(1), Settings())]
    assert min(numbers) < population.persons < max(numbers)


def test_the_same_table_gives_the_same_rivals():
    table = BY_NAME["uk_shaped"].draw(1)
    assert rivals_if_persons_differ(table, Settings()) == rivals_if_persons_differ(table, Settings())
    assert CLASSES in {rival.name for rival in rivals_if_persons_differ(table, Settings())}


def test_three_lists_cannot_tell_two_classes():
    table = CaptureTable(("A", "B", "C"), np.arange(1, 8), np.array([50, 40, 9, 30, 8, 7, 2]))
    assert rivals_if_persons_differ(table, Settings()) == ()


def test_a_list_that_saw_nobody_does_no_harm():
    cells = BY_NAME["independent"].draw(1).cells.copy()
    cells[8:] = 0
    table = BY_NAME["independent"].draw(1).with_cells(cells)
    assert all(np.isfinite(rival.estimate) for rival in rivals_if_persons_differ(table, Settings()))
