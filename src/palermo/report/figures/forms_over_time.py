"""P4: forms of exploitation among the people detected, year by year.

The decision a reader would question: forms counted from records are drawn as bars, one panel a form, because a person
may stand under several; published forms add up and are stacked.
"""

from palermo.language import _, digits, sentences
from palermo.report.amounts import NOT_PUBLISHED, Amount
from palermo.report.figure import Figure, Measure, Row, Stub, Table
from palermo.report.figures import countries, parts, stacked
from palermo.report.figures.forms import people_with_known_form, share_of_people
from palermo.report.figures.over_time import LEAST_COUNTRIES, changes_note, first_and_last, last_years
from palermo.report.figures.stacked import BY_FORM, Whole
from palermo.report.labels import label, span_name
from palermo.report.marks import Bar, Bars, Stacks
from palermo.report.observations import Observation
from palermo.report.reading import ALL_YEARS, Release

MOST_PANELS = 6


def forms_over_time(release: Release, area: str, period: str) -> Figure:
    """P4: shares of forms of exploitation, year by year."""
    at = parts.Frame(release, "P4", release.area_for(BY_FORM, area), period)
    if years := [year for year in release.periods(BY_FORM, at.area) if year <= period or period == ALL_YEARS]:
        return _counted_forms(at, years)
    title = _title_of_forms(release, at.area)
    wholes = []
    for year, found in stacked.published_forms_by_year(release, area, last_years(period)).items():
        if found and len(found) >= (LEAST_COUNTRIES if countries.is_group(area) else 1):
            rows = countries.rows_of(found)
            wholes.append(Whole(year, digits(year), stacked.form_numbers(rows), rows))
    if len(wholes) < 2:
        return parts.missing(at, title, _("The release holds people by form for fewer than two years."))
    shown = stacked.form_parts()
    stacks = list(stacked.stack_rows(wholes, shown))
    return Figure(
        id=at.id,
        title=_("{title}, {span}", title=title, span=span_name([whole.code for whole in wholes])),
        subtitle=_("Per cent of people whose form of exploitation is known"),
        note=changes_note(is_group=countries.is_group(area)),
        source=parts.source(release),
        table=stacked.stack_table(Stub("time_period", _("Year")), wholes, shown),
        marks=(Stacks(tuple(stacks)),),
        alt=stacked.in_words(wholes, shown),
        observations=tuple(row for whole in wholes for row in whole.observations),
        text=() if countries.is_group(area) else first_and_last(stacks),
        made_up=release.made_up,
    )


def _title_of_forms(release: Release, area: str) -> str:
    return _("Share of detected victims, by form of exploitation and by year, in {where}", where=release.name_of(area))


def _counted_forms(at: parts.Frame, years: list[str]) -> Figure:
    """Forms counted from records: a panel of years for each of the largest forms, as a person may stand in several."""
    release, area = at.release, at.area
    cells = {(row["form"], year): row for year in years for row in release.find(BY_FORM, area, year, form="*")}
    known = {year: _whose_form_is_known(release, area, year, cells) for year in years}
    size = {form: sum(cells[f, y].amount.floor for f, y in cells if f == form) for form, _year in cells}
    forms = sorted((f for f in size if f not in parts.UNKNOWN), key=lambda form: (-size[form], form))
    title = _title_of_forms(release, area)
    if not forms:
        return parts.missing(at, title, _("The release holds no number of people by form of exploitation."))
    share = {key: share_of_people(row.amount, known[key[1]]) for key, row in cells.items()}
    quantity = parts.quantity(list(cells.values()), "PERCENT")
    panels = tuple(
        Bars(tuple(Bar(digits(y), share.get((form, y), NOT_PUBLISHED), quantity) for y in years), "%", most=100.0,
             title=label("form", form))
        for form in forms[:MOST_PANELS]
    )  # fmt: skip
    lines = tuple(
        Row(((form, label("form", form)),), tuple(share.get((form, year), NOT_PUBLISHED) for year in years))
        for form in forms
    )
    return Figure(
        id=at.id,
        title=_("{title}, {span}", title=title, span=span_name(years)),
        subtitle=_("Per cent of people whose form of exploitation is known"),
        note=_(
            "A person may stand under several forms, so the shares of a year may add up to more than 100% and are not "
            "stacked. The table holds all forms, the drawing the largest."
        ),
        source=parts.source(release),
        table=Table((Stub("form", _("Form of exploitation")),), tuple(Measure(y, digits(y), "%", 1) for y in years),
                    lines),
        marks=panels,
        alt=sentences(parts.block_in_words(panel.title, panel.bars) for panel in panels),
        observations=tuple(cells.values()),
        text=(),
        made_up=release.made_up,
    )  # fmt: skip


def _whose_form_is_known(release: Release, area: str, year: str, cells: dict[tuple[str, str], Observation]) -> Amount:
    """People whose form is known, as in the figure of one year."""
    whole = release.one(BY_FORM, area, year)
    if not whole.receipt_id:
        whole = release.one(parts.BY_SEX_AGE, area, year)
    return people_with_known_form([row for (_form, when), row in cells.items() if when == year], whole.amount)
