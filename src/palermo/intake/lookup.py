"""From the text of a coded cell to a code, or to the words that say why there is none.

The order is fixed: what the mapping lists, then its texts for "not asked" and "unknown", then the code list. Nothing
is guessed: the nearest codes go into the message for a person to decide.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from palermo.codes import areas, code_list
from palermo.errors import UsageError
from palermo.intake.mapping import FieldMapping

AREA = "area"
LISTED = "listed"  # only what the mapping itself lists
UNKNOWN, NOT_ASKED = "_U", "_N"
TOTAL = "_T"  # in tables of figures only
SPECIALS = frozenset({UNKNOWN, NOT_ASKED, "_Z"})
STATELESS = "STATELESS"

# The code list of each coded column of the tables; ``area`` stands for countries.
LISTS = {
    "source_type": "source_type",
    "status": "victim_status",
    "sex": "sex",
    "age_band": "age",
    "age": "age",  # in observations; the age of a person is a number
    "form": "form",
    "forms": "form",
    "means": "means",
    "recruiter": "recruiter",
    "sector": "sector",
    "migration_stage": "migration_stage",
    "migration_status": "migration_status",
    "context": "context",
    "services": "service",
    "attribute": "perpetrator_attribute",
    "values": LISTED,
    "citizenship": AREA,
    "origin": AREA,
    "transit": AREA,
    "destination": AREA,
    "ref_area": AREA,
    "counterpart_area": AREA,
    "measure": "measure",
    "unit": "unit",
    "kind": "kind",
    "obs_status": "obs_status",
}
_NA = "na"  # Namibia in two letters, and what R and pandas write for nothing
_MOST = 100_000  # a column of free text must not fill the memory
_SEPARATORS = re.compile(r"[;|/,\n]|\s(?:and|&|\+)\s")


@dataclass(frozen=True)
class NoCode:
    """Why a text gives no code."""

    expected: str
    reason: str


class Lookup:
    """The codes of one column under one field mapping. Every distinct text is looked up once."""

    def __init__(self, field: FieldMapping, in_table: bool = False) -> None:
        self._list = LISTS[field.target]
        self._in_table = in_table
        self._values = {_plain(text): code for text, code in field.values.items()}
        self._exact = dict(field.values)
        self._known: dict[str, str | NoCode] = {}
        self._two_letters = False
        self._match = _matcher(self._list)
        for code in [*field.values.values(), *field.flags.values(), *filter(None, [field.constant])]:
            if not self._is_code(code):
                near = ", ".join(self._nearest(code)) or "none"
                raise UsageError(f"[fields.{field.target}]: {code!r} is no code of list {self._list}; nearest: {near}")
        for text in field.unknown:
            self._values.setdefault(_plain(text), UNKNOWN)
        for text in field.not_asked:
            self._values[_plain(text)] = NOT_ASKED

    def see(self, texts: Iterable[str]) -> None:
        """Take in other texts of the column: two-letter codes among them settle that ``NA`` is Namibia."""
        if self._list == AREA and not self._two_letters:
            self._two_letters = any(_iso2(text) for text in texts if _plain(text) != _NA)

    def __call__(self, text: str) -> str | NoCode:
        """The code of the text, or why there is none."""
        found = self._known.get(text)
        if found is None:
            found = self._look_up(text)
            if len(self._known) < _MOST and _plain(text) != _NA:
                self._known[text] = found
        return found

    def _look_up(self, text: str) -> str | NoCode:
        code = self._exact.get(text) or self._values.get(_plain(text))
        if code is None and self._list == AREA and _plain(text) == _NA and not self._two_letters:
            return NoCode(
                'Namibia or a missing value: list NA in values (NA = "NAM") or in unknown', "ambiguous: NA in a file"
            )
        code = code or self._match(text)
        if code is not None:
            return code
        parts = [part for part in _SEPARATORS.split(text) if part.strip()]
        if len(parts) > 1 and all(self._values.get(_plain(part)) or self._match(part) for part in parts):
            return NoCode("one value; where a cell may hold several, set separator", "several values in one cell")
        near = ", ".join(self._nearest(text)) or "none"
        name = {AREA: "a country", LISTED: "a listed text"}.get(self._list, f"a code of list {self._list}")
        return NoCode(f"{name}; nearest: {near}", "unknown code")

    def _is_code(self, code: str) -> bool:
        if code in SPECIALS or self._list == LISTED or (self._in_table and code == TOTAL):
            return True
        if self._list == AREA:
            return areas.is_citizenship(code) or areas.is_area(code)
        known = code_list(self._list)
        return known.in_table(code) if self._in_table else code in known

    def _nearest(self, text: str) -> list[str]:
        if self._list == LISTED:
            return list(self._exact)
        return areas.nearest(text) if self._list == AREA else code_list(self._list).nearest(text)


def _plain(text: str) -> str:
    return text.strip().casefold()


def _iso2(text: str) -> str | None:
    plain = text.strip().upper()
    return areas.from_iso2(plain) if len(plain) == 2 and plain.isascii() else None


def _area(text: str) -> str | None:
    """A country by ISO alpha-2 or alpha-3 code, by name, or by the name of its people."""
    plain = text.strip()
    if code := _iso2(plain):
        return code
    if plain.upper() in SPECIALS | {STATELESS}:
        return plain.upper()
    return areas.match(plain, demonyms=True)


def _matcher(list_id: str) -> Callable[[str], str | None]:
    if list_id == LISTED:
        return lambda _: None
    return _area if list_id == AREA else code_list(list_id).match
