"""N1: the profile on one page: victims and justice of the last years in one table, as in the country profiles.

The decision a reader would question: the drawing shows only people detected, year by year. People convicted are another
kind of number and stay in their own block of the table.
"""

from palermo.language import _, digits, sentences
from palermo.report.amounts import NOT_PUBLISHED, Amount, people
from palermo.report.figure import Figure, Measure, Row, Stub, Table
from palermo.report.figures import parts, wide_ranges
from palermo.report.figures.justice import STAGES
from palermo.report.labels import PEOPLE, label, span_name
from palermo.report.marks import Line, Lines, Point
from palermo.report.observations import ABSENT, Observation
from palermo.report.reading import Release

YEARS = 5
TOP = 8
ProfileLine = tuple[str, str, str, dict[str, Observation]]


def country_profile(release: Release, area: str, period: str) -> Figure:
    """N1: the profile of one area on one page."""
    indicator = parts.people_source(release, area)
    at = parts.frame(release, "N1", indicator, area, period)
    years = _years(release, at)
    title = _(
        "Profile: victims detected and people brought to justice, by year, in {where}, {span}",
        where=release.name_of(at.area),
        span=span_name(years or [at.period]),
    )
    blocks = [*_victims(release, at.area, years), *_justice(release, at.area, years)] if years else []
    if not blocks:
        return parts.missing(at, title, _("The release holds no yearly figures for this area."))
    lines = tuple(
        Row(((code, name),), tuple(rows[year].amount if year in rows else NOT_PUBLISHED for year in years), group)
        for group, code, name, rows in blocks
    )
    totals = {year: release.one(indicator, at.area, year, unit="PERSON") for year in years}
    points = tuple(Point(digits(year), row.amount) for year, row in totals.items())
    quantity = parts.quantity([row for row in totals.values() if row is not ABSENT])
    known = {year: row.amount for year, row in totals.items()}
    below = wide_ranges.below_its_parts(release, at.area, known)
    named = [(point.label, point.amount) for point in points]
    return Figure(
        id=at.id,
        title=title,
        subtitle=_("People detected, by year"),
        note=sentences((_note(indicator), *wide_ranges.range_note(known), *wide_ranges.parts_note(below))),
        source=parts.source(release),
        table=Table(
            (Stub("item", _("Item")),), tuple(Measure(f"y{year}", digits(year), "persons") for year in years), lines
        ),
        marks=(Lines((Line(_("People detected"), points, quantity),)),)
        if any(p.amount.is_known for p in points)
        else (),
        alt=_("Line of people detected by year. {listed}", listed=parts.in_words(named)),
        observations=tuple(row for *_, rows in blocks for row in rows.values()),
        text=_sentences(
            [(digits(year), amount) for year, amount in known.items() if not (amount.is_wide and year in below)]
        ),
        made_up=release.made_up,
    )


def _note(indicator: str) -> str:
    told = _("Years in which a figure is missing were not published; they are not zero.")
    return sentences((told, _("Years differ in the areas that reported."))) if indicator == parts.POOLED else told


def _years(release: Release, at: parts.Frame) -> list[str]:
    indicators = (parts.people_source(release, at.area), *(stage for stage, *_ in STAGES))
    known = {year for indicator in indicators for year in release.periods(indicator, at.area) if year.isdigit()}
    return [year for year in sorted(known) if year <= at.period[-4:]][-YEARS:]


def _over_years(release: Release, indicator: str, area: str, years: list[str], **codes: str) -> dict[str, Observation]:
    found = {year: release.one(indicator, area, year, **codes) for year in years}
    return {year: row for year, row in found.items() if row is not ABSENT}


def _victims(release: Release, area: str, years: list[str]) -> list[ProfileLine]:
    indicator = parts.people_source(release, area)
    total = _over_years(release, indicator, area, years, unit="PERSON")
    by_people = [
        (_("Victims by age and sex"), f"{sex} {age}", _(name),
         _over_years(release, indicator, area, years, sex=sex, age=age, unit="PERSON"))
        for (sex, age), name in PEOPLE.items()
    ]  # fmt: skip
    lines: list[ProfileLine] = [(_("Victims detected"), "_T", _("All people detected"), total), *by_people]
    lines += _by_code(release, "victims_by_form_sex_age", "form", area, years, _("Victims by form of exploitation"))
    lines += _by_code(release, "victims_by_citizenship", "citizenship", area, years, _("Victims by citizenship"))
    return [line for line in lines if line[3]]


def _by_code(
    release: Release, indicator: str, dimension: str, area: str, years: list[str], group: str
) -> list[ProfileLine]:
    """A block with one line per code: those with most people in the latest year, the unknown last."""
    by_code: dict[str, dict[str, Observation]] = {}
    for year in years:
        for row in release.find(indicator, area, year, **{dimension: "*"}):
            by_code.setdefault(row[dimension], {})[year] = row

    def size(code: str) -> tuple[bool, float, str]:
        return code in parts.UNKNOWN, -max(row.amount.floor for row in by_code[code].values()), code

    chosen = sorted(by_code, key=size)[:TOP]
    names = {code: release.name_of(code) if dimension == "citizenship" else label(dimension, code) for code in chosen}
    return [(group, code, names[code], by_code[code]) for code in chosen]


def _justice(release: Release, area: str, years: list[str]) -> list[ProfileLine]:
    lines: list[ProfileLine] = []
    for stage, name, _lag in STAGES:
        group = _(name)
        lines.append((group, "_T", _("All people"), _over_years(release, stage, area, years)))
        lines += [
            (group, sex, label("sex", sex), _over_years(release, stage, area, years, sex=sex)) for sex in ("F", "M")
        ]
    return [line for line in lines if line[3]]


def _sentences(named: list[tuple[str, Amount]]) -> tuple[str, ...]:
    known = [(year, amount) for year, amount in named if amount.is_known]
    if not known:
        return ()
    year, amount = known[-1]
    return (_("In {year}, the listed services detected {people}.", year=year, people=people(amount)),)
