"""A categorical file as blocks of columns: CSV (plain or gzipped) and Parquet, of any length.

Every value comes as text, as the file writes it; nothing but an empty cell is blank, so ``NA`` stays Namibia. Numbers
of a Parquet file come without a useless ``.0``, because tables with blanks often store whole numbers as fractions.

The decision a reader would question: Arrow reads the text, block by block and in memory that does not grow; the engines
that the account uses would guess types and hold whole text columns.
"""

import csv
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from palermo.errors import PalermoError, UsageError
from palermo.progress import Progress

_TEXT = pa.dictionary(pa.int32(), pa.string())
_BLOCK = 1 << 20
_BATCH = 1 << 15
_DELIMITERS = (",", ";", "\t", "|")
_HEAD = 1 << 16
_QUOTED = re.compile(r'"[^"]*"')


@dataclass(frozen=True)
class Table:
    """The columns of a file, and its rows as blocks of dictionary-encoded text.

    ``unfit``: columns that are no codes by their very type, with the reason; no block has them.
    """

    path: Path
    columns: tuple[str, ...]
    blocks: Callable[[Progress], Iterator[pa.RecordBatch]]
    unfit: Mapping[str, str] = field(default_factory=dict)


def open_table(
    path: Path, delimiter: str | None = None, encoding: str | None = None, leave_out: Collection[str] = ()
) -> Table:
    """Open a CSV or Parquet file, of which the columns ``leave_out`` are never read.

    Raises ``UsageError`` where it is none, ``PalermoError`` where it is empty.
    """
    if not path.is_file():
        raise UsageError(f"{path}: no such file; expected a CSV (.csv, .csv.gz) or Parquet file with one row a record")
    if path.stat().st_size == 0:
        raise UsageError(f"{path}: the file is empty; expected a line of column names and one row a record")
    with path.open("rb") as stream:
        magic = stream.read(8)
    if magic.startswith(b"PAR1"):
        return _parquet(path, leave_out)
    if magic.startswith((b"PK", b"\xd0\xcf")):
        raise UsageError(f"{path}: a workbook; save the sheet as CSV first")
    return _text(path, delimiter, (encoding, magic.startswith(b"\x1f\x8b")), leave_out)


def _parquet(path: Path, leave_out: Collection[str]) -> Table:
    try:
        schema = pq.read_schema(path)
    except pa.ArrowInvalid as error:
        raise PalermoError(f"{path}: not a whole Parquet file: {error}") from None
    columns = _checked(path, schema.names)
    wanted = [(at, name) for at, name in enumerate(columns) if name not in leave_out]
    unfit = {name: words for at, name in wanted if (words := _no_codes(name, schema.field(at).type))}
    kept = [(at, name) for at, name in wanted if name not in unfit]

    def blocks(progress: Progress) -> Iterator[pa.RecordBatch]:
        with pq.ParquetFile(path) as file:
            done, total = 0, file.metadata.num_rows
            for batch in file.iter_batches(_BATCH):
                texts = [_as_text(path, batch.column(at), name) for at, name in kept]
                yield pa.record_batch(texts, [name for _, name in kept])
                done += batch.num_rows
                if progress:
                    progress(done, total, "reading")

    return Table(path, columns, blocks, unfit)


def _no_codes(name: str, kind: pa.DataType) -> str | None:
    """Why a column of this type cannot hold codes; None where it can."""
    if pa.types.is_temporal(kind):
        return date_words(name, str(kind))
    inner = kind.value_type if pa.types.is_list(kind) or pa.types.is_large_list(kind) else kind
    if pa.types.is_nested(inner) or pa.types.is_temporal(inner):
        return f"holds {kind}; expected text, numbers or truth values. Leave it out with --leave-out {name}"
    return None


def _as_text(path: Path, values: pa.Array, column: str) -> pa.Array:
    kind = values.type
    if pa.types.is_dictionary(kind):
        values, kind = values.dictionary_decode(), kind.value_type
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        values = pc.binary_join(values.cast(pa.list_(pa.string())), ";")
    elif pa.types.is_floating(kind):
        values = _without_fraction(values)
    try:
        return values.cast(pa.string()).dictionary_encode()
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise UsageError(f"{path}: column {column}: holds {kind}; expected text, numbers or truth values") from None


def _without_fraction(values: pa.Array) -> pa.Array:
    values = pc.if_else(pc.is_nan(values), None, values)
    whole = pc.all(pc.equal(pc.floor(values), values)).as_py()
    return values.cast(pa.int64()) if whole in (True, None) else values


