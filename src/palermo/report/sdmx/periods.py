"""Periods of the cube as SDMX frequency and time period, and what a period spans.

SDMX has no period for "all years of the account" or "year not known", and no two observations may share a key. So the
frequency says which kind of period it is, and the time period is always one that SDMX knows: a year, or a time range
(first day / duration).
"""

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from palermo.errors import PalermoError
from palermo.language import marked

YEARLY, SEVERAL, ALL, UNKNOWN = "A", "_O", "_Z", "_U"
FREQUENCIES = {
    YEARLY: (marked("Annual"), marked("One year.")),
    SEVERAL: (marked("Several years as one period"), marked("A period of years that is counted once, such as 2019 to "
              "2023; not the sum of years.")),
    ALL: (marked("All years of the account"), marked("The total over the years of the account.")),
    UNKNOWN: (marked("Year not known"), marked("The year is not known; the time period is that of the account.")),
}  # fmt: skip
_YEARS = re.compile(r"(\d{4})(?:/(\d{4}))?")
_RANGE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T[\d:.]+)?/P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?")
_PERIOD = re.compile(r"(\d{4})(?:-([A-Z])?(\d{1,3})(?:-(\d{2})(?:T[\d:.]+Z?)?)?)?")
_PARTS = {"A": 12, "S": 6, "T": 4, "Q": 3, "M": 1}  # months of a reporting period


@dataclass(frozen=True)
class Span:
    """First and last day of a period."""

    start: date
    end: date


def account_years(years: object, periods: Iterable[str]) -> tuple[int, int] | None:
    """First and last year of the account: as the metadata say, else of its periods; None where there is no year."""
    if isinstance(years, list | tuple) and len(years) == 2:
        return int(years[0]), int(years[1])
    found = [int(year) for text in periods if (m := _YEARS.fullmatch(text)) for year in m.groups() if year]
    return (min(found), max(found)) if found else None


def in_sdmx(period: str, whole: tuple[int, int] | None) -> tuple[str, str]:
    """Frequency and time period of a period of the cube. Raises ``PalermoError`` for one that is none."""
    found = _YEARS.fullmatch(period)
    if found and not found[2]:
        return YEARLY, period
    if found:
        return SEVERAL, _range(int(found[1]), int(found[2]))
    frequency = {"_T": ALL, "_U": UNKNOWN, "_N": UNKNOWN}.get(period)
    if frequency is None or whole is None:
        raise PalermoError(f"time_period {period!r}: expected a year, a range such as 2019/2023, or _T beside years")
    return frequency, _range(*whole)


def _range(first: int, last: int) -> str:
    return f"{first:04}-01-01/P{last - first + 1}Y"


def span(text: str) -> Span | None:
    """The days of a time period in the writing of SDMX; None where it is none."""
    try:
        if found := _RANGE.fullmatch(text):
            return _of_range(*found.groups())
        found = _PERIOD.fullmatch(text)
        return _of_period(*found.groups()) if found else None
    except (ValueError, OverflowError):  # 2020-13-40 has the form of a date and is none; P99999999999D has no end
        return None


def _of_range(first: str, years: str | None, months: str | None, days: str | None) -> Span:
    start = date.fromisoformat(first)
    after = _later(start, 12 * int(years or 0) + int(months or 0)) + timedelta(days=int(days or 0))
    return Span(start, after - timedelta(days=1))


def _of_period(year: str, letter: str | None, number: str | None, day: str | None) -> Span | None:
    if number is None:
        return Span(date(int(year), 1, 1), date(int(year), 12, 31))
    if letter is None and day is not None:
        return Span(date(int(year), int(number), int(day)), date(int(year), int(number), int(day)))
    months = _PARTS.get(letter or "M")
    if months is None or day is not None or not 1 <= int(number) <= 12 // months:
        return None
    start = date(int(year), (int(number) - 1) * months + 1, 1)
    return Span(start, _later(start, months) - timedelta(days=1))


def _later(start: date, months: int) -> date:
    whole = start.year * 12 + start.month - 1 + months
    year, month = divmod(whole, 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))
