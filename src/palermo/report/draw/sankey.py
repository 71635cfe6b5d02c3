"""A Sankey diagram: bands from the ends on one side to those on the other, as wide as the amounts they carry.

The decision a reader would question: a band is filled as wide as it surely is and hatched as wide as it may be. The
height of an end is the most it can be, so that nothing that may be there is left out of the drawing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from palermo.language import _, spoken_now
from palermo.report.amounts import Amount, total, written
from palermo.report.draw import looks
from palermo.report.draw.svg import BOX_WIDTH, element, shortened, text
from palermo.report.marks import Link, Sankey

NODE = 7.0  # width of the bar of an end
TALL = 300.0  # height of all bars of a side together, without the room between them
LEAST = 36.0  # room that the three lines of a label take
LINE = 12.0
LABEL = 19  # characters of a label on one line
MOST_LINES = 2
GAP = 6.0
HATCHED_FROM = 0.4  # a range narrower than this cannot be seen
LOOKS = ("first", "second", "third", "fourth")


@dataclass
class End:
    """One end of the links: where its bar begins and how high it is; ``used`` grows as bands leave it."""

    name: str
    amount: Amount
    y: float = 0.0
    height: float = 0.0
    used: float = field(default=0.0)


def draw_sankey(drawing: Sankey, image_id: str) -> tuple[float, list[str]]:
    """Height and elements of the diagram."""
    sources, targets = _ends(drawing.links, is_source=True), _ends(drawing.links, is_source=False)
    whole = max(sum(link.amount.ceiling for link in drawing.links), 1.0)
    scale = TALL / whole
    top = 16.0
    height = max(_place(ends, scale, top) for ends in (sources.values(), targets.values()))
    names = list(sources)
    look_of = {name: LOOKS[place % len(LOOKS)] for place, name in enumerate(names)}
    made = [looks.definitions(image_id, set(look_of.values()), {"range"})]
    made += [text(_("From"), _x(0), 10, "tile-head"), text(_("To"), _x(BOX_WIDTH), 10, "tile-head", "end")]
    order = {name: place for place, name in enumerate(targets)}
    ordered = sorted(drawing.links, key=lambda link: (names.index(link.source), order[link.target]))
    for link in ordered:
        made += _band(link, sources[link.source], targets[link.target], scale, look_of[link.source], image_id)
    made += _labels(sources.values(), drawing, 0, look_of, image_id) + _labels(
        targets.values(), drawing, 1, {}, image_id
    )
    return height, made


def _ends(links: Sequence[Link], *, is_source: bool) -> dict[str, End]:
    """The ends of one side, the largest first."""
    amounts: dict[str, list[Amount]] = {}
    for link in links:
        amounts.setdefault(link.source if is_source else link.target, []).append(link.amount)
    ends = [End(name, total(found)) for name, found in amounts.items()]
    return {end.name: end for end in sorted(ends, key=lambda end: (-end.amount.floor, -end.amount.ceiling, end.name))}


def _place(ends: Iterable[End], scale: float, top: float) -> float:
    y = top
    for end in ends:
        end.y, end.height = y, max(scale * end.amount.ceiling, 1.0)
        y += max(end.height, LEAST) + GAP
    return y


def _x(place: float) -> float:
    """A place across the drawing, counted from the side where reading begins."""
    return BOX_WIDTH - place if spoken_now().right_to_left else place


def _band(link: Link, source: End, target: End, scale: float, look: str, image_id: str) -> list[str]:
    sure, most = scale * link.amount.floor, scale * link.amount.ceiling
    made = []
    start, end = source.y + source.used, target.y + target.used
    if sure > 0:
        made.append(element("path", d=_ribbon(start, end, sure), fill_opacity=0.55, **looks.fill(image_id, look)))
    if most - sure > HATCHED_FROM:
        d = _ribbon(start + sure, end + sure, most - sure)
        made.append(element("path", d=d, fill=f"url(#{image_id}-range)", class_="flow-open"))
    source.used += most
    target.used += most
    return made


def _ribbon(start: float, end: float, height: float) -> str:
    left, right = _x(NODE), _x(BOX_WIDTH - NODE)
    middle = BOX_WIDTH / 2
    return (
        f"M{left:g} {start:.1f}C{middle:g} {start:.1f} {middle:g} {end:.1f} {right:g} {end:.1f}v{height:.1f}"
        f"C{middle:g} {end + height:.1f} {middle:g} {start + height:.1f} {left:g} {start + height:.1f}z"
    )


def _labels(ends: Iterable[End], drawing: Sankey, side: int, look_of: dict[str, str], image_id: str) -> list[str]:
    made = []
    for end in ends:
        x = _x(BOX_WIDTH * side) - (NODE if (side == 1) != spoken_now().right_to_left else 0)
        look = looks.fill(image_id, look_of[end.name]) if end.name in look_of else {"class_": "flow-end"}
        made.append(element("rect", x=x, y=end.y, width=NODE, height=end.height, **look))
        lines = shortened(end.name, LABEL, MOST_LINES)
        amount = written(end.amount, drawing.decimals, drawing.unit)
        y = end.y + max(end.height / 2 - LINE * (len(lines) - 1) / 2 + 2, 9)
        place, anchor = _x(NODE + 4 if side == 0 else BOX_WIDTH - NODE - 4), "end" if side == 1 else None
        for line in lines:
            made.append(text(line, place, y, "flow-label halo", anchor))
            y += LINE
        made.append(text(amount, place, y, "flow-number halo", anchor))
    return made
