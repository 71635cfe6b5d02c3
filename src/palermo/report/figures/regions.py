"""P7 and P8: people by age and sex, and forms, subregion by subregion; children, and the forms of girls and boys.

The decision a reader would question: the map shows for each country which group is surely the largest, not a share: a
few ranges printed as "<5" would put a country in two classes of shares, but seldom leave the largest group open.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from palermo.language import _, ngettext, number, sentences
from palermo.report.amounts import NOT_PUBLISHED, Amount, exact, shares, spoken, total
from palermo.report.figure import Figure, Measure, Row, Stub, Table
from palermo.report.figures import countries, parts, stacked
from palermo.report.figures.stacked import Part, Whole
from palermo.report.labels import area_name, capital, label
from palermo.report.marks import AreaMap, Band, Bar, Bars
from palermo.report.observations import Observation
from palermo.report.reading import Release

OPEN = "open"
CHILDREN = {"F": ("F", "Y0T17"), "M": ("M", "Y0T17")}
ByCountry = Mapping[str, list[Observation]]


@dataclass(frozen=True)
class Side:
    """What is set side by side by country: women, men, girls and boys; or the forms."""

    shown: tuple[Part, ...]
    numbers: stacked.Numbers
    found: ByCountry

    def whole(self, area: str) -> Whole:
        """The sum over the countries of an area."""
        rows = countries.rows_of(countries.within(self.found, area))
        return Whole(area, capital(area_name(area)), self.numbers(rows), rows)


def parts_by_subregion(release: Release, area: str, period: str) -> Figure:
    """P7: age and sex, and form of exploitation, by subregion, with the largest group of each country on a map."""
    years = countries.window(period)
    at = parts.Frame(release, "P7", area, f"{years[0]}/{years[-1]}")
    title = _("Detected victims by age and sex and by form of exploitation, by subregion, in {where_when}",
              where_when=at.where_when)  # fmt: skip
    if not countries.is_group(area):
        return parts.missing(at, title, countries.no_countries())
    people = Side(stacked.people_parts(), stacked.people_numbers, stacked.published_people(release, area, years))
    forms = Side(stacked.form_parts(), stacked.form_numbers, stacked.published_forms(release, area, years))
    if len(people.found) < 2 and len(forms.found) < 2:
        return parts.missing(at, title, countries.no_countries())
    maps = (
        largest_on_map(people, _("Largest group by age and sex")),
        largest_on_map(forms, _("Form with most people")),
    )
    return Figure(
        id=at.id,
        title=title,
        subtitle=_("The group with most people in each country or area; in the table, per cent of people known"),
        note=countries.on_a_map(
            _(
                "{note} Only countries that publish every part are counted. Where ranges leave open which group is the "
                "largest, the field is hatched.",
                note=countries.countries_note(len({*people.found, *forms.found}), years),
            )
        ),
        source=parts.source(release),
        table=_table(area, people, forms),
        marks=maps,
        alt=sentences(_told(drawing) for drawing in maps),
        observations=(*countries.rows_of(people.found), *countries.rows_of(forms.found)),
        text=(),
        made_up=release.made_up,
    )


def largest_on_map(side: Side, title: str) -> AreaMap:
    """Each country by its largest part."""
    bands = (
        *(Band(part.key, part.name, part.look) for part in side.shown),
        Band(OPEN, _("Left open by ranges"), "range"),
    )
    placed = tuple((country, largest(side.numbers(rows))) for country, rows in side.found.items())
    used = {key for _country, key in placed}
    shown = tuple(band for band in bands if band.key != OPEN or OPEN in used)
    return AreaMap(shown, placed, stacked.SHARE, title)


def largest(numbers: Mapping[str, Amount]) -> str:
    """The part that no other can exceed; open where ranges overlap or two are the same."""
    best = max(numbers, key=lambda key: numbers[key].floor)
    others = max((amount.ceiling for key, amount in numbers.items() if key != best), default=0.0)
    return best if numbers[best].floor > others else OPEN


def _told(drawing: AreaMap) -> str:
    counts = [(band.label, sum(key == band.key for _code, key in drawing.areas)) for band in drawing.bands]
    items = [_("{name} in {n}", name=name, n=number(count)) for name, count in counts]
    return _("{title}, number of countries and areas: {items}.", title=drawing.title, items=_("; ").join(items))


def _table(area: str, people: Side, forms: Side) -> Table:
    measures = [Measure("areas", _("Countries and areas"), "areas")]
    measures += [Measure(part.key, part.name, "%", 1) for part in (*people.shown, *forms.shown)]
    lines = []
    for subregion in countries.subregions(area):
        count = len({*countries.within(people.found, subregion), *countries.within(forms.found, subregion)})
        if count:
            cells = [*_shares(people, subregion), *_shares(forms, subregion)]
            lines.append(Row(((subregion, capital(area_name(subregion))),), (exact(count), *cells)))
    return Table((Stub("ref_area", _("Subregion")),), tuple(measures), tuple(lines))


def _shares(side: Side, subregion: str) -> list[Amount]:
    share = side.whole(subregion).shares
    return [share[part.key] for part in side.shown]


def children_by_subregion(release: Release, area: str, period: str) -> Figure:
    """P8: share of children by subregion; forms of exploitation of girls and of boys."""
    years = countries.window(period)
    at = parts.Frame(release, "P8", area, f"{years[0]}/{years[-1]}")
    title = _("Share of children among detected victims, by subregion, and forms of girls and boys, in {where_when}",
              where_when=at.where_when)  # fmt: skip
    found = stacked.published_people(release, area, years) if countries.is_group(area) else {}
    if len(found) < 2:
        return parts.missing(at, title, countries.no_countries())
    side = Side(stacked.people_parts(), stacked.people_numbers, found)
    wholes = [whole for code in countries.subregions(area) if (whole := side.whole(code)).observations]
    share = {whole.code: share_of_children(whole) for whole in wholes}
    bars = Bars(
        tuple(Bar(whole.name, share[whole.code], stacked.SHARE) for whole in wholes), "%", most=100.0,
        title=_("Children, by subregion"),
    )  # fmt: skip
    rows = stacked.published_forms_of_people(release, area, years)
    panels = [panel for key in CHILDREN.values() if (panel := _forms_of(key, rows))]
    return Figure(
        id=at.id,
        title=title,
        subtitle=_("Per cent of people whose sex and age are known; per cent of girls and of boys by form"),
        note=_(
            "{note} Only countries that publish every part are counted.",
            note=countries.countries_note(len(found), years),
        ),
        source=parts.source(release),
        table=_children_table(wholes, share, panels, rows),
        marks=(bars, *panels),
        alt=sentences(parts.block_in_words(panel.title, panel.bars) for panel in (bars, *panels)),
        observations=(*countries.rows_of(found), *(row for row in rows if row["age"] == "Y0T17")),
        text=_above_a_half(wholes, share),
        made_up=release.made_up,
    )  # fmt: skip


def share_of_children(whole: Whole) -> Amount:
    """Girls and boys among those whose sex and age are known, in per cent."""
    inside = [amount for key, amount in whole.numbers.items() if key.endswith("Y0T17")]
    outside = [amount for key, amount in whole.numbers.items() if not key.endswith("Y0T17")]
    if not all(amount.is_known for amount in (*inside, *outside)):
        return NOT_PUBLISHED
    return stacked.informative(shares({"children": total(inside), "adults": total(outside)})["children"])


def _forms_of(key: tuple[str, str], rows: Sequence[Observation]) -> Bars | None:
    own = [row for row in rows if (row["sex"], row["age"]) == key]
    numbers = stacked.form_numbers(own)
    if stacked.no_number(numbers):
        return None
    share = shares(numbers)
    look = parts.PEOPLE_LOOKS[key]
    bars = tuple(Bar(part.name, share[part.key], stacked.SHARE, look) for part in stacked.form_parts())
    return Bars(bars, "%", most=100.0, title=_("Girls") if key[0] == "F" else _("Boys"))


def _children_table(
    wholes: Sequence[Whole], share: Mapping[str, Amount], panels: Sequence[Bars], rows: Sequence[Observation]
) -> Table:
    lines = [
        Row(((whole.code, whole.name),), (whole.people, share[whole.code]), _("Children, by subregion"))
        for whole in wholes
    ]
    for panel, key in zip(panels, CHILDREN.values(), strict=False):
        own = [row for row in rows if (row["sex"], row["age"]) == key]
        for bar, part in zip(panel.bars, stacked.form_parts(), strict=True):
            count = countries.summed(own, form=part.key)
            lines.append(Row(((part.key, label("form", part.key)),), (count, bar.amount), panel.title))
    measures = (Measure("persons", _("People"), "persons"), Measure("share", _("Share of known"), "%", 1))
    return Table((Stub("group", _("Subregion or form")),), measures, tuple(lines))


def _above_a_half(wholes: Sequence[Whole], share: Mapping[str, Amount]) -> tuple[str, ...]:
    """In how many subregions children are surely more than half, and where they are most, if that is sure."""
    above = [whole for whole in wholes if share[whole.code].floor > 50]
    told = [
        ngettext(
            "In {n} subregion children are surely more than half of the detected victims.",
            "In {n} subregions children are surely more than half of the detected victims.",
            len(above),
            n=number(len(above)),
        )
    ]
    best = max(wholes, key=lambda whole: share[whole.code].floor)
    if share[best.code].floor > max((share[w.code].ceiling for w in wholes if w is not best), default=0.0):
        told.append(_("Their share is largest in {where}: {share}.", where=best.name,
                      share=spoken(share[best.code], 0, "%")))  # fmt: skip
    return tuple(told)
