"""All figures of a release, in sections: what the page and the data files are both made from."""

from collections.abc import Callable

import pyarrow.compute as pc

from palermo.language import _
from palermo.report.figure import Figure, FigureMaker
from palermo.report.figures import BY_ID, OF_SEVERAL_COUNTRIES, SECTIONS
from palermo.report.figures.around import figures_around
from palermo.report.figures.countries import is_group
from palermo.report.figures.with_sealed import with_sealed
from palermo.report.reading import ALL_YEARS, Release

Sections = tuple[tuple[str, str, tuple[Figure, ...]], ...]
Making = Callable[[FigureMaker, Release, str, str], Figure]


def last_period(release: Release) -> str:
    """The last year of the account: as the metadata say, else the last year with people detected, else any."""
    if release.years:
        return str(release.years[1])
    known = release.periods("victims_by_sex_age", release.area)
    if known:
        return known[-1]
    every = sorted({period[-4:] for period in release.cube["time_period"].to_pylist() if period[-4:].isdigit()})
    return every[-1] if every else ALL_YEARS


def _made(make: FigureMaker, release: Release, area: str, period: str) -> Figure:
    return make(release, area, period)


def sections_of(release: Release, area: str | None = None, period: str | None = None, made: Making = _made) -> Sections:
    """Every figure for an area and a period; where they are not named, of the account and of its last year.

    What sets several countries side by side is left out for one country; a section without any figure as well.
    ``made`` gives the figure of a maker: a site may have it already.
    """
    place, when = area or release.area, period or last_period(release)
    sections = []
    for anchor, heading, makers in SECTIONS:
        wanted = [make for make in makers.values() if is_shown(make, place)]
        figures = (*(made(make, release, place, when) for make in wanted), *_more(anchor, release, place))
        if figures:
            sections.append((anchor, _(heading), figures))
    return tuple(sections)


def is_shown(make: FigureMaker, area: str) -> bool:
    """Whether the account of an area has this figure: one country has none that sets several side by side."""
    return is_group(area) or make not in OF_SEVERAL_COUNTRIES


def maker_of(figure_id: str, area: str) -> FigureMaker | None:
    """Who makes a figure of an area by itself; nobody where it stands only among others, or in no account."""
    make = BY_ID.get(figure_id)
    return make if make and is_shown(make, area) else None


def _more(anchor: str, release: Release, area: str) -> tuple[Figure, ...]:
    """Figures that only some releases hold: around the estimate, and with persons under seal."""
    if anchor == "trend":
        return with_sealed(release, area)
    return figures_around(release, area) if anchor == "hidden" and area == release.area else ()


def areas_of(release: Release) -> list[str]:
    """The areas of which the release holds any number, in the order of their codes."""
    return sorted(set(pc.unique(release.cube["ref_area"]).to_pylist()) - {"_T", "_U", "_Z", "_N"})


def years_of(release: Release, area: str) -> list[str]:
    """The years for which the release holds any number of an area, oldest first."""
    periods = release.cube.filter(pc.equal(release.cube["ref_area"], area))["time_period"]
    return sorted(year for year in pc.unique(periods).to_pylist() if year.isdigit())
