"""The shelf and what is made of it once for all readers: releases by their id, their folders, their cubes."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import Http404

from palermo.portal.shelf import WITHDRAWN, Shelf, open_shelf, status_of
from palermo.report.explore.cubes import Cube, cubes_of
from palermo.report.reading import Release


@cache
def shelf() -> Shelf:
    """The releases on show."""
    return open_shelf([Path(place) for place in settings.RELEASES], settings.SHOW_DRAFTS)


def release_named(release_id: str | None) -> Release:
    """The release of this id, or the latest. Raises ``Http404`` where none of that id may be read."""
    if release_id is None:
        return shelf().latest
    found = shelf().by_id.get(release_id)
    if found is None or status_of(found) == WITHDRAWN:
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
