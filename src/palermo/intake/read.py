"""Reading the rows of CSV, XLSX and Parquet files as text, batch by batch.

Every column is read as text, because "00", "NA" and "1.192" change when a reader guesses types. A row with the wrong
number of cells is set aside with its text; nothing is filled up or cut off. One line may take one mebibyte: longer
ones are damage or an attack, and are refused without being loaded.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv

from palermo.errors import PalermoError, RefusedError, UsageError
from palermo.intake.head import ROWS, column_names, format_of, open_parquet, some_names
from palermo.intake.registry import QuarantinedRow
from palermo.intake.spreadsheet import cell_text, sheet_rows
from palermo.intake.text_file import (
    HEAD_BYTES,
    Utf8Stream,
    decoded_head,
    delimiter_of,
    encoding_of,
    head_bytes,
    not_utf8,
    records,
)

# While Arrow reads it takes Ctrl-C for itself, and one that comes as a read ends is lost: the run would go on unasked.
pa.enable_signal_handlers(False)

MAX_LINE = 1 << 20
BATCH_ROWS = 65_536
MAX_BAD_RUN = 200_000  # bad rows wait in memory until a good one comes


@dataclass(frozen=True)
class RowBatch:
    """Rows in the order of the file. ``rows`` are their numbers, 1 = the first after the header; a blank cell is ""."""

    columns: tuple[str, ...]
    table: pa.Table
    rows: npt.NDArray[np.int64]
    bad: tuple[QuarantinedRow, ...] = ()


def read_rows(  # the options of a source, each with its own name
    path: Path,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    header_row: int = 1,
    columns: Sequence[str] | None = None,
    encoded: bool = False,
) -> Generator[RowBatch, None, None]:
    """Read the file, only ``columns`` where given. ``encoded`` gives dictionary-encoded columns instead of plain ones.

    Raises ``UsageError`` for a missing column or another fault of the header, ``PalermoError`` for a damaged file.
    """
    head = head_bytes(path)
    if not head.strip():
        raise UsageError(f"{path}: the file is empty; expected a header row and rows of data")
    form = format_of(path, head)
    if form == "xlsx":
        batches = _sheet_batches(path, sheet, header_row, columns)
    elif form == "parquet":
        batches = _parquet_batches(path, columns)
    elif form == "csv":
        batches = _csv_batches(_Csv.open(path, head, encoding, delimiter, header_row), columns)
    else:
        raise UsageError(f"{path}: holds {form.upper()}; expected CSV, XLSX or Parquet")
    kind = pa.dictionary(pa.int32(), pa.string()) if encoded else pa.string()
    for batch in batches:
        yield _as_type(batch, kind)


def _as_type(batch: RowBatch, kind: pa.DataType) -> RowBatch:
    if all(field.type == kind for field in batch.table.schema):
        return batch
    to_dictionary = pa.types.is_dictionary(kind)
    arrays = [
        pc.dictionary_encode(column) if to_dictionary else column.cast(pa.string()) for column in batch.table.columns
    ]
    return RowBatch(batch.columns, pa.table(arrays, names=list(batch.columns)), batch.rows, batch.bad)


def _wanted(path: Path, names: Sequence[str], columns: Sequence[str] | None) -> tuple[str, ...]:
    if columns is None:
        return tuple(names)
    missing = [name for name in columns if name not in names]
    if missing:
        raise UsageError(f"{path}: columns not found: {some_names(missing)}. The file has: {some_names(names)}")
    return tuple(name for name in names if name in set(columns))


@dataclass(frozen=True)
class _Csv:
    """What is known of a CSV file before its rows are read."""

    path: Path
    encoding: str
    delimiter: str
    names: tuple[str, ...]
    header_lines: int  # lines up to the end of the header; a quoted name may go over several

    @classmethod
    def open(cls, path: Path, head: bytes, encoding: str | None, delimiter: str | None, header_row: int) -> "_Csv":
        known = encoding_of(path, head, encoding)
        text = decoded_head(path, head, known)
        if len(head) == HEAD_BYTES and "\n" not in text and "\r" not in text:
            raise PalermoError(
                f"{path}: the first line is longer than {HEAD_BYTES:,} bytes; expected a header row. "
                "The file is damaged, or it is not text in rows"
            )
        sign = delimiter or delimiter_of(text, header_row)
        rows = list(records(text, sign, max(ROWS, header_row)))
        names = column_names(path, [row for row, _ in rows], header_row)
        return cls(path, known, sign, names, rows[header_row - 1][1])


def _csv_batches(file: _Csv, columns: Sequence[str] | None) -> Iterator[RowBatch]:
    wanted = _wanted(file.path, file.names, columns)
    bad: list[QuarantinedRow] = []
    stream = Utf8Stream(file.path, file.encoding, file.delimiter)
    skipped: set[int] = set()  # numbers of bad rows that may lie beyond the batch: Arrow reads ahead
    next_row = 1
    try:
        with _reader(file, stream, wanted, _collector(file, bad)) as reader:
            while (piece := _next(file, reader, next_row)) is not None:
                found, bad[:] = tuple(bad), []
                skipped.update(row.row for row in found)
                rows = _row_numbers(next_row, piece.num_rows, sorted(skipped))
                next_row = int(rows[-1]) + 1 if len(rows) else next_row
                skipped = {row for row in skipped if row >= next_row}
                yield RowBatch(wanted, pa.table(piece), rows, found)
        if stream.open_quote:
            raise PalermoError(
                f"{file.path}: a cell opens with a quotation mark and is never closed, so that the rows after it (the "
                f"last is row {next_row - 1}) run into one. Close or remove the mark"
            )
    finally:
        stream.close()
    if bad:
        empty = pa.table([pa.array([], pa.string()) for _ in wanted], names=list(wanted))
        yield RowBatch(wanted, empty, np.empty(0, np.int64), tuple(bad))


def _row_numbers(first: int, count: int, bad: Sequence[int]) -> npt.NDArray[np.int64]:
    """The numbers of ``count`` good rows from ``first`` on, leaving out the bad ones among them."""
    numbers = np.arange(first, first + count + len(bad), dtype=np.int64)
    return numbers[~np.isin(numbers, bad)][:count] if bad else numbers


def _collector(file: _Csv, bad: list[QuarantinedRow]) -> Callable[[pcsv.InvalidRow], str]:
    expected = f"{len(file.names)} cells"

    def collect(row: pcsv.InvalidRow) -> str:
        if len(bad) >= MAX_BAD_RUN:
            return "error"  # Arrow stops; _csv_error says why
        number = row.number - file.header_lines
        found = f"{row.actual_columns} cells"
        bad.append(QuarantinedRow(file.path.name, number, "", found, expected, "wrong number of cells", raw=row.text))
        return "skip"

    return collect


def _reader(
    file: _Csv, stream: Utf8Stream, wanted: tuple[str, ...], collect: Callable[[pcsv.InvalidRow], str]
) -> pcsv.CSVStreamingReader:
    """An Arrow reader. It runs on one thread: only then does it tell the numbers of bad rows."""
    kind = pa.dictionary(pa.int32(), pa.string())
    try:
        return pcsv.open_csv(
            pa.PythonFile(stream, mode="r"),
            read_options=pcsv.ReadOptions(
                use_threads=False, block_size=MAX_LINE, column_names=list(file.names), skip_rows=file.header_lines
            ),
            parse_options=pcsv.ParseOptions(
                delimiter=file.delimiter, newlines_in_values=True, ignore_empty_lines=True, invalid_row_handler=collect
            ),
            convert_options=pcsv.ConvertOptions(
                column_types=dict.fromkeys(file.names, kind),
                include_columns=list(wanted),
                strings_can_be_null=False,
                check_utf8=True,
            ),
        )
    except pa.ArrowInvalid as error:
        raise _csv_error(file, error, 1) from None


def _next(file: _Csv, reader: pcsv.CSVStreamingReader, next_row: int) -> pa.RecordBatch | None:
    try:
        return reader.read_next_batch()
    except StopIteration:
        return None
    except pa.ArrowInvalid as error:
        raise _csv_error(file, error, next_row) from None


def _csv_error(file: _Csv, error: pa.ArrowInvalid, next_row: int) -> PalermoError:
    text = str(error)
    if "straddling" in text:
        return PalermoError(
            f"{file.path}: after row {next_row - 1} a row is longer than {MAX_LINE:,} bytes. "
            "It is damaged, or a quotation mark is not closed; mend or remove it"
        )
    if "UTF8" in text.upper().replace("-", ""):
        return not_utf8(file.path, f"after row {next_row - 1}")
    if "Expected" in text and "columns" in text:
        return RefusedError(
            f"{file.path}: from row {next_row} on, {MAX_BAD_RUN:,} rows in succession have another number of cells "
            f"than the {len(file.names)} of the header. Name the delimiter, or set header_row"
        )
    return PalermoError(f"{file.path}: after row {next_row - 1}: {text}")


def _sheet_batches(path: Path, sheet: str | None, header_row: int, columns: Sequence[str] | None) -> Iterator[RowBatch]:
    rows = sheet_rows(path, sheet)
    top = list(islice(rows, max(ROWS, header_row)))
    if not top:
        raise UsageError(f"{path}: the sheet is empty; expected a header row and rows of data")
    names = column_names(path, top, header_row)
    wanted = _wanted(path, names, columns)
    places = [names.index(name) for name in wanted]
    number = 1

    def batch(part: list[tuple[str, ...]]) -> RowBatch:
        arrays = [pa.array([row[place] for row in part], pa.string()) for place in places]
        rows = np.arange(number, number + len(part), dtype=np.int64)
        return RowBatch(wanted, pa.table(arrays, names=list(wanted)), rows)

    pending = top[header_row:]
    while pending:
        yield batch(pending)
        number += len(pending)
        pending = list(islice(rows, BATCH_ROWS))


def _parquet_batches(path: Path, columns: Sequence[str] | None) -> Iterator[RowBatch]:
    file = open_parquet(path)
    own = file.schema_arrow.names
    names = column_names(path, [tuple(own)], 1)
    wanted = _wanted(path, names, columns)
    number = 1
    try:
        for piece in file.iter_batches(batch_size=BATCH_ROWS, columns=[own[names.index(name)] for name in wanted]):
            arrays = [_parquet_text(path, name, piece.column(own[names.index(name)])) for name in wanted]
            rows = np.arange(number, number + piece.num_rows, dtype=np.int64)
            number += piece.num_rows
            yield RowBatch(wanted, pa.table(arrays, names=list(wanted)), rows)
    except (pa.ArrowInvalid, OSError) as error:
        raise PalermoError(f"{path}: after row {number - 1}: not readable: {error}") from None


def _parquet_text(path: Path, name: str, column: pa.Array) -> pa.Array:
    """The column as text, with "" for null; a float that is a whole number without its ".0"."""
    kind = column.type
    if pa.types.is_nested(kind):
        raise UsageError(f"{path}: column {name!r} holds {kind}; expected one value in each cell")
    if pa.types.is_floating(kind) or pa.types.is_temporal(kind):
        return pa.array([cell_text(value) for value in column.to_pylist()], pa.string())
    if pa.types.is_dictionary(kind):
        column = column.dictionary_decode()
    try:
        return pc.fill_null(column.cast(pa.string()), "")
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise UsageError(f"{path}: column {name!r} holds {kind}, which is no text") from None
