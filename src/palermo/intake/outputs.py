"""What intake writes: tables, the quarantine file and the quality report, whole or not at all.

Everything goes to hidden ``.part`` files in the folder of the result, and takes its name only at the end, when the
counts have been checked. A full disk, a fault or Ctrl-C before that leaves the folder as it was.

A table of more than ``PART_ROWS`` rows becomes a folder of part files (``palermo.parts``): a cluster reads them side by
side, and none has so many groups of rows that every reader would wait for the list of them.
"""

import csv
import errno
import glob
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import IO

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from palermo.errors import PalermoError
from palermo.intake.registry import QuarantinedRow
from palermo.intake.schema import TABLES
from palermo.parts import part_name
from palermo.spreadsheets import harmless

GROUP_ROWS = 1 << 16
PART_ROWS = 1 << 24  # some 150 to 300 MB
_HEADER = ("file", "sheet", "row", "column", "found", "expected", "reason", "also", "raw")
_IDENTIFIERS = ("record_id", "person_key")  # nearly all different: a dictionary of them would only cost
_STATISTICS = ("date", "year", "time_period")


class Outputs:
    """The files of one list. A context: ``begin`` inside it; leaving it removes whatever was not committed."""

    def __init__(self, folder: Path, list_name: str) -> None:
        self._folder = folder
        self._list = list_name
        self._tables: dict[str, _Table] = {}
        self._parts: dict[str, Path] = {}
        self._quarantine: IO[str] | None = None

    def __enter__(self) -> "Outputs":
        return self  # creates nothing: Ctrl-C in here would skip __exit__, and what was created would stay

    def begin(self) -> None:
        """Make the folder ready and open the quarantine file."""
        with self.named_errors():
            self._folder.mkdir(parents=True, exist_ok=True)
            self._remove_remains()
            self._writer = csv.writer(self._open_quarantine(), lineterminator="\n")
            self._writer.writerow(_HEADER)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for table in self._tables.values():
            with suppress(OSError, pa.ArrowException):  # what could not be written cannot be closed
                table.close()
        if self._quarantine is not None:
            with suppress(OSError):
                self._quarantine.close()
        for part in self._parts.values():
            _discard(part)

    def name(self, what: str) -> Path:
        """The place of a file in the end, for example of ``cases.parquet``."""
        return self._folder / f"{self._list}.{what}"

    def part(self, what: str) -> Path:
        """The place of a file while it is written."""
        return self._parts.setdefault(what, self._folder / f".{self._list}.{what}.{os.getpid()}.part")

    @contextmanager
    def named_errors(self) -> Iterator[None]:
        """Turn errors of the operating system while writing into ours, naming the folder."""
        try:
            yield
        except (OSError, pa.ArrowException, duckdb.IOException, duckdb.OutOfMemoryException) as error:
            raise self._unwritable(error) from None

    def write_tables(self, tables: Mapping[str, pa.Table]) -> None:
        """Add the rows of a batch."""
        with self.named_errors():
            for name, rows in tables.items():
                if name not in self._tables:
                    self._tables[name] = _Table(self.part(f"{name}.parquet"), TABLES[name])
                self._tables[name].add(rows)

    def write_quarantined(self, rows: Iterable[QuarantinedRow]) -> None:
        """Add rows to the quarantine file."""
        with self.named_errors():
            for row in rows:
                place = [row.file, row.sheet, row.row, row.column, row.found, row.expected]
                self._writer.writerow(
                    harmless(str(cell)) for cell in (*place, row.reason, "; ".join(row.also), row.raw)
                )

    def finish(self) -> dict[str, Path]:
        """Close all files; returns the unfinished tables by name. Nothing can be added after."""
        with self.named_errors():
            for table in self._tables.values():
                table.close()
            if self._quarantine is not None:
                self._quarantine.close()
        return {name: self.part(f"{name}.parquet") for name in self._tables}

    def commit(self, *names: str) -> None:
        """Give these files their names; any other file an earlier run wrote for them stays as it was."""
        with self.named_errors():
            for name in names:
                self._rename(self._parts.pop(name), self.name(name))

    def remove(self, *names: str) -> None:
        """Remove what an earlier run left under these names and this one does not write."""
        with self.named_errors():
            for name in names:
                _discard(self.name(name))

    def _rename(self, part: Path, name: Path) -> None:
        """Give a finished part its name. A folder can take no other's place: what stands there is moved aside first."""
        if not (name.is_dir() or (part.is_dir() and name.exists())):
            part.replace(name)
            return
        earlier = name.with_name(f".{name.name}.earlier.{os.getpid()}.part")
        name.replace(earlier)
        part.replace(name)
        _discard(earlier)

    def _remove_remains(self) -> None:
        """Remove the unfinished files of runs that were killed; those of a run that still goes on stay."""
        for part in self._folder.glob(f".{glob.escape(self._list)}.*.part"):
            process = part.name.split(".")[-2]
            if process.isdigit() and not _is_running(int(process)):
                _discard(part)

    def _open_quarantine(self) -> IO[str]:
        self._quarantine = self.part("quarantine.csv").open("w", encoding="utf-8", newline="")
        return self._quarantine

    def _unwritable(self, error: BaseException) -> PalermoError:
        number = getattr(error, "errno", None)
        if number == errno.ENOSPC or "No space left" in str(error):
            why = "the disk is full; make room and run again"
        elif isinstance(error, PermissionError):
            why = "no permission to write there; choose another folder or ask its owner"
        else:
            why = str(error)
        return PalermoError(f"{self._folder}: cannot write: {why}. Nothing half-written was left there")


