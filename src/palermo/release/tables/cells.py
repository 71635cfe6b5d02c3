"""Every count that the tables print, as a sum of unknowns: the persons of each finest combination of codes.

Codes that no table tells apart are one code here, and a combination that a printed zero covers is known to be nobody,
so it is no unknown. The decision a reader would question: an unknown stands for a combination over *all* dimensions of
the release, even where no single table goes so deep, because a reader knows that all tables count the same persons.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

import numpy as np
import numpy.typing as npt
from scipy import sparse

from palermo.errors import UsageError
from palermo.release.tables.specification import Published, Specification

Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

GRID_LIMIT = 400_000  # combinations written out where zeros are hidden, or where no table covers all dimensions
_KEYS_LIMIT = 2**62


@dataclass(frozen=True)
class Leaves:
    """Persons by their finest codes: ``codes`` (places in each dimension), ``persons``, and by source."""

    codes: Whole  # combinations x dimensions
    persons: Whole
    sources: Whole | None = None  # persons by combination and source, where the source is known


@dataclass(frozen=True)
class Lattice:
    """How the tables of a specification look from below: codes that are told apart, and what each stands in."""

    specification: Specification
    atom: tuple[Whole, ...]  # for each dimension: the atom of each finest code, -1 where no table prints it
    atoms: tuple[int, ...]  # how many atoms each dimension has
    stands_in: tuple[Flags, ...]  # for each dimension: names x atoms

    @classmethod
    def of(cls, specification: Specification) -> "Lattice":
        """Find which codes no table tells apart."""
        printed = [specification.printed(table) for table in specification.tables]
        if np.prod([float(len(dimension.names)) for dimension in specification.dimensions]) > _KEYS_LIMIT:
            raise UsageError("more combinations of codes than can be numbered; publish fewer dimensions together")
        atom, atoms, stands_in = [], [], []
        for place, dimension in enumerate(specification.dimensions):
            used = sorted({code for table in printed for code in table[place]})
            patterns, which = np.unique(dimension.holds[used], axis=1, return_inverse=True)
            which = which.reshape(-1)
            empty = ~patterns.any(axis=0)
            number = np.where(empty, -1, np.cumsum(~empty) - 1)
            atom.append(number[which].astype(np.int64))
            atoms.append(int((~empty).sum()))
            full = np.zeros((len(dimension.names), atoms[-1]), dtype=bool)
            full[used] = patterns[:, ~empty]
            stands_in.append(full)
        return cls(specification, tuple(atom), tuple(atoms), tuple(stands_in))

    @cached_property
    def strides(self) -> tuple[int, ...]:
        """By how much the number of a cell grows from one code to the next, for each dimension."""
        sizes = [len(dimension.names) for dimension in self.specification.dimensions]
        return tuple(int(np.prod(sizes[place + 1 :], dtype=np.int64)) for place in range(len(sizes)))

    def decoded(self, keys: Whole) -> Whole:
        """The places of the codes of each cell: cells x dimensions."""
        sizes = [len(dimension.names) for dimension in self.specification.dimensions]
        return np.stack([keys // stride % size for stride, size in zip(self.strides, sizes, strict=True)], axis=1)

    def gathered(self, leaves: Leaves) -> Leaves:
        """Leaves by atoms; those that no table prints are left out."""
        codes = np.stack([table[leaves.codes[:, place]] for place, table in enumerate(self.atom)], axis=1)
        kept = (codes >= 0).all(axis=1) & (leaves.persons > 0)
        numbers = np.ravel_multi_index(tuple(codes[kept].T), self.atoms)
        unique, which = np.unique(numbers, return_inverse=True)
        sources = None
        if leaves.sources is not None:
            sources = np.zeros((len(unique), leaves.sources.shape[1]), dtype=np.int64)
            np.add.at(sources, which, leaves.sources[kept])
        persons = np.bincount(which, leaves.persons[kept], minlength=len(unique)).astype(np.int64)
        return Leaves(np.stack(np.unravel_index(unique, self.atoms), axis=1).astype(np.int64), persons, sources)

    def covered(self) -> bool:
        """Whether one table prints a count of its own for every combination of atoms."""
        return any(self._covers(table) for table in self.specification.tables)

    def _covers(self, table: Published) -> bool:
        for place, printed in enumerate(self.specification.printed(table)):
            rows = self.stands_in[place][list(printed)]
            if not rows[rows.sum(axis=1) == 1].any(axis=0).all():
                return False
        return True

    def grid(self) -> Whole:
        """All combinations of atoms."""
        size = int(np.prod([float(count) for count in self.atoms]))
        if size > GRID_LIMIT:
            raise UsageError(
                f"{size:,} combinations of codes would have to be written out, at most {GRID_LIMIT:,} can; print the "
                "zeros of small tables only (zeros = small), or publish one table over all dimensions together"
            )
        return np.stack(np.unravel_index(np.arange(size), self.atoms), axis=1).astype(np.int64)

    def above(self, codes: Whole) -> tuple[Whole, Whole, Flags]:
        """The cells that each combination of atoms stands in: (combination, cell) pairs, and the cell's tables."""
        found: list[tuple[Whole, Whole, Whole]] = []
        for number, table in enumerate(self.specification.tables):
            which, keys = self._above(codes, self.specification.printed(table))
            found.append((which, keys, np.full(len(keys), number)))
        which, keys, tables = (np.concatenate(parts) for parts in zip(*found, strict=True))
        cells, cell = np.unique(keys, return_inverse=True)
        in_table = np.zeros((len(cells), len(self.specification.tables)), dtype=bool)
        in_table[cell, tables] = True
        pairs = np.unique(np.stack([which, cell]), axis=1)
        return np.stack([pairs[0], pairs[1]]), cells, in_table

    def _above(self, codes: Whole, printed: Sequence[tuple[int, ...]]) -> tuple[Whole, Whole]:
        which = np.arange(len(codes))
        keys = np.zeros(len(codes), dtype=np.int64)
        for place, names in enumerate(printed):
            holders, held = np.nonzero(self.stands_in[place][list(names)])
            order = np.argsort(held, kind="stable")
            holders, held = np.array(names)[holders[order]], held[order]
            starts = np.searchsorted(held, np.arange(self.atoms[place] + 1))
            mine = codes[which, place]
            times = starts[mine + 1] - starts[mine]
            spread = np.repeat(np.arange(len(which)), times)
            within = np.arange(len(spread)) - np.repeat(np.cumsum(times) - times, times)
            keys = keys[spread] + holders[starts[mine[spread]] + within] * self.strides[place]
            which = which[spread]
        return which, keys

    def below(self, keys: Whole) -> Whole:
        """All combinations of atoms under any of these cells."""
        found: set[tuple[int, ...]] = set()
        for places in self.decoded(keys).tolist():
            under = [np.flatnonzero(self.stands_in[place][code]) for place, code in enumerate(places)]
            found.update(product(*(held.tolist() for held in under)))
        return np.array(sorted(found), dtype=np.int64).reshape(-1, len(self.atoms))


