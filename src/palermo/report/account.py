"""All figures of a release, in sections: what the page and the data files are both made from."""

from palermo.language import _
from palermo.report.figure import Figure
from palermo.report.figures import SECTIONS
from palermo.report.figures.around import figures_around
from palermo.report.figures.with_sealed import with_sealed
from palermo.report.reading import ALL_YEARS, Release

Sections = tuple[tuple[str, str, tuple[Figure, ...]], ...]


def last_period(release: Release) -> str:
    """The last year of the account: as the metadata say, else the last year with people detected, else any."""
    years = release.metadata.get("years")
    if isinstance(years, list | tuple) and len(years) == 2:
        return str(years[1])
    known = release.periods("victims_by_sex_age", release.area)
    if known:
        return known[-1]
    every = sorted({period[-4:] for period in release.cube["time_period"].to_pylist() if period[-4:].isdigit()})
    return every[-1] if every else ALL_YEARS


def sections_of(release: Release) -> Sections:
    """Every figure for the area of the account and its last year."""
    period = last_period(release)
    return tuple(
        (anchor, _(heading), (*(make(release, release.area, period) for make in makers), *_more(anchor, release)))
        for anchor, heading, makers in SECTIONS
    )


def _more(anchor: str, release: Release) -> tuple[Figure, ...]:
    """Figures that only some releases hold: around the estimate, and with persons under seal."""
    if anchor == "trend":
        return with_sealed(release, release.area)
    return figures_around(release, release.area) if anchor == "hidden" else ()
