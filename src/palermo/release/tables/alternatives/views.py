"""The views that noise is put on: every level of every dimension, each a division of all persons into counts.

World, regions, countries; total, sexes: a view takes one level of each dimension, and a person stands in exactly one
count of it. The decision a reader would question: a view divides all combinations of public codes, also those that
nobody holds, because which combinations are empty is not public.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from palermo.release.tables.cells import Lattice, Whole
from palermo.release.tables.hierarchy import TOTAL
from palermo.release.tables.specification import Published


@dataclass(frozen=True)
class View:
    """For each combination of codes the count of the view that it is part of; -1 is never used."""

    name: str
    labels: Whole
    size: int

    def sums(self, persons: Whole) -> Whole:
        """The counts of the view."""
        return np.bincount(self.labels, persons, minlength=self.size).astype(np.int64)


def levels(lattice: Lattice, place: int) -> list[Whole]:
    """Divisions of the atoms of a dimension from the total to the atoms themselves, as labels."""
    dimension, stands = lattice.specification.dimensions[place], lattice.stands_in[place]
    finest = np.arange(lattice.atoms[place])
    found, level = [np.zeros_like(finest)], [dimension.place[TOTAL]]
    while True:
        level = [part for code in level for part in (dimension.parts[code] or (code,))]
        if (stands[level].sum(axis=0) != 1).any():  # parts that are not printed, or groups that overlap
            break
        labels = stands[level].argmax(axis=0)
        labels = np.unique(labels, return_inverse=True)[1].reshape(-1)
        if labels.max(initial=0) + 1 > found[-1].max(initial=0) + 1:
            found.append(labels)
        if not any(dimension.parts[code] for code in level):
            break
    if found[-1].max(initial=0) < finest.max(initial=0):
        found.append(finest)
    return found


def views(lattice: Lattice, grid: Whole, tables: Sequence[Published] | None = None) -> list[View]:
    """All views of the tables: the product of the levels of a table's dimensions, finest last."""
    by_place = [levels(lattice, place) for place in range(len(lattice.atoms))]
    names = [dimension.name for dimension in lattice.specification.dimensions]
    chosen: dict[tuple[int, ...], None] = {}
    for table in tables or lattice.specification.tables:
        heights = [range(len(by_place[p])) if name in table.dimensions else (0,) for p, name in enumerate(names)]
        chosen.update(dict.fromkeys(product(*heights)))
    return [_view(by_place, grid, names, heights) for heights in sorted(chosen)]


def _view(by_place: list[list[Whole]], grid: Whole, names: list[str], heights: tuple[int, ...]) -> View:
    labels = np.zeros(len(grid), dtype=np.int64)
    for place, height in enumerate(heights):
        level = by_place[place][height]
        labels = labels * (int(level.max(initial=0)) + 1) + level[grid[:, place]]
    used, labels = np.unique(labels, return_inverse=True)
    words = [f"{name}:{height}" for name, height in zip(names, heights, strict=True) if height]
    return View(" x ".join(words) or "total", labels.reshape(-1).astype(np.int64), len(used))
