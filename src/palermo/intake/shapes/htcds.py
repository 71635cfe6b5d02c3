"""HTCDS 2.0: workbooks in the manner of its templates and survey exports, read by label.

The decision a reader may question is the age. The standard has no age at registration, so it is worked out from the
birth date and the incoming referral date; only a file that lacks one of them uses the age when trafficked, and a
notice says so. After the answers are laid out as the mapping ``htcds_2_0.toml`` expects them, rows are converted like
those of any other file.
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa

from palermo.errors import PalermoError, UsageError
from palermo.intake.convert import Conversion
from palermo.intake.head import read_head
from palermo.intake.mapping import NO, YES
from palermo.intake.read import BATCH_ROWS, RowBatch
from palermo.intake.registry import Adapter, Batch, Head, Notice, QuarantinedRow, SourceOptions
from palermo.intake.shapes.ctdc import present_only, shipped_mapping
from palermo.intake.shapes.htcds_layout import (
    AGE_WHEN_TRAFFICKED,
    BIRTH,
    INDUSTRY,
    RECORD,
    REFERRAL,
    SEX_KIND,
    Layout,
    check_repeated,
    find_layout,
    questions_of,
)
from palermo.intake.spreadsheet import sheet_rows
from palermo.intake.text_file import Utf8Stream, decoded_head, delimiter_of, encoding_of, head_bytes, not_utf8

MAPPING = shipped_mapping("htcds_2_0")
QUESTIONS = questions_of(MAPPING)
SEVERAL = ";"
_LARGEST = 1 << 29  # bytes of a survey export; a case file of one service has a thousandth of it
_SMALL = 1 << 20  # bytes of a workbook of which every sheet is looked at; a template has a tenth of it
_BETWEEN = re.compile(r"[\s,;|/]+")
_Row = Sequence[str]


def recognise(head: Head) -> bool:
    """Whether the first rows hold labels of the standard, in a small workbook those of any sheet."""
    if find_layout(head.rows, MAPPING) is not None:
        return True
    if len(head.sheets) < 2 or head.path.stat().st_size > _SMALL:
        return False
    sheets = (read_head(head.path, sheet=sheet) for sheet in head.sheets[1:])
    return any(find_layout(one.rows, MAPPING) is not None for one in sheets)


def read(path: Path, options: SourceOptions) -> Iterator[Batch]:
    """Read a workbook or a survey export. Raises ``UsageError`` where no sheet holds the labels."""
    head, layout, sheet = _find(path, options)
    check_repeated(head.rows[layout.label_row - 1], layout, path)
    asked = _asked(layout)
    mapping = present_only(MAPPING, asked)
    conversion = Conversion(mapping, options, path.name)
    rows = _sheet(path, sheet) if head.format == "xlsx" else _text(path, options)
    data = islice(rows, layout.label_row + layout.names_below, None)
    first = 1 + layout.names_below
    notices = _notices(layout)
    while part := list(islice(data, BATCH_ROWS)):
        batch, more = _laid_out(part, first, layout, asked, path.name)
        first += len(part)
        yield replace(conversion(batch), notices=(*notices, *more))
        notices = ()


def _find(path: Path, options: SourceOptions) -> tuple[Head, Layout, str | None]:
    """The sheet that holds the labels, the one named first."""
    head = read_head(path, options.encoding, options.delimiter, options.sheet)
    for sheet in (options.sheet,) if options.sheet or not head.sheets else head.sheets:
        one = head if sheet in {options.sheet, None} else read_head(path, sheet=sheet)
        layout = find_layout(one.rows, MAPPING)
        if layout is not None:
            return one, layout, sheet
    raise UsageError(
        f"{path}: no row among the first ten holds the labels of HTCDS 2.0 (Gender, Trafficking Status, Type of "
        "Exploitation ...). Export with labels, not with names, or propose a mapping with `palermo map`"
    )


def _asked(layout: Layout) -> tuple[str, ...]:
    """The columns of the mapping that the file can fill."""
    found = [str(field.column) for field in MAPPING.fields if layout.has(str(field.column))]
    if any(layout.has(label) for label in RECORD):
        found.append("(record)")
    if (layout.has(BIRTH) and layout.has(REFERRAL)) or layout.has(AGE_WHEN_TRAFFICKED):
        found.append("(age)")
    if layout.has(INDUSTRY) or layout.has(SEX_KIND):
        found.append("(sector)")
    identifying = MAPPING.identity.columns() if MAPPING.identity else ()
    found += [label for label in identifying if layout.has(label)]
    return tuple(found)


def _notices(layout: Layout) -> tuple[Notice, ...]:
    if layout.has(BIRTH) and layout.has(REFERRAL):
        return (Notice("age worked out", BIRTH, 1, "age in completed years at the incoming referral date"),)
    if layout.has(AGE_WHEN_TRAFFICKED):
        said = "the age when first trafficked, because the file lacks the birth date or the referral date"
        return (Notice("age when trafficked used", AGE_WHEN_TRAFFICKED, 1, said),)
    return ()


def _sheet(path: Path, sheet: str | None) -> Iterator[_Row]:
    yield from sheet_rows(path, sheet)


def _text(path: Path, options: SourceOptions) -> Iterator[_Row]:
    """The rows of a delimited file. It is held in memory: labels may repeat, which the streaming reader refuses."""
    start = head_bytes(path)
    encoding = encoding_of(path, start, options.encoding)
    delimiter = options.delimiter or delimiter_of(decoded_head(path, start, encoding))
    stream = Utf8Stream(path, encoding, delimiter)
    pieces, size = [], 0
    try:
        while piece := stream.read():
            pieces.append(piece)
            size += len(piece)
            if size > _LARGEST:
                raise PalermoError(f"{path}: over {_LARGEST:,} bytes; split the export by year")
    finally:
        stream.close()
    if stream.open_quote:
        raise PalermoError(f"{path}: a cell opens with a quotation mark and is never closed; close or remove the mark")
    try:
        text = b"".join(pieces).decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise not_utf8(path, f"byte {error.start + 1}") from None
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        yield from (row for row in reader if row)
    except csv.Error as error:
        raise PalermoError(f"{path}: line {reader.line_num}: {error}; mend the row") from None


def _laid_out(
    part: list[_Row], first: int, layout: Layout, asked: Sequence[str], file: str
) -> tuple[RowBatch, list[Notice]]:
    """The rows as columns of the mapping; a row of another width is set aside."""
    bad, kept, numbers = [], [], []
    for number, row in enumerate(part, start=first):
        if not any(cell.strip() for cell in row):
            continue  # a template has blank rows between cases; they are no records
        if len(row) == layout.width:
            kept.append(row)
            numbers.append(number)
        else:
            expected = f"{layout.width} cells"
            bad.append(
                QuarantinedRow(file, number, "", f"{len(row)} cells", expected, "wrong number of cells", raw=str(row))
            )
    columns = {name: [_cell(name, row, layout) for row in kept] for name in asked}
    notices = _first_citizenship(columns, numbers)
    table = pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})
    encoded = pa.table({name: table.column(name).dictionary_encode() for name in table.column_names})
    return RowBatch(tuple(asked), encoded, np.array(numbers, np.int64), tuple(bad)), notices


def _cell(name: str, row: _Row, layout: Layout) -> str:
    if name == "(record)":
        return next((row[layout.columns[label]].strip() for label in RECORD if label in layout.columns), "")
    if name == "(age)":
        return _age(row, layout)
    if name == "(sector)":
        return SEVERAL.join(filter(None, (_answers(INDUSTRY, row, layout), _answers(SEX_KIND, row, layout))))
    return _answers(name, row, layout)


def _answers(label: str, row: _Row, layout: Layout) -> str:
    """The answers to a question, joined: from the columns of its options where there are any, else from its cell."""
    places = layout.options.get(label)
    if places is None:
        place = layout.columns.get(label)
        return "" if place is None else unpack(row[place].strip(), QUESTIONS.get(label, ()))
    given = []
    for place, option in places:
        cell = row[place].strip()
        if cell.casefold() in YES:
            given.append(option)
        elif cell and cell.casefold() not in NO:
            given.append(f"{option} = {cell}")  # neither yes nor no: no code has this text, so the row is set aside
    return SEVERAL.join(given)


@lru_cache(maxsize=65_536)
def unpack(cell: str, answers: tuple[str, ...]) -> str:
    """Several answers packed in one cell, joined by ``;``: "Forced labour Sexual exploitation" holds two.

    ``answers`` are the texts of the standard, longest first. What is no answer stays as a part of its own, so that it
    is reported and not lost.
    """
    if not answers or not cell:
        return cell
    choice = "|".join(re.escape(answer) for answer in answers)
    found, end = [], 0
    for match in re.finditer(rf"(?<![^\s,;|/])(?:{choice})(?![^\s,;|/])", cell, re.IGNORECASE):
        found += [cell[end : match.start()], match.group()]
        end = match.end()
    found.append(cell[end:])
    parts = (_BETWEEN.sub(" ", part).strip() if part not in answers else part for part in found)
    return SEVERAL.join(part for part in parts if part) if end else cell


def _age(row: _Row, layout: Layout) -> str:
    """Completed years at the incoming referral. A faulty date gives a text that is no age, so the row is set aside;
    the birth date itself is not repeated in it."""
    if not (layout.has(BIRTH) and layout.has(REFERRAL)):
        return row[layout.columns[AGE_WHEN_TRAFFICKED]].strip()
    born, referred = row[layout.columns[BIRTH]].strip(), row[layout.columns[REFERRAL]].strip()
    if not born or not referred:
        return ""
    try:
        first, then = (dt.date.fromisoformat(text[:10]) for text in (born, referred))
    except ValueError:
        return "birth date or referral date is not YYYY-MM-DD"
    years = then.year - first.year - ((then.month, then.day) < (first.month, first.day))
    return str(years) if years >= 0 else "born after the referral"


def _first_citizenship(columns: dict[str, list[str]], numbers: Sequence[int]) -> list[Notice]:
    """Keep the first of several citizenships, which the standard allows and our table does not; say how many."""
    cells = columns.get("Citizenship", [])
    several = [place for place, cell in enumerate(cells) if _separator(cell)]
    for place in several:
        cells[place] = cells[place].split(_separator(cells[place]))[0].strip()
    if not several:
        return []
    said = "more than one citizenship is recorded; the first is used"
    rows = tuple(numbers[place] for place in several[:5])
    return [Notice("several citizenships", "Citizenship", len(several), said, rows=rows)]


def _separator(cell: str) -> str:
    return next((mark for mark in (";", "|", "\n") if mark in cell), "")


ADAPTERS = (Adapter(MAPPING.name, MAPPING.title, ("cases",), recognise, read, mapping=MAPPING),)
