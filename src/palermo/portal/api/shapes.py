"""The shapes of answers as JSON Schema (2020-12), for the OpenAPI document."""

from typing import Any

from palermo.portal.api.rows import WITH_INTERVAL
from palermo.release.schema import KEY
from palermo.report.amounts import State

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
NAMES: Schema = {"type": "object", "additionalProperties": TEXT}
MAYBE_TEXT: Schema = {"type": ["string", "null"]}
MAYBE_NUMBER: Schema = {"type": ["number", "null"]}
STATUS: Schema = {"enum": [*(str(state) for state in State), WITH_INTERVAL],
                  "description": "How the number came to be what it is"}  # fmt: skip


def _object(properties: dict[str, Schema], optional: tuple[str, ...] = ()) -> Schema:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _answer(properties: dict[str, Schema]) -> Schema:
    return {"allOf": [_ref("Said"), _object(properties)]}


NUMBER = {
    "value": {**MAYBE_NUMBER, "description": "Null where the number is hidden or a range; never 0 instead"},
    "lower": {**MAYBE_NUMBER, "description": "The least it can be"},
    "upper": {**MAYBE_NUMBER, "description": "The most it can be"},
    "obs_status": {**MAYBE_TEXT, "description": "Observation status (SDMX)"},
    "conf_status": {**MAYBE_TEXT, "description": "Confidentiality (SDMX): F free, all others hidden"},
    "status": STATUS,
}
CODES = dict.fromkeys(KEY, TEXT)
PAGED = {
    "offset": COUNT,
    "limit": COUNT,
    "total": COUNT,
    "next": {**MAYBE_TEXT, "description": "Address of the rows that follow"},
}
NAMED = {"code": TEXT, "label": TEXT}
MISSING: Schema = {**TEXT, "description": "Why there is nothing; empty where there is something"}
LISTED = {
    "id": TEXT, "area": TEXT, "area_name": TEXT, "made_up": {"type": "boolean"}, "status": TEXT, "warning": TEXT,
    "replaces": MAYBE_TEXT, "reason": MAYBE_TEXT, "years": {}, "url": TEXT,
}  # fmt: skip

SHAPES: dict[str, Schema] = {
    "Said": {
        **_object({
            "release_id": TEXT,
            "made_up": {"type": "boolean"},
            "standing": _object({"status": TEXT, "warning": TEXT, "replaces": MAYBE_TEXT}),
            "about": {**TEXT, "description": "What is counted, and what is not"},
            "nothing": {**NAMES, "description": "The kinds of nothing, and what is not there at all"},
            "citation": TEXT,
            "licence": _object({"url": MAYBE_TEXT, "text": TEXT}),
            "language": TEXT,
        }),
        "description": "What every answer says",
    },
    "Problem": {
        **_object(
            {"type": TEXT, "title": TEXT, "status": {"type": "integer"}, "detail": TEXT, "word": TEXT, "found": TEXT,
             "expected": TEXT, "about": TEXT, "language": TEXT},
            ("word", "found", "expected"),
        ),
        "description": "Problem details (RFC 9457)",
    },
    "Observation": _object({**CODES, **NUMBER, "receipt_id": MAYBE_TEXT}),
    "Cell": _object({"column": MAYBE_TEXT, **NUMBER, "receipt_id": MAYBE_TEXT}),
    "Index": _answer({"links": NAMES}),
    "Releases": _answer({"releases": _list(_object(LISTED, ("years", "url")))}),
    "Release": _answer({
        "title": TEXT, "area": TEXT, "area_name": TEXT, "years": {}, "last_period": TEXT, "observations": COUNT,
        "hidden": COUNT, "counting": _list(TEXT), "protection": _list(TEXT), "notes": _list(TEXT), "links": NAMES,
    }),
    "Cubes": _answer({"cubes": _list(_object({
        "id": TEXT, "title": TEXT, "indicator": TEXT, "measure": TEXT, "unit": TEXT, "kind": TEXT, "about": TEXT,
        "observations": COUNT, "dimensions": {"type": "object", "additionalProperties": _list(TEXT)}, "url": TEXT,
    }))}),
    "View": _answer({
        "title": TEXT, "cube": TEXT, "indicator": TEXT, "measure": TEXT, "unit": TEXT, "kind": TEXT,
        "rows_dimension": TEXT, "columns_dimension": MAYBE_TEXT, "filters": NAMES, "missing": MISSING, **PAGED,
        "columns": _list(_object(NAMED)), "rows": _list(_object({**NAMED, "cells": _list(_ref("Cell"))})),
        "explore": TEXT,
    }),
    "Observations": _answer({
        "about_kinds": NAMES, "filters": NAMES, "missing": MISSING, **PAGED,
        "labels": {"type": "object", "additionalProperties": NAMES}, "observations": _list(_ref("Observation")),
    }),
    "Areas": _answer({"areas": _list(_object({**NAMED, "name": TEXT, "years": _list(TEXT)}, ("label",)))}),
    "Figures": _answer({"area": TEXT, "period": TEXT, "figures": _list(_object({
        "section": TEXT, "id": TEXT, "title": TEXT, "subtitle": TEXT, "missing": MISSING, "url": TEXT,
    }))}),
    "Figure": _answer({
        "id": TEXT, "title": TEXT, "subtitle": TEXT, "sentences": _list(TEXT), "note": TEXT, "source": TEXT,
        "alt": TEXT, "missing": MISSING, "receipts": _list(TEXT),
        "table": _object({
            "stubs": _list(_object({"key": TEXT, "label": TEXT})),
            "measures": _list(_object({"key": TEXT, "label": TEXT, "unit": TEXT, "estimated": {"type": "boolean"}})),
            "rows": _list(_object({
                "group": TEXT, "codes": _list(TEXT), "labels": _list(TEXT), "cells": _list(_object(NUMBER)),
            })),
        }),
    }),
    "Receipt": _answer({
        "receipt_id": TEXT, "observations": _list(_ref("Observation")), "definition": {"type": "object"},
        "labels": {"type": "object", "additionalProperties": NAMES}, "releases": _list(TEXT),
    }),
    "Definitions": _answer({
        "indicators": {"type": "object", "additionalProperties": _object({
            "title": TEXT, "words": TEXT, "denominator": TEXT, "source": TEXT,
        })},
        "dimensions": NAMES,
        "code_lists": {"type": "object", "additionalProperties": _object({
            "title": TEXT, "source": TEXT, "version": TEXT,
            "codes": _list(_object({**NAMED, "description": TEXT, "parent": MAYBE_TEXT})),
        })},
    }),
}  # fmt: skip
