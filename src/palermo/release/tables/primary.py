"""Which counts are hidden for their own sake, by the rules of the release, and how much doubt each must leave.

The decision a reader would question: a zero among the parts of a small count is hidden with it, because "none of these
three is a child" tells about three persons; but where a printed zero above it says the same, hiding it would hide
nothing, and it is printed.
"""

from dataclasses import dataclass

import numpy as np

from palermo.release.rules import is_small
from palermo.release.tables.cells import Cells, Flags, Whole, all_keys, with_zeros
from palermo.release.tables.specification import Rules

SMALL, DOMINATED, ZERO = "small", "dominated", "zero"


@dataclass(frozen=True)
class Primary:
    """The cells, which of them are hidden first and why, and how wide the interval of each must be when hidden."""

    cells: Cells
    reasons: dict[str, Flags]
    needed: Whole

    @property
    def hidden(self) -> Flags:
        """All that are hidden first."""
        return np.asarray(np.logical_or.reduce(list(self.reasons.values())))


def primary(cells: Cells, rules: Rules) -> Primary:
    """Apply the rules."""
    if rules.zeros == "hide":
        cells = with_zeros(cells, np.setdiff1d(all_keys(cells), cells.keys))
    elif rules.zeros == "small":
        cells = with_zeros(cells, _zero_parts(cells, _small(cells, rules)))
    dominated, doubt = _dominated(cells, rules)
    reasons = {SMALL: _small(cells, rules), DOMINATED: dominated, ZERO: _hidden_zeros(cells, rules)}
    return Primary(cells, reasons, np.maximum(np.maximum(cells.k, rules.k), doubt))


def _small(cells: Cells, rules: Rules) -> Flags:
    k = np.maximum(cells.k, rules.k)
    return np.array([is_small(value, least) for value, least in zip(cells.values, k, strict=True)], dtype=bool)


def _hidden_zeros(cells: Cells, rules: Rules) -> Flags:
    """Every zero that is still a cell: those that must be printed have left."""
    if rules.zeros == "publish":
        return np.zeros(len(cells.keys), dtype=bool)
    return np.asarray(cells.values == 0)


def _zero_parts(cells: Cells, small: Flags) -> Whole:
    """The printed zeros that are direct parts of a small count, along one dimension of one table."""
    lattice = cells.lattice
    parts: set[int] = set()
    for number, table in enumerate(lattice.specification.tables):
        here = np.flatnonzero(small & cells.in_table[:, number])
        printed = lattice.specification.printed(table)
        for key, codes in zip(cells.keys[here].tolist(), lattice.decoded(cells.keys[here]).tolist(), strict=True):
            for place, dimension in enumerate(lattice.specification.dimensions):
                stride = lattice.strides[place]
                allowed = set(dimension.parts[codes[place]]).intersection(printed[place])
                parts.update(key + (part - codes[place]) * stride for part in allowed)
    return np.setdiff1d(np.array(sorted(parts), dtype=np.int64), cells.keys)


def _dominated(cells: Cells, rules: Rules) -> tuple[Flags, Whole]:
    """Counts of which one source gives more than its share, and the doubt they need: what the others may give."""
    none = np.zeros(len(cells.keys), dtype=np.int64)
    rule, sources = rules.dominance, cells.unknowns.sources
    if rule is None or sources is None:
        return none.astype(bool), none
    largest = np.asarray(cells.members @ sources).max(axis=1)
    dominated = (cells.values >= rule.at_least) & (largest * 100 > rule.percent * cells.values)
    doubt = np.ceil(cells.values * (100 - rule.percent) / 100).astype(np.int64)
    return dominated, np.where(dominated, doubt, 0)
