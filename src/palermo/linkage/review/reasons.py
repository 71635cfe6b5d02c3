"""What two records have in common, field by field and in words, for the person who must say whether they are one.

The decision a reader would question: no score is shown, of a field or of the pair. Words say what is there ("same
date", "day and month swapped"); what it weighs is for the person to judge, or labels would only repeat the model.
"""

import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz.distance import JaroWinkler

from palermo.linkage.review.labels import RecordName
from palermo.linkage.schema import PREPARED

NEARLY, NEARLY_PART = 0.9, 0.85  # Jaro-Winkler similarity from which names, and parts of names, are nearly the same
UNKNOWN = ("", "_U", "_N", "_Z")
MARKS = {"same": "=", "close": "~", "different": "x", "unknown": "?"}  # beside the words, never instead of them
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """One field of both records: as written on the left and on the right, how they compare, and the words for it."""

    field: str
    left: str
    right: str
    kind: str  # a key of MARKS
    words: str


class Details:
    """The records of a sample, as prepared and, where the office holds them, as written."""

    def __init__(self, wanted: Collection[RecordName], prepared: pa.Table, identities: pa.Table | None = None) -> None:
        self._prepared = _rows(wanted, prepared)
        self._written = {} if identities is None else _rows(wanted, identities)
        more = [name for name in prepared.column_names if name not in PREPARED.names]  # of plain files: address, e-mail
        self._fields = (*FIELDS, *((name.replace("_", " "), _as(name), _equal(name, letters=True)) for name in more))

    def lines(self, left: RecordName, right: RecordName) -> tuple[Line, ...]:
        """The fields of two records side by side, those that neither holds left out."""
        pairs = [(self._prepared.get(name, {}), self._written.get(name, {})) for name in (left, right)]
        found = []
        for field, shown, compared in self._fields:
            one, two = (clean(shown(prepared, written)) for prepared, written in pairs)
            if one or two:
                kind, words = compared(pairs[0][0], pairs[1][0]) if one and two else ("unknown", "not known of both")
                found.append(Line(field, one, two, kind, words))
        return tuple(found)

    def own(self, name: RecordName) -> tuple[tuple[str, str], ...]:
        """The fields of one record, for an owner who sees no other."""
        prepared, written = self._prepared.get(name, {}), self._written.get(name, {})
        fields = ((field, clean(shown(prepared, written))) for field, shown, _ in self._fields)
        return tuple((field, text) for field, text in fields if text)


def clean(text: str) -> str:
    """Text without control characters and marks that turn the direction of writing: data must not steer the screen."""
    kept = (" " if unicodedata.category(one) == "Cc" else one for one in text)
    return "".join(one for one in kept if one not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069").strip()


def _rows(wanted: Collection[RecordName], table: pa.Table) -> dict[RecordName, Row]:
    numbers = pa.array(sorted({name.record_id for name in wanted}), type=pa.string())
    found: dict[RecordName, Row] = {}
    for row in table.filter(pc.is_in(table["record_id"], value_set=numbers)).to_pylist():
        name = RecordName(row["list"], row["record_id"])
        if name in wanted:
            found.setdefault(name, row)
    return found


def _written_name(prepared: Row, written: Row) -> str:
    parts = [written.get(field) for field in ("full_name", "given_name", "family_name")]
    return " ".join(part for part in parts if part) or _text(prepared, "tokens")


def _as(field: str) -> Callable[[Row, Row], str]:
    """The field as written, else as prepared."""

    def shown(prepared: Row, written: Row) -> str:
        return _text(written, field) or _text(prepared, field)

    return shown


def _birth(prepared: Row, written: Row) -> str:
    known = _text(written, "birth_date") or _text(prepared, "birth_date")
    if known or not prepared.get("birth_from"):
        return known
    return f"between {prepared['birth_from']} and {prepared['birth_to']}"


def _text(row: Row, field: str) -> str:
    value = row.get(field)
    return "" if value is None or value in UNKNOWN else str(value)


def _names(one: Row, two: Row) -> tuple[str, str]:
    first, second = _text(one, "tokens"), _text(two, "tokens")
    if not first or not second:
        return "unknown", "not known of both"
    if first == second:
        straight = all(_text(one, field) == _text(two, field) for field in ("given", "family"))
        return "same", "same" if straight else "same names in another order"
    if _text(one, "skeleton") and _text(one, "skeleton") == _text(two, "skeleton"):
        return "close", "same consonants, spelt differently"
    if JaroWinkler.similarity(first, second) >= NEARLY:
        return "close", "nearly the same letters"
    return _parts_of_names(first.split(), second.split())


def _parts_of_names(first: list[str], second: list[str]) -> tuple[str, str]:
    shared = len(set(first) & set(second))
    if shared:
        return "close", f"{shared} name{'s' if shared > 1 else ''} in common"
    if any(JaroWinkler.similarity(one, two) >= NEARLY_PART for one in first for two in second):
        return "close", "one name nearly the same"
    return "different", "different"


def _births(one: Row, two: Row) -> tuple[str, str]:
    first, second = ([row.get(f"birth_{part}") for part in ("year", "month", "day")] for row in (one, two))
    if first == second and None not in first:
        return "same", "same date"
    if None not in first and None not in second:
        return _two_dates(first, second)
    if not (one.get("birth_from") and two.get("birth_from")):
        return "unknown", "not known of both"
    if one["birth_from"] <= two["birth_to"] and two["birth_from"] <= one["birth_to"]:
        return "close", "can be the same, one is not exact"
    return "different", "cannot be the same"


def _two_dates(first: list[Any], second: list[Any]) -> tuple[str, str]:
    if first[0] == second[0]:
        if first[1:] == second[:0:-1]:
            return "close", "same year, day and month swapped"
        return "close", "same year and month" if first[1] == second[1] else "same year"
    apart = abs(first[0] - second[0])
    years = f"{apart} year{'s' if apart > 1 else ''} apart"
    return ("close", f"same day and month, {years}") if first[1:] == second[1:] else ("different", years)


def _equal(field: str, letters: bool = False) -> Callable[[Row, Row], tuple[str, str]]:
    """Whether a field is the same in both; with ``letters`` also whether it is nearly so."""

    def compared(one: Row, two: Row) -> tuple[str, str]:
        first, second = _text(one, field), _text(two, field)
        if not first or not second:
            return "unknown", "not known of both"
        if first == second:
            return "same", "same"
        if letters and JaroWinkler.similarity(first, second) >= NEARLY_PART:
            return "close", "nearly the same letters"
        return "different", "different"

    return compared


def _years(one: Row, two: Row) -> tuple[str, str]:
    first, second = one.get("year"), two.get("year")
    if first is None or second is None:
        return "unknown", "not known of both"
    apart = abs(first - second)
    return ("same", "same year") if not apart else ("different", f"{apart} year{'s' if apart > 1 else ''} apart")


def _no_words(_one: Row, _two: Row) -> tuple[str, str]:
    return "unknown", "compare by eye"


FIELDS: tuple[tuple[str, Callable[[Row, Row], str], Callable[[Row, Row], tuple[str, str]]], ...] = (
    ("name", _written_name, _names),
    ("in Latin letters", lambda prepared, _: f"{_text(prepared, 'given')} {_text(prepared, 'family')}".strip(), _names),
    ("other names", _as("other_names"), _no_words),
    ("born", _birth, _births),
    ("sex", _as("sex"), _equal("sex")),
    ("citizenship", _as("citizenship"), _equal("citizenship")),
    ("place", _as("place"), _equal("place", letters=True)),
    ("seen in", _as("year"), _years),
)
