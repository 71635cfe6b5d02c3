"""The views of the routes: which method, language and words; a problem becomes an answer and never a failure."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import URLPattern, path

from palermo.language import LANGUAGES, _, speaking, spoken_now
from palermo.portal.api.openapi import openapi
from palermo.portal.api.problems import ProblemError, not_published, problem_response
from palermo.portal.api.route import Asked, Route
from palermo.portal.api.routes import LATEST, ROUTES
from palermo.portal.places import shelf

METHODS = "GET, HEAD, OPTIONS"
View = Callable[..., HttpResponseBase]


def endpoint(route: Route) -> View:
    """The view of a route."""

    def answer(request: HttpRequest, **parts: str) -> HttpResponseBase:
        if request.method == "OPTIONS":
            return _options()
        with speaking(_language(request)):
            try:
                return route.answer(route.checked(request, parts))
            except ProblemError as problem:
                return problem_response(problem)
            except Http404 as absent:
                return problem_response(not_published(str(absent)))

    return answer


def _language(request: HttpRequest) -> str:
    """The language asked for, else that of the address; a word that is none is refused in that one."""
    asked = request.GET.get("lang", "")
    return asked if asked in LANGUAGES else spoken_now().code


def _options() -> HttpResponse:
    """What may be asked, and that pages of others may ask for it."""
    answer = HttpResponse(status=204)
    answer["Allow"] = METHODS
    answer["Access-Control-Allow-Methods"] = METHODS
    answer["Access-Control-Allow-Headers"] = "If-None-Match, Accept"
    answer["Access-Control-Max-Age"] = "86400"
    return answer


def to_latest(route: Route) -> View:
    """The view that leads to the same address of the latest release, once the words were found to be those of it."""

    def answer(asked: Asked) -> HttpResponseBase:
        query = asked.request.META.get("QUERY_STRING", "")
        parts = {name: quote(part, safe="") for name, part in asked.parts.items()}
        place = f"/api/{route.path}".format(release_id=shelf().latest.id, **parts)
        led = HttpResponseRedirect(place + (f"?{query}" if query else ""))
        led["Cache-Control"] = "no-cache"
        return led

    return endpoint(replace(route, answer=answer))


def unknown(request: HttpRequest, rest: str = "") -> HttpResponseBase:
    """Nothing stands under this address."""
    with speaking(_language(request)):
        return problem_response(not_published(_("Address /api/{rest}", rest=rest)))


def patterns() -> list[URLPattern]:
    """The addresses of the data service, made from the table of routes."""
    made = [path("api/openapi.json", openapi, name="api-openapi"), path("api", endpoint(ROUTES[0]))]
    made += [path(f"api/{_django(one.path)}", endpoint(one), name=f"api-{one.operation}") for one in ROUTES]
    made += [path(f"api/{_django(place)}", to_latest(one), name=f"api-{one.operation}-latest")
             for one, place in LATEST.items()]  # fmt: skip
    return [*made, path("api/<path:rest>", unknown)]


def _django(place: str) -> str:
    return place.replace("{", "<str:").replace("}", ">")
