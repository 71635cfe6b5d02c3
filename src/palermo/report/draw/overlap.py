"""Lists and what they share: one row for each combination of lists that saw anyone (an UpSet plot lying on its side).

The decision a reader would question: the lists are numbered, and the numbers head the columns of circles. Names of
lists are long, and words standing on end are hard to read.
"""

from palermo.language import _, number
from palermo.report.amounts import Amount, written
from palermo.report.draw import looks
from palermo.report.draw.spans import HATCHES, span, top_of
from palermo.report.draw.svg import element, percent, room, text
from palermo.report.marks import Overlap, Shared

LINE = 19.0
BAR = 11.0
ROW = 22.0
LEFT = 4.0  # per cent: the first column of circles
COLUMNS_END = 42.0  # per cent: where the last of ten columns may lie
GAP = 4.0
BARS_END = 86.0
PER_SIGN = 1.9  # per cent of a narrow drawing that a sign of the words at the end of a bar takes


def draw_overlap(drawing: Overlap, image_id: str) -> tuple[float, list[str]]:
    """Height and elements of the list sizes and of the matrix below them."""
    amounts = [amount for _, amount in drawing.lists] + [item.amount for item in drawing.shared]
    states = {HATCHES[amount.state] for amount in amounts if amount.state in HATCHES}
    parts = [looks.definitions(image_id, {"plain", "first"}, states)]
    most = top_of([amount for _, amount in drawing.lists])
    y = 0.0
    for place, (name, amount) in enumerate(drawing.lists, 1):
        y += LINE
        parts.append(text(_cut(f"{number(place)}  {name}"), 0, y - 5))
        parts.append(text(written(amount), "100%", y - 5, "value", "end"))
        parts += _bar(amount, most, (0.0, 100.0), y, image_id)
        y += BAR + 8
    y += 20
    parts.append(text(_("Seen by exactly these lists"), 0, y, "quiet"))
    y += 22
    step = min((COLUMNS_END - LEFT) / max(len(drawing.lists) - 1, 1), 7.0)
    columns = [LEFT + step * place for place in range(len(drawing.lists))]
    parts += [text(number(place), percent(x), y, "tick", "middle") for place, x in enumerate(columns, 1)]
    y += 8
    most = top_of([item.amount for item in drawing.shared])
    longest = max((room(written(item.amount)) for item in drawing.shared), default=0.0)
    across = columns[-1] + GAP, min(BARS_END, 98.0 - PER_SIGN * longest)
    for item in drawing.shared:
        parts += _row(item, columns, y, (most, across), image_id)
        y += ROW
    return y + 2, parts


def _cut(words: str) -> str:
    return words if len(words) <= 34 else words[:33] + "\u2026"


def _row(
    item: Shared, columns: list[float], y: float, scale: tuple[float, tuple[float, float]], image_id: str
) -> list[str]:
    """A combination: its circles, then its bar on a ``scale`` (the largest amount, where bars start and end)."""
    middle = y + ROW / 2
    parts = []
    if len(item.members) > 1:
        ends = percent(columns[item.members[0]]), percent(columns[item.members[-1]])
        parts.append(element("line", x1=ends[0], x2=ends[1], y1=middle, y2=middle, class_="link-line"))
    for place, x in enumerate(columns):
        kind = "mark look-first" if place in item.members else "empty-dot"
        parts.append(element("circle", cx=percent(x), cy=middle, r=5.5, class_=kind))
    parts += _bar(item.amount, *scale, middle - BAR / 2, image_id)
    return [*parts, text(written(item.amount), "100%", middle + 5, "value", "end")]


def _bar(amount: Amount, most: float, place: tuple[float, float], y: float, image_id: str) -> list[str]:
    """A bar between two places across the drawing, as long as the amount on a scale that ends at ``most``."""
    start, end = place
    item = span(amount, most)
    if item is None:
        return [element("line", x1=percent(start), x2=percent(end), y1=y + BAR / 2, y2=y + BAR / 2,
                        class_="no-figure")]  # fmt: skip
    part = (end - start) / 100.0
    parts = [element("rect", x=percent(start), y=y, width=percent(end - start), height=BAR, class_="track")]
    if item.is_zero:
        parts.append(element("rect", x=percent(start), y=y - 1, width=3, height=BAR + 2, class_="zero"))
    if item.solid_to > 0:
        solid = looks.fill(image_id, "plain")
        parts.append(element("rect", x=percent(start), y=y, width=percent(item.solid_to * part), height=BAR, **solid))
    if item.hatch:
        parts.append(element("rect", x=percent(start + item.hatch_from * part), y=y,
                             width=percent((item.hatch_to - item.hatch_from) * part), height=BAR,
                             fill=f"url(#{image_id}-{item.hatch})", class_=f"hatch {item.hatch}"))  # fmt: skip
    return parts
