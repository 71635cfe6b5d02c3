"""The identifying part of records in the form in which they are compared: IDENTITIES becomes PREPARED.

The decision a reader would question: nothing here depends on the other records of a list, so a record that comes
next month is prepared as it would have been today, and preparing at home gives the linkage unit's result.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from palermo.errors import UsageError
from palermo.intake.schema import IDENTITIES
from palermo.linkage import birth
from palermo.linkage.birth import NOTHING, Birth, read_birth
from palermo.linkage.names import rules
from palermo.linkage.names.parts import name_parts
from palermo.linkage.names.placeholders import is_placeholder
from palermo.linkage.names.romanise import letters_only
from palermo.linkage.names.skeleton import skeleton, sorted_skeleton
from palermo.linkage.schema import PREPARED
from palermo.private_files import private_part
from palermo.progress import Progress

_NAME_COLUMNS = ("given_name", "family_name", "full_name", "other_names")
_BIRTH_COLUMNS = ("birth_date", "date_format", "age", "year")
_COUNTED = ("given", "family", "tokens", "birth_from", "birth_date", "sex", "citizenship", "place", "year")
VERSION = f"{rules.VERSION}.{birth.VERSION}"  # of all rules; records of different versions must not be linked
_EPOCH = date(1970, 1, 1).toordinal()
_UNKNOWN_CODES = pa.array(["_U", "_N", "_Z", ""])


@dataclass(frozen=True)
class PreparedResult:
    """``missing``: records without a value, by list and column of PREPARED. ``notices``: what was found in dates of
    birth, by list and kind (see ``birth.Birth.notice``)."""

    path: Path
    records: int
    missing: dict[str, dict[str, int]]
    notices: dict[str, dict[str, int]]


def prepare(identities: Sequence[Path], out: Path, progress: Progress = None) -> PreparedResult:
    """Write the prepared records of the identity files to ``out`` (Parquet, mode 0600), whole or not at all.

    Rows are numbered over the files in the order given. Raises ``UsageError`` where a file is missing, is no Parquet
    file or lacks columns; no message holds a value of a record.
    """
    if not identities:
        raise UsageError("no identity files to prepare; run `palermo intake` with columns for names first")
    missing: dict[str, Counter[str]] = {}
    notices: dict[str, Counter[str]] = {}
    before = 0
    with (
        private_part(out) as part,
        pq.ParquetWriter(part, PREPARED, compression="zstd", store_schema=False) as writer,
    ):
        for number, path in enumerate(identities):
            table, found = _prepared(_read(path), before)
            writer.write_table(table)
            before += table.num_rows
            _count_missing(table, missing)
            _add(notices, found)
            if progress is not None:
                progress(number + 1, len(identities), "lists prepared for linkage")
    return PreparedResult(out, before, _plain(missing), _plain(notices))


def prepare_table(table: pa.Table) -> pa.Table:
    """IDENTITIES -> PREPARED, row by row in the order given; row numbers start at 1."""
    return _prepared(table, 0)[0]


def _read(path: Path) -> pa.Table:
    if not path.is_file():
        raise UsageError(f"{path}: no such identity file; run `palermo intake` first")
    try:
        table = pq.read_table(path)
    except (pa.ArrowInvalid, OSError):
        raise UsageError(f"{path}: not a readable Parquet file; run `palermo intake` again") from None
    if lacking := [name for name in IDENTITIES.names if name not in table.column_names]:
        raise UsageError(f"{path}: lacks the columns {', '.join(lacking)}; run `palermo intake` again")
    return table


def _prepared(table: pa.Table, before: int) -> tuple[pa.Table, dict[str, Counter[str]]]:
    count = table.num_rows
    names = _names(table)
    births, which = _births(table)
    made: dict[str, Any] = {
        "row_id": pa.array(np.arange(before + 1, before + count + 1)),
        "list": table["list"],
        "record_id": table["record_id"],
        "sex": _known_codes(table["sex"]),
        "citizenship": _known_codes(table["citizenship"]),
        "place": _places(table["place"]),
        "year": table["year"],
        **names,
        **_birth_columns(births, which),
    }
    out = pa.table([made[field.name].cast(field.type) for field in PREPARED], schema=PREPARED)
    notices: dict[str, Counter[str]] = {}
    kinds = [each.notice for each in births]
    for source, number in zip(table["list"].to_pylist(), which.tolist(), strict=True):
        if (kind := kinds[number]) is not None:
            notices.setdefault(source, Counter())[kind] += 1
    return out, notices


def _distinct(
    table: pa.Table, columns: Sequence[str]
) -> tuple[list[tuple[Any, ...]], np.ndarray[Any, np.dtype[np.int64]]]:
    """The distinct rows of some columns, in order of appearance, and the number of the distinct row of each row."""
    numbers: dict[tuple[Any, ...], int] = {}
    rows = zip(*(table[name].to_pylist() for name in columns), strict=True)
    which = np.fromiter((numbers.setdefault(row, len(numbers)) for row in rows), np.int64, table.num_rows)
    return list(numbers), which


def _names(table: pa.Table) -> dict[str, pa.Array]:
    distinct, which = _distinct(table, _NAME_COLUMNS)
    parts = [name_parts(*row) for row in distinct]
    columns: dict[str, list[str]] = {
        "given": [part.given for part in parts],
        "family": [part.family for part in parts],
        "tokens": [part.tokens for part in parts],
        "given_skeleton": [skeleton(part.given) for part in parts],
        "family_skeleton": [skeleton(part.family) for part in parts],
        "skeleton": [sorted_skeleton(part.tokens) for part in parts],
    }
    indices = pa.array(which)
    return {name: _texts(values).take(indices) for name, values in columns.items()}


def _texts(values: list[str]) -> pa.Array:
    """Empty text means that there is no value."""
    return pa.array([value or None for value in values], pa.string())


def _births(table: pa.Table) -> tuple[list[Birth], np.ndarray[Any, np.dtype[np.int64]]]:
    distinct, which = _distinct(table, _BIRTH_COLUMNS)
    return [read_birth(*row) if row[0] or row[2] is not None else NOTHING for row in distinct], which


def _birth_columns(births: list[Birth], which: np.ndarray[Any, np.dtype[np.int64]]) -> dict[str, pa.Array]:
    indices = pa.array(which)
    columns = {
        "birth_year": pa.array([each.year for each in births], pa.int16()),
        "birth_month": pa.array([each.month for each in births], pa.int8()),
        "birth_day": pa.array([each.day for each in births], pa.int8()),
        "birth_date": pa.array([each.certain for each in births], pa.string()),
        "birth_from": _days([each.first for each in births]),
        "birth_to": _days([each.last for each in births]),
    }
    return {name: column.take(indices) for name, column in columns.items()}


def _days(days: list[date | None]) -> pa.Array:
    return pa.array([None if day is None else day.toordinal() - _EPOCH for day in days], pa.int32()).cast(pa.date32())


def _known_codes(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The codes of a column, null where they say that nothing is known."""
    text = column.cast(pa.string())
    return pc.if_else(pc.is_in(text, value_set=_UNKNOWN_CODES), pa.scalar(None, pa.string()), text)


def _places(column: pa.ChunkedArray) -> pa.Array:
    encoded = column.cast(pa.string()).combine_chunks().dictionary_encode()
    places = [None if is_placeholder(text) else letters_only(text) or None for text in encoded.dictionary.to_pylist()]
    return pa.array(places, pa.string()).take(encoded.indices)


def _count_missing(table: pa.Table, missing: dict[str, Counter[str]]) -> None:
    flags = table.select(["list"])
    for name in _COUNTED:
        flags = flags.append_column(name, pc.cast(pc.is_null(table[name]), pa.int64()))
    sums = flags.group_by("list", use_threads=False).aggregate([(name, "sum") for name in _COUNTED])
    for row in sums.to_pylist():
        _add(missing, {row["list"]: Counter({name: row[f"{name}_sum"] for name in _COUNTED})})


def _add(total: dict[str, Counter[str]], found: dict[str, Counter[str]]) -> None:
    for source, counts in found.items():
        total.setdefault(source, Counter()).update(counts)


def _plain(counts: dict[str, Counter[str]]) -> dict[str, dict[str, int]]:
    return {source: dict(sorted(each.items())) for source, each in sorted(counts.items())}
