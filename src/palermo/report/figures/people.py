"""P1: victims by age and sex. Women, men, girls and boys, in the order in which the field's reports name them."""

from palermo.language import _, marked, sentences
from palermo.report.amounts import NOT_APPLICABLE, NOT_PUBLISHED, Amount, shares, spoken, total, written
from palermo.report.figure import Figure, Measure, Row, Stub, Table
from palermo.report.figures import parts, printed
from palermo.report.labels import PEOPLE, PEOPLE_WITHIN, age_word, label
from palermo.report.marks import Bar, stack_or_bars
from palermo.report.observations import Observation
from palermo.report.reading import Release

SEXES = ("F", "M", "O", "_U", "_N")
AGES = ("Y_GE18", "Y0T17", "_U", "_N")


def people_rows(
    release: Release, indicator: str, area: str, period: str, **codes: str
) -> dict[tuple[str, str], Observation]:
    """The observations by sex and age of an indicator, in the order of tables."""
    found = release.find(indicator, area, period, sex=SEXES, age=AGES, unit="PERSON", **codes)
    by_people = {(row["sex"], row["age"]): row for row in found}
    order = [*PEOPLE, *((sex, age) for sex in SEXES for age in AGES if (sex, age) not in PEOPLE)]
    return {key: by_people[key] for key in order if key in by_people}


def people_shares(rows: dict[tuple[str, str], Observation], whole: Amount) -> dict[tuple[str, str], Amount]:
    """The share of each of the four groups among those whose sex and age are known."""
    four = {PEOPLE[key]: rows[key].amount if key in rows else NOT_PUBLISHED for key in PEOPLE}
    beyond = [row.amount for key, row in rows.items() if key not in PEOPLE]
    is_printed = any(row.indicator != parts.BY_SEX_AGE for row in rows.values())
    if is_printed or not beyond:  # printed parts need not add up to their total: not every source prints all of them
        return dict(zip(PEOPLE, shares(four).values(), strict=True))
    found = shares(four, whole, total(beyond))
    return {key: found[name] for key, name in PEOPLE.items()}


def victims_by_age_and_sex(release: Release, area: str, period: str) -> Figure:
    """P1: share of detected victims by age and sex."""
    indicator = parts.people_source(release, area)
    at = parts.frame(release, "P1", indicator, area, period)
    title = _("Share of detected victims, by age and sex, in {where_when}", where_when=at.where_when)
    rows = people_rows(release, indicator, at.area, at.period)
    if not any(key in rows for key in PEOPLE):
        reason = _("The release holds no number of people by both sex and age.")
        return printed.people(release, area, period) or parts.missing(at, title, reason)
    whole = release.one(indicator, at.area, at.period, unit="PERSON")
    share = people_shares(rows, whole.amount)
    known = total(rows[key].amount for key in PEOPLE if key in rows)
    quantity = parts.quantity(list(rows.values()), "PERCENT")
    bars = tuple(Bar(_(name), share[key], quantity, parts.PEOPLE_LOOKS[key]) for key, name in PEOPLE.items())
    return Figure(
        id=at.id,
        title=title,
        subtitle=_("Per cent of people whose sex and age are known"),
        note=sentences(
            [
                parts.based_on(known, whole.amount),
                _("Combinations outside the shares that nobody has are left out."),
            ]
        ),
        source=parts.source(release),
        table=_table(rows, share, whole),
        marks=(stack_or_bars(bars),),
        alt=_described(share),
        observations=(*rows.values(), *([whole] if whole.receipt_id else [])),
        text=tuple(_sentences(rows, share)),
        made_up=release.made_up,
    )


def _described(share: dict[tuple[str, str], Amount]) -> str:
    women, men, girls, boys = (written(share[key], 0, "%") for key in PEOPLE)
    return _(
        "Share of women, men, girls and boys. Women {women}; men {men}; girls {girls}; boys {boys}.",
        women=women,
        men=men,
        girls=girls,
        boys=boys,
    )


def share_female(rows: dict[tuple[str, str], Observation]) -> Amount:
    """Women and girls among those whose sex and age are known, in per cent."""
    return _share_of_two(rows, "F", "")


def share_children(rows: dict[tuple[str, str], Observation]) -> Amount:
    """Girls and boys among those whose sex and age are known, in per cent."""
    return _share_of_two(rows, "", "Y0T17")


def _share_of_two(rows: dict[tuple[str, str], Observation], sex: str, age: str) -> Amount:
    amounts = {key: rows[key].amount if key in rows else NOT_PUBLISHED for key in PEOPLE}
    if not all(amount.is_known for amount in amounts.values()):
        return NOT_PUBLISHED
    chosen = {key for key in PEOPLE if sex in ("", key[0]) and age in ("", key[1])}
    inside = total(amount for key, amount in amounts.items() if key in chosen)
    outside = total(amount for key, amount in amounts.items() if key not in chosen)
    return shares({"inside": inside, "outside": outside})["inside"]


def _sentences(rows: dict[tuple[str, str], Observation], share: dict[tuple[str, str], Amount]) -> list[str]:
    sentences = []
    named = [(_(name), share[key]) for key, name in PEOPLE_WITHIN.items()]
    if told := parts.clauses(named, 0, "%", marked("{name} were {share}")):
        sentences.append(_("Of the people whose sex and age are known, {told}.", told=told))
    of_female, of_children = share_female(rows), share_children(rows)
    if of_female.is_known:
        sentences.append(_("Women and girls together were {share}.", share=spoken(of_female, 0, "%")))
    if of_children.is_known:
        sentences.append(_("Children were {share}.", share=spoken(of_children, 0, "%")))
    return sentences


def _table(rows: dict[tuple[str, str], Observation], share: dict[tuple[str, str], Amount], whole: Observation) -> Table:
    lines = [
        Row(
            ((sex, label("sex", sex)), (age, age_word(age))),
            (row.amount, share.get((sex, age), NOT_APPLICABLE)),
            "" if (sex, age) in PEOPLE else _("Not in the shares"),
        )
        for (sex, age), row in rows.items()
        if (sex, age) in PEOPLE or row.amount.value != 0
    ]
    if whole.receipt_id or whole.amount.is_known:
        lines.append(
            Row((("_T", _("Total")), ("_T", _("Total"))), (whole.amount, NOT_APPLICABLE), _("All people detected"))
        )
    measures = (Measure("persons", _("People"), "persons"), Measure("share", _("Share of known"), "%", 1))
    return Table((Stub("sex", _("Sex")), Stub("age", _("Age"))), measures, tuple(lines))
