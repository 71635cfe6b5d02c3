"""Compiled sums, existence tests and Newton fits on the table of 2^K histories.

The design of a log-linear model of histories is 0/1, so every product with it is a sum over subsets or supersets,
K 2^(K-1) additions and no matrix. The decision a reader would question: whether an estimate exists is decided here by
a small exact system and not by a general linear programme. Let f(w) be the linear predictor of a direction. Fixing f
on the cells that are terms fixes it everywhere, with whole-number coefficients, and f must vanish where somebody was
seen; what is left free are the terms whose own cell is empty, and the intercept. By Stiemke's lemma the estimate
exists if no such f is <= 0 on the empty cells and < 0 on one, which phase one of the simplex method decides on a
handful of rows. Tests compare it with HiGHS.
"""

import math

import numpy as np
import numpy.typing as npt
from numba import njit

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_TINY = 1e-9
_MAX_PIVOTS = 5000


@njit(cache=True, nogil=True)
def subset_sums(values: Floats, k: int) -> None:
    """Replace each value by the sum over the subsets of its position."""
    for place in range(k):
        bit = 1 << place
        for w in range(1 << k):
            if w & bit:
                values[w] += values[w ^ bit]


@njit(cache=True, nogil=True)
def superset_sums(values: Floats, k: int) -> None:
    """Replace each value by the sum over the supersets of its position."""
    for place in range(k):
        bit = 1 << place
        for w in range(1 << k):
            if not w & bit:
                values[w] += values[w | bit]


@njit(cache=True, nogil=True)
def margins_of(cells: Floats, k: int) -> Floats:
    """Persons seen by all lists of each term (and possibly more); position 0 holds everybody."""
    margins = cells.copy()
    margins[0] = 0.0
    superset_sums(margins, k)
    return margins


@njit(cache=True, nogil=True)
def live_terms(margins: Floats, terms: Ints, possible: Flags) -> tuple[Ints, Flags]:
    """The terms with somebody on all their lists, and the possible cells that contain no other term of the model."""
    present = possible.copy()
    present[0] = False
    live = np.empty(terms.size, np.int64)
    count = 0
    for t in terms:
        if margins[t] > 0 or t == 0:
            live[count] = t
            count += 1
        else:
            for w in range(t, present.size):
                if w & t == t:
                    present[w] = False
    return live[:count], present


@njit(cache=True, nogil=True)
def _sign(t: int) -> float:
    odd = 0
    while t:
        odd ^= 1
        t &= t - 1
    return -1.0 if odd else 1.0


@njit(cache=True, nogil=True)
def status_of(cells: Floats, live: Ints, present: Flags, k: int) -> int:
    """0: the estimate exists and is the only one; 1: none exists; 2: more than one fits; 3: both; -1: undecided."""
    size = 1 << k
    others = present.copy()
    free = np.zeros(live.size, np.int64)
    hidden = 1  # the intercept, and terms whose own cell is a structural zero: nothing holds them directly
    for t in live:
        if t and not present[t]:
            free[hidden] = t
            hidden += 1
    count = hidden
    for t in live:
        others[t] = False
        if t and present[t] and cells[t] == 0:
            free[count] = t
            count += 1
    columns = np.zeros((count, size))
    for j in range(count):
        s = free[j]
        for t in live:
            if t & s == s:
                columns[j, t] = _sign(t ^ s)
        subset_sums(columns[j], k)
    identified = _identified(columns[:hidden], others)
    exists = _exists(_rows(columns, others & (cells > 0)), _rows(columns, present & (cells == 0)))
    if exists < 0:
        return -1
    return (0 if exists else 1) + (0 if identified else 2)


@njit(cache=True, nogil=True)
def _identified(columns: Floats, others: Flags) -> bool:
    """Whether the cells that are not terms tell the directions apart that the cells of terms leave open."""
    if columns.shape[0] > 1:
        return bool(null_space(_rows(columns, others)).shape[1] == 0)
    told = False
    for w in range(others.size):
        told = told or (others[w] and abs(columns[0, w]) > _TINY)
    return told


@njit(cache=True, nogil=True)
def _rows(columns: Floats, chosen: Flags) -> Floats:
    rows = np.zeros((chosen.sum(), columns.shape[0]))
    row = 0
    for w in range(1, chosen.size):
        if chosen[w]:
            rows[row] = columns[:, w]
            row += 1
    return rows


