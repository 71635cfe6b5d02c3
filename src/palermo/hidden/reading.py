"""Reading a capture table: from CSV (one row a history), from a persons table, from a frame.

Columns whose values are all 0 or 1 are lists; ``count`` is the number of persons; every other column is a covariate.
"""

import csv
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from palermo.errors import UsageError
from palermo.hidden.capture import CaptureTable

COUNT = "count"
_MISSING = frozenset({"", "na", "nan", "null", "none"})


def read_csv(path: Path, lists: tuple[str, ...] | None = None, *, drop_unseen: bool = False) -> CaptureTable:
    """Read a table from CSV. ``lists`` names the list columns; those of 0 and 1 before ``count`` where not given.

    A row in which no list saw anybody is refused unless its count is 0 or missing, or ``drop_unseen`` says that it
    is a simulated truth to leave out. ``<5`` is kept as a range.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream))
    except FileNotFoundError:
        raise UsageError(f"{path}: no such file") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: not UTF-8: {error}") from None
    if not rows:
        raise UsageError(f"{path}: no rows; expected a header of lists and `count`, then one row a history")
    return table_from_rows(rows, str(path), lists, drop_unseen=drop_unseen)


def table_from_rows(
    rows: list[dict[str, str]], where: str, lists: tuple[str, ...] | None = None, *, drop_unseen: bool = False
) -> CaptureTable:
    """Build a table from rows of text; ``where`` names the source in errors."""
    header = list(rows[0])
    if COUNT not in header:
        raise UsageError(f"{where}: no column {COUNT!r}; found {', '.join(map(str, header))}")
    named = lists or tuple(
        name for name in header if name != COUNT and {(row[name] or "").strip() for row in rows} <= {"0", "1"}
    )
    if missing := [name for name in named if name not in header]:
        raise UsageError(f"{where}: no column {', '.join(missing)}; found {', '.join(map(str, header))}")
    covariates = [name for name in header if name not in {*named, COUNT}]
    histories, bounds, kept = [], [], []
    for number, row in enumerate(rows, 1):
        history = sum(1 << bit for bit, name in enumerate(named) if row[name].strip() == "1")
        low, high = _count(row[COUNT], f"{where}: row {number}, column {COUNT}")
        if history == 0:
            if high and not drop_unseen:
                raise UsageError(
                    f"{where}: row {number}: no list saw these {high} persons, so nobody can have counted them; "
                    "leave the row out (a simulated truth belongs into another file)"
                )
            continue
        histories.append(history)
        bounds.append((low, high))
        kept.append(row)
    _no_repeats(histories, kept, covariates, where)
    lower, upper = (np.array([bound[side] for bound in bounds], np.int64) for side in (0, 1))
    return CaptureTable(
        lists=named,
        histories=np.array(histories, np.int64),
        counts=np.where(lower == upper, lower, (lower + upper) // 2),
        covariates={name: tuple(_value(row[name]) for row in kept) for name in covariates},
        lower=lower,
        upper=upper,
        name=Path(where).stem,
    )


def from_frame(frame: Any, lists: tuple[str, ...] | None = None) -> CaptureTable:
    """Build a table from a pandas, Polars or Arrow frame of the same shape."""
    if not isinstance(frame, pa.Table):
        frame = frame.to_arrow() if hasattr(frame, "to_arrow") else pa.Table.from_pandas(frame, preserve_index=False)
    rows = [{key: _text(value) for key, value in row.items()} for row in frame.to_pylist()]
    if not rows:
        raise UsageError("the frame has no rows")
    return table_from_rows(rows, "frame", lists)


def from_persons(persons: pa.Table, lists: tuple[str, ...], covariates: tuple[str, ...] = ()) -> CaptureTable:
    """Count the histories of a persons table (``linkage.schema.PERSONS``), by covariates where named."""
    masks = [sum(1 << bit for bit, name in enumerate(lists) if name in held) for held in persons["lists"].to_pylist()]
    values = [persons[name].to_pylist() for name in covariates]
    counted = Counter(zip(masks, *values, strict=True))
    keys = [key for key in sorted(counted, key=str) if key[0]]
    return CaptureTable(
        lists=lists,
        histories=np.array([key[0] for key in keys], np.int64),
        counts=np.array([counted[key] for key in keys], np.int64),
        covariates={name: tuple(_value(str(key[1 + i])) for key in keys) for i, name in enumerate(covariates)},
        name="persons",
    )


def _count(text: str | None, where: str) -> tuple[int, int]:
    plain = (text or "").strip()
    if plain.startswith("<") and plain[1:].strip().isdigit():
        return 0, int(plain[1:]) - 1
    if plain.lower() in _MISSING:
        return 0, 0
    try:
        number = float(plain)
    except ValueError:
        raise UsageError(f"{where}: found {text!r}, expected a whole number of persons or a range such as <5") from None
    if number < 0 or not number.is_integer():
        raise UsageError(f"{where}: found {text!r}, expected a whole number of persons, 0 or more")
    return int(number), int(number)


def _value(text: str | None) -> str | None:
    return None if text is None or text.strip().lower() in _MISSING or text in {"_U", "_N"} else text.strip()


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _no_repeats(histories: list[int], rows: list[dict[str, str]], covariates: list[str], where: str) -> None:
    keys = [(history, *(row[name] for name in covariates)) for history, row in zip(histories, rows, strict=True)]
    repeated = [key for key, count in Counter(keys).items() if count > 1]
    if repeated:
        raise UsageError(f"{where}: {len(repeated)} histories stand in two rows or more; add them up first")
