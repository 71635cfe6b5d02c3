"""Areas: ISO 3166 codes, UN M49 regions, names in the six UN languages, and how far from home an area is.

``match`` is exact after folding; it never guesses, and a name with a destroyed letter matches nothing. It takes no
ISO alpha-2 codes, because the text "NA" is Namibia in one file and "not available" in the next: a column of alpha-2
codes goes through ``from_iso2``. Subregions are those of M49, in which Africa south of the Sahara, and Latin America
with the Caribbean, are one subregion each; the UNODC workbook cuts the world the same way.
"""

from functools import cache, lru_cache

from rapidfuzz import fuzz, process

from palermo.codes.area_tables import (
    COUNTRY,
    LANGUAGES,
    SPECIAL,
    Area,
    all_areas,
    demonym_index,
    name_index,
    other_names,
    region_index,
)
from palermo.codes.folding import fold
from palermo.errors import UsageError

__all__ = [
    "LANGUAGES",
    "STATELESS",
    "WORLD",
    "Area",
    "countries",
    "from_iso2",
    "from_m49",
    "get",
    "is_area",
    "is_citizenship",
    "match",
    "name",
    "nearest",
    "reach",
    "region",
    "regions",
    "subregion",
]

STATELESS = "STATELESS"
WORLD = "001"
DOMESTIC, SUBREGIONAL, REGIONAL, TRANSREGIONAL, UNKNOWN = "DOM", "SUBR", "REG", "TREG", "_U"


def get(code: str) -> Area:
    """The area of this code. Raises ``UsageError`` naming the nearest areas."""
    found = all_areas().get(code)
    if found is None:
        near = ", ".join(f"{near} ({name(near)})" for near in nearest(code)) or "none"
        raise UsageError(f"{code!r} is not the code of an area; expected ISO alpha-3 or an M49 region; nearest: {near}")
    return found


def is_area(code: str) -> bool:
    """Whether the code is a country or area, a region, or the world."""
    return code in all_areas() and code != STATELESS


def is_citizenship(code: str) -> bool:
    """Whether a column of citizenships may hold the code: a country or area, or ``STATELESS``."""
    found = all_areas().get(code)
    return found is not None and found.level in {COUNTRY, SPECIAL}


@cache
def countries() -> tuple[Area, ...]:
    """Every country and area, in the order of codes; the made-up country of the demo and Kosovo are among them."""
    return tuple(area for area in all_areas().values() if area.level == COUNTRY)


@cache
def regions() -> tuple[Area, ...]:
    """The world and the regions, subregions and intermediate regions of M49."""
    return tuple(area for area in all_areas().values() if area.level not in {COUNTRY, SPECIAL})


@lru_cache(maxsize=65_536)
def match(text: str, lang: str | None = None, demonyms: bool = False, regions: bool = False) -> str | None:
    """The code that ``text`` names by alpha-3 code or by a name, or None.

    ``lang`` limits names to one language; ``demonyms`` also takes the name of a people; ``regions`` also takes the
    name or the M49 number of a region.
    """
    trimmed = text.strip()
    if (known := all_areas().get(trimmed.upper())) and (regions or known.level in {COUNTRY, SPECIAL}):
        return known.code
    folded = fold(trimmed)
    found = name_index(lang).get(folded)
    if found is None and regions:
        found = region_index(lang).get(folded)
    if found is None and demonyms:
        people = demonym_index(lang)  # names of peoples are in the singular; English, French and Spanish add an s
        found = people.get(folded) or people.get(folded.removesuffix("s"))
    return found


def nearest(text: str, n: int = 3) -> list[str]:
    """Up to ``n`` codes of countries whose code or name looks most like ``text``, best first; for messages only."""
    wanted = fold(text)
    if not wanted:
        return []
    owners = _owners()
    scored = process.extract(wanted, list(owners), scorer=fuzz.WRatio, limit=4 * n, score_cutoff=60)
    return list(dict.fromkeys(owners[found] for found, _, _ in scored))[:n]


@cache
def _owners() -> dict[str, str]:
    """Folded codes and names of countries, and whose they are."""
    return {**name_index(None), **{fold(area.code): area.code for area in countries()}}


def name(code: str, lang: str = "en", year: int | None = None) -> str:
    """The short name in one of the six UN languages; with ``year``, the name in use at the end of that year.

    So Swaziland until 2017 and Eswatini from 2018. Past names are held in English, and for some areas in the other
    languages; where none is held, today's name is given. Raises ``UsageError`` for an unknown code or language.
    """
    if lang not in LANGUAGES:
        raise UsageError(f"no names in {lang!r}; languages: {', '.join(LANGUAGES)}")
    past = _past_name(code, lang, year) if year is not None else None
    return past or get(code).names[lang]


@lru_cache(maxsize=4096)
def _past_name(code: str, lang: str, year: int) -> str | None:
    for other in other_names():
        if (other.area, other.lang, other.kind) != (code, lang, "historical") or other.until is None:
            continue
        if (other.start or 0) <= year < other.until:
            return other.text
    return None


def region(code: str) -> str | None:
    """The M49 number of the region, such as ``150`` for Europe; None where the UN assigns none."""
    return get(code).region


def subregion(code: str) -> str | None:
    """The M49 number of the subregion, such as ``155`` for Western Europe; None where the UN assigns none."""
    return get(code).subregion


def from_m49(number: str) -> str | None:
    """The code for an M49 number, with or without its leading zeros (``4`` and ``004``); None where unknown."""
    return _by_m49().get(number.strip().zfill(3))


def from_iso2(iso2: str) -> str | None:
    """The code for an ISO alpha-2 code, ``NA`` (Namibia) among them; None where unknown."""
    return _by_iso2().get(iso2.strip().upper())


@cache
def _by_m49() -> dict[str, str]:
    return {area.m49: area.code for area in all_areas().values() if area.m49 is not None}


@cache
def _by_iso2() -> dict[str, str]:
    return {area.iso2: area.code for area in countries() if area.iso2 is not None}


@lru_cache(maxsize=65_536)
def reach(origin: str, destination: str) -> str:
    """How far from home: ``DOM``, ``SUBR``, ``REG`` or ``TREG`` (list ``reach``).

    ``_U`` where either is not a country, or where M49 places one of two different countries in no region.
    """
    home, there = all_areas().get(origin), all_areas().get(destination)
    if home is None or there is None or home.level != COUNTRY or there.level != COUNTRY:
        return UNKNOWN
    if home.code == there.code:
        return DOMESTIC
    if home.region is None or there.region is None:
        return UNKNOWN
    if home.subregion == there.subregion:
        return SUBREGIONAL
    return REGIONAL if home.region == there.region else TRANSREGIONAL
