"""From the marks of a figure to its drawings: one SVG per panel, each with a title and a description."""

from collections.abc import Sequence

from palermo.language import _, digits, number, spoken_now
from palermo.report.amounts import written
from palermo.report.draw.arcs import draw_arcs
from palermo.report.draw.bars import draw_bars
from palermo.report.draw.choropleth import draw_choropleth
from palermo.report.draw.forest import draw_forest, estimate_written
from palermo.report.draw.geometry import Shape
from palermo.report.draw.lines import draw_lines
from palermo.report.draw.mirror import mirrored
from palermo.report.draw.overlap import draw_overlap
from palermo.report.draw.plot import draw_plot
from palermo.report.draw.sankey import draw_sankey
from palermo.report.draw.stack import draw_stack
from palermo.report.draw.stacks import draw_stacks
from palermo.report.draw.svg import BOX_WIDTH, image
from palermo.report.draw.tile_map import areas_by_band, draw_tile_map
from palermo.report.draw.tiles import SCREEN, Layout
from palermo.report.figure import Figure
from palermo.report.labels import estimate_named, joined, listed, named
from palermo.report.marks import (
    Arcs,
    AreaMap,
    Bars,
    Forest,
    Lines,
    Marks,
    Overlap,
    Plot,
    Sankey,
    Stack,
    Stacks,
)
from palermo.report.one_quantity import check_one_quantity

# Drawn from the left, then turned around where the language is written from right to left.
Plain = Bars | Stack | Stacks | Lines | Forest | Plot | Overlap
TURNED = (Bars, Stack, Stacks, Lines, Forest, Plot, Overlap)


def drawings(figure: Figure, shapes: Sequence[Shape] = (), layout: Layout = SCREEN) -> tuple[str, ...]:
    """The drawings of a figure. Raises ``PalermoError`` where they would mix kinds or units (laws 4 and 5).

    Maps are drawn from the user's ``shapes`` (``read_geometry``) where there are any, else from tiles. ``layout`` is
    that of tiles and flows: of a screen, or of paper, which is wider.
    """
    check_one_quantity(figure.id, figure.marks)
    single = len(figure.marks) == 1
    made = []
    for place, marks in enumerate(figure.marks, 1):
        image_id = f"drawing-{figure.id.lower()}" + ("" if single else f"-{place}")
        width = 0.0
        if isinstance(marks, AreaMap | Sankey | Arcs):
            width, height, parts = _draw_scaled(marks, shapes, image_id, layout)
        else:
            height, parts = _draw(marks, image_id)
        if spoken_now().right_to_left and isinstance(marks, TURNED):
            parts = mirrored(parts)
        title = figure.title if single else _("{title}: {panel}", title=figure.title, panel=marks.title)
        warned = _("MADE UP DATA. {title}", title=title) if figure.made_up else title
        told = figure.alt if single else described(marks)
        made.append(image(image_id, warned, told, height, *parts, width=width))
    return tuple(made)


def _draw(marks: Plain, image_id: str) -> tuple[float, list[str]]:
    made: tuple[float, list[str]]
    match marks:
        case Bars():
            made = draw_bars(marks, image_id)
        case Stack():
            made = draw_stack(marks, image_id)
        case Stacks():
            made = draw_stacks(marks, image_id)
        case Lines():
            made = draw_lines(marks, image_id)
        case Forest():
            made = draw_forest(marks)
        case Plot():
            made = draw_plot(marks)
        case Overlap():
            made = draw_overlap(marks, image_id)
    return made


def _draw_scaled(
    marks: AreaMap | Sankey | Arcs, shapes: Sequence[Shape], image_id: str, layout: Layout
) -> tuple[float, float, list[str]]:
    """Width and height in units of the drawing, and its elements."""
    match marks:
        case AreaMap() if shapes:
            return BOX_WIDTH, *draw_choropleth(marks, shapes, image_id)
        case AreaMap():
            return layout.width, *draw_tile_map(marks, image_id, layout)
        case Sankey():
            return layout.width, *draw_sankey(marks, image_id, layout.width)
        case Arcs():
            return layout.width, *draw_arcs(marks, image_id, layout)


def described(marks: Marks) -> str:
    """A panel in words: every label with its amount."""
    item = estimate_named if isinstance(marks, Forest) else named
    words = listed([item(name, amount) for name, amount in _told(marks)])
    return _("{title}: {panel}", title=marks.title, panel=words) if marks.title else words


def _told(marks: Marks) -> list[tuple[str, str]]:
    """(label, amount in words) for everything that a drawing shows."""
    match marks:
        case Forest():
            return [(item.label, estimate_written(item, marks.decimals, marks.unit)) for item in marks.estimates]
        case Plot():
            return [
                (
                    _("{label} at {place}", label=series.label, place=digits(f"{spot.x:g}")),
                    _("refused") if spot.y is None else number(spot.y, marks.decimals),
                )
                for series in marks.series
                for spot in series.spots
            ]
        case Lines():
            amounts = [(point.label, point.amount) for line in marks.lines for point in line.points]
        case Overlap():
            amounts = [(joined([marks.lists[m][0] for m in item.members]), item.amount) for item in marks.shared]
        case AreaMap():
            return [(band.label, number(count)) for band, count in areas_by_band(marks)]
        case Sankey() | Arcs():
            amounts = [(link.label, link.amount) for link in marks.links]
        case Stacks():
            amounts = [
                (_("{row}: {part}", row=row.label, part=part.label), part.amount)
                for row in marks.rows
                for part in row.parts
            ]
        case Bars() | Stack():
            amounts = [(bar.label, bar.amount) for bar in (marks.bars if isinstance(marks, Bars) else marks.parts)]
    return [(name, written(amount, marks.decimals, marks.unit)) for name, amount in amounts]
