"""P2: women, men, girls and boys among the people detected, year by year.

The decision a reader would question: the years of a region are added up from the countries that publish all four
parts, and a year of few countries is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from palermo.language import _, digits, sentences
from palermo.report.amounts import Amount
from palermo.report.figure import Figure, Row, Stub, Table
from palermo.report.figures import countries, parts, stacked
from palermo.report.figures.over_time import LEAST_COUNTRIES, MOST_YEARS, changes_note, first_and_last, last_years
from palermo.report.figures.people import people_rows, people_shares
from palermo.report.figures.stacked import Whole
from palermo.report.labels import PEOPLE, span_name
from palermo.report.marks import Bar, StackRow, Stacks
from palermo.report.reading import ALL_YEARS, Release


@dataclass(frozen=True)
class Year:
    """The people of a year and the share of each part."""

    whole: Whole
    share: Mapping[str, Amount]


def people_over_time(release: Release, area: str, period: str) -> Figure:
    """P2: shares of women, men, girls and boys, year by year."""
    indicator = parts.people_source(release, area)
    has_rows = bool(release.periods(indicator, area))
    at = parts.Frame(release, "P2", area if countries.is_group(area) else release.area_for(indicator, area), period)
    title = _("Share of detected victims, by age and sex and by year, in {where}", where=release.name_of(at.area))
    years = [year for year in release.periods(indicator, at.area) if year <= period or period == ALL_YEARS]
    found = _held_people(release, indicator, at.area, years) if has_rows else _added_people(release, at.area, period)
    if len(found) < 2:
        return parts.missing(at, title, _("The release holds people by both sex and age for fewer than two years."))
    shown = stacked.people_parts()
    rows, lines = [], []
    for year in found:
        share = year.share
        bars = (Bar(part.name, share[part.key], stacked.SHARE, part.look) for part in shown)
        rows.append(StackRow(year.whole.name, tuple(bars)))
        lines.append(Row(((year.whole.code, year.whole.name),), (year.whole.people, *(share[p.key] for p in shown))))
    is_group = countries.is_group(at.area)
    return Figure(
        id=at.id,
        title=_("{title}, {span}", title=title, span=span_name([year.whole.code for year in found])),
        subtitle=_("Per cent of people whose sex and age are known"),
        note=changes_note(is_group=is_group),
        source=parts.source(release),
        table=Table((Stub("time_period", _("Year")),), stacked.measures(shown), tuple(lines)),
        marks=(Stacks(tuple(rows)),),
        alt=sentences(parts.block_in_words(row.label, row.parts) for row in rows),
        observations=tuple(row for year in found for row in year.whole.observations),
        text=() if is_group else first_and_last(rows),
        made_up=release.made_up,
    )


def _held_people(release: Release, indicator: str, area: str, years: list[str]) -> list[Year]:
    """The years as the release holds them for the area itself."""
    made = []
    for year in years[-MOST_YEARS:]:
        people = people_rows(release, indicator, area, year)
        if not any(key in people for key in PEOPLE):
            continue
        share = people_shares(people, release.one(indicator, area, year, unit="PERSON").amount)
        rows = [row for key, row in people.items() if key in PEOPLE]
        whole = Whole(year, digits(year), stacked.people_numbers(rows), rows)
        made.append(Year(whole, {stacked.people_key(key): amount for key, amount in share.items()}))
    return made


def _added_people(release: Release, area: str, period: str) -> list[Year]:
    """The years of a region, added up from the countries that publish all four parts."""
    made = []
    for year, found in stacked.published_people_by_year(release, area, last_years(period)).items():
        if len(found) >= LEAST_COUNTRIES:
            rows = countries.rows_of(found)
            whole = Whole(year, digits(year), stacked.people_numbers(rows), rows)
            made.append(Year(whole, whole.shares))
    return made
