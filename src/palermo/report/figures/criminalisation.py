"""C1 and C2: whether the law makes trafficking a crime, and for how long it has.

The decision a reader would question: an account counts people and convictions and holds no laws. Until a release holds
the numbers of countries by their law, both figures say so and what would fill them; convictions tell nothing of it.
"""

from collections.abc import Mapping

from palermo.language import _, digits, marked, sentences
from palermo.report.amounts import exact, shares, total
from palermo.report.figure import Figure, Measure, Row, Stub, Table
from palermo.report.figures import parts
from palermo.report.labels import span_name
from palermo.report.marks import Bar, Bars, Quantity, StackRow, Stacks
from palermo.report.observations import Observation
from palermo.report.reading import Release

BY_STATUS, BY_AGE = "areas_by_criminalisation", "areas_by_years_of_offence"
STATUSES = {
    "FULL": marked("All forms are a crime"),
    "PARTIAL": marked("Some forms are a crime"),
    "NONE": marked("No specific offence"),
}
AGES = {
    "0T4": marked("Less than 5 years"),
    "5T9": marked("5 to 9 years"),
    "10T14": marked("10 to 14 years"),
    "GE15": marked("15 years and more"),
    "NONE": marked("No specific offence"),
}
LOOKS = dict(zip(STATUSES, ("first", "second", "fourth"), strict=True))


def criminalisation_by_year(release: Release, area: str, period: str) -> Figure:
    """C1: countries by whether their law makes trafficking a crime, year by year."""
    at = parts.Frame(release, "C1", release.area_for(BY_STATUS, area), period)
    title = _("Countries and areas by criminalisation of trafficking, by year, in {where}",
              where=release.name_of(at.area))  # fmt: skip
    years = [year for year in release.periods(BY_STATUS, at.area) if year[-4:] <= period[-4:]]
    found = {year: _bands(release, BY_STATUS, at.area, year) for year in years}
    found = {year: rows for year, rows in found.items() if rows}
    if not found:
        return parts.missing(at, title, _lacking(BY_STATUS, STATUSES))
    quantity = Quantity("_Z", "PERCENT")
    rows, lines = [], []
    for year, bands in found.items():
        amounts = {code: bands[code].amount if code in bands else exact(0) for code in STATUSES}
        share = shares(amounts)
        bars = tuple(Bar(_(name), share[code], quantity, LOOKS[code]) for code, name in STATUSES.items())
        rows.append(StackRow(digits(year), bars))
        lines.append(Row(((year, digits(year)),), (total(amounts.values()), *amounts.values())))
    measures = [Measure("areas", _("Countries and areas"), "areas")]
    measures += [Measure(code, _(name), "areas") for code, name in STATUSES.items()]
    return Figure(
        id=at.id,
        title=_("{title}, {span}", title=title, span=span_name(list(found))),
        subtitle=_("Per cent of countries and areas whose law is known"),
        note=_("A law says nothing of how it is applied."),
        source=parts.source(release),
        table=Table((Stub("time_period", _("Year")),), tuple(measures), tuple(lines)),
        marks=(Stacks(tuple(rows)),),
        alt=sentences(parts.block_in_words(row.label, row.parts) for row in rows),
        observations=tuple(row for bands in found.values() for row in bands.values()),
        made_up=release.made_up,
    )  # fmt: skip


def years_of_the_offence(release: Release, area: str, period: str) -> Figure:
    """C2: for how many years the specific offence has existed."""
    at = parts.frame(release, "C2", BY_AGE, area, period)
    title = _("Countries and areas by years since the specific offence exists, in {where_when}",
              where_when=at.where_when)  # fmt: skip
    bands = _bands(release, BY_AGE, at.area, at.period)
    if not bands:
        return parts.missing(at, title, _lacking(BY_AGE, AGES))
    held = {code: name for code, name in AGES.items() if code in bands}
    bars = tuple(parts.bar(_(name), bands[code]) for code, name in held.items())
    return Figure(
        id=at.id,
        title=title,
        subtitle=_("Number of countries and areas"),
        note=_("A law says nothing of how it is applied."),
        source=parts.source(release),
        table=Table(
            (Stub("band", _("Years since the offence exists")),),
            (Measure("areas", _("Countries and areas"), "areas"),),
            tuple(Row(((code, _(name)),), (bands[code].amount,)) for code, name in held.items()),
        ),
        marks=(Bars(bars),),
        alt=_("Bars. {list}", list=parts.in_words([(bar.label, bar.amount) for bar in bars])),
        observations=tuple(bands[code] for code in held),
        made_up=release.made_up,
    )


def _bands(release: Release, indicator: str, area: str, period: str) -> dict[str, Observation]:
    return {row["band"]: row for row in release.find(indicator, area, period, band="*")}


def _lacking(indicator: str, bands: Mapping[str, str]) -> str:
    return _(
        "The release holds no laws. An indicator {indicator} of the account, with the number of countries and areas "
        "by band ({bands}), would fill this figure.",
        indicator=indicator,
        bands=", ".join(bands),
    )
