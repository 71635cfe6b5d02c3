"""F6 and C7: nationals and foreigners among the victims and among the convicted, by country or subregion.

The decision a reader would question: foreigners are told apart by the regions of UN M49, as the reach of trafficking
is. Own citizens who were brought back from abroad stand in the table only: they were detected elsewhere, and must not
be added to the people detected here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from palermo.codes import areas
from palermo.language import _, marked, sentences
from palermo.report.amounts import NOT_PUBLISHED, Amount, spoken, total
from palermo.report.figure import Figure, Measure, Row, Stub, Table
from palermo.report.figures import countries, parts
from palermo.report.figures.countries import CONVICTED, VICTIMS
from palermo.report.figures.stacked import Part, Whole
from palermo.report.labels import area_name, capital
from palermo.report.marks import Bar, Quantity, StackRow, Stacks, stack_or_bars
from palermo.report.observations import Observation
from palermo.report.reading import Release

BY_CITIZENSHIP = "victims_by_citizenship"
NATIONALS, NEAR, FAR = "nationals", "region", "other"
MOST_ROWS = 25
UNNAMED = frozenset({"_U", "_N", "_T", "_Z"})
_OF_REACH = {"DOM": NATIONALS, "SUBR": NEAR, "REG": NEAR, "TREG": FAR}


@dataclass(frozen=True)
class Place:
    """A country or subregion: people by where their citizenship is from, and own citizens brought back."""

    whole: Whole
    returned: Amount = NOT_PUBLISHED


def citizenship_parts() -> tuple[Part, ...]:
    """Nationals, foreigners from the region, others."""
    return (
        Part(NATIONALS, _("Nationals"), "first"),
        Part(NEAR, _("Foreigners from the same region"), "second"),
        Part(FAR, _("Foreigners from other regions"), "third"),
    )


def numbers_by_origin(country: str, rows: Sequence[Observation]) -> dict[str, Amount]:
    """People by where their citizenship is from, as seen from a country; unknown citizenships are left out."""
    found: dict[str, list[Amount]] = {NATIONALS: [], NEAR: [], FAR: []}
    for row in rows:
        if row["citizenship"] not in UNNAMED:
            found[_kind(row["citizenship"], country)].append(row.amount)
    return {key: total(amounts) if amounts else total([_NOBODY]) for key, amounts in found.items()}


def _kind(citizenship: str, country: str) -> str:
    return FAR if citizenship == "STATELESS" else _OF_REACH.get(areas.reach(citizenship, country), FAR)


_NOBODY = Amount(0.0, 0.0, NOT_PUBLISHED.state)  # a source that prints citizenships prints those that it found


def nationals_among_victims(release: Release, area: str, period: str) -> Figure:
    """F6: nationals and foreigners among the victims; own citizens brought back from abroad, where published."""
    title = marked("Nationals and foreigners among detected victims, in {where_when}")
    counted = parts.frame(release, "F6", BY_CITIZENSHIP, area, period)
    rows = release.find(BY_CITIZENSHIP, counted.area, counted.period, citizenship="*")
    if rows:
        numbers = numbers_by_origin(counted.area, rows)
        place = Place(Whole(counted.area, release.name_of(counted.area), numbers, rows))
        return _figure(counted, title, [place], _("Citizenships that are not known are left out."))
    years = countries.window(period)
    found = _with_nationals(countries.latest(release, VICTIMS, area, years, citizenship="*"))
    returned = countries.latest(release, VICTIMS, area, years, counterpart_area="*")
    at = parts.Frame(release, "F6", area, f"{years[0]}/{years[-1]}")
    note = _(
        "{note} Only those that print their own nationals are counted; a citizenship that one does not list adds "
        "nobody. Citizenships that are not known are left out. Own citizens brought back from abroad were detected "
        "elsewhere and are not among the people detected.",
        note=countries.countries_note(len(found), years),
    )
    return _figure(at, title, _places(area, found, returned), note, rows_back=countries.rows_of(returned))


def convicted_by_citizenship(release: Release, area: str, period: str) -> Figure:
    """C7: nationals and foreigners among the people convicted."""
    years = countries.window(period)
    at = parts.Frame(release, "C7", area, f"{years[0]}/{years[-1]}")
    found = _with_nationals(countries.latest(release, CONVICTED, area, years, citizenship="*"))
    title = marked("Nationals and foreigners among people convicted, in {where_when}")
    note = _(
        "{note} Only those that print their own nationals are counted; a citizenship that one does not list adds "
        "nobody. Citizenships that are not known are left out.",
        note=countries.countries_note(len(found), years),
    )
    return _figure(at, title, _places(area, found, {}), note)


ByCountry = Mapping[str, list[Observation]]


def _with_nationals(found: ByCountry) -> dict[str, list[Observation]]:
    """The countries that print a number of their own nationals: where it is left out, nobody can say that it is 0."""
    return {country: rows for country, rows in found.items() if any(row["citizenship"] == country for row in rows)}


def _places(area: str, found: ByCountry, returned: ByCountry) -> list[Place]:
    """The subregions of the world or a region of several; else the countries, those with most people first."""
    each = {country: numbers_by_origin(country, rows) for country, rows in found.items()}
    subregions = countries.subregions(area) if countries.is_group(area) else ()
    if len(subregions) < 2:
        return _by_size(
            Place(
                Whole(country, capital(area_name(country)), each[country], rows),
                countries.summed(returned.get(country, ())),
            )
            for country, rows in found.items()
        )
    places = []
    for subregion in subregions:
        inside = countries.within(found, subregion)
        if inside:
            numbers = {key: total(each[country][key] for country in inside) for key in (NATIONALS, NEAR, FAR)}
            whole = Whole(subregion, capital(area_name(subregion)), numbers, countries.rows_of(inside))
            back = countries.summed(countries.rows_of(countries.within(returned, subregion)))
            places.append(Place(whole, back))
    return places


def _by_size(places: Iterable[Place]) -> list[Place]:
    return sorted(places, key=lambda place: (-place.whole.people.floor, place.whole.code))[:MOST_ROWS]


def _figure(
    at: parts.Frame, title: str, places: list[Place], note: str, rows_back: Sequence[Observation] = ()
) -> Figure:
    release, titled = at.release, _(title, where_when=at.where_when)
    shown = citizenship_parts()
    known = [place for place in places if place.whole.people.ceiling > 0]
    if not known:
        return parts.missing(at, titled, _("The release holds no number of people by citizenship."))
    observations = tuple(row for place in known for row in place.whole.observations)
    quantity = Quantity(observations[0].kind, "PERCENT")
    rows = []
    for place in known:
        share = place.whole.shares
        rows.append(StackRow(place.whole.name, tuple(Bar(p.name, share[p.key], quantity, p.look) for p in shown)))
    drawing = Stacks(tuple(rows)) if len(rows) > 1 else stack_or_bars(rows[0].parts)
    return Figure(
        id=at.id,
        title=titled,
        subtitle=_("Per cent of people whose citizenship is known"),
        note=note,
        source=parts.source(release),
        table=_table(known, shown),
        marks=(drawing,),
        alt=sentences(parts.block_in_words(row.label, row.parts) for row in rows),
        observations=(*observations, *rows_back),
        text=_all_together(known),
        made_up=release.made_up,
    )  # fmt: skip


def _table(places: Sequence[Place], shown: Sequence[Part]) -> Table:
    measures = [Measure("persons", _("People with a known citizenship"), "persons")]
    measures += [Measure(part.key, part.name, "%", 1) for part in shown]
    has_returned = any(place.returned.is_known for place in places)
    if has_returned:
        measures.append(Measure("returned", _("Own citizens brought back"), "persons"))
    lines = []
    for place in places:
        share = place.whole.shares
        cells = [place.whole.people, *(share[part.key] for part in shown)]
        lines.append(
            Row(((place.whole.code, place.whole.name),), (*cells, *([place.returned] if has_returned else [])))
        )
    return Table((Stub("ref_area", _("Country, area or subregion")),), tuple(measures), tuple(lines))


def _all_together(places: Sequence[Place]) -> tuple[str, ...]:
    numbers = {key: total(place.whole.numbers[key] for place in places) for key in (NATIONALS, NEAR, FAR)}
    share = Whole("", "", numbers).shares[NATIONALS]
    if not share.is_known:
        return ()
    return (_("Of the people whose citizenship is known, {share} were nationals.", share=spoken(share, 0, "%")),)
