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
Ties = tuple[Whole, Whole, Whole, Whole]  # the sums of each figure, and the figures of each sum: starts, and then which

_ALL_PAIRS = 1200  # figures up to which all swaps are tried
_SMALL_SUM, _FAR = 40, 20  # above that: swaps within sums of so few figures, and with so many others all over
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
def _swapped(i: int, j: int, up: Flags, base: float, ties: Ties, off: Real, weight: Real, limit: float) -> int:
    """Swap two figures where that lowers the cost; how many swaps were made."""
    if up[i] == up[j]:
        return 0
    start, sums = ties[0], ties[1]
    step = -base if up[i] else base
    if _swap_gain(i, j, step, start, sums, off, weight, limit) <= 1e-9:
        return 0
    up[i], up[j] = up[j], up[i]
    _move(i, step, start, sums, off)
    _move(j, -step, start, sums, off)
    return 1


@njit(cache=True, nogil=True)
def _swaps(up: Flags, base: float, ties: Ties, off: Real, weight: Real, limit: float) -> int:
    """Swaps of all pairs; of many figures, those that share a small sum, and some all over."""
    start, sums, row, figures = ties
    size, moved = len(up), 0
    for i in range(size):
        if size <= _ALL_PAIRS:
            for j in range(i + 1, size):
                moved += _swapped(i, j, up, base, ties, off, weight, limit)
            continue
        for at in range(start[i], start[i + 1]):
            s = sums[at]
            if row[s + 1] - row[s] <= _SMALL_SUM:
                for place in range(row[s], row[s + 1]):
                    moved += _swapped(i, figures[place], up, base, ties, off, weight, limit)
        for number in range(_FAR):
            j = (i + 1 + (number * 7919 + i * 104729) % (size - 1)) % size
            moved += _swapped(i, j, up, base, ties, off, weight, limit)
    return moved


@njit(cache=True, nogil=True)
def _settled(up: Flags, base: float, ties: Ties, off: Real, weight: Real, limit: float) -> None:
    for _ in range(_SWEEPS):
        moved = _flips(up, base, ties[0], ties[1], off, weight, limit)
        moved += _swaps(up, base, ties, off, weight, limit)
        if moved == 0:
            return


@dataclass
class _Search:
    """One state of the search, and the sums that each figure is part of."""

    up: Flags
    off: Real
    base: float
    ties: Ties
    weight: Real

    def settle(self, limit: float) -> "_Search":
        _settled(self.up, self.base, self.ties, self.off, self.weight, limit)
        return self

    def copy(self) -> "_Search":
        return _Search(self.up.copy(), self.off.copy(), self.base, self.ties, self.weight)

    def score(self) -> tuple[float, float]:
        """The largest deviation, then all of them together."""
        size = abs(self.off) * (self.weight > 0)
        return round(float(size.max(initial=0.0)), 6), float((self.weight * size).sum())

    def shaken(self, draws: np.random.Generator) -> "_Search":
        """Some figures turned over."""
        other = self.copy()
        for i in draws.integers(0, len(self.up), max(2, len(self.up) // 25)).tolist():
            _move(i, -self.base if other.up[i] else self.base, *self.ties[:2], other.off)
            other.up[i] = not other.up[i]
        return other


def nearest(members: sparse.csr_matrix, over: Real, base: float, weight: Real | None = None, seed: int = 0) -> Choice:
    """Choose for each figure (column) whether it goes up to ``base`` or down to 0, from ``over`` (0 to ``base``).

    ``members`` are the sums (rows) of the figures; ``weight`` says how much each sum matters. The first aim is the
    least largest deviation found, the second the least sum of deviations. Same input and seed, same answer.
    """
    columns = members.tocsc()
    columns.sort_indices()
    rows = columns.tocsr()
    ties = tuple(part.astype(np.int64) for part in (columns.indptr, columns.indices, rows.indptr, rows.indices))
    weighing = np.ones(members.shape[0]) if weight is None else weight
    up = _even(over, base)
    off = np.asarray(members @ np.where(up, base - over, -over), dtype=np.float64)
    best = _Search(up, off, float(base), ties, weighing).settle(np.inf)
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
    shakes = _SHAKES if len(best.ties[1]) * min(len(best.up), _ALL_PAIRS) < _WORK else 0
    best = min(best, best.copy().settle(best.base), key=_Search.score)  # far ones first, all at once
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
