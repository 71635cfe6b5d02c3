"""Reading XLSX workbooks as rows of text, after a check that opening one cannot exhaust the machine.

The library that reads workbooks lays every sheet out as a full rectangle. Two tiny files can break that: one whose
parts unpack to terabytes, and one with a cell in the first and the last corner of a sheet. Both are refused before the
library sees the file, from the true unpacked bytes, because the sizes in the directory of a zip file can lie.
"""

import datetime as dt
import re
import zipfile
import zlib
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from palermo.errors import PalermoError, RefusedError, UsageError
from palermo.intake.text_file import unreadable

MAX_BYTES = 1 << 30
MAX_RATIO = 200
RATIO_FLOOR = 10 << 20  # small parts may well be packed 200 to 1
MAX_CELLS = 30_000_000
_PIECE = 1 << 20
_CELL = re.compile(rb'<c [^>]*?r="([A-Z]{1,3})(\d{1,7})"')


def sheet_names(path: Path, *, max_bytes: int = MAX_BYTES, max_cells: int = MAX_CELLS) -> tuple[str, ...]:
    """The names of the sheets in their order. Raises ``RefusedError`` for a file made to exhaust the machine."""
    check_workbook(path, max_bytes=max_bytes, max_cells=max_cells)
    return tuple(_open(path).sheet_names)


def sheet_rows(path: Path, sheet: str | None = None, limit: int | None = None) -> Iterator[tuple[str, ...]]:
    """The rows of one sheet (the first where not named) as text; blank rows at the end are left out.

    Whole numbers come without ".0", days as ISO 8601. The library fills merged cells at their first place only.
    """
    check_workbook(path)
    book = _open(path)
    names = book.sheet_names
    name = names[0] if sheet is None else sheet
    if name not in names:
        raise UsageError(f"{path}: no sheet {name!r}; sheets: {', '.join(names)}")
    try:
        read = book.get_sheet_by_name(name)
    except CalamineError as error:
        found = f"{path}: the workbook names the sheet {name!r} and does not hold it, or holds it damaged"
        raise UsageError(f"{found}; open it, save it anew, and try again") from error
    yield from islice(_without_end(_texts(read)), limit)


def _texts(sheet: CalamineSheet) -> Iterator[tuple[str, ...]]:
    """All rows from the first of the sheet on; the library leaves out empty columns before the first cell."""
    before = ("",) * sheet.start[1] if sheet.start else ()
    for row in sheet.iter_rows():
        yield (*before, *map(cell_text, row))


def _without_end(rows: Iterator[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """The rows without the blank ones at the end, which are formatting and no data."""
    blank: list[tuple[str, ...]] = []
    for row in rows:
        if any(row):
            yield from blank
            blank.clear()
            yield row
        else:
            blank.append(row)


def _open(path: Path) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_path(str(path))
    except CalamineError as error:
        raise PalermoError(f"{path}: not a readable XLSX workbook: {error}. Open it and save it again") from None


def cell_text(cell: object) -> str:
    """The text of a cell value as a person would write it."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(sep=" ")
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return "" if cell is None else str(cell)


def check_workbook(path: Path, *, max_bytes: int = MAX_BYTES, max_cells: int = MAX_CELLS) -> None:
    """Raise ``RefusedError`` where opening the workbook could exhaust memory, ``PalermoError`` where it is damaged."""
    try:
        stat = path.stat()
        _check_version(path, (stat.st_size, stat.st_mtime_ns, stat.st_ino), max_bytes, max_cells)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise PalermoError(f"{path}: the workbook is damaged or locked ({error}); open it and save it again") from None
    except OSError as error:
        raise unreadable(path, error) from None


@lru_cache(maxsize=16)
def _check_version(path: Path, _version: tuple[int, int, int], max_bytes: int, max_cells: int) -> None:
    """Check a file once for each version of it: a workbook is opened several times, and unpacking takes a while."""
    with zipfile.ZipFile(path) as package:
        _check_sizes(path, package, max_bytes)
        for part in package.infolist():
            _check_part(path, package, part, max_cells)


def _check_sizes(path: Path, package: zipfile.ZipFile, max_bytes: int) -> None:
    total = sum(part.file_size for part in package.infolist())
    worst = max((part.file_size / max(part.compress_size, 1) for part in package.infolist()), default=0.0)
    if total > max_bytes or (worst > MAX_RATIO and total > RATIO_FLOOR):
        raise RefusedError(
            f"{path}: the workbook would unpack to {total:,} bytes ({worst:,.0f} to 1 in its densest part); expected "
            f"at most {max_bytes:,} bytes and {MAX_RATIO} to 1. Such files are made to exhaust a computer. "
            "If it is genuine, save the sheet as CSV"
        )


def _check_part(path: Path, package: zipfile.ZipFile, part: zipfile.ZipInfo, max_cells: int) -> None:
    """Unpack a part piece by piece (which checks its declared size and sum) and find the corner of a sheet."""
    is_sheet = "/worksheets/" in part.filename
    width = height = 0
    tail = b""
    with package.open(part) as stream:
        while piece := stream.read(_PIECE):
            if is_sheet:
                for column, row in _CELL.findall(tail + piece):
                    width, height = max(width, _column_number(column)), max(height, int(row))
                tail = piece[-64:]
    if width * height > max_cells:
        raise RefusedError(
            f"{path}: a sheet reaches over {height:,} rows x {width:,} columns; expected at most {max_cells:,} cells. "
            "Delete the stray cell in its far corner, or save the data as CSV"
        )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number
