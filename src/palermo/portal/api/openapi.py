"""The OpenAPI document, made from the table of routes and the shapes of answers."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse

from palermo import __version__
from palermo.language import speaking
from palermo.portal.api.answers import written
from palermo.portal.api.route import CSV, HTML, JSON, PARTS, Route, Word
from palermo.portal.api.routes import LATEST, ROUTES
from palermo.portal.api.shapes import SHAPES
from palermo.portal.tags import KEPT_FOR
from palermo.report.page.words import DETECTED_ONLY

MEDIA = {JSON: "application/json", CSV: "text/csv", HTML: "text/html"}
ABOUT = f"""Every number of every release, without a key. {DETECTED_ONLY}

A number that is hidden has no value, and the range that can be derived of it; it is never 0. Not known (`_U`), not
asked (`_N`), hidden and zero are four different things. What is not in a release is not published, which does not
mean that there is nobody. Numbers of different kinds or units must not be added to each other.
"""
TAGGED = {
    "ETag": {"description": "Id of the release, and how it stands", "schema": {"type": "string"}},
    "Cache-Control": {"schema": {"type": "string"}},
}
PROBLEMS = {
    "400": "A word of the query that nobody knows, or that says what cannot be",
    "404": "Not published",
    "410": "The release was withdrawn",
}


def openapi(request: HttpRequest) -> HttpResponse:
    """The document, for programs."""
    del request
    with speaking("en"):
        answer = HttpResponse(f"{written(document())}\n", content_type="application/json")
    answer["Cache-Control"] = KEPT_FOR
    return answer


@cache
def document() -> dict[str, Any]:
    """The document. It names no release, so that it is the same for every office."""
    paths = {f"/api/{route.path}": {"get": _operation(route)} for route in ROUTES}
    paths |= {f"/api/{place}": {"get": _to_latest(route)} for route, place in LATEST.items()}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Palermo: published numbers on trafficking in persons", "version": __version__,
                 "description": ABOUT},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {"schemas": SHAPES},
    }  # fmt: skip


def _operation(route: Route) -> dict[str, Any]:
    content = {MEDIA[form]: {"schema": _shape(route, form)} for form in route.forms}
    answers: dict[str, Any] = {
        "200": {"description": route.summary, "headers": TAGGED, "content": content},
        "304": {"description": "Nothing changed since the tag that the reader sent"},
    }
    with_parts = "{" in route.path
    answers |= {code: _problem(about) for code, about in PROBLEMS.items() if code == "400" or with_parts}
    return {
        "operationId": route.operation,
        "summary": route.summary,
        "parameters": _parameters(route.path, route.every_word),
        "responses": answers,
    }


def _to_latest(route: Route) -> dict[str, Any]:
    place = LATEST[route]
    return {
        "operationId": f"{route.operation}OfLatest",
        "summary": f"{route.summary}: leads to the latest release",
        "parameters": _parameters(place, route.every_word),
        "responses": {
            "302": {"description": "To the same address of the latest release"},
            "400": _problem(PROBLEMS["400"]),
            "404": _problem(PROBLEMS["404"]),
        },
    }


def _shape(route: Route, form: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{route.shape}"} if form == JSON else {"type": "string"}


def _problem(about: str) -> dict[str, Any]:
    return {
        "description": about,
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _parameters(place: str, words: tuple[Word, ...]) -> list[dict[str, Any]]:
    parts = [
        {"name": name, "in": "path", "required": True, "description": about,
         "schema": {"type": "string", "pattern": pattern}}
        for name, (about, pattern) in PARTS.items()
        if f"{{{name}}}" in place
    ]  # fmt: skip
    return parts + [
        {"name": word.name, "in": "query", "description": word.about, "schema": _schema(word)} for word in words
    ]


def _schema(word: Word) -> dict[str, Any]:
    if word.least is not None:
        return {"type": "integer", "minimum": word.least, "maximum": word.most}
    if word.choices:
        return {"type": "string", "enum": list(word.choices)}
    return {"type": "string", "minLength": 1, "maxLength": 200}
