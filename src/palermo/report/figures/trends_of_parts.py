"""P2, P4 and P6: people by age and sex over time, forms over time, and the people within each form.

The decision a reader would question: years of a group of countries differ in the countries that reported, so a change
of a share may be a change of reporters. The note says so, and how the numbers of one year come about.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from palermo.language import _, digits, sentences
from palermo.report.amounts import NOT_PUBLISHED, Amount, spoken
from palermo.report.figure import Figure, Measure, Row, Stub, Table
from palermo.report.figures import countries, parts, stacked
from palermo.report.figures.forms import people_with_known_form, share_of_people
from palermo.report.figures.people import people_rows, people_shares
from palermo.report.figures.stacked import BY_FORM, Part, Whole
from palermo.report.labels import PEOPLE, label, span_name
from palermo.report.marks import Bar, Bars, StackRow, Stacks
from palermo.report.reading import ALL_YEARS, Observation, Release

MOST_PANELS = 6
MOST_YEARS = 20
LEAST_COUNTRIES = 5  # a year of a region with fewer says little of the region


def people_over_time(release: Release, area: str, period: str) -> Figure:
    """P2: shares of women, men, girls and boys, year by year."""
    indicator = parts.people_source(release, area)
    has_rows = bool(release.periods(indicator, area))
    at = parts.Frame(release, "P2", area if countries.is_group(area) else release.area_for(indicator, area), period)
    title = _("Share of detected victims, by age and sex and by year, in {where}", where=release.name_of(at.area))
    years = [year for year in release.periods(indicator, at.area) if year <= period or period == ALL_YEARS]
    found = _held_people(release, indicator, at.area, years) if has_rows else _added_people(release, at.area, period)
    if len(found) < 2:
        return parts.missing(at, title, _("The release holds people by both sex and age for fewer than two years."))
    shown = stacked.people_parts()
    rows, lines = [], []
    for year in found:
        share = year.share
        bars = (Bar(part.name, share[part.key], stacked.SHARE, part.look) for part in shown)
        rows.append(StackRow(year.whole.name, tuple(bars)))
        lines.append(Row(((year.whole.code, year.whole.name),), (year.whole.people, *(share[p.key] for p in shown))))
    is_group = countries.is_group(at.area)
    return Figure(
        id=at.id,
        title=_("{title}, {span}", title=title, span=span_name([year.whole.code for year in found])),
        subtitle=_("Per cent of people whose sex and age are known"),
        note=_changes(is_group=is_group),
        source=parts.source(release),
        table=Table((Stub("time_period", _("Year")),), stacked.measures(shown), tuple(lines)),
        marks=(Stacks(tuple(rows)),),
        alt=_told(rows),
        observations=tuple(row for year in found for row in year.whole.observations),
        text=() if is_group else _first_and_last(rows),
        made_up=release.made_up,
    )


@dataclass(frozen=True)
class Year:
    """The people of a year and the share of each part."""

    whole: Whole
    share: Mapping[str, Amount]


def _held_people(release: Release, indicator: str, area: str, years: list[str]) -> list[Year]:
    """The years as the release holds them for the area itself."""
    made = []
    for year in years[-MOST_YEARS:]:
        people = people_rows(release, indicator, area, year)
        if not any(key in people for key in PEOPLE):
            continue
        share = people_shares(people, release.one(indicator, area, year, unit="PERSON").amount)
        rows = [row for key, row in people.items() if key in PEOPLE]
        whole = Whole(year, digits(year), stacked.people_numbers(rows), rows)
        made.append(Year(whole, {stacked.people_key(key): amount for key, amount in share.items()}))
    return made


def _added_people(release: Release, area: str, period: str) -> list[Year]:
    """The years of a region, added up from the countries that publish all four parts."""
    made = []
    for year, found in stacked.published_people_by_year(release, area, last_years(period)).items():
        if len(found) >= LEAST_COUNTRIES:
            rows = countries.rows_of(found)
            whole = Whole(year, digits(year), stacked.people_numbers(rows), rows)
            made.append(Year(whole, whole.shares))
    return made


def last_years(period: str) -> list[str]:
    """The years up to a period, as many as a figure shows."""
    last = int(period[-4:]) if period[-4:].isdigit() else 0
    return [str(year) for year in range(last - MOST_YEARS + 1, last + 1)]


def _changes(*, is_group: bool) -> str:
    if is_group:
        return _(
            "Years differ in the countries that reported, so a change of a share may be a change of reporters. A part "
            "is drawn at the least it can be; what ranges leave open is hatched. Years with few countries are left out."
        )
    return _(
        "A change of a share may come from the services that reported. A part is drawn at the least it can be; what "
        "ranges leave open is hatched."
    )


def _told(rows: list[StackRow]) -> str:
    """The stacks in words, year by year."""
    return sentences(
        _("{name}: {shares}", name=row.label, shares=parts.in_words([(b.label, b.amount) for b in row.parts], 0, "%"))
        for row in rows
    )


def _first_and_last(rows: list[StackRow]) -> tuple[str, ...]:
    """The parts whose share is surely larger, or smaller, in the last year than in the first."""
    told = []
    for before, after in zip(rows[0].parts, rows[-1].parts, strict=True):
        if not (before.amount.is_known and after.amount.is_known):
            continue
        words = {"part": before.label, "first": rows[0].label, "last": rows[-1].label}
        words |= {"before": spoken(before.amount, 0, "%"), "after": spoken(after.amount, 0, "%")}
        if after.amount.floor > before.amount.ceiling:
            told.append(_("{part}: more in {last} ({after}) than in {first} ({before}).", **words))
        elif after.amount.ceiling < before.amount.floor:
            told.append(_("{part}: less in {last} ({after}) than in {first} ({before}).", **words))
    return tuple(told)


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
        note=_changes(is_group=countries.is_group(area)),
        source=parts.source(release),
        table=stacked.stack_table(Stub("time_period", _("Year")), wholes, shown),
        marks=(Stacks(tuple(stacks)),),
        alt=stacked.in_words(wholes, shown),
        observations=tuple(row for whole in wholes for row in whole.observations),
        text=() if countries.is_group(area) else _first_and_last(stacks),
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
        alt=sentences(
            _("{name}: {shares}", name=panel.title,
              shares=parts.in_words([(b.label, b.amount) for b in panel.bars], 0, "%"))
            for panel in panels
        ),
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


def people_within_forms(release: Release, area: str, period: str) -> Figure:
    """P6: women, men, girls and boys within each form of exploitation."""
    at = parts.frame(release, "P6", BY_FORM, area, period)
    found = release.find(
        BY_FORM, at.area, at.period, form="*", sex={s for s, _a in PEOPLE}, age={a for _s, a in PEOPLE}
    )
    note = _("A form stands here where people by both sex and age are published under it.")
    if not found:
        years = countries.window(period)
        found = stacked.published_forms_of_people(release, area, years)
        at = parts.Frame(release, "P6", area, f"{years[0]}/{years[-1]}")
        note = countries.countries_note(len({row["ref_area"] for row in found}), years)
    title = _("Share of women, men, girls and boys under each form of exploitation, in {where_when}",
              where_when=at.where_when)  # fmt: skip
    shown = stacked.people_parts()
    wholes = _by_form(found, shown)
    if not wholes:
        return parts.missing(at, title, _("The release holds no number of people by form, sex and age together."))
    rows = stacked.stack_rows(wholes, shown)
    return Figure(
        id=at.id,
        title=title,
        subtitle=_("Per cent of the people under each form whose sex and age are known"),
        note=_("{note} A part is drawn at the least it can be; what ranges leave open is hatched.", note=note),
        source=parts.source(release),
        table=stacked.stack_table(Stub("form", _("Form of exploitation")), wholes, shown),
        marks=(Stacks(rows),),
        alt=stacked.in_words(wholes, shown),
        observations=tuple(found),
        text=(),
        made_up=release.made_up,
    )


def _by_form(found: list[Observation], shown: tuple[Part, ...]) -> list[Whole]:
    """The forms with people under them, the largest first."""
    forms = [form for form in dict.fromkeys(row["form"] for row in found) if form not in parts.UNKNOWN]
    wholes = []
    for form in forms:
        rows = [row for row in found if row["form"] == form]
        numbers = stacked.people_numbers(rows)
        if any(numbers[part.key].ceiling > 0 for part in shown if numbers[part.key].is_known):
            wholes.append(Whole(form, label("form", form), numbers, rows))
    return sorted(wholes, key=lambda whole: (-whole.people.floor, whole.code))
