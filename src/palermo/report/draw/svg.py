"""SVG as text, element by element, with everything escaped that came from outside.

The decision a reader would question: horizontal places are per cent and vertical ones pixels, without a view box. A
drawing then fits a phone and a page alike, and its text keeps one readable size.
"""

from html import escape

LABEL_WIDTH = 32  # characters of a label on one line, so that label and value fit a screen of 360 pixels
PANEL_LABEL_WIDTH = 20  # the same for a panel of small multiples


def element(tag: str, *children: str, **attributes: str | float | None) -> str:
    """One element; ``class_`` gives ``class``, ``text_anchor`` gives ``text-anchor``; None leaves an attribute out."""
    named = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items() if value is not None}
    written = "".join(f' {name}="{escape(_plain(value), quote=True)}"' for name, value in named.items())
    inside = "".join(children)
    return f"<{tag}{written}>{inside}</{tag}>" if inside else f"<{tag}{written}/>"


def _plain(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")


def percent(value: float) -> str:
    """A place or width across the drawing."""
    return f"{_plain(min(max(value, 0.0), 100.0))}%"


def text(words: str, x: str | float, y: float, class_: str = "label", anchor: str | None = None) -> str:
    """A line of text; ``anchor`` is ``middle`` or ``end``."""
    return element("text", escape(words), x=x, y=y, class_=class_, text_anchor=anchor)


def wrapped(words: str, width: int = LABEL_WIDTH) -> list[str]:
    """The words in lines of at most ``width`` characters, broken between words; a longer word is cut with dots."""
    lines: list[str] = []
    for raw in words.split():
        word = raw if len(raw) <= width else raw[: width - 1] + "\u2026"
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines or [""]


def image(image_id: str, title: str, description: str, height: float, *children: str) -> str:
    """The outer element of a drawing, with its title and description for those who do not see it."""
    return element(
        "svg",
        element("title", escape(title), id=f"{image_id}-title"),
        element("desc", escape(description), id=f"{image_id}-desc"),
        *children,
        id=image_id,
        role="img",
        aria_labelledby=f"{image_id}-title {image_id}-desc",
        width="100%",
        height=height,
        class_="drawing",
    )
