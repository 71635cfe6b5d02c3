"""The explorer: measure, rows, columns and filters of what is released. The address is the query."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from palermo.errors import UsageError
from palermo.language import _
from palermo.portal.pages import address, page
from palermo.portal.places import cubes, drawn, shelf
from palermo.report.explore.cubes import Cube
from palermo.report.explore.query import BY_CODE, BY_SIZE, COLUMNS_AT_MOST, View, view_of
from palermo.report.explore.view_figure import place_name, view_figure
from palermo.report.explore.words import code_name, cube_name, dimension_name
from palermo.report.page.receipts import annexes
from palermo.report.reading import Release

OPTIONS_AT_MOST = 400


@dataclass(frozen=True)
class Choice:
    """A select box: its name in the address, its label, and (value, words, whether chosen) for each option."""

    name: str
    label: str
    options: tuple[tuple[str, str, bool], ...]


def explorer(request: HttpRequest, cube_id: str | None = None) -> HttpResponse:
    """A view of a released cube; the first cube of people detected where none is named."""
    release = shelf().latest
    held = cubes(release)
    named = cube_id or request.GET.get("cube") or _first(held)
    if named not in held:
        raise Http404(f"no cube {named}")
    cube = held[named]
    asked = _asked(request)
    try:
        view = view_of(cube, asked)
    except UsageError as error:
        return page(request, "explorer.html", release, 400, fault=str(error), view=None,
                    measure=_measures(release, held, cube))  # fmt: skip
    found = view_figure(release, view)
    return page(
        request, "explorer.html", release, fault="", view=view, shown=drawn(found.figure), pages=found.pages,
        measure=_measures(release, held, cube), choices=_choices(release, view),
        annex=next(iter(annexes(release, [found.figure])[0]), None),
        place=place_name(view.page, found.pages), query="" if settings.STATIC_EXPORT else urlencode(view.query()),
        turn=lambda to: _turned(cube, view, to),
    )  # fmt: skip


def _asked(request: HttpRequest) -> dict[str, str]:
    """The words of the address. Who moves a dimension to the rows and leaves it in the columns gets it in the rows."""
    asked = {name: request.GET[name] for name in request.GET if name != "cube"}
    if asked.get("columns") == asked.get("rows"):
        asked.pop("columns", None)
    return asked


def _first(held: Mapping[str, Cube]) -> str:
    wanted = "victims_by_sex_age.victims_detected.PERSON"
    return wanted if wanted in held else next(iter(held))


def _turned(cube: Cube, view: View, to: int) -> str:
    return f"{address('explore-cube', cube_id=cube.id)}?{urlencode(view.query(page=to))}"


def _measures(release: Release, held: Mapping[str, Cube], chosen: Cube) -> Choice:
    options = tuple((name, cube_name(release, cube), cube is chosen) for name, cube in held.items())
    return Choice("cube", _("What is counted"), options)


def _choices(release: Release, view: View) -> list[Choice]:
    """Rows, columns, order, and a box for every dimension that is neither."""
    cube = view.cube
    rows = [(name, dimension_name(name), name == view.rows) for name in cube.dimensions or (view.rows,)]
    few = [name for name in cube.dimensions if len(cube.codes[name]) <= COLUMNS_AT_MOST or name == "time_period"]
    columns = [("", _("No columns"), view.columns is None)]
    columns += [(name, dimension_name(name), name == view.columns) for name in few]
    sorts = [
        (BY_CODE, _("In the order of the list"), view.sort == BY_CODE),
        (BY_SIZE, _("Largest first"), view.sort == BY_SIZE),
    ]
    made = [Choice("rows", _("Rows"), tuple(rows)), Choice("columns", _("Columns"), tuple(columns))]
    for name, code in view.filters.items():
        held = cube.codes[name] if code in cube.codes[name] else (code, *cube.codes[name])
        options = tuple((one, code_name(release, name, one), one == code) for one in held[:OPTIONS_AT_MOST])
        made.append(Choice(name, dimension_name(name), options))
    return [*made, Choice("sort", _("Order of rows"), tuple(sorts))]
