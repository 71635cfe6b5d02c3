"""The search for counts to hide in a new release, where earlier releases have printed others for ever.

The decision a reader would question: what lacks room is first proved to lack it, one count after another, as a count
that was printed cannot change and each way to hide another must go around it.
"""

from collections.abc import Sequence

import numpy as np

from palermo.errors import PalermoError
from palermo.progress import Progress
from palermo.release.cells import TOTAL, Key
from palermo.release.feasible import Flags, Prover, Relations, Vector, cheapest_way, propagate
from palermo.release.suppress import TOTAL_COST, Suppression, Unknown

_NEARLY = 1e-6


class JointSuppression(Suppression):
    """The search of ``suppress`` over several releases: what was printed before, and differences, cannot be hidden."""

    def __init__(
        self,
        keys: Sequence[Key],
        values: Vector,
        relations: Relations,
        needed: Vector,
        unknown: Unknown,
        marks: tuple[Flags, Flags],
    ) -> None:
        self._relations = relations
        self._needed = needed
        self._unknown = unknown
        self._values = values
        totals = np.array([sum(code == TOTAL or "/" in code for code in key) for key in keys], dtype=float)
        self.hidden, settled = marks
        cost = (1 + np.log2(1 + abs(values))) * TOTAL_COST ** (totals - totals.min(initial=0))
        self._cost = np.where(settled, np.inf, cost)
        self._least, self._most = values.copy(), values.copy()  # in the possible tables seen

    def _open_ways(self, progress: Progress) -> bool:
        """Give room to the hidden counts that lack it, one after another; False when all had it already.

        In one release a count can always rise. Here it may have to fall, as what was printed stays printed; so first
        it is proved for each count that it has too little room as things are.
        """
        low, high = self.intervals()
        prover = Prover(self._relations, low, high)
        wanted = np.where(self.hidden, self._needed, 0.0)
        narrow = prover.free[prover.too_narrow(wanted[prover.free])]
        given_away = np.flatnonzero(self.hidden & (high == low) & (wanted > 0))
        waiting = [*given_away.tolist(), *narrow.tolist()]
        before = int(self.hidden.sum())
        self._least, self._most = self._values.copy(), self._values.copy()
        for number, cell in enumerate(waiting):
            if progress:
                progress(float(number), float(len(waiting)), "figures held against earlier releases")
            if self._most[cell] - self._least[cell] < self._needed[cell]:
                self._give_room(cell)
        return int(self.hidden.sum()) > before

    def _give_room(self, cell: int) -> None:
        """Hide what lets a count rise by its k or, where it cannot rise so far, rise and fall by k together."""
        if self._change(cell, self._needed[cell]):
            return
        most = self._highest(cell)
        up = min(np.floor(most - self._values[cell] + _NEARLY), self._needed[cell])
        can = up <= 0 or self._change(cell, up)
        if can and self._change(cell, up - self._needed[cell]):
            return
        if self._values[cell] == 0 and np.isfinite(self._cost[cell]):
            self.hidden[cell] = False  # a zero that is given away: hiding it hides nothing
            return
        raise PalermoError("figures of earlier releases give a count away, whatever is hidden in this one")

    def _highest(self, cell: int) -> float:
        """The most that a count can be where all is hidden that can be."""
        unknown = self.hidden | np.isfinite(self._cost)
        low = np.where(unknown, self._unknown.floor, self._values)
        high = np.where(unknown, self._unknown.ceiling, self._values)
        low, high = propagate(self._relations, low, high)
        prover = Prover(self._relations, low, high)
        place = np.flatnonzero(prover.free == cell)
        return float(prover.extreme(int(place[0]), 1.0)[place[0]]) if len(place) else float(high[cell])

    def _change(self, cell: int, rise: float) -> bool:
        """Hide what lets a count be so much more, or less, than it is; False where nothing does."""
        cost = np.where(self.hidden, 0.0, self._cost)
        fall = np.where(self.hidden, self._values - self._unknown.floor, self._values)
        way = cheapest_way(self._relations, self._values, fall, ([cell], np.array([rise])), cost)
        if way is None:
            return False
        self.hidden[way.opened] = True
        self._least, self._most = np.minimum(self._least, way.table), np.maximum(self._most, way.table)
        return True
