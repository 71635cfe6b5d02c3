"""The UN SDG Global Database, indicator 16.2.2, in the two forms in which it goes round: JSON and DDF (CSV).

Areas are taken by their M49 number, because "NA" read as text is Namibia in one file and nothing in the next. The
number 158 stands for "Other non-specified areas" in the JSON: its rows are put aside, since no country is named.
"""

import gzip
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from palermo.codes import ages, areas
from palermo.errors import PalermoError
from palermo.intake.figures import UnreadableFigureError, read_figure
from palermo.intake.observations import TOTAL, UNKNOWN, Key, SourceFigure, Tally, batch_of
from palermo.intake.published import source_rows, year_of
from palermo.intake.registry import Adapter, Batch, Head, QuarantinedRow, SourceOptions
from palermo.intake.shapes.sdg_series import COUNTED, Series, read_series

GZIP = b"\x1f\x8b"
SEXES = {TOTAL: TOTAL, "bothsex": TOTAL, "f": "F", "female": "F", "m": "M", "male": "M"}
SEXES |= dict.fromkeys(("_u", "notspec"), UNKNOWN) | {"_t": TOTAL}
AGES = {"_t": TOTAL, "allage": TOTAL, "_u": UNKNOWN, "u": UNKNOWN, "notspec": UNKNOWN, "lt18y": "Y0T17"}
STATUS = {"e": "E"}  # nature of the data: estimated; every other nature is a normal value
_DDF_COLUMNS = {"age", "geo_area", "nature", "sex", "units", "year"}
_DDF_BAND = re.compile(r"(\d+)(?:_(\d+))?")
_YOUNGER = re.compile(r"lt(\d+)y")


class _FaultyCellError(ValueError):
    def __init__(self, column: str, found: str, expected: str) -> None:
        super().__init__(f"{column}: {found!r}; expected {expected}")
        self.column, self.found, self.expected = column, found, expected


def recognise_json(head: Head) -> bool:
    """Whether the text begins as the country profiles do."""
    return head.format == "json" and '"seriesCode": "VC_HTF_' in head.text


def recognise_ddf(head: Head) -> bool:
    """Whether the columns are those of DDF and one is a series of 16.2.2."""
    return set(head.columns) >= _DDF_COLUMNS and any(read_series(column) for column in head.columns)


def read_json(path: Path, options: SourceOptions) -> Iterator[Batch]:
    """The file, gzipped or not, as one batch. Rows are counted over the values of all areas in file order."""
    document = _document(path)
    series = read_series(str(document.get("seriesCode", "")))
    if series is None:
        raise PalermoError(f"{path}: seriesCode is {document.get('seriesCode')!r}; expected one such as VC_HTF_DETV")
    values = [(area, value) for area in document.get("refAreas", ()) for value in area.get("data", ())]
    rows = (
        {
            "geoAreaCode": str(area.get("geoAreaCode")),
            "geoAreaName": str(area.get("geoAreaName")),
            "timePeriod": str(value.get("timePeriod")),
            "unitsCode": str(value.get("unitsCode")),
            "ageCode": str(value.get("ageCode")),
            "sexCode": str(value.get("sexCode")),
            "natureCode": str(value.get("natureCode")),
            "value": "" if value.get("value_numeric_part") is None else str(value.get("value_numeric_part")),
            "censored": str(value.get("value_is_censored", False)),
        }
        for area, value in values
    )
    yield _batch(path, options, enumerate(rows, 1), lambda row: _from_json(row, series), [])


def _document(path: Path) -> dict[str, Any]:
    raw = path.read_bytes()
    try:
        text = (gzip.decompress(raw) if raw.startswith(GZIP) else raw).decode("utf-8-sig")
        document = json.loads(text)
    except (OSError, EOFError, ValueError) as error:
        raise PalermoError(f"{path}: not readable as JSON: {error}") from None
    if not isinstance(document, dict):
        raise PalermoError(f"{path}: expected an object with seriesCode and refAreas")
    return document


