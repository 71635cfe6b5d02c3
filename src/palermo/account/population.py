"""Denominators: the population of an area by year, sex and age group, from the user's own file.

Three shapes are read: ``wpp2024`` (UN World Population Prospects 2024 as distributed by the Population Division's R
package: thousands, M49 codes, five-year age groups, every fifth year), ``population-wb`` (World Bank totals by alpha-3
code and year), and our own ``palermo`` (columns area, year, sex, age, persons). The decision a reader would question:
between two years of the file the population is taken on the straight line between them; before the first and after the
last year, and for a group the file does not have, there is no population and therefore no rate.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from palermo.codes import ages, areas
from palermo.errors import UsageError
from palermo.provenance import file_sha256

Group = tuple[str, str, str]  # area, sex, age group
Series = Mapping[Group, Mapping[int, float]]  # persons by year
Row = tuple[str, int, str, str, float]  # area, year, sex, age group, persons

SHAPES = {
    "wpp2024": ("country_code", "year", "age", "popM", "popF", "pop"),
    "population-wb": ("Country Name", "Country Code", "Year", "Value"),
    "palermo": ("area", "year", "sex", "age", "persons"),
}
WORDS = {
    "wpp2024": (
        "United Nations, World Population Prospects 2024, population on 1 July. Under 18 is 0 to 14 and three fifths "
        "of 15 to 19. Between the five-yearly figures: on the straight line."
    ),
    "population-wb": (
        "World Bank, total population (SP.POP.TOTL), without sex and age. Between years: on the straight line."
    ),
    "palermo": "The user's population file. Between years: on the straight line.",
}

# Location codes of the World Population Prospects for the world and regions that M49 numbers otherwise.
WPP_REGIONS = {"001": "900", "002": "903", "142": "935", "150": "908", "419": "904", "009": "909"}
UNDER_18_OF_15_TO_19 = 0.6
MOST_GROUPS = 500
_ALL_AGES, _ALL_SEXES = "_T", "_T"


@dataclass(frozen=True)
class Denominators:
    """Populations read from one file."""

    file: str
    shape: str
    sha256: str
    series: Series

    @property
    def words(self) -> str:
        """What a receipt says of the denominator."""
        return WORDS[self.shape]

    def header(self, used: Iterable[tuple[str, str, str, str]]) -> dict[str, Any]:
        """What the receipts say of the file, with the populations of the groups (area, year, sex, age) used.

        Of an account over many areas the populations are left out: they would make the receipts large.
        """
        groups = sorted(set(used))
        persons = {
            " ".join(group): self.persons(group[0], int(group[1]), *group[2:])
            for group in (groups if len(groups) <= MOST_GROUPS else ())
        }
        said: dict[str, Any] = {"file": self.file, "shape": self.shape, "sha256": self.sha256, "words": self.words}
        return said | {"persons": persons}

    def persons(self, area: str, year: int, sex: str = "_T", age: str = "_T") -> float | None:
        """Persons of the group in the year, interpolated where the year lies between two of the file; else None."""
        by_year = self.series.get((area, sex, age))
        if not by_year:
            return None
        if year in by_year:
            return by_year[year]
        years = sorted(by_year)
        after = bisect_left(years, year)
        if after in {0, len(years)}:
            return None
        first, last = years[after - 1], years[after]
        share = (year - first) / (last - first)
        return by_year[first] * (1 - share) + by_year[last] * share


def read_population(path: Path, wanted: Collection[str], shape: str | None = None) -> Denominators:
    """Read the populations of the areas ``wanted``. ``path`` may be a folder that holds files of one shape.

    Raises ``UsageError`` where the shape is unknown or not the one named, or a cell is not a number.
    """
    if shape is not None and shape not in SHAPES:
        raise UsageError(f"{path}: population shape {shape!r}; expected one of {', '.join(SHAPES)}")
    found = [(file, _shape_of(file)) for file in _files(path)]
    kinds = sorted({kind for _, kind in found if kind is not None and kind in {shape or kind}})
    if len(kinds) != 1:
        expected = "; ".join(f"{name}: {', '.join(columns)}" for name, columns in SHAPES.items())
        raise UsageError(f"{path}: not a population file of one known shape. Expected the columns of {expected}")
    kind = kinds[0]
    readers: dict[str, Callable[[Path, frozenset[str]], Iterator[Row]]]
    readers = {"wpp2024": _wpp2024, "population-wb": _world_bank, "palermo": _palermo}
    series: dict[Group, dict[int, float]] = defaultdict(dict)
    for file in (file for file, shape_of in found if shape_of == kind):
        for area, year, sex, age, persons in readers[kind](file, frozenset(wanted)):
            series[area, sex, age][year] = persons
    _add_sums(series)
    return Denominators(path.name, kind, file_sha256(path), dict(series))


def _files(path: Path) -> list[Path]:
    if not path.exists():
        raise UsageError(f"{path}: no such population file")
    return sorted(item for item in path.iterdir() if item.is_file()) if path.is_dir() else [path]


def _shape_of(file: Path) -> str | None:
    """The shape whose columns the file has."""
    if not file.name.endswith((".csv", ".csv.gz")):
        return None
    try:
        with arrow_csv.open_csv(file, read_options=arrow_csv.ReadOptions(block_size=1 << 16)) as stream:
            names = set(stream.schema.names)
    except pa.ArrowInvalid:
        return None
    return next((shape for shape, columns in SHAPES.items() if set(columns) <= names), None)


def _read(file: Path, columns: tuple[str, ...]) -> pa.Table:
    options = arrow_csv.ConvertOptions(
        include_columns=list(columns), column_types=dict.fromkeys(columns, pa.string()), strings_can_be_null=False
    )
    return arrow_csv.read_csv(file, convert_options=options)


def _number(text: str, file: Path, row: int, column: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise UsageError(f"{file}: row {row}, column {column}: found {text!r}, expected a number") from None


def _wpp2024(file: Path, wanted: frozenset[str]) -> Iterator[Row]:
    """Thousands to persons; children are 0 to 14 and three fifths of 15 to 19."""
    code_of = {_wpp_code(area): area for area in wanted}
    table = _read(file, SHAPES["wpp2024"])
    plain = pc.utf8_lpad(table["country_code"], 3, "0")
    keep = pc.is_in(plain, pa.array([code for code in code_of if code is not None], pa.string()))
    table = table.set_column(0, "country_code", plain).filter(keep)
    sums: dict[tuple[str, int, str, str], float] = defaultdict(float)
    for number, row in enumerate(table.to_pylist(), 1):
        area, year = code_of[row["country_code"]], int(row["year"])
        child = _child_share(row["age"])
        for sex, column in (("M", "popM"), ("F", "popF"), (_ALL_SEXES, "pop")):
            persons = 1000 * _number(row[column], file, number, column)
            sums[area, year, sex, _ALL_AGES] += persons
            sums[area, year, sex, ages.CHILD] += persons * child
            sums[area, year, sex, ages.ADULT] += persons * (1 - child)
    for (area, year, sex, age), persons in sums.items():
        yield area, year, sex, age, persons


def _wpp_code(area: str) -> str | None:
    return WPP_REGIONS.get(area) or (areas.get(area).m49 if areas.is_area(area) else None)


def _child_share(age: str) -> float:
    first = int(age.split("-", maxsplit=1)[0].rstrip("+"))
    if first < 15:
        return 1.0
    return UNDER_18_OF_15_TO_19 if first == 15 else 0.0


def _world_bank(file: Path, wanted: frozenset[str]) -> Iterator[Row]:
    codes = {"WLD" if area == areas.WORLD else area: area for area in wanted}
    for number, row in enumerate(_read(file, SHAPES["population-wb"]).to_pylist(), 1):
        if row["Country Code"] in codes and row["Value"]:
            value = _number(row["Value"], file, number, "Value")
            yield codes[row["Country Code"]], int(row["Year"]), _ALL_SEXES, _ALL_AGES, value


def _palermo(file: Path, wanted: frozenset[str]) -> Iterator[Row]:
    for number, row in enumerate(_read(file, SHAPES["palermo"]).to_pylist(), 1):
        if row["area"] in wanted:
            year = int(_number(row["year"], file, number, "year"))
            yield row["area"], year, row["sex"], row["age"], _number(row["persons"], file, number, "persons")


def _add_sums(series: dict[Group, dict[int, float]]) -> None:
    """Totals over sex and age, where the file has both parts and not the total."""
    for area in sorted({area for area, _, _ in series}):
        for age in sorted({age for _, _, age in series}):
            _sum(series, (area, "_T", age), (area, "F", age), (area, "M", age))
        for sex in ("F", "M", "_T"):
            _sum(series, (area, sex, "_T"), (area, sex, ages.CHILD), (area, sex, ages.ADULT))


def _sum(series: dict[Group, dict[int, float]], whole: Group, *parts: Group) -> None:
    if not all(part in series for part in parts):
        return
    for year in set(series[parts[0]]).intersection(*(series[part] for part in parts[1:])):
        if year not in series.get(whole, {}):
            series.setdefault(whole, {})[year] = sum(series[part][year] for part in parts)
