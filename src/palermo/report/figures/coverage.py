"""L1: what the account covers: countries with figures, or the lists it was made from.

The decision a reader would question: countries without a figure have no known population in a release, so the share of
population is given only where the release itself holds the population of all of them.
"""

from collections.abc import Mapping, Sequence

from palermo.language import _, digits, ngettext, number
from palermo.report.amounts import NOT_PUBLISHED, Amount, exact, shares, total
from palermo.report.figure import Figure, Measure, Row, Stub, Table
from palermo.report.figures import countries, parts
from palermo.report.figures.countries import VICTIMS, ByCountry
from palermo.report.labels import area_name, capital, label, named, span_name
from palermo.report.marks import AreaMap, Band, Bar, Bars, Quantity
from palermo.report.reading import Release

RECORDS, POPULATION = "records_by_list", "population"
LOOKS = ("third", "second", "first")


def coverage(release: Release, area: str, period: str) -> Figure:
    """L1: countries with figures by subregion, or records by list."""
    if not countries.is_group(area):
        return _lists(release, area, period)
    years = countries.window(period)
    at = parts.Frame(release, "L1", area, f"{years[0]}/{years[-1]}")
    title = _("Countries and areas with published numbers of detected victims, in {where_when}",
              where_when=at.where_when)  # fmt: skip
    found = countries.latest(release, VICTIMS, area, years)
    if len(found) < 2:
        return parts.missing(at, title, countries.no_countries())
    bands = tuple(Band(year, _("Latest figure of {year}", year=digits(year)), look)
                  for year, look in zip(years, LOOKS, strict=True))  # fmt: skip
    placed = tuple((country, rows[0]["time_period"]) for country, rows in found.items())
    drawing = AreaMap(bands[::-1], placed, Quantity("_Z", "AREA"))
    population = _population(release, years)
    held = [(band.label, sum(key == band.key for _code, key in placed)) for band in drawing.bands]
    return Figure(
        id=at.id,
        title=title,
        subtitle=_("The year of the latest figure of each country or area"),
        note=countries.on_a_map(_coverage_note(bool(population))),
        source=parts.source(release),
        table=_areas_table(area, found, population),
        marks=(drawing,),
        alt=_("Number of countries and areas: {items}.",
              items=_("; ").join(named(name, number(count)) for name, count in held)),
        observations=tuple(countries.rows_of(found)),
        text=(
            ngettext(
                "{n} country or area has a figure in {years}, of {all} in the list of areas.",
                "{n} countries and areas have a figure in {years}, of {all} in the list of areas.",
                len(found),
                n=number(len(found)),
                years=span_name(list(years)),
                all=number(len(countries.members(area) - MADE_UP)),
            ),
        ),
        made_up=release.made_up,
    )  # fmt: skip


MADE_UP = frozenset({"XXA"})  # the demo country is no area of M49


def _coverage_note(has_population: bool) -> str:
    if has_population:
        return _("The share of population is that of the countries and areas with a figure.")
    return _(
        "The release holds no population of the countries and areas without a figure, so that their share of the "
        "population is not published."
    )


def _population(release: Release, years: Sequence[str]) -> dict[str, Amount]:
    """The population of each country, where the release holds it."""
    rows = release.across(POPULATION, years, sex="_T", age="_T")
    return {row["ref_area"]: row.amount for row in sorted(rows, key=lambda row: row["time_period"])}


def _areas_table(area: str, found: ByCountry, population: Mapping[str, Amount]) -> Table:
    measures = [
        Measure("areas", _("With a figure"), "areas"),
        Measure("all", _("In the list of areas"), "areas"),
        Measure("share", _("Share of areas"), "%", 1),
        Measure("persons", _("People detected"), "persons"),
    ]
    measures += [Measure("population", _("Share of population"), "%", 1)] if population else []
    lines = []
    for subregion in countries.subregions(area):
        inside, every = countries.within(found, subregion), countries.members(subregion) - MADE_UP
        share = exact(100.0 * len(inside) / len(every))
        cells = [exact(len(inside)), exact(len(every)), share, countries.summed(countries.rows_of(inside))]
        cells += [_share_of_population(set(inside), every, population)] if population else []
        lines.append(Row(((subregion, capital(area_name(subregion))),), tuple(cells)))
    return Table((Stub("ref_area", _("Subregion")),), tuple(measures), tuple(lines))


def _share_of_population(inside: set[str], every: frozenset[str], population: Mapping[str, Amount]) -> Amount:
    """Only where the population of each area of the subregion is there."""
    if not every <= set(population):
        return NOT_PUBLISHED
    covered = total(population[code] for code in sorted(inside)) if inside else exact(0)
    others = sorted(every - inside)
    rest = total(population[code] for code in others) if others else exact(0)
    return shares({"covered": covered, "rest": rest})["covered"]


def _lists(release: Release, area: str, period: str) -> Figure:
    """The mix of sources: records accepted by list."""
    at = parts.frame(release, "L1", RECORDS, area, period)
    title = _("Records by list, in {where_when}", where_when=at.where_when)
    rows = release.find(RECORDS, at.area, at.period, list="*")
    if not rows:
        return parts.missing(at, title, _("The release holds no number of records by list."))
    rows = sorted(rows, key=lambda row: (-row.amount.floor, row["list"]))
    share = shares({row["list"]: row.amount for row in rows})
    quantity = Quantity(rows[0].kind, "PERCENT")
    bars = tuple(Bar(label("list", row["list"]), share[row["list"]], quantity) for row in rows)
    return Figure(
        id=at.id,
        title=title,
        subtitle=_("Per cent of all records accepted"),
        note=_("Records are not people: a person may stand in several lists, and several times in one."),
        source=parts.source(release),
        table=Table(
            (Stub("list", _("List")),),
            (Measure("records", _("Records"), "records"), Measure("share", _("Share"), "%", 1)),
            tuple(
                Row(((row["list"], bar.label),), (row.amount, bar.amount)) for row, bar in zip(rows, bars, strict=True)
            ),
        ),
        marks=(Bars(bars, "%", most=100.0),),
        alt=_("Bars, largest first. {list}", list=parts.in_words([(bar.label, bar.amount) for bar in bars], 0, "%")),
        observations=tuple(rows),
        made_up=release.made_up,
    )
