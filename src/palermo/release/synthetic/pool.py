"""Whole rows with weights, and the combinations they hold: the arithmetic under the fit.

A row of the pool knows the positions of all its combinations in one list of targets. Weights are found by coordinate
descent on the weighted squares of what is left of the targets (non-negative least squares). The decision a reader
would question: a combination without a target has target 0 and a lower weight, because what did not reach the
threshold is small but not known to be nothing.
"""

import numpy as np
import numpy.typing as npt
from numba import njit

from palermo.release.synthetic.coded import Matrix, Whole
from palermo.release.synthetic.combinations import Bits, _paired, slot_of

Real = npt.NDArray[np.float64]


@njit(cache=True, nogil=True)
def _present(row: Matrix, x: Matrix) -> int:
    t = 0
    for j in range(row.shape[0]):
        if row[j] > 0:
            x[t] = row[j]
            t += 1
    return t


@njit(cache=True, nogil=True)
def _subsets(x: Matrix, t: int, length: int, keys: Whole, last: Matrix, first: int) -> int:
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
def holdings(rows: Matrix, length: int, slots: Whole, values: Matrix, targets: int) -> tuple[Whole, Matrix, int]:
    """Positions of all combinations of each row; a combination that has none gets the next. Starts, positions, number."""
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
    for r in range(n):
        t = _present(rows[r], x)
        m = _subsets(x, t, length, keys, last, 0)
        for s in range(m):
            place = slot_of(keys[s], slots)
            if slots[place] == -1:
                slots[place] = keys[s]
                values[place] = targets
                targets += 1
            out[starts[r] + s] = values[place]
    return starts, out, targets


@njit(cache=True, nogil=True)
def descend(starts: Whole, held: Matrix, weights: Real, left: Real, importance: Real, passes: int) -> None:
    """Coordinate descent: each row in turn takes the weight that fits best, at least 0."""
    n = weights.shape[0]
    steep = np.zeros(n)
    for r in range(n):
        for i in range(starts[r], starts[r + 1]):
            steep[r] += importance[held[i]]
    for _ in range(passes):
        for r in range(n):
            pull = 0.0
            for i in range(starts[r], starts[r + 1]):
                pull += importance[held[i]] * left[held[i]]
            new = max(0.0, weights[r] + pull / steep[r])
            change = new - weights[r]
            if change != 0.0:
                weights[r] = new
                for i in range(starts[r], starts[r + 1]):
                    left[held[i]] -= change


@njit(cache=True, nogil=True)
def extend(
    rows: Matrix,
    weights: Real,
    j: int,
    first: int,
    end: int,
    pairs: Bits,
    slots: Whole,
    values: Matrix,
    noisy: Real,
    null: Real,
    length: int,
    least: float,
) -> tuple[Matrix, Real]:
    """Each row with nothing and with every fitting attribute of column j, and a first guess of the weights."""
    n, p = rows.shape
    width = end - first
    room = 4 * n + 64
    out = np.empty((room, p), dtype=np.int32)
    guess = np.empty(room)
    used = 0
    x = np.empty(p, dtype=np.int32)
    y = np.empty(p + 1, dtype=np.int32)
    top = number_of_subsets(p, length - 1)
    keys = np.empty(top, dtype=np.int64)
    size = np.empty(top)
    last = np.empty(top, dtype=np.int32)
    share = np.empty(width)
    for r in range(n):
        while used + width + 1 > room:
            room *= 2
            more = np.empty((room, p), dtype=np.int32)
            more[:used] = out[:used]
            out = more
            again = np.empty(room)
            again[:used] = guess[:used]
            guess = again
        t = _present(rows[r], x)
        before = 0
        while before < t and x[before] < first:
            before += 1
        m = _subsets(x, t, length - 1, keys, last, 0)
        for s in range(m):
            place = slot_of(keys[s], slots)
            size[s] = noisy[values[place]] if slots[place] != -1 else 0.0
        total = 0.0
        for a in range(first, end):
            share[a - first] = 0.0
            fits = True
            for i in range(t):
                if not _paired(pairs, a, x[i]):
                    fits = False
                    break
            if not fits:
                continue
            best = 1.0
            for s in range(m):
                # insert a into the key at its place
                key = keys[s]
                low = np.int64(0)
                shift = 0
                while key > 0 and (key & 0xFFFF) > a:
                    low |= (key & 0xFFFF) << shift
                    shift += 16
                    key >>= 16
                key = (((key << 16) | a) << shift) | low
                place = slot_of(key, slots)
                if slots[place] != -1:
                    have = noisy[values[place]]
                else:
                    k = 0
                    kk = key
                    while kk > 0:
                        k += 1
                        kk >>= 16
                    have = null[k]
                ratio = have / max(1.0, size[s])
                if ratio < best:
                    best = ratio
                    if best <= 0.0:
                        break
            share[a - first] = best
            total += best
        scale = 1.0 / total if total > 1.0 else 1.0
        out[used] = rows[r]
        guess[used] = weights[r] * max(0.0, 1.0 - total)
        used += 1
        for a in range(first, end):
            if weights[r] * share[a - first] * scale >= least:
                out[used] = rows[r]
                out[used, j] = a
                guess[used] = weights[r] * share[a - first] * scale
                used += 1
    return out[:used], guess[:used]
