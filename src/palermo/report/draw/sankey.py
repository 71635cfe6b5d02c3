"""A Sankey diagram: bands from the ends on one side to those on the other, as wide as the amounts they carry.

The decision a reader would question: a band is filled as wide as it surely is and hatched as wide as it may be. The
height of an end is the most it can be, so that nothing that may be there is left out of the drawing. Where nothing
bounds a number, what is open has a small fixed height, as in every drawing, and the words say "at least". Names stand
beside the ends and never on the bands, which takes room from the bands.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from palermo.language import _, spoken_now
from palermo.report.amounts import Amount, total, written
from palermo.report.draw import looks
from palermo.report.draw.spans import HATCHES
from palermo.report.draw.svg import BOX_WIDTH, element, room, shortened, text
from palermo.report.marks import Link, Sankey

NODE = 7.0  # width of the bar of an end
TALL = 300.0  # height of all bars of a side together, without the room between them
LEAST = 36.0  # room that the three lines of a label take
LINE = 12.0
LABEL = 19  # characters of a label on one line, where the drawing is as wide as a phone
PER_SIGN = 6.1  # units that a character of a label takes
NEAR = 4.0  # between a bar and its label
MOST_LINES = 2
GAP = 6.0
OPEN = 0.02  # of all amounts: what is drawn as open of a number that nothing bounds
HATCHED_FROM = 0.4  # a range narrower than this cannot be seen
LOOKS = ("first", "second", "third", "fourth")


@dataclass
class End:
    """One end of the links: where its bar begins and how high it is; ``used`` grows as bands leave it."""

    name: str
    amount: Amount
    most: float
    lines: list[str] = field(default_factory=list)
    y: float = 0.0
    height: float = 0.0
    used: float = 0.0


@dataclass(frozen=True)
class Across:
    """Where things lie across the drawing: the outer sides of the two rows of bars, as read, in units."""

    width: float
    start: float
    end: float

    def x(self, place: float, width: float = 0.0) -> float:
        """A place counted from the side where reading begins; of a shape of this width, its left side."""
        return self.width - place - width if spoken_now().right_to_left else place


def draw_sankey(drawing: Sankey, image_id: str, width: float = BOX_WIDTH) -> tuple[float, list[str]]:
    """Height and elements of the diagram."""
    ends_at = _most_of(drawing)
    sources, targets = (_ends(drawing, width, ends_at, is_source=is_source) for is_source in (True, False))
    across = Across(width, _room(sources), width - _room(targets))
    scale = TALL / max(sum(ends_at.values()), 1.0)
    top = 16.0
    height = max(_place(ends, scale, top) for ends in (sources.values(), targets.values()))
    names = list(sources)
    look_of = {name: LOOKS[place % len(LOOKS)] for place, name in enumerate(names)}
    made = [looks.definitions(image_id, set(look_of.values()), {"range"})]
    made += [
        text(_("From"), across.x(across.start), 10, "tile-head", "end"),
        text(_("To"), across.x(across.end), 10, "tile-head"),
    ]
    order = {name: place for place, name in enumerate(targets)}
    ordered = sorted(drawing.links, key=lambda link: (names.index(link.source), order[link.target]))
    for link in ordered:
        band = _Band(sources[link.source], targets[link.target], scale, look_of[link.source])
        made += _drawn(band, link.amount.floor, ends_at[link], across, image_id)
    for name, end in sources.items():
        made += _bar(end, across.x(across.start, NODE), looks.fill(image_id, look_of[name]))
        made += _label(end, across.x(across.start - NEAR), "end")
    for end in targets.values():
        made += _bar(end, across.x(across.end - NODE, NODE), {"class_": "flow-end"})
        made += _label(end, across.x(across.end + NEAR), None)
    return height, made


def _most_of(drawing: Sankey) -> dict[Link, float]:
    """The most that each link can be, as it is drawn."""
    bounded = sum(link.amount.floor if link.amount.high is None else link.amount.high for link in drawing.links)
    unbounded = OPEN * max(bounded, 1.0)
    made = {}
    for link in drawing.links:
        opened = unbounded if link.amount.state in HATCHES else 0.0  # of a number that is not there nothing is drawn
        made[link] = link.amount.floor + opened if link.amount.high is None else link.amount.high
    return made


def _ends(drawing: Sankey, width: float, ends_at: Mapping[Link, float], *, is_source: bool) -> dict[str, End]:
    """The ends of one side, the largest first, with the lines of their labels: the name, then the amount."""
    links: dict[str, list[Link]] = {}
    for link in drawing.links:
        links.setdefault(link.source if is_source else link.target, []).append(link)
    label = int(LABEL * width / BOX_WIDTH)
    ends = []
    for name, found in links.items():
        amount = total(link.amount for link in found)
        lines = [*shortened(name, label, MOST_LINES), written(amount, drawing.decimals, drawing.unit)]
        ends.append(End(name, amount, sum(ends_at[link] for link in found), lines))
    return {end.name: end for end in sorted(ends, key=lambda end: (-end.amount.floor, -end.most, end.name))}


def _room(ends: Mapping[str, End]) -> float:
    """What the labels of a side take across."""
    return NEAR + PER_SIGN * max((room(line) for end in ends.values() for line in end.lines), default=0.0)


def _place(ends: Iterable[End], scale: float, top: float) -> float:
    y = top
    for end in ends:
        end.y, end.height = y, max(scale * end.most, 1.0)
        y += max(end.height, LEAST) + GAP
    return y


@dataclass(frozen=True)
class _Band:
    source: End
    target: End
    scale: float
    look: str


def _drawn(band: _Band, least: float, most: float, across: Across, image_id: str) -> list[str]:
    sure, most = band.scale * least, band.scale * most
    made = []
    start, end = band.source.y + band.source.used, band.target.y + band.target.used
    if sure > 0:
        d = _ribbon(across, start, end, sure)
        made.append(element("path", d=d, fill_opacity=0.55, **looks.fill(image_id, band.look)))
    if most - sure > HATCHED_FROM:
        d = _ribbon(across, start + sure, end + sure, most - sure)
        made.append(element("path", d=d, fill=f"url(#{image_id}-range)", class_="flow-open"))
    band.source.used += most
    band.target.used += most
    return made


def _ribbon(across: Across, start: float, end: float, height: float) -> str:
    left, right = across.x(across.start + NODE), across.x(across.end - NODE)
    middle = (left + right) / 2
    return (
        f"M{left:.5g} {start:.1f}C{middle:.5g} {start:.1f} {middle:.5g} {end:.1f} {right:.5g} {end:.1f}v{height:.1f}"
        f"C{middle:.5g} {end + height:.1f} {middle:.5g} {start + height:.1f} {left:.5g} {start + height:.1f}z"
    )


def _bar(end: End, x: float, look: dict[str, str]) -> list[str]:
    return [element("rect", x=x, y=end.y, width=NODE, height=end.height, **look)]


def _label(end: End, x: float, anchor: str | None) -> list[str]:
    """The name and the amount beside the middle of a bar."""
    y = end.y + max(end.height / 2 - LINE * (len(end.lines) - 2) / 2 + 2, 9)
    kinds = ["flow-label"] * (len(end.lines) - 1) + ["flow-number"]
    return [
        text(line, x, y + LINE * at, kind, anchor) for at, (line, kind) in enumerate(zip(end.lines, kinds, strict=True))
    ]
