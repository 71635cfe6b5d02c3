"""Drawings for languages that are written from right to left: bars grow from the right, time runs to the left.

The decision a reader would question: a drawing is turned around after it is made, element by element, so that no code
that draws has to know the direction. Only places turn; words and the signs in patterns stay as they are.
"""

from xml.etree import ElementTree

_PLACES = {"line": ("x1", "x2"), "circle": ("cx",)}


def mirrored(parts: list[str]) -> list[str]:
    """The elements of a drawing with every place across it counted from the right."""
    drawing = ElementTree.fromstring(f"<svg>{''.join(parts)}</svg>")
    for element in drawing:
        _turn(element)
    return [ElementTree.tostring(element, encoding="unicode") for element in drawing]


def _turn(element: ElementTree.Element) -> None:
    match element.tag:
        case "rect":
            _turn_box(element)
        case "text":
            _turn_words(element)
        case "svg":
            _turn_sign(element)
        case "line" | "circle":
            for name in _PLACES[element.tag]:
                element.set(name, _written(100.0 - _per_cent(element.get(name, "0"))))


def _turn_box(box: ElementTree.Element) -> None:
    """A box that is per cent wide ends where it began; one in pixels is moved back by its width."""
    place, width = _per_cent(box.get("x", "0")), box.get("width", "0")
    if width.endswith("%"):
        box.set("x", _written(100.0 - place - _per_cent(width)))
    else:
        box.set("x", _written(100.0 - place))
        box.set("transform", f"translate(-{width} 0)")


def _turn_words(words: ElementTree.Element) -> None:
    """Words at a place in per cent, or so many pixels from the edge."""
    place = words.get("x", "0")
    if place.endswith("%") or place == "0":
        words.set("x", _written(100.0 - _per_cent(place)))
    else:
        words.set("x", "100%")
        words.set("dx", f"-{place}")


def _turn_sign(sign: ElementTree.Element) -> None:
    """A sign of fixed size at a place, such as an arrow: it points the other way."""
    sign.set("x", _written(100.0 - _per_cent(sign.get("x", "0"))))
    sign.set("overflow", "visible")
    turned = ElementTree.Element("g", {"transform": "scale(-1 1)"})
    turned.extend(list(sign))
    for child in list(sign):
        sign.remove(child)
    sign.append(turned)


def _per_cent(place: str) -> float:
    return float(place.removesuffix("%"))


def _written(place: float) -> str:
    return f"{place:.2f}".rstrip("0").rstrip(".") + "%"
