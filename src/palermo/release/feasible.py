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
_SHARED_ROUNDS = 6


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

    def _reach(self, direction: Vector) -> None:
        """The possible table that goes furthest in a direction; it widens the known intervals."""
        answer = linprog(
            -direction,
            A_ub=self._most if self._most.shape[0] else None,
            b_ub=self._most_to if self._most.shape[0] else None,
            A_eq=self._equal if self._equal.shape[0] else None,
            b_eq=self._equal_to if self._equal.shape[0] else None,
            bounds=self._bounds,
            method="highs",
        )
        if answer.status != 0:
            raise PalermoError(
                f"no table of counts fits all published figures ({answer.message.split('.')[0]}). Expected totals and "
                "parts that agree; check the account for figures that contradict each other"
            )
        self.lowest = np.minimum(self.lowest, answer.x)
        self.highest = np.maximum(self.highest, answer.x)

    def whole(self) -> tuple[Vector, Vector]:
        """The intervals seen so far, as whole numbers inside them."""
        return np.ceil(self.lowest - _TOLERANCE), np.floor(self.highest + _TOLERANCE)

    def _short(self, wanted: Vector) -> Flags:
        lowest, highest = self.whole()
        return ~(highest - lowest >= wanted)

    def too_narrow(self, wanted: Vector) -> Flags:
        """Which free counts have an interval narrower than wanted, proved for each. ``wanted`` is 0 where not asked.

        After the call ``whole()`` is the exact interval of every count that is too narrow.
        """
        if not len(self.free):
            return np.zeros(0, dtype=bool)
        signs = np.random.default_rng(0)  # any fixed stream of signs: the answer does not depend on it
        asked = (wanted > 0).astype(float)
        self._reach(asked)
        self._reach(-asked)
        for _ in range(_SHARED_ROUNDS):
            short = self._short(wanted)
            if not short.any():
                return short
            direction = np.where(signs.random(len(self.free)) < 0.5, 1.0, -1.0) * short
            self._reach(direction)
            self._reach(-direction)
        return self._one_by_one(wanted)

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


def _reduced(
    matrix: sparse.csr_matrix, free: npt.NDArray[np.int64], fixed: Vector
) -> tuple[sparse.csr_matrix, Vector]:
    """The rows that still have a free count, and what the known counts leave on their right-hand side."""
    part = matrix[:, free]
    rows = np.flatnonzero(np.diff(part.indptr))
    return part[rows], -(matrix @ fixed)[rows]
