"""Reading plain values: dates, years and ages. A value that no person can have is refused, not repaired."""

import datetime as dt
import re
from collections.abc import Callable, Iterable

from palermo.codes import ages
from palermo.intake.lookup import NoCode
from palermo.intake.mapping import FieldMapping

FIRST_YEAR, LAST_YEAR = 1900, 2200
_WHOLE = re.compile(r"(\d{1,9})(?:\.0+)?")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}.*)?")


class Missing:
    """A cell that says nothing. Not ``None``, which stands for a faulty cell."""


MISSING = Missing()


def _blanks(field: FieldMapping) -> frozenset[str]:
    return frozenset(text.strip().casefold() for text in ("", *_texts(field)))


def _texts(field: FieldMapping) -> Iterable[str]:
    return (*field.unknown, *field.not_asked)


def date_reader(field: FieldMapping) -> Callable[[str], dt.date | Missing | NoCode]:
    """A reader of dates in the pattern of the field, or ISO 8601 where it names none."""
    blanks = _blanks(field)
    pattern = field.date_format
    expected = f"a date from {FIRST_YEAR} to {LAST_YEAR} as {pattern or 'YYYY-MM-DD'}"

    def read(text: str) -> dt.date | Missing | NoCode:
        plain = text.strip()
        if plain.casefold() in blanks:
            return MISSING
        try:
            day = _day(plain, pattern)
        except ValueError:
            return NoCode(expected, "not a date")
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            return NoCode(expected, "impossible date")
        return day

    return read


def _day(text: str, pattern: str | None) -> dt.date:
    if pattern is not None:
        return dt.datetime.strptime(text, pattern).replace(tzinfo=dt.UTC).date()
    if not _ISO.fullmatch(text):
        raise ValueError(text)
    return dt.date.fromisoformat(text[:10])


def whole_reader(field: FieldMapping, low: int, high: int, what: str) -> Callable[[str], int | Missing | NoCode]:
    """A reader of whole numbers from ``low`` to ``high``; ``what`` names them in messages."""
    blanks = _blanks(field)

    def read(text: str) -> int | Missing | NoCode:
        plain = text.strip()
        if plain.casefold() in blanks:
            return MISSING
        found = _WHOLE.fullmatch(plain)
        if found is None or not low <= int(found[1]) <= high:
            return NoCode(
                f"{what} from {low} to {high}", f"not a whole {what}" if found is None else f"impossible {what}"
            )
        return int(found[1])

    return read


def year_reader(field: FieldMapping) -> Callable[[str], int | Missing | NoCode]:
    """A reader of calendar years."""
    return whole_reader(field, FIRST_YEAR, LAST_YEAR, "year")


def age_reader(field: FieldMapping) -> Callable[[str], int | Missing | NoCode]:
    """A reader of ages in completed years."""
    return whole_reader(field, 0, ages.OLDEST, "age")


def band_of_age(age: int | None, band: str) -> str | NoCode:
    """The age band of a person: the band as recorded, else the side of 18 years on which the age stands.

    An age outside its band is a contradiction that only the source can settle.
    """
    limits = ages.bounds(band)
    if age is None:
        return band
    if limits is None:
        return ages.group_of_age(age)
    lower, upper = limits
    if age < lower or (upper is not None and age > upper):
        return NoCode(f"an age within {band}", "age outside its band")
    return band
