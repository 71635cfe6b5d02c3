"""Headers that keep a reader safe: nothing from elsewhere is loaded, nothing is told to others, nothing is kept."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

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
        if request.path_info.startswith(("/api/", "/sdmx/", "/data/")):
            response.headers.setdefault("Access-Control-Allow-Origin", "*")
        return response

    return respond
