"""C8: people convicted per 100,000 people, year by year.

The decision a reader would question: the population is the one behind the released rate of people detected, and no
other, so that both rates can be set side by side. Of a group, only countries with all three numbers in each year count.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from palermo.language import _, digits, ngettext, number
from palermo.report.amounts import Amount, scaled, total
from palermo.report.figure import Figure, Measure, Row, Stub, Table
from palermo.report.figures import countries, parts
from palermo.report.figures.conviction_years import CONVICTED, RATE, VICTIMS, YEARS, yearly, years_to
from palermo.report.labels import span_name
from palermo.report.marks import Line, Lines, Point, Quantity
from palermo.report.observations import Observation
from palermo.report.reading import Release

PER = 100_000


@dataclass(frozen=True)
class Rate:
    """People convicted per 100,000 and the released numbers it is computed from."""

    convicted: Amount
    amount: Amount
    observations: tuple[Observation, ...]
    population: float


def convictions_per_100k(release: Release, area: str, period: str) -> Figure:
    """C8: convictions per 100,000 people, year by year."""
    at = parts.Frame(release, "C8", area, period)
    title = _("People convicted per 100,000 people, by year, in {where}", where=release.name_of(area))
    rates = _group_rates(release, area, period) if countries.is_group(area) else _rates(release, area)
    known = {year: found for year, found in rates.items() if found.amount.is_known and year <= period[-4:]}
    if not known:
        return parts.missing(
            at,
            title,
            _("The release holds no convictions of this area together with a rate that shows its population."),
        )
    points = tuple(Point(digits(year), known[year].amount) for year in known)
    quantity = Quantity("_Z", "PER_100K")
    line = Line(_("Convicted per 100,000"), points, quantity)
    return Figure(
        id=at.id,
        title=_("{title}, {span}", title=title, span=span_name(list(known))),
        subtitle=_("Per 100,000 people of the population"),
        note=_rate_note(len(_panel_members(rates)) if countries.is_group(area) else 0),
        source=parts.source(release),
        table=Table(
            (Stub("time_period", _("Year")),),
            (Measure("convicted", _("Convicted"), "persons"), Measure("rate", _("Per 100,000"), "per 100,000", 2)),
            tuple(Row(((y, digits(y)),), (r.convicted, r.amount)) for y, r in known.items()),
        ),
        marks=(Lines((line,), decimals=2),),
        alt=_("Line by year. {list}", list=parts.in_words([(point.label, point.amount) for point in points], 2)),
        observations=tuple(row for found in known.values() for row in found.observations),
        text=(),
        made_up=release.made_up,
    )


def _rate_note(areas: int) -> str:
    population = _(
        "The population is that behind the rate of people detected of the same year. Convictions may be of crimes of "
        "earlier years."
    )
    if not areas:
        return population
    return ngettext(
        "{population} Only the same {n} country or area is counted in every year.",
        "{population} Only the same {n} countries and areas are counted in every year.",
        areas,
        n=number(areas),
        population=population,
    )


def _rate(convicted: Observation, people: Observation, rate: Observation) -> Rate | None:
    """Convictions over the population that the number and the rate of people detected give; None without one."""
    if not (convicted.amount.is_known and people.amount.is_exact and people.amount.floor > 0 and rate.amount.is_exact):
        return None
    if rate.amount.floor <= 0:
        return None
    population = PER * people.amount.floor / rate.amount.floor
    return Rate(convicted.amount, scaled(convicted.amount, PER / population), (convicted, people, rate), population)


def _rates(release: Release, area: str) -> dict[str, Rate]:
    """The rate of a country in each year."""
    years = release.periods(CONVICTED, area)
    made = {
        year: _rate(release.one(CONVICTED, area, year), _detected(release, area, year), release.one(RATE, area, year))
        for year in years
    }
    return {year: rate for year, rate in made.items() if rate}


def _group_rates(release: Release, area: str, period: str) -> dict[str, Rate]:
    """The rate of the countries that have one in each of the last years, all together."""
    years = years_to(period, YEARS)
    convicted, people = (yearly(release, name, years, area) for name in (CONVICTED, VICTIMS))
    held = {(row["ref_area"], row["time_period"]): row for row in release.across(RATE, years, sex="_T", age="_T")}
    each: dict[str, dict[str, Rate]] = {}
    for country in sorted(set(convicted) & set(people)):
        for year in set(convicted[country]) & set(people[country]):
            if (country, year) in held:
                rate = _rate(convicted[country][year], people[country][year], held[country, year])
                if rate:
                    each.setdefault(country, {})[year] = rate
    same = [rates for rates in each.values() if len(rates) == YEARS]
    return {year: _together([rates[year] for rates in same]) for year in years} if len(same) > 1 else {}


def _together(rates: Sequence[Rate]) -> Rate:
    convicted, population = total(rate.convicted for rate in rates), sum(rate.population for rate in rates)
    observations = tuple(row for rate in rates for row in rate.observations)
    return Rate(convicted, scaled(convicted, PER / population), observations, population)


def _panel_members(rates: Mapping[str, Rate]) -> set[str]:
    """The countries behind the rates of a group."""
    return {row["ref_area"] for rate in rates.values() for row in rate.observations}


def _detected(release: Release, area: str, year: str) -> Observation:
    own = release.one(parts.BY_SEX_AGE, area, year)
    return own if own.receipt_id else release.one(VICTIMS, area, year, unit="PERSON")
