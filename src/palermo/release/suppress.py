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

from palermo.errors import PalermoError
from palermo.release.cells import TOTAL, Cells
from palermo.release.feasible import Flags, Prover, Vector, propagate
from palermo.release.structure import Structure

Progress = Callable[[float, float | None, str], None] | None

_ROUNDS = 400
_NEW_SUM = 6.0  # cost of putting the first hidden cell into another sum, against log2 of the count


@dataclass(frozen=True)
class Published:
    """What each cell would tell if it is not hidden: an exact count has ``low`` = ``high``, a rounded one a range."""

    low: Vector
    high: Vector
    floor: Vector  # the least a hidden count can be: 1 in tables that print no zero
    ceiling: float  # more than any count: what a hidden one can be at most


class Suppression:
    """The growing set of hidden cells."""

    def __init__(self, cells: Cells, structure: Structure, needed: Vector, published: Published) -> None:
        self._structure = structure
        self._needed = needed
        self._published = published
        self._sums_of: list[list[int]] = [[] for _ in cells.keys]
        for number, tied in enumerate(structure.tied):
            for cell in tied:
                self._sums_of[cell].append(number)
        totals = np.array([sum(code == TOTAL for code in key) for key in cells.keys], dtype=float)
        values = np.array(cells.values, dtype=float)
        tiny = np.where(values == 0, 5.0, np.where(values < needed, 2.0, 0.0))
        self._cost = np.log2(1 + values) + totals + tiny
        self._hidden_in = np.zeros(len(structure.tied), dtype=int)
        self.hidden: Flags = np.zeros(len(cells.keys), dtype=bool)

    def hide(self, cell: int) -> None:
        """Hide one cell."""
        if not self.hidden[cell]:
            self.hidden[cell] = True
            for number in self._sums_of[cell]:
                self._hidden_in[number] += 1

    def known(self) -> tuple[Vector, Vector]:
        """The interval of every cell as it would be printed."""
        low = np.where(self.hidden, self._published.floor, self._published.low)
        high = np.where(self.hidden, self._published.ceiling, self._published.high)
        return low, high

    def intervals(self) -> tuple[Vector, Vector]:
        """What follows for every cell from one sum at a time."""
        return propagate(self._structure.relations, *self.known())

    def complete(self, progress: Progress) -> None:
        """Hide more cells until every hidden one is proved safe."""
        for number in range(_ROUNDS):
            if progress:
                progress(float(number), None, f"{int(self.hidden.sum()):,} of {len(self.hidden):,} counts hidden")
            low, high = self.intervals()
            exposed = np.flatnonzero(self.hidden & (high - low < self._needed))
            if not len(exposed):
                exposed = self._exposed_to_all_sums(low, high)
            if not len(exposed):
                return
            self._guard(exposed, high - low)
        raise PalermoError(f"no safe set of hidden cells found in {_ROUNDS} rounds; choose a smaller k or coarser tables")

    def _exposed_to_all_sums(self, low: Vector, high: Vector) -> npt.NDArray[np.int64]:
        prover = Prover(self._structure.relations, low, high)
        wanted = np.where(self.hidden, self._needed, 0.0)[prover.free]
        return prover.free[prover.too_narrow(wanted)]

    def _guard(self, exposed: npt.NDArray[np.int64], width: Vector) -> None:
        """Give each exposed cell more room: in every sum that is too tight for it, or else in the tightest one."""
        for cell in exposed.tolist():
            room = {number: self._room(number, cell, width) for number in self._sums_of[cell]}
            tight = [number for number, left in room.items() if left < self._needed[cell]]
            for number in tight or sorted(room, key=lambda number: (room[number], number)):
                if self._hide_in(number) and not tight:
                    break

    def _room(self, number: int, cell: int, width: Vector) -> float:
        return float(sum(width[other] for other in self._structure.tied[number] if other != cell))

    def _hide_in(self, number: int) -> bool:
        open_cells = [cell for cell in self._structure.tied[number] if not self.hidden[cell]]
        if not open_cells:
            return False
        self.hide(min(open_cells, key=lambda cell: (self._price(cell), cell)))
        return True

    def _price(self, cell: int) -> float:
        new_sums = sum(self._hidden_in[number] == 0 for number in self._sums_of[cell])
        return float(self._cost[cell]) + _NEW_SUM * new_sums
