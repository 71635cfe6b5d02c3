"""C6: women and men among those in contact with police, prosecuted and convicted, against all crimes.

The decision a reader would question: the share of women among the convicted of several areas can be taken over the
same areas each year (panel), over all areas together (pooled) or as the median of areas. The three differ, so all
three stand side by side with their intervals; none is called the answer.
"""

from palermo.report.amounts import NOT_APPLICABLE, Amount, interval, shares
from palermo.report.figure import Figure, Measure, Row, Stub, Table
from palermo.report.figures import parts
from palermo.report.figures.justice import STAGES
from palermo.report.labels import WORLD, label
from palermo.report.marks import Bar, Bars, Quantity, Reference
from palermo.report.reading import Observation, Release

SHARE = "convicted_share_female"
BASELINE = Reference(10.0, 15.0, "Women among those convicted of crimes in general")
BASELINE_SOURCE = "report A/71/223, paragraph 13"
WAYS = ("PANEL", "POOLED", "MEDIAN")


def convicted_by_sex(release: Release, area: str, period: str) -> Figure:
    """C6: share of women at each stage of justice, beside the share among the convicted of all crimes."""
    at = parts.frame(release, "C6", "persons_convicted", area, period)
    title = f"Share of women among people in contact with police, prosecuted and convicted, in {at.where_when}"
    stages = [stage for stage in (_stage(release, area, period, *entry) for entry in STAGES) if stage]
    ways = _ways(release, area, period)
    if not stages and not ways:
        return parts.missing(at, title, "The release holds no number of people prosecuted or convicted by sex.")
    quantity = Quantity("_Z", "PERCENT")
    bars = [Bar(name, share, quantity, "women") for _, name, _, share, _ in stages]
    bars += [
        Bar(_way_name(release, row), row.amount, quantity,
            "plain", row.interval)
        for row in ways
    ]  # fmt: skip
    lines = [Row(((code, name),), (female, male, share, NOT_APPLICABLE), "By stage, from numbers by sex")
             for code, name, (female, male), share, _ in stages]  # fmt: skip
    lines += [
        Row(((row["band"], bar.label),), (NOT_APPLICABLE, NOT_APPLICABLE, row.amount, _interval(row)),
            "Women among the convicted, three ways")
        for row, bar in zip(ways, bars[len(stages):], strict=True)
    ]  # fmt: skip
    measures = (
        Measure("female", "Women and girls", "persons"),
        Measure("male", "Men and boys", "persons"),
        Measure("share_female", "Share female", "%", 1),
        Measure("interval", "Interval", "%", 1),
    )
    named = [(item.label, item.amount) for item in bars]
    base = f"{BASELINE.low:.0f}\u2013{BASELINE.high:.0f}%"
    return Figure(
        id=at.id,
        title=title,
        subtitle="Per cent of people whose sex is known",
        note=f"{BASELINE.label}: {base} ({BASELINE_SOURCE}).",
        source=parts.source(release),
        table=Table((Stub("stage", "Stage"),), measures, tuple(lines)),
        marks=(Bars(tuple(bars), "%", most=100.0, reference=BASELINE),),
        alt=f"Share of women. {parts.in_words(named, 0, '%')} {BASELINE.label}: {base}.",
        observations=(*(row for *_, rows in stages for row in rows), *ways),
        text=_sentences(bars),
        made_up=release.made_up,
    )


Stage = tuple[str, str, tuple[Amount, Amount], Amount, list[Observation]]


def _stage(release: Release, area: str, period: str, *entry: str | int) -> Stage | None:
    """Code, name with year, numbers of women and men, share of women, and the observations behind them."""
    indicator, name = str(entry[0]), str(entry[1])
    shown = release.area_for(indicator, area)
    for year in _years_back(release, indicator, shown, period):
        rows = release.find(indicator, shown, year, sex={"F", "M"})
        amounts = {row["sex"]: row.amount for row in rows}
        if len(amounts) == 2:
            share = shares(amounts)["F"]
            return indicator, f"{name}, {year}", (amounts["F"], amounts["M"]), share, rows
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


def _way_name(release: Release, row: Observation) -> str:
    if row["ref_area"] == release.area and row["band"] == "POOLED" and row["ref_area"] != WORLD:
        return f"Convicted, with interval, {row['time_period']}"  # one area alone: there is nothing to pool
    return f"Convicted, {label('band', row['band']).lower()}, {row['time_period']}"


def _interval(row: Observation) -> Amount:
    return interval(*row.interval) if row.interval else NOT_APPLICABLE


def _sentences(bars: list[Bar]) -> tuple[str, ...]:
    known = [item for item in bars if item.amount.is_known]
    if not known:
        return ()
    words = parts.in_words([(f"{item.label[0].lower()}{item.label[1:]}:", item.amount) for item in known], 0, "%")
    above = sum(item.amount.floor > BASELINE.high for item in known)
    of_all = f"{BASELINE.low:.0f} to {BASELINE.high:.0f}%"
    return (
        f"Share of women: {words}",
        f"Of these {len(known)} shares, {above} {'is' if above == 1 else 'are'} surely above the {of_all} of women "
        "among those convicted of crimes in general.",
    )
