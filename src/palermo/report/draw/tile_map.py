"""The tile map: the code of every country and area above a field that shows its class.

The decision a reader would question: the code stands above the field, not on it, so that it can be read on every colour
and pattern, in dark mode and in print.
"""

from palermo.language import _, number, spoken_now
from palermo.report.draw import looks
from palermo.report.draw.svg import BOX_WIDTH, element, text, wrapped
from palermo.report.draw.tiles import HEAD, HEADING, NO_REGION, SCREEN, TILE, Block, Layout, placed, rows_of_tiles
from palermo.report.labels import area_name
from palermo.report.marks import AreaMap, Band

CODE = 10.0  # of the height of a tile, the part that holds the code
KEY_LINE = 18.0
SWATCH = 12.0
RANGE, ABSENT = "range", "absent"


def draw_tile_map(drawing: AreaMap, image_id: str, layout: Layout = SCREEN) -> tuple[float, list[str]]:
    """Height and elements of the map, its key first."""
    band_of = dict(drawing.areas)
    made = [band_definitions(drawing.bands, image_id)]
    key, top = draw_key(drawing, image_id, whole=layout.width)
    made += key
    blocks, height = blocks_of(frozenset(band_of), layout)
    inside = [headings(blocks), codes(blocks)]
    for band in drawing.bands:
        fields = [place for block in blocks for code, place in block.tiles.items() if band_of.get(code) == band.key]
        if fields:
            inside.append(element("path", d=_fields(fields), **band_fill(band, image_id)))
    empty = [place for block in blocks for code, place in block.tiles.items() if code not in band_of]
    if empty:
        inside.append(element("path", d=_lines(empty), class_="no-figure"))
    made.append(element("g", *inside, transform=f"translate(0 {top:g})"))
    return top + height, made


def blocks_of(shown: frozenset[str], layout: Layout = SCREEN) -> tuple[tuple[Block, ...], float]:
    """The blocks of the map and its height, with room for the headings in the language spoken now."""
    return placed(shown, {code: len(_heading(code)) for code in rows_of_tiles()}, layout)


def _heading(subregion: str) -> list[str]:
    return wrapped(_("No region assigned") if subregion == NO_REGION else area_name(subregion), HEADING)


def headings(blocks: tuple[Block, ...], class_: str = "tile-head") -> str:
    """The names of the subregions."""
    lines = [
        text(line, block.x + 3.5 * (TILE + 1.7), block.y + HEAD * number - 3, class_, "middle")
        for block in blocks
        for number, line in enumerate(_heading(block.subregion), 1)
    ]
    return "".join(lines)


def codes(blocks: tuple[Block, ...], class_: str = "tile-code") -> str:
    """The codes of all areas, each at the top of its tile; one element with many places keeps the drawing small."""
    spans = [
        element("tspan", code, x=round(x + TILE / 2, 1), y=round(y + CODE - 2, 1))
        for block in blocks
        for code, (x, y) in block.tiles.items()
    ]
    return element("text", *spans, class_=class_, text_anchor="middle")


def _fields(places: list[tuple[float, float]]) -> str:
    high = TILE - CODE
    return "".join(f"M{x:.4g} {y + CODE:.5g}h{TILE:g}v{high:g}h-{TILE:g}z" for x, y in places)


def _lines(places: list[tuple[float, float]]) -> str:
    return "".join(f"M{x:.4g} {y + CODE + 5:.5g}h{TILE:g}" for x, y in places)


def band_definitions(bands: tuple[Band, ...], image_id: str) -> str:
    """The patterns that the bands need."""
    plain = {band.look for band in bands if band.look not in {RANGE, ABSENT}}
    return looks.definitions(image_id, plain, {RANGE} if any(band.look == RANGE for band in bands) else set())


def band_fill(band: Band, image_id: str) -> dict[str, str]:
    """The attributes of a shape in a band."""
    if band.look == RANGE:
        return {"fill": f"url(#{image_id}-{RANGE})", "class_": "hatch range"}
    return looks.fill(image_id, band.look)


def areas_by_band(drawing: AreaMap) -> list[tuple[Band, int]]:
    """Each band with the number of areas in it."""
    return [(band, sum(key == band.key for _code, key in drawing.areas)) for band in drawing.bands]


def edge(place: float, width: float = 0.0, whole: float = BOX_WIDTH) -> float:
    """A place counted from the side where reading begins; of a shape of this width, its left side."""
    return whole - place - width if spoken_now().right_to_left else place


def draw_key(
    drawing: AreaMap, image_id: str, has_land: bool = False, whole: float = BOX_WIDTH
) -> tuple[list[str], float]:
    """The key of the bands, with how many areas each holds, and its height; on a map, no figure is bare land."""
    made, y = [], 0.0
    swatch, words_at = edge(0, SWATCH, whole), edge(SWATCH + 7, 0, whole)
    for band, count in areas_by_band(drawing):
        made.append(element("rect", x=swatch, y=y + 2, width=SWATCH, height=SWATCH, **band_fill(band, image_id)))
        words = _("{name}: {n}", name=band.label, n=number(count))
        made.append(text(words, words_at, y + 12, "tile-key"))
        y += KEY_LINE
    if has_land:
        made.append(element("rect", x=swatch, y=y + 2, width=SWATCH, height=SWATCH, class_="land"))
    else:
        made.append(element("line", x1=swatch, x2=swatch + SWATCH, y1=y + 8, y2=y + 8, class_="no-figure"))
    made.append(text(_("No figure"), words_at, y + 12, "tile-key"))
    return made, y + KEY_LINE + 6
