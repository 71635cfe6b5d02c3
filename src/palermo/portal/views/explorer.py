"""The explorer: measure, rows, columns and filters of what is released. The address is the query.

The decision a reader would question: the form sends a box for every dimension, also for one that was just moved to the
rows; it is led on to an address without that code, so that all of its rows are shown. An address that somebody wrote
(``?rows=sex&sex=F``) means what it says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from palermo.language import _
from palermo.portal.pages import address, page
from palermo.portal.places import cubes, drawn, shelf
from palermo.report.explore.cubes import Cube
from palermo.report.explore.query import BY_CODE, BY_SIZE, COLUMNS_AT_MOST, View, ViewError, view_of
from palermo.report.explore.view_figure import place_name, view_figure
from palermo.report.explore.words import code_name, cube_name, dimension_name, in_reading_order
from palermo.report.page.receipts import annexes
from palermo.report.reading import Release

OPTIONS_AT_MOST = 400
BEGIN = ("victims_by_sex_age.victims_detected.PERSON", "sdg_16_2_2.victims_detected.PERSON")
FROM_FORM = "chosen"  # the word by which the form says that it was the form


@dataclass(frozen=True)
class Choice:
    """A select box: its name in the address, its label, and (value, words, whether chosen) for each option.

    ``closed`` are the options with which nothing is published as long as the other boxes stand as they do.
    """

    name: str
    label: str
    options: tuple[tuple[str, str, bool], ...]
    closed: tuple[tuple[str, str, bool], ...] = ()


def explorer(request: HttpRequest, cube_id: str | None = None) -> HttpResponse:
    """A view of a released cube; the first cube of people detected where none is named."""
    release = shelf().latest
    held = cubes(release)
    named = cube_id or request.GET.get("cube") or _first(held)
    if named not in held:
        raise Http404(f"no cube {named}")
    if FROM_FORM in request.GET:
        return HttpResponseRedirect(f"{address('explore-cube', cube_id=named)}?{urlencode(_of_form(request))}")
    cube = held[named]
    measure = _measures(release, held, cube)
    try:
        view = view_of(cube, _asked(request))
    except ViewError as error:
        return page(request, "explorer.html", release, 400, fault=str(error), view=None, cube=cube, measure=measure)
    found = view_figure(release, view)
    choices = cube.open_choices(view.filters)
    return page(
        request, "explorer.html", release, fault="", view=view, cube=cube, shown=drawn(found.figure), pages=found.pages,
        counted=_(str(release.definition_of(cube.indicator).get("words", ""))),
        measure=measure, choices=_choices(release, view, choices), alone=_alone(release, view),
        ways_on=_ways_on(release, view, choices) if found.figure.missing else [],
        annex=next(iter(annexes(release, [found.figure])[0]), None), turn=min(view.page, found.pages),
        place=place_name(min(view.page, found.pages), found.pages),
        query="" if settings.STATIC_EXPORT else urlencode(view.query()),
        turned=lambda to: _led(cube, view.query(page=to)),
    )  # fmt: skip


def _asked(request: HttpRequest) -> dict[str, str]:
    """The words of the address. Who moves a dimension to the rows and leaves it in the columns gets it in the rows."""
    asked = {name: request.GET[name] for name in request.GET if name != "cube"}
    if asked.get("columns") == asked.get("rows"):
        asked.pop("columns", None)
    return asked


def _of_form(request: HttpRequest) -> dict[str, str]:
    """What the form asks for, without the codes of what it now puts in rows and columns."""
    asked = _asked(request)
    shown = {asked.get("rows"), asked.get("columns"), FROM_FORM}
    return {name: text for name, text in asked.items() if name not in shown}


def _first(held: Mapping[str, Cube]) -> str:
    """The cube to begin with: people detected by sex and age, or for the SDG, or in any other way; else the first."""
    people = [name for name, cube in held.items() if (cube.measure, cube.unit) == ("victims_detected", "PERSON")]
    return next(iter([name for name in BEGIN if name in held] + people), next(iter(held)))


def _led(cube: Cube, query: Mapping[str, str]) -> str:
    return f"{address('explore-cube', cube_id=cube.id)}?{urlencode(query)}"


def _alone(release: Release, view: View) -> list[tuple[str, str]]:
    """A sentence for each dimension of which one row or column alone is shown, and where all of them are."""
    told = []
    for name, code in view.alone.items():
        words = _("{dimension}: {code} alone is shown.", dimension=dimension_name(name),
                  code=code_name(release, name, code))  # fmt: skip
        told.append((words, _led(view.cube, {word: text for word, text in view.query().items() if word != name})))
    return told


def _ways_on(release: Release, view: View, choices: Mapping[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    """Where what is published is found by one other choice, or by leaving all choices: its words and its address."""
    told = []
    for name, codes in choices.items():
        if codes:
            first = view.cube.default(name)
            code = first if first in codes else codes[-1 if name == "time_period" else 0]
            words = _("{name}: {amount}", name=dimension_name(name), amount=code_name(release, name, code))
            told.append((words, _led(view.cube, view.query(**{name: code}))))
    shown = {"rows": view.rows, "columns": view.columns or ""}
    return [*told, (_("These rows and columns with what is published"), _led(view.cube, shown))]


def _measures(release: Release, held: Mapping[str, Cube], chosen: Cube) -> Choice:
    options = tuple((name, cube_name(release, cube), cube is chosen) for name, cube in held.items())
    return Choice("cube", _("What is counted"), options)


def _choices(release: Release, view: View, choices: Mapping[str, tuple[str, ...]]) -> list[Choice]:
    """Rows, columns, order, and a box for every dimension that is neither."""
    cube = view.cube
    rows = [(name, dimension_name(name), name == view.rows) for name in dict.fromkeys((*cube.dimensions, view.rows))]
    few = [name for name in cube.dimensions if len(cube.codes[name]) <= COLUMNS_AT_MOST or name == "time_period"]
    columns = [("", _("No columns"), view.columns is None)]
    columns += [(name, dimension_name(name), name == view.columns) for name in few]
    sorts = [
        (BY_CODE, _("In the order of the list"), view.sort == BY_CODE),
        (BY_SIZE, _("Largest first"), view.sort == BY_SIZE),
    ]
    made = [Choice("rows", _("Rows"), tuple(rows)), Choice("columns", _("Columns"), tuple(columns))]
    made += [_filter(release, view, name, choices[name]) for name in view.filters if name not in view.alone]
    return [*made, Choice("sort", _("Order of rows"), tuple(sorts))]


def _filter(release: Release, view: View, name: str, found: tuple[str, ...]) -> Choice:
    """The box of a dimension that is neither rows nor columns; ``found`` are the codes that find anything."""
    chosen, held = view.filters[name], {*found, view.filters[name]}
    codes = in_reading_order(release, name, dict.fromkeys((*view.cube.codes[name], chosen)))[:OPTIONS_AT_MOST]
    told = [(code, code_name(release, name, code), code == chosen) for code in codes]
    return Choice(
        name, dimension_name(name), tuple(one for one in told if one[0] in held),
        tuple(one for one in told if one[0] not in held),
    )  # fmt: skip
