"""The colours and patterns of marks, chosen so that no meaning hangs on colour alone.

Colours differ in lightness as well as hue, keep a contrast of 3 to 1 against the page in light and dark mode (a test
measures it), and every second look carries a pattern as well. Blue and orange stay apart in all common forms of colour
blindness.
"""

from dataclasses import dataclass

from palermo.report.draw.svg import element


@dataclass(frozen=True)
class Look:
    """A fill: its colour in light and dark mode, and a pattern drawn over it in the colour of the page."""

    light: str
    dark: str
    pattern: str = ""


LOOKS = {
    "plain": Look("#1f6f78", "#5fb8c0"),
    "women": Look("#12508f", "#6aa8ea"),
    "men": Look("#b0510e", "#f09a55"),
    "girls": Look("#3a83c5", "#a5cdf5", "dots"),
    "boys": Look("#c0741d", "#f8c896", "dots"),
    "first": Look("#134e57", "#3f9aa5"),
    "second": Look("#24808a", "#6cc3cb", "dots"),
    "third": Look("#4c8f5f", "#9ed6a8", "stripes"),
    "fourth": Look("#7d8591", "#aab2bd", "grid"),
}
PAPER = ("#ffffff", "#15191d")
INK = ("#1b2126", "#eef1f3")
QUIET = ("#545d66", "#b3bcc4")
PAGE = {
    "paper": PAPER,
    "ink": INK,
    "quiet": QUIET,
    "track": ("#edf1f3", "#262d33"),
    "rule": ("#d3dadf", "#39424a"),
    "soft": ("#f5f7f8", "#1c2227"),
    "accent": ("#134e57", "#8fd3da"),
    "link": ("#0b5560", "#8fd3da"),
    "warn": ("#7a1f00", "#ffc9ae"),
    "warn-paper": ("#fdeee6", "#40200f"),
}

# Each pattern is a tile of 6 by 6 pixels.
TILES = {
    "dots": element("circle", cx=1.5, cy=1.5, r=0.9, class_="over")
    + element("circle", cx=4.5, cy=4.5, r=0.9, class_="over"),
    "stripes": element("path", d="M0 3H6", class_="over-line"),
    "grid": element("path", d="M0 3H6M3 0V6", class_="over-line"),
}
HIDDEN = element("path", d="M-1 7L7 -1M-1 1L1 -1M5 7L7 5", class_="hatch-line")
PRINTED = element("circle", cx=2, cy=2, r=1, class_="hatch-dot") + element(
    "circle", cx=5, cy=5, r=1, class_="hatch-dot"
)
DERIVED = element("path", d="M0 1.5H6M0 4.5H6", class_="range-line")


def _tile(tile_id: str, background: str, *inside: str) -> str:
    ground = element("rect", width=6, height=6, class_=background)
    return element("pattern", ground, *inside, id=tile_id, width=6, height=6, patternUnits="userSpaceOnUse")


def definitions(image_id: str, looks: set[str], states: set[str]) -> str:
    """The patterns that one drawing needs, under ids of its own so that drawings can share a page."""
    tiles = [_tile(f"{image_id}-{name}", f"look-{name}", TILES[LOOKS[name].pattern])
             for name in LOOKS if name in looks and LOOKS[name].pattern]  # fmt: skip
    hatches = {"hidden": HIDDEN, "printed": PRINTED, "range": DERIVED}
    tiles += [_tile(f"{image_id}-{name}", "paper", hatch) for name, hatch in hatches.items() if name in states]
    return element("defs", *tiles) if tiles else ""


def fill(image_id: str, look: str) -> dict[str, str]:
    """The attributes of a filled mark: a class for the colour, or the pattern of the drawing."""
    if LOOKS[look].pattern:
        return {"fill": f"url(#{image_id}-{look})", "class_": "mark"}
    return {"class_": f"mark look-{look}"}


def style_variables() -> tuple[str, str]:
    """The custom properties of light and of dark mode, as lines of a style sheet."""
    pairs = {**PAGE, **{f"look-{name}": (look.light, look.dark) for name, look in LOOKS.items()}}
    light = "".join(f"--{name}:{pair[0]};" for name, pair in pairs.items())
    dark = "".join(f"--{name}:{pair[1]};" for name, pair in pairs.items())
    return light, dark


def look_classes() -> str:
    """One class per look."""
    return "\n".join(f".look-{name}{{fill:var(--look-{name})}}" for name in LOOKS)
