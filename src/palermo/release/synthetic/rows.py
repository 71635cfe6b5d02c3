"""Made-up rows as the input had them: the same columns in the same order, codes as text, blank for no attribute."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from palermo.progress import Progress
from palermo.release.synthetic.reading import ReadColumn
from palermo.release.synthetic.utility import Codes, Ints
from palermo.spreadsheets import FORMULA_STARTS, harmless

_BATCH = 1 << 14


def write_rows(
    rows: Codes,
    columns: tuple[ReadColumn, ...],
    path: Path,
    separator: str = ";",
    progress: Progress = None,
    times: Ints | None = None,
) -> None:
    """Write the rows as CSV, each as many ``times`` as it says. Codes that a spreadsheet would run as a formula get a
    quote before them."""
    number = np.ones(len(rows), np.int64) if times is None else times
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write(",".join(_cell(column.name) for column in columns) + "\n")
        for start in range(0, len(rows), _BATCH):
            part = rows[start : start + _BATCH]
            cells = [_cells(part, column, separator) for column in columns]
            lines = pc.binary_join_element_wise(*cells, ",")
            texts = _visible(lines.to_pylist(), len(columns))
            repeats = number[start : start + _BATCH].tolist()
            stream.writelines(f"{line}\n" * n for line, n in zip(texts, repeats, strict=True))
            if progress:
                progress(start + len(part), len(rows), "writing rows")


def _visible(lines: list[str], width: int) -> list[str]:
    """The lines; where there is one column only, a blank row is written as two quotes, or readers would skip it."""
    return [line or '""' for line in lines] if width == 1 else lines


def _cells(part: Codes, column: ReadColumn, separator: str) -> pa.Array:
    if not column.split:
        texts = ["", *(_cell(code) for code in column.codes)]
        return pa.array(texts, pa.string()).take(pa.array(part[:, column.at[0]]))
    distinct, where = np.unique(part[:, list(column.at)], axis=0, return_inverse=True)
    texts = [
        _cell(separator.join(sorted(code for code, held in zip(column.codes, row, strict=True) if held)))
        for row in distinct
    ]
    return pa.array(texts, pa.string()).take(pa.array(where.ravel()))


def _cell(text: str) -> str:
    """The text as a cell of a CSV file, in quotes where it must be."""
    text = for_people(text)
    if not any(mark in text for mark in ',"\n\r'):
        return text
    return '"' + text.replace('"', '""') + '"'


def for_people(text: str) -> str:
    """The text, with a quote before it where a spreadsheet would run it; numbers stay numbers."""
    if not text.startswith(FORMULA_STARTS):
        return text
    try:
        float(text)
    except ValueError:
        return harmless(text)
    return text
