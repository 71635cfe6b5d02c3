"""The contingency table lists x covariates and the columns of log-linear models on it.

Every history of every combination of covariate levels is a cell, the all-zero histories too: those cannot be seen, so
a model is fitted without them and then says what they hold. The decision a reader would question: year may be coded by
orthogonal polynomials, so that a trend over years costs one or two parameters and not one a year.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations, product, repeat, starmap
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from palermo.errors import UsageError
from palermo.hidden.capture import CaptureTable

MAX_CELLS = 200_000
_KEPT = 8_000_000  # entries of designs kept at hand: a search in replicates meets the same models again and again
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


class Term(NamedTuple):
    """A term of a model: a set of lists (bit mask) and a set of covariates (numbers). Both empty: the intercept."""

    lists: int
    covariates: tuple[int, ...] = ()


class Partial(NamedTuple):
    """Persons of one row whose covariates are known in part: the cells in which they may stand, and how many."""

    cells: Ints
    persons: float


class Row(NamedTuple):
    """Persons of one history with the values of the covariates of a grid, None where one is missing."""

    history: int
    values: tuple[str | None, ...]
    persons: float


@dataclass(frozen=True)
class Grid:
    """All cells of the table, in the order history, then combination of levels (the last covariate runs fastest).

    ``degrees`` gives the degree of the polynomial of those covariates that are coded as one.
    """

    lists: tuple[str, ...]
    covariates: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]
    degrees: Mapping[int, int] = field(default_factory=dict)
    structural: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        cells = (1 << len(self.lists)) * int(np.prod([len(own) for own in self.levels], dtype=np.int64))
        if cells > MAX_CELLS:
            raise UsageError(
                f"{len(self.lists)} lists by these covariates make {cells} cells; at most {MAX_CELLS} can be fitted: "
                "name fewer covariates or group their values"
            )
        for number, degree in self.degrees.items():
            if not 1 <= degree < len(self.levels[number]):
                have = len(self.levels[number])
                raise UsageError(f"degree {degree} of {self.covariates[number]}: expected 1 to {have - 1}")

    @cached_property
    def combinations(self) -> tuple[tuple[str, ...], ...]:
        """All combinations of covariate levels."""
        return tuple(product(*self.levels))

    @cached_property
    def histories(self) -> Ints:
        """The history of each cell."""
        return np.repeat(np.arange(1 << len(self.lists), dtype=np.int64), len(self.combinations))

    @cached_property
    def codes(self) -> Ints:
        """The level number of each covariate in each cell; a row a cell."""
        one = np.array(list(product(*(range(len(own)) for own in self.levels))), np.int64)
        return np.tile(one.reshape(len(self.combinations), len(self.levels)), (1 << len(self.lists), 1))

    @cached_property
    def observable(self) -> Mask:
        """Cells in which a person can have been counted: some list saw them, and the history is possible."""
        return np.asarray((self.histories > 0) & ~np.isin(self.histories, sorted(self.structural)), np.bool_)

    @cached_property
    def unseen(self) -> Mask:
        """Cells of the persons whom no list saw."""
        return np.asarray(self.histories == 0, np.bool_)

    @cached_property
    def _built(self) -> dict[tuple[Term, bool], Floats]:
        return {}

    @cached_property
    def _designs(self) -> dict[tuple[Term, ...], Floats]:
        return {}

    @cached_property
    def _margins(self) -> dict[Term, tuple[Mask, Ints, Ints]]:
        return {}

    @cached_property
    def base(self) -> tuple[Term, ...]:
        """The smallest model: intercept, every list, every covariate."""
        lists = [Term(1 << bit) for bit in range(len(self.lists))]
        return (Term(0), *lists, *(Term(0, (number,)) for number in range(len(self.covariates))))

    @cached_property
    def pairs(self) -> tuple[Term, ...]:
        """All two-way terms: list by list (from 3 lists), list by covariate, covariate by covariate."""
        bits = range(len(self.lists))
        own = [Term(1 << i | 1 << j) for i, j in combinations(bits, 2)] if len(self.lists) > 2 else []
        numbers = range(len(self.covariates))
        mixed = [Term(1 << bit, (number,)) for bit in bits for number in numbers]
        return (*own, *mixed, *(Term(0, pair) for pair in combinations(numbers, 2)))

    def name(self, term: Term) -> str:
        """The term as written in formulae, such as ``A:sex``."""
        own = [name for bit, name in enumerate(self.lists) if term.lists >> bit & 1]
        return ":".join([*own, *(self.covariates[number] for number in term.covariates)]) or "1"

    def term(self, name: str) -> Term:
        """The term of a name such as ``A:sex``."""
        lists, numbers = 0, []
        for part in name.split(":"):
            if part in self.lists:
                lists |= 1 << self.lists.index(part)
            elif part in self.covariates:
                numbers.append(self.covariates.index(part))
            else:
                raise UsageError(f"no list or covariate {part!r} in the term {name!r}")
        return Term(lists, tuple(sorted(numbers)))

    def columns(self, term: Term, *, every_level: bool = False) -> Floats:
        """The columns of a term: treatment contrasts or polynomials; ``every_level`` gives indicators of all levels.

        Indicators of all levels are for penalised terms, where no level may be the reference that others shrink to.
        """
        if (term, every_level) not in self._built:
            self._built[term, every_level] = self._build(term, every_level)
        return self._built[term, every_level]

    def matrix(self, terms: Iterable[Term]) -> Floats:
        """The design matrix of a model, over all cells."""
        wanted = tuple(terms)
        if wanted not in self._designs:
            design = np.asarray(np.hstack([self.columns(term) for term in wanted]), np.float64)
            if len(self._designs) * design.size > _KEPT:
                self._designs.clear()
            self._designs[wanted] = design
        return self._designs[wanted]

    def emptied(self, term: Term, counts: Floats) -> Mask:
        """Cells of those margins of a term that hold nobody: the maximum likelihood there is 0 (the term is -Inf)."""
        if any(number in self.degrees for number in term.covariates):
            return np.zeros(len(self.histories), np.bool_)
        inside, key, seen = self._margin(term)
        sums = np.bincount(key[seen], counts[seen], minlength=int(key.max()) + 1)
        return np.asarray(inside & (sums[key] <= 0), np.bool_)

    def _margin(self, term: Term) -> tuple[Mask, Ints, Ints]:
        """Cells of a term, the number of each cell's combination of levels, and the observable cells of the term."""
        if term not in self._margins:
            inside = (self.histories & term.lists) == term.lists
            key = np.zeros(len(inside), np.int64)
            for number in term.covariates:
                key = key * len(self.levels[number]) + self.codes[:, number]
            self._margins[term] = np.asarray(inside, np.bool_), key, np.flatnonzero(inside & self.observable)
        return self._margins[term]

    def _build(self, term: Term, every_level: bool) -> Floats:
        columns = ((self.histories & term.lists) == term.lists).astype(np.float64)[:, None]
        for number in term.covariates:
            own = np.eye(len(self.levels[number])) if every_level else self._contrasts(number)
            wide = own[self.codes[:, number]]
            columns = (columns[:, :, None] * wide[:, None, :]).reshape(len(columns), -1)
        return np.asarray(columns, np.float64)

    def _contrasts(self, number: int) -> Floats:
        size = len(self.levels[number])
        if number not in self.degrees:
            return np.asarray(np.eye(size)[:, 1:], np.float64)
        values = _spaced(self.levels[number])
        basis, _ = np.linalg.qr(np.vander((values - values.mean()) / values.std(), self.degrees[number] + 1, True))
        return np.asarray(basis[:, 1:] * np.sqrt(size), np.float64)


