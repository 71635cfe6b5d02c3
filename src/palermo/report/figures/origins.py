"""F2, F3, F5: where detected people came from and where they were exploited, by subregion and by pair of countries.

The decision a reader would question: where figures are published by citizenship, the citizenship stands for the origin
and the country that printed the figure for the destination. People exploited in their own country are a pair as well.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from palermo.codes import areas
from palermo.language import _, ngettext, number
from palermo.report.amounts import Amount, between, exact, shares, spoken, total
from palermo.report.figure import Figure, Measure, Row, Stub, Table
from palermo.report.figures import countries, parts
from palermo.report.figures.countries import VICTIMS
from palermo.report.labels import area_name, capital
from palermo.report.marks import Arcs, Bar, Bars, Link, Quantity, Sankey
from palermo.report.reading import Observation, Release

FLOWS = "flows"
LEAST = 5  # people detected that make a pair a flow
MOST_ARCS = 12
MOST_ENDS = 12
REST = "rest"
SMALL = 0.02  # of the people of a place: what is surely less is put together
PERSONS = Quantity("detected", "PERSON")
UNNAMED = frozenset({"_U", "_N", "_T", "_Z", "STATELESS"})


@dataclass(frozen=True)
class Pairs:
    """People by origin and destination, both of them codes of countries; and whence the numbers come."""

    at: parts.Frame
    rows: tuple[tuple[str, str, Observation], ...]
    note: str

    @property
    def observations(self) -> tuple[Observation, ...]:
        """The released numbers."""
        return tuple(row for *_ends, row in self.rows)


def pairs_of(release: Release, figure_id: str, area: str, period: str) -> Pairs:
    """Pairs counted from records where the release holds flows for the area, else published figures by citizenship."""
    windows = [name for name in release.periods(FLOWS, area) if name[-4:] <= period[-4:]]
    if windows:
        return _counted(release, figure_id, area, windows[-1])
    years = countries.window(period)
    at = parts.Frame(release, figure_id, area, f"{years[0]}/{years[-1]}")
    found = countries.latest(release, VICTIMS, area, years, citizenship="*")
    rows = tuple((row["citizenship"], country, row) for country, own in found.items() for row in own)
    named = tuple(entry for entry in rows if entry[0] not in UNNAMED)
    note = _(
        "{note} The citizenship stands for the origin, the country that published the figure for the destination.",
        note=countries.countries_note(len(found), years),
    )
    return Pairs(at, named, note)


def _counted(release: Release, figure_id: str, area: str, window: str) -> Pairs:
    rows = [row for row in release.observations(FLOWS) if (row["ref_area"], row["time_period"]) == (area, window)]
    pairs = tuple(
        (row["citizenship"], row["counterpart_area"] if row["counterpart_area"] != "_Z" else area, row)
        for row in rows
        if row["citizenship"] not in UNNAMED and row["counterpart_area"] not in {"_T", "_U", "_N"}
    )
    note = _(
        "A flow is a pair of origin and destination with at least {n} people detected; smaller pairs are not published "
        "and not in the sums.",
        n=number(LEAST),
    )
    return Pairs(parts.Frame(release, figure_id, area, window), pairs, note)


def origins_by_destination(release: Release, area: str, period: str) -> Figure:
    """F2: where the victims detected in each place came from."""
    found = pairs_of(release, "F2", area, period)
    title = _("Origins of detected victims, by place of detection, in {where_when}", where_when=found.at.where_when)
    return _matrix(found, title, is_by_destination=True)


def destinations_by_origin(release: Release, area: str, period: str) -> Figure:
    """F3: where the victims from each place were detected."""
    found = pairs_of(release, "F3", area, period)
    title = _("Destinations of detected victims, by origin, in {where_when}", where_when=found.at.where_when)
    return _matrix(found, title, is_by_destination=False)


def _matrix(found: Pairs, title: str, *, is_by_destination: bool) -> Figure:
    release, area = found.at.release, found.at.area
    if not found.rows:
        return parts.missing(
            found.at, title, _("The release holds no number of people by both origin and destination.")
        )
    place = _places(found, by_subregion=countries.is_group(area))
    summed: dict[tuple[str, str], list[Amount]] = {}
    for origin, destination, row in found.rows:
        summed.setdefault((place[origin, 0], place[destination, 1]), []).append(row.amount)
    side = 1 if is_by_destination else 0
    cells = _folded({key: total(amounts) for key, amounts in summed.items()}, side)
    table = _matrix_table(release, cells, side)
    links = tuple(
        Link(_name(release, origin), _name(release, destination), amount, _pair(release, origin, destination))
        for (origin, destination), amount in _ordered(cells)
    )
    return Figure(
        id=found.at.id,
        title=title,
        subtitle=_("People detected; a band is as wide as its number surely is, and hatched as wide as it may be"),
        note=found.note,
        source=parts.source(release),
        table=table,
        marks=(Sankey(links, PERSONS),),
        alt=_("Bands from origins to destinations, largest first. {list}",
              list=parts.in_words([(link.label, link.amount) for link in links[:MOST_ARCS]])),
        observations=found.observations,
        text=_within(cells, is_group=countries.is_group(area)),
        made_up=release.made_up,
    )  # fmt: skip


def _places(found: Pairs, *, by_subregion: bool) -> dict[tuple[str, int], str]:
    """What each origin (0) and destination (1) is shown as: its subregion, or itself where it is among the largest."""
    codes: dict[tuple[str, int], float] = {}
    for origin, destination, row in found.rows:
        for key in ((origin, 0), (destination, 1)):
            codes[key] = codes.get(key, 0.0) + row.amount.floor
    if by_subregion:
        return {key: areas.subregion(key[0]) or REST for key in codes}
    place: dict[tuple[str, int], str] = {}
    for side in (0, 1):
        own = sorted((key for key in codes if key[1] == side), key=lambda key: (-codes[key], key))
        kept = set(own[:MOST_ENDS]) if len(own) > MOST_ENDS + 1 else set(own)
        place |= {key: key[0] if key in kept else REST for key in own}
    return place


def _folded(cells: Mapping[tuple[str, str], Amount], side: int) -> dict[tuple[str, str], Amount]:
    """The cells with those that are surely small within their place put together as all others."""
    whole: dict[str, float] = {}
    for key, amount in cells.items():
        whole[key[side]] = whole.get(key[side], 0.0) + amount.floor
    folded: dict[tuple[str, str], list[Amount]] = {}
    for key, amount in cells.items():
        small = key[0] != key[1] and amount.ceiling < SMALL * whole[key[side]]
        other = ((REST, key[1]) if side == 1 else (key[0], REST)) if small else key
        folded.setdefault(other, []).append(amount)
    return {key: total(amounts) for key, amounts in folded.items()}


def _ordered(cells: Mapping[tuple[str, str], Amount]) -> list[tuple[tuple[str, str], Amount]]:
    return sorted(cells.items(), key=lambda item: (-item[1].floor, -item[1].ceiling, item[0]))


def _name(release: Release, code: str) -> str:
    if code == REST:
        return _("All others")
    return release.name_of(code) if code == release.area else capital(area_name(code))


def _pair(release: Release, origin: str, destination: str) -> str:
    if origin == destination:
        return _("Within {place}", place=_name(release, origin))
    return _("{origin} to {destination}", origin=_name(release, origin), destination=_name(release, destination))


def _matrix_table(release: Release, cells: Mapping[tuple[str, str], Amount], side: int) -> Table:
    """Each place with what it is made of, largest first, in people and as a share of the place."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for key, _amount in _ordered(cells):
        groups.setdefault(key[side], []).append(key)
    lines = []
    for group, keys in sorted(groups.items(), key=lambda item: (-sum(cells[key].floor for key in item[1]), item[0])):
        of_group = shares({"|".join(key): cells[key] for key in keys})
        for key in keys:
            stubs = ((group, _name(release, group)), (key[1 - side], _name(release, key[1 - side])))
            lines.append(Row(stubs, (cells[key], of_group["|".join(key)])))
    heads = (_("Detected in"), _("Origin")) if side == 1 else (_("Origin"), _("Detected in"))
    stubs_of = (Stub("place", heads[0]), Stub("other", heads[1]))
    measures = (Measure("persons", _("People"), "persons"), Measure("share", _("Share of the place"), "%", 1))
    return Table(stubs_of, measures, tuple(lines))


