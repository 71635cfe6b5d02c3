"""What figures of parts year by year share: which years, what a change may mean, which changes are sure.

The decision a reader would question: years of a group of countries differ in the countries that reported, so a change
of a share may be a change of reporters. The note says so.
"""

from palermo.language import _
from palermo.report.amounts import spoken
from palermo.report.marks import StackRow

MOST_YEARS = 20
LEAST_COUNTRIES = 5  # a year of a region with fewer says little of the region


def last_years(period: str) -> list[str]:
    """The years up to a period, as many as a figure shows."""
    last = int(period[-4:]) if period[-4:].isdigit() else 0
    return [str(year) for year in range(last - MOST_YEARS + 1, last + 1)]


def changes_note(*, is_group: bool) -> str:
    """What a change of a share may come from, and how the drawing shows what is open."""
    if is_group:
        return _(
            "Years differ in the countries that reported, so a change of a share may be a change of reporters. A part "
            "is drawn at the least it can be; what ranges leave open is hatched. Years with few countries are left out."
        )
    return _(
        "A change of a share may come from the services that reported. A part is drawn at the least it can be; what "
        "ranges leave open is hatched."
    )


def first_and_last(rows: list[StackRow]) -> tuple[str, ...]:
    """The parts whose share is surely larger, or smaller, in the last year than in the first."""
    told = []
    for before, after in zip(rows[0].parts, rows[-1].parts, strict=True):
        if not (before.amount.is_known and after.amount.is_known):
            continue
        words = {"part": before.label, "first": rows[0].label, "last": rows[-1].label}
        words |= {"before": spoken(before.amount, 0, "%"), "after": spoken(after.amount, 0, "%")}
        if after.amount.floor > before.amount.ceiling:
            told.append(_("{part}: more in {last} ({after}) than in {first} ({before}).", **words))
        elif after.amount.ceiling < before.amount.floor:
            told.append(_("{part}: less in {last} ({after}) than in {first} ({before}).", **words))
    return tuple(told)
