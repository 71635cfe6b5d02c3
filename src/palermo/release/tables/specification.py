"""What is to be published, and under which rules: the whole input of a plan besides the counts.

The decision a reader would question: rules hold for the release, not for a table, because one count stands in many
tables; only the threshold may be higher for a table of its own, and a count takes the highest of its tables.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from palermo.errors import UsageError
from palermo.release.tables.hierarchy import TOTAL, Dimension

Zeros = Literal["publish", "small", "hide"]
Level = Literal["width", "exact"]
Cost = Literal["detail", "cells", "persons"]


@dataclass(frozen=True)
class Published:
    """One table: its dimensions (the others are summed over), and for some of them the codes that it prints."""

    name: str
    dimensions: tuple[str, ...]
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    k: int | None = None  # where this table needs more than the rules ask for


@dataclass(frozen=True)
class Dominance:
    """Hide a count of ``at_least`` persons or more of which one source gives more than ``percent`` per cent."""

    percent: float = 90.0
    at_least: int = 5


@dataclass(frozen=True)
class Sealed:
    """Sealed persons are counted in no area below the first that holds ``persons`` and is not finer than ``level``.

    Instead they count under a code of their own beside the finer areas (``EUR._U``), so that all sums still hold.
    ``level`` names the coarsest level they must stay at: 0 is the total, 1 its parts, and so on; None sets no limit.
    """

    area: str
    persons: int = 100
    level: int | None = None


@dataclass(frozen=True)
class Rules:
    """The rules of a release.

    ``zeros``: ``publish`` prints all; ``small`` hides those among the parts of a hidden small count, because they tell
    what its few persons have in common; ``hide`` hides all. ``level``: ``width`` leaves every hidden count an interval
    at least k wide; ``exact`` only makes sure that none is known exactly (what most programmes do: for comparison).
    ``cost``: what is lost with a count that is hidden to guard others. ``detail``: the logarithm of its persons, more
    for every dimension it sums over; ``cells``: 1 each; ``persons``: its persons.
    """

    k: int = 5
    zeros: Zeros = "small"
    level: Level = "width"
    cost: Cost = "detail"
    dominance: Dominance | None = None
    sealed: Sealed | None = None

    def __post_init__(self) -> None:
        if self.k < 2:
            raise UsageError(f"k is {self.k}; expected 2 or more: 1 would protect nobody")
        if self.dominance and not 50 <= self.dominance.percent < 100:
            raise UsageError(f"dominance above {self.dominance.percent} %; expected 50 or more and less than 100")
        for name, allowed in (("zeros", get_args(Zeros)), ("level", get_args(Level)), ("cost", get_args(Cost))):
            if getattr(self, name) not in allowed:
                raise UsageError(f"{name} is {getattr(self, name)!r}; expected one of {', '.join(allowed)}")


@dataclass(frozen=True)
class Specification:
    """The dimensions and the tables. Without ``tables`` one table over all dimensions, that is, all margins."""

    dimensions: tuple[Dimension, ...]
    tables: tuple[Published, ...] = ()

    def __post_init__(self) -> None:
        names = [dimension.name for dimension in self.dimensions]
        if not names or len(set(names)) < len(names):
            raise UsageError(f"dimensions {', '.join(names) or 'none'}; expected one or more, each named once")
        if not self.tables:
            object.__setattr__(self, "tables", (Published("_".join(names), tuple(names)),))
        if len({table.name for table in self.tables}) < len(self.tables):
            raise UsageError("two tables have the same name; name each once")
        for table in self.tables:
            self._check(table, names)

    def _check(self, table: Published, names: list[str]) -> None:
        unknown = sorted({*table.dimensions, *table.codes} - set(names)) + sorted(
            set(table.codes) - set(table.dimensions)
        )
        if unknown or not table.dimensions:
            raise UsageError(f"table {table.name}: no dimension {unknown or ''}; dimensions: {', '.join(names)}")
        if table.k is not None and table.k < 2:
            raise UsageError(f"table {table.name}: k is {table.k}; expected 2 or more")
        for name, codes in table.codes.items():
            strange = [code for code in codes if code not in self.dimension(name).place]
            if strange or not codes:
                raise UsageError(f"table {table.name}: {name} has no code {', '.join(strange)}; check its dimension")

    def dimension(self, name: str) -> Dimension:
        """The dimension of this name."""
        return next(dimension for dimension in self.dimensions if dimension.name == name)

    def printed(self, table: Published) -> list[tuple[int, ...]]:
        """For each dimension the places of the codes that the table prints; only the total where it is summed over."""
        chosen = []
        for dimension in self.dimensions:
            names: tuple[str, ...] = (TOTAL,)
            if dimension.name in table.dimensions:
                names = table.codes.get(dimension.name, dimension.names)
            chosen.append(tuple(sorted({dimension.place[code] for code in names})))
        return chosen
