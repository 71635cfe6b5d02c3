"""Stacked bars under each other: the same parts of several wholes, such as years or regions, on one scale.

The decision a reader would question: a part that is a range has no one place in a stack. Each part is drawn at the
least it surely is, and what is left open is one hatched piece at the end: it may belong to any part that is a range.
"""

from palermo.language import _
from palermo.report.amounts import written
from palermo.report.draw import looks
from palermo.report.draw.svg import LABEL_WIDTH, element, percent, text, wrapped
from palermo.report.marks import Bar, Stacks

SHORT = 6  # characters of a label that fit beside its bar, such as a year
BESIDE = 14.0  # per cent of the width for such labels
BAR = 20.0
GAP = 7.0
LINE = 18.0
SWATCH = 13.0
KEY_WIDTH = LABEL_WIDTH - 2  # characters beside a swatch
DIGIT = 2.6  # per cent of the width that one character of a number takes on a screen of 360 pixels


def draw_stacks(drawing: Stacks, image_id: str) -> tuple[float, list[str]]:
    """Height and elements of the stacks, the key of the parts first."""
    parts = list(dict.fromkeys((part.label, part.look) for row in drawing.rows for part in row.parts))
    is_open = any(_left_open(row.parts) > 0 for row in drawing.rows)
    made = [looks.definitions(image_id, {look for _name, look in parts}, {"range"} if is_open else set())]
    y = 0.0
    key = [(name, looks.fill(image_id, look)) for name, look in parts]
    if is_open:
        key.append((_("Left open by ranges"), {"fill": f"url(#{image_id}-range)", "class_": "hatch range"}))
    for name, filled in key:
        made.append(element("rect", x=0, y=y + 2, width=SWATCH, height=SWATCH, **filled))
        for line in wrapped(name, KEY_WIDTH):
            made.append(text(line, 22, y + SWATCH))
            y += LINE + 2
    y += GAP
    beside = all(len(row.label) <= SHORT for row in drawing.rows)
    for row in drawing.rows:
        if beside:
            made.append(text(row.label, 0, y + BAR - 6))
        else:
            for line in wrapped(row.label):
                y += LINE
                made.append(text(line, 0, y - 5))
        made += _row(row.parts, drawing, y, BESIDE if beside else 0.0, image_id)
        y += BAR + GAP
    return y, made


def _box(x: float, width: float, y: float, look: dict[str, str]) -> str:
    return element("rect", x=percent(x), y=y, width=percent(width), height=BAR, **look)


def _left_open(parts: tuple[Bar, ...]) -> float:
    """What the least of all parts leaves of 100 per cent; nothing where no part is known."""
    known = [part.amount for part in parts if part.amount.is_known]
    return max(100.0 - sum(amount.floor for amount in known), 0.0) if known else 0.0


def _row(parts: tuple[Bar, ...], drawing: Stacks, y: float, start: float, image_id: str) -> list[str]:
    if not any(part.amount.is_known for part in parts):
        middle = y + BAR / 2
        return [element("line", x1=percent(start), x2=percent(100.0), y1=middle, y2=middle, class_="no-figure")]
    scale = (100.0 - start) / 100.0
    x, boxes, words = start, [], []
    for part in parts:
        width = scale * part.amount.floor if part.amount.is_known else 0.0
        if width > 0:
            boxes.append(_box(x, width, y, looks.fill(image_id, part.look)))
            said = written(part.amount, drawing.decimals, drawing.unit)
            if width > DIGIT * (len(said) + 1):
                words.append(text(said, percent(x + width / 2), y + BAR - 6, "value halo", "middle"))
        x += width
        if width > 0:
            boxes.append(element("line", x1=percent(x), x2=percent(x), y1=y, y2=y + BAR, class_="joint"))
    if (left := scale * _left_open(parts)) > 0.05:
        hatch = {"fill": f"url(#{image_id}-range)", "class_": "hatch range"}
        boxes.append(_box(x, left, y, hatch))
    return boxes + words
