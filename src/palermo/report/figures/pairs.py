"""People by origin and destination, for the figures of flows: counted from records, or published by citizenship.

The decision a reader would question: where figures are published by citizenship, the citizenship stands for the origin
and the country that printed the figure for the destination. People exploited in their own country are a pair as well.
"""

from dataclasses import dataclass

from palermo.language import _, number
from palermo.report.figures import countries, parts
from palermo.report.figures.countries import VICTIMS
from palermo.report.labels import area_name, capital
from palermo.report.marks import Quantity
from palermo.report.observations import Observation
from palermo.report.reading import Release

FLOWS = "flows"
LEAST = 5  # people detected that make a pair a flow
MOST_ARCS = 12
REST = "rest"
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
        note=countries.countries_note(len({country for _origin, country, _row in named}), years),
    )
    return Pairs(at, named, note)


def _counted(release: Release, figure_id: str, area: str, window: str) -> Pairs:
    rows = [row for row in release.observations(FLOWS, area) if row["time_period"] == window]
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


def end_name(release: Release, code: str) -> str:
    """An end of a pair in words: a country, a subregion, or all others together."""
    if code == REST:
        return _("All others")
    return release.name_of(code) if code == release.area else capital(area_name(code))


def pair_name(release: Release, origin: str, destination: str) -> str:
    """A pair in words."""
    if origin == destination:
        return _("Within {place}", place=end_name(release, origin))
    return _("{origin} to {destination}", origin=end_name(release, origin), destination=end_name(release, destination))
