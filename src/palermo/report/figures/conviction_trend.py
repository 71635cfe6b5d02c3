"""C4: in how many countries convictions rise, are stable, or fall.

The decision a reader would question: a country is rising or falling only where chance alone would seldom bring such a
difference (5 in 100, two sums of years compared as Poisson counts); all others are stable. Where ranges leave it open,
the country stands in each class it may be in, so that the number of countries is a range.
"""

from collections.abc import Mapping
from math import sqrt

from palermo.language import _, number
from palermo.report.amounts import Amount, between, exact, shares, total
from palermo.report.figure import Figure, Measure, Row, Stub, Table
from palermo.report.figures import countries, parts
from palermo.report.figures.conviction_years import CONVICTED, YEARS, yearly, years_to
from palermo.report.marks import Bar, Quantity, stack_or_bars
from palermo.report.observations import Observation
from palermo.report.reading import Release

LEAST_YEARS = 4
SURE = 1.96  # standard deviations: a difference that chance brings in 5 of 100 cases
CLASSES = ("rising", "stable", "falling")
LOOKS = dict(zip(CLASSES, ("first", "fourth", "third"), strict=True))


def convictions_rising_or_falling(release: Release, area: str, period: str) -> Figure:
    """C4: in how many countries convictions rise, are stable, or fall."""
    years = years_to(period, YEARS)
    at = parts.Frame(release, "C4", area, f"{years[0]}/{years[-1]}")
    title = _("Countries and areas by trend of convictions, in {where_when}", where_when=at.where_when)
    found = yearly(release, CONVICTED, years, area) if countries.is_group(area) else {}
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
