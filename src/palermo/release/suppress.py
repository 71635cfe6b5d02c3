"""Which counts to hide so that no hidden one can be worked out: small counts first, then as few others as needed.

A hidden cell can move only as far as the other hidden cells of each sum it stands in. Where that leaves it less than
its k, the sum loses its least useful published cell; when no single sum is too tight, linear programmes look at all of
them at once. Least useful means: not a total, small but not tiny, and standing in sums that already hide something. The
decision a reader would question: this is a heuristic, so it may hide a few cells more than the least number possible;
that it hides enough is proved, here and again by the audit, which shares no code with the choice made here.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from palermo.release.cells import TOTAL, Cells
from palermo.release.feasible import Flags, Prover, Vector, cheapest_way, propagate
from palermo.release.structure import Structure

Progress = Callable[[float, float | None, str], None] | None

_NEW_SUM = 6.0  # cost of putting the first hidden cell into another sum, against log2 of the count


@dataclass(frozen=True)
class Unknown:
    """What a reader knows of a hidden cell before doing any sum."""

    floor: Vector  # the least a hidden count can be: 1 in tables that print no zero
    ceiling: float  # more than any count: what a hidden one can be at most


class Suppression:
    """The growing set of hidden cells."""

    def __init__(self, cells: Cells, structure: Structure, needed: Vector, unknown: Unknown) -> None:
        self._structure = structure
        self._needed = needed
        self._unknown = unknown
        self._sums_of: list[list[int]] = [[] for _ in cells.keys]
        for number, tied in enumerate(structure.tied):
            for cell in tied:
                self._sums_of[cell].append(number)
        totals = np.array([sum(code == TOTAL for code in key) for key in cells.keys], dtype=float)
        self._values = values = np.array(cells.values, dtype=float)
        tiny = np.where(values == 0, 5.0, np.where(values < needed, 2.0, 0.0))
        self._cost = np.log2(1 + values) + totals + tiny
        self._hidden_in = [0] * len(structure.tied)
        self.hidden: Flags = np.zeros(len(cells.keys), dtype=bool)

    def hide(self, cell: int) -> None:
        """Hide one cell."""
        if not self.hidden[cell]:
            self.hidden[cell] = True
            for number in self._sums_of[cell]:
                self._hidden_in[number] += 1

    def known(self) -> tuple[Vector, Vector]:
        """The interval of every cell as it would be printed."""
        low = np.where(self.hidden, self._unknown.floor, self._values)
        high = np.where(self.hidden, self._unknown.ceiling, self._values)
        return low, high

    def intervals(self) -> tuple[Vector, Vector]:
        """What follows for every cell from one sum at a time."""
        return propagate(self._structure.relations, *self.known())

    def complete(self, progress: Progress) -> None:
        """Hide more cells until every hidden one is proved safe."""
        while True:
            _tell(progress, 0, 2, f"{int(self.hidden.sum()):,} of {len(self.hidden):,} counts hidden")
            before = int(self.hidden.sum())
            low, high = self.intervals()
            self._guard(np.flatnonzero(self.hidden & (high - low < self._needed)), high - low)
            if int(self.hidden.sum()) == before:
                break
        while self._open_ways(progress):
            pass

    def _open_ways(self, progress: Progress) -> bool:
        """Hide the cheapest cells that let the hidden cells without room move; False when all had room already."""
        low, high = self.intervals()
        prover = Prover(self._structure.relations, low, high)
        if not len(prover.free):
            return False
        prover.witness(self._values[prover.free])
        wanted = np.where(self.hidden, self._needed, 0.0)
        narrow = prover.narrow_so_far(wanted[prover.free])
        before = int(self.hidden.sum())
        lowest = dict(zip(prover.free.tolist(), prover.lowest.tolist(), strict=True))
        proved = np.zeros(len(self.hidden))
        for done, cell in enumerate(prover.free[narrow].tolist()):
            _tell(progress, 1 + done / len(narrow), 2, f"{int(self.hidden.sum()):,} counts hidden")
            rise = wanted[cell] - (self._values[cell] - lowest[cell])
            if proved[cell] < rise:
                proved = np.maximum(proved, self._open_way(cell, rise) - self._values)
        return int(self.hidden.sum()) > before  # those hidden on the way need room as well

    def _open_way(self, cell: int, rise: float) -> Vector:
        cost = np.where(self.hidden, 0.0, self._cost + 1)
        least = np.where(self.hidden, self._unknown.floor, 0.0)
        way = cheapest_way(self._structure.relations, self._values, least, (cell, rise), cost)
        for opened in way.opened.tolist():
            self.hide(opened)
        return way.table

    def _guard(self, exposed: npt.NDArray[np.int64], width: Vector) -> None:
        """Give each exposed cell more room in every sum that is too tight for it."""
        for cell in exposed.tolist():
            for number in self._sums_of[cell]:
                room = self._room(number, cell, width)
                while room < self._needed[cell]:
                    guard = self._hide_in(number)
                    if guard is None:
                        break
                    width[guard] = max(1.0, self._values[guard])  # an estimate until the next round
                    room += width[guard]

    def _room(self, number: int, cell: int, width: Vector) -> float:
        return float(sum(width[other] for other in self._structure.tied[number] if other != cell))

    def _hide_in(self, number: int) -> int | None:
        open_cells = [cell for cell in self._structure.tied[number] if not self.hidden[cell]]
        if not open_cells:
            return None
        guard = min(open_cells, key=lambda cell: (self._price(cell), cell))
        self.hide(guard)
        return guard

    def _price(self, cell: int) -> float:
        new_sums = sum(self._hidden_in[number] == 0 for number in self._sums_of[cell])
        return float(self._cost[cell] + _NEW_SUM * new_sums)


def _tell(progress: Progress, done: float, total: float, text: str) -> None:
    if progress:
        progress(done, total, text)
