"""Releases, and what each holds: its cubes and areas."""

from typing import Any

from django.http import HttpResponseBase

from palermo.language import _
from palermo.portal.api.answers import json_answer
from palermo.portal.api.problems import not_published
from palermo.portal.api.route import Asked
from palermo.portal.api.said import release_asked, said_of, said_of_all
from palermo.portal.places import areas, cubes, is_held, shelf, years
from palermo.portal.shelf import WITHDRAWN
from palermo.report.account import last_period
from palermo.report.explore.words import cube_name
from palermo.report.page import words
from palermo.report.page.render import hidden_count, title_of
from palermo.report.page.words import of_kind
from palermo.report.reading import Release


def releases(asked: Asked) -> HttpResponseBase:
    """All releases, the latest first, with those withdrawn as a notice."""
    told = said_of_all() | {"releases": [_listed(one) for one in reversed(shelf().releases)]}
    return json_answer(asked, told, *shelf().releases)


def _listed(release: Release) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": release.id,
        "area": release.area,
        "area_name": release.area_name,
        "made_up": release.made_up,
        "status": release.status,
        "warning": words.standing(release.standing),
        "replaces": release.standing.get("replaces"),
        "reason": release.standing.get("reason"),
    }
    if release.status != WITHDRAWN:
        told |= {"years": release.metadata.get("years"), "url": f"/api/releases/{release.id}"}
    return told


def release(asked: Asked) -> HttpResponseBase:
    """One release: what it holds, the rules by which people were counted and protected."""
    found = release_asked(asked.parts["release_id"])
    place, files = f"/api/releases/{found.id}", f"/data/{found.id}"
    told = said_of(found) | {
        "title": title_of(found),
        "area": found.area,
        "area_name": found.area_name,
        "years": found.metadata.get("years"),
        "last_period": last_period(found),
        "observations": found.cube.num_rows,
        "hidden": hidden_count(found),
        "counting": words.counting_rules(_without_notes(found)),
        "protection": words.protection_rules(found.metadata, hidden_count(found)),
        "notes": [str(note) for note in found.metadata.get("notes") or ()],
        "links": {
            "cubes": f"{place}/cubes",
            "observations": f"{place}/observations",
            "areas": f"{place}/areas",
            "figures": f"{place}/figures",
            "data_package": f"{files}/datapackage.json",
            "package": f"{files}/package.zip",
            "csvw": f"{files}/csvw/cube.json",
            "sdmx": f"/sdmx/releases/{found.id}/data/dataflow/PALERMO/DF_TIP/1.0",
        },
    }
    return json_answer(asked, told, found)


def _without_notes(release: Release) -> dict[str, Any]:
    """The metadata without the notes, which are in English only and told apart."""
    return {**release.metadata, "notes": ()}


def cube_list(asked: Asked) -> HttpResponseBase:
    """The cubes of a release: what is counted, in which unit, and the codes of each dimension that it breaks down."""
    found = release_asked(asked.parts["release_id"])
    told = [
        {
            "id": name,
            "title": cube_name(found, cube),
            "indicator": cube.indicator,
            "measure": cube.measure,
            "unit": cube.unit,
            "kind": cube.kind,
            "about": of_kind(cube.kind) or _(words.DETECTED_ONLY),
            "observations": cube.rows.num_rows,
            "dimensions": {dimension: list(cube.codes[dimension]) for dimension in cube.dimensions},
            "url": f"/api/releases/{found.id}/cubes/{name}",
        }
        for name, cube in cubes(found).items()
    ]
    return json_answer(asked, said_of(found) | {"cubes": told}, found)


def area_list(asked: Asked) -> HttpResponseBase:
    """The countries and areas of which a release holds any number, with the years of each."""
    found = release_asked(asked.parts["release_id"])
    told = [{"code": code, "name": found.name_of(code), "years": years(found.id, code)} for code in areas(found.id)]
    return json_answer(asked, said_of(found) | {"areas": told}, found)


def checked_area(release: Release, area: str, period: str | None) -> None:
    """Raise ``ProblemError`` where a release holds no number of an area, or none of a year."""
    if not is_held(release, area):
        raise not_published(_("Area {area}", area=area))
    if period is not None and period not in years(release.id, area):
        raise not_published(_("Year {year} of area {area}", year=period, area=area))
