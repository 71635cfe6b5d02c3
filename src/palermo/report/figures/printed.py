"""P1, P3, P5 and F1 where an account counts no records: from published figures of countries, each of its latest year.

The decision a reader would question: published tables print a person under one form, so their forms are parts of a
whole and add up to 100 per cent; forms counted from records need not.
"""

from collections.abc import Sequence
from dataclasses import replace

from palermo.codes import areas
from palermo.language import _, sentences
from palermo.report.amounts import Amount, exact
from palermo.report.figure import Figure, Measure, Row, Stub, Table
from palermo.report.figures import countries, parts, stacked
from palermo.report.figures.form_words import within
from palermo.report.figures.stacked import SHARE, Part, Whole
from palermo.report.labels import PEOPLE, label, period_name
from palermo.report.marks import Bar, Bars, Marks, stack_or_bars
from palermo.report.observations import Observation
from palermo.report.reading import Release

UNNAMED = frozenset({"_U", "_N", "_T", "_Z", "STATELESS"})
REACHES = {"DOM": "first", "SUBR": "second", "REG": "third", "TREG": "fourth"}


def people(release: Release, area: str, period: str) -> Figure | None:
    """P1 from published figures by sex and age; None where there are none."""
    years = countries.window(period)
    found = stacked.published_people(release, area, years)
    at = parts.Frame(release, "P1", area, f"{years[0]}/{years[-1]}")
    title = _("Share of detected victims, by age and sex, in {where_when}", where_when=at.where_when)
    subtitle = _("Per cent of people whose sex and age are known")
    return _one_whole(at, (title, subtitle), found, stacked.people_parts(), stacked.people_numbers)


def forms(release: Release, area: str, period: str) -> Figure | None:
    """P3 from published figures by form; None where there are none."""
    years = countries.window(period)
    found = stacked.published_forms(release, area, years)
    at = parts.Frame(release, "P3", area, f"{years[0]}/{years[-1]}")
    title = _("Share of detected victims, by form of exploitation, in {where_when}", where_when=at.where_when)
    subtitle = _("Per cent of people whose form of exploitation is known")
    figure = _one_whole(at, (title, subtitle), found, stacked.form_parts(), stacked.form_numbers)
    return figure and replace(figure, text=_forms_told(figure, at.period))


def _forms_told(figure: Figure, period: str) -> tuple[str, ...]:
    """The share of each form, with the years, as other sentences beside it may be of one year."""
    words = parts.clauses([(within(row.stubs[0][0]), row.amounts[1]) for row in figure.table.rows], 0, "%")
    if not words:
        return ()
    told = _(
        "Of the people whose form of exploitation is published, {years}: {forms}.",
        years=period_name(period),
        forms=words,
    )
    return (told,)


def _one_whole(
    at: parts.Frame,
    words: tuple[str, str],
    found: countries.ByCountry,
    shown: Sequence[Part],
    numbers_of: stacked.Numbers,
) -> Figure | None:
    rows = countries.rows_of(found)
    if not rows:
        return None
    whole = Whole(at.area, "", numbers_of(rows), rows)
    share = whole.shares
    bars = tuple(Bar(part.name, share[part.key], SHARE, part.look) for part in shown)
    lines = [(part.key, part.name, whole.numbers[part.key], share[part.key]) for part in shown]
    named = [(bar.label, bar.amount) for bar in bars]
    return Figure(
        id=at.id,
        title=words[0],
        subtitle=words[1],
        note=_note(len(found), at.period),
        source=parts.source(at.release),
        table=parts.count_and_share("part", _("Group"), lines),
        marks=(stack_or_bars(bars),),
        alt=_("Shares: {shares}", shares=parts.in_words(named, 0, "%")),
        observations=tuple(rows),
        made_up=at.release.made_up,
    )


