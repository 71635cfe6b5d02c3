"""Published figures of many countries side by side, and what they add up to over a group of countries.

The decision a reader would question: each country enters with its latest year of three, as in the field's Global
Report, and with the list that is named first. A country without a figure is not in the sum, and the note says how many
countries are; no figure is ever made up for the others.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from palermo.codes import areas
from palermo.language import _, ngettext, number
from palermo.report.amounts import NOT_PUBLISHED, Amount, total
from palermo.report.labels import WORLD, span_name
from palermo.report.observations import Observation
from palermo.report.reading import Release

PUBLISHED = "published_observations"
VICTIMS, CONVICTED = "victims_detected", "persons_convicted"
YEARS = 3
WHOLE = {"sex": "_T", "age": "_T", "form": "_T", "citizenship": "_T", "counterpart_area": "_Z", "unit": "PERSON"}
ByCountry = dict[str, list[Observation]]


@cache
def members(area: str) -> frozenset[str]:
    """The countries and areas of a region, of the world, or the country itself."""
    found = [country for country in areas.countries() if area in (WORLD, country.code, *_regions(country.code))]
    return frozenset(country.code for country in found)


def _regions(country: str) -> tuple[str | None, ...]:
    found = areas.get(country)
    return found.region, found.subregion, found.intermediate


@cache
def subregions(area: str) -> tuple[str, ...]:
    """The M49 subregions of the world or of a region, region by region; a subregion is its own only one."""
    pairs = {(areas.region(code) or "", areas.subregion(code) or "") for code in members(area)}
    return tuple(sub for _region, sub in sorted(pairs) if sub)


def is_group(area: str) -> bool:
    """Whether an area is the world or a region, so that countries in it can be set side by side."""
    return area == WORLD or len(members(area)) > 1


def window(period: str) -> tuple[str, ...]:
    """The three years that end with a period."""
    last = int(period[-4:]) if period[-4:].isdigit() else 0
    return tuple(str(year) for year in range(last - YEARS + 1, last + 1))


def yearly(release: Release, measure: str, area: str, years: Sequence[str], **codes: str) -> dict[str, ByCountry]:
    """By year, for each country of an area its observations, of the list named first where several have any.

    ``codes`` differ from the whole: ``sex="*"`` asks for the parts by sex.
    """
    wanted = {**WHOLE, **codes, "measure": measure}
    order = {name: -place for place, name in enumerate(release.lists)}
    found: dict[str, dict[str, dict[int, list[Observation]]]] = {year: {} for year in years}
    for row in release.across(PUBLISHED, years, members(area), **wanted):
        lists = found[row["time_period"]].setdefault(row["ref_area"], {})
        lists.setdefault(order.get(row["list"], -len(order)), []).append(row)
    return {
        year: {country: lists[max(lists)] for country, lists in sorted(of_year.items())}
        for year, of_year in found.items()
    }


def latest(release: Release, measure: str, area: str, years: Sequence[str], **codes: str) -> ByCountry:
    """For each country of an area the observations of its latest year that has any."""
    return newest(yearly(release, measure, area, years, **codes))


def newest(found: Mapping[str, ByCountry]) -> ByCountry:
    """For each country the observations of the last year that has any; the years stand oldest first."""
    of_country: ByCountry = {}
    for of_year in found.values():
        of_country |= of_year
    return dict(sorted(of_country.items()))


def within(found: Mapping[str, list[Observation]], area: str) -> ByCountry:
    """The countries of a smaller area."""
    return {country: rows for country, rows in found.items() if country in members(area)}


def rows_of(found: Mapping[str, Iterable[Observation]]) -> list[Observation]:
    """All observations of the countries."""
    return [row for rows in found.values() for row in rows]


def summed(rows: Iterable[Observation], **codes: str) -> Amount:
    """The sum of the observations with these codes, with its bounds; not published where there are none."""
    wanted = codes.items()
    amounts = [row.amount for row in rows if wanted <= row.codes.items()]
    known = [amount for amount in amounts if amount.is_known]
    return total(known) if known else NOT_PUBLISHED


def countries_note(count: int, years: Sequence[str]) -> str:
    """On how many countries and years a sum over countries rests."""
    return ngettext(
        "Based on the published figures of {n} country or area, of its latest year in {years}.",
        "Based on the published figures of {n} countries and areas, each of its latest year in {years}.",
        count,
        n=number(count),
        years=span_name(list(years)),
    )


def on_a_map(note: str) -> str:
    """The note of a figure with a map, with what the United Nations say under theirs."""
    return _(
        "{note} The boundaries and names shown and the designations used on this map do not imply official endorsement "
        "or acceptance by the United Nations.",
        note=note,
    )


def no_countries() -> str:
    """Why a figure that sets countries side by side is empty."""
    return _("The release holds no published figures of several countries that could be set side by side.")
