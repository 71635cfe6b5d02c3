"""Days of other calendars as days of the Gregorian calendar.

Lunar Hijri months begin when the moon is seen, so the tabular calendar used here can be a day or two off; whoever
calls it widens the range. The Persian calendar follows the 33-year cycle, exact for 1178 to 1633 (Borkowski 1996).
"""

from datetime import date, timedelta

PERSIAN_LEAP = frozenset({1, 5, 9, 13, 17, 22, 26, 30})
_PERSIAN_MONTHS = (31, 31, 31, 31, 31, 31, 30, 30, 30, 30, 30, 29)
_HIJRI_EPOCH = 227015  # 1 Muharram 1, civil epoch, as a proleptic Gregorian ordinal (Dershowitz and Reingold)


def from_persian(year: int, month: int, day: int) -> date | None:
    """The Gregorian day; None where the calendar has no such day."""
    if not 1 <= month <= 12:
        return None
    length = _PERSIAN_MONTHS[month - 1] + (month == 12 and year % 33 in PERSIAN_LEAP)
    if not 1 <= day <= length:
        return None
    return _persian_new_year(year) + timedelta(days=sum(_PERSIAN_MONTHS[: month - 1]) + day - 1)


def _persian_new_year(year: int) -> date:
    """1 Farvardin, counted from 1 Farvardin 1353 = 21 March 1974."""
    anchor, first = date(1974, 3, 21), 1353
    step = 1 if year >= first else -1
    years = range(first, year) if step > 0 else range(year, first)
    days = sum(366 if each % 33 in PERSIAN_LEAP else 365 for each in years)
    return anchor + timedelta(days=step * days)


def from_hijri(year: int, month: int, day: int) -> date | None:
    """The Gregorian day of the tabular lunar calendar; None where the calendar has no such day."""
    if not (1 <= month <= 12 and 1 <= day <= 30):
        return None
    months = 29 * (month - 1) + month // 2
    return date.fromordinal(day + months + (year - 1) * 354 + (3 + 11 * year) // 30 + _HIJRI_EPOCH - 1)
