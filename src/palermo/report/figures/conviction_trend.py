"""C4, C8 and C9: convictions rising or falling, per 100,000 people, and few convictions where there are many victims.

The decision a reader would question: a country is rising or falling only where chance alone would seldom bring such a
difference (5 in 100, two sums of years compared as Poisson counts); all others are stable. Where ranges leave it open,
the country stands in each class it may be in, so that the number of countries is a range.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from palermo.language import _, digits, ngettext, number
from palermo.report.amounts import Amount, between, exact, ratio, scaled, shares, total
from palermo.report.figure import Figure, Measure, Row, Stub, Table
from palermo.report.figures import countries, parts
from palermo.report.labels import area_name, capital, span_name
from palermo.report.marks import Bar, Bars, Line, Lines, Point, Quantity, stack_or_bars
from palermo.report.reading import Observation, Release

CONVICTED, VICTIMS, RATE = "persons_convicted", "sdg_16_2_2", "victims_rate"
PER = 100_000
YEARS = 8  # years compared: those of the first half with those of the second
LEAST_YEARS = 4
SURE = 1.96  # standard deviations: a difference that chance brings in 5 of 100 cases
FEW, MANY = 10, 100  # convictions, and victims, a year
WINDOW = 3
MOST_ROWS = 40
CLASSES = ("rising", "stable", "falling")
LOOKS = dict(zip(CLASSES, ("first", "fourth", "third"), strict=True))


def _yearly(release: Release, indicator: str, years: Sequence[str], area: str) -> dict[str, dict[str, Observation]]:
    """The total of an indicator by country and year."""
    found: dict[str, dict[str, Observation]] = {}
    within = countries.members(area)
    for row in release.across(indicator, years, sex="_T", age="_T", unit="PERSON"):
        if row["ref_area"] in within and row.amount.is_known and row["form"] in {"_T", "_Z"}:
            found.setdefault(row["ref_area"], {})[row["time_period"]] = row
    return dict(sorted(found.items()))


def _years_to(period: str, count: int) -> list[str]:
    last = int(period[-4:]) if period[-4:].isdigit() else 0
    return [str(year) for year in range(last - count + 1, last + 1)]


def convictions_rising_or_falling(release: Release, area: str, period: str) -> Figure:
    """C4: in how many countries convictions rise, are stable, or fall."""
    years = _years_to(period, YEARS)
    at = parts.Frame(release, "C4", area, f"{years[0]}/{years[-1]}")
    title = _("Countries and areas by trend of convictions, in {where_when}", where_when=at.where_when)
    found = _yearly(release, CONVICTED, years, area) if countries.is_group(area) else {}
    halves = {country: pair for country, rows in found.items() if (pair := _halves(rows))}
    if len(halves) < 2:
        return parts.missing(at, title, _("The release holds no convictions of several countries over several years."))
    classes = {country: trend_of(*pair) for country, pair in halves.items()}
    amounts = {
        name: between(sum(held == {name} for held in classes.values()), sum(name in held for held in classes.values()))
        for name in CLASSES
    }
    share = shares(amounts, exact(len(classes)))
    names = {"rising": _("Rising"), "stable": _("Stable"), "falling": _("Falling")}
    quantity = Quantity("_Z", "PERCENT")
    bars = tuple(Bar(names[name], share[name], quantity, LOOKS[name]) for name in CLASSES)
    named = [(bar.label, bar.amount) for bar in bars]
    return Figure(
        id=at.id,
        title=title,
        subtitle=_("Per cent of countries and areas with convictions published for {n} years or more",
                   n=number(LEAST_YEARS)),
        note=_(
            "Based on {n} countries and areas. The first years with figures are compared with as many of the last. "
            "Rising and falling: a difference that chance alone would bring in fewer than 5 of 100 cases. A country "
            "that ranges leave open may stand in several classes.",
            n=number(len(classes)),
        ),
        source=parts.source(release),
        table=Table(
            (Stub("trend", _("Trend of convictions")),),
            (Measure("areas", _("Countries and areas"), "areas"), Measure("share", _("Share"), "%", 1)),
            tuple(Row(((name, names[name]),), (amounts[name], share[name])) for name in CLASSES),
        ),
        marks=(stack_or_bars(bars),),
        alt=_("Share of countries and areas by trend. {shares}", shares=parts.in_words(named, 0, "%")),
        observations=tuple(row for country in halves for row in found[country].values()),
        made_up=release.made_up,
    )  # fmt: skip


def _halves(rows: Mapping[str, Observation]) -> tuple[Amount, Amount] | None:
    """The sums of the first and of the last years with a figure, as many of each."""
    years = sorted(rows)
    half = len(years) // 2
    if len(years) < LEAST_YEARS:
        return None
    return total(rows[y].amount for y in years[:half]), total(rows[y].amount for y in years[-half:])


def trend_of(before: Amount, after: Amount) -> set[str]:
    """The classes that a country may be in: the difference grows with the later sum and shrinks with the earlier."""
    least = _class_of(_difference(before.ceiling, after.floor))
    most = _class_of(_difference(before.floor, after.ceiling))
    order = ("falling", "stable", "rising")
    return set(order[order.index(least) : order.index(most) + 1])


def _difference(before: float, after: float) -> float:
    """In standard deviations: two Poisson counts over the same time, which differ by sqrt(a + b) by chance."""
    return (after - before) / sqrt(before + after) if before + after else 0.0


def _class_of(difference: float) -> str:
    if abs(difference) <= SURE:
        return "stable"
    return "rising" if difference > 0 else "falling"


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


@dataclass(frozen=True)
class Rate:
    """People convicted per 100,000 and the released numbers it is computed from."""

    convicted: Amount
    amount: Amount
    observations: tuple[Observation, ...]
    population: float


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
    years = _years_to(period, YEARS)
    convicted, people = (_yearly(release, name, years, area) for name in (CONVICTED, VICTIMS))
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


@dataclass(frozen=True)
class Gap:
    """A country: victims and convictions a year, over the years with a figure."""

    country: str
    victims: Amount
    convictions: Amount
    observations: tuple[Observation, ...]


def few_convictions_many_victims(release: Release, area: str, period: str) -> Figure:
    """C9: countries with few or no convictions but many victims."""
    years = _years_to(period, WINDOW)
    at = parts.Frame(release, "C9", area, f"{years[0]}/{years[-1]}")
    title = _("Countries and areas with few convictions and many detected victims, in {where_when}",
              where_when=at.where_when)  # fmt: skip
    reason = _("The release holds no convictions and victims of several countries.")
    if not countries.is_group(area):
        return parts.missing(at, title, reason)
    victims, convicted = (_yearly(release, name, years, area) for name in (VICTIMS, CONVICTED))
    both = sorted(set(victims) & set(convicted))
    gaps = [_gap(country, victims[country], convicted[country]) for country in both]
    found = [gap for gap in gaps if gap.convictions.ceiling < FEW and gap.victims.floor >= MANY]
    if len(gaps) < 2:
        return parts.missing(at, title, reason)
    if not found:
        return parts.missing(at, title, _("Of {n} countries and areas with both figures, none surely has fewer than "
            "{few} convictions and at least {many} victims a year.", n=number(len(gaps)), few=number(FEW),
            many=number(MANY)))  # fmt: skip
    shown = sorted(found, key=lambda gap: (-gap.victims.floor, gap.country))[:MOST_ROWS]
    quantity = Quantity("detected", "PERSON")
    bars = tuple(Bar(capital(area_name(gap.country)), gap.victims, quantity) for gap in shown)
    return Figure(
        id=at.id,
        title=title,
        subtitle=_("Detected victims a year"),
        note=_(
            "Few: surely fewer than {few} people convicted a year. Many: surely at least {many} victims detected a "
            "year. Both are means over the years with a figure. {n} countries and areas have both figures.",
            few=number(FEW), many=number(MANY), n=number(len(gaps)),
        ),
        source=parts.source(release),
        table=Table(
            (Stub("ref_area", _("Country or area")),),
            (
                Measure("victims", _("Victims a year"), "persons a year", 1),
                Measure("convicted", _("Convicted a year"), "persons a year", 1),
            ),
            tuple(Row(((g.country, capital(area_name(g.country))),), (g.victims, g.convictions)) for g in shown),
        ),
        marks=(Bars(bars),),
        alt=_("Bars, largest first. {list}", list=parts.in_words([(bar.label, bar.amount) for bar in bars])),
        observations=tuple(row for gap in shown for row in gap.observations),
        text=(
            ngettext(
                "In {n} country or area there were surely few convictions and many victims.",
                "In {n} countries and areas there were surely few convictions and many victims.",
                len(found),
                n=number(len(found)),
            ),
        ),
        made_up=release.made_up,
    )  # fmt: skip


def _gap(country: str, victims: Mapping[str, Observation], convicted: Mapping[str, Observation]) -> Gap:
    rows = (*victims.values(), *convicted.values())
    return Gap(country, _mean(victims), _mean(convicted), rows)


def _mean(rows: Mapping[str, Observation]) -> Amount:
    return ratio(total(row.amount for row in rows.values()), exact(len(rows)))
