"""The language of a page is the first part of its address: ``/ar/areas/DEU/``.

The decision a reader would question: it is never kept in a cookie. Without a language in the address the reader is sent
to the one that the browser asks for, and can change it on every page.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect

from palermo.language import speaking
from palermo.report.accept import languages

PLAIN = frozenset(
    {"api", "sdmx", "data", "assets", "robots.txt", "sitemap.xml", "catalogue.jsonld", "catalogue.ttl", "health"}
)
View = Callable[[HttpRequest], HttpResponseBase]


def language_of_path(get_response: View) -> View:
    """Take the language off the address, speak it while the page is made, and lead to one where it is missing."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        first, _, rest = request.path_info.lstrip("/").partition("/")
        if first in settings.LANGUAGES_SHOWN:
            asked, request.path_info = request.path_info, f"/{rest}"
            try:
                with speaking(first):
                    return get_response(request)
            finally:
                request.path_info = asked
        if first in PLAIN:
            return get_response(request)
        return _lead(request)

    return respond


def _lead(request: HttpRequest) -> HttpResponseBase:
    query = request.META.get("QUERY_STRING", "")
    response = HttpResponseRedirect(f"/{asked_for(request)}{request.path_info}" + (f"?{query}" if query else ""))
    response["Vary"] = "Accept-Language"
    return response


def asked_for(request: HttpRequest) -> str:
    """The language that the browser likes best among ours; our first where it names none of them."""
    shown = settings.LANGUAGES_SHOWN
    return next((code for code in languages(request.headers.get("Accept-Language", "")) if code in shown), shown[0])
