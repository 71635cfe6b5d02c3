"""Reading a small table as rows of text: CSV of any delimiter (gzipped or not), XLSX, Parquet, Feather and Arrow files.

The decision a reader would question: everything becomes text first, so that one set of rules reads "12", "12.0", 12.0
and TRUE wherever they come from, and an error can quote what stands in the file.
"""

import csv
import io
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import feather

from palermo.errors import PalermoError, UsageError
from palermo.intake.head import format_of, some_names
from palermo.intake.spreadsheet import sheet_rows
from palermo.intake.text_file import decoded_head, delimiter_of, encoding_of, head_bytes

MAX_BYTES = 1 << 28
SHAPE = "expected a header (a column a list, and `count`), then one row a history"


@dataclass(frozen=True)
class TextTable:
    """A header and rows of text. ``where`` names the source in errors; ``numbers`` are those of the rows, 1 the first
    after the header."""

    where: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]

    def column(self, name: str) -> tuple[str, ...]:
        """The texts of a column, without outer spaces."""
        place = self.header.index(name)
        return tuple(row[place] for row in self.rows)


def read_table(path: Path) -> TextTable:
    """The first sheet or the whole file as text. Raises ``UsageError`` where it is no table, and says why."""
    head = head_bytes(path)
    if not head.strip():
        raise UsageError(f"{path}: no rows: the file is empty; {SHAPE}")
    if head.startswith((b"ARROW1", b"FEA1")):
        return _from_arrow(path, feather.read_table)
    kind = format_of(path, head)
    if kind == "parquet":
        return _from_arrow(path, pq.read_table)
    if kind in {"json", "xml"}:
        raise UsageError(f"{path}: holds {kind.upper()}; expected CSV, XLSX, Parquet or Feather: {SHAPE}")
    return text_table(str(path), list(sheet_rows(path)) if kind == "xlsx" else _csv_rows(path))


def frame_table(frame: Any, where: str = "frame") -> TextTable:
    """A pandas, Polars or Arrow frame as text; a frame's own index is left out."""
    table = _arrow(frame)
    columns = [[cell(value) for value in column.to_pylist()] for column in table.columns]
    return text_table(where, [tuple(table.column_names), *zip(*columns, strict=True)])


def rows_table(rows: Iterable[Mapping[str, str | None]], where: str) -> TextTable:
    """Rows that are mappings, as ``csv.DictReader`` gives them."""
    listed = list(rows)
    header = tuple(listed[0]) if listed else ()
    return text_table(where, [header, *(tuple(row[name] or "" for name in header) for row in listed)])


def text_table(where: str, records: list[tuple[str, ...]]) -> TextTable:
    """Check that every row is as wide as the header and every name stands once. Blank rows are left out."""
    kept = [tuple(text.strip() for text in record) for record in records]
    numbered = [(number, record) for number, record in enumerate(kept[1:], 1) if any(record)]
    if not numbered:
        raise UsageError(f"{where}: no rows below the header; {SHAPE}")
    header = kept[0]
    while header and not header[-1] and not any("".join(record[len(header) - 1 :]) for _, record in numbered):
        header = header[:-1]
    if repeated := sorted({name for name in header if name and header.count(name) > 1}):
        raise UsageError(f"{where}: column {', '.join(repeated)} stands twice; give each column a name of its own")
    for number, record in numbered:
        if len(record) < len(header) or any(record[len(header) :]):
            raise UsageError(
                f"{where}: row {number}: {len(record)} cells, expected {len(header)} as in the first line "
                f"({some_names(header)}). The first line names the columns; a text that holds the delimiter stands "
                "between quotation marks, and every blank cell is written"
            )
    names = tuple(name or f"column {place}" for place, name in enumerate(header, 1))
    rows = tuple(record[: len(header)] for _, record in numbered)
    return TextTable(where, names, rows, tuple(number for number, _ in numbered))


def cell(value: Any) -> str:
    """The text of a value: 12.0 as 12, true as 1, nothing for a missing one."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _csv_rows(path: Path) -> list[tuple[str, ...]]:
    data = head_bytes(path, MAX_BYTES)
    if len(data) == MAX_BYTES:
        raise UsageError(f"{path}: more than {MAX_BYTES:,} bytes; count the histories first: {SHAPE}")
    try:
        text = decoded_head(path, data, encoding_of(path, data))
    except UsageError as error:
        fault = str(error).split(", and the file does not say")[0]
        raise UsageError(f"{fault}. Save the file as CSV in UTF-8, or as XLSX") from None
    lines = text.splitlines()
    sign = lines[0][4:] if lines and lines[0].startswith("sep=") else delimiter_of(text)
    body = text.partition("\n")[2] if lines and lines[0].startswith("sep=") else text
    try:
        return [tuple(row) for row in csv.reader(io.StringIO(body, newline=""), delimiter=sign or ",", strict=True)]
    except csv.Error as error:
        raise UsageError(f"{path}: not a readable CSV file: {error}; look for a quotation mark left open") from None


def _from_arrow(path: Path, read: Any) -> TextTable:
    try:
        table = read(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise PalermoError(f"{path}: cannot be read: {error}") from None
    return frame_table(table, str(path))


def _arrow(frame: Any) -> pa.Table:
    if isinstance(frame, pa.Table):
        return frame
    if isinstance(frame, pa.RecordBatch):
        return pa.Table.from_batches([frame])
    if hasattr(frame, "collect") and not hasattr(frame, "to_arrow"):  # a lazy frame
        frame = frame.collect()
    if hasattr(frame, "to_arrow"):
        return frame.to_arrow()
    if type(frame).__module__.split(".")[0] == "pandas" and hasattr(frame, "columns"):
        return pa.Table.from_pandas(frame, preserve_index=False)
    if hasattr(frame, "__arrow_c_stream__"):
        return pa.table(frame)
    raise UsageError(f"found {type(frame).__name__}; expected a pandas, Polars or Arrow frame: {SHAPE}")
