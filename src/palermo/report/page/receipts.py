"""The annex of receipts: for every figure the released numbers it rests on, and how each kind of number was made.

The decision a reader would question: what the numbers of one indicator share is told once, under its definition; the
receipts themselves stand beside the numbers. Words of a definition are translated; citations and codes are not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from palermo.language import _, marked, ngettext, number
from palermo.release.schema import DIMENSIONS
from palermo.report.amounts import written
from palermo.report.figure import Figure
from palermo.report.labels import joined, label, period_name
from palermo.report.observations import NOT_BROKEN_DOWN, Observation
from palermo.report.page.markup import filled, quoted
from palermo.report.page.notes import population_told
from palermo.report.page.settings import settings_told
from palermo.report.reading import Release

MOST_NUMBERS = 60  # of the numbers behind one figure; sums over countries rest on thousands
MOST_ITEMS = 12  # of a long list within a receipt; the full receipt is in the release
_PLACE_AND_TIME = ("ref_area", "time_period")
# What a definition says, in the order of interest to a reader: (key of the receipt, heading).
_COUNTED = marked("What is counted")
_TOLD = (
    ("words", _COUNTED),
    ("source", marked("After")),
    ("denominator", marked("Denominator")),
    ("minimum", marked("Smallest number kept")),
    ("settings", marked("Settings")),
    ("version", marked("Version")),
    ("code_version", marked("Code version")),
)
_BROKEN_DOWN_BY = {
    "sex": marked("sex: {code}"),
    "age": marked("age: {code}"),
    "form": marked("form: {code}"),
    "citizenship": marked("citizenship: {code}"),
    "counterpart_area": marked("counterpart area: {code}"),
    "reach": marked("reach: {code}"),
    "list": marked("list: {code}"),
    "band": marked("band: {code}"),
}


_SERIES = "VC_"  # how the names of the series of SDG 16 begin, which stand in place of a band


@dataclass(frozen=True)
class DefinitionTold:
    """How the numbers of one indicator were made, entry by entry. ``anchor`` is its id on the page."""

    anchor: str
    title: str
    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Resolved:
    """One released number with its receipt."""

    receipt_id: str
    what: str
    number: str
    definition: DefinitionTold


@dataclass(frozen=True)
class Annex:
    """The receipts of one figure."""

    figure: Figure
    numbers: tuple[Resolved, ...]
    more: int = 0  # numbers that are not shown here

    @property
    def told_of_more(self) -> str:
        """Where the numbers that are not shown can be found; empty where all are."""
        if not self.more:
            return ""
        return ngettext(
            "{n} more released number, with its receipt, is in the file of all numbers of the release, cube.csv.",
            "{n} more released numbers, with their receipts, are in the file of all numbers of the release, cube.csv.",
            self.more,
            n=number(self.more),
        )


def annexes(release: Release, figures: Sequence[Figure]) -> tuple[tuple[Annex, ...], tuple[DefinitionTold, ...]]:
    """The annex of each figure that shows any released number, and the definitions behind them."""
    first = {row.indicator: row for figure in reversed(figures) for row in reversed(figure.observations)}
    told = {
        indicator: definition(release.receipt_of(first[indicator]), indicator, place)
        for place, indicator in enumerate(sorted(first), 1)
    }
    made = tuple(_annex(release, figure, told) for figure in figures if figure.observations)
    return made, tuple(told.values())


def definition(receipt: Mapping[str, Any], indicator: str, place: int) -> DefinitionTold:
    """The definition in a receipt, with the lists behind it; of a receipt of another shape, all its entries."""
    anchor = f"definition-{place}"
    if "words" not in receipt:
        told = [(quoted(name), quoted(value)) for name, value in entries(receipt)]
        return DefinitionTold(anchor, quoted(indicator.replace("_", " ")), tuple(told))
    lists = joined([str(entry.get("list", "")) for entry in receipt.get("inputs") or ()])
    told = [(_(_COUNTED), _(str(receipt["words"])))] if receipt["words"] else []
    told += [(_("Lists"), lists)] if lists else []
    for key, heading in _TOLD[1:]:
        told += [(_named(_(heading), name), value) for name, value in _entries(key, receipt.get(key))]
    return DefinitionTold(anchor, _(str(receipt.get("title") or indicator)), tuple(told))


def _named(heading: str, name: str) -> str:
    """A heading with the name of a setting below it."""
    return filled(_("{heading}: {name}"), heading=heading, name=name) if name else heading


def _entries(key: str, value: Any) -> list[tuple[str, str]]:
    """(name, value) of what a definition says under a key; words are translated, citations and codes are not."""
    if key == "settings" and isinstance(value, Mapping):
        return list(settings_told(value))
    if isinstance(value, int):
        return [("", number(value))] if value else []
    told = population_told if key == "denominator" else quoted
    return [(quoted(name), told(text)) for name, text in entries(value)]


def _annex(release: Release, figure: Figure, told: Mapping[str, DefinitionTold]) -> Annex:
    unique = {(row.receipt_id, row.indicator, row.unit, *row.codes.values()): row for row in figure.observations}
    numbers = (
        Resolved(
            row.receipt_id, what_is(release, row), written(row.amount, 0 if _is_whole(row) else 2), told[row.indicator]
        )
        for row in list(unique.values())[:MOST_NUMBERS]
    )
    return Annex(figure, tuple(numbers), max(len(unique) - MOST_NUMBERS, 0))


def _is_whole(row: Observation) -> bool:
    return all(bound is None or bound == int(bound) for bound in (row.amount.low, row.amount.high))


def what_is(release: Release, row: Observation) -> str:
    """What an observation counts: unit, place, time and the codes it is broken down by, in words."""
    return counted(release, row.unit, row.codes)


def counted(release: Release, unit: str, codes: Mapping[str, str]) -> str:
    """The same of a unit and codes; a dimension that is left out is a total."""
    told = [label("unit", unit), release.name_of(codes["ref_area"]), period_name(codes.get("time_period", "_T"))]
    names = [name for name in DIMENSIONS if name not in _PLACE_AND_TIME]
    broken_down = [name for name in names if codes.get(name, "_T") not in NOT_BROKEN_DOWN]
    told += [_broken_down_by(release, name, codes[name]) for name in broken_down]
    return _(", ").join(told)


def _broken_down_by(release: Release, dimension: str, code: str) -> str:
    if dimension == "band" and code.startswith(_SERIES):
        return _("series: {code}", code=code)
    return _(_BROKEN_DOWN_BY[dimension], code=_code(release, dimension, code))


def _code(release: Release, dimension: str, code: str) -> str:
    """A code in words; the account's own area by the name that headings give it."""
    return release.name_of(code) if code == release.area else label(dimension, code)


def entries(receipt: Any, name: str = "") -> list[tuple[str, str]]:
    """A receipt as (name, value) lines; names of nested tables are joined. What is empty is left out."""
    if isinstance(receipt, Mapping):
        return [line for key in sorted(receipt) for line in entries(receipt[key], f"{name} {key}".strip())]
    if isinstance(receipt, list | tuple):
        if not any(isinstance(item, Mapping | list | tuple) for item in receipt):
            return [(_heading(name), _shortened([str(item) for item in receipt]))] if receipt else []
        parts = enumerate(receipt[:MOST_ITEMS], 1)
        return [line for number, item in parts for line in entries(item, f"{name} {number}")]
    return [] if receipt in (None, "", 0) else [(_heading(name), str(receipt))]


def _heading(name: str) -> str:
    plain = name.replace("_", " ")
    return plain[:1].upper() + plain[1:]


def _shortened(items: list[str]) -> str:
    told = ", ".join(items[:MOST_ITEMS])
    more = len(items) - MOST_ITEMS
    return _("{items} and {n} more", items=told, n=number(more)) if more > 0 else told
