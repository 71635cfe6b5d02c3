"""What the offices of the demo country had sent when its first account was made, a year before the one it has now.

The decision a reader would question: two offices are late. An account that is made again is not the old one with a
year more: cases of a published year arrive afterwards. The shelter had sent nothing of its last year, which revises
that year; what the police had left out is so little that the change would point at persons, so that the figures wait.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from palermo.demo import facts
from palermo.demo.records import Record

YEARS = facts.YEARS[:-1]
LATE = {  # the days of which a list's records came after the first account
    "shelter": (date(2022, 1, 1), date(2022, 12, 31)),
    "police": (date(2020, 12, 30), date(2020, 12, 30)),
}
_STEPS = slice(4, 7)  # years of contact, prosecution and conviction in the courts' file


def records_by_then(name: str, records: Iterable[Record]) -> Iterator[Record]:
    """The records of one list that had been sent, in their order."""
    first, last = LATE.get(name, (date.max, date.min))
    return (record for record in records if record.year <= YEARS[-1] and not first <= record.day <= last)


def courts_by_then(rows: Iterable[Sequence[str]]) -> list[list[str]]:
    """The rows of the courts' file as they stood: persons contacted by then, and the steps taken by then."""
    found = []
    for row in rows:
        steps = [year if year and int(year) <= YEARS[-1] else "" for year in row[_STEPS]]
        if steps[0]:
            found.append([*row[: _STEPS.start], *steps, *row[_STEPS.stop :]])
    return found