class _Table:
    """One Parquet table, written in groups of rows so that memory does not grow with it."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        # Text goes in as dictionaries, as conversion made it, and is plain text to whoever reads the file.
        self._schema = pa.schema(
            field if field.name in _IDENTIFIERS else field.with_type(_with_dictionary(field.type)) for field in schema
        )
        self._path = path
        self._file = self._writer(path)
        self._parts = 1
        self._part_rows = 0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="palermo-write")
        self._writing: Future[None] | None = None
        self._waiting: list[pa.Table] = []
        self._rows = 0
        self._closed = False

    def _writer(self, path: Path) -> pq.ParquetWriter:
        names = self._schema.names
        return pq.ParquetWriter(
            path,
            self._schema,
            compression="snappy",
            store_schema=False,
            use_dictionary=[name for name in names if name not in (*_IDENTIFIERS, "source_row")],
            write_statistics=[name for name in names if name in _STATISTICS],
        )

    def add(self, rows: pa.Table) -> None:
        columns = [_as(rows.column(field.name), field.type) for field in self._schema]
        self._waiting.append(pa.table(columns, schema=self._schema))
        self._rows += rows.num_rows
        if self._rows >= GROUP_ROWS:
            self._flush()

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        try:
            self._flush()
            self._written()
        finally:
            self._thread.shutdown()
            self._file.close()

    def _flush(self) -> None:
        """Write the waiting rows in a thread, so that conversion goes on; one group at a time, in their order."""
        if self._waiting:
            self._written()
            waiting, self._waiting, self._rows = self._waiting, [], 0
            self._writing = self._thread.submit(self._write, waiting)

    def _write(self, waiting: list[pa.Table]) -> None:
        rows = pa.concat_tables(waiting).unify_dictionaries()
        if self._part_rows and self._part_rows + rows.num_rows > PART_ROWS:
            self._next_part()
        self._file.write_table(rows)
        self._part_rows += rows.num_rows

    def _next_part(self) -> None:
        """Go on in another file; what was one file becomes the first of a folder."""
        self._file.close()
        if self._parts == 1:
            first = self._path.with_name(f"{self._path.name}.{os.getpid()}.part")
            self._path.replace(first)
            self._path.mkdir()
            first.replace(self._path / part_name(0))
        self._file = self._writer(self._path / part_name(self._parts))
        self._parts, self._part_rows = self._parts + 1, 0

    def _written(self) -> None:
        """Wait for the group that is being written; raises what went wrong with it."""
        if self._writing is not None:
            writing, self._writing = self._writing, None
            writing.result()


def _is_running(process: int) -> bool:
    """Whether a process of this number runs; where one cannot ask without ending it (Windows), it is taken to run."""
    if os.name != "posix":
        return True
    try:
        os.kill(process, 0)  # asks, and kills nothing
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _discard(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _with_dictionary(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_list(kind):
        return pa.list_(_with_dictionary(kind.value_type))
    return pa.dictionary(pa.int32(), pa.string()) if kind == pa.string() else kind


def _as(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    if column.type == kind:
        return column
    return column.dictionary_encode() if pa.types.is_dictionary(kind) else column.cast(kind)
