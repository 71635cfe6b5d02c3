"""L4: the number of people detected, those under seal among them: a range in each year, never a point.

The decision a reader would question: the figure is there only where the release holds the range. A release without it
may have nobody under seal or may not say so, and an empty figure would tell which.
"""

from collections.abc import Iterator

from palermo.language import _, digits, marked
from palermo.report.amounts import Amount, State, written
from palermo.report.figure import Figure, Measure, Row, Stub, Table
from palermo.report.figures import parts
from palermo.report.labels import age_word, label, span_name
from palermo.report.marks import Bar, Bars, Quantity
from palermo.report.observations import Observation
from palermo.report.reading import ALL_YEARS, Release

INDICATOR = "victims_with_sealed"
NOTE = marked(
    "People under seal, by witness protection or the order of a court, are in this figure alone. Each range begins at "
    "the number of everyone else and is as wide whether one of them or several are in it, or nobody: it does not tell "
    "how many they are, nor where in it the number lies."
)


def with_sealed(release: Release, area: str) -> tuple[Figure, ...]:
    """L4, where the release holds the range."""
    rows = release.observations(INDICATOR, area)
    if not any(row.amount.is_known for row in rows):
        return ()
    years = sorted({row["time_period"] for row in rows} - {ALL_YEARS})
    by_year = [row for row in rows if row["time_period"] != ALL_YEARS]
    whole = release.one(INDICATOR, area, ALL_YEARS)
    bars = [
        Bar(digits(row["time_period"]), as_range(row.amount), Quantity("detected", "PERSON"))
        for row in sorted(by_year or [whole], key=lambda row: row["time_period"])
    ]
    title = _(
        "Number of people detected, those under seal among them, in {where}, {span}",
        where=release.name_of(area),
        span=span_name(years) if years else _("All years"),
    )
    told = (_("In all years they were {range} people.", range=written(whole.amount)),) if whole.amount.is_known else ()
    figure = Figure(
        id="L4",
        title=title,
        subtitle=_("Number of people, as a range"),
        note=_(NOTE),
        source=parts.source(release),
        table=Table(
            (Stub("people", _("People")),),
            (Measure("persons", _("Those under seal among them"), "persons"),),
            tuple(Row(((code, name),), (row.amount,)) for code, name, row in _named(rows)),
        ),
        marks=(Bars(tuple(bars)),),
        alt=_("Ranges by year. {listed}", listed=parts.in_words([(bar.label, bar.amount) for bar in bars])),
        observations=tuple(row for row in rows if row.receipt_id),
        text=told,
        made_up=release.made_up,
    )
    return (figure,)


def as_range(amount: Amount) -> Amount:
    """The range as one that was made coarse on purpose, so that a drawing has room for its upper end."""
    return Amount(amount.low, amount.high, State.ROUNDED) if amount.state is State.DERIVED_RANGE else amount


def _named(rows: list[Observation]) -> Iterator[tuple[str, str, Observation]]:
    """Code, name and row: everyone, then years, sexes and ages."""
    names = ("age", "sex", "time_period")
    for row in sorted(rows, key=lambda row: [(row[name] != "_T", row[name]) for name in names]):
        period, sex, age = (row[name] for name in ("time_period", "sex", "age"))
        name = _("All years") if period == ALL_YEARS else digits(period)
        if sex != "_T":
            name = label("sex", sex)
        elif age != "_T":
            name = age_word(age)
        yield f"{period} {sex} {age}", name, row
