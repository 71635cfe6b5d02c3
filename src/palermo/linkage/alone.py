"""Records that share no identifier become persons as they are: the same columns, copied group by group of rows.

The decision a reader would question: this stands beside the SQL that joins records because it never takes the coded
columns out of their dictionaries, which is several times faster and is the common case of a single list. A test holds
the two against each other.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from palermo.intake.schema import CASES
from palermo.linkage.schema import PERSONS
from palermo.parts import part_files

_TEXT = pa.dictionary(pa.int32(), pa.string())
_UNKNOWN = pa.scalar("_U")
_IDENTIFIERS = ("record_id", "person_key", "source_row", "date")
_CODED = [field.name for field in CASES if field.type == pa.string() and field.name not in _IDENTIFIERS]
_SEVERAL = [field.name for field in CASES if pa.types.is_list(field.type)]
_READ = [name for name in CASES.names if name not in _IDENTIFIERS and name != "transit"]


def write_alone(files: Sequence[Path], out: Path) -> int:
    """Write every record of the case tables as a person of her own; returns how many there are."""
    schema = pa.schema([field.with_type(_dictionary(field.type)) for field in PERSONS])
    written = 0
    with pq.ParquetWriter(out, schema, compression="snappy", store_schema=False, write_statistics=False) as writer:
        for group in _groups(files):
            writer.write_table(_persons(group, written, schema))
            written += group.num_rows
    return written


def _dictionary(kind: pa.DataType) -> pa.DataType:
    if kind == pa.string():
        return _TEXT
    return pa.list_(_TEXT) if pa.types.is_list(kind) else kind


def _groups(files: Sequence[Path]) -> Iterator[pa.Table]:
    dictionaries = [*_CODED, *(f"{name}.list.element" for name in _SEVERAL)]
    for path in (part for table in files for part in part_files(table)):
        with pq.ParquetFile(path, read_dictionary=dictionaries) as file:
            for number in range(file.num_row_groups):
                yield file.read_row_group(number, columns=_READ)


def _persons(records: pa.Table, before: int, schema: pa.Schema) -> pa.Table:
    """The records as rows of the persons table; ``before`` is the number of persons written before them."""
    count = records.num_rows
    records = records.unify_dictionaries().combine_chunks()
    made = {
        "person_id": pa.array(np.arange(before + 1, before + count + 1)),
        "lists": _each_alone(records["list"]),
        "source_types": _each_alone(_known(records["source_type"])),
        "records": pa.array(np.ones(count, np.int32)),
        "conflicts": pa.ListArray.from_arrays(np.zeros(count + 1, np.int32), pa.array([], pa.string())),
    }
    columns = [made[field.name] if field.name in made else _known(records[field.name]) for field in schema]
    return pa.table([_as(column, field.type) for column, field in zip(columns, schema, strict=True)], schema=schema)


def _known(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The column with ``_U`` where a coded value is missing."""
    if column.null_count and pa.types.is_dictionary(column.type):
        return column.cast(pa.string()).fill_null(_UNKNOWN).dictionary_encode()
    return column


def _each_alone(column: pa.ChunkedArray) -> pa.ListArray:
    """Each value as a list of one."""
    values = column.combine_chunks()
    return pa.ListArray.from_arrays(np.arange(len(values) + 1, dtype=np.int32), values)


def _as(column: pa.Array | pa.ChunkedArray, kind: pa.DataType) -> pa.Array | pa.ChunkedArray:
    return column if column.type == kind else column.cast(kind)
