"""From a cube to its protected rows: which counts are hidden, what goes with them, and what is printed instead.

The decision a reader would question: a rate, share or ratio of confidential counts is hidden together with any count it
is made from, because with a public denominator a rate is a count.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from palermo.account.schema import DIMENSIONS
from palermo.progress import Progress
from palermo.release.across import Part, Together, named
from palermo.release.cells import COUNT_UNITS, Cells, Row, cells_of, is_count
from palermo.release.estimates import guarded
from palermo.release.feasible import Vector
from palermo.release.rounding import rounded
from palermo.release.rules import FREE, HIDDEN, SUPPRESSED, Protection, is_small, threshold
from palermo.release.sealed import counts_sealed, print_ranges
from palermo.release.structure import Structure, statement, structure_of
from palermo.release.suppress import Suppression, Unknown

RATE = "PER_100K"
_AREA = "ref_area"
_NO_DETAIL = (_AREA, "band")  # a band refines the age, or names the series of a form: no further dimension


@dataclass
class Protected:
    """The rows as they may be published, how many were hidden and why, and what the release says of itself."""

    rows: list[dict[str, Any]]
    primary: int
    secondary: int
    statement: dict[str, Any] = field(default_factory=dict)


def protect(
    rows: Sequence[Row],
    protection: Protection,
    definitions: Mapping[str, Any],
    microdata: Iterable[str],
    progress: Progress,
    together: Together | None = None,
) -> Protected:
    """Hide what must be hidden. ``definitions`` holds, by indicator, what the receipts say of it.

    With ``together`` the rows are also protected against what earlier releases say.
    """
    cells = cells_of(rows)
    structure = structure_of(cells)
    k_of, least = _thresholds(rows, protection, frozenset(microdata)), _least(rows, definitions)
    needed = np.array([max(k_of[name] for name in names) for names in cells.indicators], dtype=float)
    floor = np.array([max(least[name] for name in names) for names in cells.indicators], dtype=float)
    largest = max(cells.values, default=0.0)
    suppression = Suppression(cells, structure, needed, Unknown(floor, 4 * largest + 1000))
    first = _hide_first(suppression, cells, structure, needed, protection)
    if together is None:
        suppression.complete(progress)
    else:
        values = np.array(cells.values, dtype=float)
        new = Part(named(cells), values, structure.relations, ~suppression.hidden, needed, floor, cells.indicators)
        suppression.hidden = together.complete(new, first, progress)
    low, high = suppression.intervals()
    made = [_printed(row, protection) for row in rows]
    hidden_rows = set()
    for cell in np.flatnonzero(suppression.hidden).tolist():
        for number in cells.rows[cell]:
            hidden_rows.add(number)
            made[number] = hide_row(rows[number], _bounds(low[cell], high[cell], largest))
    for number in derived_from_hidden(rows, hidden_rows, definitions, protection.rounding is not None):
        hidden_rows.add(number)
        made[number] = hide_row(rows[number], (None, None))
    hidden_rows.update(guarded(rows, made, k_of))
    sealed_step = print_ranges(rows, made, protection)
    hidden_rows.update(number for number, row in enumerate(made) if counts_sealed(row) and row["conf_status"] != FREE)
    first_rows = sum(len(cells.rows[cell]) for cell in first if suppression.hidden[cell])
    said = {
        **statement(structure),
        "apart": sorted(cells.naming.apart),
        "all_years": cells.naming.all_years,
        "k": dict(sorted(k_of.items())),
        "least": least,
        "areas": _areas(rows),
        **({} if sealed_step is None else {"sealed_step": sealed_step}),
    }
    return Protected(made, first_rows, len(hidden_rows) - first_rows, said)


def _thresholds(rows: Sequence[Row], protection: Protection, microdata: frozenset[str]) -> dict[str, int]:
    used: dict[str, set[str]] = {}
    for row in rows:
        if row["confidential"]:
            broken = used.setdefault(row["indicator"], set())
            broken.update(name for name in DIMENSIONS if name not in _NO_DETAIL and row[name] not in {"_T", "_Z"})
    return {name: threshold(protection, broken, name in microdata) for name, broken in used.items()}


def _areas(rows: Sequence[Row]) -> dict[str, list[str]]:
    """By table, the areas whose figures come from confidential records; the others were public before."""
    found: dict[str, set[str]] = {}
    for row in rows:
        if row["confidential"]:
            found.setdefault(row["indicator"], set()).add(row[_AREA])
    return {name: sorted(areas) for name, areas in sorted(found.items())}


def _least(rows: Sequence[Row], definitions: Mapping[str, Any]) -> dict[str, int]:
    """The least that a row of each table tells: the table's minimum where all its rows reach it, 1 without zeros."""
    smallest: dict[str, float] = {}
    for row in rows:
        if is_count(row):
            smallest[row["indicator"]] = min(row["value"], smallest.get(row["indicator"], row["value"]))
    names = sorted({row["indicator"] for row in rows if row["confidential"]})
    minimum = {name: int(definitions.get(name, {}).get("minimum") or 1) for name in names}
    return {name: next((n for n in (minimum[name], 1) if smallest.get(name, 0) >= n), 0) for name in names}


