"""C6: women and men among those in contact with police, prosecuted and convicted, against all crimes.

The decision a reader would question: the share of women among the convicted of several areas can be taken over the
same areas each year (panel), over all areas together (pooled) or as the median of areas. The three differ, so all
three stand side by side with their intervals; none is called the answer.
"""

from dataclasses import dataclass, replace

from palermo.language import _, digits, marked, ngettext, number
from palermo.report.amounts import NOT_APPLICABLE, Amount, interval, prose_range, shares, with_unit, written
from palermo.report.figure import Figure, Measure, Row, Stub, Table
from palermo.report.figures import parts
from palermo.report.figures.justice import STAGES, stage_in
from palermo.report.labels import WORLD, listed
from palermo.report.marks import Bar, Bars, Quantity, Reference
from palermo.report.observations import Observation
from palermo.report.reading import Release

SHARE = "convicted_share_female"
BASELINE = Reference(10.0, 15.0, marked("Women among those convicted of crimes in general"))
# Each way, and each stage, as the label of a bar and as it stands within a sentence.
WAYS = {
    "PANEL": (
        marked("Convicted, same areas in every year, {year}"),
        marked("convicted, same areas in every year, {year}"),
    ),
    "POOLED": (marked("Convicted, all areas together, {year}"), marked("convicted, all areas together, {year}")),
    "MEDIAN": (marked("Convicted, median of areas, {year}"), marked("convicted, median of areas, {year}")),
}
ONE_AREA = (marked("Convicted, with interval, {year}"), marked("convicted, with interval, {year}"))
STAGES_WITHIN = {
    "persons_contacted": marked("in contact with police, {year}"),
    "persons_prosecuted": marked("prosecuted, {year}"),
    "persons_convicted": marked("convicted, {year}"),
}


@dataclass(frozen=True)
class Stage:
    """One stage of justice in one year by sex: names, numbers of women and men, and what is behind them."""

    indicator: str
    name: str
    said: str  # as the name stands within a sentence
    female: Amount
    male: Amount
    rows: tuple[Observation, ...]

    @property
    def share(self) -> Amount:
        """The share of women."""
        return shares({"F": self.female, "M": self.male})["F"]


def convicted_by_sex(release: Release, area: str, period: str) -> Figure:
    """C6: share of women at each stage of justice, beside the share among the convicted of all crimes."""
    stages = [stage for stage in (_stage(release, area, period, *entry) for entry in STAGES) if stage]
    ways = _ways(release, area, period)
    rows = (*(row for stage in stages for row in stage.rows), *ways)
    shown = max((row["time_period"] for row in rows), default=period)
    at = parts.frame(release, "C6", "persons_convicted", area, shown)
    title = _(
        "Share of women among people in contact with police, prosecuted and convicted, in {where_when}",
        where_when=at.where_when,
    )
    if not stages and not ways:
        return parts.missing(at, title, _("The release holds no number of people prosecuted or convicted by sex."))
    quantity = Quantity("_Z", "PERCENT")
    bars = [Bar(stage.name, stage.share, quantity, "women") for stage in stages]
    bars += [Bar(_way_name(release, row)[0], row.amount, quantity, "plain", row.interval) for row in ways]
    said = [(stage.said, stage.share) for stage in stages]
    said += [(_way_name(release, row)[1], row.amount) for row in ways]
    base = with_unit(f"{number(BASELINE.low)}\u2013{number(BASELINE.high)}", "%")
    baseline = replace(BASELINE, label=_(BASELINE.label))
    return Figure(
        id=at.id,
        title=title,
        subtitle=_("Per cent of people whose sex is known"),
        note=_(
            "Women among those convicted of crimes in general: {range} (report A/71/223, paragraph 13).", range=base
        ),
        source=parts.source(release),
        table=_table(stages, ways, [item.label for item in bars[len(stages) :]]),
        marks=(Bars(tuple(bars), "%", most=100.0, reference=baseline),),
        alt=_(
            "Share of women. {shares} Women among those convicted of crimes in general: {range}.",
            shares=parts.in_words([(item.label, item.amount) for item in bars], 0, "%"),
            range=base,
        ),
        observations=rows,
        text=_sentences(said),
        made_up=release.made_up,
    )


