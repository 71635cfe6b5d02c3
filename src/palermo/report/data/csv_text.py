"""CSV that people open in a spreadsheet: RFC 4180, UTF-8, and no cell that a spreadsheet would run as a formula."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from palermo.spreadsheets import harmless

Cell = str | float | None


def safe_cell(cell: Cell) -> str:
    """A cell as text: numbers as they are, text that starts like a formula behind a single quote, None empty."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return harmless(cell)
    return repr(int(cell)) if cell == int(cell) else repr(float(cell))


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """The whole file, lines ended by CR LF."""
    stream = StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([safe_cell(name) for name in header])
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return stream.getvalue()