def reach(release: Release, area: str, period: str) -> Figure | None:
    """F1 from published figures by citizenship, the citizenship standing for the origin; None where there are none."""
    years = countries.window(period)
    found = countries.latest(release, countries.VICTIMS, area, years, citizenship="*")
    rows = [row for row in countries.rows_of(found) if row["citizenship"] not in UNNAMED]
    if not rows:
        return None
    at = parts.Frame(release, "F1", area, f"{years[0]}/{years[-1]}")
    numbers = {
        code: countries.summed(row for row in rows if areas.reach(row["citizenship"], row["ref_area"]) == code)
        for code in REACHES
    }
    known = {code: amount if amount.is_known else exact(0) for code, amount in numbers.items()}
    share = Whole(area, "", known, rows).shares
    bars = tuple(Bar(label("reach", code), share[code], SHARE, look) for code, look in REACHES.items())
    named = [(bar.label, bar.amount) for bar in bars]
    return Figure(
        id=at.id,
        title=_("Share of detected victims, by reach of the trafficking, in {where_when}", where_when=at.where_when),
        subtitle=_("Per cent of people whose citizenship is published"),
        note=_(
            "{note} The citizenship stands for the origin. A citizenship that a country does not list adds nobody.",
            note=countries.countries_note(len({row["ref_area"] for row in rows}), years),
        ),
        source=parts.source(release),
        table=parts.count_and_share(
            "reach", _("Reach"), [(code, label("reach", code), known[code], share[code]) for code in REACHES]
        ),
        marks=(stack_or_bars(bars),),
        alt=_("Share of people by reach. {shares}", shares=parts.in_words(named, 0, "%")),
        observations=tuple(rows),
        made_up=release.made_up,
    )


def _note(count: int, period: str) -> str:
    return _(
        "{note} Only countries that publish every part are counted.",
        note=countries.countries_note(count, period.split("/")),
    )


def forms_of_people(release: Release, area: str, period: str) -> Figure | None:
    """P5 from published figures by form, sex and age; None where there are none."""
    years = countries.window(period)
    rows = stacked.published_forms_of_people(release, area, years)
    if not rows:
        return None
    at = parts.Frame(release, "P5", area, f"{years[0]}/{years[-1]}")
    panels: list[Marks] = []
    lines: list[Row] = []
    for key, name in PEOPLE.items():
        numbers, share = _of_group(key, rows)
        look = parts.PEOPLE_LOOKS[key]
        named = [(form, label("form", form)) for form in numbers]
        bars = tuple(Bar(words, share[form], SHARE, look) for form, words in named)
        panels.append(Bars(bars, "%", most=100.0, title=_(name)))
        lines += [Row(((" ".join(key), _(name)), (form, words)), (numbers[form], share[form])) for form, words in named]
    measures = (Measure("persons", _("People"), "persons"), Measure("share", _("Share of known"), "%", 1))
    return Figure(
        id=at.id,
        title=_("Share of detected women, men, girls and boys, by form of exploitation, in {where_when}",
                where_when=at.where_when),
        subtitle=_("Per cent of the people of each group whose form of exploitation is known"),
        note=_note(len({row["ref_area"] for row in rows}), at.period),
        source=parts.source(release),
        table=Table(
            (Stub("people", _("Sex and age")), Stub("form", _("Form of exploitation"))), measures, tuple(lines)
        ),
        marks=tuple(panels),
        alt=sentences(parts.block_in_words(panel.title, panel.bars) for panel in panels if isinstance(panel, Bars)),
        observations=tuple(rows),
        made_up=release.made_up,
    )  # fmt: skip


def _of_group(key: tuple[str, str], rows: Sequence[Observation]) -> tuple[dict[str, Amount], dict[str, Amount]]:
    """The numbers and the shares of the forms of one group of people."""
    own = [row for row in rows if (row["sex"], row["age"]) == key]
    whole = Whole("", "", stacked.form_numbers(own), own)
    return dict(whole.numbers), whole.shares
