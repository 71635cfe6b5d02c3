"""Arcs between the tiles of the map: each from its origin to its destination, numbered, thicker the more people.

The decision a reader would question: an arc is as thick as the amount surely is; where that is open, the arc is broken
into dashes. Arcs are told apart by their number, which stands on the tile of one of their ends, where it hides no code,
and in the list below the map.
"""

from collections import Counter
from math import ceil, hypot

from palermo.language import _, number
from palermo.report.amounts import written
from palermo.report.draw.svg import element, text, wrapped
from palermo.report.draw.tile_map import CODE, blocks_of, codes, edge, headings
from palermo.report.draw.tiles import SCREEN, TILE, Layout
from palermo.report.marks import Arcs, Link

THIN, THICK = 1.2, 5.0
KEY_LINE = 16.0
KEY_LABEL, HALF_LABEL = 44, 40  # characters of a line of the list, and of one in two columns
RADIUS = 6.5
BEND = 0.12  # how far an arc bends, as a part of its length
Point = tuple[float, float]


def draw_arcs(drawing: Arcs, image_id: str, layout: Layout = SCREEN) -> tuple[float, list[str]]:
    """Height and elements of the map with its arcs, then the list of them."""
    ends = {link.source for link in drawing.links} | {link.target for link in drawing.links}
    blocks, bottom = blocks_of(frozenset(ends), layout)
    place = {code: (x + TILE / 2, y + CODE + (TILE - CODE) / 2) for b in blocks for code, (x, y) in b.tiles.items()}
    most = max((link.amount.floor for link in drawing.links), default=0.0) or 1.0
    made = [_arrow(image_id), _ends(place, ends)]
    crowd = Counter(code for link in drawing.links for code in (link.source, link.target))
    numbered: dict[str, list[int]] = {}
    for rank, link in enumerate(drawing.links, 1):
        if link.source in place and link.target in place and link.source != link.target:
            made.append(_arc(link, place[link.source], place[link.target], most, image_id))
            end = link.target if crowd[link.source] > crowd[link.target] else link.source
            numbered.setdefault(end, []).append(rank)
    shared = (_side_by_side(ranks, place[code], layout.width) for code, ranks in numbered.items())
    numbers = [_number(rank, at) for row in shared for rank, at in row]
    key, height = _key(drawing, bottom, layout)
    return height, [*made, headings(blocks, "tile-head halo"), codes(blocks, "tile-code halo"), *numbers, *key]


def _ends(place: dict[str, Point], ends: set[str]) -> str:
    """The tiles: filled where an arc begins or ends."""
    high, wide = TILE - CODE, TILE
    box = "".join(f"M{x - wide / 2:.4g} {y - high / 2:.5g}h{wide:g}v{high:g}h-{wide:g}z"
                  for code, (x, y) in place.items() if code in ends)  # fmt: skip
    rest = "".join(f"M{x - wide / 2:.4g} {y:.5g}h{wide:g}" for code, (x, y) in place.items() if code not in ends)
    return element("path", d=rest, class_="no-figure") + element("path", d=box, class_="arc-end")


def _bend(start: Point, end: Point) -> Point:
    """The point that a curve is drawn towards: beside the middle, always on the same side as seen from the start."""
    (x1, y1), (x2, y2) = start, end
    return (x1 + x2) / 2 + 2 * BEND * (y2 - y1), (y1 + y2) / 2 - 2 * BEND * (x2 - x1)


def _side_by_side(ranks: list[int], tile: Point, whole: float) -> list[tuple[int, Point]]:
    """The numbers on a tile that they share, in a row about its middle and within the drawing."""
    left = tile[0] - RADIUS * (len(ranks) - 1)
    left = min(max(left, RADIUS), whole - RADIUS * (2 * len(ranks) - 1))
    return [(rank, (left + 2 * RADIUS * at, tile[1])) for at, rank in enumerate(ranks)]


def _arc(link: Link, start: Point, end: Point, most: float, image_id: str) -> str:
    bend = _bend(start, end)
    length = hypot(end[0] - bend[0], end[1] - bend[1]) or 1.0
    tip = (end[0] - (end[0] - bend[0]) / length * 7, end[1] - (end[1] - bend[1]) / length * 7)
    width = max(THIN, THICK * link.amount.floor / most)
    is_open = link.amount.ceiling > link.amount.floor
    d = f"M{start[0]:.1f} {start[1]:.1f}Q{bend[0]:.1f} {bend[1]:.1f} {tip[0]:.1f} {tip[1]:.1f}"
    return element("path", d=d, class_="arc", stroke_width=round(width, 1), marker_end=f"url(#{image_id}-arrow)",
                   stroke_dasharray="6 2" if is_open else None)  # fmt: skip


def _arrow(image_id: str) -> str:
    head = element("path", d="M0 0L8 4L0 8z", class_="arc-head")
    return element("defs", element("marker", head, id=f"{image_id}-arrow", markerWidth=8, markerHeight=8, refX=1.5,
                                   refY=4, orient="auto", markerUnits="userSpaceOnUse"))  # fmt: skip


def _number(rank: int, at: Point) -> str:
    circle = element("circle", cx=at[0], cy=at[1], r=RADIUS, class_="arc-number")
    return circle + text(number(rank), at[0], at[1] + 3.4, "arc-rank", "middle")


def _key(drawing: Arcs, bottom: float, layout: Layout) -> tuple[list[str], float]:
    """The arcs by number, each with its words and amount; in two columns where the map is wide."""
    ranked = list(enumerate(drawing.links, 1))
    half = ceil(len(ranked) / 2)
    columns, label = ([ranked], KEY_LABEL) if layout is SCREEN else ([ranked[:half], ranked[half:]], HALF_LABEL)
    made, lowest = [], bottom
    for place, column in enumerate(columns):
        start, y = place * layout.width / 2, bottom + 4
        for rank, link in column:
            made.append(_number(rank, (edge(start + RADIUS + 1, 0, layout.width), y + 8)))
            amount = written(link.amount, drawing.decimals, drawing.unit)
            for line in wrapped(_("{name}: {amount}", name=link.label, amount=amount), label):
                y += KEY_LINE
                made.append(text(line, edge(start + 2 * RADIUS + 8, 0, layout.width), y - 4, "tile-key"))
        lowest = max(lowest, y)
    return made, lowest + 6