@njit(cache=True, nogil=True)
def null_space(rows: Floats) -> Floats:
    """A basis of the vectors that every row maps to 0, one a column."""
    work = rows.copy()
    height, width = work.shape
    pivots = np.full(width, -1, np.int64)
    rank = 0
    for j in range(width):
        best = rank
        for i in range(rank, height):
            if abs(work[i, j]) > abs(work[best, j]):
                best = i
        if rank == height or abs(work[best, j]) < _TINY:
            continue
        for c in range(width):
            work[rank, c], work[best, c] = work[best, c], work[rank, c]
        _pivot(work, rank, j)
        pivots[j] = rank
        rank += 1
    basis = np.zeros((width, width - rank))
    column = 0
    for j in range(width):
        if pivots[j] < 0:
            basis[j, column] = 1.0
            for c in range(width):
                if pivots[c] >= 0:
                    basis[c, column] = -work[pivots[c], j]
            column += 1
    return basis


@njit(cache=True, nogil=True)
def _pivot(work: Floats, row: int, column: int) -> None:
    scale = work[row, column]
    for c in range(work.shape[1]):
        work[row, c] /= scale
    for i in range(work.shape[0]):
        factor = work[i, column]
        if i != row and factor != 0.0:
            for c in range(work.shape[1]):
                work[i, c] -= factor * work[row, c]


@njit(cache=True, nogil=True)
def _exists(seen: Floats, empty: Floats) -> int:
    """1 if no direction that is 0 where somebody was seen goes down on the empty cells and never up; -1 undecided."""
    if empty.shape[0] == 0:
        return 1
    basis = null_space(seen)
    if basis.shape[1] == 0:
        return 1
    downs = np.zeros((empty.shape[0], basis.shape[1]))
    for i in range(empty.shape[0]):
        for j in range(basis.shape[1]):
            for c in range(basis.shape[0]):
                downs[i, j] += empty[i, c] * basis[c, j]
    return _balanced(downs)


@njit(cache=True, nogil=True)
def _balanced(downs: Floats) -> int:
    """Whether positive weights of the rows sum to the zero vector (x >= 1 by scale), by phase one of the simplex."""
    m, r = downs.shape
    table = _phase_one(downs)
    basis = np.arange(m, m + r)  # artificial variables; once out they never return, so they have no columns
    for _ in range(_MAX_PIVOTS):
        enter = -1
        for c in range(m):
            if table[r, c] < -_TINY:
                enter = c  # the first: Bland's rule, which cannot cycle
                break
        if enter < 0:
            return 1 if table[r, m] > -1e-7 else 0
        leave = _leaving(table, basis, enter)
        if leave < 0:
            return -1
        _pivot(table, leave, enter)
        basis[leave] = enter
    return -1


@njit(cache=True, nogil=True)
def _phase_one(downs: Floats) -> Floats:
    m, r = downs.shape
    table = np.zeros((r + 1, m + 1))
    for j in range(r):
        total = downs[:, j].sum()
        flip = 1.0 if total <= 0 else -1.0
        table[j, :m] = downs[:, j] * flip
        table[j, m] = -total * flip
        table[r] -= table[j]
    return table


@njit(cache=True, nogil=True)
def _leaving(table: Floats, basis: Ints, enter: int) -> int:
    last = table.shape[1] - 1
    leave, best = -1, 0.0
    for j in range(basis.size):
        if table[j, enter] > _TINY:
            ratio = table[j, last] / table[j, enter]
            tied = ratio < best + 1e-12 and leave >= 0 and basis[j] < basis[leave]
            if leave < 0 or ratio < best - 1e-12 or tied:
                leave, best = j, ratio
    return leave


@njit(cache=True, nogil=True)
def cholesky_solve(matrix: Floats, right: Floats, size: int) -> bool:
    """Solve in place: ``matrix`` becomes its lower factor, ``right`` the solution. False where not positive."""
    for j in range(size):
        total = matrix[j, j]
        for c in range(j):
            total -= matrix[j, c] * matrix[j, c]
        if not total > 1e-14 * matrix[j, j]:
            return False
        root = math.sqrt(total)
        matrix[j, j] = root
        for i in range(j + 1, size):
            part = matrix[i, j]
            for c in range(j):
                part -= matrix[i, c] * matrix[j, c]
            matrix[i, j] = part / root
    for i in range(size):
        part = right[i]
        for c in range(i):
            part -= matrix[i, c] * right[c]
        right[i] = part / matrix[i, i]
    for i in range(size - 1, -1, -1):
        part = right[i]
        for c in range(i + 1, size):
            part -= matrix[c, i] * right[c]
        right[i] = part / matrix[i, i]
    return True
