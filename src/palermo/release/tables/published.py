"""The protected tables as they may be read: one row per count, with a mark that says what kind of figure it is.

Suppressed, zero, unknown and not asked are four marks. The decision a reader would question: a zero is marked
``not_asked`` (or ``unknown``) where everybody in the total above it is so; only where that total is printed as well,
because the mark would otherwise say something of hidden counts.
"""

import csv
import io
import json
from pathlib import Path

import numpy as np
import pyarrow as pa

from palermo.errors import UsageError
from palermo.release.rules import FREE, HIDDEN, SUPPRESSED
from palermo.release.tables.cells import Flags, Whole
from palermo.release.tables.hierarchy import NOT_ASKED, TOTAL, UNKNOWN
from palermo.release.tables.plan import Plan
from palermo.release.tables.specification import Published, Specification
from palermo.release.tables.system import Vector
from palermo.spreadsheets import harmless
from palermo.whole_files import whole

COUNT, ZERO, SUPPRESSED_MARK, UNKNOWN_MARK, NOT_ASKED_MARK = "count", "zero", "suppressed", "unknown", "not_asked"
NORMAL, MISSING = "A", "M"  # SDMX CL_OBS_STATUS
COLUMNS = ("value", "lower", "upper", "obs_status", "conf_status", "mark")
DESCRIPTION = "tables.json"


def table_of(plan: Plan, name: str) -> pa.Table:
    """One table as it may be published."""
    table = _named(plan, name)
    lattice = plan.cells.lattice
    keys = _keys(plan, table)
    codes = lattice.decoded(keys)
    values, hidden, lower, upper = _looked_up(plan, keys)
    marks = np.where(hidden, SUPPRESSED_MARK, np.where(values > 0, COUNT, ZERO)).astype(object)
    for mark in (NOT_ASKED_MARK, UNKNOWN_MARK):
        marks[(marks == ZERO) & _all_are(plan, table, keys, mark)] = mark
    empty = np.isin(marks, [SUPPRESSED_MARK, UNKNOWN_MARK, NOT_ASKED_MARK])
    columns: dict[str, pa.Array] = {}
    for place, dimension in enumerate(lattice.specification.dimensions):
        if dimension.name in table.dimensions:
            columns[dimension.name] = pa.array(np.array(dimension.names, dtype=object)[codes[:, place]], pa.string())
    columns["value"] = pa.array(values, pa.int64(), mask=empty)
    columns["lower"] = pa.array(lower, pa.int64(), mask=~hidden)
    limited = hidden & np.isfinite(upper)
    columns["upper"] = pa.array(np.where(limited, upper, 0).astype(np.int64), pa.int64(), mask=~limited)
    status = np.where(hidden, SUPPRESSED, np.where(empty, MISSING, NORMAL))
    columns["obs_status"] = pa.array(status.astype(object), pa.string())
    columns["conf_status"] = pa.array(np.where(hidden, HIDDEN, FREE).astype(object), pa.string())
    columns["mark"] = pa.array(marks, pa.string())
    return pa.table(columns)


def _named(plan: Plan, name: str) -> Published:
    for table in plan.specification.tables:
        if table.name == name:
            return table
    names = ", ".join(table.name for table in plan.specification.tables)
    raise UsageError(f"no table {name!r} in the plan; tables: {names}")


def _keys(plan: Plan, table: Published) -> Whole:
    lattice = plan.cells.lattice
    keys = np.zeros(1, dtype=np.int64)
    for place, names in enumerate(lattice.specification.printed(table)):
        keys = (keys[:, None] + np.array(names)[None, :] * lattice.strides[place]).reshape(-1)
    return keys


def _looked_up(plan: Plan, keys: Whole) -> tuple[Whole, Flags, Whole, Vector]:
    """Values (0 where nobody is), whether hidden, and limits."""
    known = plan.cells.keys
    if not len(known):
        nothing = np.zeros(len(keys), dtype=np.int64)
        return nothing, nothing > 0, nothing, nothing.astype(np.float64)
    place = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    found = known[place] == keys
    values = np.where(found, plan.cells.values[place], 0)
    lower = np.where(found, plan.lower[place], 0).astype(np.int64)
    return values, found & plan.hidden[place], lower, np.where(found, plan.upper[place], 0)


def _all_are(plan: Plan, table: Published, keys: Whole, mark: str) -> Flags:
    """Where everybody in the total over some dimension is of unknown code (or was not asked), and that is printed."""
    specials = (NOT_ASKED,) if mark == NOT_ASKED_MARK else (UNKNOWN, NOT_ASKED)
    lattice = plan.cells.lattice
    codes = lattice.decoded(keys)
    answer = np.zeros(len(keys), dtype=bool)
    for place, dimension in enumerate(lattice.specification.dimensions):
        present = [dimension.place[code] for code in specials if code in dimension.place]
        printed = plan.specification.printed(table)[place]
        total = dimension.place[TOTAL]
        if dimension.name not in table.dimensions or not present or not {total, *present} <= set(printed):
            continue
        bare = keys - codes[:, place] * lattice.strides[place]
        whole, whole_hidden, _, _ = _looked_up(plan, bare + total * lattice.strides[place])
        parts = [_looked_up(plan, bare + code * lattice.strides[place]) for code in present]
        shown = ~whole_hidden & ~np.logical_or.reduce([part[1] for part in parts])
        answer |= shown & (whole > 0) & (sum(part[0] for part in parts) == whole)
    return answer


def shape_of(specification: Specification) -> dict[str, object]:
    """Dimensions with their codes and groups, and which table prints which."""
    return {
        "dimensions": [
            {
                "name": one.name,
                "codes": list(one.codes),
                "groups": {name: list(held) for name, held in one.groups.items()},
            }
            for one in specification.dimensions
        ],
        "tables": [
            {
                "name": table.name,
                "dimensions": list(table.dimensions),
                "codes": {name: list(codes) for name, codes in table.codes.items()},
                "k": table.k,
            }
            for table in specification.tables
        ],
    }


def description(plan: Plan) -> dict[str, object]:
    """What goes with the tables: their dimensions, groups and rules; not which counts are small."""
    return {
        **shape_of(plan.specification),
        "k": plan.rules.k,
        "zeros": plan.rules.zeros,
        "level": plan.rules.level,
        "hidden": plan.proved.hidden,
    }


def write_plan(plan: Plan, folder: Path) -> list[Path]:
    """Write the protected tables (``NAME.csv``) and their description (``tables.json``) into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [table.name for table in plan.specification.tables]
    written = [write_text(folder / f"{name}.csv", csv_text(table_of(plan, name))) for name in names]
    words = json.dumps(description(plan), indent=2, ensure_ascii=False, sort_keys=True) + "\n"
    return [*written, write_text(folder / DESCRIPTION, words)]


def csv_text(table: pa.Table) -> str:
    """A table as CSV for people to open: cells that a spreadsheet would take for formulas are quoted."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([harmless(name) for name in table.column_names])
    for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
        writer.writerow(["" if cell is None else harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return buffer.getvalue()


def write_text(path: Path, words: str) -> Path:
    """Write a text whole or not at all."""
    with whole(path) as part:
        part.write_text(words, encoding="utf-8")
    return path