@dataclass(frozen=True)
class Cells:
    """The counts that the tables print (those printed as zero are left out), and the unknowns they are sums of."""

    lattice: Lattice
    keys: Whole
    values: Whole
    in_table: Flags  # cells x tables
    members: sparse.csr_matrix  # cells x unknowns, 1 where the unknown is part of the cell
    unknowns: Leaves  # persons of each unknown, by atoms

    @cached_property
    def k(self) -> Whole:
        """The threshold asked for by the tables themselves; 0 where they ask for none."""
        asked = np.array([table.k or 0 for table in self.lattice.specification.tables], dtype=np.int64)
        return np.asarray(np.where(self.in_table, asked, 0).max(axis=1, initial=0))


def cells_of(lattice: Lattice, leaves: Leaves) -> Cells:
    """The cells that hold somebody. Where no table covers all dimensions, combinations of nobody are unknowns too."""
    people = lattice.gathered(leaves)
    cells = _tied(lattice, people)
    if lattice.covered():
        return cells
    nobody = _not_among(lattice, lattice.grid(), people.codes)
    return _with_nobody(cells, nobody, np.zeros(0, dtype=np.int64))


def with_zeros(cells: Cells, zeros: Whole) -> Cells:
    """The cells and those of these zeros that no other printed zero gives away, with the unknowns that this opens."""
    if not len(zeros):
        return cells
    candidates = cells.lattice.below(zeros) if len(zeros) < GRID_LIMIT // 10 else cells.lattice.grid()
    return _with_nobody(cells, _not_among(cells.lattice, candidates, cells.unknowns.codes), zeros)


def _tied(lattice: Lattice, people: Leaves) -> Cells:
    pairs, keys, in_table = lattice.above(people.codes)
    shape = (len(keys), len(people.persons))
    members = sparse.csr_matrix((np.ones(pairs.shape[1], dtype=np.int64), (pairs[1], pairs[0])), shape=shape)
    return Cells(lattice, keys, np.asarray(members @ people.persons), in_table, members, people)


def _not_among(lattice: Lattice, codes: Whole, taken: Whole) -> Whole:
    numbers, others = (np.ravel_multi_index(tuple(some.T), lattice.atoms) for some in (codes, taken))
    return codes[~np.isin(numbers, others)]


def _with_nobody(cells: Cells, nobody: Whole, zeros: Whole) -> Cells:
    """Add the combinations of nobody that stand in no printed zero; a zero with none of them stays printed."""
    pairs, keys, _ = cells.lattice.above(nobody)
    shut = ~np.isin(keys, np.concatenate([cells.keys, zeros]))
    free = np.ones(len(nobody), dtype=bool)
    free[pairs[0][shut[pairs[1]]]] = False
    known = cells.unknowns
    codes = np.concatenate([known.codes, nobody[free]])
    persons = np.concatenate([known.persons, np.zeros(int(free.sum()), dtype=np.int64)])
    sources = known.sources
    if sources is not None:
        sources = np.concatenate([sources, np.zeros((int(free.sum()), sources.shape[1]), dtype=np.int64)])
    return _tied(cells.lattice, replace(known, codes=codes, persons=persons, sources=sources))


def all_keys(cells: Cells) -> Whole:
    """Every cell that the tables print, zeros too."""
    lattice = cells.lattice
    found = []
    for table in lattice.specification.tables:
        keys = np.zeros(1, dtype=np.int64)
        for place, names in enumerate(lattice.specification.printed(table)):
            keys = (keys[:, None] + np.array(names)[None, :] * lattice.strides[place]).reshape(-1)
        found.append(keys)
    return np.unique(np.concatenate(found))
