"""Figures that somebody has published: passed on as printed, and summed over areas with their bounds.

The decision a reader would question: where one list prints a figure twice with different values, nobody can say which
is right, so the figure is the range of its values. Where several lists print the same figure, sums take the list named
first in ``palermo.toml``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import narwhals as nw
import pyarrow as pa
import pyarrow.compute as pc

from palermo.account.bounds import Figure
from palermo.account.cube import block
from palermo.account.definition import Definition
from palermo.codes import areas
from palermo.engine import Engine

KEY = (
    "list",
    "measure",
    "unit",
    "kind",
    "ref_area",
    "time_period",
    "sex",
    "age",
    "form",
    "citizenship",
    "counterpart_area",
)
YEAR_LENGTH = 4

# (area, year) -> figure
ByAreaYear = dict[tuple[str, int], Figure]


@dataclass(frozen=True)
class Observed:
    """All published figures of an account, each once."""

    table: pa.Table
    order: tuple[str, ...]  # names of the lists, the first preferred
    public: frozenset[str]
    conflicting: int
    left_out: int

    @property
    def confidential(self) -> bool:
        """Whether any list is not marked public."""
        return not set(self.order) <= self.public

    @cached_property
    def _by_group(self) -> dict[tuple[str, str, str], ByAreaYear]:
        """Figures of countries and years by (measure, sex, age), the preferred list first; no other breakdown.

        A figure with a counterpart, be it all countries together, is of people brought back from there: other people.
        """
        rank = {name: number for number, name in enumerate(self.order)}
        countries = {area.code for area in areas.countries()}
        whole = self.table.filter(pc.equal(self.table["unit"], "PERSON"))
        for column, codes in {"form": "_T _Z", "citizenship": "_T _Z", "counterpart_area": "_Z"}.items():
            whole = whole.filter(pc.is_in(whole[column], pa.array(codes.split())))
        whole = whole.filter(pc.and_(pc.is_valid(whole["lower"]), pc.is_valid(whole["upper"])))
        found: dict[tuple[str, str, str], ByAreaYear] = {}
        for row in sorted(whole.to_pylist(), key=lambda row: rank[row["list"]]):
            if row["ref_area"] in countries and _is_year(row["time_period"]):
                figure = Figure(row["lower"], row["upper"], row["unit"], row["kind"])
                figures = found.setdefault((row["measure"], row["sex"], row["age"]), {})
                figures.setdefault((row["ref_area"], int(row["time_period"])), figure)
        return found

    def figures(self, measure: str, sex: str = "_T", age: str = "_T") -> ByAreaYear:
        """The figure of each country and year that has bounds."""
        return self._by_group.get((measure, sex, age), {})

    def groups(self, measure: str) -> Iterator[tuple[str, str]]:
        """The pairs of sex and age for which the measure is printed."""
        yield from sorted((sex, age) for found, sex, age in self._by_group if found == measure)


def _is_year(period: str) -> bool:
    return len(period) == YEAR_LENGTH and period.isdigit()


def read_observed(
    engine: Engine,
    files: Sequence[Path],
    order: tuple[str, ...],
    public: frozenset[str],
    years: tuple[int, int] | None,
) -> Observed:
    """Read the observations tables, join repeated figures, leave out years beyond the account's."""
    frame = engine.read(files)
    bounded = frame.with_columns(
        lower=nw.coalesce(nw.col("lower"), nw.col("value")), upper=nw.coalesce(nw.col("upper"), nw.col("value"))
    )
    grouped = bounded.group_by(*KEY).agg(
        nw.col("lower").min(),
        nw.col("upper").max(),
        nw.col("obs_status").min(),
        nw.col("value").n_unique().alias("values"),
        nw.len().alias("n"),
    )
    table = engine.cells(grouped)
    table = table.sort_by([(name, "ascending") for name in KEY])
    kept = table.filter(_within(table["time_period"], years))
    conflicting = pc.and_(pc.greater(kept["values"], 1), pc.greater(kept["upper"], kept["lower"]))
    status = pc.if_else(pc.fill_null(conflicting, False), "U", kept["obs_status"])
    kept = kept.set_column(kept.schema.get_field_index("obs_status"), "obs_status", status)
    lists = [name for name in order if name in set(kept["list"].to_pylist())]
    others = sorted(set(kept["list"].to_pylist()) - set(lists))
    return Observed(
        kept, (*lists, *others), public, int(pc.sum(conflicting).as_py() or 0), table.num_rows - kept.num_rows
    )


def _within(periods: pa.ChunkedArray, years: tuple[int, int] | None) -> pa.Array:
    """Periods that are a year of the account; a period that is no year is kept."""
    if years is None:
        return pc.is_valid(periods)
    known = {text for text in periods.unique().to_pylist() if not _is_year(text) or years[0] <= int(text) <= years[1]}
    return pc.is_in(periods, pa.array(sorted(known), pa.string()))


def published(definition: Definition, observed: Observed) -> pa.Table:
    """Every figure as its list prints it."""
    table = observed.table
    exact = pc.if_else(pc.equal(table["lower"], table["upper"]), table["lower"], pa.scalar(None, pa.float64()))
    columns: dict[str, Any] = {name: table[name] for name in (*KEY, "lower", "upper", "obs_status")}
    columns |= {"value": exact, "band": "_Z", "reach": "_Z"}
    columns["confidential"] = pc.invert(pc.is_in(table["list"], pa.array(sorted(observed.public), pa.string())))
    return block(definition, columns, table.num_rows, observed.confidential)


def group_area(area: str) -> str:
    """The area whose countries are compared: the account's own where it is a region, else the world."""
    return areas.WORLD if not areas.is_area(area) or areas.get(area).level == "country" else area


def shown_of(figures: ByAreaYear, area: str, own_area: bool) -> list[tuple[tuple[str, int], Figure]]:
    """The figures that are rows of their own: of every country for a region, else of the account's country alone.

    ``own_area`` is False where the account counts that country's persons itself.
    """
    one = group_area(area) != area
    return sorted((key, figure) for key, figure in figures.items() if not one or (own_area and key[0] == area))


def members(figures: ByAreaYear, group: str) -> ByAreaYear:
    """The figures of the countries of a region."""
    if group == areas.WORLD:
        return figures
    return {key: figure for key, figure in figures.items() if group in _regions(key[0])}


def _regions(country: str) -> tuple[str | None, ...]:
    found = areas.get(country)
    return found.region, found.subregion, found.intermediate


def panel(series: Sequence[ByAreaYear], years: Sequence[int]) -> list[str]:
    """The areas with a figure in every series and every year."""
    known = {area for figures in series for area, _ in figures}
    return sorted(area for area in known if all((area, year) in figures for figures in series for year in years))


def years_of(figures: ByAreaYear) -> list[int]:
    """The years with figures, oldest first."""
    return sorted({year for _, year in figures})


def rows_of(figures: Mapping[str, Figure]) -> dict[str, Any]:
    """Columns of the cube for figures by year."""
    return {
        "time_period": list(figures),
        "value": [figure.value for figure in figures.values()],
        "lower": [figure.lower for figure in figures.values()],
        "upper": [figure.upper for figure in figures.values()],
    }
