"""What several figures need: headings in the manner of the field's reports, notes, sources, rows of people.

The decision a reader would question: shares are of the people whose attribute is known, as in the field's reports; the
note says how many those are of all people detected.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from palermo.language import _, marked, number
from palermo.report.amounts import Amount, between, outward, prose_range, spoken, written
from palermo.report.figure import EMPTY, Figure, Measure, Row, Stub, Table
from palermo.report.labels import PEOPLE, joined, label, listed, named, period_name
from palermo.report.marks import Bar, Quantity
from palermo.report.observations import Observation
from palermo.report.reading import Release

UNKNOWN = frozenset({"_U", "_N"})
BY_SEX_AGE = "victims_by_sex_age"
POOLED = "victims_trend_pooled"
# Where people by sex and age are found: counted from records, else as published for a group of areas, else for one.
PEOPLE_SOURCES = (BY_SEX_AGE, POOLED, "sdg_16_2_2")
WITHIN = marked("{name} {share}")  # an amount within a sentence
PEOPLE_LOOKS = dict(zip(PEOPLE, ("women", "men", "girls", "boys"), strict=True))


@dataclass(frozen=True)
class Frame:
    """The place and time of a figure and the words for them."""

    release: Release
    id: str
    area: str
    period: str

    @property
    def where_when(self) -> str:
        """``AREA, YEAR`` as titles write it."""
        return _("{where}, {when}", where=self.release.name_of(self.area), when=period_name(self.period))


def frame(release: Release, figure_id: str, indicator: str, area: str, period: str) -> Frame:
    """The area and period that the release can show for an indicator, nearest to what was asked."""
    shown = release.area_for(indicator, area)
    return Frame(release, figure_id, shown, release.period_for(indicator, shown, period) or period)


def people_source(release: Release, area: str) -> str:
    """The indicator that holds the people detected in an area by sex and age."""
    held = (name for name in PEOPLE_SOURCES if release.periods(name, area))
    return next(held, BY_SEX_AGE)


def source(release: Release) -> str:
    """The source line: the lists and the release."""
    lists = [name for name in release.lists if name]
    if lists:
        return _("Lists: {lists}. Release {release}.", lists=joined(lists), release=release.id)
    return _("Release {release}.", release=release.id)


def based_on(known: Amount, whole: Amount) -> str:
    """The note on coverage: on how many people a figure is based."""
    if not known.is_known:
        return _("The number of people detected with this information is not published.")
    if not whole.is_known:
        return _("Based on information on {known} people detected.", known=_extent(known))
    if known.floor > whole.ceiling:
        return _(
            "Based on information on {known} people detected. The parts as printed exceed the total as printed.",
            known=_extent(known),
        )
    known = between(known.floor, min(known.ceiling, whole.ceiling))
    return _("Based on information on {known} of {whole} people detected.", known=_extent(known), whole=_extent(whole))


def _extent(amount: Amount) -> str:
    if amount.is_exact:
        return spoken(amount)
    low, high = outward(amount)
    return prose_range(number(low), number(high))


def no_rate(is_hidden: bool) -> str:
    """Why a figure shows numbers instead of rates, as a sentence."""
    if is_hidden:
        return _("The rates are hidden to protect people")
    return _("The release holds no rate for this area")


def missing(at: Frame, title: str, reason: str) -> Figure:
    """A figure that the release cannot fill: its title and the reason."""
    return Figure(at.id, title, "", "", source(at.release), EMPTY, (), reason, (), missing=reason,
                  made_up=at.release.made_up)  # fmt: skip


def coded(dimension: str, rows: Iterable[Observation]) -> list[tuple[str, str]]:
    """The (code, label) pairs of a dimension, in the order in which they first occur."""
    return [(code, label(dimension, code)) for code in dict.fromkeys(row[dimension] for row in rows)]


def quantity(rows: Sequence[Observation], unit: str | None = None) -> Quantity:
    """The quantity of observations, or of a share made of them when ``unit`` says so."""
    first = rows[0] if rows else None
    return Quantity(first.kind if first else "_Z", unit or (first.unit if first else "_Z"))


def bar(name: str, row: Observation, look: str = "plain") -> Bar:
    """A bar for one observation, which carries its own kind and unit."""
    return Bar(name, row.amount, Quantity(row.kind, row.unit), look, row.interval)


def count_and_share(dimension: str, heading: str, rows: Sequence[tuple[str, str, Amount, Amount]]) -> Table:
    """A table of one coded column with the number of people and their share: (code, label, number, share)."""
    return Table(
        (Stub(dimension, heading),),
        (Measure("persons", _("People"), "persons"), Measure("share", _("Share of known"), "%", 1)),
        tuple(Row(((code, name),), (count, share)) for code, name, count, share in rows),
    )


def in_words(amounts: Iterable[tuple[str, Amount]], decimals: int = 0, unit: str = "") -> str:
    """``Women 49%; men hidden (1–4).``: the drawing in words, for readers who do not see it."""
    return listed([named(name, written(amount, decimals, unit)) for name, amount in amounts])


def block_in_words(name: str, bars: Iterable[Bar]) -> str:
    """``2023: Women 49%; men 20%.``: one row or panel of shares in words."""
    return _("{name}: {shares}", name=name, shares=in_words([(bar.label, bar.amount) for bar in bars], 0, "%"))


def clauses(amounts: Iterable[tuple[str, Amount]], decimals: int = 0, unit: str = "", form: str = WITHIN) -> str:
    """``women 49%, men between 10 and 12%``: amounts in a running sentence; those that are not known are left out.

    ``form`` is a marked message for one of them, with ``{name}`` and ``{share}``.
    """
    return joined([_(form, name=name, share=spoken(a, decimals, unit)) for name, a in amounts if a.is_known])
