"""Indicator 16.2.2 as national statistical offices publish it: one file for each office and its own habits.

Three layouts are known: long (one figure in a row, with the columns Year and Value), wide (a column for each
breakdown) and items by year (a sheet with the years as columns). What the figures count is settled for the whole file
before any is accepted, see ``unit_trap``. A figure for a part of a country is put aside: the account has countries.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from palermo.codes import areas
from palermo.codes.folding import fold
from palermo.intake import unit_trap
from palermo.intake.figures import UnreadableFigureError, read_figure
from palermo.intake.observations import TOTAL, Key, SourceFigure, Tally, batch_of
from palermo.intake.published import area_of_options, source_rows, year_of
from palermo.intake.registry import Adapter, Batch, Head, QuarantinedRow, SourceOptions
from palermo.intake.shapes.national_labels import DIMENSIONS, code_in, code_in_any, role_of, status_of
from palermo.intake.shapes.sdg_series import COUNTED, read_series


@dataclass(frozen=True)
class Cell:
    """One cell that holds a figure, with everything the file says about it.

    ``codes`` are its dimensions; ``texts`` are what may name its unit, by column. ``fault`` (column, found, expected)
    is set where a label has no code. ``area`` is None where the file does not say it.
    """

    row: int
    column: str
    text: str
    year: str
    codes: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    area: str | None = None
    status: str | None = None
    fault: tuple[str, str, str] | None = None


class LabelError(ValueError):
    """A label without a code: column, what was found, what was expected."""

    def __init__(self, column: str, found: str, expected: str) -> None:
        super().__init__(f"{column}: {found!r}; expected {expected}")
        self.where = (column, found, expected)


def recognise_long(head: Head) -> bool:
    """Whether the header has a year and a value, and no column besides that nothing is known of."""
    roles = [role_of(name) for name in head.columns if name]
    return roles.count("year") == roles.count("value") == 1 and None not in roles


def read_long(path: Path, options: SourceOptions) -> Iterator[Batch]:
    """One figure in a row."""
    bad: list[QuarantinedRow] = []
    tally = Tally()
    cells = []
    for number, row in source_rows(path, options, bad=bad):
        if any(text.strip() for text in row.values()):
            cells.append(_cell(number, row, tally))
        else:
            bad.append(QuarantinedRow(path.name, number, "", "", "a figure", "empty row"))
    yield settled(path, options, cells, bad, tally)


def _cell(number: int, row: Mapping[str, str], tally: Tally) -> Cell:
    roles = {name: role_of(name) for name in row}
    of_role = {role: name for name, role in roles.items() if role is not None}
    for name in (name for name, role in roles.items() if role == "said" and row[name].strip()):
        tally.add("column not used", name, "says nothing that the account holds", number, row[name])
    value, year = of_role["value"], of_role["year"]
    texts = {name: row[name] for name, role in roles.items() if role in {"unit", "series"}}
    codes: dict[str, str] = {}
    area = status = fault = None
    try:
        for name, role in roles.items():
            _read_label(name, role, row[name], codes, texts)
        area = _territory(of_role, row)
    except LabelError as error:
        fault = error.where
    if (flags := of_role.get("status")) and row[flags].strip():
        status = status_of(row[flags])
        if status is None:
            tally.add("flag of the source", flags, "has no code of observation status; left out", number, row[flags])
    return Cell(number, value, row[value], row[year], codes, texts, area, status, fault)


def _read_label(name: str, role: str | None, text: str, codes: dict[str, str], texts: dict[str, str]) -> None:
    """Put the code of one cell into ``codes``, or its text into ``texts`` where it may name a unit.

    Raises ``LabelError`` where it has neither code nor unit.
    """
    if role in DIMENSIONS:
        code = code_in(role, text)
        if code is None:
            raise LabelError(name, text, f"a label of {role}")
        _put(codes, role, code, name, text)
    elif role == "series" and (series := read_series(text)):
        _put(codes, "form", series.form, name, text)
    elif role == "multiplier" and fold(text) not in {"", "0", "1", "unit", "units"}:
        raise LabelError(name, text, "units; figures in thousands are not read")
    elif role == "any" and text.strip():
        found = code_in_any(text)
        if found is None:
            texts[name] = text
            raise LabelError(name, text, "a label of sex, age or form")
        _put(codes, *found, name, text)
    elif role is None and text.strip():
        raise LabelError(name, text, "an empty cell; nothing is known of this column")


def _put(codes: dict[str, str], dimension: str, code: str, name: str, text: str) -> None:
    """Add a code. Two columns may speak of one dimension where one says the total or both agree."""
    standing = codes.get(dimension, TOTAL)
    if TOTAL not in {standing, code} and standing != code:
        raise LabelError(name, text, f"the same {dimension} as in another column ({standing})")
    codes[dimension] = code if standing == TOTAL else standing


def _territory(of_role: Mapping[str, str], row: Mapping[str, str]) -> str | None:
    name = of_role.get("territory")
    text = row[name].strip() if name else ""
    if not name or not text:
        return None
    area = areas.from_iso2(text) if len(text) == 2 else areas.match(text)
    if area is None:
        raise LabelError(name, text, "a country; a part of a country is not read yet")
    return area


def settled(
    path: Path, options: SourceOptions, cells: Sequence[Cell], bad: list[QuarantinedRow], tally: Tally
) -> Batch:
    """The batch of all cells, once it is known what they count.

    Raises ``RefusedError`` where that is not victims, or not known (see ``unit_trap``).
    """
    if not cells:
        return batch_of(options.list_name, path.name, [], bad, tally)
    units = _units(path, options, cells, tally)
    default_area = None if all(cell.area or cell.fault for cell in cells) else area_of_options(path, options)
    figures: list[SourceFigure] = []
    for cell, unit in zip(cells, units, strict=True):
        if cell.fault is not None:
            bad.append(QuarantinedRow(path.name, cell.row, *cell.fault, "label without a code", raw=_raw(cell)))
            continue
        try:
            figures.append(_figure(cell, unit, cell.area or default_area or ""))
        except LabelError as error:
            bad.append(QuarantinedRow(path.name, cell.row, *error.where, "not readable", raw=_raw(cell)))
    return batch_of(options.list_name, path.name, figures, bad, tally)


def _raw(cell: Cell) -> str:
    return " | ".join(text for text in (cell.year, *cell.texts.values(), *cell.codes.values(), cell.text) if text)


def _figure(cell: Cell, unit: unit_trap.Named, area: str) -> SourceFigure:
    year = year_of(cell.year)
    if year is None:
        raise LabelError("Year", cell.year, "a year such as 2011")
    if unit.counted not in COUNTED:
        raise LabelError(cell.column, str(unit.counted), "victims, offences or cases")
    measure, count_unit, kind = COUNTED[unit.counted]
    is_rate = unit.measured == "PER_100K"
    key = Key(measure, "PER_100K" if is_rate else count_unit, kind, area, str(year), **cell.codes)
    try:
        figure = read_figure(cell.text, whole=not is_rate)
    except UnreadableFigureError as error:
        raise LabelError(cell.column, cell.text, str(error)) from None
    return SourceFigure(key, figure.with_status(cell.status), cell.row, cell.column, cell.text)


def _units(path: Path, options: SourceOptions, cells: Sequence[Cell], tally: Tally) -> list[unit_trap.Named]:
    """What each cell counts and how, after the checks of ``unit_trap`` on the file as a whole."""
    titles = unit_trap.titles_beside(path)
    by_titles = unit_trap.counted_by_titles(path, titles, options.unit)
    rows = [unit_trap.check_agreement(path, cell.row, cell.texts) for cell in cells]
    unit_trap.check_shares(path, [row.measured for row in rows])
    counted = {row.counted for row in rows} - {None}
    if len(counted) == 1:
        first = next(cell for cell, row in zip(cells, rows, strict=True) if row.counted)
        evidence = f"row {first.row}: {', '.join(repr(text) for text in first.texts.values() if text)}"
        unit_trap.agreed(path, next(iter(counted)) or "", evidence, options.unit)
    says_anything = by_titles is not None or any(row.counted or row.measured for row in rows)
    unit_trap.check_stated(path, says_anything, options.unit)
    presumed = by_titles or unit_trap.COUNTED_BY.get(options.unit or "PERSON", "victims")
    if by_titles is None and not counted:
        said = "the user states" if options.unit else "the file does not say; read as under the number 16.2.2"
        tally.add("what is counted", "", f"{presumed}: {said}", 1)
    rate = "PER_100K" if options.unit == "PER_100K" else None
    units = [unit_trap.Named(row.counted or presumed, row.measured or rate) for row in rows]
    in_use = [(cell, unit) for cell, unit in zip(cells, units, strict=True) if cell.fault is None]
    counts = [cell for cell, unit in in_use if unit.measured != "PER_100K"]
    named = next((repr(text) for cell in counts for text in cell.texts.values() if text.strip()), "a count")
    unit_trap.check_fractions(path, named, [cell.text for cell in counts])
    return units


ADAPTERS = (
    Adapter(
        "national-sdg-long",
        "National file of indicator 16.2.2, one figure in a row (columns Year and Value)",
        ("observations",),
        recognise_long,
        read_long,
    ),
)
