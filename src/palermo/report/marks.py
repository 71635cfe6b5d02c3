"""What a drawing shows, before it is drawn. Marks hold amounts, so hidden ranges reach the drawing as ranges."""

from dataclasses import dataclass

from palermo.report.amounts import Amount, State


@dataclass(frozen=True)
class Bar:
    """One labelled amount. ``look`` names a colour and pattern of the style sheet: who or what, never a judgement."""

    label: str
    amount: Amount
    look: str = "plain"


@dataclass(frozen=True)
class Bars:
    """Horizontal bars on one scale. ``most`` is the end of the scale, shared by the panels of small multiples."""

    bars: tuple[Bar, ...]
    unit: str = ""
    decimals: int = 0
    most: float | None = None
    title: str = ""


@dataclass(frozen=True)
class Stack:
    """Parts of one whole, side by side. Only for exact shares: a range has no one place in a stack."""

    parts: tuple[Bar, ...]
    unit: str = "%"
    decimals: int = 0
    title: str = ""


@dataclass(frozen=True)
class Point:
    """An amount at a time."""

    label: str
    amount: Amount


@dataclass(frozen=True)
class Line:
    """One series over time. A time without a figure is a gap, a hidden figure a hatched range."""

    label: str
    points: tuple[Point, ...]
    look: str = "plain"


@dataclass(frozen=True)
class Lines:
    """Series over the same times, on one scale that starts at zero."""

    lines: tuple[Line, ...]
    unit: str = ""
    decimals: int = 0
    title: str = ""


Marks = Bars | Stack | Lines


def stack_or_bars(bars: tuple[Bar, ...], title: str = "") -> Stack | Bars:
    """A stack of shares where all are exact; otherwise bars, which can show each range in its place."""
    if bars and all(bar.amount.state is State.EXACT for bar in bars):
        return Stack(bars, title=title)
    return Bars(bars, unit="%", most=100.0, title=title)
