"""Whole rows with weights, and the combinations they hold: the arithmetic under the fit.

A row of the pool knows the positions of all its combinations in one list of targets. Weights are found by coordinate
descent on the weighted squares of what is left of the targets (non-negative least squares). The decision a reader
would question: a combination without a target has target 0 and a lower weight, because what did not reach the
threshold is small but not known to be nothing.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numba import njit

from palermo.release.synthetic.coded import Matrix, Whole
from palermo.release.synthetic.combinations import Bits, Key, grown, paired, slot_of

Real = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Targets:
    """What the rows are fitted to: the number of persons (key 0), then single values, pairs and so on."""

    keys: Whole
    noisy: Real
    believed: Real  # for first guesses: what is known to exist is not taken for nothing
    importance: Real
    length_of: Matrix
    guess: Real  # by length: first guess of a combination that has no target; 0: it may not occur
    null_importance: Real  # by length: weight of such a combination's target, which is 0
    longest: int


@njit(cache=True, nogil=True)
def _present(row: Matrix, x: Matrix) -> int:
    t = 0
    for j in range(row.shape[0]):
        if row[j] > 0:
            x[t] = row[j]
            t += 1
    return t


@njit(cache=True, nogil=True)
def _subsets(x: Matrix, t: int, length: int, keys: Whole, last: Matrix) -> int:
    """Keys of all subsets of x[:t] of up to ``length``, the empty one first."""
    keys[0] = 0
    last[0] = -1
    used, start = 1, 0
    for _ in range(length):
        end = used
        for s in range(start, end):
            for i in range(last[s] + 1, t):
                keys[used] = (keys[s] << 16) | x[i]
                last[used] = i
                used += 1
        start = end
    return used


@njit(cache=True, nogil=True)
def number_of_subsets(t: int, length: int) -> int:
    """Subsets of up to ``length`` out of t."""
    total, term = 1, 1
    for k in range(1, length + 1):
        term = term * (t - k + 1) // k
        total += term
    return total


@njit(cache=True, nogil=True)
def holdings(rows: Matrix, length: int, slots: Whole, values: Matrix, known: int) -> tuple[Whole, Matrix, Whole]:
    """Positions of all combinations of each row, a new one getting the next: starts, positions, all keys."""
    n, p = rows.shape
    starts = np.zeros(n + 1, dtype=np.int64)
    for r in range(n):
        t = 0
        for j in range(p):
            t += rows[r, j] > 0
        starts[r + 1] = starts[r] + number_of_subsets(t, length)
    out = np.empty(starts[n], dtype=np.int32)
    room = number_of_subsets(p, length)
    keys = np.empty(room, dtype=np.int64)
    last = np.empty(room, dtype=np.int32)
    x = np.empty(p, dtype=np.int32)
    total = known
    for r in range(n):
        m = _subsets(x, _present(rows[r], x), length, keys, last)
        if 2 * (total + m) > slots.shape[0]:
            slots, values = grown(slots, values)
        for s in range(m):
            place = slot_of(keys[s], slots)
            if slots[place] == -1:
                slots[place] = keys[s]
                values[place] = total
                total += 1
            out[starts[r] + s] = values[place]
    every = np.empty(total, dtype=np.int64)
    for place in range(slots.shape[0]):
        if slots[place] != -1:
            every[values[place]] = slots[place]
    return starts, out, every


@njit(cache=True, nogil=True)
def take_off(starts: Whole, held: Matrix, weights: Real, left: Real) -> None:
    """Subtract what the weighted rows hold from the targets."""
    for r in range(weights.shape[0]):
        if weights[r] != 0.0:
            for i in range(starts[r], starts[r + 1]):
                left[held[i]] -= weights[r]


@njit(cache=True, nogil=True)
def _sweep(which: Whole, starts: Whole, held: Matrix, steep: Real, state: tuple[Real, Real, Real]) -> float:
    """One step for each of the rows ``which``; by how much the sum of squares fell."""
    weights, left, importance = state
    fall = 0.0
    for r in which:
        pull = 0.0
        for i in range(starts[r], starts[r + 1]):
            pull += importance[held[i]] * left[held[i]]
        new = max(0.0, weights[r] + pull / steep[r])
        change = new - weights[r]
        if change != 0.0:
            weights[r] = new
            fall += 2 * change * pull - change * change * steep[r]
            for i in range(starts[r], starts[r + 1]):
                left[held[i]] -= change
    return fall


@njit(cache=True, nogil=True)
def descend(
    starts: Whole, held: Matrix, weights: Real, left: Real, importance: Real, passes: int, enough: float, firm: bool
) -> int:
    """Coordinate descent: each row in turn takes the weight that fits best, at least 0. Passes over all rows made.

    Between two passes over all rows only those with a weight are visited. Ends after ``passes``, or when a pass over
    all rows lowers the weighted squares by less than ``enough``.
    """
    n = weights.shape[0]
    steep = np.zeros(n)
    for r in range(n):
        for i in range(starts[r], starts[r + 1]):
            steep[r] += importance[held[i]]
    state = (weights, left, importance)
    raised = 0.0
    for done in range(passes):
        fall = _sweep(np.arange(n), starts, held, steep, state)
        if firm:
            more = left[0] - raised
            raised += more
            left[0] += more
            if fall < enough and abs(more) < 1.0:
                return done + 1
        elif fall < enough:
            return done + 1
        for _ in range(9):
            if _sweep(np.flatnonzero(weights > 0), starts, held, steep, state) < enough:
                break
    return passes


@njit(cache=True, nogil=True)
def _with(key: Key, a: Key) -> tuple[Key, int]:
    """The key with attribute a put in at its place, and its length."""
    low = np.int64(0)
    shift = 0
    while (key & 0xFFFF) > a:
        low |= (key & 0xFFFF) << shift
        shift += 16
        key >>= 16
    whole = (((key << 16) | a) << shift) | low
    length = 0
    rest = whole
    while rest > 0:
        length += 1
        rest >>= 16
    return whole, length


@njit(cache=True, nogil=True)
def _share(a: int, x: Matrix, keys: Whole, size: Real, pairs: Bits, known: tuple[Whole, Matrix, Real, Real]) -> float:
    """Share of the persons with the attributes x who also have a: the least that any noisy count allows."""
    slots, values, noisy, guess = known
    for i in range(x.shape[0]):
        if not paired(pairs, a, x[i]):
            return 0.0
    best = 1.0
    for s in range(keys.shape[0]):
        key, length = _with(keys[s], a)
        place = slot_of(key, slots)
        count = noisy[values[place]] if slots[place] != -1 else guess[length]
        best = min(best, count / max(1.0, size[s]))
        if best <= 0.0:
            return 0.0
    return best


@njit(cache=True, nogil=True)
def _put(row: Matrix, out: Matrix, at: int) -> None:
    for j in range(row.shape[0]):
        out[at, j] = row[j]


@njit(cache=True, nogil=True)
def _longer(rows: Matrix, weights: Real) -> tuple[Matrix, Real]:
    n = rows.shape[0]
    more = np.empty((2 * n, rows.shape[1]), dtype=np.int32)
    again = np.empty(2 * n)
    for r in range(n):
        _put(rows[r], more, r)
        again[r] = weights[r]
    return more, again


@njit(cache=True, nogil=True)
def extend(
    rows: Matrix,
    weights: Real,
    column: tuple[int, int, int],
    pairs: Bits,
    known: tuple[Whole, Matrix, Real, Real],
    length: int,
    least: float,
) -> tuple[Matrix, Real]:
    """Each row with nothing and with every fitting attribute of a column, and a first guess of the weights."""
    j, first, end = column
    slots, values, noisy, _ = known
    n, p = rows.shape
    out = np.empty((2 * n + end - first + 64, p), dtype=np.int32)
    guess = np.empty(out.shape[0])
    used = 0
    x = np.empty(p, dtype=np.int32)
    keys = np.empty(number_of_subsets(p, length - 1), dtype=np.int64)
    size = np.empty(keys.shape[0])
    last = np.empty(keys.shape[0], dtype=np.int32)
    share = np.empty(end - first)
    for r in range(n):
        while used + end - first + 1 > out.shape[0]:
            out, guess = _longer(out, guess)
        if rows[r, j] > 0:
            _put(rows[r], out, used)
            guess[used] = weights[r]
            used += 1
            continue
        t = _present(rows[r], x)
        m = _subsets(x, t, length - 1, keys, last)
        for s in range(m):
            place = slot_of(keys[s], slots)
            size[s] = noisy[values[place]] if slots[place] != -1 else 0.0
        for a in range(first, end):
            share[a - first] = _share(a, x[:t], keys[:m], size[:m], pairs, known)
        total = 0.0
        for a in range(end - first):
            total += share[a]
        scale = weights[r] / max(1.0, total)
        _put(rows[r], out, used)
        guess[used] = weights[r] * max(0.0, 1.0 - total)
        used += 1
        for a in range(first, end):
            if share[a - first] * scale >= least:
                _put(rows[r], out, used)
                out[used, j] = a
                guess[used] = share[a - first] * scale
                used += 1
    return out[:used], guess[:used]
