"""What every answer says: from which release, whether made up, how it stands, what is counted, how to cite it."""

from collections.abc import Iterable, Mapping
from typing import Any

from palermo.language import _, marked, spoken_now
from palermo.portal.api.problems import not_published, withdrawn
from palermo.portal.places import shelf
from palermo.portal.shelf import WITHDRAWN
from palermo.report.packages.terms import terms
from palermo.report.page import words
from palermo.report.page.words import of_kind
from palermo.report.reading import Release

NOTHING = {  # four kinds of nothing, and what is not there at all
    "hidden": marked("Hidden so that no person can be recognised: no value, and the range that can be derived."),
    "_U": marked("Not known: the question was asked and nobody could answer it."),
    "_N": marked("Not asked: the source does not ask it."),
    "0": marked("Zero: counted, and there was nobody."),
    "not published": marked("The release holds no such number. That does not mean that there is nobody."),
}


def release_asked(release_id: str) -> Release:
    """The release of this id. Raises ``ProblemError`` where there is none, or where it was withdrawn."""
    found = shelf().by_id.get(release_id)
    if found is None:
        raise not_published(_("Release {id}", id=release_id))
    if found.status == WITHDRAWN:
        raise withdrawn(release_id, words.standing(found.standing))
    return found


def said_of(release: Release, about: str = "") -> dict[str, Any]:
    """The beginning of an answer about one release. ``about`` is the sentence on another kind of number."""
    return {
        "release_id": release.id,
        "made_up": release.made_up,
        "standing": {
            "status": release.status,
            "warning": words.standing(release.standing),
            "replaces": release.standing.get("replaces"),
        },
        "about": words.about(about, made_up=release.made_up),
        "nothing": {name: _(meaning) for name, meaning in NOTHING.items()},
        **_terms(release),
    }


def said_of_all() -> dict[str, Any]:
    """The beginning of an answer about several releases: what holds of the latest, and whether any is made up."""
    return said_of(shelf().latest) | {"made_up": any(release.made_up for release in shelf().releases)}


def _terms(release: Release) -> dict[str, Any]:
    told = terms(release)
    return {
        "citation": told.citation,
        "licence": {"url": told.licence or None, "text": told.licence_text},
        "language": spoken_now().code,
    }


def about_kinds(kinds: Iterable[str]) -> Mapping[str, str]:
    """For each kind of number the sentence on what it counts."""
    return {kind: of_kind(kind) or _(words.DETECTED_ONLY) for kind in sorted(kinds)}
