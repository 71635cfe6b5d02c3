"""C9: countries with few or no convictions but many victims.

The decision a reader would question: a country is named only where this is sure. One whose ranges leave it open is not.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from palermo.language import _, ngettext, number
from palermo.report.amounts import Amount, exact, ratio, total
from palermo.report.figure import Figure, Measure, Row, Stub, Table
from palermo.report.figures import countries, parts
from palermo.report.figures.conviction_years import CONVICTED, VICTIMS, yearly, years_to
from palermo.report.labels import area_name, capital
from palermo.report.marks import Bar, Bars, Quantity
from palermo.report.observations import Observation
from palermo.report.reading import Release

FEW, MANY = 10, 100  # convictions, and victims, a year
WINDOW = 3
MOST_ROWS = 40


@dataclass(frozen=True)
class Gap:
    """A country: victims and convictions a year, over the years with a figure."""

    country: str
    victims: Amount
    convictions: Amount
    observations: tuple[Observation, ...]


def few_convictions_many_victims(release: Release, area: str, period: str) -> Figure:
    """C9: countries with few or no convictions but many victims."""
    years = years_to(period, WINDOW)
    at = parts.Frame(release, "C9", area, f"{years[0]}/{years[-1]}")
    title = _("Countries and areas with few convictions and many detected victims, in {where_when}",
              where_when=at.where_when)  # fmt: skip
    reason = _("The release holds no convictions and victims of several countries.")
    if not countries.is_group(area):
        return parts.missing(at, title, reason)
    victims, convicted = (yearly(release, name, years, area) for name in (VICTIMS, CONVICTED))
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
