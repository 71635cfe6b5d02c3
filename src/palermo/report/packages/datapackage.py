"""``datapackage.json`` of a release (Frictionless Data Package): every file with its hash, the cube with its columns.

The decision a reader would question: the Parquet file is described as a file and not as a table, because a reader of
packages that has no Parquet would call it faulty; its columns are those of the CSV.
"""

from pathlib import Path
from typing import Any

from palermo.language import _
from palermo.release.schema import KEY
from palermo.report.packages.columns import Column, columns
from palermo.report.packages.held_files import HeldFile, held_files
from palermo.report.packages.terms import terms
from palermo.report.page import words
from palermo.report.page.render import title_of
from palermo.report.reading import Release

CUBE = "cube.csv"
KEYWORDS = ("trafficking in persons", "victims", "SDG 16.2.2", "official statistics")


def data_package(release: Release, folder: Path) -> dict[str, Any]:
    """The description. Addresses are relative to it, so that it may lie anywhere beside its files."""
    told = terms(release)
    package: dict[str, Any] = {
        "profile": "data-package",
        "name": f"palermo-release-{release.id}",
        "id": release.id,
        "version": release.id,
        "title": title_of(release),
        "description": notice(release),
        "keywords": list(KEYWORDS),
        "contributors": [{"title": told.publisher, "role": "publisher"}],
        "sources": [{"title": name} for name in release.lists if name],
        "palermo:made_up": release.made_up,
        "palermo:status": release.status,
        "palermo:citation": told.citation,
        "palermo:licence": told.licence_text,
        "resources": [_resource(release, one) for one in held_files(folder)],
    }
    if told.licence:
        package["licenses"] = [{"path": told.licence, "title": told.licence}]
    return package


def notice(release: Release) -> str:
    """The sentences that stand before every description: what is counted, whether made up, how it stands."""
    said = [
        words.standing(release.standing),
        words.about(made_up=release.made_up),
        _("A hidden number has no value, and bounds; it is not zero."),
        _("Numbers of different kinds or units are never added to each other."),
    ]
    return " ".join(filter(None, said))


def _resource(release: Release, one: HeldFile) -> dict[str, Any]:
    stem, _dot, form = one.name.rpartition(".")
    told: dict[str, Any] = {
        "name": f"{stem}-{form}",
        "path": one.name,
        "title": one.about,
        "format": form,
        "mediatype": one.media_type,
        "bytes": one.size,
        "hash": f"sha256:{one.sha256}",
    }
    if one.name != CUBE:
        return told | {"profile": "data-resource", "type": "file"}
    return told | {
        "profile": "tabular-data-resource",
        "type": "table",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "header": True},
        "schema": {
            "fields": [_field(column) for column in columns(release)],
            "primaryKey": list(KEY),
            "missingValues": [""],
        },
    }


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": True} if column.required else {}
    if column.codes:
        constraints["enum"] = list(column.codes)
    told: dict[str, Any] = {"name": column.name, "type": column.kind, "description": column.meaning}
    return told | ({"constraints": constraints} if constraints else {})
