"""C3 and C5: areas by convictions a year, and how many people came from contact with the police to a conviction.

The decision a reader would question: the funnel follows a cohort. People in contact in a year are set beside those
prosecuted a year later and those convicted two years later, because courts take time. They are not the same people
one by one, so a ratio may exceed 100.
"""

from dataclasses import dataclass

from palermo.report.amounts import Amount, exact, ratio, scaled, shares, spoken, total
from palermo.report.figure import Figure, Measure, Row, Stub, Table
from palermo.report.figures import parts
from palermo.report.labels import WORLD, joined, label
from palermo.report.marks import Bar, Bars, quantities, stack_or_bars
from palermo.report.reading import ABSENT, Observation, Release

BANDS = ("NONE", "1T9", "10T50", "GT50")
LOOKS = dict(zip(BANDS, ("fourth", "third", "second", "first"), strict=True))
MOST_COHORTS = 10
SAME_AREAS = " The ratios follow only the areas with exact figures in both years; the numbers count all areas."
BY_BAND = "areas_by_convictions"
STAGES = (
    ("persons_contacted", "In contact with police", 0),
    ("persons_prosecuted", "Prosecuted", 1),
    ("persons_convicted", "Convicted", 2),
)


def areas_by_convictions(release: Release, area: str, period: str) -> Figure:
    """C3: share of areas by the number of convictions a year."""
    at = parts.frame(release, "C3", BY_BAND, area, period)
    title = f"Share of countries and areas, by number of convictions a year, in {at.where_when}"
    rows = {row["band"]: row for row in release.find(BY_BAND, at.area, at.period, band="*")}
    if not any(code in rows for code in BANDS):
        return parts.missing(at, title, "The release holds no number of areas by their convictions; it needs the "
                             "figures of several countries or areas.")  # fmt: skip
    amounts = {code: rows[code].amount if code in rows else exact(0) for code in BANDS}
    whole = release.one(BY_BAND, at.area, at.period)
    share = shares(amounts, whole.amount)
    quantity = parts.quantity(list(rows.values()), "PERCENT")
    bars = tuple(Bar(label("band", code), share[code], quantity, LOOKS[code]) for code in BANDS)
    reporting = whole.amount if whole.amount.is_known else total(amounts.values())
    lines = tuple(Row(((code, label("band", code)),), (amounts[code], share[code])) for code in BANDS)
    named = [(item.label.lower(), item.amount) for item in bars]
    return Figure(
        id=at.id,
        title=title,
        subtitle="Per cent of areas that report convictions",
        note=f"Based on the convictions that {spoken(reporting)} areas report.",
        source=parts.source(release),
        table=Table(
            (Stub("band", "Convictions a year"),),
            (Measure("areas", "Areas", "areas"), Measure("share", "Share", "%", 1)),
            lines,
        ),
        marks=(stack_or_bars(bars),),
        alt=f"Share of areas by convictions. {parts.in_words(named, 0, '%')}",
        observations=(*rows.values(), *([whole] if whole.receipt_id else [])),
        text=(f"Of the areas that report, {parts.clauses([(f'{n}:', a) for n, a in named], 0, '%')}.",),
        made_up=release.made_up,
    )


@dataclass(frozen=True)
class Cohort:
    """Contact in ``year``, prosecutions a year later, convictions two years later."""

    year: int
    stages: tuple[Observation, ...]
    funnel: tuple[Observation, ...] = ()  # the ratios as the release holds them

    @property
    def ratios(self) -> tuple[Amount, Amount]:
        """Prosecuted, and convicted, per 100 people in contact with police one and two years before."""
        contacted, *later = (row.amount for row in self.stages)
        held = {row.measure: row.amount for row in self.funnel}
        prosecuted, convicted = (
            scaled(held[stage], 100.0) if stage in held else ratio(amount, contacted, 100.0)
            for (stage, *_), amount in zip(STAGES[1:], later, strict=True)
        )
        return prosecuted, convicted

    @property
    def complete(self) -> int:
        """How many of the stages have a figure."""
        return sum(row.amount.is_known for row in self.stages)


