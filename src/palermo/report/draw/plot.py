"""Spots by two numbers, joined or not, with whiskers for intervals: many models, or one estimate as a setting changes.

The decision a reader would question: spots that would cover each other are drawn once. A table of seven thousand models
then makes a drawing of a few hundred marks that looks the same.
"""

from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, isfinite, log10

from palermo.language import _, number
from palermo.report.draw.lines import ticks
from palermo.report.draw.svg import SMALL_LABEL_WIDTH, element, percent, text, wrapped
from palermo.report.marks import Axis, Plot, Series, Spot

TOP = 40.0
HEIGHT = 230.0
LINE = 17.0
LEFT, RIGHT = 19.0, 96.0  # per cent: room for the words of the scale
NEAR = (0.4, 2.0)  # per cent across and pixels down within which two spots are one


@dataclass(frozen=True)
class Scale:
    """Where a number lies between 0 and 1, and the numbers written at the axis."""

    low: float
    high: float
    log: bool
    ticks: tuple[float, ...]

    def __call__(self, value: float) -> float:
        if self.log:
            low, high, value = log10(self.low), log10(self.high), log10(max(value, self.low))
        else:
            low, high = self.low, self.high
        return min(max((value - low) / (high - low), 0.0), 1.0)


def scale_for(values: list[float], axis: Axis) -> Scale:
    """The scale of an axis for these values: from the power of ten below to that above, or in round steps."""
    known = [value for value in values if isfinite(value) and (axis.end is None or value <= axis.end)]
    low, high = min(known, default=0.0), max(known, default=1.0)
    if axis.log and low > 0:
        return _log_scale(low, high)
    if low >= 0:
        marks = tuple(ticks(high or 1.0))
        return Scale(0.0, marks[-1], False, marks)
    reach = ticks(max(high - low, -low))[1]
    steps = range(floor(round(low / reach, 6)), ceil(round(high / reach, 6)) + 1)
    marks = tuple(step * reach for step in steps)
    return Scale(marks[0], marks[-1], False, marks)


def _log_scale(low: float, high: float) -> Scale:
    decades = range(floor(log10(low)), ceil(log10(high)) + 1)
    fine = tuple(10.0**power * step for power in decades for step in (1, 2, 5))
    start = max(value for value in fine if value <= low * (1 + 1e-9))
    last = next((value for value in fine if value >= high * (1 - 1e-9)), 10.0 ** (decades[-1] + 1))
    if last <= start:
        last = start * 10
    within = tuple(value for value in fine if start <= value <= last)
    if len(within) > 9:
        within = tuple(value for value in within if log10(value).is_integer())
    return Scale(start, last, True, within)


def draw_plot(drawing: Plot) -> tuple[float, list[str]]:
    """Height and elements of the plot."""
    spots = [spot for series in drawing.series for spot in series.spots]
    across = scale_for([spot.x for spot in spots], drawing.x)
    heights = [value for spot in spots if spot.y is not None for value in (spot.y, *(spot.interval or ()))]
    down = scale_for(heights, drawing.y)
    parts = _frame(drawing, across, down)
    words = wrapped(drawing.x.label, SMALL_LABEL_WIDTH)
    bottom = TOP + HEIGHT + 38
    parts += [text(line, "100%", bottom + LINE * place, "quiet", "end") for place, line in enumerate(words)]
    for series in drawing.series:
        parts += _series(series, across, down)
    return bottom + LINE * (len(words) - 1) + 6, parts


def _x(value: float, scale: Scale) -> float:
    return LEFT + (RIGHT - LEFT) * scale(value)


def _y(value: float, scale: Scale) -> float:
    return TOP + HEIGHT * (1 - scale(value))


def _frame(drawing: Plot, across: Scale, down: Scale) -> list[str]:
    parts = [text(drawing.y.label, 0, 12, "quiet")]
    if drawing.shaded_to is not None:
        width = _x(drawing.shaded_to, across) - LEFT
        parts.append(element("rect", x=percent(LEFT), y=TOP, width=percent(width), height=HEIGHT, class_="track"))
    for value in down.ticks:
        y = _y(value, down)
        first = value == down.ticks[0]
        parts.append(element("line", x1=0, x2="100%", y1=y, y2=y, class_="axis" if first else "gridline"))
        parts.append(text(_tick(value), 0, y - 4, "tick"))
    parts += [text(_tick(at), percent(_x(at, across)), TOP + HEIGHT + 18, "tick", "middle") for at in across.ticks]
    return parts


def _tick(value: float) -> str:
    if abs(value) >= 1e6:
        return _("{millions} m", millions=number(value / 1e6, 0 if value % 1e6 == 0 else 1))
    decimals = 0 if value == round(value) else min(max(-floor(log10(abs(value))), 0) + 1, 6)
    while decimals and round(value, decimals - 1) == round(value, decimals):
        decimals -= 1
    return number(value, decimals)


def _series(series: Series, across: Scale, down: Scale) -> list[str]:
    parts = []
    if series.joined:
        for one, two in pairwise(series.spots):
            if one.y is not None and two.y is not None:
                ends = {"x1": percent(_x(one.x, across)), "x2": percent(_x(two.x, across))}
                heights = {"y1": _y(one.y, down), "y2": _y(two.y, down)}
                parts.append(element("line", **ends, **heights, class_="line look-line-plain"))
    seen = set()
    for spot in series.spots:
        x = _x(spot.x, across)
        y = None if spot.y is None else _y(spot.y, down)
        near = (round(x / NEAR[0]), None if y is None else round(y / NEAR[1]))
        if near not in seen:
            seen.add(near)
            parts += _spot(spot, x, y, series, down)
    return parts


def _spot(spot: Spot, x: float, y: float | None, series: Series, down: Scale) -> list[str]:
    place = percent(x)
    if y is None:
        return [element("line", x1=place, x2=place, y1=TOP, y2=TOP + HEIGHT, class_="no-figure")]
    parts = []
    if spot.interval:
        low, high = (_y(bound, down) for bound in spot.interval)
        parts.append(element("line", x1=place, x2=place, y1=low, y2=high, class_="whisker"))
    radius = 4 if series.joined else 3
    return [*parts, element("circle", cx=place, cy=y, r=radius, class_=f"spot look-{series.look}")]
