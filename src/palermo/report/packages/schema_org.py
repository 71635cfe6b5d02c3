"""A release as search engines read it: schema.org ``Dataset``, as JSON-LD within a page."""

import json
from collections.abc import Sequence
from typing import Any

from palermo.language import spoken_now
from palermo.report.packages.datapackage import KEYWORDS, notice
from palermo.report.packages.held_files import HeldFile
from palermo.report.packages.terms import terms
from palermo.report.page.render import title_of
from palermo.report.reading import Release

_MARKUP = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def dataset(release: Release, held: Sequence[HeldFile], base: str = "") -> dict[str, Any]:
    """The description. Addresses stand in it only where ``base`` makes them whole."""
    told = terms(release)
    said: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": title_of(release),
        "description": notice(release),
        "identifier": release.id,
        "version": release.id,
        "inLanguage": spoken_now().code,
        "keywords": list(KEYWORDS),
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": told.publisher},
        "publisher": {"@type": "Organization", "name": told.publisher},
        "citation": told.citation,
        "spatialCoverage": {"@type": "Place", "name": release.area_name, "identifier": release.area},
    }
    if release.years:
        said["temporalCoverage"] = "/".join(map(str, release.years))
    if told.licence:
        said["license"] = told.licence
    return said | (_addresses(release, held, base) if base else {})


def _addresses(release: Release, held: Sequence[HeldFile], base: str) -> dict[str, Any]:
    place = f"{base}{spoken_now().code}/releases/{release.id}/"
    files = [
        {"@type": "DataDownload", "name": one.name, "encodingFormat": one.media_type, "contentSize": f"{one.size} B",
         "sha256": one.sha256, "contentUrl": f"{base}data/{release.id}/{one.name}"}
        for one in held
    ]  # fmt: skip
    return {"@id": f"{base}data/{release.id}/", "url": place, "distribution": files}


def in_page(said: dict[str, Any]) -> str:
    """The description as text that may stand within a page, whatever it says."""
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    for letter, written in _MARKUP.items():
        text = text.replace(letter, written)
    return text