def read_ddf(path: Path, options: SourceOptions) -> Iterator[Batch]:
    """The file of one series as one batch."""
    bad: list[QuarantinedRow] = []
    rows = list(source_rows(path, options, bad=bad, needed=sorted(_DDF_COLUMNS)))
    column = next((name for name in (rows[0][1] if rows else ()) if read_series(name)), "")
    series = read_series(column)
    if rows and series is None:
        raise PalermoError(f"{path}: no column of a series such as vc_htf_detv")
    yield _batch(path, options, iter(rows), lambda row: _from_ddf(row, column, series), bad)


Reader = Callable[[Mapping[str, str]], tuple[Key, str, str]]


def _batch(
    path: Path,
    options: SourceOptions,
    rows: Iterator[tuple[int, dict[str, str]]],
    reader: Reader,
    quarantined: list[QuarantinedRow],
) -> Batch:
    """Every row read by ``reader`` (key, column of the figure, nature) or put aside."""
    figures: list[SourceFigure] = []
    for number, row in rows:
        raw = " | ".join(row.values())
        try:
            key, column, nature = reader(row)
            figure = read_figure(row[column], whole=key.unit == "PERSON")
        except _FaultyCellError as fault:
            quarantined.append(
                QuarantinedRow(
                    path.name, number, fault.column, fault.found, fault.expected, "cell not readable", raw=raw
                )
            )
        except UnreadableFigureError as fault:
            quarantined.append(
                QuarantinedRow(path.name, number, column, row[column], str(fault), "not a figure", raw=raw)
            )
        else:
            figures.append(SourceFigure(key, figure.with_status(STATUS.get(nature)), number, column, row[column]))
    return batch_of(options.list_name, path.name, figures, quarantined, Tally())


def _from_json(row: Mapping[str, str], series: Series) -> tuple[Key, str, str]:
    area = areas.from_m49(row["geoAreaCode"])
    if area is None or area not in {areas.match(row["geoAreaName"]), areas.match(row["geoAreaName"].split(",")[0])}:
        raise _FaultyCellError("geoAreaName", row["geoAreaName"], f"the country of M49 number {row['geoAreaCode']}")
    if row["censored"] != "False":
        raise _FaultyCellError("value_is_censored", row["censored"], "False; bounds are not given in this form")
    key = _key(row, series, ("timePeriod", "unitsCode", "sexCode", "ageCode"), area)
    return key, "value", row["natureCode"].casefold()


def _from_ddf(row: Mapping[str, str], column: str, series: Series | None) -> tuple[Key, str, str]:
    area = areas.from_m49(row["geo_area"].zfill(3))
    if area is None or series is None:
        raise _FaultyCellError("geo_area", row["geo_area"], "the M49 number of a country")
    return _key(row, series, ("year", "units", "sex", "age"), area), column, row["nature"].casefold()


def _key(row: Mapping[str, str], series: Series, names: tuple[str, str, str, str], area: str) -> Key:
    in_period, in_units, in_sex, in_age = names
    year = year_of(row[in_period])
    if year is None:
        raise _FaultyCellError(in_period, row[in_period], "a year such as 2011")
    if row[in_units].strip().casefold() != "number":
        raise _FaultyCellError(in_units, row[in_units], "NUMBER; the series is one of counts")
    sex = SEXES.get(row[in_sex].strip().casefold())
    if sex is None:
        raise _FaultyCellError(in_sex, row[in_sex], "a sex")
    age = _age(row[in_age].strip())  # the code of adults ends in CR LF inside the string
    if age is None:
        raise _FaultyCellError(in_age, row[in_age], "an age band")
    return Key(*COUNTED[series.counted], area, str(year), sex, age, series.form)


def _age(text: str) -> str | None:
    code = text if ages.bounds(text) else AGES.get(text.casefold())
    if code is not None:
        return code
    if found := _DDF_BAND.fullmatch(text):
        return ages.parse(f"{found[1]} to {found[2]}" if found[2] else f"{found[1]}+")
    found = _YOUNGER.fullmatch(text)
    return ages.parse(f"under {found[1]}") if found else None


_TABLES = ("observations",)
ADAPTERS = (
    Adapter("un-sdg-json", "UN SDG Global Database, series of 16.2.2 as JSON", _TABLES, recognise_json, read_json),
    Adapter("un-sdg-ddf", "UN SDG Global Database, series of 16.2.2 in DDF form", _TABLES, recognise_ddf, read_ddf),
)
