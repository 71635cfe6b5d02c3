"""Rows of the UNODC workbook for the benchmarks, those of one key added up as its parts (see ``intake.shapes.unodc``).

It shares no code with intake: a cell is a number, or from 0 to 4 where the workbook prints ``<5``.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from python_calamine import CalamineWorkbook

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
WORKBOOK = DATA / "unodc-glotip" / "data_glotip_20250414.xlsx"
VALUE = "txtVALUE"
Limits = tuple[int, int]


def cells() -> Iterator[tuple[dict[str, str], Limits]]:
    """Each key of the workbook by its columns, with the least and the most that it can be."""
    rows = CalamineWorkbook.from_path(WORKBOOK).get_sheet_by_index(0).to_python()
    found: dict[tuple[tuple[str, str], ...], Limits] = {}
    for row in (dict(zip(rows[2], map(str, values), strict=True)) for values in rows[3:]):
        text = row.pop(VALUE).replace(",", "").removesuffix(".0")
        if text != "<5" and not text.isdigit():
            continue
        low, high = found.get(tuple(row.items()), (0, 0))
        more = (0, 4) if text == "<5" else (int(text), int(text))
        found[tuple(row.items())] = (low + more[0], high + more[1])
    return ((dict(key), limits) for key, limits in found.items())


def write(path: Path, indicator: str | None = None) -> None:
    """The workbook as CSV; a sum with a hidden part is a range."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = None
        for row, (low, high) in cells():
            if indicator in {None, row["Indicator"]}:
                text = str(low) if low == high else "<5" if (low, high) == (0, 4) else f"{low}–{high}"
                writer = writer or csv.DictWriter(stream, [*row, VALUE])
                if stream.tell() == 0:
                    writer.writeheader()
                writer.writerow({**row, VALUE: text})
