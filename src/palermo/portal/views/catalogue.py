"""Releases described for programs: data package, CSVW, catalogue, feed of addresses; and what robots may read.

The decision a reader would question: without a base address in the settings every address in a description is relative
to it, because a site behind a proxy does not know by which name readers call it.
"""

from collections.abc import Iterator
from functools import cache

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
    HttpResponseRedirect,
    StreamingHttpResponse,
)

from palermo.language import speaking
from palermo.portal.middleware.language import asked_for
from palermo.portal.places import areas, folder_of, release_named, shelf, years
from palermo.portal.tags import KEPT_FOR, has_it
from palermo.report.packages.archive import package_zip, written
from palermo.report.packages.catalogue import Places
from palermo.report.packages.catalogue import catalogue as statements_of
from palermo.report.packages.csvw import csvw_metadata
from palermo.report.packages.datapackage import data_package
from palermo.report.packages.held_files import HeldFile, held_files
from palermo.report.packages.schema_org import dataset, in_page
from palermo.report.packages.statements import Thing, json_ld, turtle
from palermo.report.reading import Release
from palermo.report.tag import tag_of

LANGUAGE = "en"  # of descriptions that stand in one language
PAGES = ("", "figures/", "areas/", "explore/", "definitions/", "releases/")


def package_description(request: HttpRequest, release_id: str) -> HttpResponse:
    """``datapackage.json`` of a release."""
    release = release_named(release_id)
    with speaking(LANGUAGE):
        return _sent(written(data_package(release, folder_of(release))), "application/json")


def dataset_name(request: HttpRequest, release_id: str = "") -> HttpResponse:
    """The name of a release among data leads to its page; data without a name to all releases."""
    place = f"releases/{release_named(release_id).id}/" if release_id else "releases/"
    answer = HttpResponseRedirect(f"/{asked_for(request)}/{place}")
    answer["Vary"] = "Accept-Language"
    return answer


def csvw(request: HttpRequest, release_id: str) -> HttpResponse:
    """The metadata of ``cube.csv``, in a folder below it."""
    return _csvw(release_named(release_id), "../cube.csv")


def csvw_beside(request: HttpRequest, release_id: str) -> HttpResponse:
    """The metadata of ``cube.csv`` where readers of CSV on the Web look for them first."""
    return _csvw(release_named(release_id), "cube.csv")


def _csvw(release: Release, url: str) -> HttpResponse:
    with speaking(LANGUAGE):
        return _sent(written(csvw_metadata(release, url)), "application/csvm+json")


def package(request: HttpRequest, release_id: str) -> HttpResponseBase:
    """The whole data package as one file, made while it is sent."""
    release = release_named(release_id)
    tag = f'"{tag_of(release)}"'
    answer: HttpResponseBase
    if has_it(request, tag):
        answer = HttpResponseNotModified()
    else:
        with speaking(LANGUAGE):
            pieces = package_zip(release, folder_of(release))
        answer = StreamingHttpResponse(() if request.method == "HEAD" else pieces, content_type="application/zip")
        answer["Content-Disposition"] = f'attachment; filename="palermo-release-{release.id}.zip"'
    answer["ETag"] = tag
    answer["Cache-Control"] = KEPT_FOR
    return answer


def catalogue_json_ld(request: HttpRequest) -> HttpResponse:
    """All releases that may be read as a DCAT catalogue in JSON-LD."""
    return _sent(json_ld(_catalogue()), "application/ld+json")


def catalogue_turtle(request: HttpRequest) -> HttpResponse:
    """The same in Turtle."""
    return _sent(turtle(_catalogue()), "text/turtle; charset=utf-8")


@cache
def _catalogue() -> list[Thing]:
    places = Places(_base(), tuple(settings.LANGUAGES_SHOWN), settings.STATIC_EXPORT)
    with speaking(LANGUAGE):
        return statements_of(shelf().shown, shelf().folders, places)


def _base() -> str:
    return f"{settings.BASE_URL}/" if settings.BASE_URL else ""


def dataset_markup(release: Release) -> str:
    """What search engines read within a page about a release."""
    return in_page(dataset(release, _held(release.id), _base()))


@cache
def _held(release_id: str) -> tuple[HeldFile, ...]:
    return held_files(shelf().folders[release_id])


def robots(request: HttpRequest) -> HttpResponse:
    """Robots may read everything; searching and choosing is left to people. Drafts are for nobody outside."""
    rules = ["User-agent: *", "Disallow: /" if settings.SHOW_DRAFTS else "Disallow: /*/search/"]
    if not settings.SHOW_DRAFTS:
        rules += ["Disallow: /*/explore/*?", "Disallow: /api/", "Disallow: /sdmx/"]
        rules += [f"Sitemap: {settings.BASE_URL}/sitemap.xml"] if settings.BASE_URL else []
    return _sent("\n".join(rules) + "\n", "text/plain; charset=utf-8")


def sitemap(request: HttpRequest) -> HttpResponseBase:
    """The addresses of pages. They must be whole, so that without a base address the name is taken that was asked."""
    base = settings.BASE_URL or request.build_absolute_uri("/").rstrip("/")
    return StreamingHttpResponse(_addresses(base), content_type="application/xml; charset=utf-8")


def _addresses(base: str) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    for language in settings.LANGUAGES_SHOWN:
        for place in _pages():
            yield f"<url><loc>{base}/{language}/{place}</loc></url>\n"
    yield "</urlset>\n"


def _pages() -> list[str]:
    latest = shelf().latest
    held = areas(latest.id)
    places = [f"areas/{area}/" for area in held]
    places += [f"areas/{area}/{max(years(latest.id, area))}/" for area in held if years(latest.id, area)]
    places += [f"releases/{release.id}/" for release in reversed(shelf().shown)]
    return [*PAGES, *dict.fromkeys(places)]


def _sent(text: str, content_type: str) -> HttpResponse:
    answer = HttpResponse(text, content_type=content_type)
    answer["Cache-Control"] = KEPT_FOR
    return answer
