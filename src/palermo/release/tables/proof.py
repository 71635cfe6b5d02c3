"""The proof that no hidden count can be worked out, and what a reader can work out at most.

For every hidden count two possible tables are shown that differ in it by what it needs. Each table serves all counts,
so that few questions have to be asked. The decision a reader would question: the true table is taken as the first
possible one where it is known (the plan), and is not where only what was published is at hand (the attack); what is
proved is the same.
"""

from functools import cached_property

import numpy as np
from scipy import sparse

from palermo.release.tables.cells import Whole
from palermo.release.tables.possible import TOLERANCE, Part, Possible
from palermo.release.tables.steps import Walk, whole_steps
from palermo.release.tables.system import Vector
from palermo.release.tables.together import Room, moved_together

_WALKS = 3  # sets of steps that are tried, one after the other; one in large parts
_PULLS = 8  # how often, after walking at random, each count that is still short is pulled up and down
_MANY = 40  # counts in doubt from which on one walk costs less than a question for each
STEPPED = 60_000_000  # entries of the matrix of a part in which steps of whole numbers are looked for
_INTEGER_PROGRAMMES = 5  # the last resort, for each part; counts that they do not settle are told of in the plan
_NEAR_PROGRAMMES = 50  # for each part, looking for whole tables near the first one
_NEAR_LARGE = 20  # the same in large parts, where each takes half a second
_KEPT = 400  # tables of a part that are kept to be used again


