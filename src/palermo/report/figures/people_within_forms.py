"""P6: women, men, girls and boys within each form of exploitation.

The decision a reader would question: a form stands here only where people by both sex and age are published under it;
the parts of all other forms would be wide open.
"""

from palermo.language import _
from palermo.report.figure import Figure, Stub
from palermo.report.figures import countries, parts, stacked
from palermo.report.figures.stacked import BY_FORM, Part, Whole
from palermo.report.labels import PEOPLE, label
from palermo.report.marks import Stacks
from palermo.report.observations import Observation
from palermo.report.reading import Release


def people_within_forms(release: Release, area: str, period: str) -> Figure:
    """P6: women, men, girls and boys within each form of exploitation."""
    at = parts.frame(release, "P6", BY_FORM, area, period)
    found = release.find(
        BY_FORM, at.area, at.period, form="*", sex={s for s, _a in PEOPLE}, age={a for _s, a in PEOPLE}
    )
    note = _("A form stands here where people by both sex and age are published under it.")
    if not found:
        years = countries.window(period)
        found = stacked.published_forms_of_people(release, area, years)
        at = parts.Frame(release, "P6", area, f"{years[0]}/{years[-1]}")
        note = countries.countries_note(len({row["ref_area"] for row in found}), years)
    title = _("Share of women, men, girls and boys under each form of exploitation, in {where_when}",
              where_when=at.where_when)  # fmt: skip
    shown = stacked.people_parts()
    wholes = _by_form(found, shown)
    if not wholes:
        return parts.missing(at, title, _("The release holds no number of people by form, sex and age together."))
    rows = stacked.stack_rows(wholes, shown)
    return Figure(
        id=at.id,
        title=title,
        subtitle=_("Per cent of the people under each form whose sex and age are known"),
        note=_("{note} A part is drawn at the least it can be; what ranges leave open is hatched.", note=note),
        source=parts.source(release),
        table=stacked.stack_table(Stub("form", _("Form of exploitation")), wholes, shown),
        marks=(Stacks(rows),),
        alt=stacked.in_words(wholes, shown),
        observations=tuple(found),
        text=(),
        made_up=release.made_up,
    )


def _by_form(found: list[Observation], shown: tuple[Part, ...]) -> list[Whole]:
    """The forms with people under them, the largest first."""
    forms = [form for form in dict.fromkeys(row["form"] for row in found) if form not in parts.UNKNOWN]
    wholes = []
    for form in forms:
        rows = [row for row in found if row["form"] == form]
        numbers = stacked.people_numbers(rows)
        if any(numbers[part.key].ceiling > 0 for part in shown if numbers[part.key].is_known):
            wholes.append(Whole(form, label("form", form), numbers, rows))
    return sorted(wholes, key=lambda whole: (-whole.people.floor, whole.code))
