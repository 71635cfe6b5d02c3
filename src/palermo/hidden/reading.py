"""Reading a capture table: from a file (one row a history, or one row a person), from a persons table, from a frame.

Columns whose values are all 0 or 1 (or yes and no, or a mark and blank) are lists; ``count``, also under other names,
is the number of persons; every other column is a covariate. The decision a reader would question: a table without
counts is counted only where some history stands twice, as it does where each row is one person. Where none does, the
column of counts was more likely forgotten, and each history would be taken for one person.
"""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from palermo.errors import UsageError
from palermo.hidden.capture import MAX_LISTS, CaptureTable
from palermo.hidden.columns import Columns, columns_of, sees, split_history
from palermo.hidden.count_text import MISSING, count_bounds, is_missing, is_structural
from palermo.hidden.joined import SEVERAL, age_group
from palermo.hidden.table_file import TextTable, frame_table, read_table, rows_table

COUNT = "count"


@dataclass(frozen=True)
class _Row:
    """One row as read: ``low`` and ``high`` bound its count, both -1 where nobody can have the history."""

    number: int
    history: int
    low: int
    high: int
    values: tuple[str | None, ...]


def read_csv(path: Path, lists: tuple[str, ...] | None = None, *, drop_unseen: bool = False) -> CaptureTable:
    """Read a table from CSV, XLSX, Parquet or Feather. ``lists`` names the list columns; found out where not given.

    A row in which no list saw anybody is refused unless its count is 0 or missing, or ``drop_unseen`` says that it
    is a simulated truth to leave out. ``<5`` and ``5-9`` are kept as ranges; ``structural`` says that nobody can have
    the history.
    """
    return _capture_table(read_table(path), lists, drop_unseen=drop_unseen)


def table_from_rows(
    rows: list[dict[str, str]], where: str, lists: tuple[str, ...] | None = None, *, drop_unseen: bool = False
) -> CaptureTable:
    """Build a table from rows of text; ``where`` names the source in errors."""
    return _capture_table(rows_table(rows, where), lists, drop_unseen=drop_unseen)


def from_frame(frame: Any, lists: tuple[str, ...] | None = None, *, drop_unseen: bool = False) -> CaptureTable:
    """Build a table from a pandas, Polars or Arrow frame of the same shape."""
    return _capture_table(frame_table(frame), lists, drop_unseen=drop_unseen)


def from_persons(persons: pa.Table, lists: tuple[str, ...], covariates: tuple[str, ...] = ()) -> CaptureTable:
    """Count the histories of the victims of a persons table (``linkage.schema.PERSONS``), by covariates where named.

    ``age`` gives children and adults as in the account, ``form`` the one form a person suffered or ``_M`` for several;
    every other name is a column. Persons found not to be victims are left out. Records that could not be joined are
    not told apart here: the stage of the pipeline does that (``hidden.joined``).
    """
    if "status" in persons.column_names:
        persons = persons.filter(pc.fill_null(pc.not_equal(persons["status"], "not_victim"), True))
    masks = [sum(1 << bit for bit, name in enumerate(lists) if name in held) for held in persons["lists"].to_pylist()]
    values = [_covariate(persons, name) for name in covariates]
    counted = Counter(zip(masks, *values, strict=True))
    keys = [key for key in sorted(counted, key=str) if key[0]]
    return CaptureTable(
        lists=lists,
        histories=np.array([key[0] for key in keys], np.int64),
        counts=np.array([counted[key] for key in keys], np.int64),
        covariates={name: tuple(_value(str(key[1 + i])) for key in keys) for i, name in enumerate(covariates)},
        name="persons",
    )


def _covariate(persons: pa.Table, name: str) -> list[Any]:
    """The values of a covariate, one per person."""
    if name == "age" and "age_band" in persons.column_names:
        known = zip(persons["age"].to_pylist(), persons["age_band"].to_pylist(), strict=True)
        return [age_group(age, band or "_U") for age, band in known]
    if name == "form":
        return [(forms or ["_U"])[0] if len(forms or ()) < 2 else SEVERAL for forms in persons["forms"].to_pylist()]
    return list(persons[name].to_pylist())


