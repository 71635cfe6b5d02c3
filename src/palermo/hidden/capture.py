"""The capture table: how many persons have which history, a history saying for each list whether it saw the person.

The decision a reader would question: cells that hold no person are of three kinds that mean different things. A
sampling zero might have held someone; a structural zero cannot (two lists that by law never share a person); a
suppressed cell holds a number that its publisher printed as a range. They are kept apart from the start.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from palermo.errors import UsageError

MAX_LISTS = 10
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class CaptureTable:
    """Rows of histories with counts, and covariates where there are any.

    ``histories`` are bit masks: bit i is set where list i saw the person. ``covariates`` gives a value per row, None
    where it is missing. ``structural`` are histories that nobody can have. ``lower`` and ``upper`` bound the counts of
    suppressed rows and equal the count elsewhere.
    """

    lists: tuple[str, ...]
    histories: Counts
    counts: Counts
    covariates: Mapping[str, tuple[str | None, ...]] = field(default_factory=dict)
    structural: frozenset[int] = frozenset()
    lower: Counts | None = None
    upper: Counts | None = None
    name: str = ""

    def __post_init__(self) -> None:
        _check(self)

    @property
    def k(self) -> int:
        """The number of lists."""
        return len(self.lists)

    @property
    def n(self) -> int:
        """The number of persons seen by at least one list."""
        return int(self.counts.sum())

    @property
    def is_suppressed(self) -> bool:
        """Whether any count is known as a range only."""
        return self.lower is not None and self.upper is not None and bool((self.lower < self.upper).any())

    @cached_property
    def cells(self) -> Counts:
        """Counts of all 2^K histories, over all covariates; position = history. Position 0 is unobservable and 0."""
        cells = np.zeros(1 << self.k, np.int64)
        np.add.at(cells, self.histories, self.counts)
        return cells

    @cached_property
    def list_sizes(self) -> Counts:
        """How many persons each list saw."""
        return np.diag(self.overlaps).copy()

    @cached_property
    def overlaps(self) -> Counts:
        """Persons seen by both lists of each pair; on the diagonal by the list itself."""
        bits = (np.arange(1 << self.k)[:, None] >> np.arange(self.k)) & 1
        return np.asarray((bits * self.cells[:, None]).T @ bits, np.int64)

    @cached_property
    def exclusive(self) -> Counts:
        """Persons seen by one list alone, for each list."""
        return np.asarray(self.cells[1 << np.arange(self.k)], np.int64)

    def strata(self, names: Sequence[str]) -> list[tuple[tuple[str | None, ...], "CaptureTable"]]:
        """The tables of each combination of covariate values that occurs, in sorted order (missing last)."""
        if unknown := [name for name in names if name not in self.covariates]:
            have = ", ".join(self.covariates) or "none"
            raise UsageError(f"no covariate {', '.join(unknown)} in the table; it has: {have}")
        keys = list(zip(*(self.covariates[name] for name in names), strict=True))
        order = sorted(set(keys), key=lambda key: tuple((value is None, value or "") for value in key))
        return [(key, self._rows([number for number, own in enumerate(keys) if own == key])) for key in order]

    def without(self, list_name: str) -> "CaptureTable":
        """The table with one list left out. Persons whom it alone saw are no longer there."""
        place = self._place(list_name)
        return self._projected(
            tuple(x for x in self.lists if x != list_name), lambda histories: _without_bit(histories, place)
        )

    def merged(self, first: str, second: str) -> "CaptureTable":
        """The table with two lists taken as one, in the place of the first."""
        one, two = self._place(first), self._place(second)
        lists = tuple(f"{first}+{second}" if x == first else x for x in self.lists if x != second)
        return self._projected(lists, lambda histories: _without_bit(histories | ((histories >> two & 1) << one), two))

    def with_cells(self, cells: Counts) -> "CaptureTable":
        """A table of the same lists with these 2^K counts, without covariates."""
        kept = np.flatnonzero(cells)
        kept = kept[kept > 0]
        return CaptureTable(self.lists, kept.astype(np.int64), cells[kept].astype(np.int64), structural=self.structural)

    def _place(self, list_name: str) -> int:
        if list_name not in self.lists:
            raise UsageError(f"no list {list_name!r}; lists: {', '.join(self.lists)}")
        return self.lists.index(list_name)

    def _projected(self, lists: tuple[str, ...], project: Callable[[Counts], Counts]) -> "CaptureTable":
        """The table of fewer lists. A history stays impossible where every history that becomes it was."""
        histories = project(self.histories)
        kept = np.flatnonzero(histories)
        before = np.arange(1, 1 << self.k)
        possible = {
            int(new) for old, new in zip(before, project(before), strict=True) if int(old) not in self.structural
        }
        structural = frozenset(range(1, 1 << len(lists))) - possible
        return replace(self._rows(kept.tolist()), lists=lists, histories=histories[kept], structural=structural)

    def _rows(self, rows: list[int]) -> "CaptureTable":
        return replace(
            self,
            histories=self.histories[rows],
            counts=self.counts[rows],
            covariates={name: tuple(values[row] for row in rows) for name, values in self.covariates.items()},
            lower=None if self.lower is None else self.lower[rows],
            upper=None if self.upper is None else self.upper[rows],
        )


def _without_bit(histories: Counts, place: int) -> Counts:
    """The histories with the list at this place left out."""
    return np.asarray(histories & ((1 << place) - 1) | (histories >> (place + 1) << place), np.int64)


def _check(table: CaptureTable) -> None:
    if not 2 <= table.k <= MAX_LISTS:
        raise UsageError(f"{table.k} lists; expected 2 to {MAX_LISTS}")
    if len(set(table.lists)) < table.k:
        raise UsageError(f"two lists have one name among {', '.join(table.lists)}")
    if (table.counts < 0).any():
        raise UsageError("a count is negative; expected 0 or more persons")
    if ((table.histories <= 0) | (table.histories >= 1 << table.k)).any():
        raise UsageError("a history in which no list saw the person cannot have been counted; leave that row out")
    if not table.structural <= frozenset(range(1, 1 << table.k)):
        raise UsageError(f"a structural zero is none of the {(1 << table.k) - 1} histories of these lists")
    lower, upper = (table.counts if bound is None else bound for bound in (table.lower, table.upper))
    if ((lower > table.counts) | (table.counts > upper)).any() or (lower < 0).any():
        raise UsageError("a count lies outside its own range; expected lower <= count <= upper")


def remarks(table: CaptureTable) -> list[str]:
    """What a reader should know of the table before any estimate: lists that saw nobody, lists within others."""
    said = [f"list {name} saw nobody" for name, size in zip(table.lists, table.list_sizes, strict=True) if size == 0]
    for i, one in enumerate(table.lists):
        for j, other in enumerate(table.lists):
            if i != j and 0 < table.list_sizes[i] == table.overlaps[i, j]:
                said.append(f"everyone on list {one} is on list {other} too")
    pairs = [
        f"{table.lists[i]} and {table.lists[j]}"
        for i in range(table.k)
        for j in range(i)
        if table.overlaps[i, j] == 0 and table.list_sizes[i] and table.list_sizes[j]
    ]
    if pairs:
        more = ", ..." if len(pairs) > 6 else ""
        noun = "pair" if len(pairs) == 1 else "pairs"
        said.append(f"{len(pairs)} {noun} of lists share nobody: {', '.join(pairs[:6])}{more}")
    return said
