"""A feed of releases, and a feed of each view of a cube: a new entry when a release changes what the view shows."""

from posixpath import relpath
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from palermo.language import _, ngettext, number, spoken_now
from palermo.portal.api.atom import TYPE, Entry, Feed, Link, stable_id, updated, written
from palermo.portal.api.known_codes import check_codes
from palermo.portal.api.problems import ProblemError, problem_response, refused
from palermo.portal.api.rows import json_rows
from palermo.portal.pages import in_language
from palermo.portal.places import cubes, shelf
from palermo.release.schema import DIMENSIONS
from palermo.report.explore.query import View, ViewError, view_of
from palermo.report.explore.view_figure import grid_of, view_title
from palermo.report.packages.datapackage import notice
from palermo.report.packages.terms import terms
from palermo.report.page import words
from palermo.report.page.render import title_of
from palermo.report.page.words import of_kind
from palermo.report.reading import Release

Told = dict[tuple[str, str], tuple[object, ...]]  # of each cell that is published: what is told of it
PAGE_TYPE = "text/html"


def releases_feed(request: HttpRequest) -> HttpResponse:
    """One entry a release."""
    language = spoken_now().code
    entries = tuple(
        Entry(
            stable_id("release", release.id), _("Release {id}", id=release.id), updated(release), notice(release),
            (Link("alternate", _address(request, f"/{language}/releases/{release.id}/"), PAGE_TYPE),),
        )
        for release in reversed(shelf().shown)
    )  # fmt: skip
    title = _("Releases: {title}", title=title_of(shelf().latest))
    return _sent(request, stable_id("releases", shelf().latest.area), title, f"/{language}/releases/", entries)


def view_feed(request: HttpRequest, cube_id: str) -> HttpResponse:
    """One entry for every release whose figures of this view differ from those of the release before it."""
    if cube_id not in cubes(shelf().latest):
        raise Http404(f"no cube {cube_id}")
    asked = {name: request.GET[name] for name in request.GET if name != "page"}
    try:
        check_codes(shelf().latest, {name: code for name, code in asked.items() if name in DIMENSIONS})
        view = view_of(cubes(shelf().latest)[cube_id], asked)
    except ProblemError as problem:
        return problem_response(problem)
    except ViewError as error:
        return problem_response(refused(error))
    query = urlencode(view.query())
    language = spoken_now().code
    place = f"/{language}/explore/{cube_id}/?{query}"
    title = view_title(shelf().latest, view)
    entries, before = [], None
    for release in shelf().shown:
        now = _told(release, cube_id, view)
        if now != before and (now or before):
            entries.append(_changed(request, release, (cube_id, query), title, _count(before or {}, now)))
        before = now
    return _sent(request, stable_id("view", cube_id, query), title, place, tuple(reversed(entries)),
                 of_kind(view.cube.kind))  # fmt: skip


def _told(release: Release, cube_id: str, view: View) -> Told:
    """What a release publishes of a view, by the codes of row and column."""
    cube = cubes(release).get(cube_id)
    if cube is None:
        return {}
    try:
        own = view_of(cube, {name: text for name, text in view.query().items() if text})
    except ViewError:
        return {}
    grid = grid_of(own)
    held = [(row, column) for at, row in enumerate(grid.rows) for to, column in enumerate(grid.columns)
            if grid.places[at, to] >= 0]  # fmt: skip
    rows = json_rows(cube.taken(grid.places[grid.places >= 0].ravel()))
    kept = ("value", "lower", "upper", "status")
    return {codes: tuple(row[name] for name in kept) for codes, row in zip(held, rows, strict=True)}


def _count(before: Told, now: Told) -> int:
    return sum(before.get(codes) != now.get(codes) for codes in before.keys() | now.keys())


def _changed(request: HttpRequest, release: Release, view: tuple[str, str], title: str, count: int) -> Entry:
    changed = ngettext("{n} number is new or changed.", "{n} numbers are new or changed.", count, n=number(count))
    cube_id, query = view
    table = f"/data/{release.id}/explore/{cube_id}.csv?{query}"
    page = f"/{spoken_now().code}/releases/{release.id}/"
    return Entry(
        stable_id("view", *view, release.id),
        _("{title} (release {id})", title=title, id=release.id),
        updated(release),
        f"{changed} {notice(release)}",
        (
            Link("alternate", _address(request, page), PAGE_TYPE),
            Link("enclosure", _address(request, table), "text/csv"),
        ),
    )


def _sent(
    request: HttpRequest, name: str, title: str, page: str, entries: tuple[Entry, ...], sentence: str = ""
) -> HttpResponse:
    told = terms(shelf().latest)
    dated = _("Releases hold no date: where the office gives none, the end of the last year counted stands for it.")
    subtitle = " ".join([words.about(sentence, made_up=shelf().latest.made_up), dated])
    own = in_language(spoken_now().code, request)
    links = (Link("self", _address(request, own), TYPE.partition(";")[0]), Link("alternate", _address(request, page),
             PAGE_TYPE))  # fmt: skip
    feed = Feed(name, title, subtitle, told.publisher, told.licence_text, spoken_now().code, links, entries)
    answer = HttpResponse("".join(written(feed)), content_type=TYPE)
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Content-Language"] = spoken_now().code
    return answer


def _address(request: HttpRequest, place: str) -> str:
    """A whole address where the site knows its own; else one relative to the feed, so that files may lie anywhere."""
    if settings.BASE_URL:
        return f"{settings.BASE_URL}{place}"
    path, mark, query = place.partition("?")
    start = f"/{spoken_now().code}{request.path_info}".rpartition("/")[0]
    found = relpath(path, start) + ("/" if path.endswith("/") else "")
    return found + mark + query
