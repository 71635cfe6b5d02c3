"""Metadata beside ``cube.csv`` as the W3C has them (CSV on the Web), so that a table reader knows types and key."""

from typing import Any

from palermo.language import spoken_now
from palermo.release.schema import KEY
from palermo.report.packages.columns import Column, columns
from palermo.report.packages.datapackage import notice
from palermo.report.packages.terms import terms
from palermo.report.page.render import title_of
from palermo.report.reading import Release

CONTEXT = "http://www.w3.org/ns/csvw"
DATATYPES = {"string": "string", "number": "double"}


def csvw_metadata(release: Release, url: str) -> dict[str, Any]:
    """The description of ``cube.csv``; ``url`` leads to it from where the description lies."""
    told = terms(release)
    said: dict[str, Any] = {
        "@context": [CONTEXT, {"@language": spoken_now().code}],
        "url": url,
        "dc:title": title_of(release),
        "dc:description": notice(release),
        "dc:identifier": release.id,
        "dc:publisher": told.publisher,
        "dc:bibliographicCitation": told.citation,
        "dc:rights": told.licence_text,
        "dialect": {"delimiter": ",", "encoding": "utf-8", "header": True, "quoteChar": '"'},
        "tableSchema": {"columns": [_column(one) for one in columns(release)], "primaryKey": list(KEY)},
    }
    return said | ({"dc:license": {"@id": told.licence}} if told.licence else {})


def _column(one: Column) -> dict[str, Any]:
    datatype: Any = DATATYPES[one.kind]
    if one.codes:
        datatype = {"base": datatype, "format": "|".join(map(_escaped, one.codes))}
    told: dict[str, Any] = {
        "name": one.name,
        "titles": [one.name],
        "dc:description": one.meaning,
        "datatype": datatype,
        "required": one.required,
    }
    return told | ({"null": ""} if not one.required else {})


def _escaped(code: str) -> str:
    """A code as a regular expression that fits it alone."""
    return "".join(f"\\{letter}" if letter in r".^$*+?()[]{}|\\/" else letter for letter in code)