def _text(path: Path, delimiter: str | None, form: tuple[str | None, bool], leave_out: Collection[str]) -> Table:
    if delimiter and len(delimiter) > 1:
        raise UsageError(f"--delimiter {delimiter!r}: expected one character, such as ; or a tab")
    zipped = form[1]
    head, encoding = _head(path, *form)
    first = next((line for line in head.splitlines() if line.strip()), "")
    bare = _QUOTED.sub("", first)  # a comma inside a name in quotes divides nothing
    comma = delimiter or max(_DELIMITERS, key=bare.count)
    columns = _checked(path, next(csv.reader([first], delimiter=comma), []))
    kept = [name for name in columns if name not in leave_out]

    def blocks(progress: Progress) -> Iterator[pa.RecordBatch]:
        total = path.stat().st_size
        with path.open("rb") as raw:
            for batch in _batches(path, raw, (columns, kept), comma, (encoding, zipped)):
                yield batch
                if progress:
                    progress(raw.tell(), total, "reading")

    return Table(path, columns, blocks)


def _head(path: Path, encoding: str | None, zipped: bool) -> tuple[str, str]:
    """The beginning of the file as text, and its encoding: what the user says, or UTF-16 by its mark, or UTF-8."""
    try:
        with path.open("rb") as raw, _unzipped(raw, zipped) as stream:
            head = stream.read(_HEAD)
        named = encoding or ("utf-16" if head.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8")
        # A letter may be cut in two at the end of what was read, so that the decoder must not be told of the end.
        text = getincrementaldecoder(named)().decode(head).removeprefix("\ufeff")
    except UnicodeError:
        raise PalermoError(_encoding_words(path, named)) from None
    except (OSError, LookupError) as error:
        raise PalermoError(f"{path}: cannot be read: {error}") from None
    if "\0" in text:
        raise PalermoError(_encoding_words(path, named))
    return text, named


def _encoding_words(path: Path, encoding: str) -> str:
    return f"{path}: not {encoding} text; name its encoding, for example --encoding cp1252"


def _unzipped(raw: IO[bytes], zipped: bool) -> Any:
    return pa.input_stream(raw, compression="gzip" if zipped else None)


def _batches(
    path: Path, raw: IO[bytes], names: tuple[tuple[str, ...], list[str]], comma: str, form: tuple[str, bool]
) -> Iterator[pa.RecordBatch]:
    bad: list[pa_csv.InvalidRow] = []

    def refuse(row: pa_csv.InvalidRow) -> str:
        bad.append(row)
        return "error"

    (columns, kept), (encoding, zipped) = names, form
    read = pa_csv.ReadOptions(
        block_size=_BLOCK, encoding=encoding, column_names=list(columns), skip_rows=1, use_threads=False
    )
    parse = pa_csv.ParseOptions(delimiter=comma, newlines_in_values=True, invalid_row_handler=refuse)
    parse.ignore_empty_lines = len(columns) > 1  # of one column, an empty line is a person of whom nothing is known
    types = dict.fromkeys(columns, _TEXT)
    convert = pa_csv.ConvertOptions(column_types=types, strings_can_be_null=False, include_columns=kept)
    try:
        with _unzipped(raw, zipped) as stream:
            yield from pa_csv.open_csv(stream, read, parse, convert, pa.system_memory_pool())
    except (pa.ArrowInvalid, OSError) as error:
        raise PalermoError(_reading_words(path, encoding, bad, error)) from None


def _reading_words(path: Path, encoding: str, bad: list[pa_csv.InvalidRow], error: Exception) -> str:
    if bad:
        where = f"row {bad[0].number}" if bad[0].number else "a row"
        return (
            f"{path}: {where} has {bad[0].actual_columns} cells; expected {bad[0].expected_columns}, as the first line"
        )
    if "UTF8" in str(error) or "UTF-8" in str(error):
        return _encoding_words(path, encoding)
    return f"{path}: cannot be read as CSV: {str(error).splitlines()[0]}"


def _checked(path: Path, names: list[str]) -> tuple[str, ...]:
    columns = tuple(name.strip() for name in names)
    if not columns or not any(columns):
        raise UsageError(f"{path}: no column names in the first line")
    for position, name in enumerate(columns):
        if not name:
            raise UsageError(f"{path}: column {position + 1} has no name; give it one in the first line")
        if name in columns[:position]:
            raise UsageError(f"{path}: column {name} stands there twice; names must differ")
    return columns


def date_words(column: str, found: str) -> str:
    """Why a column of dates is refused, and what to do."""
    return (
        f"holds dates (found {found}); a date points at a person. "
        f"Replace it by the year or a band of years, or leave it out with --leave-out {column}"
    )
