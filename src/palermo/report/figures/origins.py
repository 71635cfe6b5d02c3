"""F2 and F3: where detected people came from and where they were detected, by subregion or by country.

The decision a reader would question: what is surely less than two in a hundred of a place stands under all others, so
that the drawing can be read; the file of all numbers holds each pair.
"""

from collections.abc import Mapping

from palermo.codes import areas
from palermo.language import _
from palermo.report.amounts import Amount, shares, spoken, total
from palermo.report.figure import Figure, Measure, Row, Stub, Table
from palermo.report.figures import countries, parts
from palermo.report.figures.pairs import (
    MOST_ARCS,
    PERSONS,
    REST,
    Pairs,
    end_name,
    pair_name,
    pairs_of,
)
from palermo.report.marks import Link, Sankey
from palermo.report.reading import Release

MOST_ENDS = 12
SMALL = 0.02  # of the people of a place: what is surely less is put together


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
        Link(end_name(release, origin), end_name(release, destination), amount, pair_name(release, origin, destination))
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


def _matrix_table(release: Release, cells: Mapping[tuple[str, str], Amount], side: int) -> Table:
    """Each place with what it is made of, largest first, in people and as a share of the place."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for key, _amount in _ordered(cells):
        groups.setdefault(key[side], []).append(key)
    lines = []
    for group, keys in sorted(groups.items(), key=lambda item: (-sum(cells[key].floor for key in item[1]), item[0])):
        of_group = shares({"|".join(key): cells[key] for key in keys})
        for key in keys:
            stubs = ((group, end_name(release, group)), (key[1 - side], end_name(release, key[1 - side])))
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
