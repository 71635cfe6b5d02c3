"""The confidential counts of a cube as unknowns: the same count in several tables is one cell.

The decision a reader would question is what "the same count" means. A dimension that does not apply (``_Z``) counts as
its total, a flow is a count of detected victims, and the panel and pooled trends repeat the yearly counts. The four
groups of forms of the SDG indicator bear names of forms but hold several of them, so they get names of their own. An
indicator whose figures contradict those of the tables before it counts something else; it stands apart, and the release
says so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from palermo.account.schema import DIMENSIONS

TOTAL = "_T"
ESTIMATED = "estimated"  # codes: kind
WITH_SEALED = "victims_with_sealed"  # counts persons whom no other table counts; printed as ranges
COUNT_UNITS = frozenset({"PERSON", "RECORD", "CASE", "CONTACT", "EVENT", "OFFENCE", "CONVICTION", "AREA"})
SERIES_BANDS = frozenset({"PANEL", "POOLED"})
SDG = "sdg_16_2_2"
GROUP = "+"  # marks a form code that stands for a group of forms
FORM_GROUPS = {
    "sexual_slavery": "sexual",
    "domestic_servitude": "forced_labour",
    "child_labour": "forced_labour",
    "slavery": "forced_labour",
    "sexual": "sexual",
    "forced_labour": "forced_labour",
    "organ_removal": "organ_removal",
    "_U": "_U",
    "_N": "_N",
}  # forms that are not named fall under "other"
_PARTS = ("apart", "measure", "unit", "kind", *DIMENSIONS)

Key = tuple[str, ...]
Row = Mapping[str, Any]


def position(name: str) -> int:
    """Where a dimension stands in a key."""
    return _PARTS.index(name)


def with_code(key: Key, dimension: str, code: str) -> Key:
    """The key with another code in one dimension."""
    place = position(dimension)
    return (*key[:place], code, *key[place + 1 :])


@dataclass(frozen=True)
class Naming:
    """What must be known of a whole cube to name its cells."""

    all_years: str | None  # the period that spans every year, "2019/2023"
    apart: frozenset[str] = frozenset()  # indicators whose figures are not those of other tables

    @classmethod
    def of(cls, rows: Iterable[Row], apart: Iterable[str] = ()) -> "Naming":
        """Read off the rows of the cube."""
        years = {row["time_period"] for row in rows if row["time_period"].isdigit()}
        span = f"{min(years)}/{max(years)}" if len(years) > 1 else next(iter(years), None)
        return cls(span if span and "/" in span else None, frozenset(apart))

    def key(self, row: Row) -> Key:
        """The name of the count in a row."""
        codes = {name: TOTAL if row[name] == "_Z" else row[name] for name in DIMENSIONS}
        measure, indicator = row["measure"], row["indicator"]
        if measure == "flows":
            measure = "victims_detected"
        if codes["time_period"] == self.all_years:
            codes["time_period"] = TOTAL
        if codes["band"] in SERIES_BANDS:
            codes["band"] = TOTAL
        if indicator == SDG and codes["form"] != TOTAL:
            codes["form"] += GROUP
        home = indicator if indicator in self.apart else ""
        return (home, measure, row["unit"], row["kind"], *(codes[name] for name in DIMENSIONS))


@dataclass
class Cells:
    """Every distinct confidential count: its key, its value, the rows that print it and its k."""

    naming: Naming
    keys: list[Key] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    rows: list[list[int]] = field(default_factory=list)
    indicators: list[set[str]] = field(default_factory=list)
    number: dict[Key, int] = field(default_factory=dict)

    def add(self, key: Key, value: float, row: int, indicator: str) -> None:
        """Note that a row prints the count."""
        cell = self.number.get(key)
        if cell is None:
            cell = self.number[key] = len(self.keys)
            self.keys.append(key)
            self.values.append(value)
            self.rows.append([])
            self.indicators.append(set())
        self.rows[cell].append(row)
        self.indicators[cell].add(indicator)


def is_count(row: Row) -> bool:
    """Whether a row prints a count of confidential persons or records, and knows it; an estimate or a range is none."""
    return (
        bool(row["confidential"])
        and row["kind"] != ESTIMATED
        and row["indicator"] != WITH_SEALED
        and row["unit"] in COUNT_UNITS
        and row["value"] is not None
    )


def cells_of(rows: Sequence[Row]) -> Cells:
    """Name the confidential counts of a cube."""
    counts = [(number, row) for number, row in enumerate(rows) if is_count(row)]
    naming = Naming.of(row for _, row in counts)
    apart = _contradicting(counts, naming)
    if apart:
        naming = Naming(naming.all_years, apart)
    cells = Cells(naming)
    for number, row in counts:
        cells.add(naming.key(row), row["value"], number, row["indicator"])
    return cells


def _contradicting(counts: Iterable[tuple[int, Row]], naming: Naming) -> frozenset[str]:
    """Indicators that print another figure under a key than an indicator before them."""
    first: dict[Key, tuple[float, str]] = {}
    apart: set[str] = set()
    for _, row in counts:
        value, indicator = first.setdefault(naming.key(row), (row["value"], row["indicator"]))
        if value != row["value"] and indicator not in apart:
            apart.add(row["indicator"])
    return frozenset(apart)
