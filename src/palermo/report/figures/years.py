"""L3: the number of people detected in each year and in all years together, by sex and by age group.

The decision a reader would question: the numbers are of people in the year in which a service first saw them, so that
the years add up to the last line; people of unknown sex, age or year stand in the totals.
"""

from palermo.report.amounts import spoken
from palermo.report.figure import Figure, Measure, Row, Stub, Table
from palermo.report.figures import parts
from palermo.report.labels import period_name
from palermo.report.marks import Bar, Bars, Quantity
from palermo.report.reading import ALL_YEARS, Observation, Release

COLUMNS = (
    ("_T", "_T", "People"),
    ("F", "_T", "Women and girls"),
    ("M", "_T", "Men and boys"),
    ("_T", "Y0T17", "Children"),
    ("_T", "Y_GE18", "Adults"),
)


def detected_by_year(release: Release, area: str, period: str) -> Figure:
    """L3: people detected by year."""
    indicator = parts.BY_SEX_AGE
    at = parts.Frame(release, "L3", release.area_for(indicator, area), period)
    years = release.periods(indicator, at.area)
    title = f"Number of people detected, by year, in {release.name_of(at.area)}"
    if not years:
        return parts.missing(at, title, "The release holds no number of people counted from records.")
    rows = {year: _of_year(release, at.area, year) for year in [*years, ALL_YEARS]}
    quantity = Quantity("detected", "PERSON")
    bars = tuple(Bar(year, rows[year][0].amount, quantity) for year in years)
    in_all = rows[ALL_YEARS][0].amount
    span = f"{years[0]}\u2013{years[-1]}" if len(years) > 1 else period_name(years[0])
    return Figure(
        id=at.id,
        title=f"{title}, {span}",
        subtitle="Number of people, in the year in which a service first recorded them",
        note="People of unknown sex, age or year are in the totals.",
        source=parts.source(release),
        table=Table(
            (Stub("time_period", "Year"),),
            tuple(Measure(f"{sex}_{age}".strip("_"), heading, "persons") for sex, age, heading in COLUMNS),
            tuple(
                Row(((year, period_name(year).capitalize()),), tuple(cell.amount for cell in cells))
                for year, cells in rows.items()
            ),
        ),
        marks=(Bars(bars),),
        alt=f"Bars by year. {parts.in_words([(bar.label, bar.amount) for bar in bars])}",
        observations=tuple(cell for cells in rows.values() for cell in cells if cell.receipt_id),
        text=(f"In {span} the listed services detected {spoken(in_all)} people.",) if in_all.is_known else (),
        made_up=release.made_up,
    )


def _of_year(release: Release, area: str, year: str) -> list[Observation]:
    return [release.one(parts.BY_SEX_AGE, area, year, sex=sex, age=age) for sex, age, _ in COLUMNS]
