"""L3: the number of people detected in each year and in all years together, by sex and by age group.

The decision a reader would question: the numbers are of people in the year in which a service first saw them, so that
the years add up to the last line; people of unknown sex, age or year stand in the totals.
"""

from palermo.language import _, digits, marked
from palermo.report.amounts import people
from palermo.report.figure import Figure, Measure, Row, Stub, Table
from palermo.report.figures import parts
from palermo.report.labels import span_name
from palermo.report.marks import Bar, Bars, Quantity
from palermo.report.observations import Observation
from palermo.report.reading import ALL_YEARS, Release

COLUMNS = (
    ("_T", "_T", marked("People")),
    ("F", "_T", marked("Women and girls")),
    ("M", "_T", marked("Men and boys")),
    ("_T", "Y0T17", marked("Children")),
    ("_T", "Y_GE18", marked("Adults")),
)


def detected_by_year(release: Release, area: str, period: str) -> Figure:
    """L3: people detected by year."""
    indicator = parts.BY_SEX_AGE
    at = parts.Frame(release, "L3", release.area_for(indicator, area), period)
    years = release.periods(indicator, at.area)
    where = release.name_of(at.area)
    if not years:
        title = _("Number of people detected, by year, in {where}", where=where)
        return parts.missing(at, title, _("The release holds no number of people counted from records."))
    rows = {year: _of_year(release, at.area, year) for year in [*years, ALL_YEARS]}
    quantity = Quantity("detected", "PERSON")
    bars = tuple(Bar(digits(year), rows[year][0].amount, quantity) for year in years)
    in_all = rows[ALL_YEARS][0].amount
    span = span_name(years)
    return Figure(
        id=at.id,
        title=_("Number of people detected, by year, in {where}, {span}", where=where, span=span),
        subtitle=_("Number of people, in the year in which a service first recorded them"),
        note=_("People of unknown sex, age or year are in the totals."),
        source=parts.source(release),
        table=Table(
            (Stub("time_period", _("Year")),),
            tuple(Measure(f"{sex}_{age}".strip("_"), _(heading), "persons") for sex, age, heading in COLUMNS),
            tuple(
                Row(((year, _row_name(year)),), tuple(cell.amount for cell in cells)) for year, cells in rows.items()
            ),
        ),
        marks=(Bars(bars),),
        alt=_("Bars by year. {listed}", listed=parts.in_words([(bar.label, bar.amount) for bar in bars])),
        observations=tuple(cell for cells in rows.values() for cell in cells if cell.receipt_id),
        text=(_("In {span} the listed services detected {people}.", span=span, people=people(in_all)),)
        if in_all.is_known
        else (),
        made_up=release.made_up,
    )


def _row_name(year: str) -> str:
    return _("All years") if year == ALL_YEARS else digits(year)


def _of_year(release: Release, area: str, year: str) -> list[Observation]:
    return [release.one(parts.BY_SEX_AGE, area, year, sex=sex, age=age) for sex, age, _ in COLUMNS]
