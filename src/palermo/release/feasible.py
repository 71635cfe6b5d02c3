"""What can be worked out about unknown counts: the smallest and largest value each can have in a linear system.

Two methods. ``propagate`` looks at one relation at a time: quick, its intervals are never too narrow. ``Prover`` solves
linear programmes over all relations at once. It looks for witnesses, that is two possible tables in which a count
differs by enough, and a programme aimed at many counts at once proves most of them; only the rest get one each.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import linprog
from scipy.sparse.csgraph import connected_components

from palermo.errors import PalermoError

Vector = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_TOLERANCE = 1e-6
_SWEEPS = 40
_SHARED_ROUNDS = 40
_SHARE_RISING = (0.5, 0.2, 0.35, 0.1)  # not all can rise at once: totals are known


@dataclass(frozen=True)
class Relations:
    """``equal @ x == 0`` and ``at_most @ x <= 0`` over all counts x of a release; entries are -1 and 1."""

    equal: sparse.csr_matrix
    at_most: sparse.csr_matrix

    @classmethod
    def of(cls, equal: list[dict[int, int]], at_most: list[dict[int, int]], counts: int) -> "Relations":
        """From rows given as {position of the count: coefficient}."""
        return cls(_matrix(equal, counts), _matrix(at_most, counts))


def _matrix(rows: list[dict[int, int]], width: int) -> sparse.csr_matrix:
    lengths = np.fromiter((len(row) for row in rows), dtype=np.int64, count=len(rows))
    starts = np.concatenate([[0], np.cumsum(lengths)])
    columns = np.fromiter((column for row in rows for column in row), dtype=np.int64)
    entries = np.fromiter((entry for row in rows for entry in row.values()), dtype=np.float64)
    return sparse.csr_matrix((entries, columns, starts), shape=(len(rows), width))


def propagate(relations: Relations, low: Vector, high: Vector) -> tuple[Vector, Vector]:
    """Narrow the intervals relation by relation until nothing changes. Bounds are whole numbers."""
    rows = sparse.vstack([relations.equal, -relations.equal, relations.at_most]).tocoo()
    row, column, entry = rows.row, rows.col, rows.data
    low, high = low.copy(), high.copy()
    for _ in range(_SWEEPS):
        least = np.where(entry > 0, entry * low[column], entry * high[column])
        room = least - np.bincount(row, least, minlength=rows.shape[0])[row]  # what the others leave to this one
        limit = room / entry
        new_high, new_low = high.copy(), low.copy()
        up = entry > 0
        np.minimum.at(new_high, column[up], np.floor(limit[up] + _TOLERANCE))
        np.maximum.at(new_low, column[~up], np.ceil(limit[~up] - _TOLERANCE))
        if np.array_equal(new_low, low) and np.array_equal(new_high, high):
            break
        low, high = new_low, new_high
    return low, high


class Prover:
    """Linear programmes over the counts that are not known exactly."""

    def __init__(self, relations: Relations, low: Vector, high: Vector) -> None:
        self.free: npt.NDArray[np.int64] = np.flatnonzero(high > low)
        fixed = np.where(high > low, 0.0, low)
        self._equal, self._equal_to = _reduced(relations.equal, self.free, fixed)
        self._most, self._most_to = _reduced(relations.at_most, self.free, fixed)
        self._bounds = np.column_stack([low[self.free], high[self.free]])
        both = sparse.vstack([self._equal, self._most])
        links = (abs(both).T @ abs(both)) if both.shape[0] else sparse.csr_matrix((len(self.free), len(self.free)))
        self.part: npt.NDArray[np.int32] = connected_components(links, directed=False)[1]
        self.lowest = np.full(len(self.free), np.inf)
        self.highest = np.full(len(self.free), -np.inf)

    def _best(self, gain: Vector, aims: npt.NDArray[np.int64], enough: Vector) -> Vector:
        """The possible table with most ``gain @ x`` plus, for each aim, its rise over its lowest, up to enough."""
        lifts = len(aims)
        lift_rows = sparse.csr_matrix((-np.ones(lifts), (np.arange(lifts), aims)), shape=(lifts, len(self.free)))
        most = sparse.bmat([[self._most, None], [lift_rows, sparse.eye(lifts)]], format="csr") if lifts else self._most
        most_to = np.concatenate([self._most_to, -self.lowest[aims]])
        equal = sparse.hstack([self._equal, sparse.csr_matrix((self._equal.shape[0], lifts))], format="csr")
        answer = linprog(
            -np.concatenate([gain, np.ones(lifts)]),
            A_ub=most if most.shape[0] else None,
            b_ub=most_to if most.shape[0] else None,
            A_eq=equal if equal.shape[0] else None,
            b_eq=self._equal_to if equal.shape[0] else None,
            bounds=np.vstack([self._bounds, np.column_stack([np.zeros(lifts), enough])]),
            method="highs",
        )
        if answer.status != 0:
            raise PalermoError(
                f"no table of counts fits all published figures ({answer.message.split('.')[0]}). Expected totals and "
                "parts that agree; check the account for figures that contradict each other"
            )
        table: Vector = answer.x[: len(self.free)]
        self.witness(table)
        return table

    def _reach(self, direction: Vector) -> Vector:
        return self._best(direction, np.zeros(0, dtype=np.int64), np.zeros(0))

    def extreme(self, place: int, sign: float) -> Vector:
        """A possible table (of the free counts) in which one is as large as it can be, with ``sign`` -1 as small."""
        direction = np.zeros(len(self.free))
        direction[place] = sign
        return self._reach(direction)

    def cannot_be_none(self, places: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Which of these free counts are above none, or below it, in every possible table.

        After the call ``whole()`` holds their exact intervals. Tables in which all are small settle most at once.
        """
        direction = np.zeros(len(self.free))
        direction[places] = 1.0
        for sign in (-1.0, 1.0) if len(places) else ():
            self._reach(sign * direction)
        found = []
        for place in places.tolist():
            for sign in (-1.0, 1.0):
                lowest, highest = self.whole()
                if (lowest[place] > 0) if sign < 0 else (highest[place] < 0):
                    self.extreme(place, sign)
            lowest, highest = self.whole()
            if not lowest[place] <= 0 <= highest[place]:
                self.extreme(place, 1.0), self.extreme(place, -1.0)
                found.append(place)
        return np.array(found, dtype=np.int64)

    def witness(self, table: Vector) -> None:
        """Note a possible table (of the free counts): it widens the known intervals."""
        self.lowest = np.minimum(self.lowest, table)
        self.highest = np.maximum(self.highest, table)

    def whole(self) -> tuple[Vector, Vector]:
        """The intervals seen so far, as whole numbers inside them."""
        return np.ceil(self.lowest - _TOLERANCE), np.floor(self.highest + _TOLERANCE)

    def _short(self, wanted: Vector) -> Flags:
        lowest, highest = self.whole()
        return ~(highest - lowest >= wanted)

    def narrow_so_far(self, wanted: Vector) -> npt.NDArray[np.int64]:
        """Look for witnesses for all counts at once; the positions of those not yet seen to vary by as much as wanted.

        Each programme asks for a table in which as many counts as possible, of a drawn share of those still waiting,
        rise by what they want. ``wanted`` is 0 where not asked.
        """
        if not len(self.free):
            return self.free
        if not np.isfinite(self.lowest).all():
            self._reach(-(wanted > 0).astype(float))
        draws = np.random.default_rng(0)  # any fixed stream: what is proved does not depend on it
        for number in range(_SHARED_ROUNDS):
            short = np.flatnonzero(self._short(wanted))
            if not len(short):
                break
            rising = short[draws.random(len(short)) < _SHARE_RISING[number % len(_SHARE_RISING)]]
            self._best(np.zeros(len(self.free)), rising, wanted[rising])
        return np.flatnonzero(self._short(wanted))

    def too_narrow(self, wanted: Vector) -> Flags:
        """Which free counts cannot vary by as much as wanted, proved for each.

        After the call ``whole()`` is the exact interval of every count that is too narrow.
        """
        self.narrow_so_far(wanted)
        return self._one_by_one(wanted) if len(self.free) else np.zeros(0, dtype=bool)

    def _one_by_one(self, wanted: Vector) -> Flags:
        """Aim at one count of each connected part at a time; parts do not disturb each other."""
        settled = np.zeros(len(self.free), dtype=bool)
        while True:
            waiting = np.flatnonzero(self._short(wanted) & ~settled)
            if not len(waiting):
                return self._short(wanted)
            _, first = np.unique(self.part[waiting], return_index=True)
            aim = waiting[first]
            direction = np.zeros(len(self.free))
            direction[aim] = 1.0
            self._reach(direction)
            self._reach(-direction)
            settled[aim] = True


