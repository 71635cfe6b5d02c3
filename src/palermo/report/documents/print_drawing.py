"""A drawing for print: its shapes as SVG with their colours in place, its words as text of the page around them.

The decision a reader would question: the words are taken out of the drawing. The engine that makes the PDF sets words
within a drawing letter by letter, which tears Arabic apart; as text of the page they are shaped, found by a search and
copied like any other. Places across are per cent and down pixels in our drawings, which is what a page can place by.
"""

import re
from dataclasses import dataclass
from functools import cache
from xml.etree import ElementTree

from markupsafe import Markup

from palermo.language import spoken_now
from palermo.report.draw.looks import style_variables
from palermo.report.page.render import style

SVG = "http://www.w3.org/2000/svg"
SCALED_WIDTH = 644.0  # pixels of a map or a flow in print, where it is not too high: the text between the margins
MOST_HEIGHT = 690.0  # pixels of one: with its headings it fits on a page, of a DOCX too
READABLE, WHOLE_PAGE = 1.02, 900.0  # letters of 6.5 points on a tile map, for which it may be as high as a page
MOST_OF_BARS, LEAST_SCALE = 640.0, 0.66  # pixels of a drawing of many bars; how much smaller it may become
BASELINE = 0.86  # of the size of the letters: from the top of a line as high as they are down to the line they stand on
FONT_SIZE = 14.0
_TITLED = frozenset({"title", "desc"})
_SELECTOR = re.compile(r"(?P<selectors>[^{}@]+)\{(?P<body>[^{}]*)\}")
_SIZE = re.compile(r"font-size:([\d.]+)px")
_CLASS = re.compile(r"\.([a-z-]+)")
_MARK_SELECTOR = re.compile(r"^(\.drawing )?(\.[a-z-]+)+$")


@dataclass(frozen=True)
class PrintDrawing:
    """A drawing with its height in pixels; ``width`` is set where it is scaled as a whole."""

    markup: Markup
    height: float
    width: float | None


def for_print(drawing: str, alt: str) -> PrintDrawing:
    """The drawing as markup of a page. ``alt`` says it in words; the words on the drawing are part of it."""
    image = ElementTree.fromstring(drawing)
    box = image.get("viewBox")
    height = float(box.split()[3]) if box else float(image.get("height", "0"))
    units = float(box.split()[2]) if box else 0.0
    scale = _scale(units, height) if units else 1.0
    height *= scale
    words = [_placed(line, scale, units) for line in _taken_out(image, (0.0, 0.0))]
    width = units * scale if box else None
    image.set("height", f"{height:g}")
    image.set("width", f"{width:g}" if width else "100%")
    image.set("style", f"width:{width:g}px;height:{height:g}px;max-width:none" if width else "width:100%")
    shapes = Markup(_with_rules(image, alt))
    size = f"height:{height:.4g}px" + (f";width:{width:g}px" if width else "")
    inside = Markup('<div class="words">{}</div>').format(Markup("").join(words))
    if not box and height > MOST_OF_BARS:
        return _shrunk(Markup("{}{}").format(shapes, inside), height)
    return PrintDrawing(
        Markup('<div class="printed-drawing{}" style="{}">{}{}</div>').format(
            " whole" if width else "", size, shapes, inside
        ),
        height,
        width,
    )


def _scale(width: float, height: float) -> float:
    """Pixels of a unit of a drawing that is scaled as a whole."""
    return min(SCALED_WIDTH / width, max(MOST_HEIGHT / height, min(READABLE, WHOLE_PAGE / height)))


def _shrunk(inside: Markup, height: float) -> PrintDrawing:
    """A drawing of many bars, made smaller as a whole so that its heading has room on the same page."""
    by = max(MOST_OF_BARS / height, LEAST_SCALE)
    origin = "right" if spoken_now().right_to_left else "left"
    # Out of the flow: what is made smaller takes the room of its whole size, and heads would stand on a page alone.
    place = f"position:absolute;top:0;{origin}:0"
    turned = (
        f"{place};height:{height:.4g}px;width:{100 / by:.5g}%;transform:scale({by:.4g});transform-origin:top {origin}"
    )
    made = Markup('<div class="shrunk" style="height:{:.4g}px"><div class="printed-drawing" style="{}">{}</div></div>')
    return PrintDrawing(made.format(height * by, turned, inside), height * by, None)


@dataclass(frozen=True)
class _Words:
    text: str
    x: str
    y: float
    dx: float
    anchor: str
    classes: str