class Pieces:
    """The hidden counts within one part: what each was seen to be, and between which limits it must be."""

    def __init__(self, part: Part, rows: sparse.csr_matrix) -> None:
        self.part = part
        self.count = np.flatnonzero(np.diff(rows.indptr))
        self.rows = rows[self.count]
        self.tables: list[Vector] = []
        self.lowest = np.full(len(self.count), np.inf)
        self.highest = np.full(len(self.count), -np.inf)
        self.least = np.full(len(self.count), -np.inf)
        self.most = np.full(len(self.count), np.inf)
        self.low, self.high = (self.rows @ part.start for _ in range(2))  # as seen, fractions allowed
        self.effort, self.near = (_INTEGER_PROGRAMMES, _NEAR_PROGRAMMES) if part.is_walked else (0, _NEAR_LARGE)
        self.starts_whole = bool((part.start == np.round(part.start)).all())
        self.show([part.start] if self.starts_whole else [])

    def show(self, tables: list[Vector]) -> None:
        """Note possible tables; those that widen nothing are forgotten."""
        for table in tables:
            values = np.asarray(self.rows @ table)
            if (values < self.lowest).any() or (values > self.highest).any():
                self.lowest = np.minimum(self.lowest, values)
                self.highest = np.maximum(self.highest, values)
                if len(self.tables) < _KEPT:
                    self.tables.append(table)
        self.show_fractions(tables)

    def show_fractions(self, tables: list[Vector]) -> None:
        """Note possible tables that need not be of whole numbers."""
        for table in tables:
            values = np.asarray(self.rows @ table)
            self.low, self.high = np.minimum(self.low, values), np.maximum(self.high, values)

    @cached_property
    def outer(self) -> tuple[Vector, Vector]:
        """Limits of every count that single sums give: never too narrow."""
        return self.part.outer(self.rows)

    def limit(self) -> None:
        """Take over the limits that single sums give."""
        low, high = self.outer
        self.least, self.most = np.maximum(self.least, low), np.minimum(self.most, high)

    def _reaches_limit(self, piece: int, sign: int) -> bool:
        """Whether a table already seen reaches the limit that single sums set, so that no question is needed."""
        low, high = self.outer
        limit, seen = (high, self.high) if sign > 0 else (-low, -self.low)
        most = np.floor(limit[piece] + TOLERANCE)
        if seen[piece] < most - TOLERANCE:
            return False
        if sign > 0:
            self.most[piece] = most
        else:
            self.least[piece] = -most
        return True

    def extend(self, piece: int, sign: int) -> None:
        """Find the most (``sign`` 1) or the least (-1) that a count can be."""
        if (self.most if sign > 0 else -self.least)[piece] < np.inf or self._reaches_limit(piece, sign):
            return
        reached, tables = self.part.most(sign * self._row(piece))
        self.show(tables)
        if sign > 0:
            self.high[piece] = max(self.high[piece], reached)
        else:
            self.low[piece] = min(self.low[piece], -reached)
        limit = np.floor(reached + TOLERANCE)
        if sign > 0:
            self.most[piece] = limit
        else:
            self.least[piece] = -limit

    def walk(self, needed: Vector, sets: int = _WALKS, pulls: int = _PULLS) -> None:
        """Walk from the first table in steps of whole numbers, until all counts have varied by what they need."""
        if self.part.sums.shape[0] * self.part.sums.shape[1] > STEPPED:
            return
        for number in range(sets):
            short = np.flatnonzero(
                self.highest - self.lowest < needed if self.starts_whole else self.high - self.low < needed
            )
            if not len(short):
                return
            walk = Walk(self.part.start, whole_steps(self.part.sums, self.part.start, number), self.rows, needed)
            walk.see(short, pulls)
            self.low, self.high = np.minimum(self.low, walk.low), np.maximum(self.high, walk.high)
            if self.starts_whole:
                self.lowest, self.highest = np.minimum(self.lowest, walk.low), np.maximum(self.highest, walk.high)

    def move(self, needed: Vector) -> None:
        """Walk a little, then move many counts at once, fractions allowed."""
        self.walk(needed, sets=1, pulls=1)
        start = np.asarray(self.rows @ self.part.start)
        room = Room.of(self.rows, needed, start)
        room.down, room.up = self.low - start, self.high - start
        moved_together(room, self.part.start, self.part.sums)
        self.low, self.high = start + room.down, start + room.up

    def extend_whole(self, piece: int, needed: float) -> None:
        """Where limits leave room and no whole table showed it: look for whole tables that differ by what is needed."""
        row = self._row(piece)
        for value in (self.lowest[piece] + needed, self.highest[piece] - needed, self.most[piece], self.least[piece]):
            if self.highest[piece] - self.lowest[piece] >= needed:
                return
            if self.near and self.least[piece] <= value <= self.most[piece] and np.isfinite(value):
                self.near -= 1
                self.show(self.part.nearest(row, value))
        for sign in (1, -1):
            if self.effort and self.highest[piece] - self.lowest[piece] < needed:
                self.effort -= 1
                self.show(self.part.most_whole(sign * row))

    def _row(self, piece: int) -> Vector:
        return np.asarray(self.rows[[piece]].toarray().ravel())

    def tables_with(self, count: int) -> Vector:
        """The tables noted in which a hidden count is what it is in the first."""
        tables = np.array(self.tables)
        for piece in np.flatnonzero(self.count == count).tolist():
            values = np.asarray(self.rows[[piece]] @ tables.T).ravel()
            tables = tables[values == values[0]]
        return tables


