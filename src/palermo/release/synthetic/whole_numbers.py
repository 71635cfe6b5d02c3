"""Weights of rows as whole persons: controlled rounding that keeps the fitted counts, the shorter the closer.

Rows are sorted and the running sum of weights is rounded, so that combinations of the first columns move by less than
one; then single persons are added and taken away wherever that brings the counts nearer to the fit; last, the number
of rows is made the noisy number of persons. The decision a reader would question: exactness is bought for the number
of persons only; single values are met as well as whole rows allow, which is to a few persons.
"""

import numpy as np
from numba import njit

from palermo.release.synthetic.coded import Matrix, Whole
from palermo.release.synthetic.fit import Fitted
from palermo.release.synthetic.pool import Real, take_off

_IMPORTANCE = np.array([1.0, 4.0, 1.0, 0.5, 0.25])  # of one person's error in a combination, by its length
_SWEEPS = 50


@njit(cache=True, nogil=True)
def _pull(r: int, starts: Whole, held: Matrix, importance: Real, left: Real) -> tuple[float, float]:
    """How much the row is wanted, and what a person more or less costs by itself."""
    pull, steep = 0.0, 0.0
    for i in range(starts[r], starts[r + 1]):
        pull += importance[held[i]] * left[held[i]]
        steep += importance[held[i]]
    return pull, steep / 2


@njit(cache=True, nogil=True)
def _step(r: int, sign: int, starts: Whole, held: Matrix, left: Real) -> None:
    for i in range(starts[r], starts[r + 1]):
        left[held[i]] -= sign


@njit(cache=True, nogil=True)
def _settle(whole: Whole, starts: Whole, held: Matrix, importance: Real, left: Real, sweeps: int) -> None:
    """A person more or less wherever that lowers the weighted squares."""
    for _ in range(sweeps):
        moved = False
        for r in range(whole.shape[0]):
            pull, cost = _pull(r, starts, held, importance, left)
            sign = 1 if pull > cost else (-1 if whole[r] > 0 and -pull > cost else 0)
            if sign != 0:
                whole[r] += sign
                _step(r, sign, starts, held, left)
                moved = True
        if not moved:
            return


@njit(cache=True, nogil=True)
def _gains(whole: Whole, sign: int, starts: Whole, held: Matrix, importance: Real, left: Real) -> Real:
    """What a person more (``sign`` 1) or less (-1) in each row is worth."""
    gain = np.empty(whole.shape[0])
    for r in range(whole.shape[0]):
        pull, cost = _pull(r, starts, held, importance, left)
        gain[r] = -np.inf if sign < 0 and whole[r] == 0 else sign * pull - cost
    return gain


def _to_number(whole: Whole, missing: int, starts: Whole, held: Matrix, importance: Real, left: Real) -> None:
    """``missing`` persons more (or fewer, below 0), where they cost least."""
    sign = 1 if missing > 0 else -1
    missing = abs(missing)
    while missing > 0:
        gain = _gains(whole, sign, starts, held, importance, left)
        best = np.argsort(-gain, kind="stable")[: max(1, missing // 4)]
        for r in best[np.isfinite(gain[best])].tolist():
            whole[r] += sign
            _step(r, sign, starts, held, left)
            missing -= 1


def whole_numbers(answer: Fitted, persons: int) -> Whole:
    """Whole weights of the rows of ``answer`` that add up to ``persons``."""
    if not len(answer.rows) or persons <= 0:
        return np.zeros(len(answer.rows), dtype=np.int64)
    order = np.lexsort(answer.rows.T[::-1])
    whole = np.empty(len(order), dtype=np.int64)
    whole[order] = np.diff(np.concatenate([[0], np.floor(np.cumsum(answer.weights[order]) + 0.5)])).astype(np.int64)
    importance = _IMPORTANCE[answer.length_of]
    left = np.zeros(len(answer.target))
    take_off(answer.starts, answer.held, whole - answer.weights, left)
    _settle(whole, answer.starts, answer.held, importance, left, _SWEEPS)
    _to_number(whole, persons - int(whole.sum()), answer.starts, answer.held, importance, left)
    return whole
