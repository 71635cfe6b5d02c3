"""Years of a series whose number is only known as a wide range, and what is said of them.

The decision a reader would question: a total that is printed as "fewer than 5" beside parts that add up to a thousand
says nothing of a change. Such a year stands in the drawing as its range, no line runs to it, and no sentence tells it.
"""

from collections.abc import Mapping

from palermo.language import _, digits
from palermo.report.amounts import Amount, total
from palermo.report.figures import parts
from palermo.report.labels import PEOPLE, joined
from palermo.report.reading import Release


def below_its_parts(release: Release, area: str, totals: Mapping[str, Amount]) -> tuple[str, ...]:
    """The years whose total of people, as printed, is less than its parts by age and sex, as printed."""
    indicator = parts.people_source(release, area)
    return tuple(
        year
        for year, whole in totals.items()
        if whole.is_known and whole.ceiling < _least_of_parts(release, indicator, area, year)
    )


def _least_of_parts(release: Release, indicator: str, area: str, year: str) -> float:
    rows = [release.one(indicator, area, year, sex=sex, age=age, unit="PERSON") for sex, age in PEOPLE]
    return total(row.amount for row in rows).floor


def range_note(totals: Mapping[str, Amount]) -> tuple[str, ...]:
    """What must be said where years are only known as a wide range; nothing where none is."""
    wide = [digits(year) for year, amount in totals.items() if amount.is_wide]
    if not wide:
        return ()
    return (
        _(
            "Only known as a range, to which no line runs and from which no rise or fall can be read: {years}.",
            years=joined(wide),
        ),
    )


def parts_note(years: tuple[str, ...]) -> tuple[str, ...]:
    """What must be said where totals are below their parts; nothing where none is."""
    if not years:
        return ()
    told = joined([digits(year) for year in years])
    return (_("The parts by age and sex, as printed, exceed the total, as printed: {years}.", years=told),)
