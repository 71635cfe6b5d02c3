"""The style sheet. It is made from the colours of the drawings, so that page and drawing agree."""

from django.http import Http404, HttpRequest, HttpResponse

from palermo.portal.pages import style_address, style_sheet


def style(request: HttpRequest, digest: str) -> HttpResponse:
    """The style sheet under the digest of its content, to be kept for a year."""
    if digest not in style_address():
        raise Http404("no style sheet of that digest")
    response = HttpResponse(style_sheet(), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
