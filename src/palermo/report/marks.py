"""What a drawing shows, before it is drawn. Marks hold amounts, so hidden ranges reach the drawing as ranges."""

from dataclasses import dataclass

from palermo.report.amounts import Amount, State


@dataclass(frozen=True)
class Quantity:
    """What a mark measures, in the codes of the cube. One drawing shows one quantity (laws 4 and 5)."""

    kind: str
    unit: str


@dataclass(frozen=True)
class Bar:
    """One labelled amount. ``look`` names a colour and pattern of the style sheet: who or what, never a judgement."""

    label: str
    amount: Amount
    quantity: Quantity
    look: str = "plain"
    interval: tuple[float, float] | None = None  # uncertainty of an exact figure, drawn as a whisker


@dataclass(frozen=True)
class Reference:
    """A range from elsewhere, to compare with: drawn behind the bars, with its source in the note."""

    low: float
    high: float
    label: str


@dataclass(frozen=True)
class Bars:
    """Horizontal bars on one scale. ``most`` is the end of the scale, shared by the panels of small multiples."""

    bars: tuple[Bar, ...]
    unit: str = ""
    decimals: int = 0
    most: float | None = None
    title: str = ""
    reference: Reference | None = None


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
    quantity: Quantity
    look: str = "plain"


@dataclass(frozen=True)
class Lines:
    """Series over the same times, on one scale that starts at zero."""

    lines: tuple[Line, ...]
    unit: str = ""
    decimals: int = 0
    title: str = ""


@dataclass(frozen=True)
class Estimate:
    """One estimate with its interval, which always go together. ``amount`` is no figure where it was refused."""

    label: str
    amount: Amount
    interval: tuple[float, float] | None
    quantity: Quantity
    is_warned: bool = False


@dataclass(frozen=True)
class Forest:
    """Estimates under each other on one scale from zero. ``level`` is a value to compare with, drawn as a line."""

    estimates: tuple[Estimate, ...]
    unit: str = ""
    decimals: int = 0
    title: str = ""
    most: float | None = None
    level: float | None = None


@dataclass(frozen=True)
class Spot:
    """A place on a plot. ``y`` None: nothing may be shown at this ``x``."""

    x: float
    y: float | None
    interval: tuple[float, float] | None = None


@dataclass(frozen=True)
class Series:
    """Spots of one kind, joined by a line or not."""

    label: str
    spots: tuple[Spot, ...]
    quantity: Quantity
    joined: bool = False
    look: str = "plain"


@dataclass(frozen=True)
class Axis:
    """What an axis measures, in words; ``log`` for a scale on which each step multiplies. ``end`` cuts it off."""

    label: str
    log: bool = False
    end: float | None = None
    decimals: int = 0


@dataclass(frozen=True)
class Plot:
    """Spots by two numbers. ``shaded_to`` shades from the start of the horizontal axis to a value."""

    series: tuple[Series, ...]
    x: Axis
    y: Axis
    title: str = ""
    shaded_to: float | None = None
    unit: str = ""
    decimals: int = 0


@dataclass(frozen=True)
class Shared:
    """How many persons exactly these lists saw; ``members`` are places in the order of the lists."""

    members: tuple[int, ...]
    amount: Amount


@dataclass(frozen=True)
class Overlap:
    """Lists with their sizes, then every combination of lists with the persons seen by exactly these (UpSet)."""

    lists: tuple[tuple[str, Amount], ...]
    shared: tuple[Shared, ...]
    quantity: Quantity
    title: str = ""
    unit: str = ""
    decimals: int = 0


@dataclass(frozen=True)
class StackRow:
    """One whole cut into parts: a year, a region, a form."""

    label: str
    parts: tuple[Bar, ...]


@dataclass(frozen=True)
class Stacks:
    """Wholes under each other, each cut into the same parts, in per cent.

    A part is drawn at the least it can be; what ranges leave open is hatched at the end of the row.
    """

    rows: tuple[StackRow, ...]
    unit: str = "%"
    decimals: int = 0
    title: str = ""


@dataclass(frozen=True)
class Band:
    """A class of areas on a map. ``look`` names a colour and pattern, or is ``range`` (not known which class)."""

    key: str
    label: str
    look: str


@dataclass(frozen=True)
class AreaMap:
    """Areas by class, as (code of the area, key of its band). An area without a band has no figure."""

    bands: tuple[Band, ...]
    areas: tuple[tuple[str, str], ...]
    quantity: Quantity
    title: str = ""
    unit: str = ""
    decimals: int = 0


@dataclass(frozen=True)
class Link:
    """An amount that goes from one end to another; ``source`` and ``target`` are codes of areas on a map of arcs."""

    source: str
    target: str
    amount: Amount
    label: str = ""


@dataclass(frozen=True)
class Sankey:
    """Bands from the ends on one side to those on the other, as wide as their amounts; the open part is hatched."""

    links: tuple[Link, ...]
    quantity: Quantity
    title: str = ""
    unit: str = ""
    decimals: int = 0


@dataclass(frozen=True)
class Arcs:
    """Links between areas, drawn over tiles, numbered in their order."""

    links: tuple[Link, ...]
    quantity: Quantity
    title: str = ""
    unit: str = ""
    decimals: int = 0


Marks = Bars | Stack | Lines | Forest | Plot | Overlap | Stacks | AreaMap | Sankey | Arcs


def stack_or_bars(bars: tuple[Bar, ...], title: str = "") -> Stack | Bars:
    """A stack of shares where all are exact; otherwise bars, which can show each range in its place."""
    if bars and all(bar.amount.state is State.EXACT for bar in bars):
        return Stack(bars, title=title)
    return Bars(bars, unit="%", most=100.0, title=title)
