"""Whole multiples near to given figures so that all their sums stay near too: the search under all rounding here.

Every figure may go to one of two neighbours, and a sum is off by what its parts are off. The search flips single
figures and swaps pairs wherever that lowers the cost, is shaken a number of times, and lowers the largest deviation as
long as it can. The decision a reader would question: a search and not an integer programme, because it takes
milliseconds where the programme takes minutes, and always has an answer; what it reached is measured and said.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numba import njit
from scipy import sparse

Real = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_STEEP = 50.0  # cost of a squared unit above the limit, against 1 for a unit below it
_ALL_PAIRS = 1200  # figures up to which all swaps are tried
_NEAR, _FAR = 40, 60  # swaps tried above that, for each figure: with the next ones, and with others all over
_SWEEPS = 30
_SHAKES = 12
_WORK = 40_000_000  # members of sums times figures, above which nothing is shaken
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Choice:
    """Which figures go up, and how far each sum is off then."""

    up: Flags
    off: Real


@njit(cache=True, nogil=True)
def _cost(off: float, limit: float) -> float:
    size = abs(off)
    over = size - limit
    return size if over <= 0 else size + 50.0 * over * over


@njit(cache=True, nogil=True)
def _flip_gain(figure: int, step: float, start: Whole, sums: Whole, off: Real, weight: Real, limit: float) -> float:
    gain = 0.0
    for at in range(start[figure], start[figure + 1]):
        s = sums[at]
        gain += weight[s] * (_cost(off[s], limit) - _cost(off[s] + step, limit))
    return gain


@njit(cache=True, nogil=True)
def _swap_gain(i: int, j: int, step: float, start: Whole, sums: Whole, off: Real, weight: Real, limit: float) -> float:
    """Figure i moves by ``step``, j by as much the other way; sums that hold both do not move."""
    gain = 0.0
    a, b = start[i], start[j]
    while a < start[i + 1] or b < start[j + 1]:
        if b == start[j + 1] or (a < start[i + 1] and sums[a] < sums[b]):
            s, move = sums[a], step
            a += 1
        elif a == start[i + 1] or sums[b] < sums[a]:
            s, move = sums[b], -step
            b += 1
        else:
            a += 1
            b += 1
            continue
        gain += weight[s] * (_cost(off[s], limit) - _cost(off[s] + move, limit))
    return gain


@njit(cache=True, nogil=True)
def _move(figure: int, step: float, start: Whole, sums: Whole, off: Real) -> None:
    for at in range(start[figure], start[figure + 1]):
        off[sums[at]] += step


@njit(cache=True, nogil=True)
def _flips(up: Flags, base: float, start: Whole, sums: Whole, off: Real, weight: Real, limit: float) -> int:
    moved = 0
    for i in range(len(up)):
        step = -base if up[i] else base
        if _flip_gain(i, step, start, sums, off, weight, limit) > 1e-9:
            up[i] = not up[i]
            _move(i, step, start, sums, off)
            moved += 1
    return moved


@njit(cache=True, nogil=True)
def _swaps(up: Flags, base: float, start: Whole, sums: Whole, off: Real, weight: Real, limit: float) -> int:
    size, moved = len(up), 0
    tries = size - 1 if size <= _ALL_PAIRS else _NEAR + _FAR
    for i in range(size):
        for number in range(tries):
            away = number + 1
            if size > _ALL_PAIRS and number >= _NEAR:
                away = 1 + (number * 7919 + i * 104729) % (size - 1)
            j = (i + away) % size
            if up[i] == up[j]:
                continue
            step = -base if up[i] else base
            if _swap_gain(i, j, step, start, sums, off, weight, limit) > 1e-9:
                up[i], up[j] = up[j], up[i]
                _move(i, step, start, sums, off)
                _move(j, -step, start, sums, off)
                moved += 1
    return moved


@njit(cache=True, nogil=True)
def _settled(up: Flags, base: float, start: Whole, sums: Whole, off: Real, weight: Real, limit: float) -> None:
    for _ in range(_SWEEPS):
        moved = _flips(up, base, start, sums, off, weight, limit)
        moved += _swaps(up, base, start, sums, off, weight, limit)
        if moved == 0:
            return


@dataclass
class _Search:
    """One state of the search, and the sums that each figure is part of."""

    up: Flags
    off: Real
    base: float
    start: Whole
    sums: Whole
    weight: Real

    def settle(self, limit: float) -> "_Search":
        _settled(self.up, self.base, self.start, self.sums, self.off, self.weight, limit)
        return self

    def copy(self) -> "_Search":
        return _Search(self.up.copy(), self.off.copy(), self.base, self.start, self.sums, self.weight)

    def score(self) -> tuple[float, float]:
        """The largest deviation, then all of them together."""
        size = abs(self.off) * (self.weight > 0)
        return round(float(size.max(initial=0.0)), 6), float((self.weight * size).sum())

    def shaken(self, draws: np.random.Generator) -> "_Search":
        """Some figures turned over."""
        other = self.copy()
        for i in draws.integers(0, len(self.up), max(2, len(self.up) // 25)).tolist():
            _move(i, -self.base if other.up[i] else self.base, self.start, self.sums, other.off)
            other.up[i] = not other.up[i]
        return other


def nearest(members: sparse.csr_matrix, over: Real, base: float, weight: Real | None = None, seed: int = 0) -> Choice:
    """Choose for each figure (column) whether it goes up to ``base`` or down to 0, from ``over`` (0 to ``base``).

    ``members`` are the sums (rows) of the figures; ``weight`` says how much each sum matters. The first aim is the
    least largest deviation found, the second the least sum of deviations. Same input and seed, same answer.
    """
    columns = members.tocsc()
    columns.sort_indices()
    start, sums = columns.indptr.astype(np.int64), columns.indices.astype(np.int64)
    weighing = np.ones(members.shape[0]) if weight is None else weight
    up = _even(over, base)
    off = np.asarray(members @ np.where(up, base - over, -over), dtype=np.float64)
    best = _Search(up, off, float(base), start, sums, weighing).settle(np.inf)
    if len(up):
        best = _improved(best, seed)
    return Choice(best.up, np.asarray(members @ np.where(best.up, base - over, -over), dtype=np.float64))


def _even(over: Real, base: float) -> Flags:
    """A start in which every run of figures has a sum less than ``base`` off."""
    running = np.floor(np.cumsum(over) / base + 0.5 - TOLERANCE)
    steps = np.diff(np.concatenate([[0.0], running]))
    return np.asarray((steps > 0) & (over > TOLERANCE))


def _improved(best: _Search, seed: int) -> _Search:
    draws = np.random.default_rng(seed)  # not secret: the search may be repeated by anybody who has the true counts
    shakes = _SHAKES if len(best.sums) * min(len(best.up), _ALL_PAIRS) < _WORK else 0
    while True:
        largest, _ = best.score()
        lower = best.copy().settle(largest - 0.5 * min(1.0, best.base))
        for _ in range(shakes):
            if lower.score()[0] < largest:
                break
            lower = best.shaken(draws).settle(largest - 0.5 * min(1.0, best.base))
        if lower.score()[0] >= largest:
            break
        best = lower
    for _ in range(shakes):
        other = best.shaken(draws).settle(best.score()[0])
        if other.score() < best.score():
            best = other
    return best
