"""Downloads: the files of a release as frozen, the table of a figure, the table of a view. Large files are streamed."""

from collections.abc import Mapping
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified

from palermo.errors import UsageError
from palermo.portal.api.known_codes import check_codes
from palermo.portal.api.problems import ProblemError
from palermo.portal.places import cubes, figure_named, folder_of, release_named
from palermo.portal.ranges import file_or_part
from palermo.portal.tags import KEPT_FOR, has_it
from palermo.release.folder import CONTENT, MANIFEST
from palermo.release.schema import DIMENSIONS
from palermo.report.data.figures import figure_csv
from palermo.report.explore.query import view_of
from palermo.report.explore.view_figure import whole_view
from palermo.report.packages.held_files import MEDIA
from palermo.report.reading import Release
from palermo.report.tag import tag_of

CSV_TYPE = f"{MEDIA['.csv']}; charset=utf-8"
TYPES: Mapping[str, str] = {**MEDIA, ".csv": CSV_TYPE}


def release_file(request: HttpRequest, release_id: str, name: str) -> HttpResponseBase:
    """A file of the release as it was frozen, byte for byte."""
    release = release_named(release_id)
    if name not in {*CONTENT, MANIFEST}:
        raise Http404(f"no file {name} in a release")
    tag = _tag(release)
    if has_it(request, tag):
        return _tagged(HttpResponseNotModified(), release)
    return _tagged(file_or_part(request, folder_of(release) / name, TYPES[Path(name).suffix], tag), release)


def figure_table(request: HttpRequest, release_id: str, area: str, period: str, figure_id: str) -> HttpResponseBase:
    """The numbers of a figure, with bounds and states in columns of their own."""
    release = release_named(release_id)
    made = figure_named(release, area, period, figure_id)
    if made is None or made.missing:
        raise Http404(f"no figure {figure_id} with numbers")
    return _csv(figure_csv(made), f"{release.id}-{area}-{period}-{figure_id}.csv", release)


def view_table(request: HttpRequest, release_id: str, cube_id: str) -> HttpResponseBase:
    """All rows of a view of the explorer, whatever page was open."""
    release = release_named(release_id)
    held = cubes(release)
    if cube_id not in held:
        raise Http404(f"no cube {cube_id}")
    asked = {name: request.GET[name] for name in request.GET if name != "page"}
    try:
        check_codes(release, {dimension: asked[dimension] for dimension in DIMENSIONS if asked.get(dimension)})
        figure = whole_view(release, view_of(held[cube_id], asked))
    except (ProblemError, UsageError) as error:
        return HttpResponse(f"{error}\n", content_type="text/plain; charset=utf-8", status=400)
    return _csv(figure_csv(figure), f"{release.id}-{cube_id}.csv", release)


def _csv(text: str, name: str, release: Release) -> HttpResponseBase:
    answer = HttpResponse(text, content_type=CSV_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return _tagged(answer, release)


def _tagged(answer: HttpResponseBase, release: Release) -> HttpResponseBase:
    answer["ETag"] = _tag(release)
    answer["Cache-Control"] = KEPT_FOR
    return answer


def _tag(release: Release) -> str:
    return f'"{tag_of(release)}"'
