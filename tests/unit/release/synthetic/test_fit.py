import numpy as np
import pytest
from scipy.optimize import nnls

from palermo.release.synthetic.combinations import Index
from palermo.release.synthetic.fit import Fitted
from palermo.release.synthetic.pool import descend, holdings, number_of_subsets, take_off
from palermo.release.synthetic.thresholds import (
    REPORTABLE_SHARE,
    STRATA,
    least_by_stratum,
    least_reportable,
    strata_of,
)
from palermo.release.synthetic.whole_numbers import whole_numbers

ROWS = np.array([[1, 0, 5], [1, 3, 5], [2, 3, 6], [2, 4, 0], [0, 4, 6], [1, 4, 6], [0, 0, 0]], dtype=np.int32)


def problem(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Starts, positions, dense matrix, noisy targets and their importance."""
    index = Index.of(np.array([0, 1, 2], dtype=np.int64))
    starts, held, keys = holdings(ROWS, 3, index.slots, index.values, 3)
    dense = np.zeros((len(keys), len(ROWS)))
    for r in range(len(ROWS)):
        dense[held[starts[r] : starts[r + 1]], r] = 1
    random = np.random.default_rng(seed)
    true = random.integers(0, 40, len(ROWS)) * random.integers(0, 2, len(ROWS))
    return starts, held, dense, dense @ true + random.normal(0, 5, len(keys)), random.uniform(0.5, 2, len(keys))


def test_a_row_holds_each_of_its_combinations_once() -> None:
    starts, held, *_ = problem(0)
    for r, row in enumerate(ROWS):
        own = held[starts[r] : starts[r + 1]]
        assert len(set(own.tolist())) == len(own) == number_of_subsets(int((row > 0).sum()), 3)


@pytest.mark.parametrize("seed", range(8))
def test_descent_ends_at_non_negative_least_squares(seed: int) -> None:
    starts, held, dense, target, importance = problem(seed)
    weights, left = np.zeros(len(ROWS)), target.copy()
    descend(starts, held, weights, left, importance, 5000, 1e-12, False)
    best, _ = nnls(np.sqrt(importance)[:, None] * dense, np.sqrt(importance) * target)
    assert np.allclose(left, target - dense @ weights, atol=1e-6)
    assert np.allclose(weights, best, atol=1e-3)


def test_firm_descent_meets_the_number_of_persons() -> None:
    starts, held, _, target, importance = problem(3)
    target[0] = 25.0
    weights, left = np.zeros(len(ROWS)), target.copy()
    descend(starts, held, weights, left, importance, 5000, 1e-9, True)
    assert weights.sum() == pytest.approx(25.0, abs=1.0)


@pytest.mark.parametrize("persons", [0, 1, 40, 41, 200])
def test_whole_persons_add_up_and_stay_near_the_fit(persons: int) -> None:
    starts, held, dense, target, importance = problem(5)
    weights = np.array([10.4, 0.3, 7.5, 0.2, 12.1, 9.5, 0.0])
    left = target.copy()
    take_off(starts, held, weights, left)
    length_of = np.array([0, 1, 1, *([1] * 4), *([2] * (len(target) - 7))], dtype=np.int32)
    answer = Fitted(ROWS, weights, starts, held, target, importance, length_of, left)
    whole = whole_numbers(answer, persons)
    assert whole.sum() == persons
    assert (whole >= 0).all()
    if persons == 40:
        assert np.abs(dense @ (whole - weights)).max() <= 2.0


def test_false_share_is_as_set() -> None:
    """Of what passes, the share that is noise alone is about the share asked for, at any number of candidates."""
    random = np.random.default_rng(2)
    for empty in (1000, 100_000):
        real = random.uniform(0, 8, 400)
        scores = np.concatenate([real, np.zeros(empty)]) + random.normal(size=400 + empty)
        least = least_reportable(scores, len(scores), 0.1)
        passed = scores >= least
        assert 0.02 < passed[400:].sum() / passed.sum() < 0.16
        assert least < least_reportable(scores, len(scores), REPORTABLE_SHARE)


def test_no_score_passes_where_none_is_high() -> None:
    assert least_reportable(np.array([0.1, 0.2]), 1000, 0.05) == np.inf
    assert (
        least_by_stratum(np.empty(0), np.empty(0, np.int32), np.zeros(STRATA, np.int64), 0.1).tolist()
        == [np.inf] * STRATA
    )


def test_stratum_follows_the_expected_count() -> None:
    """1,000 persons, two halves: 250 are expected in the pair; a triple is bounded by its smallest pair."""
    keys = np.array([0, 1, 2, 3, 1 << 16 | 2, 1 << 16 | 3, 2 << 16 | 3], dtype=np.int64)
    noisy = np.log([1000.0, 500, 500, 500, 250, 250, 5])
    index = Index.of(keys)
    pair = strata_of(np.array([1 << 16 | 2], dtype=np.int64), 2, (index, noisy), 1.0)
    triple = strata_of(np.array([(1 << 16 | 2) << 16 | 3], dtype=np.int64), 3, (index, noisy), 1.0)
    assert pair[0] == min(int(np.floor(np.log2(250))), 6) + 8
    assert triple[0] == 1 + 8  # 250 x 250 x 5 x 1,000 / 500^3 = 2.5
