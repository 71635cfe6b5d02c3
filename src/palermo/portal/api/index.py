"""The first page of the data service: what is there, for programs and for people."""

from django.http import HttpResponseBase

from palermo.language import _, marked
from palermo.portal.api.answers import json_answer
from palermo.portal.api.route import Asked
from palermo.portal.api.said import said_of_all
from palermo.portal.pages import page
from palermo.portal.places import shelf
from palermo.portal.tags import KEPT_FOR
from palermo.report.accept import by_quality
from palermo.report.tag import tag_of

ABOUT = {
    "/api/releases": marked("All releases, the latest first"),
    "/api/latest": marked("The latest release: what it holds, and its rules"),
    "/api/latest/cubes": marked("What can be asked for: its cubes with their codes"),
    "/api/latest/observations": marked("Every number of it, or those with certain codes; as CSV with format=csv"),
    "/api/latest/areas": marked("Its areas and years"),
    "/api/latest/figures": marked("Its figures"),
    "/api/definitions": marked("Indicators and code lists"),
    "/api/openapi.json": marked("This service described for programs (OpenAPI 3.1)"),
    "/sdmx/structure": marked("The same numbers for statistical offices (SDMX)"),
    "/catalogue.jsonld": marked("All releases for catalogues of data (DCAT-AP)"),
}


def index(asked: Asked) -> HttpResponseBase:
    """The list of addresses: JSON, or a page where a browser asks."""
    links = {place: _(about) for place, about in ABOUT.items()}
    answer: HttpResponseBase
    if _wants_page(asked.request.headers.get("Accept", "")):
        answer = page(asked.request, "api.html", links=links)
        answer["ETag"] = f'"{tag_of(*shelf().releases)}-html"'
        answer["Cache-Control"] = KEPT_FOR
    else:
        answer = json_answer(asked, said_of_all() | {"links": links}, *shelf().releases)
    answer["Vary"] = "Accept"
    return answer


def _wants_page(accept: str) -> bool:
    """Whether a page is named, and liked better than JSON."""
    names = [part.partition(";")[0].strip() for part in by_quality(accept)]
    page_at = names.index("text/html") if "text/html" in names else len(names)
    json_at = names.index("application/json") if "application/json" in names else len(names)
    return page_at < json_at
