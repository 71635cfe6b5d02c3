"""The released numbers in the shape of the UNODC workbook on trafficking in persons (sheet data_glotip_1), as CSV.

Two title rows, then the header, then one row per number, with the words of the questionnaire in English. The form of
exploitation is that of the SDG series, which come from the same questionnaire: forced labour there includes servitude
and slavery. The decision a reader would question: what the questionnaire has no word for (an answer not asked for, sex
or form beyond its lists) is left out and not pressed into another word; the tables beside this file hold it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from palermo.codes import areas
from palermo.report.amounts import DASH, Amount, State
from palermo.report.data.csv_text import csv_text
from palermo.report.documents.report import Report
from palermo.report.labels import source_name
from palermo.report.observations import NOT_BROKEN_DOWN, Observation
from palermo.report.page.words import DETECTED_ONLY, MADE_UP_SENTENCE

COLUMNS = ("Iso3_code", "Country", "Region", "Subregion", "Indicator", "Dimension", "Category", "Sex", "Age", "Year",
           "Unit of measurement", "txtVALUE", "Source")  # fmt: skip
INDICATORS = {
    "victims_detected": "Detected trafficking victims",
    "persons_contacted": "Persons brought into formal contact",
    "persons_prosecuted": "Persons prosecuted",
    "persons_convicted": "Persons convicted",
    "offences": "Offences of trafficking in persons",
}
SEXES = {"_T": "Total", "F": "Female", "M": "Male", "O": "Other", "_U": "Unknown"}
AGES = {"_T": "Total", "Y0T17": "0 to 17 years", "Y_GE18": "18 years or over", "_U": "Unknown"}
FORMS = {"sexual": "Sexual exploitation", "forced_labour": "Forced labour", "other": "Other forms of exploitation"}
UNITS = {"PERSON", "OFFENCE"}
TOTAL, BY_FORM, BY_CITIZENSHIP = "Total", "by form of exploitation", "by citizenship"
OWN, UNKNOWN = "Nationals", "Unknown"
PUBLISHED = "published_observations"  # what an office printed, by the list that holds it
# Where the numbers are found; the first that holds one is taken. Forms are those of the SDG series alone.
SOURCES = ("victims_by_sex_age", "sdg_16_2_2", "victims_by_citizenship", "persons_contacted", "persons_prosecuted",
           "persons_convicted", PUBLISHED)  # fmt: skip
_UNUSED = ("reach", "counterpart_area")


@dataclass(frozen=True)
class Returned:
    """One row of the return and the released number it comes from."""

    cells: tuple[str, ...]
    row: Observation


def unodc_csv(report: Report) -> str:
    """The file. Its title rows say the release, and that numbers are of people detected."""
    said = f"{MADE_UP_SENTENCE} {DETECTED_ONLY}" if report.made_up else DETECTED_ONLY
    release = report.release
    titles = (
        f"Return on trafficking in persons, {source_name(report.area)}, in the shape of the UNODC data portal",
        f"Release {release.id}. {said}",
    )
    lines = [[text, *[""] * (len(COLUMNS) - 1)] for text in titles]
    rows = [*lines[1:], list(COLUMNS), *(list(one.cells) for one in returned(report))]
    return csv_text(lines[0], rows)


def returned(report: Report) -> tuple[Returned, ...]:
    """The rows, in the order of country, indicator, dimension and category."""
    found: dict[tuple[str, ...], Returned] = {}
    wanted = report.countries
    for source in SOURCES:
        for row in report.release.observations(source):
            cells = _cells(row, report) if _fits(row, report.period, wanted) else None
            if cells and row.receipt_id:
                found.setdefault((cells[0], *cells[4:10]), Returned(cells, row))
    order = {name: place for place, name in enumerate(INDICATORS.values())}
    return tuple(sorted(found.values(), key=lambda one: (one.cells[0], order[one.cells[4]], one.cells[5:])))


def _fits(row: Observation, period: str, wanted: frozenset[str]) -> bool:
    is_year = row["time_period"].isdigit() and row["time_period"] <= period
    apart = any(row[name] not in NOT_BROKEN_DOWN for name in _UNUSED)
    of_one_list = row["list"] not in NOT_BROKEN_DOWN and row.indicator != PUBLISHED
    return (
        is_year
        and not (apart or of_one_list)
        and row["ref_area"] in wanted
        and row.measure in INDICATORS
        and row.unit in UNITS
    )


def _cells(row: Observation, report: Report) -> tuple[str, ...] | None:
    """The cells of a row; None where the questionnaire has no words for it or the number says nothing."""
    value, category = number_text(row.amount), _category(row, row["ref_area"])
    sex, age = SEXES.get(_total(row["sex"])), AGES.get(_total(row["age"]))
    if value is None or category is None or sex is None or age is None:
        return None
    area = areas.get(row["ref_area"])
    return (
        area.code,
        source_name(area.code),
        source_name(area.region) if area.region else "",
        source_name(area.subregion) if area.subregion else "",
        INDICATORS[row.measure],
        *category,
        sex,
        age,
        row["time_period"],
        "Counts",
        value,
        f"Palermo release {report.release.id}",
    )


def _total(code: str) -> str:
    return "_T" if code == "_Z" else code


def _category(row: Observation, area: str) -> tuple[str, str] | None:
    """Dimension and category; None where they have no words. One dimension at a time, as in the questionnaire."""
    form, citizenship = _total(row["form"]), _total(row["citizenship"])
    if form == "_T" and citizenship == "_T":
        return (TOTAL, TOTAL) if row["band"] in NOT_BROKEN_DOWN else None
    if citizenship == "_T":
        known: Mapping[str, str] = FORMS if row.indicator in {"sdg_16_2_2", PUBLISHED} else {}
        return (BY_FORM, known[form]) if form in known else None
    if form != "_T" or citizenship == "_N":
        return None
    return BY_CITIZENSHIP, OWN if citizenship == area else UNKNOWN if citizenship == "_U" else source_name(citizenship)


def number_text(amount: Amount) -> str | None:
    """A number as the portal prints it: ``1234``, ``<5``; a hidden range ``29–38``; None where nothing is known.

    A dash and not a hyphen stands between bounds, which no spreadsheet takes for a date.
    """
    if amount.state is State.ROUNDED or amount.high is None:
        return None if amount.high is None else f"{amount.floor:.0f}{DASH}{amount.ceiling:.0f}"
    if amount.is_exact:
        return f"{amount.floor:.0f}"
    return f"<{amount.ceiling + 1:.0f}" if amount.floor <= 0 else f"{amount.floor:.0f}{DASH}{amount.ceiling:.0f}"


def rows_by_dimension(rows: tuple[Returned, ...]) -> Iterator[tuple[str, str, int]]:
    """(indicator, dimension, how many rows), for the list of what was returned."""
    counts: dict[tuple[str, str], int] = {}
    for one in rows:
        key = (one.cells[4], one.cells[5])
        counts[key] = counts.get(key, 0) + 1
    yield from ((indicator, dimension, count) for (indicator, dimension), count in counts.items())
