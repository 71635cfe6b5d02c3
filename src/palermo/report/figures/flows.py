"""F1 and F4: how far from home people were exploited, and the flows between countries.

The decision a reader would question: a flow is a pair of origin and destination with at least 5 people detected, as in
the field's Global Report; smaller pairs are not in the release and are not counted.
"""

from dataclasses import dataclass

from palermo.language import _, marked, ngettext, number, sentences
from palermo.report.amounts import NOT_APPLICABLE, NOT_PUBLISHED, Amount, exact, people, shares, spoken, total
from palermo.report.figure import Figure, Measure, Row, Stub, Table
from palermo.report.figures import parts, printed
from palermo.report.figures.main_flows import published_flows
from palermo.report.labels import joined, label
from palermo.report.marks import Bar, Bars, stack_or_bars
from palermo.report.observations import Observation
from palermo.report.reading import Release

BY_REACH, FLOWS, BY_CITIZENSHIP = "victims_by_reach", "flows", "victims_by_citizenship"
ORDER = ("DOM", "SUBR", "REG", "TREG")
LOOKS = dict(zip(ORDER, ("first", "second", "third", "fourth"), strict=True))
TOP = 10
LEAST = 5  # people detected that make a pair of origin and destination a flow
# one reach and its share of people, as they stand in a list after a colon
REACHED = {
    "DOM": marked("domestic for {share}"),
    "SUBR": marked("within the subregion for {share}"),
    "REG": marked("within the region for {share}"),
    "TREG": marked("transregional for {share}"),
}


@dataclass(frozen=True)
class Count:
    """How many there are of one thing: as a heading names it, and as it stands with its number in a sentence."""

    name: str
    count: int
    said: str


def reach(release: Release, area: str, period: str) -> Figure:
    """F1: share of victims by reach of the trafficking."""
    at = parts.frame(release, "F1", BY_REACH, area, period)
    title = _("Share of detected victims, by reach of the trafficking, in {where_when}", where_when=at.where_when)
    rows = {row["reach"]: row for row in release.find(BY_REACH, at.area, at.period, reach=(*ORDER, "_U", "_N"))}
    if not any(code in rows for code in ORDER):
        reason = _("The release holds no number of people by reach; origins may not be known.")
        return printed.reach(release, area, period) or parts.missing(at, title, reason)
    whole = release.one(BY_REACH, at.area, at.period)
    if not whole.receipt_id:
        whole = release.one(parts.BY_SEX_AGE, at.area, at.period)
    known = total(rows[code].amount for code in ORDER if code in rows)
    outside = total([rows[code].amount for code in ("_U", "_N") if code in rows] or [exact(0)])
    share = shares({code: _amount(rows, code) for code in ORDER}, whole.amount, outside)
    quantity = parts.quantity(list(rows.values()), "PERCENT")
    bars = tuple(Bar(label("reach", code), share[code], quantity, LOOKS[code]) for code in ORDER)
    named = [(item.label, item.amount) for item in bars]
    known_share = {code: amount for code, amount in share.items() if amount.is_known}
    words = joined([_(REACHED[code], share=spoken(amount, 0, "%")) for code, amount in known_share.items()])
    codes = [code for code in (*ORDER, "_U", "_N") if code in rows]
    lines = [(code, label("reach", code), rows[code].amount, share.get(code, NOT_APPLICABLE)) for code in codes]
    return Figure(
        id=at.id,
        title=title,
        subtitle=_("Per cent of people whose country of origin and of exploitation are known"),
        note=parts.based_on(known, whole.amount),
        source=parts.source(release),
        table=parts.count_and_share("reach", _("Reach"), lines),
        marks=(stack_or_bars(bars),),
        alt=_("Share of people by reach. {shares}", shares=parts.in_words(named, 0, "%")),
        observations=(*(rows[code] for code in codes), *([whole] if whole.receipt_id else [])),
        text=(_("Where the people were exploited, seen from their origin: {list}.", list=words),) if words else (),
        made_up=release.made_up,
    )


def _amount(rows: dict[str, Observation], code: str) -> Amount:
    return rows[code].amount if code in rows else NOT_PUBLISHED


def _pairs(release: Release, area: str, period: str) -> list[Observation]:
    """The flows, largest first: of the period where there are any, else of the latest window of years."""
    windows = [name for name in release.periods(FLOWS, area) if name[-4:] <= period[-4:]] or ["_T"]
    chosen = period if period in windows else windows[-1]
    rows = [row for row in release.observations(FLOWS, area) if row["time_period"] == chosen]
    pairs = [row for row in rows if _origin(row) not in {"_T", "_Z", "_U", "_N"} and row["counterpart_area"] != "_T"]
    return sorted(pairs, key=lambda row: (-row.amount.floor, _origin(row), row["counterpart_area"]))


def _origin(row: Observation) -> str:
    return row["citizenship"]


