"""One bar of parts of a whole, with a key that names each part and its share."""

from palermo.report.amounts import written
from palermo.report.draw import looks
from palermo.report.draw.svg import element, percent, text, wrapped
from palermo.report.marks import Stack

BAR = 38.0
LINE = 26.0
SWATCH = 13.0


def draw_stack(drawing: Stack, image_id: str) -> tuple[float, list[str]]:
    """Height and elements of the stack."""
    whole = sum(part.amount.floor for part in drawing.parts) or 1.0
    parts = [looks.definitions(image_id, {part.look for part in drawing.parts}, set())]
    x = 0.0
    for part in drawing.parts:
        width = 100.0 * part.amount.floor / whole
        if width > 0:
            filled = looks.fill(image_id, part.look)
            parts.append(element("rect", x=percent(x), y=0, width=percent(width), height=BAR, **filled))
            parts.append(element("line", x1=percent(x), x2=percent(x), y1=0, y2=BAR, class_="joint") if x else "")
        x += width
    y = BAR + 10
    for part in drawing.parts:
        parts.append(element("rect", x=0, y=y + 5, width=SWATCH, height=SWATCH, **looks.fill(image_id, part.look)))
        for line in wrapped(part.label):
            y += LINE
            parts.append(text(line, 22, y - 9))
        parts.append(text(written(part.amount, drawing.decimals, drawing.unit), "100%", y - 9, "value", "end"))
    return y + 2, parts
