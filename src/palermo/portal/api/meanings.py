"""What a number rests on and what words mean: receipts, indicators, code lists."""

from typing import Any

from django.http import HttpResponseBase

from palermo.codes import code_list
from palermo.language import _
from palermo.portal.api.answers import json_answer
from palermo.portal.api.problems import not_published
from palermo.portal.api.route import Asked
from palermo.portal.api.rows import json_rows, labels_of
from palermo.portal.api.said import said_of
from palermo.portal.places import holding, shelf
from palermo.release.schema import DIMENSIONS
from palermo.report.explore.words import dimension_name
from palermo.report.glossary import CODE_LISTS
from palermo.report.observations import observations_of
from palermo.report.page.words import of_kind
from palermo.report.reading import Release


def receipt(asked: Asked) -> HttpResponseBase:
    """The receipt of a number in the latest release that holds it, and the other releases that do."""
    name = asked.parts["receipt_id"]
    held = holding(name)
    if not held:
        raise not_published(_("Receipt {id}", id=name))
    release, table = held[0]
    first = observations_of(table.slice(0, 1))[0]
    told = said_of(release, of_kind(first.kind)) | {
        "receipt_id": name,
        "observations": json_rows(table),
        "labels": labels_of(release, table),
        "definition": dict(release.receipt_of(first)),
        "releases": [one.id for one, _table in held],
    }
    return json_answer(asked, told, *shelf().releases)


def definitions(asked: Asked) -> HttpResponseBase:
    """The indicators of the latest release, the dimensions, and every code list with its codes."""
    latest = shelf().latest
    told = said_of(latest) | {
        "indicators": _indicators(latest),
        "dimensions": {name: dimension_name(name) for name in DIMENSIONS},
        "code_lists": {name: _list(name) for name in CODE_LISTS},
    }
    return json_answer(asked, told, *shelf().releases)


def _indicators(release: Release) -> dict[str, Any]:
    return {
        name: {
            "title": _(str(found.get("title") or name)),
            "words": _(str(found.get("words") or "")),
            "denominator": _(str(found.get("denominator") or "")),
            "source": str(found.get("source") or ""),
        }
        for name in sorted(release.receipts.get("indicators") or {})
        for found in [release.definition_of(name)]
    }


def _list(name: str) -> dict[str, Any]:
    found = code_list(name)
    return {
        "title": _(found.title),
        "source": found.source,
        "version": str(found.version),
        "codes": [
            {"code": one.id, "label": _(one.label), "description": _(one.description),
             "parent": one.parent or None}
            for one in (*found.codes, *found.table_codes)
        ],
    }  # fmt: skip
