"""Every name and number of the UN's and the UNODC's own lists of areas leads to the right code."""

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from palermo.codes import areas
from palermo.codes.folding import DESTROYED

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
COUNTRY_CODES = SHARED / "country-codes"
WORKBOOK = SHARED / "unodc-glotip" / "data_glotip_20250414.xlsx"
FILE_OF_LANGUAGE = {"en": "en", "fr": "fr", "es": "es", "ar": "ar", "ru": "ru", "zh": "cn"}

needs_codes = pytest.mark.skipif(not COUNTRY_CODES.exists(), reason="shared/data/country-codes is not here")
needs_workbook = pytest.mark.skipif(not WORKBOOK.exists(), reason="the UNODC workbook is not here")


def rows(name: str) -> Iterator[dict[str, str]]:
    with (COUNTRY_CODES / name).open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


@needs_codes
def test_every_alpha2_code_is_kept_namibia_too() -> None:
    pairs = [(row["ISO3166-1-Alpha-2"], row["ISO3166-1-Alpha-3"]) for row in rows("country-codes.csv")]
    assert ("NA", "NAM") in pairs and len(pairs) == 249
    assert [(iso2, iso3) for iso2, iso3 in pairs if areas.from_iso2(iso2) != iso3] == []


@needs_codes
def test_every_m49_number_region_and_subregion() -> None:
    """The file gives Taiwan an M49 number and a region, which the UN's own list does not: we hold neither."""
    wrong = [
        row["ISO3166-1-Alpha-3"]
        for row in rows("country-codes.csv")
        if areas.from_m49(row["M49"]) != row["ISO3166-1-Alpha-3"]
        or (areas.region(row["ISO3166-1-Alpha-3"]) or "") != three_digits(row["Region Code"])
        or (areas.subregion(row["ISO3166-1-Alpha-3"]) or "") != three_digits(row["Sub-region Code"])
    ]
    assert wrong == ["TWN"]


def three_digits(number: str) -> str:
    return number.zfill(3) if number else ""


@needs_codes
@pytest.mark.parametrize("lang", list(FILE_OF_LANGUAGE))
def test_every_name_in_the_six_languages(lang: str) -> None:
    named = [
        (row["ISO3166-1-Alpha-3"], row[f"official_name_{FILE_OF_LANGUAGE[lang]}"]) for row in rows("country-codes.csv")
    ]
    named = [(iso3, name) for iso3, name in named if name]
    assert len(named) >= 248
    assert [(iso3, name) for iso3, name in named if areas.match(name, lang=lang) != iso3] == []


@needs_codes
@pytest.mark.parametrize("lang", list(FILE_OF_LANGUAGE))
def test_the_un_table_in_that_language(lang: str) -> None:
    """Its columns are named in its language, so they are read by place: 8 name, 9 M49, 11 alpha-3."""
    found = [tuple(row.values()) for row in rows(f"UNSD-{FILE_OF_LANGUAGE[lang]}.csv")]
    table = [(row[8], row[9], row[11]) for row in found if row[11] not in {"", "TWN"}]
    assert len(table) >= 247
    assert [row for row in table if (areas.match(row[0], lang=lang), areas.from_m49(row[1])) != (row[2], row[2])] == []


@cache
def workbook() -> list[list[object]]:
    return CalamineWorkbook.from_path(WORKBOOK).get_sheet_by_index(0).to_python()[3:]


@needs_workbook
def test_all_199_countries_of_the_workbook() -> None:
    countries = {(str(row[0]), str(row[1]), str(row[2]), str(row[3])) for row in workbook()}
    assert len(countries) == 199
    wrong = [
        (iso3, name)
        for iso3, name, region, subregion in countries
        if areas.match(name) != (iso3 or "680")  # Sark stands there without a code
        or areas.match(region, regions=True) != areas.region(iso3 or "680")
        or areas.match(subregion, regions=True) != areas.subregion(iso3 or "680")
    ]
    assert wrong == []


@needs_workbook
def test_citizenship_labels_resolve_without_guessing() -> None:
    labels = [str(row[6]) for row in workbook() if row[5] == "by citizenship"]
    known = {label: code for label in set(labels) if (code := areas.match(label, demonyms=True)) is not None}
    assert not any(DESTROYED in label for label in known)
    assert not any("Q6" in label or label.strip().isdigit() for label in known)
    assert len(labels) == 10_093
    assert len(known) >= 570
    assert sum(label in known for label in labels) >= 9_300
    assert {"Nigerin", "Cape Ver", "Rohingya", "Nationals", "Africa", "PERO"}.isdisjoint(known)
    assert (known["Nigerians"], known["Romanian"]) == ("NGA", "ROU")
