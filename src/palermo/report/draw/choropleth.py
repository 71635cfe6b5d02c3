"""The choropleth: a world map in Equal Earth from the user's shapes, in place of the tile map.

The decision a reader would question: small States are dots of one size on top of the map, whatever the file holds of
them, so that none is lost at the size of a phone. A shape without a code is land without a figure, never coloured.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise

from palermo.report.draw.equal_earth import HALF_HEIGHT, HALF_WIDTH, cut, project, simplified
from palermo.report.draw.geometry import Shape
from palermo.report.draw.svg import BOX_WIDTH, element
from palermo.report.draw.tile_map import band_definitions, band_fill, draw_key
from palermo.report.marks import AreaMap

FINE = 4.0  # steps of the grid of places to a unit of the box
TOLERANCES = (1.6, 2.2, 3.0, 4.0, 6.0)  # steps of that grid that a line may be moved by: the first that is small enough
MOST_POINTS = 4000  # some 20 kB
SMALL = 14.0  # a shape that is smaller, in steps of the grid across, becomes a dot
ISLAND = 8.0  # of a larger country an island that is smaller, in steps of the grid across, is left out
DOT = 2.4
SCALE = BOX_WIDTH / (2 * HALF_WIDTH)
SOUTH = -1.07  # the plane at 58 degrees south: nobody lives beyond
HEIGHT = (HALF_HEIGHT - SOUTH) * SCALE
WITHOUT = frozenset({"ATA"})  # nobody is detected there, and it would take a tenth of the map
Step = tuple[int, int]


@dataclass(frozen=True)
class Land:
    """A shape on the grid: closed lines of steps; or a dot, where it is too small to see."""

    code: str
    lines: tuple[tuple[Step, ...], ...]
    dot: tuple[float, float] | None


def draw_choropleth(drawing: AreaMap, shapes: Sequence[Shape], image_id: str) -> tuple[float, list[str]]:
    """Height and elements of the map, its key first."""
    made = [band_definitions(drawing.bands, image_id)]
    key, top = draw_key(drawing, image_id, has_land=True)
    land = lands(tuple(shapes))
    band_of = dict(drawing.areas)
    inside = [_path([item for item in land if item.code not in band_of], {"class_": "land"})]
    for band in drawing.bands:
        own = [item for item in land if band_of.get(item.code) == band.key]
        filled = band_fill(band, image_id)
        inside.append(_path(own, {**filled, "class_": f"{filled['class_']} land-in"}))
        inside += [
            element("circle", cx=round(item.dot[0], 1), cy=round(item.dot[1], 1), r=DOT,
                    **{**filled, "class_": f"{filled['class_']} dot"})
            for item in own
            if item.dot
        ]  # fmt: skip
    inside += [
        element("circle", cx=round(item.dot[0], 1), cy=round(item.dot[1], 1), r=1, class_="land")
        for item in land
        if item.dot and item.code and item.code not in band_of
    ]
    made += [*key, element("g", *inside, transform=f"translate(0 {top:g})")]
    return top + HEIGHT, made


@cache
def lands(shapes: tuple[Shape, ...]) -> tuple[Land, ...]:
    """The shapes on the grid, the small ones as dots; areas of which the file holds no shape are dots as well."""
    made: list[Land] = []
    for tolerance in TOLERANCES:
        made = [_land(shape, tolerance) for shape in shapes if shape.code not in WITHOUT]
        if sum(len(line) for item in made for line in item.lines) <= MOST_POINTS:
            break
    held = {shape.code for shape in shapes}
    made += [Land(code, (), _placed(*place)) for code, place in small_areas().items() if code not in held]
    return tuple(sorted(made, key=lambda item: item.code))


@cache
def small_areas() -> dict[str, tuple[float, float]]:
    """Where areas lie that world maps leave out: degrees of longitude and latitude, to a tenth."""
    text = (resources.files("palermo.report.draw") / "small_areas.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {row["area"]: (float(row["longitude"]), float(row["latitude"])) for row in rows}


def _placed(longitude: float, latitude: float) -> tuple[float, float]:
    x, y = project(longitude, latitude)
    return (x + HALF_WIDTH) * SCALE, (HALF_HEIGHT - y) * SCALE


def _land(shape: Shape, tolerance: float) -> Land:
    rings = [[_placed(x, y) for x, y in piece] for ring in shape.rings if len(ring) > 3 for piece in cut(ring)]
    every = [point for ring in rings for point in ring]
    if not every:
        return Land(shape.code, (), None)
    rings = [ring for ring in rings if _extent(ring) * FINE >= ISLAND] or [max(rings, key=_extent)]
    lines = tuple(line for ring in rings if len(line := _on_grid(ring, tolerance)) > 2)
    across = max(_extent(ring) for ring in rings) * FINE
    dot = _middle(max(rings, key=_extent)) if across < SMALL else None
    return Land(shape.code, () if dot else lines, dot)


def _extent(ring: Sequence[tuple[float, float]]) -> float:
    xs, ys = [x for x, _y in ring], [y for _x, y in ring]
    return max(max(xs) - min(xs), max(ys) - min(ys))


def _middle(ring: Sequence[tuple[float, float]]) -> tuple[float, float]:
    return sum(x for x, _y in ring) / len(ring), sum(y for _x, y in ring) / len(ring)


def _on_grid(ring: Sequence[tuple[float, float]], tolerance: float) -> tuple[Step, ...]:
    half = len(ring) // 2  # a closed line is simplified in two halves, as its ends are one point
    points = [(x * FINE, y * FINE) for x, y in ring]
    kept = simplified(points[: half + 1], tolerance)[:-1] + simplified(points[half:], tolerance)
    steps = [(round(x), round(y)) for x, y in kept]
    return tuple(step for place, step in enumerate(steps) if place == 0 or step != steps[place - 1])


def _path(land: Sequence[Land], attributes: dict[str, str]) -> str:
    """One path for many shapes, in steps from point to point: small in bytes."""
    words = []
    for item in land:
        for line in item.lines:
            x, y = line[0]
            words.append(f"M{x} {y}l")
            moves = [f"{after[0] - before[0]} {after[1] - before[1]}" for before, after in pairwise(line)]
            words.append(" ".join(moves).replace(" -", "-") + "z")
    if not words:
        return ""
    return element("path", d="".join(words), transform=f"scale({1 / FINE:g})", fill_rule="evenodd", **attributes)