def flows(release: Release, area: str, period: str) -> Figure:
    """F4: number of flows, of origins and destinations, and of citizenships; the largest flows."""
    shown = release.area_for(FLOWS, area)
    pairs = _pairs(release, shown, period)
    when = pairs[0]["time_period"] if pairs else period
    at = parts.Frame(release, "F4", shown, when)
    title = _("Number of trafficking flows, by origin and destination, in {where_when}", where_when=at.where_when)
    citizenships = _citizenships(release, shown, period)
    if not pairs and not citizenships:
        reason = _("The release holds no pair of origin and destination with {n} or more people.", n=number(LEAST))
        return published_flows(release, area, period) or parts.missing(at, title, reason)
    counts = _counts(pairs, citizenships)
    top, most = pairs[:TOP], citizenships[:TOP]
    bars = tuple(parts.bar(_pair(release, row), row) for row in top)
    if not bars:
        bars = tuple(parts.bar(release.name_of(row["citizenship"]), row) for row in most)
    listed = parts.in_words([(item.label, item.amount) for item in bars])
    return Figure(
        id=at.id,
        title=title,
        subtitle=_largest(len(bars), are_flows=bool(top)),
        note=_(
            "A flow is a pair of origin and destination with at least {n} people detected. Pairs in the release count, "
            "also those whose number is hidden.",
            n=number(LEAST),
        ),
        source=parts.source(release),
        table=_flows_table(release, counts, top, most),
        marks=(Bars(bars),),
        alt=_("Bars, largest first. {list}", list=listed),
        observations=(*pairs, *most),
        text=_sentences(release, counts, pairs),
        made_up=release.made_up,
    )


def _largest(count: int, *, are_flows: bool) -> str:
    if are_flows:
        return ngettext(
            "People detected in the {n} largest flow", "People detected in the {n} largest flows", count,
            n=number(count),
        )  # fmt: skip
    return ngettext(
        "People detected in the {n} largest group by citizenship",
        "People detected in the {n} largest groups by citizenship",
        count,
        n=number(count),
    )


def _flows_table(release: Release, counts: list[Count], top: list[Observation], most: list[Observation]) -> Table:
    def row(origin: str, destination: str, amount: Amount, group: str) -> Row:
        place = (destination, _destination(release, destination)) if destination else ("", "")
        return Row(((origin, release.name_of(origin)), place), (amount,), group)

    lines = [Row((("", item.name), ("", "")), (exact(item.count),), _("Counted")) for item in counts]
    lines += [row(_origin(pair), pair["counterpart_area"], pair.amount, _("Largest flows, in people")) for pair in top]
    lines += [row(item["citizenship"], "", item.amount, _("Citizenships with most people")) for item in most]
    stubs = (Stub("origin", _("Origin or citizenship")), Stub("destination", _("Destination")))
    return Table(stubs, (Measure("number", _("Number"), ""),), tuple(lines))


def _destination(release: Release, code: str) -> str:
    return _("a place not broken down") if code == "_Z" else release.name_of(code)


def _pair(release: Release, row: Observation) -> str:
    """``A to B``, or ``Within A`` where people were exploited in their own country."""
    origin, destination = release.name_of(_origin(row)), _destination(release, row["counterpart_area"])
    if origin == destination:
        return _("Within {area}", area=origin)
    return _("{origin} to {destination}", origin=origin, destination=destination)


def _citizenships(release: Release, area: str, period: str) -> list[Observation]:
    year = release.period_for(BY_CITIZENSHIP, area, period) or period
    rows = release.find(BY_CITIZENSHIP, area, year, citizenship="*")
    known = [row for row in rows if row["citizenship"] not in parts.UNKNOWN]
    return sorted(known, key=lambda row: (-row.amount.floor, row["citizenship"]))


def _counts(pairs: list[Observation], citizenships: list[Observation]) -> list[Count]:
    """What is counted: pairs and areas in the release; a citizenship counts if at least one person has it."""
    flows, origins = len(pairs), len({_origin(row) for row in pairs})
    destinations = len({row["counterpart_area"] for row in pairs})
    present = sum(row.amount.floor > 0 for row in citizenships)
    made = (
        Count(_("Flows"), flows, ngettext("{n} flow", "{n} flows", flows, n=number(flows))),
        Count(_("Origins"), origins, ngettext("{n} origin", "{n} origins", origins, n=number(origins))),
        Count(
            _("Destinations"),
            destinations,
            ngettext("{n} destination", "{n} destinations", destinations, n=number(destinations)),
        ),
        Count(
            _("Citizenships surely detected"),
            present,
            ngettext("{n} citizenship surely detected", "{n} citizenships surely detected", present, n=number(present)),
        ),
    )
    return [item for item in made if item.count]


def _sentences(release: Release, counts: list[Count], top: list[Observation]) -> tuple[str, ...]:
    told = [_("The release holds {list}.", list=joined([item.said for item in counts]))]
    if top and top[0].amount.is_known and all(row.amount.ceiling <= top[0].amount.floor for row in top[1:]):
        told.append(_largest_flow(release, top[0]))
    return (sentences(told),)


def _largest_flow(release: Release, row: Observation) -> str:
    origin, destination = release.name_of(_origin(row)), _destination(release, row["counterpart_area"])
    told = people(row.amount)
    if origin == destination:
        return _("The largest flow was within {area}, with {people}.", area=origin, people=told)
    return _(
        "The largest flow was from {origin} to {destination}, with {people}.",
        origin=origin,
        destination=destination,
        people=told,
    )
