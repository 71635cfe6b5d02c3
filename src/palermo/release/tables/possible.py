"""All tables of persons that agree with what is published: what a reader cannot tell apart.

Published sums fix some unknowns outright; the rest falls into parts that share no unknown, each with a set of possible
tables of its own. Small parts are walked (``walk``), large ones are left to HiGHS. The decision a reader would
question: a table counts as possible only where it is of whole numbers that satisfy every sum exactly.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse.csgraph import connected_components

from palermo.errors import PalermoError
from palermo.release.tables.cells import Flags, Whole
from palermo.release.tables.system import Vector
from palermo.release.tables.walk import LOST, UNLIMITED, climb, tableau, to_corner

TOLERANCE = 1e-6
WALKED = 1_500_000  # entries of the matrix of a part that is walked
_NOTED = 40
_FRESH = 200  # questions after which a walk starts again from its first corner, so that errors do not add up
_SWEEPS = 10
_NODES = 50  # of the search for whole numbers: a fixed effort, so that the same input has the same answer
_FITS_NOT = (
    "no table of persons fits all published figures ({}). Expected totals and parts that agree; compare the tables "
    "with each other, and check that all count the same persons"
)


@dataclass(frozen=True)
class Known:
    """What a reader has: published sums, and a number that no count exceeds."""

    sums: sparse.csr_matrix
    equal_to: Vector
    ceiling: float


@dataclass
class Part:
    """Unknowns that hang together: ``sums @ x == equal_to``, ``x >= 0``, and one possible table to start from."""

    unknowns: Whole
    sums: sparse.csr_matrix
    equal_to: Vector
    start: Vector
    ceiling: float
    asked: int = 0
    _corner: tuple[Vector, Whole, Whole, Vector] | None = None

    @property
    def is_walked(self) -> bool:
        """Whether the part is small enough to be walked."""
        return bool(self.sums.shape[0] * self.sums.shape[1] <= WALKED)

    def near(self, unknowns: Whole, size: int) -> "Part":
        """The part with all but some unknowns held: about ``size`` around these stay free, small sums first."""
        by_unknown, length = self.sums.tocsc(), np.diff(self.sums.indptr)
        inside = np.zeros(len(self.unknowns), dtype=bool)
        inside[unknowns] = True
        used = np.zeros(self.sums.shape[0], dtype=bool)
        while int(inside.sum()) < size:
            touched = np.unique(by_unknown[:, np.flatnonzero(inside)].indices)
            touched = touched[~used[touched]]
            if not len(touched):
                break
            nearest = touched[np.argsort(length[touched], kind="stable")[:20]]
            used[nearest] = True
            inside[self.sums[nearest].indices] = True
        held = np.flatnonzero(inside)
        sums = by_unknown[:, held].tocsr()
        sums = sums[np.flatnonzero(np.diff(sums.indptr))]
        sums = sums[_distinct(sums)]
        start = self.start[held]
        return Part(held, sums, np.asarray(sums @ start), start, self.ceiling)

    def rough(self) -> tuple[Vector, Vector]:
        """Limits of every unknown from one sum at a time: never too narrow."""
        rows = self.sums.tocoo()
        low, high = np.zeros(len(self.unknowns)), np.full(len(self.unknowns), self.ceiling)
        for _ in range(_SWEEPS):
            others = self.equal_to - self.sums @ low
            np.minimum.at(high, rows.col, (others[rows.row] + low[rows.col]))
            others = self.equal_to - self.sums @ high
            np.maximum.at(low, rows.col, (others[rows.row] + high[rows.col]))
        return low, high

    def outer(self, rows: sparse.csr_matrix) -> tuple[Vector, Vector]:
        """Limits of counts from one sum at a time: what holds a count, or is held by it, less or plus the rest."""
        low, high = self.rough()
        least, most = np.asarray(rows @ low), np.asarray(rows @ high)
        shared = (rows @ self.sums.T).tocoo()
        size, length = np.diff(rows.indptr)[shared.row], np.diff(self.sums.indptr)[shared.col]
        given, floor, top = self.equal_to[shared.col], (self.sums @ low)[shared.col], (self.sums @ high)[shared.col]
        within, around = shared.data == size, shared.data == length
        count, own_low, own_high = shared.row, least[shared.row], most[shared.row]
        np.minimum.at(most, count[within], (given - floor + own_low)[within])
        np.maximum.at(least, count[within], (given - top + own_high)[within])
        np.maximum.at(least, count[around], (given + own_low - floor)[around])
        np.minimum.at(most, count[around], (given + own_high - top)[around])
        return least, most

    @cached_property
    def _first(self) -> tuple[Vector, Whole, Whole, Vector]:
        """The first corner: tableau, basic unknowns, others, and the values of the basic ones."""
        order = np.argsort(-self.start, kind="stable")
        body, basic, others = tableau(self.sums.toarray().astype(np.float64), order)
        at = self.start[basic].copy()
        to_corner(body, basic, others, at, self.start[others].copy())
        return body, basic, others, at

    def most(self, gain: Vector) -> tuple[float, list[Vector]]:
        """The most of ``gain @ x`` in possible tables (fractions allowed), and whole tables found on the way."""
        if not self.is_walked:
            return self._most_programmed(gain)
        if self._corner is None or self.asked % _FRESH == 0:
            body, basic, others, at = self._first
            self._corner = body.copy(), basic.copy(), others.copy(), at.copy()
        self.asked += 1
        body, basic, others, at = self._corner
        seen = np.zeros((_NOTED, len(self.unknowns)))
        ended, noted = climb(body, basic, others, at, gain, seen, 60 * self.ceiling)
        if ended == LOST or not self._fits(seen[noted - 1]):
            self._corner = None
            return self._most_programmed(gain)
        reached = np.inf if ended == UNLIMITED else float(gain @ seen[noted - 1])
        return reached, self._whole(seen[:noted])

    def _fits(self, table: Vector) -> bool:
        """Whether rounding has not led the walk astray: the last corner must satisfy the sums."""
        return bool(abs(self.sums @ table - self.equal_to).max(initial=0.0) < TOLERANCE * (1 + table.max(initial=0.0)))

    def _most_programmed(self, gain: Vector) -> tuple[float, list[Vector]]:
        table = self._solved(gain, [], np.full(len(gain), self.ceiling))
        return float(gain @ table), self._whole(table[None, :])

    def _solved(self, gain: Vector, limits: list[LinearConstraint], upper: Vector, whole: int = 0) -> Vector:
        more = len(gain) - len(self.unknowns)
        sums = sparse.hstack([self.sums, sparse.csr_matrix((self.sums.shape[0], more))], format="csr")
        held = [LinearConstraint(sums, self.equal_to, self.equal_to)] if sums.shape[0] else []
        options = {"node_limit": _NODES} if whole else {}
        kind = np.full(len(gain), whole)
        answer = milp(-gain, constraints=[*held, *limits], bounds=Bounds(0, upper), integrality=kind, options=options)
        if answer.x is None:
            raise PalermoError(_FITS_NOT.format(answer.message.split(".")[0]))
        return np.asarray(answer.x, dtype=np.float64)

    def nearest(self, row: Vector, value: float) -> list[Vector]:
        """The table nearest to the first one in which ``row @ x`` is ``value``; mostly of whole numbers, else none."""
        size = len(self.unknowns)
        sums = sparse.vstack([self.sums, sparse.csr_matrix(row[None, :])], format="csr")
        wanted = np.concatenate([np.zeros(self.sums.shape[0]), [value - row @ self.start]])
        change = LinearConstraint(sparse.hstack([sums, -sums], format="csr"), wanted, wanted)
        upper = np.concatenate([np.full(size, self.ceiling), self.start])
        answer = milp(np.ones(2 * size), constraints=change, bounds=Bounds(0, upper))
        return [] if answer.x is None else self._whole((self.start + answer.x[:size] - answer.x[size:])[None, :])

    def most_whole(self, gain: Vector) -> list[Vector]:
        """A table of whole numbers with much (mostly the most) of the gain, by an integer programme."""
        return self._whole(self._solved(gain, [], np.full(len(gain), self.ceiling), whole=1)[None, :])

    def some(self) -> Vector:
        """Some possible table, of whole numbers where one is found with little effort."""
        table = self._solved(np.zeros(len(self.unknowns)), [], np.full(len(self.unknowns), self.ceiling))
        near = np.round(table)
        return near if (abs(near - table) < TOLERANCE).all() else np.maximum(table, 0)

    def _whole(self, tables: Vector) -> list[Vector]:
        """Those of the tables that are of whole numbers and satisfy every sum exactly."""
        near = np.round(tables)
        kept = (abs(near - tables) < TOLERANCE).all(axis=1) & (near >= 0).all(axis=1)
        kept &= (self.equal_to == np.asarray(self.sums @ near.T).T).all(axis=1)
        return list(near[kept])


class Possible:
    """The tables that agree with ``known``: fixed unknowns, and parts of free ones."""

    def __init__(self, known: Known, start: Vector | None = None) -> None:
        self.known = known
        self.fixed, self.free, rows = _fixed(known)
        self.sums = known.sums[rows][:, self.free].tocsr()
        self.equal_to = known.equal_to[rows] - known.sums[rows] @ self.fixed
        kept = _distinct(self.sums)
        self.sums, self.equal_to = self.sums[kept], self.equal_to[kept]
        self.part_of = self._labels()
        self.start = self._some_table() if start is None else start[self.free]
        self.parts = list(self._parts())

    def _labels(self) -> Whole:
        if not len(self.free):
            return np.zeros(0, dtype=np.int64)
        ties = sparse.bmat([[None, self.sums], [self.sums.T, None]], format="csr")
        both = connected_components(ties, directed=False)[1]
        return np.unique(both[self.sums.shape[0] :], return_inverse=True)[1].astype(np.int64)

    def _parts(self) -> Iterator[Part]:
        by_unknown = self.sums.tocsc()
        for number in range(int(self.part_of.max(initial=-1)) + 1):
            unknowns = np.flatnonzero(self.part_of == number)
            some = by_unknown[:, unknowns].tocsr()
            rows = np.flatnonzero(np.diff(some.indptr))
            start, ceiling = self.start[unknowns], self.known.ceiling
            yield Part(unknowns, some[rows], self.equal_to[rows], start, ceiling)

    def _some_table(self) -> Vector:
        """A table that fits, where nothing but the published figures is known; of whole numbers where one is found."""
        size = len(self.free)
        if not size:
            return np.zeros(0)
        whole = Part(np.arange(size), self.sums, self.equal_to, np.zeros(size), self.known.ceiling)
        return whole.some()


def _fixed(known: Known) -> tuple[Vector, Whole, Whole]:
    """The value of each unknown that follows from one sum at a time, the free unknowns, and the sums they stand in."""
    fixed = np.zeros(known.sums.shape[1])
    free: Flags = np.ones(known.sums.shape[1], dtype=bool)
    while True:
        left = known.equal_to - known.sums @ fixed
        open_in = known.sums @ free.astype(np.float64)
        if (left < -TOLERANCE).any() or (abs(left[open_in == 0]) > TOLERANCE).any():
            raise PalermoError(_FITS_NOT.format("a sum is not that of its parts"))
        alone = np.flatnonzero((open_in == 1) | ((open_in > 0) & (abs(left) < TOLERANCE)))
        if not len(alone):
            return fixed, np.flatnonzero(free), np.flatnonzero(open_in > 0)
        rows = known.sums[alone].tocoo()
        settled = free[rows.col]
        fixed[rows.col[settled]] = left[alone][rows.row[settled]]
        free[rows.col[settled]] = False


def _distinct(rows: sparse.csr_matrix) -> Whole:
    """One of each kind of row."""
    draws = np.random.default_rng(1).random((2, rows.shape[1]))
    marks = np.round(np.stack([rows @ draws[0], rows @ draws[1]], axis=1), 9)
    return np.sort(np.unique(marks, axis=0, return_index=True)[1])
