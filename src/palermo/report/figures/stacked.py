"""What figures of stacked parts share: who the people are, which forms there are, and the rows of drawing and table.

The decision a reader would question: parts are stacked only where each person stands in one of them. Where a person
counts under each form she suffered, the forms are no parts of a whole and are drawn as bars.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from palermo.language import _, sentences
from palermo.report.amounts import NOT_PUBLISHED, Amount, shares, total
from palermo.report.figure import Measure, Row, Stub, Table
from palermo.report.figures import parts
from palermo.report.figures.countries import VICTIMS, ByCountry, newest, rows_of, summed, yearly
from palermo.report.labels import PEOPLE, label
from palermo.report.marks import Bar, Quantity, StackRow
from palermo.report.observations import Observation
from palermo.report.reading import Release

BY_FORM = "victims_by_form_sex_age"
PARTS = ("first", "second", "third", "fourth")
PRINTED_FORMS = ("sexual", "forced_labour", "other")
SHARE = Quantity("detected", "PERCENT")
WHOLE_SHARE = 100.0
Numbers = Callable[[Sequence[Observation]], dict[str, Amount]]


@dataclass(frozen=True)
class Part:
    """A part of every whole: its key in tables, its words, its look."""

    key: str
    name: str
    look: str


@dataclass(frozen=True)
class Whole:
    """A year, a region, a form: its code and words, and the number of people in each part."""

    code: str
    name: str
    numbers: Mapping[str, Amount]
    observations: Sequence[Observation] = ()

    @property
    def shares(self) -> dict[str, Amount]:
        """Each part's share of the people whose part is known; a part that nobody published leaves none known."""
        return {key: informative(amount) for key, amount in shares(self.numbers).items()}

    @property
    def people(self) -> Amount:
        """The people in all parts that are published."""
        known = [amount for amount in self.numbers.values() if amount.is_known]
        return total(known) if known else NOT_PUBLISHED


def informative(share: Amount) -> Amount:
    """A share, or none where it could be anything from 0 to 100 per cent."""
    return NOT_PUBLISHED if share.floor <= 0 and share.ceiling >= WHOLE_SHARE else share


def people_parts() -> tuple[Part, ...]:
    """Women, men, girls and boys."""
    return tuple(Part(people_key(key), _(name), parts.PEOPLE_LOOKS[key]) for key, name in PEOPLE.items())


def people_key(key: tuple[str, str]) -> str:
    """The key of people of a sex and age as a part."""
    return "_".join(key)


def form_parts() -> tuple[Part, ...]:
    """The forms that published tables print, each person under one of them."""
    looks = zip(PRINTED_FORMS, PARTS, strict=False)
    return tuple(Part(form, label("form", form), look) for form, look in looks)


def people_numbers(rows: Sequence[Observation]) -> dict[str, Amount]:
    """People by sex and age, summed over observations."""
    return _summed({people_key(key): {"sex": key[0], "age": key[1]} for key in PEOPLE}, rows)


def form_numbers(rows: Sequence[Observation]) -> dict[str, Amount]:
    """People by printed form, summed over observations."""
    return _summed({form: {"form": form} for form in PRINTED_FORMS}, rows)


def _summed(codes: Mapping[str, Mapping[str, str]], rows: Sequence[Observation]) -> dict[str, Amount]:
    return {key: summed(rows, **wanted) for key, wanted in codes.items()}


def published_people(release: Release, area: str, years: Sequence[str]) -> ByCountry:
    """Published numbers by sex and age of each country, of the latest year of which it prints every part."""
    return newest(published_people_by_year(release, area, years))


def published_people_by_year(release: Release, area: str, years: Sequence[str]) -> dict[str, ByCountry]:
    """The same for each year by itself."""
    found = yearly(release, VICTIMS, area, years, sex="*", age="*")
    return {year: _people_of(of_year) for year, of_year in found.items()}


def published_forms(release: Release, area: str, years: Sequence[str]) -> ByCountry:
    """Published numbers by form of each country, of the latest year of which it prints every part."""
    return newest(published_forms_by_year(release, area, years))


def published_forms_by_year(release: Release, area: str, years: Sequence[str]) -> dict[str, ByCountry]:
    """The same for each year by itself."""
    found = yearly(release, VICTIMS, area, years, form="*")
    return {year: _forms_of(of_year) for year, of_year in found.items()}


def _people_of(found: ByCountry) -> ByCountry:
    return _complete(found, lambda row: (row["sex"], row["age"]) in PEOPLE, len(PEOPLE))


def _forms_of(found: ByCountry) -> ByCountry:
    return _complete(found, lambda row: row["form"] in PRINTED_FORMS, len(PRINTED_FORMS))


def _complete(found: ByCountry, is_part: Callable[[Observation], bool], count: int) -> ByCountry:
    """The countries that publish every part. A country that leaves one out would lower its share everywhere."""
    parts_of = {country: [row for row in rows if is_part(row)] for country, rows in found.items()}
    return {country: rows for country, rows in parts_of.items() if len(rows) == count}


def published_forms_of_people(release: Release, area: str, years: Sequence[str]) -> list[Observation]:
    """Published numbers by form, sex and age of each country, of the latest year of which it prints every one."""
    found = yearly(release, VICTIMS, area, years, sex="*", age="*", form="*")
    count = len(PEOPLE) * len(PRINTED_FORMS)
    return rows_of(newest({year: _complete(of_year, _is_form_of_people, count) for year, of_year in found.items()}))


def _is_form_of_people(row: Observation) -> bool:
    return (row["sex"], row["age"]) in PEOPLE and row["form"] in PRINTED_FORMS


def stack_rows(wholes: Sequence[Whole], shown: Sequence[Part]) -> tuple[StackRow, ...]:
    """The rows of the drawing."""
    made = []
    for whole in wholes:
        share = whole.shares
        made.append(StackRow(whole.name, tuple(Bar(p.name, share[p.key], SHARE, p.look) for p in shown)))
    return tuple(made)


def measures(shown: Sequence[Part]) -> tuple[Measure, ...]:
    """The columns of a table of parts."""
    return (
        Measure("persons", _("People with this information"), "persons"),
        *(Measure(part.key, part.name, "%", 1) for part in shown),
    )


def stack_table(stub: Stub, wholes: Sequence[Whole], shown: Sequence[Part]) -> Table:
    """People with this information, then the share of each part."""
    lines = []
    for whole in wholes:
        share = whole.shares
        lines.append(Row(((whole.code, whole.name),), (whole.people, *(share[part.key] for part in shown))))
    return Table((stub,), measures(shown), tuple(lines))


def in_words(wholes: Sequence[Whole], shown: Sequence[Part]) -> str:
    """The stacks in words, row by row."""
    return sentences(parts.block_in_words(row.label, row.parts) for row in stack_rows(wholes, shown))


def no_number(numbers: Mapping[str, Amount]) -> bool:
    """Whether nothing is known of any part."""
    return not any(amount.is_known for amount in numbers.values())