def cohorts(release: Release, area: str) -> list[Cohort]:
    """The last cohorts with two stages or three, oldest first; where there are none, those with any figure."""
    years = {int(year) - lag for stage, _, lag in STAGES for year in release.periods(stage, area) if year.isdigit()}
    made = [
        Cohort(
            year,
            tuple(release.one(stage, area, str(year + lag)) for stage, _, lag in STAGES),
            tuple(release.find("justice_funnel", area, str(year))),
        )
        for year in sorted(years)
    ]
    full = [cohort for cohort in made if cohort.complete > 1] or [cohort for cohort in made if cohort.complete]
    return full[-MOST_COHORTS:]


def justice_funnel(release: Release, area: str, period: str) -> Figure:
    """C5: contact, prosecution a year later, conviction two years later, and the two ratios."""
    own = any(release.periods(stage, area) for stage, *_ in STAGES)
    at = parts.Frame(release, "C5", area if own else release.area_for("persons_convicted", area), period)
    found = cohorts(release, at.area)
    title = f"Number of people in contact with police, prosecuted and convicted, by year, in {at.where_when}"
    if not found:
        return parts.missing(at, title, "The release holds no number of people in contact with police, prosecuted "
                             "or convicted.")  # fmt: skip
    shown = max(found, key=lambda cohort: (cohort.complete, cohort.year))
    bars = tuple(
        parts.bar(f"{name}, {shown.year + lag}", row)
        for (_, name, lag), row in zip(STAGES, shown.stages, strict=True)
        if row is not ABSENT
    )
    marks = (Bars(bars),)
    one_unit = len(quantities(marks)) == 1
    named = [(item.label, item.amount) for item in bars]
    span = f"{found[0].year}\u2013{found[-1].year}" if len(found) > 1 else str(shown.year)
    used = (row for cohort in found for row in (*cohort.stages, *cohort.funnel) if row is not ABSENT)
    return Figure(
        id=at.id,
        title=f"Number of people in contact with police, prosecuted and convicted, by year of contact, in "
        f"{release.name_of(at.area)}, {span}",
        subtitle=f"People, from contact in {shown.year} to conviction in {shown.year + 2}",
        note="Prosecutions are those of the next year and convictions those of the year after it. They need not be "
        "the same people, so a ratio may exceed 100."
        + (SAME_AREAS if at.area == WORLD and any(cohort.funnel for cohort in found) else "")
        + ("" if one_unit else " The stages are counted in different units, so they are not drawn together."),
        source=parts.source(release),
        table=_funnel_table(found),
        marks=marks if one_unit else (),
        alt=f"Bars for the three stages. {parts.in_words(named)}",
        observations=tuple(used),
        text=_funnel_sentences(shown),
        made_up=release.made_up,
    )


def _funnel_table(found: list[Cohort]) -> Table:
    measures = (
        Measure("contacted", "In contact with police", "persons"),
        Measure("prosecuted", "Prosecuted a year later", "persons"),
        Measure("convicted", "Convicted two years later", "persons"),
        Measure("prosecuted_per_100", "Prosecuted per 100 in contact", "per 100"),
        Measure("convicted_per_100", "Convicted per 100 in contact", "per 100"),
    )
    lines = tuple(Row(((str(c.year), str(c.year)),), (*(row.amount for row in c.stages), *c.ratios)) for c in found)
    return Table((Stub("time_period", "Year of contact"),), measures, lines)


def _funnel_sentences(cohort: Cohort) -> tuple[str, ...]:
    prosecuted, convicted = cohort.ratios
    told = []
    if prosecuted.is_known:
        told.append(f"{spoken(prosecuted)} were prosecuted in {cohort.year + 1}")
    if convicted.is_known:
        told.append(f"{spoken(convicted)} were convicted in {cohort.year + 2}")
    if not told:
        return ()
    return (f"For every 100 people in contact with police in {cohort.year}, {joined(told)}.",)
