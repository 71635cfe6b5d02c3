"""The counts of a release as one linear system with each thing in it once.

Cells that are sums of the same unknowns are one count (a region with a single country), and unknowns that stand in the
same cells cannot be told apart and are one. In real national tables nine cells in ten fall away so, and everything
after this step works on what is left. The decision a reader would question: sameness is judged by two 64-bit sums of
random numbers per unknown, not by comparing lists; that two different ones agree has odds below one in 10^20.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import sparse

from palermo.release.tables.cells import Flags, Whole
from palermo.release.tables.hierarchy import TOTAL
from palermo.release.tables.primary import Primary
from palermo.release.tables.specification import Rules

Vector = npt.NDArray[np.float64]

TOTAL_COST = 10.0  # as in the account's cube: a reader loses ten times as much with one dimension more summed over


@dataclass(frozen=True)
class System:
    """Distinct counts: ``members @ persons == values``. ``group`` says which of them each cell of the tables is."""

    members: sparse.csr_matrix
    persons: Whole
    values: Whole
    group: Whole
    copies: Whole  # how many cells each count stands for
    primary: Flags
    needed: Whole
    cost: Vector

    @cached_property
    def by_unknown(self) -> sparse.csc_matrix:
        """``members`` by columns."""
        return self.members.tocsc()


def system_of(first: Primary, rules: Rules) -> System:
    """Bring the cells together that are the same."""
    cells = first.cells
    group, one = same_rows(cells.members)
    rows = cells.members[one]
    column, kept = same_rows(rows.T.tocsr())
    persons = np.bincount(column, cells.unknowns.persons, minlength=len(kept)).astype(np.int64)
    size = len(one)
    copies = np.bincount(group, minlength=size)
    needed = np.zeros(size, dtype=np.int64)
    np.maximum.at(needed, group, first.needed if rules.level == "width" else np.ones_like(first.needed))
    primary = np.bincount(group, first.hidden, minlength=size) > 0
    cost = np.bincount(group, _cost(first, rules), minlength=size).astype(np.float64)
    members = rows[:, kept].astype(np.float64).tocsr()
    members.sort_indices()
    return System(members, persons, cells.values[one], group, copies, primary, needed, cost)


def same_rows(matrix: sparse.csr_matrix) -> tuple[Whole, Whole]:
    """For each row the number of its kind, and one row of each kind."""
    draws = np.random.default_rng(0).integers(0, 2**62, size=(2, matrix.shape[1]), dtype=np.uint64)
    ones = (matrix != 0).astype(np.uint64)
    marks = np.stack([np.asarray(ones @ draws[0]), np.asarray(ones @ draws[1])], axis=1)
    _, one, group = np.unique(marks, axis=0, return_index=True, return_inverse=True)
    return group.reshape(-1).astype(np.int64), one.astype(np.int64)


def _cost(first: Primary, rules: Rules) -> Vector:
    """What a reader loses with each cell."""
    cells = first.cells
    if rules.cost == "cells":
        return np.ones(len(cells.keys))
    if rules.cost == "persons":
        return np.asarray(1.0 + cells.values, dtype=np.float64)
    codes = cells.lattice.decoded(cells.keys)
    dimensions = cells.lattice.specification.dimensions
    sums = np.array([codes[:, place] == dimension.place[TOTAL] for place, dimension in enumerate(dimensions)])
    totals = sums.sum(axis=0).astype(float)
    return np.asarray(
        (1 + np.log2(1.0 + cells.values.astype(np.float64))) * TOTAL_COST ** (totals - totals.min(initial=0))
    )
