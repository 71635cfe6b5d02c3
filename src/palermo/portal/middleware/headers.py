"""Headers that keep a reader safe: nothing from elsewhere is loaded, nothing is told to others, nothing is kept.

The decision a reader would question: what must not follow the head of an answer to HEAD is taken off here. Waitress
leaves that to the site, and a browser or proxy would take it for the beginning of the next answer.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from palermo.portal.middleware.limits import FOR_PROGRAMS

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; script-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
View = Callable[[HttpRequest], HttpResponseBase]


def safe_headers(get_response: View) -> View:
    """Put the headers on every answer; the data service may be read by pages of others."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.path_info.startswith(FOR_PROGRAMS):
            response.headers.setdefault("Access-Control-Allow-Origin", "*")
        return _head_alone(response) if request.method == "HEAD" else response

    return respond


def _head_alone(response: HttpResponseBase) -> HttpResponse:
    """The same answer without what follows its head, which tells the length that GET would have."""
    made = HttpResponse(status=response.status_code)
    del made.headers["Content-Type"]  # one that has none, such as "not modified", keeps none
    for name, value in response.headers.items():
        made.headers[name] = value
    if isinstance(response, HttpResponse):
        made.headers.setdefault("Content-Length", str(len(response.content)))
    response.close()
    return made
