"""Late corrections: figures of a year already published stay as first published while the change is a small one.

A year is taken whole. Its new figures go out only where, in each table family, the broadest figures that change do so
by k or more; until then every figure of the year is the one published before, and totals over years are worked out
anew from the years as they are printed, so that all sums still hold. The decision a reader would question: which
figures wait is told to the office only. A mark "waits" beside a figure would say that somebody came or went.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from palermo.account.schema import DIMENSIONS
from palermo.release.cells import COUNT_UNITS, ESTIMATED, TOTAL

Row = Mapping[str, Any]
Rows = Sequence[Row]
Codes = tuple[str, ...]
_TIME = "time_period"
_FIGURES = ("value", "lower", "upper")
_FAMILY = ("indicator", "measure", "unit", "kind", "ref_area")
_OTHERS = tuple(name for name in DIMENSIONS if name not in {_TIME, "ref_area"})


@dataclass(frozen=True)
class Change:
    """How one year of one area differs from what was published of it. ``large`` where its new figures may go out."""

    area: str
    year: str
    figures: int  # how many counts changed
    large: bool


@dataclass
class Mixed:
    """The rows to protect: those of held years as first published. ``held`` tells which, for the office."""

    rows: list[dict[str, Any]]
    held: list[Change] = field(default_factory=list)
    revised: list[Change] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)  # tables new to a held year, with the year
    as_before: bool = False  # whether the figures over several years, estimates too, are those first published
    waiting: frozenset[str] = frozenset()  # codes of the estimates of single years that wait by themselves


def is_counted(row: Row) -> bool:
    """Whether a row is a count from confidential files."""
    return bool(row["confidential"]) and row["unit"] in COUNT_UNITS and row["kind"] != ESTIMATED


def changes_of(new: Rows, old: Rows, k: int) -> list[Change]:
    """Years of both accounts whose counts differ."""
    before, after = _by_year(old), _by_year(new)
    found = []
    for place in sorted(before.keys() & after.keys()):
        differences = _differences(after[place], before[place])
        if differences:
            found.append(Change(*place, len(differences), _is_large(differences, k)))
    return found


def _by_year(rows: Rows) -> dict[tuple[str, str], dict[Codes, float]]:
    found: dict[tuple[str, str], dict[Codes, float]] = {}
    for row in rows:
        if is_counted(row) and row[_TIME].isdigit() and row["value"] is not None:
            found.setdefault((row["ref_area"], row[_TIME]), {})[_codes(row)] = row["value"]
    return found


def _differences(after: Mapping[Codes, float], before: Mapping[Codes, float]) -> dict[Codes, float]:
    """Changes by codes, in the tables that both accounts hold; a row that is missing counts nobody."""
    common = {codes[0] for codes in before} & {codes[0] for codes in after}
    keys = {codes for codes in (*before, *after) if codes[0] in common}
    changes = {codes: after.get(codes, 0.0) - before.get(codes, 0.0) for codes in keys}
    return {codes: change for codes, change in changes.items() if change}


def _is_large(differences: Mapping[Codes, float], k: int) -> bool:
    """Whether in each table the changed figures that sum over most change by k or more."""
    broadest: dict[Codes, int] = {}
    for codes in differences:
        table = codes[: len(_FAMILY)]
        broadest[table] = max(broadest.get(table, 0), _breadth(codes))
    return all(
        abs(change) >= k for codes, change in differences.items() if _breadth(codes) == broadest[codes[: len(_FAMILY)]]
    )


def _breadth(codes: Codes) -> int:
    return sum(code in {TOTAL, "_Z"} for code in codes[len(_FAMILY) :])


def mixed(new: Rows, old: Rows, changes: Iterable[Change], *, all_wait: bool) -> Mixed:
    """The new rows, with the years of small changes (with ``all_wait`` of every change) as in the old ones."""
    held = [change for change in changes if all_wait or not change.large]
    revised = [change for change in changes if not (all_wait or not change.large)]
    if not held:
        return Mixed([dict(row) for row in new], [], revised)
    places = {(change.area, change.year) for change in held}
    areas = {area for area, _ in places}  # where the years are the same too, the rows over several of them are the old
    as_before = not revised and years_of(new, areas) == years_of(old, areas)
    over_years = (dict(row) for row in _wide(old, areas)) if as_before else _overyears_of(new, old, places)
    rows = _with_steady_codes([*_years_as_held(new, old, places), *over_years], new, old)
    return Mixed(as_if_new(rows, new), held, revised, left_out(new, old, places), as_before)


def _with_steady_codes(rows: list[dict[str, Any]], new: Rows, old: Rows) -> list[dict[str, Any]]:
    """The rows, with zeros that tell nothing of the years that wait.

    A citizenship of which one late case is the first would appear with zeros in all other years, and one whose only
    case was taken out would lose the zeros that other years printed of it.
    """
    seen = {code for row in old for code in _own_codes(row)}
    tables = {_table(row) for row in old if row["confidential"]}
    counting = {code for row in rows if row["value"] != 0 for code in _own_codes(row)}
    known = seen | counting
    kept = [row for row in rows if _table(row) not in tables or known.issuperset(_own_codes(row))]
    there = {(row[_TIME], _codes(row)) for row in kept}
    years = {(*_table(row), row[_TIME]) for row in new if row["confidential"] and row[_TIME].isdigit()}
    lost = (
        dict(row)
        for row in old
        if row["value"] == 0
        and (*_table(row), row[_TIME]) in years
        and (row[_TIME], _codes(row)) not in there
        and counting.issuperset(_own_codes(row))
    )
    return [*kept, *lost]


def as_if_new(rows: list[dict[str, Any]], new: Rows) -> list[dict[str, Any]]:
    """The rows in the order of a cube and with the receipts of the new account: neither tells which of them waited."""
    receipts = {_place(row): row["receipt_id"] for row in new}
    marks = {row["indicator"]: row["receipt_id"] for row in new}
    for row in rows:
        place = _place(row)
        made = hashlib.sha256("\x1f".join((marks.get(place[0], ""), *place)).encode()).hexdigest()
        row["receipt_id"] = receipts.get(place, made[: len(row["receipt_id"])])
    return sorted(rows, key=_place)


def _place(row: Row) -> Codes:
    """What a cube sorts its rows by."""
    return (row["indicator"], "\x1f".join(row[name] for name in ("measure", "unit", "kind", *DIMENSIONS)))


def _own_codes(row: Row) -> list[tuple[str, str, str, str]]:
    """The codes of a confidential row, each with its table and dimension."""
    return [(*_table(row), name, row[name]) for name in _OTHERS] if row["confidential"] else []


def _is_in(row: Row, places: set[tuple[str, str]]) -> bool:
    return bool(row["confidential"]) and (row["ref_area"], row[_TIME]) in places


def _years_as_held(new: Rows, old: Rows, places: set[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    """Rows of single years, public rows and rows of other areas; a table that is new to a held year has none of it."""
    areas = {area for area, _ in places}
    for row in new:
        if not row[_TIME].isdigit() and row["confidential"] and row["ref_area"] in areas:
            continue
        if not _is_in(row, places):
            yield dict(row)
    yield from (dict(row) for row in old if _is_in(row, places))


def _known(old: Rows, places: set[tuple[str, str]]) -> set[tuple[str, str, str]]:
    """Table, area and year of what was published of the held years."""
    return {(row["indicator"], row["ref_area"], row[_TIME]) for row in old if _is_in(row, places)}


def left_out(new: Rows, old: Rows, places: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """Tables that are new to a held year, which has no figures for them, with the year."""
    known = _known(old, places)
    fresh = {(row["indicator"], row["ref_area"], row[_TIME]) for row in new if _is_in(row, places)} - known
    return sorted((indicator, year) for indicator, _, year in fresh)


def _overyears_of(new: Rows, old: Rows, places: set[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    """Rows over several years of the areas that have held years, worked out from the years as printed.

    A table that has no yearly figures keeps its new ones. Rates and shares over several years that mix old and new are
    left out.
    """
    areas = {area for area, _ in places}
    fresh = {indicator for indicator, _ in left_out(new, old, places)}
    waiting = {period: _waiting(new, old, places, period) for period in {row[_TIME] for row in _wide(new, areas)}}
    yearly = {_table(row) for row in new if is_counted(row) and row[_TIME].isdigit()}
    with_zeros = {row["indicator"] for row in new if row["value"] == 0}
    adjusted: dict[tuple[str, Codes], float] = {}
    left = []
    for row in (row for row in _wide(new, areas) if row["indicator"] not in fresh):
        if is_counted(row) and row["value"] is not None and _table(row) in yearly:
            value = row["value"] - waiting[row[_TIME]].pop(_codes(row), 0.0)
            adjusted[row[_TIME], _codes(row)[1:]] = value
            if value or row["indicator"] in with_zeros:
                yield {**row, **dict.fromkeys(_FIGURES, value)}
        else:
            left.append(row)
    for row in _wide(old, areas):
        gone = waiting.get(row[_TIME], {}).pop(_codes(row), 0.0)
        if gone < 0:  # the change took the row away: it stays while the change waits
            yield {**row, **dict.fromkeys(_FIGURES, -gone)}
    for row in left:
        if is_counted(row):
            value = adjusted.get((row[_TIME], _codes(row)[1:]), row["value"])
            yield {**row} if value == row["value"] else {**row, **dict.fromkeys(_FIGURES, value)}
        elif row["kind"] == ESTIMATED:
            yield dict(row)


def _wide(rows: Rows, areas: set[str]) -> Iterator[Row]:
    return (row for row in rows if row["confidential"] and row["ref_area"] in areas and not row[_TIME].isdigit())


def _table(row: Row) -> tuple[str, str]:
    return row["indicator"], row["ref_area"]


def _waiting(new: Rows, old: Rows, places: set[tuple[str, str]], period: str) -> dict[Codes, float]:
    """By codes without the year: what the held years of a period would have changed together."""
    first, _, last = period.partition("/")
    before, after = _by_year(old), _by_year(new)
    total: dict[Codes, float] = {}
    for place in places:
        if not last or first <= place[1] <= last:
            for codes, change in _differences(after.get(place, {}), before.get(place, {})).items():
                total[codes] = total.get(codes, 0.0) + change
    return total


def years_of(rows: Rows, areas: set[str]) -> set[str]:
    """The single years of which areas have confidential figures."""
    return {row[_TIME] for row in rows if row["confidential"] and row["ref_area"] in areas and row[_TIME].isdigit()}


def _codes(row: Row) -> Codes:
    """What a row counts, without its period."""
    return (*(row[name] for name in _FAMILY), *(row[name] for name in _OTHERS))