class Proof:
    """What each hidden count (a row over all unknowns) can be in the tables that agree with what is published."""

    def __init__(self, possible: Possible, rows: sparse.csr_matrix) -> None:
        self.possible = possible
        self.base = np.asarray(rows @ possible.fixed)
        free = rows[:, possible.free].tocsc()
        self.pieces = [Pieces(part, free[:, part.unknowns].tocsr()) for part in possible.parts]

    def inherit(self, older: "Proof", row: int) -> None:
        """Take over tables of a proof in which one more count was hidden, ``row``, where that has its true value."""
        for mine in self.pieces:
            unknowns = self.possible.free[mine.part.unknowns]
            for other in older.pieces:
                theirs = older.possible.free[other.part.unknowns]
                if np.isin(unknowns, theirs).all():  # a part may have been joined from several
                    mine.show(list(other.tables_with(row)[:, np.searchsorted(theirs, unknowns)]))

    def _sum(self, name: str) -> Vector:
        total = self.base.copy()
        for pieces in self.pieces:
            total[pieces.count] += getattr(pieces, name)
        return total

    @property
    def width(self) -> Vector:
        """By how much each hidden count was seen to vary."""
        return self._sum("highest") - self._sum("lowest")

    def limits(self) -> tuple[Vector, Vector]:
        """The least and the most that each hidden count can be; in large parts, from one sum at a time."""
        for pieces in self.pieces:
            if not pieces.part.is_walked:
                pieces.limit()
                continue
            for piece in range(len(pieces.count)):
                pieces.extend(piece, 1)
                pieces.extend(piece, -1)
        return np.maximum(self._sum("least"), 0), self._sum("most")

    def short(self, needed: Vector) -> Whole:
        """Hidden counts not yet seen to vary by as much as they need."""
        return np.flatnonzero(self.width < needed)

    @property
    def room(self) -> Vector:
        """By how much each hidden count was seen to vary where tables with fractions count too."""
        return self._sum("high") - self._sum("low")

    def show_changes(self, changes: list[Vector]) -> None:
        """Note changes (over all unknowns) that lead from the first table to possible ones."""
        for pieces in self.pieces:
            unknowns = self.possible.free[pieces.part.unknowns]
            pieces.show_fractions([pieces.part.start + change[unknowns] for change in changes])

    def search(self, needed: Vector, thoroughly: bool = False) -> None:
        """Walk in steps of whole numbers through large parts and those with many counts in doubt, or through all."""
        for pieces in self.pieces:
            short = int((self.width < needed)[pieces.count].sum())
            if short and (thoroughly or not pieces.part.is_walked):
                pieces.walk(needed[pieces.count], sets=_WALKS if pieces.part.is_walked else 1)
            elif short > _MANY:
                pieces.walk(needed[pieces.count], sets=1, pulls=0)

    def audit(self, needed: Vector) -> None:
        """Large parts: ask many counts at once, then each that was not seen to vary by what it needs for its limits."""
        for pieces in self.pieces:
            if not pieces.part.is_walked:
                pieces.move(needed[pieces.count])
        for count in np.flatnonzero(self.room < needed - TOLERANCE).tolist():
            for pieces, piece in self._pieces_of(count):
                if not pieces.part.is_walked:
                    pieces.extend(piece, 1)
                    pieces.extend(piece, -1)

    def too_narrow(self, needed: Vector, enough: int | None = None) -> Whole:
        """The hidden counts that cannot vary by as much as they need, or the first ``enough`` of them."""
        if (self.room >= needed - TOLERANCE).all():
            return np.zeros(0, dtype=np.int64)
        self.search(needed)
        found: list[int] = []
        for count in self.short(needed).tolist():
            if self.is_narrow(count, needed):
                found.append(count)
                if len(found) == enough:
                    break
        return np.array(found, dtype=np.int64)

    def is_narrow(self, count: int, needed: Vector) -> bool:
        """Whether a hidden count cannot vary by as much as it needs."""
        if self.room[count] >= needed[count] - TOLERANCE:
            return False
        room = 0.0
        for pieces, piece in self._pieces_of(count):
            for sign in (1, -1):
                if self.width[count] < needed[count]:
                    pieces.extend(piece, sign)
            room += pieces.most[piece] - pieces.least[piece]
        return bool(self.width[count] < needed[count] and room < needed[count])

    def unsettled(self, needed: Vector) -> Whole:
        """The hidden counts that have room in fractions, but for which no whole tables with as much were found."""
        self.search(needed, thoroughly=True)
        for count in self.short(needed).tolist():
            for pieces, piece in self._pieces_of(count):
                others = self.width[count] - (pieces.highest[piece] - pieces.lowest[piece])
                if pieces.part.is_walked:
                    pieces.extend(piece, 1)
                    pieces.extend(piece, -1)
                else:
                    pieces.limit()
                if self.width[count] < needed[count] <= pieces.most[piece] - pieces.least[piece] + others:
                    pieces.extend_whole(piece, needed[count] - others)
        return self.short(needed)

    def _pieces_of(self, count: int) -> list[tuple[Pieces, int]]:
        return [(pieces, int(piece)) for pieces in self.pieces for piece in np.flatnonzero(pieces.count == count)]
