"""Checks over all rows of a finished table: gaps by column, repeated identifiers, identical records.

DuckDB asks them of the Parquet file with bounded memory. Identical records are counted by a hash of 64 bits: among
twenty million rows two different ones share a hash with a chance of about one in 90,000.
"""

import tempfile
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from palermo.intake.schema import TABLES
from palermo.parts import part_files

_MEMORY = "1GB"
_ENOUGH = 50
_NOTHING = {"_U": "unknown", "_N": "not_asked"}
_FIGURE = frozenset({"value", "lower", "upper", "obs_status", "source_row"})
IDENTIFIERS = frozenset({"list", "record_id", "person_key", "source_row"})


class Gaps:
    """How many rows of each coded column of a table are unknown and not asked, counted batch by batch."""

    def __init__(self, table: str) -> None:
        self.rows = 0
        self._counts = {
            field.name: dict.fromkeys(_NOTHING, 0)
            for field in TABLES[table]
            if field.name not in IDENTIFIERS and (pa.types.is_string(field.type) or pa.types.is_list(field.type))
        }

    def add(self, rows: pa.Table) -> None:
        """Count a batch. A list that says nothing holds one code, so codes in lists count rows."""
        self.rows += rows.num_rows
        for name in self._counts.keys() & set(rows.column_names):
            for chunk in rows.column(name).chunks:
                self._count(name, chunk.flatten() if pa.types.is_list(chunk.type) else chunk)

    def _count(self, name: str, texts: pa.Array) -> None:
        for found in pc.value_counts(texts).to_pylist() if len(texts) else ():
            if found["values"] in self._counts[name]:
                self._counts[name][found["values"]] += found["counts"]

    def to_dict(self) -> dict[str, dict[str, int]]:
        """The counts by column."""
        return {name: {word: counts[code] for code, word in _NOTHING.items()} for name, counts in self._counts.items()}

    def empty(self) -> frozenset[str]:
        """The columns that are not asked in any row."""
        return frozenset(name for name, counts in self._counts.items() if counts["_N"] == self.rows)


def check_persons(path: Path, table: str, empty: frozenset[str]) -> dict[str, Any]:
    """Repeated identifiers and identical rows of records of persons; ``empty`` columns need no comparison.

    Where rows are numbered by intake (``own`` is 0), no identifier can repeat. Women and men among the sexually
    exploited are named where women are so few that the codes of sex may be exchanged: in every known source of some
    size women are the more; below ``_ENOUGH`` persons chance may turn that over.
    """
    names = ", ".join(f'"{name}"' for name in TABLES[table].names if name not in IDENTIFIERS | empty)
    sexual = "list_contains(forms, 'sexual')" if table == "cases" else "false"
    with (
        tempfile.TemporaryDirectory(dir=path.parent, prefix=".quality.") as spill,
        duckdb.connect(config={"memory_limit": _MEMORY, "temp_directory": spill}) as database,
    ):
        rows = database.from_parquet([str(part) for part in part_files(path)])
        total, distinct, own, female, male = rows.aggregate(
            f"count(*), count(DISTINCT hash({names})), count_if(record_id <> CAST(source_row AS VARCHAR)), "
            f"count_if(sex = 'F' AND {sexual}), count_if(sex = 'M' AND {sexual})"
        ).fetchall()[0]
        repeated = _repeated(rows) if own else {"repeated_ids": 0, "repeated_id_rows": []}
    exchanged = {"sexes_perhaps_exchanged": [female, male]} if female < male and female + male >= _ENOUGH else {}
    return {**repeated, "identical_rows": total - distinct, **exchanged}


def check_figures(path: Path) -> dict[str, Any]:
    """Keys that stand in several rows of a table of figures, and those of them whose figures differ."""
    keys = ", ".join(name for name in TABLES["observations"].names if name not in _FIGURE)
    with (
        tempfile.TemporaryDirectory(dir=path.parent, prefix=".quality.") as spill,
        duckdb.connect(config={"memory_limit": _MEMORY, "temp_directory": spill}) as database,
    ):
        groups = database.from_parquet([str(part) for part in part_files(path)]).aggregate(
            "count(*) AS n, count(DISTINCT (value, lower, upper)) AS figures", keys
        )
        repeated, differing = groups.aggregate("count_if(n > 1), count_if(figures > 1)").fetchall()[0]
    return {"repeated_keys": repeated, "conflicting_keys": differing}


def _repeated(rows: duckdb.DuckDBPyRelation) -> dict[str, Any]:
    """Rows whose identifier an earlier row has."""
    groups = rows.aggregate("hash(record_id) AS id, count(*) AS n, max(source_row) AS last", "hash(record_id)")
    repeated = groups.filter("n > 1")
    count = repeated.aggregate("coalesce(sum(n - 1), 0)").fetchall()[0][0]
    last = repeated.order("last").limit(5).project("last").fetchall()
    return {"repeated_ids": int(count), "repeated_id_rows": [row for (row,) in last]}
