"""L2: the trend, per 100,000 people where there is a population, else in numbers, which the subtitle says.

The decision a reader would question: several areas are followed as one panel, the same areas in every year; the sum
over whichever areas reported stands beside it in the table, because its rises may only be new reporters.
"""

from palermo.report.amounts import NOT_PUBLISHED, Amount, difference, ratio, spoken
from palermo.report.figure import Figure, Measure, Row, Stub, Table
from palermo.report.figures import parts
from palermo.report.labels import period_name
from palermo.report.marks import Line, Lines, Point
from palermo.report.reading import Observation, Release

RATE = "victims_rate"
PANEL, POOLED = "victims_trend_panel", parts.POOLED
SDG = "sdg_16_2_2"
UNITS_OF: dict[str, dict[str, str]] = {SDG: {"unit": "PERSON"}}  # this indicator holds the rate as well
COLUMNS = (
    (RATE, "Per 100,000 people", "per 100,000", 2),
    (parts.BY_SEX_AGE, "People detected", "persons", 0),
    (PANEL, "Same areas in every year", "persons", 0),
    (POOLED, "All areas together", "persons", 0),
    (SDG, "People detected, as published", "persons", 0),
)
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
    span = f"{years[0]}\u2013{years[-1]}" if len(years) > 1 else period_name(at.period)
    what = "Detected victims per 100,000 people" if has_rate else "Number of detected victims"
    title = f"{what}, by year, in {release.name_of(at.area)}, {span}"
    if not any(row.amount.is_known for rows in series.values() for row in rows.values()):
        return parts.missing(at, title, "The release holds no number of people by year.")
    shown = [column for column in COLUMNS if series[column[0]]]
    drawn = next(c for c in DRAWN_FIRST if any(row.amount.is_known for row in series[c].values()))
    decimals = 2 if drawn == RATE else 0
    known = [year for year in years if _amount(series[drawn], year).is_known]
    points = tuple(Point(year, _amount(series[drawn], year)) for year in years if known[0] <= year <= known[-1])
    name = next(label for column, label, *_ in COLUMNS if column == drawn)
    line = Line(name, points, parts.quantity(list(series[drawn].values())), "plain")
    return Figure(
        id=at.id,
        title=title,
        subtitle=name if has_rate else f"{name}. {parts.no_rate(bool(series[RATE]))}",
        note=_note(drawn),
        source=parts.source(release),
        table=Table(
            (Stub("time_period", "Year"),),
            tuple(Measure(column, heading, unit, digits) for column, heading, unit, digits in shown),
            tuple(Row(((year, year),), tuple(_amount(series[c], year) for c, *_ in shown)) for year in years),
        ),
        marks=(Lines((line,), decimals=decimals),),
        alt=f"Line by year. {parts.in_words([(point.label, point.amount) for point in points], decimals)}",
        observations=tuple(row for column, *_ in shown for row in series[column].values()),
        text=_sentences(points, decimals, what),
        made_up=release.made_up,
    )


def _amount(rows: dict[str, Observation], year: str) -> Amount:
    return rows[year].amount if year in rows else NOT_PUBLISHED


def _note(drawn: str) -> str:
    panel = " Only areas with a figure in every year are counted." if drawn == PANEL else ""
    return (
        "A rise may mean that more people were trafficked, that services found more of them, or that more lists "
        f"reported.{panel}"
    )


def _sentences(points: tuple[Point, ...], decimals: int, what: str) -> tuple[str, ...]:
    known = [point for point in points if point.amount.is_known]
    if len(known) < 2:
        return ()
    first, last = known[0], known[-1]
    change = ratio(difference(last.amount, first.amount), first.amount, 100.0)
    sentence = (
        f"{what}: {spoken(first.amount, decimals)} in {first.label} and {spoken(last.amount, decimals)} in {last.label}"
    )
    if change.is_exact and change.floor != 0:
        word = "more" if last.amount.floor > first.amount.floor else "less"
        size = abs(change.value or 0.0)
        sentence += f", {size:,.0f}% {word}"
    return (sentence + ".",)
