"""Which counts to hide so that no hidden one can be worked out: small counts first, then as few others as needed.

For every hidden cell a second possible table is sought in which the cell is larger by its k and every published sum
still holds; the true table is the first. Where the hidden cells leave no such table, a linear programme finds the
cheapest published cells to hide so that there is one (Kelly, Golden and Assad 1992). Cheap are small counts that are no
totals. The decision a reader would question: one programme serves some cells of different years, and sees
only their years and three others, so that more than the least possible number of cells may be hidden; that enough are
hidden is proved, here and again by the audit, which shares only the solver.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from palermo.errors import PalermoError
from palermo.progress import Progress
from palermo.release.cells import TOTAL, Cells, position
from palermo.release.feasible import Flags, Prover, Vector, cheapest_way, propagate
from palermo.release.structure import Structure

_OTHER_YEARS = 3
_TOGETHER = 16  # cells served by one programme: more are quicker and hide a few cells more
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
        self._sums_of = sparse.vstack([structure.relations.equal, structure.relations.at_most]).tocsc()
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
        waiting.sort(key=lambda cell: (-self._cost[cell], cell))  # what totals need first, so that details can share it
        before = int(self.hidden.sum())
        rise = wanted.copy()  # what the witnesses seen so far leave to show
        rise[prover.free] -= self._values[prover.free] - prover.lowest
        risen = np.zeros(len(rise))
        while waiting := [cell for cell in waiting if risen[cell] < rise[cell]]:
            if progress:
                progress(float(self.hidden.sum()), None, f"{int(self.hidden.sum()):,} counts hidden")
            together = self._apart(waiting)
            risen = np.maximum(risen, self._open_way(together, rise))
            waiting = [cell for cell in waiting if cell not in set(together)]
        return int(self.hidden.sum()) > before  # those hidden on the way need room as well

    def _apart(self, waiting: list[int]) -> list[int]:
        """Some of the waiting cells, no two in one sum or one year, so that they do not get into each other's way."""
        chosen: list[int] = []
        taken: set[int] = set()
        years: set[str] = set()
        for cell in waiting:
            sums = self._sums_of.indices[self._sums_of.indptr[cell] : self._sums_of.indptr[cell + 1]].tolist()
            if taken.isdisjoint(sums) and self._year[cell] not in years:
                chosen.append(cell)
                years.add(self._year[cell])
                taken.update(sums)
                if len(chosen) == _TOGETHER:
                    break
        return chosen

    def _open_way(self, aims: list[int], rise: Vector) -> Vector:
        """Hide what lets these cells rise, all at once or else in two halves. Returns how far each count has risen.

        A cell that cannot rise in any table is a zero that the rows missing from a table give away: it is shown, as
        hiding it hides nothing. All others can, because twice a possible table is a possible table.
        """
        cost = np.where(self.hidden, 0.0, self._cost)
        fall = np.where(self.hidden, self._values - self._unknown.floor, self._values)
        for may_change in (self._near(aims), np.ones(len(self.hidden), dtype=bool)):
            aimed = np.where(may_change, cost, np.inf)
            way = cheapest_way(self._relations, self._values, fall, (aims, rise[aims]), aimed)
            if way is not None:
                self.hidden[way.opened] = True
                return np.asarray(way.table - self._values)
        if len(aims) > 1:
            half = len(aims) // 2
            return np.maximum(self._open_way(aims[:half], rise), self._open_way(aims[half:], rise))
        (cell,) = aims
        if self._values[cell] > 0:
            raise PalermoError("no way to protect a hidden count: its tables do not fit together; check the account")
        self.hidden[cell] = False
        return np.zeros(len(self._values))

    def _near(self, aims: list[int]) -> Flags:
        """Cells of the same year, of the years where most is hidden already, and of all years together."""
        hidden_in = {year: int(self.hidden[self._year == year].sum()) for year in self._years}
        busiest = sorted(self._years, key=lambda year: (-hidden_in[year], year))[: _OTHER_YEARS + 1]
        return np.isin(self._year, [TOTAL, *self._year[aims], *busiest])
