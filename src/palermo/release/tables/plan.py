"""One plan for all tables of a release: what is hidden, what it costs, what a reader can work out, and the proof.

The decision a reader would question: the plan is one for all tables, because a count hidden in one and printed in the
next, or left over between two, protects nobody; so it must be made again when a table is added.
"""

from dataclasses import dataclass

import numpy as np

from palermo.progress import Progress
from palermo.release.tables.cells import Cells, Flags, Lattice, Leaves, cells_of
from palermo.release.tables.possible import TOLERANCE
from palermo.release.tables.primary import Primary, primary
from palermo.release.tables.secondary import ceiling, complete
from palermo.release.tables.specification import Rules, Specification
from palermo.release.tables.system import Vector, system_of


@dataclass(frozen=True)
class Loss:
    """What one table loses: its counts, those that hold somebody, hidden first, hidden to guard, persons in both."""

    table: str
    cells: int
    nonzero: int
    primary: int
    secondary: int
    persons_hidden: int


@dataclass(frozen=True)
class Proved:
    """What a reader can work out of the hidden cells: how many exactly, to be fewer than k, or too closely.

    ``fractional`` are wide enough by tables with fractions; no whole tables were found with the effort set.
    """

    hidden: int
    exact: int
    small: int
    narrow: int
    fractional: int
    median_width: float

    @property
    def ok(self) -> bool:
        """Whether nothing is given away."""
        return not (self.exact or self.small or self.narrow)


@dataclass(frozen=True)
class Plan:
    """The protected tables. ``first`` and ``losses`` are for the office: which counts are small is not published."""

    specification: Specification
    rules: Rules
    first: Primary
    hidden: Flags  # of the cells of ``first.cells``
    lower: Vector  # what a reader can work out; the value itself where it is printed
    upper: Vector
    losses: tuple[Loss, ...]
    proved: Proved

    @property
    def cells(self) -> Cells:
        """The counts of all tables but those printed as zero."""
        return self.first.cells


def plan(leaves: Leaves, specification: Specification, rules: Rules, progress: Progress = None) -> Plan:
    """Protect all tables of a specification at once."""
    first = primary(cells_of(Lattice.of(specification), leaves), rules)
    system = system_of(first, rules)
    chosen, proof = complete(system, progress)
    low, high, seen, room = (system.values.astype(float) for _ in range(4))
    low[chosen], high[chosen] = proof.limits()
    seen[chosen], room[chosen] = proof.width, np.floor(proof.room + TOLERANCE)
    high[high > ceiling(system.values)] = np.inf
    hidden = chosen[system.group]
    lower, upper = low[system.group], high[system.group]
    proved = _proved(first, rules, hidden, (lower, upper, seen[system.group], room[system.group]))
    return Plan(specification, rules, first, hidden, lower, upper, _losses(first, hidden), proved)


def _losses(first: Primary, hidden: Flags) -> tuple[Loss, ...]:
    cells, primary_hidden = first.cells, first.hidden & hidden
    specification = cells.lattice.specification
    made = []
    for number, table in enumerate(specification.tables):
        here = cells.in_table[:, number]
        size = int(np.prod([len(codes) for codes in specification.printed(table)]))
        flags = (cells.values > 0, primary_hidden, hidden & ~primary_hidden)
        nonzero, small, guarding = (int((some & here).sum()) for some in flags)
        made.append(Loss(table.name, size, nonzero, small, guarding, int(cells.values[hidden & here].sum())))
    return tuple(made)


def _proved(first: Primary, rules: Rules, hidden: Flags, found: tuple[Vector, Vector, Vector, Vector]) -> Proved:
    lower, upper, seen, room = (some[hidden] for some in found)
    k = np.maximum(first.cells.k, rules.k)[hidden]
    needed = first.needed[hidden] if rules.level == "width" else np.ones(len(k), dtype=np.int64)
    width = upper - lower
    return Proved(
        hidden=int(hidden.sum()),
        exact=int((room < 1).sum()),
        small=int(((lower >= 1) & (upper < k) & (width >= 1)).sum()) if rules.level == "width" else 0,
        narrow=int((room < needed).sum()),
        fractional=int((seen < needed).sum()),
        median_width=float(np.median(width)) if len(width) else 0.0,
    )
