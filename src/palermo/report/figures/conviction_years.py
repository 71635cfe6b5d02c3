"""Convictions of several countries and years, as C4, C8 and C9 take them from the release."""

from collections.abc import Sequence

from palermo.report.figures import countries
from palermo.report.observations import Observation
from palermo.report.reading import Release

CONVICTED, VICTIMS, RATE = "persons_convicted", "sdg_16_2_2", "victims_rate"
YEARS = 8  # years compared: those of the first half with those of the second


def yearly(release: Release, indicator: str, years: Sequence[str], area: str) -> dict[str, dict[str, Observation]]:
    """The total of an indicator by country and year."""
    found: dict[str, dict[str, Observation]] = {}
    within = countries.members(area)
    for row in release.across(indicator, years, sex="_T", age="_T", unit="PERSON"):
        if row["ref_area"] in within and row.amount.is_known and row["form"] in {"_T", "_Z"}:
            found.setdefault(row["ref_area"], {})[row["time_period"]] = row
    return dict(sorted(found.items()))


def years_to(period: str, count: int) -> list[str]:
    """The years up to a period, ``count`` of them."""
    last = int(period[-4:]) if period[-4:].isdigit() else 0
    return [str(year) for year in range(last - count + 1, last + 1)]
