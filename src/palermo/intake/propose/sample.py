"""What a proposal looks at: the counted values of each column of a file.

The first rows are counted in full. After them only columns with few distinct values go on being counted, because a
coded column must show its rare codes (in a file sorted by year they stand far down), while names and notes need
neither be counted nor kept in memory.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from palermo.errors import UsageError
from palermo.intake.head import read_head
from palermo.intake.read import RowBatch, read_rows
from palermo.intake.registry import Head

MOST_ROWS = 2_000_000  # rows after which counting stops; a proposal need not see a whole national archive
FEW = 400  # distinct values up to which a column goes on being counted after the first rows


@dataclass(frozen=True)
class ColumnSample:
    """The values of one column with the number of rows of each, blanks included as "".

    ``complete`` is false where the column has so many distinct values that only the first rows were counted.
    """

    name: str
    counts: Mapping[str, int]
    complete: bool

    @property
    def rows(self) -> int:
        """Rows counted, blanks included."""
        return sum(self.counts.values())

    @property
    def filled(self) -> int:
        """Rows that are not blank."""
        return self.rows - self.counts.get("", 0)


@dataclass(frozen=True)
class Sample:
    """The columns of a file as far as a proposal needs them."""

    path: Path
    head: Head
    header_row: int
    rows: int
    columns: tuple[ColumnSample, ...]


@dataclass(frozen=True)
class ReadingOptions:
    """How the file is read; whatever is None is found out by the reader."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None


def take_sample(path: Path, options: ReadingOptions, first_rows: int) -> Sample:
    """Count the values of each column. Raises ``UsageError`` for a file that is no table or has no rows."""
    head = read_head(path, options.encoding, options.delimiter, options.sheet)
    if head.format not in {"csv", "xlsx", "parquet"}:
        raise UsageError(f"{path}: a mapping needs a table (CSV, XLSX or Parquet); this is {head.format}")
    header_row = find_header_row(head)
    batches = read_rows(
        path,
        encoding=options.encoding,
        delimiter=options.delimiter,
        sheet=options.sheet,
        header_row=header_row,
        encoded=True,
    )
    counters: dict[str, Counter[str]] = {}
    capped: set[str] = set()
    rows = 0
    for table in _pieces(batches, first_rows):
        for name in table.column_names:
            if name not in capped:
                _count(counters.setdefault(name, Counter()), table.column(name))
        rows += table.num_rows
        capped |= {name for name, counter in counters.items() if len(counter) > FEW}
        if rows >= MOST_ROWS:
            break
    if rows == 0:
        raise UsageError(f"{path}: no rows below the header; nothing to propose a mapping from")
    columns = tuple(ColumnSample(name, dict(counter), name not in capped) for name, counter in counters.items())
    return Sample(path, head, header_row, rows, columns)


def find_header_row(head: Head) -> int:
    """The row that names the columns, counting from 1: the first that fills most cells of the widest row.

    Titles above a table fill few cells.
    """
    filled = [sum(bool(cell.strip()) for cell in row) for row in head.rows[:20]]
    widest = max(filled, default=0)
    return next((number for number, cells in enumerate(filled, start=1) if cells >= max(1, 0.6 * widest)), 1)


def _pieces(batches: Iterator[RowBatch], first_rows: int) -> Iterator[pa.Table]:
    """The rows in pieces, the first of them small, so that wide-open columns are dropped early."""
    first = list(islice(batches, 1))
    for batch in chain(first, batches):
        table = batch.table
        start = min(first_rows, table.num_rows) if batch is first[0] else 0
        if start:
            yield table.slice(0, start)
        if start < table.num_rows:
            yield table.slice(start)


def _count(counter: Counter[str], column: pa.ChunkedArray) -> None:
    """Add the values of a dictionary-encoded column, without outer spaces."""
    for chunk in column.chunks:
        counted = pc.value_counts(chunk)
        values, numbers = counted.field("values").to_pylist(), counted.field("counts").to_pylist()
        for value, number in zip(values, numbers, strict=True):
            counter[(value or "").strip()] += number