def _capture_table(table: TextTable, lists: tuple[str, ...] | None, *, drop_unseen: bool) -> CaptureTable:
    columns = columns_of(table, lists)
    names, histories = _histories(table, columns)
    if not 2 <= len(names) <= MAX_LISTS:
        raise UsageError(_wrong_number(table, columns, names))
    rows = _rows(table, columns, histories, drop_unseen=drop_unseen)
    rows = _counted(table, columns, rows) if columns.count is None else rows
    structural = _structural(table, names, rows)
    rows = [row for row in rows if row.high >= 0]
    _no_repeats(table, rows)
    lower, upper = (np.array([getattr(row, side) for row in rows], np.int64) for side in ("low", "high"))
    return CaptureTable(
        lists=names,
        histories=np.array([row.history for row in rows], np.int64),
        counts=np.where(lower == upper, lower, (lower + upper) // 2),
        covariates={name: tuple(row.values[i] for row in rows) for i, name in enumerate(columns.covariates)},
        structural=structural,
        lower=lower,
        upper=upper,
        name=Path(table.where).stem,
    )


def _histories(table: TextTable, columns: Columns) -> tuple[tuple[str, ...], list[int]]:
    """The lists and, for each row, its history as a bit mask."""
    if columns.history is not None:
        return _split(table, columns.history, columns.lists)
    marks = [table.column(name) for name in columns.lists]
    histories = [0] * len(table.rows)
    for bit, (name, column) in enumerate(zip(columns.lists, marks, strict=True)):
        for place, text in enumerate(column):
            seen = sees(text, column)
            if seen is None:
                raise UsageError(
                    f"{table.where}: row {table.numbers[place]}, column {name}: found {text!r}; expected 1 where "
                    "the list saw the persons and 0 where not"
                )
            histories[place] |= seen << bit
    return columns.lists, histories


def _split(table: TextTable, name: str, lists: tuple[str, ...]) -> tuple[tuple[str, ...], list[int]]:
    texts = [split_history(text) or text for text in table.column(name)]
    width = max(map(len, texts))
    for row, text in zip(table.numbers, texts, strict=True):
        if len(text) < width or (lists and width != len(lists)):
            raise UsageError(
                f"{table.where}: row {row}, column {name}: found {text!r}, a history of {len(text)} lists; "
                f"expected {len(lists) or width}. A spreadsheet drops zeros at the start: store the column as text, or "
                "write 1-0-1"
            )
    names = lists or tuple(f"list_{place}" for place in range(1, width + 1))
    return names, [sum(1 << bit for bit, sign in enumerate(text) if sign == "1") for text in texts]


def _rows(table: TextTable, columns: Columns, histories: list[int], *, drop_unseen: bool) -> list[_Row]:
    counts = None if columns.count is None else table.column(columns.count)
    values = list(zip(*(map(_value, table.column(name)) for name in columns.covariates), strict=True))
    rows = []
    for place, history in enumerate(histories):
        text = "1" if counts is None else counts[place]
        number = table.numbers[place]
        if history == 0 and (drop_unseen or is_missing(text) or is_structural(text)):
            continue
        low, high = (
            (-1, -1)
            if is_structural(text)
            else count_bounds(text, f"{table.where}: row {number}, column {columns.count}")
        )
        if history == 0:
            if high:
                raise UsageError(_unseen(table, number, high, columns))
            continue
        rows.append(_Row(number, history, low, high, values[place] if values else ()))
    return rows


def _counted(table: TextTable, columns: Columns, rows: list[_Row]) -> list[_Row]:
    """Rows of one person each, counted by history and covariates."""
    counted = Counter((row.history, row.values) for row in rows)
    plain = [i for i, name in enumerate(columns.covariates) if not _is_numbers(table.column(name))]
    if len({(row.history, *(row.values[i] for i in plain)) for row in rows}) == len(rows):
        raise UsageError(
            f"{table.where}: no column {COUNT!r}; found {', '.join(table.header)}. No history stands twice, so the "
            f"rows are no list of persons either. Call the column that holds the number of persons {COUNT!r}"
        )
    keys = sorted(counted, key=lambda key: (key[0], tuple((value is None, value or "") for value in key[1])))
    return [_Row(0, key[0], counted[key], counted[key], key[1]) for key in keys]


def _structural(table: TextTable, names: tuple[str, ...], rows: list[_Row]) -> frozenset[int]:
    """The histories that nobody can have. What is possible for some persons only cannot be said in one table."""
    structural = {row.history: row.number for row in rows if row.high < 0}
    for row in rows:
        if row.high >= 0 and row.history in structural:
            lists = " and ".join(name for bit, name in enumerate(names) if row.history >> bit & 1)
            raise UsageError(
                f"{table.where}: row {structural[row.history]} says that nobody can be on {lists} alone, and row "
                f"{row.number} counts persons there; expected one of the two. If only some persons (such as men) "
                "cannot be there, make one table for them and one for the others"
            )
    return frozenset(structural)


def _value(text: str) -> str | None:
    plain = text.strip()
    return None if plain.lower() in MISSING - {"none"} or plain in {"None", "_U", "_N"} else plain  # `none` is a code


def _is_numbers(column: tuple[str, ...]) -> bool:
    return all(text.replace(".", "", 1).isdecimal() for text in column)


def _no_repeats(table: TextTable, rows: list[_Row]) -> None:
    first: dict[tuple[int, tuple[str | None, ...]], int] = {}
    for row in rows:
        before = first.setdefault((row.history, row.values), row.number)
        if before != row.number:
            raise UsageError(
                f"{table.where}: rows {before} and {row.number} hold the same history, which stands in two rows or "
                "more; add them up first, or add the column in which they differ"
            )


def _unseen(table: TextTable, number: int, high: int, columns: Columns) -> str:
    persons = "this person" if columns.count is None else f"these {high} persons"
    return (
        f"{table.where}: row {number}: no list saw {persons}, so nobody can have counted them; leave the row out "
        "(a simulated truth belongs into another file; persons on lists that are not named are not on any)"
    )


def _wrong_number(table: TextTable, columns: Columns, names: tuple[str, ...]) -> str:
    found = f"{len(names)} lists" + (f" ({', '.join(names)})" if names else "")
    others = f", and as covariates {', '.join(columns.covariates)}" if columns.covariates else ""
    advice = (
        "take lists of one kind together, or name those to use with `--lists`"
        if len(names) > MAX_LISTS
        else "a list is a column of 0 and 1 (or yes and no, or x and blank)"
    )
    return f"{table.where}: found {found}{others}; expected 2 to {MAX_LISTS}: {advice}"
