"""L2: the trend, per 100,000 people where there is a population, else in numbers, which the subtitle says.

The decision a reader would question: several areas are followed as one panel, the same areas in every year; the sum
over whichever areas reported stands beside it in the table, because its rises may only be new reporters.
"""

from palermo.language import _, digits, marked, number, percent, sentences
from palermo.report.amounts import NOT_PUBLISHED, Amount, difference, ratio, spoken
from palermo.report.figure import Figure, Measure, Row, Stub, Table
from palermo.report.figures import parts, wide_ranges
from palermo.report.labels import span_name
from palermo.report.marks import Line, Lines, Point
from palermo.report.observations import Observation
from palermo.report.reading import Release

RATE = "victims_rate"
PANEL, POOLED = "victims_trend_panel", parts.POOLED
SDG = "sdg_16_2_2"
UNITS_OF: dict[str, dict[str, str]] = {SDG: {"unit": "PERSON"}}  # this indicator holds the rate as well
COLUMNS = (  # indicator, heading to translate, unit, decimals
    (RATE, marked("Per 100,000 people"), "per 100,000", 2),
    (parts.BY_SEX_AGE, marked("People detected"), "persons", 0),
    (PANEL, marked("Same areas in every year"), "persons", 0),
    (POOLED, marked("All areas together"), "persons", 0),
    (SDG, marked("People detected, as published"), "persons", 0),
)
TITLES = {  # whether there is a rate: the title
    True: marked("Detected victims per 100,000 people, by year, in {where}, {span}"),
    False: marked("Number of detected victims, by year, in {where}, {span}"),
}
CHANGES = {  # whether there is a rate: the sentence on first and last year, by how the two compare
    True: {
        "level": marked("Detected victims per 100,000 people: {first} in {first_year} and {last} in {last_year}."),
        "more": marked(
            "Detected victims per 100,000 people: {first} in {first_year} and {last} in {last_year}, {change} more."
        ),
        "less": marked(
            "Detected victims per 100,000 people: {first} in {first_year} and {last} in {last_year}, {change} less."
        ),
    },
    False: {
        "level": marked("Number of detected victims: {first} in {first_year} and {last} in {last_year}."),
        "more": marked("Number of detected victims: {first} in {first_year} and {last} in {last_year}, {change} more."),
        "less": marked("Number of detected victims: {first} in {first_year} and {last} in {last_year}, {change} less."),
    },
}
DRAWN_FIRST = (RATE, PANEL, parts.BY_SEX_AGE, SDG, POOLED)


def _series(release: Release, indicator: str, area: str) -> dict[str, Observation]:
    """The total of an indicator per year, whatever banding its rows carry."""
    found = {}
    for year in release.periods(indicator, area):
        if "/" in year:
            continue
        row = release.one(indicator, area, year, **UNITS_OF.get(indicator, {}))
        rows = [row] if row.amount.is_known or row.receipt_id else release.find(indicator, area, year, band="*")
        if rows:
            found[year] = rows[0]
    return found


def detected_trend(release: Release, area: str, period: str) -> Figure:
    """L2: people detected over time."""
    at = parts.Frame(release, "L2", area, period)
    series = {column: _series(release, column, area) for column, *_ in COLUMNS}
    if series[parts.BY_SEX_AGE]:
        series[SDG] = {}  # the same numbers
    years = sorted({year for rows in series.values() for year in rows})
    has_rate = any(row.amount.is_known for row in series[RATE].values())
    span = span_name(years if len(years) > 1 else [at.period])
    title = _(TITLES[has_rate], where=release.name_of(at.area), span=span)
    if not any(row.amount.is_known for rows in series.values() for row in rows.values()):
        return parts.missing(at, title, _("The release holds no number of people by year."))
    shown = [column for column in COLUMNS if series[column[0]]]
    drawn = next(c for c in DRAWN_FIRST if any(row.amount.is_known for row in series[c].values()))
    decimals = 2 if drawn == RATE else 0
    known = [year for year in years if _amount(series[drawn], year).is_known]
    points = tuple(Point(digits(year), _amount(series[drawn], year)) for year in years if known[0] <= year <= known[-1])
    name = next(_(heading) for column, heading, *_rest in COLUMNS if column == drawn)
    drawn_of = {year: _amount(series[drawn], year) for year in years if known[0] <= year <= known[-1]}
    below = wide_ranges.below_its_parts(release, at.area, _totals(series, years))
    told = tuple(
        point for point, year in zip(points, drawn_of, strict=True) if not (point.amount.is_wide and year in below)
    )
    line = Line(name, points, parts.quantity(list(series[drawn].values())), "plain")
    return Figure(
        id=at.id,
        title=title,
        subtitle=name if has_rate else _("{what}. {why}", what=name, why=parts.no_rate(bool(series[RATE]))),
        note=sentences((_note(drawn), *wide_ranges.range_note(drawn_of))),
        source=parts.source(release),
        table=Table(
            (Stub("time_period", _("Year")),),
            tuple(Measure(column, _(heading), unit, places) for column, heading, unit, places in shown),
            tuple(Row(((year, digits(year)),), tuple(_amount(series[c], year) for c, *_ in shown)) for year in years),
        ),
        marks=(Lines((line,), decimals=decimals),),
        alt=_("Line by year. {listed}", listed=parts.in_words([(p.label, p.amount) for p in points], decimals)),
        observations=tuple(row for column, *_ in shown for row in series[column].values()),
        text=_sentences(told, decimals, has_rate),
        made_up=release.made_up,
    )


def _totals(series: dict[str, dict[str, Observation]], years: list[str]) -> dict[str, Amount]:
    """The number of people of each year, from the column that the parts by age and sex belong to."""
    rows = next((series[name] for name in parts.PEOPLE_SOURCES if series[name]), {})
    return {year: _amount(rows, year) for year in years}


def _amount(rows: dict[str, Observation], year: str) -> Amount:
    return rows[year].amount if year in rows else NOT_PUBLISHED


def _note(drawn: str) -> str:
    told = _(
        "A rise may mean that more people were trafficked, that services found more of them, or that more lists "
        "reported."
    )
    if drawn == PANEL:
        return sentences((told, _("Only areas with a figure in every year are counted.")))
    return told


def _sentences(points: tuple[Point, ...], decimals: int, has_rate: bool) -> tuple[str, ...]:
    known = [point for point in points if point.amount.is_known]
    if len(known) < 2:
        return ()
    first, last = known[0], known[-1]
    change = ratio(difference(last.amount, first.amount), first.amount, 100.0)
    course = "level"
    if change.is_exact and change.floor != 0:
        course = "more" if last.amount.floor > first.amount.floor else "less"
    told = _(
        CHANGES[has_rate][course],
        first=spoken(first.amount, decimals),
        first_year=first.label,
        last=spoken(last.amount, decimals),
        last_year=last.label,
        change=percent(number(abs(change.value or 0.0))),
    )
    return (told,)