def grid_of(table: CaptureTable, covariates: tuple[str, ...], year: str | None = None, degree: int = 2) -> Grid:
    """The grid of a table over some of its covariates; ``year`` is coded as a polynomial of the degree."""
    names = covariates if year is None or year in covariates else (*covariates, year)
    if unknown := [name for name in names if name not in table.covariates]:
        have = ", ".join(table.covariates) or "none"
        raise UsageError(f"no covariate {', '.join(unknown)} in the table; it has: {have}")
    levels = []
    for name in names:
        found = {
            value
            for value, count in zip(table.covariates[name], table.counts, strict=True)
            if value is not None and count
        }
        if not found:
            raise UsageError(f"covariate {name} is missing for everybody; leave it out")
        levels.append(tuple(sorted(found, key=_order)))
    degrees = {} if year is None else {names.index(year): min(degree, len(levels[names.index(year)]) - 1)}
    degrees = {number: own for number, own in degrees.items() if own > 0}
    return Grid(table.lists, names, tuple(levels), degrees, table.structural)


def counted(table: CaptureTable, grid: Grid) -> tuple[Floats, list[Partial]]:
    """The persons of each cell, and those whose covariates are known in part."""
    values = zip(*(table.covariates[name] for name in grid.covariates), strict=True) if grid.covariates else repeat(())
    rows = zip(table.histories.tolist(), values, table.counts.tolist(), strict=False)
    return placed(starmap(Row, rows), grid)


def placed(rows_of_table: Iterable[Row], grid: Grid) -> tuple[Floats, list[Partial]]:
    """The same of rows whose persons need not be whole numbers."""
    counts = np.zeros(len(grid.histories))
    partial: list[Partial] = []
    places = [{value: place for place, value in enumerate(own)} for own in grid.levels]
    rows: dict[tuple[int, ...], float] = {}
    for history, values, count in rows_of_table:
        known = tuple(-1 if value is None else own.get(value, -1) for own, value in zip(places, values, strict=True))
        rows[history, *known] = rows.get((history, *known), 0) + count
    for (history, *codes), count in rows.items():
        here = grid.histories == history
        for number, code in enumerate(codes):
            if code >= 0:
                here &= grid.codes[:, number] == code
        cells = np.flatnonzero(here)
        if len(cells) == 1:
            counts[cells[0]] += count
        elif count:
            partial.append(Partial(cells, float(count)))
    return counts, partial


def _order(value: str) -> tuple[bool, float, str]:
    plain = value.removeprefix("-")
    return (False, float(value), value) if plain.isdecimal() else (True, 0.0, value)


def _spaced(levels: tuple[str, ...]) -> Floats:
    if all(level.isdecimal() for level in levels):
        return np.array([float(level) for level in levels])
    return np.arange(len(levels), dtype=np.float64)
