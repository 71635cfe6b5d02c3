"""The ``[identity]`` table of a mapping: which columns of a file say who a person is.

The decision a reader would question: names are read only where a person wrote this table, or left it in a proposal.
Counting needs no names; a file whose mapping has no such table is read as if its names did not stand there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from palermo.errors import UsageError

ONE_COLUMN = ("given_name", "family_name", "full_name", "birth_date", "place")


@dataclass(frozen=True)
class Identity:
    """Headers of the identifying columns; sex, age, citizenship and year come from the fields of the case.

    ``other_names`` may name several columns. ``date_format`` is the strptime pattern of the birth dates; ISO 8601 where
    absent. ``unknown`` lists the texts (compared without case and outer spaces) that mean that nothing is known.
    """

    given_name: str | None = None  # header of the given names
    family_name: str | None = None
    full_name: str | None = None  # where one column holds the whole name
    other_names: tuple[str, ...] = ()  # aliases, patronymic, name of the mother: whatever else helps
    birth_date: str | None = None  # read as far as it goes: a date, a month, a year
    date_format: str | None = None  # strptime pattern of the birth dates; ISO 8601 where absent
    place: str | None = None  # town or district, never an address
    unknown: tuple[str, ...] = ("",)  # texts that mean that nothing is known

    def columns(self) -> tuple[str, ...]:
        """Every source header that the table names."""
        named = (getattr(self, key) for key in ONE_COLUMN)
        return (*(header for header in named if header is not None), *self.other_names)


def identity_of(document: Mapping[str, Any], table: str, where: str) -> Identity | None:
    """The table of a parsed mapping, None where it has none. Raises ``UsageError`` naming the faulty key."""
    raw = document.get("identity")
    if raw is None:
        return None
    if not isinstance(raw, dict):
        raise UsageError(f"{where}: identity = {raw!r}; expected a table [identity] with the headers of columns")
    if table != "cases":
        raise UsageError(f"{where}: [identity] belongs to a table of cases; this mapping fills {table}")
    known = [field.name for field in fields(Identity)]
    if unexpected := sorted(set(raw) - set(known)):
        raise UsageError(f"{where}: [identity] has unknown keys {', '.join(unexpected)}; known: {', '.join(known)}")
    values = {key: _value(key, value, where) for key, value in raw.items()}
    identity = Identity(**values)
    if not identity.columns():
        raise UsageError(
            f"{where}: [identity] names no column; leave the table out, or name one of the columns of names"
        )
    return identity


def _value(key: str, value: object, where: str) -> Any:
    if key in ("other_names", "unknown"):
        several = [value] if isinstance(value, str) else value
        if not isinstance(several, list) or not all(isinstance(text, str) for text in several):
            raise UsageError(f"{where}: [identity] {key}: found {value!r}, expected a list of texts")
        return tuple(several)
    if not isinstance(value, str) or not value:
        raise UsageError(f"{where}: [identity] {key}: found {value!r}, expected the header of a column")
    return value
