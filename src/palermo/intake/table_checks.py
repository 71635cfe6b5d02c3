"""Checks over all rows of a finished table: gaps by column, repeated identifiers, identical records.

DuckDB asks them of the Parquet file with bounded memory. Identical records are counted by a hash of 64 bits: among
twenty million rows two different ones share a hash with a chance of about one in 90,000.
"""

import tempfile
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from palermo.intake.schema import TABLES

_MEMORY = "1GB"
_IDENTIFIERS = frozenset({"list", "record_id", "person_key", "source_row"})


def check_table(path: Path, table: str) -> dict[str, Any]:
    """Gaps of every coded column; for records of persons also repeated identifiers and identical rows."""
    schema = TABLES[table]
    coded = [field for field in schema if field.name not in _IDENTIFIERS and _is_coded(field.type)]
    with (
        tempfile.TemporaryDirectory(dir=path.parent, prefix=".quality.") as spill,
        duckdb.connect(config={"memory_limit": _MEMORY, "temp_directory": spill}) as database,
    ):
        rows = database.from_parquet(str(path))
        found: dict[str, Any] = {"nothing": _nothing(rows, coded)}
        if table in {"cases", "suspects"}:
            found |= _repeated(rows)
            found |= _identical(rows, [field.name for field in schema if field.name not in _IDENTIFIERS])
        return found


def _is_coded(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_list(kind))


def _nothing(rows: duckdb.DuckDBPyRelation, coded: list[pa.Field]) -> dict[str, dict[str, int]]:
    """How many rows of each column are unknown and not asked."""
    wanted = []
    for field in coded:
        value = f'"{field.name}"[1]' if pa.types.is_list(field.type) else f'"{field.name}"'
        wanted += [f"count(*) FILTER ({value} = '{code}')" for code in ("_U", "_N")]
    counts = iter(rows.aggregate(", ".join(wanted)).fetchall()[0])
    return {field.name: {"unknown": next(counts), "not_asked": next(counts)} for field in coded}


def _repeated(rows: duckdb.DuckDBPyRelation) -> dict[str, Any]:
    """Rows whose identifier an earlier row has. Where rows are numbered by intake, none can repeat."""
    own = rows.aggregate("count(*) FILTER (record_id <> CAST(source_row AS VARCHAR))").fetchall()[0][0]
    if own == 0:
        return {"repeated_ids": 0, "repeated_id_rows": []}
    groups = rows.aggregate("hash(record_id) AS id, count(*) AS n, max(source_row) AS last", "hash(record_id)")
    repeated = groups.filter("n > 1")
    count = repeated.aggregate("coalesce(sum(n - 1), 0)").fetchall()[0][0]
    last = repeated.order("last").limit(5).project("last").fetchall()
    return {"repeated_ids": int(count), "repeated_id_rows": [row for (row,) in last]}


def _identical(rows: duckdb.DuckDBPyRelation, columns: list[str]) -> dict[str, int]:
    """Rows that say the same as an earlier row in every column but the identifiers."""
    names = ", ".join(f'"{name}"' for name in columns)
    total, distinct = rows.aggregate(f"count(*), count(DISTINCT hash({names}))").fetchall()[0]
    return {"identical_rows": total - distinct}
