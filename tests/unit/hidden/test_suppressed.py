"""Counts known as ranges: the interval likelihood, and limits over the extreme tables."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import poisson

from palermo.hidden import estimate
from palermo.hidden.answer import Settings, Verdict
from palermo.hidden.capture import CaptureTable
from palermo.hidden.models import main_effects
from palermo.hidden.registry import estimator
from palermo.hidden.suppressed import answer_over_ranges, completed, ranges

LISTS = ("A", "B", "C")


@pytest.fixture
def printed():
    """Made-up table in which the publisher hid two counts as ``<5``."""
    histories, counts = np.arange(1, 8), np.array([90, 80, 30, 60, 20, 2, 2])
    low, high = counts.copy(), counts.copy()
    low[5:], high[5:] = 0, 4
    return CaptureTable(LISTS, histories, counts, lower=low, upper=high)


def test_the_em_is_at_the_maximum_of_the_interval_likelihood(printed):
    low, high = ranges(printed)
    bits = (np.arange(8)[:, None] >> np.arange(3)) & 1

    def minus_loglik(a):
        mu = np.exp(a[0] + bits @ a[1:])[1:]
        return -np.log(poisson.cdf(high[1:], mu) - poisson.cdf(low[1:] - 1, mu)).sum()

    best = minimize(
        minus_loglik, [5.0, -1, -1, -1], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12, "maxiter": 9000}
    )
    mu = np.exp(best.x[0] + bits @ best.x[1:])
    weights = [poisson.pmf(np.arange(5), mu[cell]) for cell in (6, 7)]
    expected = [float(np.arange(5) @ w / w.sum()) for w in weights]
    assert completed(printed, main_effects(3))[6:] == pytest.approx(expected, abs=1e-3)


def test_counts_that_are_known_stay(printed):
    assert completed(printed, main_effects(3))[:6].tolist() == [0, 90, 80, 30, 60, 20]


@pytest.mark.usefixtures("made_up")
def test_limits_cover_every_table_within_the_ranges(printed):
    answer = answer_over_ranges(estimator("two_lists"), printed, Settings())
    run = estimator("two_lists").load()
    for one in range(5):
        for other in range(5):
            cells = printed.cells.copy()
            cells[6:] = one, other
            assert answer.lower <= run(printed.with_cells(cells), Settings()).estimate <= answer.upper
    assert answer.diagnostics["ranges"]["cells"] == 2


@pytest.mark.usefixtures("made_up")
def test_estimate_says_that_counts_are_ranges(printed):
    (answer,) = estimate(printed, ["two_lists"])
    assert answer.verdict is Verdict.WARNED
    assert any("ranges" in reason for reason in answer.reasons)


@pytest.mark.usefixtures("made_up")
def test_ranges_are_not_spread_over_covariates(printed):
    (answer,) = estimate(replace(printed, covariates={"sex": ("F",) * 7}), ["needing"])
    assert answer.verdict is Verdict.REFUSED
    assert "covariates" in answer.reasons[0]
