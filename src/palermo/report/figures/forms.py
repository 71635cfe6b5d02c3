"""P3 and P5: forms of exploitation, over all victims and for women, men, girls and boys.

The decision a reader would question: where a person counts under each form she suffered, the shares add up to more
than 100 per cent. They are then shares of people, drawn as bars, never as parts of one stack.
"""

from collections.abc import Mapping

from palermo.language import _, marked, number, percent, sentences
from palermo.report.amounts import NOT_APPLICABLE, NOT_PUBLISHED, Amount, between, exact, total
from palermo.report.figure import Figure, Measure, Row, Stub, Table
from palermo.report.figures import parts, printed
from palermo.report.figures.form_words import within
from palermo.report.labels import PEOPLE, label
from palermo.report.marks import Bar, Bars
from palermo.report.observations import Observation
from palermo.report.reading import Release

BY_FORM = "victims_by_form_sex_age"
SIZE = 100.0
MOST_COMMON = {
    ("F", "Y_GE18"): marked("Among women, the most common form was {form}."),
    ("M", "Y_GE18"): marked("Among men, the most common form was {form}."),
    ("F", "Y0T17"): marked("Among girls, the most common form was {form}."),
    ("M", "Y0T17"): marked("Among boys, the most common form was {form}."),
}


def _by_size(rows: list[Observation]) -> list[Observation]:
    """The form with most people first; what is not known or not asked stands last."""
    return sorted(rows, key=lambda row: (row["form"] in parts.UNKNOWN, -row.amount.floor, row["form"]))


def people_with_known_form(rows: list[Observation], whole: Amount) -> Amount:
    """People whose form is known: all people less those of whom it is not known or was not asked.

    They are at least as many as the people under any one form.
    """
    unknown = total([row.amount for row in rows if row["form"] in parts.UNKNOWN] or [exact(0)])
    if whole.high is None:
        return NOT_PUBLISHED
    largest = max((row.amount.floor for row in rows if row["form"] not in parts.UNKNOWN), default=0.0)
    most = whole.high - unknown.floor
    return between(min(max(largest, whole.floor - unknown.ceiling), most), most) if most >= 0 else NOT_PUBLISHED


def share_of_people(part: Amount, known: Amount) -> Amount:
    """People under a form as a share of those whose form is known, who are at least as many."""
    if part.high is None or known.high is None or known.high <= 0:
        return NOT_PUBLISHED
    low, high = SIZE * min(part.floor / known.high, 1.0), SIZE
    if part.high < known.floor:
        high = SIZE * part.high / known.floor
    return NOT_PUBLISHED if (low, high) == (0.0, SIZE) else between(low, max(low, high))


def _counting_rule(release: Release) -> str:
    if release.metadata.get("rules", {}).get("forms", "each") == "mixed":
        return _("A person with several forms counts once, under several forms.")
    return _(
        "A person counts under each form she or he suffered, so that shares may add up to more than {whole}.",
        whole=percent(number(SIZE)),
    )


def victims_by_form(release: Release, area: str, period: str) -> Figure:
    """P3: share of detected victims by form of exploitation."""
    at = parts.frame(release, "P3", BY_FORM, area, period)
    title = _("Share of detected victims, by form of exploitation, in {where_when}", where_when=at.where_when)
    rows = _by_size(release.find(BY_FORM, at.area, at.period, form="*"))
    if not any(row["form"] not in parts.UNKNOWN for row in rows):
        reason = _("The release holds no number of people by form of exploitation.")
        return printed.forms(release, area, period) or parts.missing(at, title, reason)
    whole = release.one(BY_FORM, at.area, at.period)
    if not whole.receipt_id:
        whole = release.one(parts.people_source(release, at.area), at.area, at.period, unit="PERSON")
    known = people_with_known_form(rows, whole.amount)
    share = {row["form"]: share_of_people(row.amount, known) for row in rows if row["form"] not in parts.UNKNOWN}
    named = [(label("form", form), amount) for form, amount in share.items()]
    quantity = parts.quantity(rows, "PERCENT")
    lines = [
        (row["form"], label("form", row["form"]), row.amount, share.get(row["form"], NOT_APPLICABLE)) for row in rows
    ]
    return Figure(
        id=at.id,
        title=title,
        subtitle=_("Per cent of people whose form of exploitation is known"),
        note=f"{parts.based_on(known, whole.amount)} {_counting_rule(release)}",
        source=parts.source(release),
        table=parts.count_and_share("form", _("Form of exploitation"), lines),
        marks=(Bars(tuple(Bar(name, amount, quantity) for name, amount in named), "%", most=SIZE),),
        alt=_("Share of people under each form. {shares}", shares=parts.in_words(named, 0, "%")),
        observations=(*rows, *([whole] if whole.receipt_id else [])),
        text=_sentences(share),
        made_up=release.made_up,
    )


