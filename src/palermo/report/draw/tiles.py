"""Where each country and area lies on the tile map: one tile each, by the subregions of UN M49.

The decision a reader would question: every area has a tile of the same size, so that small States are seen, and no
border is drawn, so that none is claimed. Within a subregion, rows run from north to south and tiles from west to east.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

COLUMNS = 7
PITCH = 22.7
TILE = 21.0
HEAD = 13.0  # one line of a heading
GAP = 5.0
HEADING = 26  # characters of a heading on one line
NO_REGION = ""
BLOCK = COLUMNS * PITCH - PITCH + TILE  # width of a block
BETWEEN = 7.6  # columns of blocks
MADE_UP = {"XXA": ("419", 7)}  # the demo country stands after the last area of its subregion


@dataclass(frozen=True)
class Layout:
    """The columns of the map, each with the subregions of its blocks from the top."""

    columns: tuple[tuple[str, ...], ...]

    @property
    def width(self) -> float:
        """Units across the map."""
        return round(len(self.columns) * (BLOCK + BETWEEN) - BETWEEN, 1)


# Two columns fit the screen of a phone; three fit a page, on which the same map would be higher than the page.
SCREEN = Layout((
    ("021", "419", "015", "202", NO_REGION),
    ("154", "155", "151", "039", "143", "145", "034", "035", "030", "053", "054", "057", "061"),
))  # fmt: skip
PAPER = Layout((
    ("021", "419", "015", "202"),
    ("154", "155", "151", "039", "143", "145"),
    ("034", "035", "030", "053", "054", "057", "061", NO_REGION),
))  # fmt: skip


@dataclass(frozen=True)
class Block:
    """A subregion on the map: where its heading and the upper left corners of its tiles are."""

    subregion: str
    x: float
    y: float
    tiles: dict[str, tuple[float, float]]


@cache
def rows_of_tiles() -> dict[str, tuple[tuple[str, ...], ...]]:
    """The rows of areas of each subregion, as the data file has them."""
    text = (resources.files("palermo.report.draw") / "tiles.csv").read_text(encoding="utf-8")
    found: dict[str, list[tuple[str, ...]]] = {}
    for row in csv.DictReader(text.splitlines()):
        found.setdefault(row["subregion"], []).append(tuple(row["areas"].split()))
    return {subregion: tuple(rows) for subregion, rows in found.items()}


def placed(shown: frozenset[str], heading_lines: dict[str, int], layout: Layout) -> tuple[tuple[Block, ...], float]:
    """The blocks of the map and its height. ``heading_lines``: lines that the heading of each subregion takes.

    A made-up country has a tile only where it is among the areas ``shown``.
    """
    blocks, bottom = [], 0.0
    for number, column in enumerate(layout.columns):
        x, y = number * (BLOCK + BETWEEN), 0.0
        for subregion in column:
            top = y + HEAD * heading_lines.get(subregion, 1) + 2
            tiles = _tiles(subregion, x, top, shown)
            blocks.append(Block(subregion, x, y, tiles))
            y = max(place[1] for place in tiles.values()) + PITCH + GAP
        bottom = max(bottom, y)
    return tuple(blocks), bottom


def _tiles(subregion: str, x: float, y: float, shown: frozenset[str]) -> dict[str, tuple[float, float]]:
    rows = [list(row) for row in rows_of_tiles()[subregion]]
    for code, (home, row) in MADE_UP.items():
        if home == subregion and code in shown:
            rows[row].append(code)
    return {
        code: (x + place * PITCH, y + line * PITCH) for line, row in enumerate(rows) for place, code in enumerate(row)
    }
