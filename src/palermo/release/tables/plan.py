"""One plan for all tables of a release: what is hidden, what it costs, what a reader can work out, and the proof.

The decision a reader would question: the plan is one for all tables, because a count hidden in one and printed in the
next, or left over between two, protects nobody; so it must be made again when a table is added.
"""

from dataclasses import dataclass

import numpy as np

from palermo.release.tables.cells import Cells, Flags, Lattice, Leaves, Whole, cells_of
from palermo.release.tables.primary import Primary, primary
from palermo.release.tables.proof import Proof
from palermo.release.tables.secondary import Progress, complete
from palermo.release.tables.specification import Rules, Specification
from palermo.release.tables.system import System, Vector, system_of


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
class Plan:
    """The protected tables. ``first`` and ``losses`` are for the office: which counts are small is not published."""

    specification: Specification
    rules: Rules
    first: Primary
    hidden: Flags  # of the cells of ``first.cells``
    lower: Vector
    upper: Vector
    losses: tuple[Loss, ...]
    proved: "Proved"

    @property
    def cells(self) -> Cells:
        """The counts of all tables but those printed as zero."""
        return self.first.cells


@dataclass(frozen=True)
class Proved:
    """How many counts are hidden; how many of them a reader knows exactly, or to be fewer than k, or too closely."""

    hidden: int
    exact: int
    small: int
    narrow: int
    widths: Whole  # of every hidden cell

    @property
    def ok(self) -> bool:
        """Whether nothing is given away."""
        return not (self.exact or self.small or self.narrow)


def plan(leaves: Leaves, specification: Specification, rules: Rules, progress: Progress = None) -> Plan:
    """Protect all tables of a specification at once."""
    first = primary(cells_of(Lattice.of(specification), leaves), rules)
    system = system_of(first, rules)
    chosen, proof = complete(system, progress)
    low, high = _bounds(system, chosen, proof)
    hidden = chosen[system.group]
    lower, upper = low[system.group], high[system.group]
    return Plan(
        specification,
        rules,
        first,
        hidden,
        lower,
        upper,
        _losses(first, hidden),
        _proved(first, rules, hidden, lower, upper),
    )


def _bounds(system: System, hidden: Flags, proof: Proof) -> tuple[Vector, Vector]:
    """The least and the most that each count can be: what all sums together allow for the hidden ones."""
    low, high = system.values.astype(float), system.values.astype(float)
    low[hidden], high[hidden] = proof.limits()
    return low, high


def _losses(first: Primary, hidden: Flags) -> tuple[Loss, ...]:
    cells, primary_hidden = first.cells, first.hidden & hidden
    specification = cells.lattice.specification
    made = []
    for number, table in enumerate(specification.tables):
        here = cells.in_table[:, number]
        size = int(np.prod([len(codes) for codes in specification.printed(table)]))
        flags = (cells.values > 0, primary_hidden, hidden & ~primary_hidden)
        persons = int(cells.values[hidden & here].sum())
        made.append(Loss(table.name, size, *(int((some & here).sum()) for some in flags), persons))
    return tuple(made)


def _proved(first: Primary, rules: Rules, hidden: Flags, lower: Vector, upper: Vector) -> Proved:
    width = (upper - lower)[hidden]
    k = np.maximum(first.cells.k, rules.k)[hidden]
    small = (lower[hidden] >= 1) & (upper[hidden] < k)
    needed = first.needed[hidden] if rules.level == "width" else np.ones(len(width))
    return Proved(
        int(hidden.sum()),
        int((width == 0).sum()),
        int((small & (width > 0)).sum()),
        int((width < needed).sum()),
        width.astype(np.int64),
    )