def _table(stages: list[Stage], ways: list[Observation], names: list[str]) -> Table:
    by_stage, in_ways = _("By stage, from numbers by sex"), _("Women among the convicted, three ways")
    lines = [
        Row(((own.indicator, own.name),), (own.female, own.male, own.share, NOT_APPLICABLE), by_stage) for own in stages
    ]
    lines += [
        Row(((row["band"], name),), (NOT_APPLICABLE, NOT_APPLICABLE, row.amount, _interval(row)), in_ways)
        for row, name in zip(ways, names, strict=True)
    ]
    measures = (
        Measure("female", _("Women and girls"), "persons"),
        Measure("male", _("Men and boys"), "persons"),
        Measure("share_female", _("Share female"), "%", 1),
        Measure("interval", _("Interval"), "%", 1),
    )
    return Table((Stub("stage", _("Stage")),), measures, tuple(lines))


def _stage(release: Release, area: str, period: str, indicator: str, name: str, _lag: int) -> Stage | None:
    """The stage in the latest year with numbers of both sexes."""
    shown = release.area_for(indicator, area)
    for year in _years_back(release, indicator, shown, period):
        rows = release.find(indicator, shown, year, sex={"F", "M"})
        amounts = {row["sex"]: row.amount for row in rows}
        if len(amounts) == 2:
            said = _(STAGES_WITHIN[indicator], year=digits(year))
            return Stage(indicator, stage_in(name, year), said, amounts["F"], amounts["M"], tuple(rows))
    return None


def _years_back(release: Release, indicator: str, area: str, period: str) -> list[str]:
    """The years of an indicator up to the period, latest first; then any later ones."""
    years = release.periods(indicator, area)
    before = [year for year in years if year[-4:] <= period[-4:]]
    return [*reversed(before), *(year for year in years if year not in before)]


def _ways(release: Release, area: str, period: str) -> list[Observation]:
    shown = release.area_for(SHARE, area)
    for year in _years_back(release, SHARE, shown, period):
        rows = {row["band"]: row for row in release.find(SHARE, shown, year, sex={"F", "_T", "_Z"}, band=WAYS)}
        if rows:
            return [rows[way] for way in WAYS if way in rows]
    return []


def _way_name(release: Release, row: Observation) -> tuple[str, str]:
    """The name of a way with its year: as a label, and within a sentence."""
    messages = WAYS[row["band"]]
    if row["ref_area"] == release.area and row["band"] == "POOLED" and row["ref_area"] != WORLD:
        messages = ONE_AREA  # one area alone: there is nothing to pool
    year = digits(row["time_period"])
    return _(messages[0], year=year), _(messages[1], year=year)


def _interval(row: Observation) -> Amount:
    return interval(*row.interval) if row.interval else NOT_APPLICABLE


def _sentences(named: list[tuple[str, Amount]]) -> tuple[str, ...]:
    known = [(name, amount) for name, amount in named if amount.is_known]
    if not known:
        return ()
    told = listed([_("{name}: {amount}", name=name, amount=written(amount, 0, "%")) for name, amount in known])
    above = sum(amount.floor > BASELINE.high for _name, amount in known)
    of_all = prose_range(number(BASELINE.low), number(BASELINE.high))
    return (
        _("Share of women: {list}", list=told),
        ngettext(
            "Of these {all} shares, {n} is surely above the {range} of women among those convicted of crimes in "
            "general.",
            "Of these {all} shares, {n} are surely above the {range} of women among those convicted of crimes in "
            "general.",
            above,
            all=number(len(known)),
            n=number(above),
            range=with_unit(of_all, "%"),
        ),
    )