def _sentences(share: Mapping[str, Amount]) -> tuple[str, ...]:
    """The three largest forms; they are called the largest only where no other can be larger."""
    named = list(share.items())
    top, others = named[:3], named[3:]
    words = parts.clauses([(within(form), amount) for form, amount in top], 0, "%")
    if not words:
        return ()
    sure = all(amount.is_exact for _form, amount in top)
    most = max((amount.ceiling for _form, amount in others), default=0)
    if sure and min(amount.floor for _form, amount in top) >= most:
        return (_("The forms with most people were {forms} of those whose form is known.", forms=words),)
    return (_("Among the forms were {forms} of those whose form is known.", forms=words),)


def form_by_sex_and_age(release: Release, area: str, period: str) -> Figure:
    """P5: form of exploitation of women, men, girls and boys, as small multiples on one scale."""
    at = parts.frame(release, "P5", BY_FORM, area, period)
    title = _(
        "Share of detected women, men, girls and boys, by form of exploitation, in {where_when}",
        where_when=at.where_when,
    )
    found = release.find(
        BY_FORM, at.area, at.period, form="*", sex={sex for sex, _ in PEOPLE}, age={age for _, age in PEOPLE}
    )
    cells = {(row["sex"], row["age"], row["form"]): row for row in found}
    order = _by_size(release.find(BY_FORM, at.area, at.period, form="*") or found)
    forms = [form for form in dict.fromkeys(row["form"] for row in order) if form not in parts.UNKNOWN]
    if not cells or not forms:
        reason = _("The release holds no number of people by form, sex and age together.")
        return printed.forms_of_people(release, area, period) or parts.missing(at, title, reason)
    wholes = {key: _group_whole(release, at, key) for key in PEOPLE}
    known = {key: people_with_known_form([row for row in found if (row["sex"], row["age"]) == key], wholes[key].amount)
             for key in PEOPLE}  # fmt: skip
    quantity = parts.quantity(found, "PERCENT")
    panels, lines = [], []
    for key, people in PEOPLE.items():
        bars = []
        for form in forms:
            row = cells.get((*key, form))
            count = row.amount if row else NOT_PUBLISHED
            share = share_of_people(count, known[key])
            bars.append(Bar(label("form", form), share, quantity, parts.PEOPLE_LOOKS[key]))
            lines.append(Row(((key[0] + " " + key[1], _(people)), (form, label("form", form))), (count, share)))
        panels.append(Bars(tuple(bars), "%", most=SIZE, title=_(people)))
    measures = (Measure("persons", _("People"), "persons"), Measure("share", _("Share of known"), "%", 1))
    described = [
        _("{people}: {shares}", people=panel.title, shares=parts.in_words(_named(panel), 0, "%")) for panel in panels
    ]
    return Figure(
        id=at.id,
        title=title,
        subtitle=_("Per cent of the people of each group whose form of exploitation is known"),
        note=f"{parts.based_on(total(known.values()), total(row.amount for row in wholes.values()))} "
        f"{_counting_rule(release)}",
        source=parts.source(release),
        table=Table(
            (Stub("people", _("Sex and age")), Stub("form", _("Form of exploitation"))), measures, tuple(lines)
        ),
        marks=tuple(panels),
        alt=sentences(described),
        observations=(*found, *(row for row in wholes.values() if row.receipt_id)),
        text=tuple(_most_common(panels, forms)),
        made_up=release.made_up,
    )


def _group_whole(release: Release, at: parts.Frame, key: tuple[str, str]) -> Observation:
    row = release.one(BY_FORM, at.area, at.period, sex=key[0], age=key[1])
    return row if row.receipt_id else release.one(parts.BY_SEX_AGE, at.area, at.period, sex=key[0], age=key[1])


def _named(panel: Bars) -> list[tuple[str, Amount]]:
    return [(item.label, item.amount) for item in panel.bars]


def _most_common(panels: list[Bars], forms: list[str]) -> list[str]:
    """For each group the form with most people, where its share is exact and above what any other can be."""
    sentences = []
    for sentence, panel in zip(MOST_COMMON.values(), panels, strict=True):
        best = max(range(len(forms)), key=lambda place: panel.bars[place].amount.floor)
        amount = panel.bars[best].amount
        others = [item.amount.ceiling for place, item in enumerate(panel.bars) if place != best]
        if amount.is_exact and amount.floor > max(others, default=0):
            sentences.append(_(sentence, form=parts.clauses([(within(forms[best]), amount)], 0, "%")))
    return sentences
