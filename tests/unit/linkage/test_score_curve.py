import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.linkage.score_curve import Answered, effects_of, fit_curve

COMMON = np.zeros((1, 0))


def answered(score, same, truth=-1, votes=1):
    size = len(score)
    same = np.asarray(same, dtype=np.int64)
    known = np.full(size, truth) if np.isscalar(truth) else truth
    group = np.zeros(size, dtype=np.int64)
    return Answered(np.asarray(score, dtype=float), group, same * votes, (1 - same) * votes, known, np.ones(size))


def sure(seed, size=600):
    rng = np.random.default_rng(seed)
    score = rng.uniform(-10, 12, size)
    chance = 1 / (1 + np.exp(-0.5 * score))
    return score, (rng.random(size) < chance).astype(np.int64)


def test_a_curve_that_is_there_is_found():
    score, same = sure(1)
    curve = fit_curve(answered(score, same, truth=same, votes=0), COMMON)
    at = np.array([-6.0, 0.0, 6.0])
    truth = 1 / (1 + np.exp(-0.5 * at))
    assert np.abs(curve.probability(at, np.zeros(3, dtype=np.int64)) - truth).max() < 0.08
    draws = np.array(list(curve.drawn(at, np.zeros(3, dtype=np.int64))))
    lower, upper = np.quantile(draws, (0.005, 0.995), axis=0)
    assert (lower < truth).all() and (truth < upper).all()


def test_two_clerks_show_how_often_they_err():
    rng = np.random.default_rng(2)
    score, truth = sure(1002, 1500)
    said = np.array([np.where(rng.random(1500) < 0.06, 1 - truth, truth) for _ in range(2)])
    both = Answered(
        score, np.zeros(1500, dtype=np.int64), said.sum(0), 2 - said.sum(0), np.full(1500, -1), np.ones(1500)
    )
    curve = fit_curve(both, COMMON)
    made = (said[:, truth == 0].mean(), 1 - said[:, truth == 1].mean())
    for error, real, (lower, upper) in zip(curve.clerk_errors, made, curve.clerk_error_interval(), strict=True):
        assert abs(error - real) < 0.03 and lower < real < upper


def test_lists_that_are_linked_worse_get_their_own_curve():
    names = (("a", "b"), ("a", "c"), ("b", "c"))
    rng = np.random.default_rng(3)
    group = rng.integers(3, size=1500)
    score = rng.uniform(-8, 8, 1500)
    chance = 1 / (1 + np.exp(-0.6 * score - np.array([0.0, 1.5, 1.5])[group]))
    truth = (rng.random(1500) < chance).astype(np.int64)
    none = np.zeros(1500, dtype=np.int64)
    curve = fit_curve(Answered(score, group, none, none, truth, np.ones(1500)), effects_of(names))
    found = curve.probability(np.zeros(3), np.arange(3))
    assert found == pytest.approx([0.5, 0.818, 0.818], abs=0.1) and not curve.is_common


def test_effects_are_of_both_lists_and_of_the_pair():
    parts = effects_of((("a", "a"), ("a", "b")))
    assert parts.tolist() == [[2, 0, 1, 0], [1, 1, 0, 1]]


@given(
    st.lists(st.tuples(st.floats(-30, 30), st.integers(0, 1)), min_size=1, max_size=25),
    st.booleans(),
)
@settings(max_examples=30, deadline=None)
def test_any_answers_give_a_rising_curve(rows, known):
    score = np.array([row[0] for row in rows])
    same = np.array([row[1] for row in rows])
    curve = fit_curve(answered(score, same, truth=same if known else -1), COMMON, draws=5)
    at = np.linspace(-40, 40, 81)
    for found in (curve.probability(at, np.zeros(81, dtype=np.int64)), *curve.drawn(at, np.zeros(81, dtype=np.int64))):
        assert np.isfinite(found).all() and (np.diff(found) >= 0).all()
