"""Many hidden counts at once, by one linear programme, where a system is too large for a question about each.

A programme asks some hundred hidden counts to move by what each needs, at the least loss: every published count that
has to move is hidden too, and what the programme found is at the same time the table that shows the room of them all.
The decision a reader would question: a count that does not move as far as it needs costs a fine instead of making the
programme impossible. It is asked again the other way round, and at last alone (``secondary``).
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from palermo.progress import Progress
from palermo.release.tables.cells import Flags, Whole
from palermo.release.tables.system import Vector

TOGETHER = 200  # counts asked to move in one programme: with more of them more is hidden
ALL_TOGETHER = 1000  # the same where nothing is hidden for it
FINE = 1000.0  # times the dearest count, for each person that a count moves too little
MOVED = 1e-6
_WORTH = 0.8  # asked again while the counts that are short became so many times fewer
_SLIGHT = 1e-2  # changes of unknowns are nearly free, so that no more of them move than have to


@dataclass
class Room:
    """By how much each count (a row over the unknowns) was seen to move down and up from the first table."""

    rows: sparse.csr_matrix
    needed: Vector
    down: Vector
    up: Vector
    sign: Vector  # which way it is asked next
    failed: Whole  # how often it did not move as far as asked

    @classmethod
    def of(cls, rows: sparse.csr_matrix, needed: Vector, values: Vector) -> "Room":
        """Nothing has moved. Counts that can fall by what they need are asked to, every second one."""
        none = np.zeros(rows.shape[0])
        falls = (values >= 2 * needed) & (np.arange(len(values)) % 2 == 1)
        sign = np.where(falls, -1.0, 1.0)
        return cls(rows.tocsr(), needed, none, none.copy(), sign, none.astype(np.int64))

    @property
    def short(self) -> Flags:
        """Which have not moved by what they need."""
        return np.asarray(self.up - self.down < self.needed - MOVED)

    def note(self, change: Vector) -> None:
        """Note how far a change moves every count."""
        moved = np.asarray(self.rows @ change)
        self.down, self.up = np.minimum(self.down, moved), np.maximum(self.up, moved)

    def aims(self, among: Whole, most: int = TOGETHER) -> Whole:
        """Some of these, no two of which share an unknown; those that failed least often first."""
        chosen: list[int] = []
        taken = np.zeros(self.rows.shape[1], dtype=bool)
        for row in among[np.argsort(self.failed[among], kind="stable")].tolist():
            mine = self.rows.indices[self.rows.indptr[row] : self.rows.indptr[row + 1]]
            if not taken[mine].any():
                chosen.append(row)
                taken[mine] = True
                if len(chosen) == most:
                    break
        return np.array(chosen, dtype=np.int64)

    def asked(self, aims: Whole) -> tuple[sparse.csr_matrix, Vector]:
        """The rows of the aims, with their signs, and how far each is asked to move from the first table."""
        reached = np.where(self.sign > 0, self.up, -self.down)[aims]
        gap = (self.needed - (self.up - self.down))[aims]
        return sparse.diags(self.sign[aims]) @ self.rows[aims], reached + gap

    def turn(self, aims: Whole) -> int:
        """Those that are still short are asked the other way round next; how many."""
        left = aims[self.short[aims]]
        self.sign[left] *= -1
        self.failed[left] += 1
        return len(left)


def joint_change(
    start: Vector, sums: sparse.csr_matrix, cost: Vector, asked: tuple[sparse.csr_matrix, Vector]
) -> Vector | None:
    """The change of persons that moves the aims as far as asked, or as far as can be, where sums change at a cost.

    Without any ``cost`` (an empty one) no sum changes.
    """
    rows, wanted = asked
    size, count, aims, height = len(start), len(cost), len(wanted), sums.shape[0]
    unit = sparse.eye(height, count, format="csr")
    held = sparse.hstack([sums, -sums, -unit, unit, sparse.csr_matrix((height, aims))], format="csr")
    moved = sparse.hstack([rows, -rows, sparse.csr_matrix((aims, 2 * count)), sparse.eye(aims)], format="csr")
    least = np.concatenate([np.zeros(height), wanted])
    most = np.concatenate([np.zeros(height), np.full(aims, np.inf)])
    answer = milp(
        np.concatenate([np.full(2 * size, _SLIGHT), cost, cost, np.full(aims, FINE * cost.max(initial=1.0))]),
        constraints=LinearConstraint(sparse.vstack([held, moved], format="csr"), least, most),
        bounds=Bounds(0, np.concatenate([np.full(size, np.inf), start, np.full(2 * count + aims, np.inf)])),
    )
    return None if answer.x is None else np.asarray(answer.x[:size] - answer.x[size : 2 * size])


def opened_together(
    members: sparse.csr_matrix, amounts: tuple[Vector, Vector, Vector], hidden: Flags, progress: Progress
) -> tuple[Flags, list[Vector]]:
    """Hide more until every hidden count was seen to move, or was asked both ways; and the changes that showed it.

    ``amounts``: the persons of each unknown, and of each count what it needs and what is lost with it.
    """
    persons, needed, cost = amounts
    hidden = hidden.copy()
    room = Room.of(members, needed, np.asarray(members @ persons))
    changes: list[Vector] = []
    while len(among := np.flatnonzero(hidden & room.short & (room.failed < 2))):
        if progress:
            progress(float(hidden.sum() - len(among)), float(hidden.sum()), f"{int(hidden.sum()):,} counts hidden")
        shown = np.flatnonzero(~hidden)
        aims = room.aims(among)
        change = joint_change(persons, members[shown], cost[shown], room.asked(aims))
        if change is None:
            break
        hidden |= abs(np.asarray(members @ change)) > MOVED
        room.note(change)
        room.turn(aims)
        changes.append(change)
    return hidden, changes


def moved_together(room: Room, start: Vector, sums: sparse.csr_matrix) -> None:
    """Move the counts that are still short while all sums stay as they are, until asking again moves few of them."""
    before: float = np.inf
    while 0 < (left := int(room.short.sum())) <= _WORTH * before:
        before = left
        room.failed[:] = 0
        _asked_both_ways(room, start, sums)


def _asked_both_ways(room: Room, start: Vector, sums: sparse.csr_matrix) -> None:
    nothing = np.zeros(0)
    while len(among := np.flatnonzero(room.short & (room.failed < 2))):
        aims = room.aims(among, ALL_TOGETHER)
        change = joint_change(start, sums, nothing, room.asked(aims))
        if change is None:
            return
        room.note(change)
        room.turn(aims)
