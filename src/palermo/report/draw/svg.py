"""SVG as text, element by element, with everything escaped that came from outside.

The decision a reader would question: horizontal places are per cent and vertical ones pixels, without a view box. A
drawing then fits a phone and a page alike, and its text keeps one readable size.

Where the language is written from right to left, words are marked so and anchored at their right end; places count
from the left all the same, as every program that shows a drawing expects.
"""

import re
from html import escape
from unicodedata import east_asian_width

from palermo.language import spoken_now

LABEL_WIDTH = 32  # characters of a label on one line, so that label and value fit a screen of 360 pixels
WIDE = "WF"  # East Asian widths of characters that take the room of two
CLOSING = "\uff0c\u3002\u3001\uff1b\uff1a\uff09\u300b\u201d"  # marks with which no line begins
CYRILLIC_WIDTH = 1.15
PANEL_LABEL_WIDTH = 20  # the same for a panel of small multiples
SMALL_LABEL_WIDTH = 44  # the same of smaller letters
RIGHT_TO_LEFT, ISOLATE_ENDS = "\u2067", "\u2069"  # Unicode: what is between reads from right to left


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
    """A line of text; ``anchor`` is ``middle`` or ``end``, where the line ends in the direction of the language."""
    if spoken_now().right_to_left:
        words = f"{RIGHT_TO_LEFT}{words}{ISOLATE_ENDS}"
        anchor = {None: "end", "end": None}.get(anchor, anchor)
    return element("text", escape(words), x=x, y=y, class_=class_, text_anchor=anchor)


def wrapped(words: str, width: int = LABEL_WIDTH) -> list[str]:
    """The words in lines of at most ``width`` characters, broken between words; a longer word is cut with dots.

    A Chinese character takes the room of two others, and lines may break between any two of them. A Cyrillic letter is
    wider than a Latin one.
    """
    lines: list[str] = []
    for raw in _unbroken(words, width):
        first, *more = _pieces(raw, width)
        if lines and room(lines[-1]) + 1 + room(first) <= width:
            lines[-1] += f" {first}"
        else:
            lines.append(first)
        lines += more
    return lines or [""]


def _unbroken(words: str, width: int) -> list[str]:
    """What a line does not break. From right to left a bracket stays whole where it fits: broken, its halves turn."""
    if not spoken_now().right_to_left:
        return words.split()
    found = re.findall(r"\([^()]*\)\S*|\S+", words)
    return [piece for part in found for piece in ([part] if room(part) <= width else part.split())]


def shortened(words: str, width: int, most: int) -> list[str]:
    """The words in at most ``most`` lines; dots show that more follows."""
    lines = wrapped(words, width)
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and room(last) + 1 > width:
        last = last[:-1]
    return [*lines[: most - 1], f"{last.rstrip()}\u2026"]


def _pieces(word: str, width: int) -> list[str]:
    """A word in pieces that fit on a line."""
    if room(word) <= width:
        return [word]
    if not any(_is_wide(character) for character in word):
        return [word[: width - 1] + "\u2026"]
    pieces = [""]
    for part in _syllables(word):
        if pieces[-1] and room(pieces[-1] + part) > width:
            pieces.append("")
        pieces[-1] += part
    return pieces


def _syllables(word: str) -> list[str]:
    """What a Chinese text may be broken between: characters with the mark behind them, Latin words as a whole."""
    parts: list[str] = []
    for character in word:
        joins = not _is_wide(character) and parts and not _is_wide(parts[-1][-1])
        if parts and (joins or character in CLOSING):
            parts[-1] += character
        else:
            parts.append(character)
    return parts


def _is_wide(character: str) -> bool:
    return east_asian_width(character) in WIDE


def room(words: str) -> float:
    """How many Latin characters take the room of the words."""
    return sum(_width(character) for character in words)


def _width(character: str) -> float:
    if _is_wide(character):
        return 2.0
    return CYRILLIC_WIDTH if "\u0400" <= character <= "\u04ff" else 1.0


BOX_WIDTH = 322.0  # units across a drawing that is scaled as a whole: one is a pixel on a screen of 360 pixels


def image(image_id: str, title: str, description: str, height: float, *children: str, width: float = 0.0) -> str:
    """The outer element of a drawing, with its title and description for those who do not see it.

    ``width``: places are units of a view box as wide as that, for maps and flows, whose shapes cannot be given in per
    cent of the width; the style sheet holds their size between that of a phone and half a page.
    """
    return element(
        "svg",
        element("title", escape(title), id=f"{image_id}-title"),
        element("desc", escape(description), id=f"{image_id}-desc"),
        # The words on the drawing are in its description, and would be read once more without it.
        element("g", *children, aria_hidden="true"),
        id=image_id,
        role="img",
        aria_labelledby=f"{image_id}-title",
        aria_describedby=f"{image_id}-desc",
        width="100%",
        height=None if width else height,
        viewBox=f"0 0 {_plain(width)} {_plain(height)}" if width else None,
        class_="drawing scaled" if width else "drawing",
        direction="ltr" if spoken_now().right_to_left else None,
    )
