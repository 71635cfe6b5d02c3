"""From what a view found to the page: one environment of templates, shared with the report.

The decision a reader would question: pages are made by the report's templates and not by Django's, so that a figure is
written and drawn in one place for the site, the report and the documents.
"""

from functools import cache
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from jinja2 import ChoiceLoader, Environment, PackageLoader

from palermo.codes import code_list
from palermo.language import LANGUAGES, _, spoken_now
from palermo.portal.places import shelf
from palermo.report.figure import Figure
from palermo.report.glossary import CODE_LISTS
from palermo.report.labels import list_of
from palermo.report.observations import NOT_BROKEN_DOWN
from palermo.report.page import words
from palermo.report.page.render import environment as report_environment
from palermo.report.page.render import style, tidied
from palermo.report.reading import Release


@cache
def environment() -> Environment:
    """The report's environment with the templates of the site before its own."""
    theirs = report_environment()
    loaders = [PackageLoader("palermo.portal", "templates"), *([theirs.loader] if theirs.loader else [])]
    made = theirs.overlay(loader=ChoiceLoader(loaders))
    placed = {"address": address, "in_language": in_language, "plain_address": plain_address,
              "style_address": style_address, "method_address": method_address, "code_lists": code_lists}  # fmt: skip
    made.globals = {**theirs.globals, **placed}
    return made


def address(name: str, /, **parts: str) -> str:
    """The address of a page in the language spoken now."""
    return f"/{spoken_now().code}{reverse(name, kwargs=parts)}"


def plain_address(name: str, /, **parts: str) -> str:
    """The address of what has no language: data, styles, the data service."""
    return reverse(name, kwargs=parts)


def in_language(code: str, request: HttpRequest) -> str:
    """The address of this page, with its query, in another language."""
    query = request.META.get("QUERY_STRING", "")
    return f"/{code}{request.path_info}" + (f"?{query}" if query else "")


@cache
def style_sheet() -> bytes:
    """The style sheet of the report followed by that of the site."""
    own = environment().get_template("site.css").render()
    return f"{style()}\n{own}".encode()


def method_address(figure: Figure) -> str:
    """Where the definition of the first number of a figure stands; all definitions where it is not among them."""
    defined = shelf().latest.receipts.get("indicators") or {}
    first = next((row.indicator for row in figure.observations), "")
    return f"{address('definitions')}#{first}" if first in defined else address("definitions")


def code_lists(figure: Figure) -> list[tuple[str, str]]:
    """Where the codes stand that the numbers of a figure are broken down by, and what their list is called."""
    codes = {pair for row in figure.observations for pair in row.codes.items() if pair[1] not in NOT_BROKEN_DOWN}
    used = {list_of(dimension, code) for dimension, code in codes}
    return [(f"{address('definitions')}#codes-{name}", _(code_list(name).title)) for name in CODE_LISTS if name in used]


@cache
def style_address() -> str:
    """The address of the style sheet, which changes with its content, so that browsers may keep it."""
    return reverse("style", kwargs={"digest": sha256(style_sheet()).hexdigest()[:12]})


def page(
    request: HttpRequest, template: str, release: Release | None = None, status: int = 200, **found: Any
) -> HttpResponse:
    """A page of the site. ``release`` is the release it shows; the latest where none is named."""
    shown = release or shelf().latest
    told = {
        "request": request,
        "release": shown,
        "latest": shelf().latest,
        "language": spoken_now(),
        "languages": [LANGUAGES[code] for code in settings.LANGUAGES_SHOWN],
        "made_up": shown.made_up,
        "standing": words.standing(shown.standing),
        "words": words,
        "is_static": settings.STATIC_EXPORT,
    }
    text = environment().get_template(template).render(**told, **found)
    response = HttpResponse(tidied(text), content_type="text/html; charset=utf-8", status=status)
    response["Content-Language"] = spoken_now().code
    return response
