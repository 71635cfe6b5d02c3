"""A random walk through the tables of whole numbers that agree with what is published.

Corners of a set of possible tables are often not of whole numbers, and integer programmes take minutes for what a walk
shows in a second: changes of whole numbers that leave every published sum as it is, taken one after the other as far as
no unknown falls below zero. Every table on the way is possible, exactly. The decision a reader would question: the walk
is random (with a fixed seed, so that the same input has the same answer). What it does not show may be possible still.
"""

import numba
import numpy as np
from scipy import sparse

from palermo.release.tables.cells import Whole
from palermo.release.tables.system import Vector
from palermo.release.tables.walk import tableau

_DENOMINATORS = range(1, 13)  # a change in halves, thirds ... is one of whole numbers when taken so many times
_NEAR = 1e-6
_SLIP = 1e-9  # of a division
_LENGTH, _WANDERINGS = 20_000, 60  # steps of a walk at random, and how often it goes on
_FEW = 8  # the same, for a quick look
_PATIENCE = 5  # walks that showed nothing new, after which it ends
_PULLED = 2_000


def whole_steps(sums: sparse.csr_matrix, start: Vector, another: int = 0) -> sparse.csc_matrix:
    """Changes of whole numbers (columns) that leave all sums as they are: one for each unknown that is free to move.

    The unknowns with many persons give way to those with few, so that there is room; ``another`` gives other changes.
    """
    draws = np.random.default_rng(another).normal(0, float(another), len(start))
    order = np.argsort(-np.log1p(start) - draws, kind="stable")
    body, basic, others = tableau(sums.toarray().astype(np.float64), order)
    body[abs(body) < _NEAR] = 0.0
    moved = sparse.coo_matrix(-body)
    times = np.zeros(len(others))
    for number in _DENOMINATORS:
        broken = abs(np.round(moved.data * number) - moved.data * number) >= _NEAR * number
        fits = np.bincount(moved.col[broken], minlength=len(others)) == 0
        times[fits & (times == 0)] = number
    kept = np.flatnonzero(times)
    rows = np.concatenate([basic[moved.row], others])
    columns = np.concatenate([moved.col, np.arange(len(others))])
    change = np.concatenate([np.round(moved.data * times[moved.col]), times])
    whole = sparse.csc_matrix((change, (rows, columns)), shape=(len(start), len(others)))[:, kept]
    exact = np.asarray(abs(sums @ whole).sum(axis=0)).ravel() == 0
    return whole[:, np.flatnonzero(exact)]


@numba.njit(cache=True)
def _room(table: Vector, rows: Whole, change: Whole, most: int) -> tuple[int, int]:
    """How many times a change can be taken, backwards and forwards."""
    back, forth = most, most
    for place in range(len(rows)):
        if change[place] < 0:
            forth = min(forth, int(table[rows[place]] / -change[place] + _SLIP))
        else:
            back = min(back, int(table[rows[place]] / change[place] + _SLIP))
    return back, forth


@numba.njit(cache=True)
def _stroll(
    table: Vector,
    values: Vector,
    steps: tuple[Whole, Whole, Whole],
    moves: tuple[Whole, Whole, Whole],
    limits: tuple[Vector, Vector],
    draws: tuple[Whole, Vector, Whole],
    most: int,
) -> None:
    """Take the drawn steps; note the least and most of every count.

    A step goes a drawn part of the way it can go, or all the way forth (back) where its pull is 1 (-1).
    """
    pointer, rows, change = steps
    count_pointer, counts, moved = moves
    low, high = limits
    drawn, share, pull = draws
    for number in range(len(drawn)):
        step = drawn[number]
        mine = slice(pointer[step], pointer[step + 1])
        back, forth = _room(table, rows[mine], change[mine], most)
        times = int(np.floor(share[number] * (back + forth + 1))) - back
        if pull[step] != 0:
            times = forth if pull[step] > 0 else -back
        if times == 0:
            continue
        for place in range(pointer[step], pointer[step + 1]):
            table[rows[place]] += times * change[place]
        for place in range(count_pointer[step], count_pointer[step + 1]):
            row = counts[place]
            values[row] += times * moved[place]
            low[row] = min(low[row], values[row])
            high[row] = max(high[row], values[row])


class Walk:
    """Walks from one possible table, and the least and most that each count (a row over the unknowns) was.

    Steps are of whole numbers: from a table of whole numbers they lead to such tables only.
    """

    def __init__(self, start: Vector, steps: sparse.csc_matrix, rows: sparse.csr_matrix, needed: Vector) -> None:
        self.start = start
        self.values = np.asarray(rows @ start, dtype=np.float64)
        self.low, self.high = self.values.copy(), self.values.copy()
        self.needed = needed
        self.moves = (rows @ steps).tocsc()
        self.moves.eliminate_zeros()
        self._steps, self._moves = _parts(steps), _parts(self.moves)
        self._most = int(4 * needed.max(initial=1))  # so far and no further where nothing else ends a step
        self._draw = np.random.default_rng(0)
        self._wanted: Whole = np.arange(len(needed))

    @property
    def short(self) -> Whole:
        """The counts not yet seen to vary by what they need."""
        return self._wanted[(self.high - self.low < self.needed)[self._wanted]]

    def see(self, wanted: Whole, pulls: int) -> None:
        """Walk until these are no longer short, or for a fixed number of steps."""
        self._wanted = wanted
        self.wander(_WANDERINGS if pulls else _FEW)
        for number in range(pulls):
            before = len(self.short)
            if not before:
                break
            self.pull(_PULLED * (number + 1))
            if len(self.short) == before:
                break

    def _take(self, chosen: Whole, pull: Whole, table: Vector, values: Vector) -> None:
        draws = chosen, self._draw.random(len(chosen)), pull
        _stroll(table, values, self._steps, self._moves, (self.low, self.high), draws, self._most)

    def wander(self, rounds: int) -> None:
        """Walk at random until nothing is short or for a fixed number of steps."""
        table, values = self.start.copy(), self.values.copy()
        idle = np.zeros(self.moves.shape[1], dtype=np.int64)
        before = []
        for _ in range(rounds if len(idle) else 0):
            before.append(len(self.short))
            if not before[-1] or before[-_PATIENCE:] == [before[-1]] * _PATIENCE:
                break
            self._take(self._draw.integers(0, len(idle), _LENGTH), idle, table, values)

    def pull(self, length: int = _PULLED) -> None:
        """Walk for each count that is still short, up and down, taking all the way whatever moves it so."""
        by_count = self.moves.tocsr()
        for count in self.short.tolist():
            mine = by_count[[count]]
            for sign in (1, -1):
                if self.high[count] - self.low[count] < self.needed[count] and mine.nnz:
                    pull = np.zeros(self.moves.shape[1], dtype=np.int64)
                    pull[mine.indices] = sign * np.sign(mine.data)
                    chosen = self._draw.integers(0, len(pull), length)
                    chosen[::2] = mine.indices[self._draw.integers(0, mine.nnz, len(chosen[::2]))]
                    self._take(chosen, pull, self.start.copy(), self.values.copy())


def _parts(matrix: sparse.csc_matrix) -> tuple[Whole, Whole, Whole]:
    return matrix.indptr.astype(np.int64), matrix.indices.astype(np.int64), matrix.data.astype(np.int64)
