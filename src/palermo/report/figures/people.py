"""P1: victims by age and sex. Women, men, girls and boys, in the order in which the field's reports name them."""

from palermo.report.amounts import NOT_APPLICABLE, NOT_PUBLISHED, Amount, shares, spoken, total
from palermo.report.figure import Figure, Measure, Row, Stub, Table
from palermo.report.figures import parts
from palermo.report.labels import PEOPLE, age_word, label
from palermo.report.marks import Bar, stack_or_bars
from palermo.report.reading import Observation, Release

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
    printed = any(row.indicator != parts.BY_SEX_AGE for row in rows.values())
    if printed or not beyond:  # printed parts need not add up to their total: not every source prints all of them
        return dict(zip(PEOPLE, shares(four).values(), strict=True))
    found = shares(four, whole, total(beyond))
    return {key: found[name] for key, name in PEOPLE.items()}


def victims_by_age_and_sex(release: Release, area: str, period: str) -> Figure:
    """P1: share of detected victims by age and sex."""
    indicator = parts.people_source(release, area)
    at = parts.frame(release, "P1", indicator, area, period)
    title = f"Share of detected victims, by age and sex, in {at.where_when}"
    rows = people_rows(release, indicator, at.area, at.period)
    if not any(key in rows for key in PEOPLE):
        return parts.missing(at, title, "The release holds no number of people by both sex and age.")
    whole = release.one(indicator, at.area, at.period, unit="PERSON")
    share = people_shares(rows, whole.amount)
    known = total(rows[key].amount for key in PEOPLE if key in rows)
    quantity = parts.quantity(list(rows.values()), "PERCENT")
    bars = tuple(Bar(name, share[key], quantity, parts.PEOPLE_LOOKS[key]) for key, name in PEOPLE.items())
    named = [(name.lower(), share[key]) for key, name in PEOPLE.items()]
    return Figure(
        id=at.id,
        title=title,
        subtitle="Per cent of people whose sex and age are known",
        note=f"{parts.based_on(known, whole.amount)} Combinations outside the shares that nobody has are left out.",
        source=parts.source(release),
        table=_table(rows, share, whole),
        marks=(stack_or_bars(bars),),
        alt="Share of women, men, girls and boys. " + parts.in_words(named, 0, "%").capitalize(),
        observations=(*rows.values(), *([whole] if whole.receipt_id else [])),
        text=tuple(_sentences(rows, named)),
        made_up=release.made_up,
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


def _sentences(rows: dict[tuple[str, str], Observation], named: list[tuple[str, Amount]]) -> list[str]:
    sentences = []
    if words := parts.clauses([(f"{name} were", amount) for name, amount in named], 0, "%"):
        sentences.append(f"Of the people whose sex and age are known, {words}.")
    of_female, of_children = share_female(rows), share_children(rows)
    if of_female.is_known:
        sentences.append(f"Women and girls together were {spoken(of_female, 0, '%')}.")
    if of_children.is_known:
        sentences.append(f"Children were {spoken(of_children, 0, '%')}.")
    return sentences


def _table(rows: dict[tuple[str, str], Observation], share: dict[tuple[str, str], Amount], whole: Observation) -> Table:
    lines = [
        Row(
            ((sex, label("sex", sex)), (age, age_word(age))),
            (row.amount, share.get((sex, age), NOT_APPLICABLE)),
            "" if (sex, age) in PEOPLE else "Not in the shares",
        )
        for (sex, age), row in rows.items()
        if (sex, age) in PEOPLE or row.amount.value != 0
    ]
    if whole.receipt_id or whole.amount.is_known:
        lines.append(Row((("_T", "Total"), ("_T", "Total")), (whole.amount, NOT_APPLICABLE), "All people detected"))
    measures = (Measure("persons", "People", "persons"), Measure("share", "Share of known", "%", 1))
    return Table((Stub("sex", "Sex"), Stub("age", "Age")), measures, tuple(lines))
