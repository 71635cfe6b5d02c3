"""A table on disk: one Parquet file, or a folder of part files that a cluster reads side by side.

The decision a reader would question: both have the same name, ``police.cases.parquet``. DuckDB, Polars, Spark and Arrow
do the same, and a list that grows past the limit keeps its place.
"""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from palermo.whole_files import whole

PATTERN = "part-*.parquet"


def part_name(number: int) -> str:
    """Name of a part file; they sort in the order of their rows."""
    return f"part-{number:05d}.parquet"


def part_files(table: Path) -> list[Path]:
    """The files of a table, in the order of its rows."""
    return sorted(table.glob(PATTERN)) or [table]


def write_table(table: pa.Table, path: Path) -> Path:
    """Write a table as one file, whole or not at all. Returns where it lies."""
    with whole(path) as part:
        pq.write_table(table, part, compression="zstd")
    return path