def _within(cells: Mapping[tuple[str, str], Amount], *, is_group: bool) -> tuple[str, ...]:
    """The share of people who were detected where they came from, over all places."""
    home = [amount for (origin, destination), amount in cells.items() if origin == destination != REST]
    away = [amount for (origin, destination), amount in cells.items() if origin != destination or origin == REST]
    if not home or not away:
        return ()
    of_all = shares({"home": total(home), "away": total(away)})["home"]
    if not of_all.is_known:
        return ()
    share = spoken(of_all, 0, "%")
    if is_group:
        return (
            _("Of all people in these numbers, {share} were detected in the subregion they came from.", share=share),
        )
    return (_("Of all people in these numbers, {share} were detected in the country they came from.", share=share),)


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
            ((origin, _name(release, origin)), (destination, _name(release, destination))),
            (row.amount, share_at(row.amount, wholes[destination])),
        )
        for origin, destination, row in main
    )
    links = tuple(
        Link(origin, destination, row.amount, _pair(release, origin, destination)) for origin, destination, row in main
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
        _("The largest of them was from {origin} to {destination}: {amount} people.", origin=_name(release, origin),
          destination=_name(release, destination), amount=spoken(first.amount)),
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
    bars = tuple(Bar(_pair(release, origin, destination), row.amount, PERSONS) for origin, destination, row in top)
    lines = [Row((("", name), ("", "")), (count,), _("Counted")) for name, count in counts]
    lines += [
        Row(((o, _name(release, o)), (d, _name(release, d))), (row.amount,), _("Largest flows, in people"))
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
