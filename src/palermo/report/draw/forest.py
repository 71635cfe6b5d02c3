"""Estimates under each other, each with its interval: the words say both, and so does the drawing.

The decision a reader would question: the scale ends at three times the largest estimate. One interval that goes on for
ever would else press all others against the left edge; it ends in an arrow, and the words give its true end.
"""

from math import floor, inf, isfinite

from palermo.language import _, number
from palermo.report.amounts import interval, with_unit, written
from palermo.report.draw.lines import ticks
from palermo.report.draw.svg import PANEL_LABEL_WIDTH, element, percent, text, wrapped
from palermo.report.marks import Estimate, Forest

LINE = 19.0
TRACK = 12.0
GAP = 12.0
BESIDE = 26  # characters that fit beside a label; in a panel of small multiples none do
LONGEST = 3.0  # times the largest estimate
RIGHT = 96.0  # per cent: room for half a number at the end of the scale


def estimate_written(item: Estimate, decimals: int = 0, unit: str = "") -> str:
    """``11,313 (8,785–14,701)``; where there is no estimate, why."""
    if not item.amount.is_known or item.interval is None:
        return written(item.amount, decimals, unit)
    low, high = item.interval
    estimate = written(item.amount, decimals, unit)
    if not isfinite(high):
        return _("{estimate} ({low}–no limit)", estimate=estimate, low=number(floor(low), decimals))
    return _("{estimate} ({interval})", estimate=estimate, interval=written(interval(low, high), decimals))


def draw_forest(drawing: Forest) -> tuple[float, list[str]]:
    """Height and elements of the estimates."""
    scale = ticks(drawing.most or _most(drawing))
    most = scale[-1]
    y, rows = 0.0, []
    for item in drawing.estimates:
        words = estimate_written(item, drawing.decimals, drawing.unit)
        for line in wrapped(item.label, PANEL_LABEL_WIDTH):
            y += LINE
            rows.append(text(line, 0, y - 5))
        known = item.amount.is_known
        y += LINE if known and (drawing.title or len(words) > BESIDE) else 0
        rows.append(text(words, "100%", y - 5, "value" if known else "value absent", "end"))
        rows += _marks(item, y + TRACK / 2, most)
        y += TRACK + GAP
    return y + 18, _scale(scale, y, drawing) + rows


def _most(drawing: Forest) -> float:
    known = [item.amount.ceiling for item in drawing.estimates if item.amount.is_known]
    ends = [item.interval[1] for item in drawing.estimates if item.interval and item.amount.is_known]
    return min(max(ends, default=0.0), LONGEST * max(known, default=0.0)) or 1.0


def _place(value: float, most: float) -> str:
    return percent(RIGHT * min(value / most, 1.0))


def _scale(scale: list[float], bottom: float, drawing: Forest) -> list[str]:
    parts = []
    decimals = 1 if scale[1] < 1 else 0
    for value in scale:
        x = _place(value, scale[-1])
        parts.append(element("line", x1=x, x2=x, y1=0, y2=bottom - 4, class_="gridline"))
        words = with_unit(number(value, decimals if value else 0), drawing.unit)
        at, anchor = ("100%", "end") if value == scale[-1] else (x, "middle" if value else None)
        parts.append(text(words, at, bottom + 11, "tick", anchor))
    if drawing.level is not None:
        x = _place(drawing.level, scale[-1])
        parts.append(element("line", x1=x, x2=x, y1=0, y2=bottom - 4, class_="axis", stroke_dasharray="5 3"))
    return parts


def _marks(item: Estimate, y: float, most: float) -> list[str]:
    if not item.amount.is_known or item.interval is None:
        return [element("line", x1=0, x2=f"{RIGHT:g}%", y1=y, y2=y, class_="no-figure")]
    low, high = item.interval
    cut = high > most * (1 + 1e-9) or high == inf
    left, right = _place(low, most), _place(high, most)
    parts = [element("line", x1=left, x2=right, y1=y, y2=y, class_="span")]
    parts.append(element("line", x1=left, x2=left, y1=y - 5, y2=y + 5, class_="whisker"))
    if cut:
        parts.append(element("svg", element("path", d="M0 0L9 6L0 12Z", class_="look-plain"), x=right, y=y - 6,
                             width=9, height=12))  # fmt: skip
    else:
        parts.append(element("line", x1=right, x2=right, y1=y - 5, y2=y + 5, class_="whisker"))
    kind = "warned-dot" if item.is_warned else "mark look-plain"
    return [*parts, element("circle", cx=_place(item.amount.floor, most), cy=y, r=5, class_=kind)]
