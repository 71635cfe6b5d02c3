"""F5 and F4 of published figures: the main flows from region to region, and how many flows there are.

The decision a reader would question: a pair of countries is a flow from five people detected on. A pair that is printed
as "<5" may or may not be one, so the number of flows can be a range.
"""

from collections.abc import Sequence

from palermo.codes import areas
from palermo.language import _, ngettext, number
from palermo.report.amounts import Amount, between, exact, shares, spoken, total
from palermo.report.figure import Figure, Measure, Row, Stub, Table
from palermo.report.figures import countries, parts
from palermo.report.figures.pairs import (
    LEAST,
    MOST_ARCS,
    PERSONS,
    Pairs,
    end_name,
    pair_name,
    pairs_of,
)
from palermo.report.marks import Arcs, Bar, Bars, Link
from palermo.report.observations import Observation
from palermo.report.reading import Release


def transregional_flows(release: Release, area: str, period: str) -> Figure:
    """F5: the main flows from one region to another, each with its share of the victims at the destination."""
    found = pairs_of(release, "F5", area, period)
    title = _("Main flows from one region to another, in {where_when}", where_when=found.at.where_when)
    wholes = _at_destination(found)
    far = [entry for entry in found.rows if _is_transregional(entry[0], entry[1]) and entry[2].amount.floor >= LEAST]
    main = sorted(far, key=lambda entry: (-entry[2].amount.floor, entry[0], entry[1]))[:MOST_ARCS]
    if not main:
        return parts.missing(found.at, title, _("The release holds no flow from one region to another."))
    lines = tuple(
        Row(
            ((origin, end_name(release, origin)), (destination, end_name(release, destination))),
            (row.amount, share_at(row.amount, wholes[destination])),
        )
        for origin, destination, row in main
    )
    links = tuple(
        Link(origin, destination, row.amount, pair_name(release, origin, destination))
        for origin, destination, row in main
    )
    return Figure(
        id=found.at.id,
        title=title,
        subtitle=ngettext(
            "People detected, the {n} largest flow between regions of UN M49",
            "People detected, the {n} largest flows between regions of UN M49",
            len(main),
            n=number(len(main)),
        ),
        note=countries.on_a_map(
            _(
                "{note} The share is of the victims at the destination whose origin is published. The map shows no "
                "routes.",
                note=found.note,
            )
        ),
        source=parts.source(release),
        table=Table(
            (Stub("origin", _("Origin")), Stub("destination", _("Destination"))),
            (Measure("persons", _("People"), "persons"), Measure("share", _("Share at the destination"), "%", 1)),
            lines,
        ),
        marks=(Arcs(links, PERSONS),),
        alt=_("Arcs on a map, largest first. {list}",
              list=parts.in_words([(link.label, link.amount) for link in links])),
        observations=tuple(row for *_ends, row in main),
        text=_largest(release, main),
        made_up=release.made_up,
    )  # fmt: skip


def _at_destination(found: Pairs) -> dict[str, Amount]:
    amounts: dict[str, list[Amount]] = {}
    for _origin, destination, row in found.rows:
        amounts.setdefault(destination, []).append(row.amount)
    return {destination: total(own) for destination, own in amounts.items()}


def share_at(part: Amount, whole: Amount) -> Amount:
    """The share of a part of a sum that holds it: the rest varies on its own."""
    rest = Amount(
        max(whole.floor - part.floor, 0.0), None if whole.high is None else whole.high - part.ceiling, whole.state
    )
    return shares({"part": part, "rest": rest})["part"]


def _is_transregional(origin: str, destination: str) -> bool:
    return areas.reach(origin, destination) == "TREG"


def _largest(release: Release, main: Sequence[tuple[str, str, Observation]]) -> tuple[str, ...]:
    origin, destination, first = main[0]
    if len(main) > 1 and first.amount.floor < max(row.amount.ceiling for *_ends, row in main[1:]):
        return ()
    return (
        _("The largest of them was from {origin} to {destination}: {amount} people.", origin=end_name(release, origin),
          destination=end_name(release, destination), amount=spoken(first.amount)),
    )  # fmt: skip


def published_flows(release: Release, area: str, period: str) -> Figure | None:
    """F4 from published figures by citizenship; None where there are none.

    A pair that is printed as "<5" may or may not be a flow, so the number of flows can be a range.
    """
    found = pairs_of(release, "F4", area, period)
    if not found.rows:
        return None
    sure = [entry for entry in found.rows if entry[2].amount.floor >= LEAST]
    most = sum(row.amount.ceiling >= LEAST for *_ends, row in found.rows)
    counts = (
        (_("Flows"), between(len(sure), most)),
        (_("Origins"), exact(len({origin for origin, *_rest in sure}))),
        (_("Destinations"), exact(len({destination for _origin, destination, _row in sure}))),
    )
    top = sorted(sure, key=lambda entry: (-entry[2].amount.floor, entry[0], entry[1]))[:MOST_ARCS]
    bars = tuple(Bar(pair_name(release, origin, destination), row.amount, PERSONS) for origin, destination, row in top)
    lines = [Row((("", name), ("", "")), (count,), _("Counted")) for name, count in counts]
    lines += [
        Row(((o, end_name(release, o)), (d, end_name(release, d))), (row.amount,), _("Largest flows, in people"))
        for o, d, row in top
    ]
    return Figure(
        id=found.at.id,
        title=_("Number of trafficking flows, by origin and destination, in {where_when}",
                where_when=found.at.where_when),
        subtitle=ngettext("People detected in the {n} largest flow", "People detected in the {n} largest flows",
                          len(bars), n=number(len(bars))),
        note=_("{note} A flow is a pair with at least {n} people detected.", note=found.note, n=number(LEAST)),
        source=parts.source(release),
        table=Table((Stub("origin", _("Origin or citizenship")), Stub("destination", _("Destination"))),
                    (Measure("number", _("Number"), ""),), tuple(lines)),
        marks=(Bars(bars),) if bars else (),
        alt=_("Bars, largest first. {list}", list=parts.in_words([(bar.label, bar.amount) for bar in bars])),
        observations=found.observations,
        made_up=release.made_up,
    )  # fmt: skip
