"""C3 and C5: areas by convictions a year, and how many people came from contact with the police to a conviction.

The decision a reader would question: the funnel follows a cohort. People in contact in a year are set beside those
prosecuted a year later and those convicted two years later, because courts take time. They are not the same people
one by one, so a ratio may exceed 100.
"""

from dataclasses import dataclass

from palermo.language import _, digits, marked, ngettext, number, sentences
from palermo.report.amounts import Amount, exact, ratio, scaled, several, shares, spoken, total
from palermo.report.figure import Figure, Measure, Row, Stub, Table
from palermo.report.figures import parts
from palermo.report.labels import WORLD, label, span_name
from palermo.report.marks import Bar, Bars, stack_or_bars
from palermo.report.observations import ABSENT, Observation
from palermo.report.one_quantity import quantities
from palermo.report.reading import Release

BANDS = ("NONE", "1T9", "10T50", "GT50")
LOOKS = dict(zip(BANDS, ("fourth", "third", "second", "first"), strict=True))
MOST_COHORTS = 10
BY_BAND = "areas_by_convictions"
STAGES = (  # indicator, name to translate, years after the contact
    ("persons_contacted", marked("In contact with police"), 0),
    ("persons_prosecuted", marked("Prosecuted"), 1),
    ("persons_convicted", marked("Convicted"), 2),
)
BANDS_WITHIN = {  # as they stand in a list within a sentence
    "NONE": marked("no conviction"),
    "1T9": marked("1 to 9 convictions"),
    "10T50": marked("10 to 50 convictions"),
    "GT50": marked("more than 50 convictions"),
}
WITH_SHARE = marked("{name}: {share}")


