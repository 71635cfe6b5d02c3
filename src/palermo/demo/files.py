"""The files of the demo country, written in the format that each list has.

Rows end with one line feed in every text file, whatever the machine, and nothing of the machine or the day enters a
file, so that the same seed and number of persons give the same bytes.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from palermo.demo import facts
from palermo.demo.records import Record
from palermo.demo.shapes import Shape
from palermo.demo.sheet import write_sheet


def write_list(shape: Shape, records: Iterable[Record], folder: Path) -> Path:
    """Write one list's file in its own format, row by row."""
    rows = map(shape.row, records)
    path = folder / shape.file
    if path.suffix == ".xlsx":
        numeric = {place for place, column in enumerate(shape.columns) if column.target == "age"}
        cells = ([_number(cell) if place in numeric else cell for place, cell in enumerate(row)] for row in rows)
        write_sheet(path, shape.sheet, chain([shape.headers], cells))
    elif path.suffix == ".parquet":
        write_parquet(path, _table(shape, list(rows)))
    else:
        with path.open("w", encoding=shape.encoding, newline="") as stream:
            write_delimited(stream, shape.headers, rows, shape.delimiter)
    return path


def write_delimited(
    stream: io.TextIOBase, header: Sequence[str], rows: Iterable[Sequence[object]], delimiter: str = ","
) -> None:
    """Delimited text with a header row; cells are quoted where they must be."""
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)


def delimited(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """The same as a text with commas."""
    text = io.StringIO()
    write_delimited(text, header, rows)
    return text.getvalue()


def write_parquet(path: Path, table: pa.Table) -> None:
    """Write a table with the mark of made-up data in the file's metadata."""
    marked = table.replace_schema_metadata({"palermo.note": facts.MADE_UP})
    pq.write_table(marked, path, compression="snappy")


def _table(shape: Shape, rows: Sequence[Sequence[str]]) -> pa.Table:
    """Texts as they stand, ages as whole numbers; an empty cell is null, as databases export it."""
    columns: dict[str, pa.Array] = {}
    ages = {column.header for column in shape.columns if column.target == "age"}
    for place, header in enumerate(shape.headers):
        cells = [row[place] or None for row in rows]
        if header in ages:
            columns[header] = pa.array([int(cell) if cell and cell.isdigit() else None for cell in cells], pa.int32())
        else:
            columns[header] = pa.array(cells, pa.string())
    return pa.table(columns)


def _number(cell: str) -> str | int:
    return int(cell) if cell.isdigit() else cell
