"""National files of 16.2.2 whose figures stand beside each other: a column for each breakdown, or one for each year.

In both the unit is said once, in a title, and holds for all figures. A row whose labels in two languages name
different units ("total people" in one, "per 100 000" in the other) is put aside whole: nobody but the office can say
which is right.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from palermo.intake import unit_trap
from palermo.intake.observations import TOTAL, Tally
from palermo.intake.published import source_rows, year_of
from palermo.intake.registry import Adapter, Batch, Head, QuarantinedRow, SourceOptions
from palermo.intake.shapes.national_labels import code_in_any, role_of
from palermo.intake.shapes.national_sdg import Cell, settled
from palermo.intake.spreadsheet import sheet_rows

MIN_YEARS = 3  # that many years side by side make a header
MAX_HEADER_ROW = 12


def recognise_breakdowns(head: Head) -> bool:
    """Whether a year comes first, another column names victims, and no column holds plain values."""
    if len(head.columns) < 3 or role_of(head.columns[0]) != "year":
        return False
    named = [unit_trap.named_unit(name) for name in head.columns[1:]]
    return any(one.counted == "victims" and one.measured for one in named) and "value" not in map(role_of, head.columns)


def read_breakdowns(path: Path, options: SourceOptions) -> Iterator[Batch]:
    """A year in each row and a breakdown in each column; every cell that is not blank is a figure."""
    bad: list[QuarantinedRow] = []
    cells: list[Cell] = []
    for number, row in source_rows(path, options, bad=bad):
        year, *columns = row
        title = next((name for name in columns if unit_trap.named_unit(name).counted), "")
        for name in columns:
            if row[name].strip():
                cell = Cell(number, name, row[name], row[year], texts={"title": title})
                cells.append(_labelled(cell, "" if name == title else name))
    yield settled(path, options, cells, bad, Tally())


def _labelled(cell: Cell, label: str) -> Cell:
    """The cell with the code of its label; a blank label is the total."""
    found = code_in_any(label)
    if found is None:
        return replace(cell, fault=(cell.column, label, "a label of sex, age or form"))
    return replace(cell, codes={} if found[1] == TOTAL else {found[0]: found[1]})


def recognise_years(head: Head) -> bool:
    """Whether years stand side by side near the top and a text above names victims."""
    at = _header_at(head.rows)
    above = " ".join(" ".join(row) for row in head.rows[: at or 0])
    return at is not None and unit_trap.named_unit(above).counted == "victims"


def _header_at(rows: Sequence[Sequence[str]]) -> int | None:
    for index, row in enumerate(rows[:MAX_HEADER_ROW]):
        years = [year for text in row if (year := year_of(text)) is not None]
        if len(years) >= MIN_YEARS and years == list(range(years[0], years[0] + len(years))):
            return index
    return None


def read_years(path: Path, options: SourceOptions) -> Iterator[Batch]:
    """An item in each row, with its labels in one or more languages, and a year in each column."""
    rows = list(sheet_rows(path, options.sheet))
    at = _header_at(rows)
    if at is None:
        yield settled(path, options, [], [], Tally())
        return
    years = {place: text for place, text in enumerate(rows[at]) if year_of(text) is not None}
    title = " ".join(text for row in rows[:at] for text in row if text.strip())
    counted = unit_trap.counted_by_titles(path, {"title": title}, options.unit)
    cells: list[Cell] = []
    for number, row in enumerate(rows[at + 1 :], 1):
        labels = [text.strip() for text in row[: min(years)] if text.strip()]
        item = _item(labels, counted)
        cells.extend(
            replace(item, row=number, column=year, text=row[place], year=year)
            for place, year in years.items()
            if row[place].strip()
        )
    yield settled(path, options, cells, [], Tally())


def _item(labels: Sequence[str], counted: str | None) -> Cell:
    """What all cells of a row have in common: its code or its fault."""
    blank = Cell(0, "", "", "", texts={"label": labels[-1] if labels else ""})
    named = [unit_trap.named_unit(label) for label in labels]
    measured = {one.measured for one in named} - {None}
    if len(measured) > 1:
        return replace(blank, texts={}, fault=("label", " | ".join(labels), "one unit in all languages"))
    if counted is not None and any(one.counted == counted for one in named):
        return blank
    codes: Mapping[str, str] | None = next((dict([found]) for label in labels if (found := code_in_any(label))), None)
    if codes is None:
        return replace(blank, texts={}, fault=("label", " | ".join(labels), "a label of sex, age or form"))
    return replace(blank, texts={}, codes=codes)


_TABLES = ("observations",)
ADAPTERS = (
    Adapter(
        "national-sdg-wide",
        "National file of indicator 16.2.2, a column for each breakdown",
        _TABLES,
        recognise_breakdowns,
        read_breakdowns,
    ),
    Adapter(
        "national-sdg-years",
        "National sheet of indicator 16.2.2, a column for each year",
        _TABLES,
        recognise_years,
        read_years,
    ),
)