@dataclass(frozen=True)
class Way:
    """How a table can change so that some counts rise: the changed counts that cost something, and the new table."""

    opened: npt.NDArray[np.int64]
    table: Vector


def cheapest_way(
    relations: Relations, table: Vector, fall: Vector, aims: tuple[list[int], Vector], cost: Vector
) -> Way | None:
    """The change of a table, at least cost per unit of change, in which each count of ``aims`` rises by its number.

    A negative number is a fall. All relations hold, no count falls by more than ``fall``, and those of infinite cost
    stay. None where there is no such change. After Kelly, Golden and Assad (1992).
    """
    moving = np.flatnonzero(np.isfinite(cost))
    equal, _ = _reduced(relations.equal, moving, table)
    most, room = _reduced(relations.at_most, moving, table)
    bounds = np.column_stack([np.zeros(2 * len(moving)), np.concatenate([np.full(len(moving), np.inf), fall[moving]])])
    cells, rises = aims
    places = np.searchsorted(moving, cells)
    up, down = np.maximum(rises, 0.0), np.maximum(-rises, 0.0)
    bounds[places], bounds[len(moving) + places] = np.column_stack([up, up]), np.column_stack([down, down])
    answer = linprog(
        np.tile(cost[moving], 2),
        A_ub=sparse.hstack([most, -most], format="csr") if most.shape[0] else None,
        b_ub=room if most.shape[0] else None,
        A_eq=sparse.hstack([equal, -equal], format="csr") if equal.shape[0] else None,
        b_eq=np.zeros(equal.shape[0]) if equal.shape[0] else None,
        bounds=bounds,
        method="highs",
    )
    if answer.status != 0:
        return None
    change = np.zeros(len(table))
    change[moving] = answer.x[: len(moving)] - answer.x[len(moving) :]
    return Way(np.flatnonzero((abs(change) > _TOLERANCE) & (cost > 0)), table + change)


def _reduced(matrix: sparse.csr_matrix, free: npt.NDArray[np.int64], fixed: Vector) -> tuple[sparse.csr_matrix, Vector]:
    """The rows that still have a free count, and what the known counts leave on their right-hand side."""
    part = matrix[:, free]
    rows = np.flatnonzero(np.diff(part.indptr))
    return part[rows], -(matrix @ fixed)[rows]
