"""The shelf and what is made of it once for all readers: releases by their id, their folders, their cubes."""

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings
from django.http import Http404

from palermo.codes import areas as area_codes
from palermo.errors import UsageError
from palermo.language import speaking, spoken_now
from palermo.portal.shelf import WITHDRAWN, Shelf, open_shelf
from palermo.release.difference import Difference, differences
from palermo.report.account import Sections, areas_of, maker_of, sections_of, years_of
from palermo.report.draw.geometry import Shape, read_geometry
from palermo.report.explore.cubes import Cube, cubes_of
from palermo.report.figure import Figure, FigureMaker
from palermo.report.observations import observations_of
from palermo.report.page.receipts import what_is
from palermo.report.page.render import Shown, shown
from palermo.report.reading import Release

SECTIONS_KEPT = 64
FIGURES_KEPT = 2048
RECEIPTS_LISTED = 20


def shelf() -> Shelf:
    """The releases on show, opened and checked once."""
    return _shelf(tuple(settings.RELEASES), settings.SHOW_DRAFTS)


@cache
def _shelf(places: tuple[str, ...], drafts: bool) -> Shelf:
    return open_shelf([Path(place) for place in places], drafts)


def release_named(release_id: str | None) -> Release:
    """The release of this id, or the latest. Raises ``Http404`` where none of that id may be read."""
    if release_id is None:
        return shelf().latest
    found = shelf().by_id.get(release_id)
    if found is None or found.status == WITHDRAWN:
        raise Http404(f"no release {release_id} that may be read")
    return found


def folder_of(release: Release) -> Path:
    """Where a release lies."""
    return shelf().folders[release.id]


def cubes(release: Release) -> Mapping[str, Cube]:
    """The cubes of a release, indexed once."""
    return _cubes(release.id)


@cache
def _cubes(release_id: str) -> Mapping[str, Cube]:
    return cubes_of(shelf().by_id[release_id].cube)


def figure_named(release: Release, area: str, period: str, figure_id: str) -> Figure | None:
    """A figure of an area and a period by its id. Raises ``Http404`` where the release holds no such area or year."""
    checked(release, area, period)
    make = maker_of(figure_id, area)
    if make:
        return _made(make, release, area, period)
    every = (one for *_, group in sections(release, area, period) for one in group)
    return next((one for one in every if one.id == figure_id), None)


def sections(release: Release, area: str, period: str) -> Sections:
    """Every figure of an area and a period in the language spoken now; those last asked for are kept."""
    return _sections(release.id, area, period, spoken_now().code)


@lru_cache(maxsize=SECTIONS_KEPT)
def _sections(release_id: str, area: str, period: str, language: str) -> Sections:
    with speaking(language):
        return sections_of(shelf().by_id[release_id], area, period, _made)


def _made(make: FigureMaker, release: Release, area: str, period: str) -> Figure:
    return _figure(make, release.id, area, period, spoken_now().code)


@lru_cache(maxsize=FIGURES_KEPT)
def _figure(make: FigureMaker, release_id: str, area: str, period: str, language: str) -> Figure:
    with speaking(language):
        return make(shelf().by_id[release_id], area, period)


def holding(receipt_id: str) -> list[tuple[Release, pa.Table]]:
    """The releases that hold a receipt, the latest first, each with the observations that it belongs to."""
    found = [(one, one.cube.filter(pc.equal(one.cube["receipt_id"], receipt_id))) for one in reversed(shelf().shown)]
    return [(release, table) for release, table in found if table.num_rows]


def receipts_from(start: str) -> list[tuple[str, str]]:
    """The receipts of the latest release whose ids begin so, a few of many, each with what it counts first."""
    latest = shelf().latest
    table = latest.cube
    held = table.filter(pc.starts_with(table["receipt_id"], start))
    first = {row.receipt_id: row for row in reversed(observations_of(held.slice(0, RECEIPTS_LISTED)))}
    return sorted((receipt_id, what_is(latest, row)) for receipt_id, row in first.items())


def drawn(figure: Figure) -> Shown:
    """A figure with its drawings; maps from the user's file where the settings name one."""
    return shown(figure, shapes())


def shapes() -> Sequence[Shape]:
    """The shapes of countries from the user's file; none where the settings name no file."""
    return _shapes(settings.MAP_FILE)


@cache
def _shapes(file: str) -> Sequence[Shape]:
    return read_geometry(Path(file)) if file else ()


def checked(release: Release, area: str, period: str | None = None) -> None:
    """Raise ``Http404`` where the release holds no number of an area or region, or none of a year."""
    if not is_held(release, area):
        raise Http404(f"no area {area} in release {release.id}")
    if period is not None and period not in years(release.id, area):
        raise Http404(f"no year {period} for area {area} in release {release.id}")


def is_held(release: Release, area: str) -> bool:
    """Whether the release holds any number of an area, or of an area within a region."""
    return area in areas(release.id) or area in regions(release.id)


@cache
def areas(release_id: str) -> list[str]:
    """The areas of a release, looked up once."""
    return areas_of(shelf().by_id[release_id])


@cache
def regions(release_id: str) -> Mapping[str, list[str]]:
    """The areas of a release by the M49 code of their region; "" holds those that lie in none."""
    held: dict[str, list[str]] = {}
    for area in areas(release_id):
        held.setdefault(_region(area), []).append(area)
    return held


def _region(area: str) -> str:
    try:
        found: str | None = area_codes.region(area)
    except (KeyError, UsageError):
        return ""
    return found if found and found != area else ""


@cache
def years(release_id: str, area: str) -> list[str]:
    """The years of an area in a release; of a region, those of any of its areas."""
    within = regions(release_id).get(area) if area not in areas(release_id) else None
    if within is not None:
        return sorted({year for one in within for year in years(release_id, one)})
    return years_of(shelf().by_id[release_id], area)


def changed(before: Release, after: Release) -> list[Difference]:
    """What a reader of both releases sees that differs, worked out once."""
    return _changed(before.id, after.id)


@cache
def _changed(before: str, after: str) -> list[Difference]:
    earlier, later = (shelf().by_id[name] for name in (before, after))
    found = differences(earlier.cube, later.cube)
    return found if same_years(earlier, later) else [one for one in found if "time_period" in one.codes]


def same_years(one: Release, other: Release) -> bool:
    """Whether both cover the same years: if not, their figures over all years are of different things."""
    return bool(one.metadata.get("years") == other.metadata.get("years"))
