"""Lines over time on a scale from zero. A time without a figure breaks the line, and so does a hidden or wide range.

The decision a reader would question: where all that is known is "fewer than 5", a line down to it would look like a
collapse. The range stands hatched in its place, never lower than its hatching can be seen.
"""

from itertools import pairwise
from math import ceil, floor, log10

from palermo.language import _, number
from palermo.report.amounts import Amount, State, written
from palermo.report.draw import looks
from palermo.report.draw.spans import HATCHES, UNBOUNDED_WIDTH, top_of
from palermo.report.draw.svg import element, percent, text
from palermo.report.marks import Line, Lines

TOP = 26.0
PLOT = 190.0
LEFT, RIGHT = 14.0, 95.0  # per cent: room for the words of the scale and for half a year label
WIDTH = 2.4  # per cent: the width of a hatched range
LEAST_HATCH = 7.0  # pixels that show a hatching
LABELS = 6  # as many years as a screen of 360 pixels holds


def ticks(most: float) -> list[float]:
    """Round values from 0 to at least ``most``, three to six of them."""
    step = 10.0 ** floor(log10(most))
    step = next(step * factor for factor in (0.2, 0.5, 1.0, 2.0) if most / (step * factor) <= 5)
    return [step * count for count in range(ceil(round(most / step, 6)) + 1)]


def draw_lines(drawing: Lines, image_id: str) -> tuple[float, list[str]]:
    """Height and elements of the lines."""
    amounts = [point.amount for line in drawing.lines for point in line.points]
    scale = ticks(top_of(amounts))
    most = scale[-1]
    states = {HATCHES[amount.state] for amount in amounts if amount.state in HATCHES}
    parts = [looks.definitions(image_id, {line.look for line in drawing.lines}, states)]
    decimals = max(drawing.decimals, 0) if scale[1] < 1 else 0
    for value in scale:
        y = _height(value, most)
        parts.append(element("line", x1=0, x2="100%", y1=y, y2=y, class_="axis" if value == 0 else "gridline"))
        parts.append(text(number(value, decimals if value else 0), 0, y - 4, "tick"))
    parts += _times([point.label for point in drawing.lines[0].points])
    for line in drawing.lines:
        parts += _line(line, drawing, most, image_id)
    return TOP + PLOT + 26, parts


def _height(value: float, most: float) -> float:
    return TOP + PLOT - PLOT * value / most


def _places(count: int) -> list[float]:
    if count == 1:
        return [(LEFT + RIGHT) / 2]
    return [LEFT + (RIGHT - LEFT) * place / (count - 1) for place in range(count)]


def _times(labels: list[str]) -> list[str]:
    step = ceil(len(labels) / LABELS)
    last = len(labels) - 1
    shown = {place for place in range(len(labels)) if (last - place) % step == 0}  # counted back, so the last is named
    return [
        text(label, percent(x), TOP + PLOT + 19, "tick", "middle")
        for place, (label, x) in enumerate(zip(labels, _places(len(labels)), strict=True))
        if place in shown
    ]


def _line(line: Line, drawing: Lines, most: float, image_id: str) -> list[str]:
    places = _places(len(line.points))
    parts = []
    for (x1, first), (x2, second) in pairwise(zip(places, line.points, strict=True)):
        parts += _segment((x1, first.amount), (x2, second.amount), most, line.look)
    for x, point in zip(places, line.points, strict=True):
        parts += _point(x, point.amount, most, image_id, line.look)
    known = [place for place, point in enumerate(line.points) if _is_told(point.amount)]
    for place in dict.fromkeys(known[:1] + known[-1:]):
        amount = line.points[place].amount
        words = written(amount, drawing.decimals, drawing.unit)
        at, anchor = _beside(place, places)
        parts.append(text(words, at, _height(amount.ceiling, most) - 10, "value halo", anchor))
    return parts


def _beside(place: int, places: list[float]) -> tuple[str, str | None]:
    """Where the words of a point are anchored: never on the numbers of the scale, never beyond the drawing."""
    if place == 0 and len(places) > 1:
        return percent(LEFT - 1.5), None
    return ("100%", "end") if 0 < place == len(places) - 1 else (percent(places[place]), "middle")


def _is_told(amount: Amount) -> bool:
    """Known, or a range that nobody hid."""
    return amount.is_known and amount.state is not State.HIDDEN


def _joins(amount: Amount) -> bool:
    """Whether a line may run through it. A hidden number breaks the line, and a wide range does."""
    return _is_told(amount) and not amount.is_wide


def _segment(first: tuple[float, Amount], second: tuple[float, Amount], most: float, look: str) -> list[str]:
    """The line from one time to the next; where either is a range, one line along the least and one along the most."""
    (x1, before), (x2, after) = first, second
    if not (_joins(before) and _joins(after)):
        return []
    pairs = dict.fromkeys([(before.floor, after.floor), (before.ceiling, after.ceiling)])
    thin = " bound" if len(pairs) > 1 else ""
    return [
        element("line", x1=percent(x1), x2=percent(x2), y1=_height(y1, most), y2=_height(y2, most),
                class_=f"line look-line-{look}{thin}")
        for y1, y2 in pairs
    ]  # fmt: skip


def _point(x: float, amount: Amount, most: float, image_id: str, look: str) -> list[str]:
    if amount.is_exact:
        kind = "zero-point" if amount.floor == 0 else f"mark look-{look}"
        return [element("circle", cx=percent(x), cy=_height(amount.floor, most), r=4, class_=kind)]
    if amount.state not in HATCHES:
        return []
    hatch = HATCHES[amount.state]
    high = amount.high if amount.high is not None else amount.floor + most * UNBOUNDED_WIDTH / 100
    bottom = _height(amount.floor, most)
    top = min(_height(min(high, most), most), bottom - (LEAST_HATCH if amount.is_wide else 3.0))
    box = element("rect", x=percent(x - WIDTH / 2), y=top, width=percent(WIDTH), height=bottom - top,
                  fill=f"url(#{image_id}-{hatch})", class_=f"hatch {hatch}")  # fmt: skip
    return [box, text(_("hidden"), percent(x), top - 5, "tick halo", "middle")] if hatch == "hidden" else [box]
