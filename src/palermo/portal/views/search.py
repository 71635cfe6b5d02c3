"""Searching the site. What was searched for is in the address alone and is not noted anywhere."""

from django.http import HttpRequest, HttpResponse

from palermo.portal.pages import page
from palermo.portal.search import find

LETTERS_AT_MOST = 200


def search(request: HttpRequest) -> HttpResponse:
    """What is found, the best first."""
    asked = request.GET.get("q", "").strip()[:LETTERS_AT_MOST]
    return page(request, "search.html", asked=asked, found=find(asked))