def _hide_first(
    suppression: Suppression, cells: Cells, structure: Structure, needed: Vector, protection: Protection
) -> list[int]:
    """Small counts, and the zeros that would tell something of the few persons of a small total."""
    small = [cell for cell, value in enumerate(cells.values) if is_small(value, int(needed[cell]))]
    zeros = {cell for cell, value in enumerate(cells.values) if value == 0}
    totals_of_few = set(small)
    telling = {part for total, parts in structure.sums if total in totals_of_few for part in parts if part in zeros}
    chosen = [*small, *sorted(telling if protection.publish_zeros else zeros)]
    for cell in chosen:
        suppression.hide(cell)
    return chosen


def _bounds(low: float, high: float, largest: float) -> tuple[float | None, float | None]:
    """Bounds to print: none where no figure of the release limits the count. Adding 0 makes the -0 of a solver a 0."""
    return (None, None) if high > largest else (float(low) + 0.0, float(high) + 0.0)


def hide_row(row: Row, bounds: tuple[float | None, float | None]) -> dict[str, Any]:
    """The row without its value."""
    lower, upper = bounds
    return {**row, "value": None, "lower": lower, "upper": upper, "obs_status": SUPPRESSED, "conf_status": HIDDEN}


def _printed(row: Row, protection: Protection) -> dict[str, Any]:
    """The row as it is printed when it is not hidden; confidential counts without an exact value never are."""
    if row["confidential"] and row["unit"] in COUNT_UNITS and row["value"] is None and row["upper"] is not None:
        return hide_row(row, (None, None))
    if row["confidential"] and row["unit"] in COUNT_UNITS and row["value"] is not None and protection.rounding:
        return {**row, **rounded(row["value"], protection.rounding), "conf_status": FREE}
    return {**row, "conf_status": FREE}


def derived_from_hidden(
    rows: Sequence[Row], hidden: set[int], definitions: Mapping[str, Any], all_of_them: bool
) -> list[int]:
    """Rows made from confidential counts of which one is hidden (or all of them, where counts are rounded)."""
    by_codes = {_codes(rows[number]) for number in hidden}
    by_table: dict[tuple[str, str], list[Row]] = {}
    for number in sorted(hidden):
        by_table.setdefault((rows[number]["indicator"], rows[number][_AREA]), []).append(rows[number])
    return [
        number
        for number, row in enumerate(rows)
        if row["confidential"]
        and row["unit"] not in COUNT_UNITS
        and (all_of_them or _codes(row) in by_codes or _made_from(row, by_table, definitions))
    ]


def _codes(row: Row) -> tuple[str, ...]:
    return (row["measure"], row["kind"], *("_T" if row[name] == "_Z" else row[name] for name in DIMENSIONS))


def _made_from(row: Row, hidden: Mapping[tuple[str, str], list[Row]], definitions: Mapping[str, Any]) -> bool:
    if row["unit"] == RATE:
        return False  # a rate has the codes of its count
    for source in definitions.get(row["indicator"], {}).get("derived_from", ()):
        for count in hidden.get((source["indicator"], row[_AREA]), ()):
            same_sex = row["unit"] == "PERCENT" or row["sex"] == count["sex"]
            if same_sex and _same_period(row["time_period"], count["time_period"], int(source["years_later"])):
                return True
    return False


def _same_period(made: str, counted: str, lag: int) -> bool:
    if made.isdigit() and counted.isdigit():
        return int(counted) == int(made) + lag
    return True  # a period of several years is made from all of them