def areas_by_convictions(release: Release, area: str, period: str) -> Figure:
    """C3: share of areas by the number of convictions a year."""
    at = parts.frame(release, "C3", BY_BAND, area, period)
    title = _(
        "Share of countries and areas, by number of convictions a year, in {where_when}", where_when=at.where_when
    )
    rows = {row["band"]: row for row in release.find(BY_BAND, at.area, at.period, band="*")}
    if not any(code in rows for code in BANDS):
        reason = _(
            "The release holds no number of areas by their convictions; it needs the figures of several countries or "
            "areas."
        )
        return parts.missing(at, title, reason)
    amounts = {code: rows[code].amount if code in rows else exact(0) for code in BANDS}
    whole = release.one(BY_BAND, at.area, at.period)
    share = shares(amounts, whole.amount)
    quantity = parts.quantity(list(rows.values()), "PERCENT")
    bars = tuple(Bar(label("band", code), share[code], quantity, LOOKS[code]) for code in BANDS)
    reporting = whole.amount if whole.amount.is_known else total(amounts.values())
    lines = tuple(Row(((code, label("band", code)),), (amounts[code], share[code])) for code in BANDS)
    named = [(_(BANDS_WITHIN[code]), share[code]) for code in BANDS]
    said = parts.clauses(named, 0, "%", WITH_SHARE)
    return Figure(
        id=at.id,
        title=title,
        subtitle=_("Per cent of areas that report convictions"),
        note=ngettext(
            "Based on the convictions that {n} area reports.",
            "Based on the convictions that {n} areas report.",
            several(reporting),
            n=spoken(reporting),
        ),
        source=parts.source(release),
        table=Table(
            (Stub("band", _("Convictions a year")),),
            (Measure("areas", _("Areas"), "areas"), Measure("share", _("Share"), "%", 1)),
            lines,
        ),
        marks=(stack_or_bars(bars),),
        alt=_("Share of areas by convictions. {shares}", shares=parts.in_words(named, 0, "%")),
        observations=(*rows.values(), *([whole] if whole.receipt_id else [])),
        text=(_("Of the areas that report, {list}.", list=said),) if said else (),
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
    years = {int(year) - lag for stage, _name, lag in STAGES for year in release.periods(stage, area) if year.isdigit()}
    made = [
        Cohort(
            year,
            tuple(release.one(stage, area, str(year + lag)) for stage, _name, lag in STAGES),
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
    if not found:
        return parts.missing(
            at,
            _(
                "Number of people in contact with police, prosecuted and convicted, by year, in {where_when}",
                where_when=at.where_when,
            ),
            _("The release holds no number of people in contact with police, prosecuted or convicted."),
        )
    shown = max(found, key=lambda cohort: (cohort.complete, cohort.year))
    bars = tuple(
        parts.bar(stage_in(name, str(shown.year + lag)), row)
        for (_indicator, name, lag), row in zip(STAGES, shown.stages, strict=True)
        if row is not ABSENT
    )
    marks = (Bars(bars),)
    one_unit = len(quantities(marks)) == 1
    named = [(item.label, item.amount) for item in bars]
    used = (row for cohort in found for row in (*cohort.stages, *cohort.funnel) if row is not ABSENT)
    return Figure(
        id=at.id,
        title=_(
            "Number of people in contact with police, prosecuted and convicted, by year of contact, in {where}, {when}",
            where=release.name_of(at.area),
            when=span_name([str(cohort.year) for cohort in found]),
        ),
        subtitle=_("People, from contact in {year} to conviction in {later}", year=_year(shown), later=_year(shown, 2)),
        note=_funnel_note(one_unit=one_unit, same_areas=at.area == WORLD and any(cohort.funnel for cohort in found)),
        source=parts.source(release),
        table=_funnel_table(found),
        marks=marks if one_unit else (),
        alt=_("Bars for the three stages. {list}", list=parts.in_words(named)),
        observations=tuple(used),
        text=_funnel_sentences(shown),
        made_up=release.made_up,
    )


def stage_in(stage: str, year: str) -> str:
    """A stage of justice, as ``STAGES`` names it, with its year: ``Prosecuted, 2020``."""
    return _("{stage}, {year}", stage=_(stage), year=digits(year))


def _year(cohort: Cohort, later: int = 0) -> str:
    return digits(str(cohort.year + later))


def _funnel_note(*, one_unit: bool, same_areas: bool) -> str:
    told = [
        _(
            "Prosecutions are those of the next year and convictions those of the year after it. They need not be the "
            "same people, so a ratio may exceed {n}.",
            n=number(100),
        )
    ]
    if same_areas:
        told.append(
            _("The ratios follow only the areas with exact figures in both years; the numbers count all areas.")
        )
    if not one_unit:
        told.append(_("The stages are counted in different units, so they are not drawn together."))
    return sentences(told)


def _funnel_table(found: list[Cohort]) -> Table:
    measures = (
        Measure("contacted", _("In contact with police"), "persons"),
        Measure("prosecuted", _("Prosecuted a year later"), "persons"),
        Measure("convicted", _("Convicted two years later"), "persons"),
        Measure("prosecuted_per_100", _("Prosecuted per 100 in contact"), "per 100"),
        Measure("convicted_per_100", _("Convicted per 100 in contact"), "per 100"),
    )
    lines = tuple(Row(((str(c.year), _year(c)),), (*(row.amount for row in c.stages), *c.ratios)) for c in found)
    return Table((Stub("time_period", _("Year of contact")),), measures, lines)


def _funnel_sentences(cohort: Cohort) -> tuple[str, ...]:
    prosecuted, convicted = cohort.ratios
    said = {"year": _year(cohort), "prosecuted": spoken(prosecuted), "convicted": spoken(convicted),
            "next": _year(cohort, 1), "after": _year(cohort, 2)}  # fmt: skip
    if prosecuted.is_known and convicted.is_known:
        return (
            _(
                "For every 100 people in contact with police in {year}, {prosecuted} were prosecuted in {next} and "
                "{convicted} were convicted in {after}.",
                **said,
            ),
        )
    if prosecuted.is_known:
        return (
            _("For every 100 people in contact with police in {year}, {prosecuted} were prosecuted in {next}.", **said),
        )
    if convicted.is_known:
        return (
            _("For every 100 people in contact with police in {year}, {convicted} were convicted in {after}.", **said),
        )
    return ()
