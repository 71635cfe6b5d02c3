"""The UNODC workbook on trafficking in persons (questionnaire for the Global Report), as its data portal gives it.

Each row is one published figure. Three things in the file are not what they seem. Codes of the questionnaire leaked
into the figures ("Q6.1_21s_2020" as citizenship with the "value" 61,212,020); they go to quarantine. And "<5" stands
for zero as well, because the file has no zero at all; it is kept as the bounds 0 to 4. And where a key is repeated, its
rows are parts: women and girls both stand as "Female, Total", the kinds of other exploitation all as "Other forms of
exploitation". They are added up: women and girls printed apart say so in all 30 cases that can tell (Bulgaria 2017:
407 and 36; 443 women and girls, 62 men and boys, 505 victims). Where they cannot all be added: ``unodc_parts``.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from palermo.codes import areas
from palermo.intake.figures import UnreadableFigureError, read_figure
from palermo.intake.observations import NOT_APPLICABLE, TOTAL, UNKNOWN, Key, SourceFigure, Tally, batch_of
from palermo.intake.published import source_rows, year_of
from palermo.intake.registry import Adapter, Batch, Head, QuarantinedRow, SourceOptions
from palermo.intake.shapes.unodc_countries import read_country
from palermo.intake.shapes.unodc_parts import parts_added

Codes = TypeVar("Codes")

HEADER_ROW = 3  # two title rows stand above: publisher and release date
COLUMNS = ("Iso3_code", "Country", "Indicator", "Dimension", "Category", "Sex", "Age", "Year", "txtVALUE")
UNIT_COLUMN = "Unit of measurement"

MEASURES = {
    "Detected trafficking victims": ("victims_detected", "PERSON", "detected"),
    "Persons brought into formal contact": ("persons_contacted", "PERSON", NOT_APPLICABLE),
    "Persons prosecuted": ("persons_prosecuted", "PERSON", NOT_APPLICABLE),
    "Persons convicted": ("persons_convicted", "PERSON", NOT_APPLICABLE),
    "Offences of trafficking in persons": ("offences", "OFFENCE", NOT_APPLICABLE),
}
SEXES = {"Total": TOTAL, "Female": "F", "Male": "M", "Other": "O", "Unknown": UNKNOWN}
AGES = {"Total": TOTAL, "0 to 17 years": "Y0T17", "18 years or over": "Y_GE18", "Unknown": UNKNOWN}
FORMS = {"Sexual exploitation": "sexual", "Forced labour": "forced_labour", "Other forms of exploitation": "other"}

# The figure of a leaked code is its question, item and year written together: Q6.1, item 21, 2020 -> 61,212,020.
_LEAKED_CATEGORY = re.compile(r"Q\d+(?:\.\d+)*_\d+[a-z]*_\d{4}", re.IGNORECASE)
_LEAKED_VALUE = re.compile(r"\d{2}\d{1,2}(?:19|20)\d{2}")


class _NotReadError(ValueError):
    """A cell that has no code: column, what was found, what was expected."""

    def __init__(self, column: str, found: str, expected: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.found, self.expected, self.reason = column, found, expected, reason


def recognise(head: Head) -> bool:
    """Whether the header of the workbook stands among the first rows."""
    return any(set(COLUMNS) <= {cell.strip() for cell in row} for row in head.rows[: HEADER_ROW + 2])


def read(path: Path, options: SourceOptions) -> Iterator[Batch]:
    """The whole workbook as one batch; repeated keys can only be added up when all rows are known."""
    figures: list[SourceFigure] = []
    quarantined: list[QuarantinedRow] = []
    tally = Tally()
    for number, row in source_rows(path, options, header_row=HEADER_ROW, needed=COLUMNS, bad=quarantined):
        try:
            figures.append(_figure(number, row, tally))
        except _NotReadError as fault:
            raw = " | ".join(row.get(column, "") for column in COLUMNS)
            quarantined.append(
                QuarantinedRow(path.name, number, fault.column, fault.found, fault.expected, fault.reason, raw=raw)
            )
    yield batch_of(options.list_name, path.name, parts_added(figures, tally), quarantined, tally)


def _figure(number: int, row: Mapping[str, str], tally: Tally) -> SourceFigure:
    if is_leaked_code(row["Category"], row["txtVALUE"]):
        raise _NotReadError("txtVALUE", row["txtVALUE"], "a count", "leaked questionnaire code, not a figure")
    if row.get(UNIT_COLUMN, "Counts") != "Counts":
        raise _NotReadError(UNIT_COLUMN, row[UNIT_COLUMN], "Counts", "another unit than counts")
    area = _reporting_area(row)
    year = year_of(row["Year"])
    if year is None:
        raise _NotReadError("Year", row["Year"], "a year such as 2011", "year not readable")
    measure = _one_of("Indicator", row, MEASURES)
    key = Key(*measure, area, str(year), _one_of("Sex", row, SEXES), _one_of("Age", row, AGES))
    key, label, note = _with_category(key, row, area)
    try:
        figure = read_figure(row["txtVALUE"], whole=True)
    except UnreadableFigureError as fault:
        raise _NotReadError("txtVALUE", row["txtVALUE"], str(fault), "not a figure") from None
    if note:
        tally.add(note, "Category", "read as the one country that fits", number, row["Category"])
    return SourceFigure(key, figure, number, "txtVALUE", row["txtVALUE"], label)


def is_leaked_code(category: str, value: str) -> bool:
    """Whether a row holds a code of the questionnaire instead of a figure.

    Either the category is such a code, or the figure is one: seven or eight digits that end in a year. The second
    sign finds the rows whose category was filled in by hand ("Nationals" with 6,112,019).
    """
    if _LEAKED_CATEGORY.fullmatch(category.strip()):
        return True
    return _LEAKED_VALUE.fullmatch(value.replace(",", "").strip()) is not None


def _one_of(column: str, row: Mapping[str, str], codes: Mapping[str, Codes]) -> Codes:
    found = codes.get(row[column].strip())
    if found is None:
        raise _NotReadError(column, row[column], " or ".join(codes), "unknown code")
    return found


def _reporting_area(row: Mapping[str, str]) -> str:
    area = areas.match(row["Iso3_code"]) or areas.match(row["Country"])
    if area is None:
        raise _NotReadError("Country", row["Country"], "a country or area", "reporting area not readable")
    return area


def _with_category(key: Key, row: Mapping[str, str], area: str) -> tuple[Key, str, str]:
    """The key with the code of the category, the label where the code alone does not tell, and how it was read."""
    dimension, category = row["Dimension"].strip(), row["Category"].strip()
    if dimension == "Total":
        return key, "", ""
    if dimension == "by form of exploitation":
        return key._replace(form=_one_of("Category", row, FORMS)), "", ""
    if dimension not in {"by citizenship", "by country of repatriation"}:
        raise _NotReadError("Dimension", dimension, "one of the four dimensions", "unknown dimension")
    country = read_country(category, area)
    if country is None:
        raise _NotReadError("Category", category, "a country, a nationality, Other or Unknown", "country not readable")
    label = category if country.code == UNKNOWN else ""
    if dimension == "by citizenship":
        return key._replace(citizenship=country.code), label, country.note
    return key._replace(counterpart_area=country.code), label, country.note


ADAPTERS = (
    Adapter(
        name="unodc-tip",
        title="UNODC workbook on trafficking in persons (sheet data_glotip_1)",
        tables=("observations",),
        recognise=recognise,
        read=read,
    ),
)
