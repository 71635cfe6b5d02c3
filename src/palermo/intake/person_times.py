"""The ages and the times of persons: columns that are made together because one must not contradict the other."""

import datetime as dt
from collections.abc import Callable, Mapping

import numpy as np
import pyarrow as pa

from palermo.intake.columns import Fault, Index, SourceColumn, coded, read_texts, taken
from palermo.intake.lookup import NOT_ASKED, UNKNOWN, NoCode
from palermo.intake.mapping import FieldMapping
from palermo.intake.plain_values import Missing, age_reader, band_of_age, date_reader, year_reader
from palermo.intake.single import SingleCode

AGES = ("age", "age_band")
TIMES = ("date", "year", "contact_year", "prosecuted_year", "convicted_year")
_Fields = Mapping[str, FieldMapping]
_Source = Mapping[str, SourceColumn]
_Columns = tuple[dict[str, pa.Array], list[Fault]]


def time_columns(fields: _Fields, source: _Source, names: set[str], count: int) -> _Columns:
    """The dates and years among ``names``. A year that is not mapped follows from the date."""
    columns: dict[str, pa.Array] = {}
    faults: list[Fault] = []
    for name in sorted(names - {"date", "year"}):
        years, index, found = _years(fields.get(name), source, count)
        columns[name] = taken(years, pa.int16(), index)
        faults += found
    if "date" not in names:
        return columns, faults
    days, day_index, day_faults = _dates(fields.get("date"), source, count)
    years, year_index, year_faults = _years(fields.get("year"), source, count)
    pairs, index = _pairs(day_index, year_index, len(years))
    both = [(days[day], years[year]) for day, year in pairs]
    columns["date"] = taken([day for day, _ in both], pa.date32(), index)
    columns["year"] = taken([day.year if year is None and day else year for day, year in both], pa.int16(), index)
    faults += [*day_faults, *year_faults]
    wrong = {i for i, (day, year) in enumerate(both) if day and year is not None and day.year != year}
    if wrong:
        column = source[str(fields["year"].column or fields["date"].column)]
        faults.append(
            _pair_fault(
                column,
                index,
                wrong,
                lambda i: NoCode(f"the year of the date ({_year(both[i][0])})", "year and date differ"),
            )
        )
    return columns, faults


def _year(day: dt.date | None) -> int:
    return day.year if day else 0


def age_columns(fields: _Fields, source: _Source, count: int, band: SingleCode | None) -> _Columns:
    """Age in years and age band, read by ``band``. The band follows from the age where none is recorded."""
    years, age_index, faults = _ages(fields.get("age"), source, count)
    field = fields.get("age_band")
    nothing = NOT_ASKED if "age" not in fields and field is None else UNKNOWN
    bands: list[str | None] = [nothing]
    band_index: Index = np.zeros(count, np.int64)
    if field is not None and field.constant is not None:
        bands = [field.constant]
    elif band is not None:
        bands, band_index, found = band.convert(source)
        faults += found
    pairs, index = _pairs(age_index, band_index, len(bands))
    results = [band_of_age(years[age], bands[place] or UNKNOWN) for age, place in pairs]
    wrong = {i for i, result in enumerate(results) if isinstance(result, NoCode)}
    if wrong:
        column = source[str(fields["age"].column or fields["age_band"].column)]
        faults.append(_pair_fault(column, index, wrong, lambda i: _reason(results[i])))
    made = [None if isinstance(result, NoCode) else result for result in results]
    return {"age": taken(years, pa.int16(), age_index), "age_band": coded(made, index)}, faults


def _reason(result: str | NoCode) -> NoCode:
    return result if isinstance(result, NoCode) else NoCode("", "")


def _pair_fault(column: SourceColumn, index: Index, wrong: set[int], why: Callable[[int], NoCode]) -> Fault:
    rows = np.flatnonzero(np.isin(index, list(wrong)))
    return Fault(column.name, rows, column.text, lambda row: why(int(index[row])))


def _pairs(first: Index, second: Index, size: int) -> tuple[list[tuple[int, int]], Index]:
    """The distinct pairs of two indexes, and which pair each row has."""
    distinct, index = np.unique(first * max(size, 1) + second, return_inverse=True)
    return [divmod(pair, max(size, 1)) for pair in distinct.tolist()], index


def _ages(field: FieldMapping | None, source: _Source, count: int) -> tuple[list[int | None], Index, list[Fault]]:
    return _wholes(field, source, count, age_reader)


def _years(field: FieldMapping | None, source: _Source, count: int) -> tuple[list[int | None], Index, list[Fault]]:
    return _wholes(field, source, count, year_reader)


def _wholes(
    field: FieldMapping | None,
    source: _Source,
    count: int,
    reader: Callable[[FieldMapping], Callable[[str], int | Missing | NoCode]],
) -> tuple[list[int | None], Index, list[Fault]]:
    column = _column(field, source, count)
    if field is None:
        return [None], column.index, []
    read = read_texts(column, reader(field))
    return [value if isinstance(value, int) else None for value in read.values], column.index, read.faults


def _dates(field: FieldMapping | None, source: _Source, count: int) -> tuple[list[dt.date | None], Index, list[Fault]]:
    column = _column(field, source, count)
    if field is None:
        return [None], column.index, []
    read = read_texts(column, date_reader(field))
    return [value if isinstance(value, dt.date) else None for value in read.values], column.index, read.faults


def _column(field: FieldMapping | None, source: _Source, count: int) -> SourceColumn:
    """The column of the field; one blank or constant text in every row where it has none."""
    if field is not None and field.column is not None:
        return source[field.column]
    text = field.constant if field is not None and field.constant is not None else ""
    return SourceColumn("", (text,), np.zeros(count, np.int64))
