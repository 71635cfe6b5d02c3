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
from palermo.hidden.populations import populations
from palermo.hidden.registry import estimator
from palermo.hidden.suppressed import HANGS, NOT_ALL, answer_over_ranges, completed, ranges

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


def below_five(table):
    """The table with counts of 1 to 4 printed as such a range."""
    cells = table.cells[1:]
    hidden = (cells > 0) & (cells < 5)
    return _printed(table, np.where(hidden, 1, cells), np.where(hidden, 4, cells))


def to_base(base):
    """The table with all counts, those of 0 too, rounded to the nearest multiple."""

    def rounded(table):
        near = (table.cells[1:] + base // 2) // base * base
        return _printed(table, np.maximum(near - base // 2, 0), near + base // 2)

    return rounded


def _printed(table, low, high):
    kept = np.flatnonzero(high)
    counts = ((low + high) // 2)[kept]
    return CaptureTable(table.lists, kept + 1, counts, lower=low[kept], upper=high[kept])


@pytest.mark.parametrize("hide", [below_five, to_base(3), to_base(5)], ids=["below 5", "base 3", "base 5"])
@pytest.mark.parametrize("name", ["main_effects", "stepwise", "dga_bma", "closedp_Mth_Chao_LB_", "chao_lower_bound"])
def test_the_limits_hold_what_the_true_table_gives(name, hide):
    run, within = estimator(name).load(), []
    for population in populations()[:10]:
        table = population.draw(1)
        known = hide(table)
        if known.is_suppressed:
            answer = answer_over_ranges(estimator(name), known, Settings(bootstrap=0))
            true = run(table, Settings(bootstrap=0)).estimate
            within.append(answer.estimate is not None and answer.lower <= true <= answer.upper)
    assert len(within) > 5
    assert all(within)


def test_what_hangs_on_hidden_counts_is_said():
    counts = np.array([60, 50, 2, 40, 8, 9, 2])
    answer = answer_over_ranges(estimator("all_two_way"), _below(5, counts), Settings())
    assert answer.verdict is Verdict.REFUSED
    assert HANGS in answer.reasons
    counts = np.array([60, 50, 2, 40, 2, 2, 2])
    answer = answer_over_ranges(estimator("main_effects"), _below(5, counts), Settings())
    assert answer.verdict is Verdict.WARNED
    assert NOT_ALL in answer.reasons


def _below(limit, counts):
    hidden = counts < limit
    low, high = np.where(hidden, 0, counts), np.where(hidden, limit - 1, counts)
    return CaptureTable(LISTS, np.arange(1, 8), counts, lower=low, upper=high)
