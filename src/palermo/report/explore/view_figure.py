"""A view as a figure: the table of what is published, and a drawing where one can be read.

The decision a reader would question: cells that are not in the release say "not published" and are drawn as a gap. A
drawing shows at most ``PANELS`` columns; a table always shows all.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from palermo.language import _, digits, number
from palermo.report.amounts import NOT_APPLICABLE, Amount, interval
from palermo.report.explore.cubes import Grid
from palermo.report.explore.query import BY_SIZE, CELLS_A_PAGE, ROWS_A_PAGE, View
from palermo.report.explore.words import (
    DECIMALS,
    NOTHING_PUBLISHED,
    UNIT_SIGNS,
    code_name,
    cube_name,
    dimension_name,
    in_reading_order,
)
from palermo.report.figure import EMPTY, Figure, Measure, Row, Stub, Table
from palermo.report.figures.parts import source
from palermo.report.labels import joined, listed, within
from palermo.report.marks import Bar, Bars, Line, Lines, Marks, Point, Quantity
from palermo.report.observations import ABSENT, Observation
from palermo.report.page.words import of_kind
from palermo.report.reading import Release

FIGURE_ID = "X"
PANELS = 6
INTERVAL = "_interval"  # ends the key of a column that holds the intervals of the column before it
LINE_LOOKS = ("first", "women", "men", "third", "fourth", "second")


@dataclass(frozen=True)
class Shown:
    """The figure of a view, and how many pages its rows fill."""

    figure: Figure
    rows: int
    pages: int


def view_figure(release: Release, view: View) -> Shown:
    """The figure of a view; one without figures where nothing of it is published."""
    grid = view.cube.grid(view.rows, view.columns, view.filters).filled
    title = view_title(release, view)
    if not grid.rows:
        return Shown(_figure(release, view, title, EMPTY, (), [], _(NOTHING_PUBLISHED)), 0, 0)
    grid = _sorted(view, _named(release, view, grid))
    most = min(ROWS_A_PAGE, max(CELLS_A_PAGE // len(grid.columns), 1))
    pages = -(-len(grid.rows) // most)
    first = (min(view.page, pages) - 1) * most
    part = Grid(grid.rows[first : first + most], grid.columns, grid.places[first : first + most])
    found = [row or ABSENT for row in view.cube.observations(part.places)]
    table = _table(release, view, part, found)
    marks = _marks(release, view, part, found)
    return Shown(_figure(release, view, title, table, marks, found), len(grid.rows), pages)


def whole_view(release: Release, view: View) -> Figure:
    """The figure of a view with all its rows, for a table to take away; it is not drawn."""
    grid = grid_of(view)
    found = [row or ABSENT for row in view.cube.observations(grid.places)]
    table = _table(release, view, grid, found)
    return _figure(release, view, view_title(release, view), table, (), found)


def grid_of(view: View) -> Grid:
    """Where the observations of a view stand, all its rows in the order asked for."""
    return _sorted(view, view.cube.grid(view.rows, view.columns, view.filters).filled)


def view_title(release: Release, view: View) -> str:
    """What is counted, by which dimensions, for which codes."""
    by = [within(dimension_name(name)) for name in (view.rows, view.columns) if name]
    chosen = [
        code_name(release, name, code)
        for name, code in view.filters.items()
        if code not in {"_T", "_Z"} or name == "time_period"
    ]
    name = cube_name(release, view.cube)
    if not chosen:
        return _("{what}, by {dimensions}", what=name, dimensions=joined(by))
    return _("{what}, by {dimensions}: {chosen}", what=name, dimensions=joined(by), chosen=joined(chosen))


def _named(release: Release, view: View, grid: Grid) -> Grid:
    """The rows in the order in which a reader looks for them; files for programs keep the order of codes."""
    place = {code: at for at, code in enumerate(grid.rows)}
    rows = in_reading_order(release, view.rows, grid.rows)
    return Grid(tuple(rows), grid.columns, grid.places[[place[code] for code in rows]])


def _sorted(view: View, grid: Grid) -> Grid:
    if view.sort != BY_SIZE or not grid.rows:
        return grid
    order = np.argsort(-view.cube.least(grid.places).max(axis=1), kind="stable")
    return Grid(tuple(grid.rows[place] for place in order), grid.columns, grid.places[order])


def _table(release: Release, view: View, grid: Grid, found: list[Observation]) -> Table:
    unit, decimals = UNIT_SIGNS.get(view.cube.unit, ""), DECIMALS.get(view.cube.unit, 0)
    across = len(grid.columns)
    headings = [code_name(release, view.columns, code) for code in grid.columns] if view.columns else [_("Number")]
    keys = grid.columns if view.columns else ("number",)
    estimated = view.cube.kind == "estimated"
    with_interval = any(row.interval for row in found)
    measures: list[Measure] = []
    for key, heading in zip(keys, headings, strict=True):
        measures.append(Measure(key, heading, unit or view.cube.unit, decimals, counts=not unit, estimated=estimated))
        if with_interval:
            named = _("{name}: {amount}", name=heading, amount=_("Interval")) if view.columns else _("Interval")
            measures.append(Measure(f"{key}{INTERVAL}", named, unit or view.cube.unit, decimals, counts=False))
    lines = tuple(
        Row(
            ((code, code_name(release, view.rows, code)),),
            tuple(_amounts(found[at * across : (at + 1) * across], with_interval)),
        )
        for at, code in enumerate(grid.rows)
    )
    return Table((Stub(view.rows, dimension_name(view.rows)),), tuple(measures), lines)


def _amounts(found: list[Observation], with_interval: bool) -> Iterator[Amount]:
    """Each figure, followed by its interval where figures of this view have one: the two always go together."""
    for row in found:
        yield row.amount
        if with_interval:
            yield interval(*row.interval) if row.interval else NOT_APPLICABLE


def _marks(release: Release, view: View, grid: Grid, found: list[Observation]) -> tuple[Marks, ...]:
    """Lines over time where years go down, else bars; a panel for each column."""
    quantity = Quantity(view.cube.kind, view.cube.unit)
    unit, decimals = UNIT_SIGNS.get(view.cube.unit, ""), DECIMALS.get(view.cube.unit, 0)
    columns = range(min(len(grid.columns), PANELS))
    names = [code_name(release, view.columns, code) if view.columns else "" for code in grid.columns]
    by_column = [[found[at * len(grid.columns) + place] for at in range(len(grid.rows))] for place in columns]
    labels = [code_name(release, view.rows, code) for code in grid.rows]
    if view.rows == "time_period" and len(grid.rows) > 1:
        lines = tuple(
            Line(names[place] or _("Number"), _points(labels, by_column[place]), quantity, LINE_LOOKS[place])
            for place in columns
        )
        return (Lines(lines, unit=unit, decimals=decimals),)
    most = max((row.amount.high or 0.0 for column in by_column for row in column), default=0.0) or None
    return tuple(
        Bars(_bars(labels, by_column[place], quantity), unit=unit, decimals=decimals, most=most, title=names[place])
        for place in columns
    )


def _points(labels: list[str], column: list[Observation]) -> tuple[Point, ...]:
    return tuple(Point(name, row.amount) for name, row in zip(labels, column, strict=True))


def _bars(labels: list[str], column: list[Observation], quantity: Quantity) -> tuple[Bar, ...]:
    return tuple(
        Bar(name, row.amount, quantity, interval=row.interval) for name, row in zip(labels, column, strict=True)
    )


def _figure(
    release: Release, view: View, title: str, table: Table, marks: tuple[Marks, ...], found: list[Observation],
    missing: str = "",
) -> Figure:  # fmt: skip
    left_out = sum(not measure.key.endswith(INTERVAL) for measure in table.measures) - PANELS
    note = _("The drawing shows the first {n} columns; the table shows all.", n=number(PANELS)) if left_out > 0 else ""
    rows = listed([row.stubs[0][1] for row in table.rows[:PANELS]])
    return Figure(
        id=FIGURE_ID,
        title=title,
        subtitle=_("As released, nothing added up"),
        note=note,
        source=source(release),
        table=table,
        marks=marks,
        alt=_("Drawing of the table below, which begins with: {rows}", rows=rows) if table.rows else missing,
        observations=tuple(row for row in found if row is not ABSENT),
        missing=missing,
        made_up=release.made_up,
        about=of_kind(view.cube.kind),
    )


def place_name(page: int, pages: int) -> str:
    """``Page 2 of 5``."""
    return _("Page {page} of {pages}", page=digits(str(page)), pages=digits(str(pages)))
