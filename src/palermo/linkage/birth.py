"""A date of birth as written becomes what is certain of it and the range of days in which it lies.

The decision a reader would question: where a text can be read in several ways (day and month in either order, two
digits of a year, a year of another calendar) every possible reading stays in the range, and only the parts on which
all readings agree are stated. A choice by habit would make true pairs disagree.
"""

import calendar
import re
import time
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

from palermo.linkage.calendars import from_hijri, from_persian
from palermo.linkage.names.placeholders import is_placeholder
from palermo.linkage.names.romanise import letters_only

_DATA = tomllib.loads((resources.files("palermo.linkage") / "dates.toml").read_text(encoding="utf-8"))
VERSION: str = _DATA["version"]
_MONTHS: dict[str, int] = _DATA["months"]
_DOUBTFUL = frozenset((month, day) for month, day in _DATA["doubtful_days"])
_THIS_YEAR_AT_MOST = 2100  # no clock here: same input, same output

_SPLIT = re.compile(r"[^0-9]+")
_ABOUT = re.compile(r"^(?:c|ca|circa|about|approx|est|env|um|vers|hacia)\b\.?|^~|\?$", re.IGNORECASE)
_TIME = re.compile(r"[T ]\d{1,2}:\d{2}.*$")
_ABOUT_YEARS = 2


