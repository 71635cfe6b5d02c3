"""Horizontal bars: the label and the amount in words above each bar, so that neither ever collides with it."""

from palermo.language import _, number
from palermo.report.amounts import DASH, with_unit, written
from palermo.report.draw import looks
from palermo.report.draw.spans import Span, span, top_of
from palermo.report.draw.svg import LABEL_WIDTH, PANEL_LABEL_WIDTH, SMALL_LABEL_WIDTH, element, percent, text, wrapped
from palermo.report.marks import Bar, Bars, Reference

LINE = 19.0
BAR = 13.0
GAP = 13.0
CLEAR = 4.0  # between the letters of a label and the box that stands out above its bar


def draw_bars(drawing: Bars, image_id: str) -> tuple[float, list[str]]:
    """Height and elements of the bars."""
    most = drawing.most or top_of([bar.amount for bar in drawing.bars])
    spans = [span(bar.amount, most) for bar in drawing.bars]
    states = {item.hatch for item in spans if item and item.hatch}
    parts = [looks.definitions(image_id, {bar.look for bar in drawing.bars}, states)]
    width = PANEL_LABEL_WIDTH if drawing.title else LABEL_WIDTH
    placed = _reference_words(drawing.reference) if drawing.reference else []
    y = LINE * len(placed)
    for bar, item in zip(drawing.bars, spans, strict=True):
        lines = wrapped(bar.label, width)
        for line in lines:
            y += LINE
            placed.append(text(line, 0, y - 5))
        bottom = y
        y += CLEAR if drawing.reference else 0.0
        amount = written(bar.amount, drawing.decimals, drawing.unit)
        placed.append(text(amount, "100%", bottom - 5, "value" if bar.amount.is_known else "value absent", "end"))
        placed += _bar(bar, item, y, image_id, most)
        if drawing.reference:
            placed.append(_reference_box(drawing.reference, most, y))
        y += BAR + GAP
    return max(y - GAP, 0.0) + 6, parts + placed


def _bar(bar: Bar, item: Span | None, y: float, image_id: str, most: float) -> list[str]:
    track = element("rect", x=0, y=y, width="100%", height=BAR, class_="track")
    if item is None:
        return [element("line", x1=0, x2="100%", y1=y + BAR / 2, y2=y + BAR / 2, class_="no-figure")]
    marks = [track]
    if item.is_zero:
        marks.append(element("rect", x=0, y=y - 1, width=3, height=BAR + 2, class_="zero"))
    if item.solid_to > 0:
        solid = looks.fill(image_id, bar.look)
        marks.append(element("rect", x=0, y=y, width=percent(item.solid_to), height=BAR, **solid))
    if item.hatch:
        low, width = percent(item.hatch_from), percent(item.hatch_to - item.hatch_from)
        hatched = {"fill": f"url(#{image_id}-{item.hatch})", "class_": f"hatch {item.hatch}"}
        marks.append(element("rect", x=low, y=y, width=width, height=BAR, **hatched))
    if bar.interval:
        low, high = (percent(100.0 * bound / most) for bound in bar.interval)
        marks += [element("line", x1=low, x2=high, y1=y + BAR / 2, y2=y + BAR / 2, class_="whisker")]
        marks += [element("line", x1=end, x2=end, y1=y + 2, y2=y + BAR - 2, class_="whisker") for end in (low, high)]
    return marks


def _reference_words(reference: Reference) -> list[str]:
    """What the box stands for, line by line."""
    between = with_unit(f"{number(reference.low)}{DASH}{number(reference.high)}", "%")
    lines = wrapped(_("Box: {label}, {range}", label=reference.label, range=between), SMALL_LABEL_WIDTH)
    return [text(line, 0, LINE * (place + 1) - 6, "quiet") for place, line in enumerate(lines)]


def _reference_box(reference: Reference, most: float, y: float) -> str:
    low, high = 100.0 * reference.low / most, 100.0 * reference.high / most
    return element("rect", x=percent(low), y=y - 2, width=percent(high - low), height=BAR + 4, class_="reference")
