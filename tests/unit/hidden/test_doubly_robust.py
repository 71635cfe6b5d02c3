"""Doubly robust estimates: known truth under independence given covariates, refusals, independence of the seed."""

import numpy as np
import pytest

from palermo.hidden.answer import Settings, Verdict
from palermo.hidden.capture import CaptureTable
from palermo.hidden.estimators.doubly_robust import (
    METHODS,
    Chances,
    Fitting,
    drpop_dr,
    drpop_pi,
    drpop_tmle,
    pair_estimate,
    strata_of,
)

_RUN = {"PI": drpop_pi, "DR": drpop_dr, "TMLE": drpop_tmle}


def _table(groups: dict[str | None, tuple[int, float, float]], third: float = 0.0) -> CaptureTable:
    """Lists a and b see each person of a group with the given chances, on their own; c sees a share ``third``."""
    lists = ("a", "b", "c") if third else ("a", "b")
    histories, counts, values = [], [], []
    for value, (persons, *chances) in groups.items():
        shares = np.array([*chances, third][: len(lists)])
        for history in range(1, 1 << len(lists)):
            bits = history >> np.arange(len(lists)) & 1
            histories.append(history)
            counts.append(round(persons * float(np.prod(np.where(bits, shares, 1 - shares)))))
            values.append(value)
    return CaptureTable(
        lists, np.array(histories, np.int64), np.array(counts, np.int64), {"sex": tuple(values)}, name="made up"
    )


UNEQUAL = {"F": (4000, 0.6, 0.5), "M": (4000, 0.15, 0.1)}


@pytest.mark.parametrize("method", METHODS)
def test_independence_given_the_covariate_gives_the_truth(method):
    answer = _RUN[method](_table(UNEQUAL), Settings())
    assert answer.estimator == f"drpop_{method}"
    assert answer.estimate == pytest.approx(8000, rel=0.03)
    assert answer.lower is not None and answer.upper is not None
    assert answer.lower < 8000 < answer.upper


def test_ignoring_the_covariate_would_fall_short():
    strata = strata_of(_table(UNEQUAL), ("a", "b"))
    both, first, second, _ = strata.counts.sum(axis=0)
    assert (both + first) * (both + second) / both < 0.75 * 8000


def test_third_list_counts_among_the_seen():
    table = _table(UNEQUAL, third=0.3)
    answer = drpop_dr(table, Settings(), Fitting(pair=("a", "b")))
    assert answer.estimate == pytest.approx(8000, rel=0.04)
    assert set(answer.diagnostics["estimates_by_pair"]) == {"a and b", "a and c", "b and c"}


def test_mean_of_contributions_is_the_population_when_chances_are_true():
    chances = Chances(np.array([0.5]), np.array([0.4]), np.array([0.1]))
    seen = np.array([[100, 400, 300, 200]])
    assert (seen * chances.contributions()).sum() / 1000 == pytest.approx(0.5 * 0.4 / 0.1)


def test_errors_of_the_chances_count_at_second_order():
    seen = np.array([100, 400, 300, 200]) / 1000

    def off(size: float) -> float:
        wrong = Chances(np.array([0.5 + size]), np.array([0.4 - size]), np.array([0.1 + size]))
        return float(seen @ wrong.contributions()[0]) - 2.0

    assert abs(off(0.001)) < 0.012 * abs(off(0.01)) * 1.5


def test_persons_on_both_lists_near_none_is_refused():
    answer = drpop_dr(_table({"F": (2000, 0.02, 0.02), "M": (2000, 0.02, 0.02)}), Settings())
    assert answer.verdict is Verdict.REFUSED
    assert "on both a and b" in answer.reasons[0]


def test_stratum_without_shared_persons_is_refused_when_large():
    table = _table({"F": (3000, 0.3, 0.3), "M": (3000, 0.3, 0.0)})
    answer = drpop_dr(table, Settings())
    assert answer.verdict is Verdict.REFUSED
    assert "near 0" in answer.reasons[0]


def test_no_covariates_is_refused():
    table = CaptureTable(("a", "b"), np.array([1, 2, 3], np.int64), np.array([50, 50, 20], np.int64))
    assert drpop_pi(table, Settings()).verdict is Verdict.REFUSED


def test_pairs_that_disagree_are_warned_of():
    table = _table({"F": (2000, 0.4, 0.4), "M": (2000, 0.3, 0.3)}, third=0.3)
    together = np.where(table.histories & 3 == 3, 4, 1)  # a and b refer persons to each other
    answer = drpop_dr(CaptureTable(table.lists, table.histories, table.counts * together, table.covariates), Settings())
    assert answer.verdict is Verdict.WARNED
    assert any("pairs of lists give" in reason for reason in answer.reasons)
    assert any("only its lower bound" in reason for reason in answer.reasons)


def test_missing_covariate_is_a_value_of_its_own():
    table = _table({"F": (1000, 0.5, 0.5), None: (1000, 0.2, 0.2)})
    assert strata_of(table, ("a", "b")).design.shape == (2, 2)
    assert drpop_pi(table, Settings()).estimate == pytest.approx(2000, rel=0.05)


def test_seed_repeats_the_answer_and_hardly_matters():
    table = _table(UNEQUAL)
    assert drpop_dr(table, Settings(seed=2)) == drpop_dr(table, Settings(seed=2))
    strata = strata_of(table, ("a", "b"))
    found = [pair_estimate(strata, "DR", seed, Fitting(), 11) for seed in (1, 2, 3)]
    assert np.ptp([each.estimate for each in found]) < 0.2 * found[0].error