def _taken_out(parent: ElementTree.Element, moved: tuple[float, float]) -> list[_Words]:
    """The lines of text below an element, which are removed from it."""
    found: list[_Words] = []
    for child in list(parent):
        if child.tag == "text":
            found += _lines(child, moved)
            parent.remove(child)
        elif child.tag == "g":
            found += _taken_out(child, _moved(child, moved))
    return found


def _moved(group: ElementTree.Element, moved: tuple[float, float]) -> tuple[float, float]:
    shift = re.fullmatch(r"translate\(([-\d.]+) ([-\d.]+)\)", group.get("transform", ""))
    return (moved[0] + float(shift[1]), moved[1] + float(shift[2])) if shift else moved


def _lines(words: ElementTree.Element, moved: tuple[float, float]) -> list[_Words]:
    spans = words.findall("tspan") or [words]
    classes, anchor = words.get("class", ""), words.get("text-anchor", "start")
    return [_words(span, words, moved, classes, anchor) for span in spans if span.text]


def _words(
    span: ElementTree.Element, words: ElementTree.Element, moved: tuple[float, float], classes: str, anchor: str
) -> _Words:
    x, y = ((span.get(name) or words.get(name) or "0") for name in ("x", "y"))
    if not x.endswith("%") and moved[0]:
        x = f"{float(x) + moved[0]:g}"
    return _Words(span.text or "", x, float(y) + moved[1], float(words.get("dx", "0")), anchor, classes)


def _placed(line: _Words, scale: float, units: float) -> Markup:
    """A line of text at its place. ``units`` are those across a drawing that is scaled as a whole; else 0."""
    size = _size_of(line.classes) * scale
    place, shift = _across(line, units)
    at = {
        "start": f"left:{place:.4g}%;margin-left:{shift:.4g}px",
        "end": f"right:{100 - place:.4g}%;margin-right:{-shift:.4g}px",
        "middle": f"left:{place:.4g}%;margin-left:{shift - 150:.4g}px;width:300px;text-align:center",
    }[line.anchor]
    top = line.y * scale - BASELINE * size
    ground = Markup('<span class="ground">{}</span>') if "halo" in line.classes.split() else Markup("{}")
    return Markup('<span class="{}" style="top:{:.4g}px;font-size:{:.4g}px;{}">{}</span>').format(
        f"word {line.classes}", top, size, at, ground.format(line.text)
    )


def _across(line: _Words, units: float) -> tuple[float, float]:
    """Where the line is anchored, as per cent of the width and pixels beside that."""
    if line.x.endswith("%"):
        return float(line.x.removesuffix("%")), line.dx
    if units:
        return 100.0 * (float(line.x) + line.dx) / units, 0.0
    return 0.0, float(line.x) + line.dx


def _with_rules(image: ElementTree.Element, alt: str) -> str:
    """The shapes with the rules of the style sheet that concern them, and the whole alternative text as title."""
    for child in list(image):
        if child.tag in _TITLED:
            image.remove(child)
    title = ElementTree.Element("title")
    title.text = alt
    rules = ElementTree.Element("style")
    rules.text = _rules({name for item in image.iter() for name in item.get("class", "").split()})
    image[:0] = [title, rules]
    for name in ("id", "role", "aria-labelledby"):
        image.attrib.pop(name, None)
    image.set("xmlns", SVG)
    return ElementTree.tostring(image, encoding="unicode")


def _rules(classes: set[str]) -> str:
    return "".join(f"{selector}{{{body}}}" for selector, body, named in _mark_rules() if named <= classes)


def _size_of(classes: str) -> float:
    """The size of letters of these classes, in pixels."""
    names = set(classes.split())
    sizes = [
        float(found[1])
        for _selector, body, named in _mark_rules()
        if named - {"drawing"} and named - {"drawing"} <= names and (found := _SIZE.search(body))
    ]
    return sizes[-1] if sizes else FONT_SIZE


@cache
def _mark_rules() -> tuple[tuple[str, str, set[str]], ...]:
    """The rules of the style sheet whose selectors are classes alone, with the colours of light mode in them."""
    light = dict(pair.split(":", 1) for pair in style_variables()[0].rstrip(";").split(";"))
    colours = {name.strip(): value for name, value in light.items()}
    sheet = re.sub(r"/\*.*?\*/", "", str(style()).partition("@media print")[0], flags=re.DOTALL)
    found: list[tuple[str, str, set[str]]] = []
    for rule in _SELECTOR.finditer(sheet):
        body = re.sub(r"var\((--[a-z-]+)\)", lambda name: colours.get(name[1], ""), rule["body"])
        selectors = (part.strip() for part in rule["selectors"].split(","))
        found += [(one, body, set(_CLASS.findall(one))) for one in selectors if _MARK_SELECTOR.match(one)]
    return tuple(found)
