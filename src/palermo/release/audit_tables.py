"""A released cube as the attacker sees it: counts named by the codes that break them down, and what ties them.

A count is named by its measure, unit, kind and area and by the set of codes that are not totals, so that its totals are
found by taking codes out of the set. Relations come from what the release says of its sums; where it is silent and
every published group of a table adds up exactly, the attacker assumes it of the groups with hidden cells as well.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from palermo.account.schema import DIMENSIONS
from palermo.release.feasible import Flags, Relations, Vector
from palermo.release.rules import FREE

Row = Mapping[str, Any]
Code = tuple[str, str]
Name = tuple[str, frozenset[Code]]
Group = tuple[Name, list[Name]]

PERSONS_OF_SDG_GROUP = {
    "sexual": ("sexual", "sexual_slavery"),
    "forced_labour": ("forced_labour", "domestic_servitude", "child_labour", "slavery"),
    "organ_removal": ("organ_removal",),
    "_U": ("_U",),
    "_N": ("_N",),
}
_NOT_COUNTS = frozenset({"PERCENT", "RATIO", "PER_100K", "KM2"})


@dataclass
class Tables:
    """All counts of confidential tables, their intervals as printed and their relations."""

    names: list[Name] = field(default_factory=list)
    indicators: list[str] = field(default_factory=list)
    contradictions: list[tuple[str, str]] = field(default_factory=list)
    low: Vector = field(default_factory=lambda: np.zeros(0))
    high: Vector = field(default_factory=lambda: np.zeros(0))
    hidden: Flags = field(default_factory=lambda: np.zeros(0, dtype=bool))
    k: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    relations: Relations = field(default_factory=lambda: Relations.of([], [], 0))
    printed_in: list[frozenset[str]] = field(default_factory=list)  # the tables that print each count

    def name(self, cell: int) -> str:
        """A count in words."""
        codes = ", ".join(f"{dimension} {code}" for dimension, code in sorted(self.names[cell][1]))
        return f"{self.indicators[cell]} ({codes or 'total'})"


@dataclass
class _Count:
    number: int
    indicator: str
    tables: set[str] = field(default_factory=set)
    printed: list[tuple[float, float]] = field(default_factory=list)
    is_hidden: bool = False
    bounds: list[tuple[float, float]] = field(default_factory=list)


def read_tables(rows: Sequence[Row], said: Mapping[str, Any]) -> Tables:
    """Set up the attack. ``said`` is what the release says of its protection."""
    counts: dict[Name, _Count] = {}
    for row in rows:
        if _is_count(row) and row["ref_area"] in said["areas"].get(row["indicator"], ()):
            name = _name(row, said)
            count = counts.setdefault(name, _Count(len(counts), row["indicator"]))
            count.tables.add(row["indicator"])
            _note(count, row)
    tables = Tables(list(counts), [count.indicator for count in counts.values()])
    tables.hidden = np.array([count.is_hidden for count in counts.values()], dtype=bool)
    tables.k = np.array([max(said["k"][table] for table in count.tables) for count in counts.values()], dtype=float)
    tables.contradictions = [
        (count.indicator, f"{tables.name(count.number)}: hidden in one table and printed in another")
        for count in counts.values()
        if count.is_hidden and count.printed
    ]
    largest = max((high for count in counts.values() for _, high in count.printed), default=0.0)
    ends = [
        _interval(count, max(said["least"][table] for table in count.tables), 4 * largest + 1000)
        for count in counts.values()
    ]
    tables.low = np.array([low for low, _ in ends], dtype=float)
    tables.high = np.array([high for _, high in ends], dtype=float)
    tables.relations = _relations(counts, said)
    tables.printed_in = [frozenset(count.tables) for count in counts.values()]
    return tables


def _is_count(row: Row) -> bool:
    """Whether a row counts; bounds of an estimate are an interval, which no sum need respect."""
    return row["unit"] not in _NOT_COUNTS and row["kind"] != "estimated"


def _note(count: _Count, row: Row) -> None:
    if row["conf_status"] == FREE and row["lower"] is not None:
        count.printed.append((row["lower"], row["upper"]))
    elif row["conf_status"] != FREE:
        count.is_hidden = True
        if row["lower"] is not None:
            count.bounds.append((row["lower"], row["upper"]))


def _interval(count: _Count, least: float, ceiling: float) -> tuple[float, float]:
    floor = float(least) if count.is_hidden else 0.0
    known = [(floor, ceiling), *count.printed, *count.bounds]
    return max(low for low, _ in known), min(high for _, high in known)


def _name(row: Row, said: Mapping[str, Any]) -> Name:
    codes = {dimension: row[dimension] for dimension in DIMENSIONS if row[dimension] not in {"_T", "_Z"}}
    if codes.get("time_period") == said["all_years"]:
        codes.pop("time_period", None)
    if codes.get("band") in {"PANEL", "POOLED"}:
        del codes["band"]
    if row["indicator"] == "sdg_16_2_2" and "form" in codes:
        codes["form_group"] = codes.pop("form")
    measure = "victims_detected" if row["measure"] == "flows" else row["measure"]
    own = row["indicator"] if row["indicator"] in said["apart"] else ""
    return f"{own}|{measure}|{row['unit']}|{row['kind']}", frozenset(codes.items())


def _relations(counts: Mapping[Name, _Count], said: Mapping[str, Any]) -> Relations:
    equal: list[dict[int, int]] = []
    at_most: list[dict[int, int]] = []
    for (table, along), groups in sorted(_groups(counts).items()):
        silent = "exact" if _always_exact(groups, counts) else None
        relation = said["sums"].get(table, {}).get(along, silent)
        for total, parts in groups:
            whole, members = counts[total].number, [counts[part].number for part in parts]
            if relation == "exact":
                equal.append({whole: 1, **dict.fromkeys(members, -1)})
            elif relation == "at_most":
                at_most.append({**dict.fromkeys(members, 1), whole: -1})
            elif relation == "at_least":
                at_most.append({**dict.fromkeys(members, -1), whole: 1})
                at_most += [{member: 1, whole: -1} for member in members]
    if said["assisted_within_detected"]:
        at_most += _assisted(counts)
    return Relations.of(equal, at_most, len(counts))


def _always_exact(groups: Iterable[Group], counts: Mapping[Name, _Count]) -> bool:
    shown = [group for group in groups if all(_exact(counts[name]) for name in (group[0], *group[1]))]
    return bool(shown) and all(
        counts[total].printed[0][0] == sum(counts[part].printed[0][0] for part in parts) for total, parts in shown
    )


def _exact(count: _Count) -> bool:
    return not count.is_hidden and bool(count.printed) and count.printed[0][0] == count.printed[0][1]


def _assisted(counts: Mapping[Name, _Count]) -> list[dict[int, int]]:
    twins = ((name, (name[0].replace("victims_assisted|PERSON|assisted", "victims_detected|PERSON|detected"), name[1]))
             for name in counts if "|victims_assisted|PERSON|assisted" in name[0])  # fmt: skip
    return [{counts[one].number: 1, counts[other].number: -1} for one, other in twins if other in counts]


def _groups(counts: Mapping[Name, _Count]) -> dict[tuple[str, str], list[Group]]:
    """By table and dimension: totals that are in the release, with their parts."""
    spans = sorted({code for _, codes in counts for dimension, code in codes if _is_span(dimension, code)})
    collected: dict[tuple[str, str], dict[Name, list[Name]]] = {}
    for name, count in counts.items():
        for along, total in _totals(name, spans):
            if total in counts:
                for table in count.tables:
                    collected.setdefault((table, along), {}).setdefault(total, []).append(name)
    return {
        where: sorted(groups.items(), key=lambda item: counts[item[0]].number) for where, groups in collected.items()
    }


def _is_span(dimension: str, code: str) -> bool:
    return dimension == "time_period" and "/" in code


def _totals(name: Name, spans: Sequence[str]) -> Iterator[tuple[str, Name]]:
    family, codes = name
    broken = dict(codes)
    for dimension, code in codes:
        if dimension not in {"ref_area", "form_group"} and not _is_span(dimension, code):
            yield dimension, (family, codes - {(dimension, code)})
    if "form_group" in broken:
        yield "form", (family, codes - {("form_group", broken["form_group"])})
    if "form" in broken:
        group = next((group for group, forms in PERSONS_OF_SDG_GROUP.items() if broken["form"] in forms), "other")
        yield "form_group", (family, (codes - {("form", broken["form"])}) | {("form_group", group)})
    if {"citizenship", "counterpart_area", "reach"} <= set(broken):
        for gone in ("citizenship", "reach"):
            left = {item for item in codes if item[0] not in {gone, "counterpart_area"}}
            yield "flow", (family, frozenset(left))
    year = broken.get("time_period", "")
    if year.isdigit():
        rest = codes - {("time_period", year)}
        yield from (
            ("period", (family, rest | {("time_period", span)})) for span in spans if span[:4] <= year <= span[-4:]
        )


def derived_beside_hidden(rows: Sequence[Row], receipts: Any) -> list[tuple[str, str]]:
    """Rates, shares and ratios that are printed although a count they are made from is hidden."""
    hidden = [row for row in rows if row["conf_status"] != FREE and row["unit"] not in _NOT_COUNTS]
    twins = {_twin(row) for row in hidden}
    by_table: dict[tuple[str, str], list[Row]] = {}
    for row in hidden:
        by_table.setdefault((row["indicator"], row["ref_area"]), []).append(row)
    indicators = receipts.get("indicators", {}) if isinstance(receipts, dict) else {}
    found = []
    for row in rows:
        if row["unit"] not in _NOT_COUNTS or row["conf_status"] != FREE or row["value"] is None:
            continue
        made_from = indicators.get(row["indicator"], {}).get("derived_from", ()) if row["unit"] != "PER_100K" else ()
        if _twin(row) in twins or any(_is_made_from(row, source, by_table) for source in made_from):
            where = f"{row['time_period']}, sex {row['sex']}, age {row['age']}"
            found.append((row["indicator"], f"{row['indicator']} ({where}): printed beside a hidden count of its own"))
    return found


def _twin(row: Row) -> tuple[str, str, frozenset[Code]]:
    codes = ((dimension, row[dimension]) for dimension in DIMENSIONS if row[dimension] not in {"_T", "_Z"})
    return row["measure"], row["kind"], frozenset(codes)


def _is_made_from(row: Row, source: Mapping[str, Any], hidden: Mapping[tuple[str, str], list[Row]]) -> bool:
    for count in hidden.get((source["indicator"], row["ref_area"]), ()):
        years = row["time_period"], count["time_period"]
        apart = int(years[1]) - int(years[0]) if years[0].isdigit() and years[1].isdigit() else source["years_later"]
        if apart == source["years_later"] and (row["unit"] == "PERCENT" or row["sex"] == count["sex"]):
            return True
    return False
