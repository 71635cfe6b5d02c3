"""Which counts to hide so that no hidden one can be worked out: small counts first, then as few others as needed.

For every hidden cell a second possible table is sought in which the cell is larger by its k and every published sum
still holds; the true table is the first. Where the hidden cells leave no such table, a linear programme finds the
cheapest published cells to hide so that there is one (Kelly, Golden and Assad 1992). Cheap are small counts that are no
totals. The decision a reader would question: cells are served one after the other and each programme sees only the
cell's own year and three others, so that a few cells more than the least number possible may be hidden; that enough are
hidden is proved, here and again by the audit, which shares only the solver.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from palermo.errors import PalermoError
from palermo.release.cells import TOTAL, Cells, position
from palermo.release.feasible import Flags, Prover, Vector, cheapest_way, propagate
from palermo.release.structure import Structure

Progress = Callable[[float, float | None, str], None] | None

_OTHER_YEARS = 3
TOTAL_COST = 10.0  # a reader loses about so much more with a cell that is a total over one dimension more


@dataclass(frozen=True)
class Unknown:
    """What a reader knows of a hidden cell before doing any sum."""

    floor: Vector  # the least a hidden count can be: not 0 in tables that print no zero
    ceiling: float  # more than any count: what a hidden one can be at most


class Suppression:
    """The growing set of hidden cells."""

    def __init__(self, cells: Cells, structure: Structure, needed: Vector, unknown: Unknown) -> None:
        self._relations = structure.relations
        self._needed = needed
        self._unknown = unknown
        self._values = np.array(cells.values, dtype=float)
        totals = np.array([sum(code == TOTAL for code in key) for key in cells.keys], dtype=float)
        self._cost = (1 + np.log2(1 + self._values)) * TOTAL_COST ** (totals - totals.min(initial=0))
        self._year = np.array([key[position("time_period")] for key in cells.keys], dtype=np.str_)
        self._years = sorted(set(self._year.tolist()) - {TOTAL})
        self.hidden: Flags = np.zeros(len(cells.keys), dtype=bool)

    def hide(self, cell: int) -> None:
        """Hide one cell."""
        self.hidden[cell] = True

    def intervals(self) -> tuple[Vector, Vector]:
        """What follows for every cell from one sum at a time."""
        low = np.where(self.hidden, self._unknown.floor, self._values)
        high = np.where(self.hidden, self._unknown.ceiling, self._values)
        return propagate(self._relations, low, high)

    def complete(self, progress: Progress) -> None:
        """Hide more cells until every hidden one is proved safe."""
        while self._open_ways(progress):
            pass

    def _open_ways(self, progress: Progress) -> bool:
        """Hide the cheapest cells that let the hidden cells without room move; False when all had room already."""
        low, high = self.intervals()
        prover = Prover(self._relations, low, high)
        prover.witness(self._values[prover.free])
        wanted = np.where(self.hidden, self._needed, 0.0)
        narrow = prover.free[prover.narrow_so_far(wanted[prover.free])]
        waiting = np.concatenate([np.flatnonzero(self.hidden & (high == low)), narrow]).tolist()
        before = int(self.hidden.sum())
        rise = wanted.copy()  # what the witnesses seen so far leave to show
        rise[prover.free] -= self._values[prover.free] - prover.lowest
        risen = np.zeros(len(rise))
        for done, cell in enumerate(waiting):
            if progress:
                progress(float(done), float(len(waiting)), f"{int(self.hidden.sum()):,} counts hidden")
            if risen[cell] < rise[cell]:
                risen = np.maximum(risen, self._open_way(cell, rise[cell]) - self._values)
        return int(self.hidden.sum()) > before  # those hidden on the way need room as well

    def _open_way(self, cell: int, rise: float) -> Vector:
        """Hide what lets one cell rise. Returns the table in which it has risen.

        A cell that cannot rise in any table is a zero that the rows missing from a table give away: it is shown, as
        hiding it hides nothing. All others can, because twice a possible table is a possible table.
        """
        cost = np.where(self.hidden, 0.0, self._cost)
        fall = np.where(self.hidden, self._values - self._unknown.floor, self._values)
        for may_change in (self._near(cell), np.ones(len(self.hidden), dtype=bool)):
            way = cheapest_way(self._relations, self._values, fall, (cell, rise), np.where(may_change, cost, np.inf))
            if way is not None:
                self.hidden[way.opened] = True
                return way.table
        if self._values[cell] > 0:
            raise PalermoError("no way to protect a hidden count: its tables do not fit together; check the account")
        self.hidden[cell] = False
        return self._values

    def _near(self, cell: int) -> Flags:
        """Cells of the same year, of the years where most is hidden already, and of all years together."""
        hidden_in = {year: int(self.hidden[self._year == year].sum()) for year in self._years}
        busiest = sorted(self._years, key=lambda year: (-hidden_in[year], year))[: _OTHER_YEARS + 1]
        return np.isin(self._year, [TOTAL, self._year[cell], *busiest])
