"""The beginning of a file: its format, its header and its first rows, enough to recognise its shape.

The format follows from the first bytes, not from the name: an export called ``.csv`` is often a workbook. A header is
checked here, once, because a repeated or merged header would silently bind a mapping to the wrong column.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from palermo.errors import PalermoError, UsageError
from palermo.intake.spreadsheet import cell_text, sheet_names, sheet_rows
from palermo.intake.text_file import decoded_head, delimiter_of, encoding_of, head_bytes, records

ROWS = 50
_TEXT = 4096
_LONGEST_NAME = 60
_NUMBER = re.compile(r"\s*[-+<]?[\d.,:/\s-]*\d[\d.,:/\s%-]*\s*")


@dataclass(frozen=True)
class Head:
    """The beginning of a file, enough to recognise its shape.

    ``rows`` holds up to 50 rows as text, the header row first; ``columns`` are the texts of the header row. Both are
    empty for JSON and XML, whose first characters are in ``text``.
    """

    path: Path
    format: str  # "csv", "xlsx", "parquet", "json" or "xml"
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    sheets: tuple[str, ...] = ()
    text: str = ""


def format_of(path: Path, head: bytes) -> str:
    """The format that the first bytes show. Raises ``UsageError`` for one that is not read."""
    if head.startswith(b"PK\x03\x04"):
        return "xlsx"
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith((b"\xd0\xcf\x11\xe0", b"%PDF")):
        kind = "a PDF" if head.startswith(b"%PDF") else "an old Excel workbook (.xls) or locked with a password"
        raise UsageError(f"{path}: {kind}; save it as XLSX or CSV first")
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return {b"<": "xml", b"{": "json", b"[": "json"}.get(start, "csv")


def read_head(path: Path, encoding: str | None = None, delimiter: str | None = None, sheet: str | None = None) -> Head:
    """Read up to 50 rows. Raises ``UsageError`` for an empty file, or an encoding that the file does not show."""
    raw = head_bytes(path)
    if not raw.strip():
        raise UsageError(f"{path}: the file is empty; expected a header row and rows of data")
    form = format_of(path, raw)
    if form in {"json", "xml"}:
        return Head(path, form, text=raw[:_TEXT].decode("utf-8", "replace"))
    if form == "xlsx":
        names = sheet_names(path)
        rows = tuple(sheet_rows(path, sheet, ROWS))
        return Head(path, form, header_cells(rows), rows, names)
    if form == "parquet":
        return _parquet_head(path)
    text = decoded_head(path, raw, encoding_of(path, raw, encoding))
    found = delimiter or delimiter_of(text)
    rows = tuple(tuple(row) for row, _ in records(text, found, ROWS))
    return Head(path, form, header_cells(rows), rows)


def header_cells(rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The header texts of the first row, without outer spaces."""
    return tuple(cell.strip() for cell in rows[0]) if rows else ()


def open_parquet(path: Path) -> pq.ParquetFile:
    """Open a Parquet file. Raises ``PalermoError`` where it is damaged."""
    try:
        return pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise PalermoError(f"{path}: not a readable Parquet file: {error}") from None


def _parquet_head(path: Path) -> Head:
    file = open_parquet(path)
    columns = tuple(file.schema_arrow.names)
    first = next(file.iter_batches(batch_size=ROWS - 1), None)
    rows = [columns]
    if first is not None:
        rows += [tuple(cell_text(row[name]) for name in columns) for row in first.to_pylist()]
    return Head(path, "parquet", columns, tuple(rows))


def some_names(names: Iterable[str], most: int = 30) -> str:
    """Column names for a message: not more than a reader takes in, and none so long that it hides the rest."""
    shown = [name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}..." for name in names]
    return ", ".join(shown[:most]) + (f" and {len(shown) - most} more" if len(shown) > most else "")


def column_names(path: Path, rows: Sequence[Sequence[str]], header_row: int) -> tuple[str, ...]:
    """The checked column names, from the header row on. A column without a name is called ``column N``.

    Raises ``UsageError`` where the file has no such row, a name stands twice, or the header goes over several rows.
    """
    if len(rows) < header_row:
        raise UsageError(f"{path}: header_row = {header_row}, but the file has {len(rows)} rows")
    header = header_cells(rows[header_row - 1 :])
    if header_row == 1:
        _check_merged(path, header, rows[1:])
    repeated = [name for name, count in Counter(header).items() if count > 1 and name]
    if repeated:
        places = "; ".join(
            f"{name!r} in columns {', '.join(str(i) for i, other in enumerate(header, 1) if other == name)}"
            for name in repeated
        )
        raise UsageError(f"{path}: column names must differ, found {places}. Rename them in a copy of the file")
    names = tuple(name or f"column {i}" for i, name in enumerate(header, 1))
    if len(set(names)) < len(names):
        raise UsageError(f"{path}: a column without a name stands beside one called 'column N'; give it a name")
    return names


def _check_merged(path: Path, header: tuple[str, ...], below: Sequence[Sequence[str]]) -> None:
    """Refuse a header over two rows: the first has gaps or repeats that the second, which holds only names, fills."""
    gaps = [i for i, name in enumerate(header) if not name or header.index(name) != i]
    if not gaps or len(below) < 2:
        return
    second = [cell.strip() for cell in below[0]]
    named = [i for i, cell in enumerate(second) if cell]
    fills = all(i < len(second) and second[i] for i in gaps) or len(named) > len(header) - len(gaps)
    only_names = all(not _NUMBER.fullmatch(second[i]) for i in named) and len({second[i] for i in named}) == len(named)
    recurs = any(len(row) > i and row[i].strip() == second[i] for row in below[1:] for i in named)
    if fills and only_names and not recurs:
        raise UsageError(
            f"{path}: the header seems to go over more than one row: row 1 has blank or repeated cells (column "
            f"{gaps[0] + 1}) and row 2 reads like names ({', '.join(second[i] for i in named[:5])}). Set "
            "header_row = 2 in the mapping, or name the columns in one row"
        )