class Birth(NamedTuple):
    """What a record says of the day of birth; each part None where it is unknown or in doubt.

    ``first`` and ``last`` are the earliest and latest day possible. ``notice`` names what a reader should know:
    ``impossible`` (no such day), ``unreadable``, ``doubtful_day``, ``several_readings``, ``calendar``, ``age``.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    first: date | None = None
    last: date | None = None
    notice: str | None = None

    @property
    def certain(self) -> str | None:
        """YYYY-MM-DD where year, month and day are known and none is in doubt."""
        if self.year is None or self.month is None or self.day is None:
            return None
        return f"{self.year:04d}-{self.month:02d}-{self.day:02d}"


class _Reading(NamedTuple):
    """One possible reading: a range of days; ``calendar``: converted from another calendar or rough; ``short``: the
    year was written with two digits."""

    first: date
    last: date
    calendar: bool = False
    short: bool = False


NOTHING = Birth()


@lru_cache(maxsize=1 << 18)
def read_birth(
    text: str | None, date_format: str | None = None, age: int | None = None, year: int | None = None
) -> Birth:
    """The birth that a record allows; ``age`` in completed years in the year of detection ``year``."""
    if year is not None and not 1800 <= year <= _THIS_YEAR_AT_MOST:
        year = None
    by_age = _from_age(age, year)
    if text is None or is_placeholder(text):
        return by_age
    plain = _ascii_digits(text)
    readings = list(_by_format(plain, date_format)) or list(_readings(plain))
    if not readings:
        return by_age._replace(notice="impossible" if _SPLIT.sub("", plain) else "unreadable")
    possible = _possible(readings, by_age, year)
    if not possible:
        return by_age._replace(notice="impossible")
    return _agreed(possible)


def _from_age(age: int | None, year: int | None) -> Birth:
    if age is None or year is None or not 0 <= age <= _DATA["oldest_person"]:
        return NOTHING
    return Birth(first=date(year - age - 1, 1, 1), last=date(year - age, 12, 31), notice="age")


def _ascii_digits(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).strip()
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in text)


def _by_format(text: str, date_format: str | None) -> Iterator[_Reading]:
    """The one reading by the format that the list states, if the text fits it."""
    if not date_format:
        return
    try:
        day = date(*time.strptime(text, date_format)[:3])
    except (ValueError, re.error):
        return
    if "%y" in date_format:
        yield from _short_year(day.year % 100, day.month, day.day)
    elif day.year > 2100 or day.year < _DATA["earliest_year"]:
        yield from _year_month_day(day.year, day.month, day.day)
    elif "%d" in date_format or "%j" in date_format or "%x" in date_format or "%c" in date_format:
        yield from _gregorian(day.year, day.month, day.day)
    else:
        named = "%m" in date_format or "%b" in date_format or "%B" in date_format
        yield from _gregorian(day.year, day.month if named else 0, 0)


def _readings(text: str) -> Iterator[_Reading]:
    """Every reading of a text whose format is not stated."""
    about = bool(_ABOUT.search(text))
    text = _TIME.sub("", _ABOUT.sub("", text)).strip()
    for reading in _numbers(text):
        if about:
            yield _Reading(_years_later(reading.first, -_ABOUT_YEARS), _years_later(reading.last, _ABOUT_YEARS), True)
        else:
            yield reading


def _numbers(text: str) -> Iterator[_Reading]:
    month = _month_name(text)
    fields = [field for field in _SPLIT.split(text) if field]
    if month and fields:
        yield from _with_month_name(fields, month)
    elif len(fields) == 1:
        yield from _one_number(fields[0])
    elif len(fields) == 2:
        yield from _two_numbers(fields)
    elif len(fields) == 3:
        yield from _three_numbers(fields)


def _month_name(text: str) -> int | None:
    if not any(letter.isalpha() for letter in text):
        return None
    words = letters_only(re.sub(r"\d", " ", text)).split()
    return next((_MONTHS[word] for word in words if word in _MONTHS), None)


def _with_month_name(fields: list[str], month: int) -> Iterator[_Reading]:
    if len(fields) == 1:
        yield from _any_year(fields[0], month, 0)
    elif len(fields) == 2:
        year, day = (fields[0], fields[1]) if len(fields[0]) > 2 else (fields[1], fields[0])
        yield from _any_year(year, month, int(day))


def _one_number(field: str) -> Iterator[_Reading]:
    if len(field) == 4:
        yield from _any_year(field, 0, 0)
    elif len(field) == 6:
        yield from _any_year(field[:4], int(field[4:]), 0)
    elif len(field) == 8:
        found = list(_any_year(field[:4], int(field[4:6]), int(field[6:])))
        yield from found or _day_month(field[4:], int(field[:2]), int(field[2:4]))


def _two_numbers(fields: list[str]) -> Iterator[_Reading]:
    one, two = fields
    if len(one) == 4 and len(two) == 4:  # 1990-1992: any day of these years
        both = [*_any_year(one, 0, 0), *_any_year(two, 0, 0)]
        if both:
            yield _Reading(min(each.first for each in both), max(each.last for each in both))
    elif len(one) == 4:
        yield from _any_year(one, int(two), 0)
    elif len(two) == 4:
        yield from _any_year(two, int(one), 0)


def _three_numbers(fields: list[str]) -> Iterator[_Reading]:
    one, two, three = fields
    if len(one) > 2:
        yield from _any_year(one, int(two), int(three))
    else:
        yield from _day_month(three, int(one), int(two))
        if len(three) == 2:
            yield from _any_year(one, int(two), int(three))


def _day_month(year: str, one: int, two: int) -> Iterator[_Reading]:
    """Both orders of day and month."""
    yield from _any_year(year, two, one)
    if one != two and (one or two):
        yield from _any_year(year, one, two)


def _any_year(text: str, month: int, day: int) -> Iterator[_Reading]:
    if len(text) == 2:
        yield from _short_year(int(text), month, day)
    elif len(text) == 4:
        yield from _year_month_day(int(text), month, day)


def _short_year(year: int, month: int, day: int) -> Iterator[_Reading]:
    for century in (1800, 1900, 2000):
        yield from (each._replace(short=True) for each in _gregorian(century + year, month, day))


def _year_month_day(year: int, month: int, day: int) -> Iterator[_Reading]:
    """The readings of a year of four digits by the calendars in whose range it falls."""
    low, high = _DATA["buddhist"]
    if low <= year <= high:
        yield from (each._replace(calendar=True) for each in _gregorian(year - 543, month, day))
    elif _DATA["earliest_year"] <= year <= _THIS_YEAR_AT_MOST:
        yield from _gregorian(year, month, day)
    for name, convert, doubt in (("persian", from_persian, 0), ("hijri", from_hijri, _DATA["hijri_doubt_days"])):
        low, high = _DATA[name]
        if not low <= year <= high:
            continue
        if (month, day) == (1, 1):  # filled in where only the year is known, as 1 January is
            month, day = 0, 0
        first = convert(year, month or 1, day or 1)
        last = convert(year, month or 12, day or 29)
        if first and last:
            slack = timedelta(days=doubt + (0 if day else 2))
            yield _Reading(first - timedelta(days=doubt), last + slack, True)


def _gregorian(year: int, month: int, day: int) -> Iterator[_Reading]:
    """Month 0: the whole year; day 0: the whole month; nothing where there is no such day."""
    if month > 12 or day > 31:
        return
    if month == 0:
        if day == 0:
            yield _Reading(date(year, 1, 1), date(year, 12, 31))
        return
    length = calendar.monthrange(year, month)[1]
    if day == 0:
        yield _Reading(date(year, month, 1), date(year, month, length))
    elif day <= length:
        yield _Reading(date(year, month, day), date(year, month, day))


def _years_later(day: date, years: int) -> date:
    return date(day.year + years, day.month, min(day.day, 28) if day.month == 2 else day.day)


def _possible(readings: Iterable[_Reading], by_age: Birth, year: int | None) -> list[_Reading]:
    """Readings that the year of detection allows; where an age is known, those that it fits if any does."""
    last = year if year else _THIS_YEAR_AT_MOST
    oldest = year - _DATA["oldest_person"] if year else _DATA["earliest_year"]
    low, high = (year - _DATA["two_digit_age"], year) if year else _DATA["two_digit_years"]
    allowed = [
        each
        for each in dict.fromkeys(readings)
        if each.first.year <= last and each.last.year >= oldest and (not each.short or low <= each.first.year <= high)
    ]
    if by_age.first is None or by_age.last is None or len(allowed) < 2:
        return allowed
    early, late = _years_later(by_age.first, -1), _years_later(by_age.last, 1)
    return [each for each in allowed if each.last >= early and each.first <= late] or allowed


def _agreed(readings: list[_Reading]) -> Birth:
    """The parts on which all readings agree, and the range that holds them all."""
    open_ones = [_year_for_doubtful_day(each) for each in readings]
    first, last = min(each.first for each in open_ones), max(each.last for each in open_ones)
    months = {each.first.month if _within_one_month(each) else 0 for each in open_ones}
    days = {each.first.day if each.first == each.last else 0 for each in open_ones}
    month = months.pop() if len(months) == 1 else 0
    day = days.pop() if len(days) == 1 else 0
    return Birth(
        first.year if first.year == last.year else None,
        month or None,
        day if day and month else None,
        first,
        last,
        _notice(readings, doubtful=open_ones != readings),
    )


def _within_one_month(reading: _Reading) -> bool:
    return (reading.first.year, reading.first.month) == (reading.last.year, reading.last.month)


def _year_for_doubtful_day(reading: _Reading) -> _Reading:
    """The whole year where the day is one that registers fill in."""
    day = reading.first
    if day != reading.last or (day.month, day.day) not in _DOUBTFUL:
        return reading
    return reading._replace(first=date(day.year, 1, 1), last=date(day.year, 12, 31))


def _notice(readings: list[_Reading], doubtful: bool) -> str | None:
    if doubtful:
        return "doubtful_day"
    if len(readings) > 1:
        return "several_readings"
    return "calendar" if readings[0].calendar else None
