"""Released observations, filtered by exact codes, and views of a cube in the words of the explorer's address."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import pyarrow as pa
import pyarrow.compute as pc
from django.http import HttpResponseBase

from palermo.language import _
from palermo.portal.api.answers import csv_answer, json_answer, json_stream
from palermo.portal.api.known_codes import check_codes
from palermo.portal.api.problems import not_published, refused
from palermo.portal.api.route import CSV, Asked
from palermo.portal.api.rows import csv_pieces, json_pieces, json_rows, labels_of, not_published_cell
from palermo.portal.api.said import about_kinds, release_asked, said_of
from palermo.portal.places import cubes
from palermo.release.schema import DIMENSIONS, KEY
from palermo.report.explore.cubes import Cube, Grid
from palermo.report.explore.query import WORDS, View, ViewError, view_of
from palermo.report.explore.view_figure import grid_of, view_title
from palermo.report.explore.words import NOTHING_PUBLISHED, code_name
from palermo.report.page.words import of_kind
from palermo.report.reading import Release

ROWS, ROWS_AT_MOST = 1_000, 100_000


def observations(asked: Asked) -> HttpResponseBase:
    """All observations of a release with exactly the codes asked for, in the order of the release."""
    found = release_asked(asked.parts["release_id"])
    codes = {name: asked.words[name] for name in KEY if name in asked.words}
    check_codes(found, codes)
    table = _filtered(found.cube, codes)
    part = _part(asked, table)
    if asked.form == CSV:
        return csv_answer(asked, csv_pieces(found, part), f"{found.id}-observations.csv", found)
    told = said_of(found) | {
        "about_kinds": about_kinds(filter(None, pc.unique(part["kind"]).to_pylist())),
        "filters": codes,
        "missing": "" if table.num_rows else _(NOTHING_PUBLISHED),
        **_paged(asked, part.num_rows, table.num_rows),
        "labels": labels_of(found, part),
    }
    return json_stream(asked, told, "observations", json_pieces(part), found)


def _filtered(table: pa.Table, codes: Mapping[str, str]) -> pa.Table:
    for name, code in codes.items():
        table = table.filter(pc.equal(table[name], code))
    return table


def _part(asked: Asked, table: pa.Table) -> pa.Table:
    """The rows of the page asked for; of a CSV all that follow, unless a limit is named."""
    return table.slice(_offset(asked), _limit(asked, table.num_rows))


def _offset(asked: Asked) -> int:
    return asked.number("offset", 0)


def _limit(asked: Asked, every: int) -> int:
    return asked.number("limit", every if asked.form == CSV else ROWS)


def _paged(asked: Asked, shown: int, every: int) -> dict[str, Any]:
    """Which rows these are, and the address of those that follow."""
    end = _offset(asked) + shown
    query = {**asked.words, "offset": str(end), "limit": str(_limit(asked, every))}
    has_more = bool(shown) and end < every
    return {
        "offset": _offset(asked),
        "limit": _limit(asked, every),
        "total": every,
        "next": f"{asked.request.path_info}?{urlencode(query)}" if has_more else None,
    }


def cube_view(asked: Asked) -> HttpResponseBase:
    """A view of a cube: rows, columns and one code for every other dimension, as the explorer shows it."""
    found = release_asked(asked.parts["release_id"])
    cube = _cube(found, asked.parts["cube_id"])
    check_codes(found, {name: asked.words[name] for name in DIMENSIONS if name in asked.words})
    view = _view(cube, asked)
    grid = grid_of(view)
    first, most = _offset(asked), _limit(asked, len(grid.rows))
    part = Grid(grid.rows[first : first + most], grid.columns, grid.places[first : first + most])
    table = view.cube.taken(part.places[part.places >= 0].ravel())
    if asked.form == CSV:
        return csv_answer(asked, csv_pieces(found, table), f"{found.id}-{view.cube.id}.csv", found)
    told = said_of(found, of_kind(view.cube.kind)) | {
        "title": view_title(found, view),
        "cube": asked.parts["cube_id"],
        "indicator": view.cube.indicator,
        "measure": view.cube.measure,
        "unit": view.cube.unit,
        "kind": view.cube.kind,
        "rows_dimension": view.rows,
        "columns_dimension": view.columns,
        "filters": dict(view.filters),
        "missing": "" if grid.rows else _(NOTHING_PUBLISHED),
        **_paged(asked, len(part.rows), len(grid.rows)),
        "columns": [_named(found, view.columns, code) for code in part.columns] if view.columns else [],
        "rows": _rows(found, view, part, table),
        "explore": f"/explore/{asked.parts['cube_id']}/?{urlencode(view.query())}",
    }
    return json_answer(asked, told, found)


def _cube(release: Release, name: str) -> Cube:
    held = cubes(release)
    if name not in held:
        raise not_published(_("Cube {id}", id=name))
    return held[name]


def _view(cube: Cube, asked: Asked) -> View:
    """The view that the words ask for. Rows and columns that cannot stand together are refused."""
    try:
        return view_of(cube, {name: text for name, text in asked.words.items() if name in {*WORDS, *DIMENSIONS}})
    except ViewError as error:
        raise refused(error) from None


def _named(release: Release, dimension: str, code: str) -> dict[str, str]:
    return {"code": code, "label": code_name(release, dimension, code)}


def _rows(release: Release, view: View, grid: Grid, table: pa.Table) -> list[dict[str, Any]]:
    """The rows of a view, each with a cell for every column; a cell that is not published says so."""
    told = iter(json_rows(table))
    kept = tuple(not_published_cell())
    made = []
    for at, code in enumerate(grid.rows):
        cells = []
        for across, place in zip(grid.columns, grid.places[at], strict=True):
            row = next(told) if place >= 0 else not_published_cell()
            cells.append({"column": across or None} | {name: row[name] for name in kept})
        made.append(_named(release, view.rows, code) | {"cells": cells})
    return made
