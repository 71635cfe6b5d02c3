"""The files behind ``palermo.codes.areas``, read once: areas, their regions, their other names, their demonyms.

A text that two areas could claim ("Congolese", "Dominican") is left out of the index, so that a look-up never has to
choose. The one exception: a country wins over a region of the same name, because records of persons name countries.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from palermo.codes.folding import fold

LANGUAGES = ("en", "fr", "es", "ar", "ru", "zh")
COUNTRY = "country"
SPECIAL = "special"  # stateless: no area, but what a column of citizenships may hold

_FOLDER = resources.files("palermo.codes") / "data" / "areas"

Index = Mapping[str, str]


@dataclass(frozen=True)
class Area:
    """A country or area, a region, or the world.

    ``code`` is the ISO 3166-1 alpha-3 code, and for regions (and Sark) the three-digit M49 number. ``region``,
    ``subregion`` and ``intermediate`` are M49 numbers, None where the UN assigns none. ``names`` are the short names
    by language. ``level`` is country, intermediate, subregion, region, world or special.
    """

    code: str
    level: str
    names: Mapping[str, str]
    iso2: str | None = None
    m49: str | None = None
    region: str | None = None
    subregion: str | None = None
    intermediate: str | None = None
    parent: str | None = None
    note: str = ""


@dataclass(frozen=True)
class OtherName:
    """A name beside the short names. ``start`` and ``until`` are years: in use from ``start`` to before ``until``."""

    area: str
    lang: str
    kind: str
    text: str
    start: int | None = None
    until: int | None = None


@cache
def all_areas() -> Mapping[str, Area]:
    """Every area by code: countries and areas first, then regions, then what is no area."""
    found = {row["iso3"]: _country(row) for row in _rows("areas.csv")}
    found.update((row["m49"], _region(row)) for row in _rows("regions.csv"))
    found.update(
        (row["code"], Area(row["code"], SPECIAL, _names(row), note=row["note"])) for row in _rows("special.csv")
    )
    return found


@cache
def other_names() -> tuple[OtherName, ...]:
    """Formal, common, historical and misspelt names, in the order of the file."""
    return tuple(
        OtherName(row["area"], row["lang"], row["kind"], row["name"], _year(row["from"]), _year(row["until"]))
        for row in _rows("names.csv")
    )


@cache
def name_index(lang: str | None) -> Index:
    """Folded names of countries and areas in one language, or in all where ``lang`` is None."""
    short = (
        (area.code, text)
        for area in all_areas().values()
        if area.level in {COUNTRY, SPECIAL}
        for language, text in area.names.items()
        if lang in {None, language}
    )
    other = ((name.area, name.text) for name in other_names() if lang in {None, name.lang})
    return _unambiguous([*short, *other])


@cache
def region_index(lang: str | None) -> Index:
    """Folded names of regions, as ``name_index``."""
    return _unambiguous(
        (area.code, text)
        for area in all_areas().values()
        if area.level not in {COUNTRY, SPECIAL}
        for language, text in area.names.items()
        if lang in {None, language}
    )


@cache
def demonym_index(lang: str | None) -> Index:
    """Folded names of the people of a country ("Romanian", "rumana"), as ``name_index``."""
    return _unambiguous((row["area"], row["demonym"]) for row in _rows("demonyms.csv") if lang in {None, row["lang"]})


def _unambiguous(pairs: Iterable[tuple[str, str]]) -> Index:
    owners: dict[str, set[str]] = {}
    for code, text in pairs:
        owners.setdefault(fold(text), set()).add(code)
    return {text: next(iter(codes)) for text, codes in owners.items() if len(codes) == 1}


def _country(row: Mapping[str, str]) -> Area:
    return Area(
        code=row["iso3"],
        level=COUNTRY,
        names=_names(row),
        iso2=row["iso2"] or None,
        m49=row["m49"] or None,
        region=row["region"] or None,
        subregion=row["subregion"] or None,
        intermediate=row["intermediate"] or None,
        parent=row["intermediate"] or row["subregion"] or row["region"] or None,
        note=row["note"],
    )


def _region(row: Mapping[str, str]) -> Area:
    return Area(row["m49"], row["level"], _names(row), m49=row["m49"], parent=row["parent"] or None)


def _names(row: Mapping[str, str]) -> Mapping[str, str]:
    return {lang: row[f"name_{lang}"] for lang in LANGUAGES}


def _year(text: str) -> int | None:
    return int(text) if text else None


def _rows(name: str) -> Iterator[dict[str, str]]:
    yield from csv.DictReader((_FOLDER / name).read_text(encoding="utf-8").splitlines())
