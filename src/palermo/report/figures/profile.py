"""N1: the profile on one page: victims and justice of the last years in one table, as in the country profiles.

The decision a reader would question: the drawing shows only people detected, year by year. People convicted are another
kind of number and stay in their own block of the table.
"""

from palermo.report.amounts import NOT_PUBLISHED, Amount, spoken
from palermo.report.figure import Figure, Measure, Row, Stub, Table
from palermo.report.figures import parts
from palermo.report.figures.justice import STAGES
from palermo.report.labels import PEOPLE, label
from palermo.report.marks import Line, Lines, Point
from palermo.report.reading import ABSENT, Observation, Release

YEARS = 5
TOP = 8
ProfileLine = tuple[str, str, str, dict[str, Observation]]


def country_profile(release: Release, area: str, period: str) -> Figure:
    """N1: the profile of one area on one page."""
    indicator = parts.people_source(release, area)
    at = parts.frame(release, "N1", indicator, area, period)
    years = _years(release, at)
    span = f"{years[0]}\u2013{years[-1]}" if len(years) > 1 else at.period
    title = f"Profile: victims detected and people brought to justice, by year, in {release.name_of(at.area)}, {span}"
    blocks = [*_victims(release, at.area, years), *_justice(release, at.area, years)] if years else []
    if not blocks:
        return parts.missing(at, title, "The release holds no yearly figures for this area.")
    lines = tuple(
        Row(((code, name),), tuple(rows[year].amount if year in rows else NOT_PUBLISHED for year in years), group)
        for group, code, name, rows in blocks
    )
    totals = {year: release.one(indicator, at.area, year, unit="PERSON") for year in years}
    points = tuple(Point(year, row.amount) for year, row in totals.items())
    quantity = parts.quantity([row for row in totals.values() if row is not ABSENT])
    named = [(point.label, point.amount) for point in points]
    return Figure(
        id=at.id,
        title=title,
        subtitle="People detected, by year",
        note="Years in which a figure is missing were not published; they are not zero."
        + (" Years differ in the areas that reported." if indicator == parts.POOLED else ""),
        source=parts.source(release),
        table=Table((Stub("item", "Item"),), tuple(Measure(f"y{year}", year, "persons") for year in years), lines),
        marks=(Lines((Line("People detected", points, quantity),)),) if any(p.amount.is_known for p in points) else (),
        alt=f"Line of people detected by year. {parts.in_words(named)}",
        observations=tuple(row for *_, rows in blocks for row in rows.values()),
        text=_sentences(named),
        made_up=release.made_up,
    )


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
    people = [
        ("Victims by age and sex", f"{sex} {age}", name,
         _over_years(release, indicator, area, years, sex=sex, age=age, unit="PERSON"))
        for (sex, age), name in PEOPLE.items()
    ]  # fmt: skip
    lines: list[ProfileLine] = [("Victims detected", "_T", "All people detected", total), *people]
    lines += _by_code(release, "victims_by_form_sex_age", "form", area, years, "Victims by form of exploitation")
    lines += _by_code(release, "victims_by_citizenship", "citizenship", area, years, "Victims by citizenship")
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
    for stage, name, _ in STAGES:
        group = f"{name}"
        lines.append((group, "_T", "All people", _over_years(release, stage, area, years)))
        lines += [
            (group, sex, label("sex", sex), _over_years(release, stage, area, years, sex=sex)) for sex in ("F", "M")
        ]
    return [line for line in lines if line[3]]


def _sentences(named: list[tuple[str, Amount]]) -> tuple[str, ...]:
    known = [(year, amount) for year, amount in named if amount.is_known]
    if not known:
        return ()
    year, amount = known[-1]
    return (f"In {year}, the listed services detected {spoken(amount)} people.",)
