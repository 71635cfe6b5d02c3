"""Controlled rounding: counts changed as little as possible so that no small count is left and every sum holds.

Only the finest counts are moved; all others are sums of them, so that all tables add up, within and between them.
``small`` (Langsrud and Heldal 2018) moves only the small counts that a printed small count comes from, to 0 or to the
base, and no printed count is then 1 to base - 1. ``full`` moves every count to a multiple of the base next to it. The
decision a reader would question: a zero is never moved (zero-restricted), so a printed zero hides among real ones.
"""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from palermo.errors import UsageError
from palermo.release.tables.alternatives.nearest import nearest
from palermo.release.tables.cells import Cells, Flags, Whole
from palermo.release.tables.system import same_rows

Which = Literal["small", "full"]


@dataclass(frozen=True)
class Rounding:
    """``base``: what counts are rounded to; ``which``: only small counts, or all."""

    base: int = 5
    which: Which = "small"
    seed: int = 0

    def __post_init__(self) -> None:
        if self.base < 2:
            raise UsageError(f"rounding to {self.base}; expected a base of 2 or more")
        if self.which not in get_args(Which):
            raise UsageError(f"rounding of {self.which!r} counts; expected one of {', '.join(get_args(Which))}")


@dataclass(frozen=True)
class Rounded:
    """The finest counts and the printed ones after rounding, which of the finest may have moved, and how far."""

    unknowns: Whole
    values: Whole
    moved: Flags
    largest: int  # deviation of a printed count


def rounded(cells: Cells, rounding: Rounding) -> Rounded:
    """Round the counts of all tables together."""
    people = cells.unknowns.persons
    if rounding.which == "full":
        over = people % rounding.base
        return _rounded(cells, np.flatnonzero(over), over, rounding)
    chosen = _small_parts(cells, people, rounding.base)
    while True:
        made = _rounded(cells, np.flatnonzero(chosen), np.where(chosen, people, 0), rounding)
        more = chosen | _small_parts(cells, made.unknowns, rounding.base) & (people > 0)
        if (more == chosen).all():
            return made
        chosen = more


def _small_parts(cells: Cells, people: Whole, base: int) -> Flags:
    """The finest counts that a printed count of 1 to base - 1 is made of."""
    values = np.asarray(cells.members @ people)
    small = (values > 0) & (values < base)
    return np.asarray((cells.members.T @ small.astype(np.int64) > 0) & (people > 0))


def _rounded(cells: Cells, figures: Whole, over: Whole, rounding: Rounding) -> Rounded:
    members = cells.members[:, figures].tocsr()
    kind, one = same_rows(members)
    copies = np.bincount(kind, minlength=len(one)).astype(np.float64)
    choice = nearest(members[one], over[figures].astype(np.float64), rounding.base, copies, rounding.seed)
    unknowns = cells.unknowns.persons.copy()
    unknowns[figures] += np.where(choice.up, rounding.base, 0) - over[figures]
    values = np.asarray(cells.members @ unknowns)
    moved = np.zeros(len(unknowns), dtype=bool)
    moved[figures] = True
    return Rounded(unknowns, values, moved, int(abs(values - cells.values).max(initial=0)))
