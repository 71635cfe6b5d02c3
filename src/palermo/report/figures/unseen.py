"""E1: the hidden number. Persons detected and persons estimated beside each other, as the two kinds that they are.

The decision a reader would question: the drawing shows estimates alone, each with its interval. A bar in which those
detected and those hidden lie end to end would say that the two add up to a known whole; here the estimate holds those
detected, and only the table sets the kinds side by side, each in its own column.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from palermo.report.amounts import NO_INTERVAL, NOT_APPLICABLE, REFUSED, Amount, State, interval, spoken, written
from palermo.report.figure import Figure, Measure, Row, Stub, Table
from palermo.report.figures import parts
from palermo.report.labels import PEOPLE, age_word, joined, label, period_name
from palermo.report.marks import Estimate, Forest, Quantity
from palermo.report.reading import ABSENT, ALL_YEARS, Observation, Release

ALL, RANGE, UNSEEN = "victims_estimated", "victims_estimated_range", "victims_hidden"
DETECTED, BY_FORM = "victims_by_sex_age", "victims_by_form_sex_age"
ABOUT = "This is an estimate of all persons, detected and not detected. It includes those detected: never add the two."
NOT_ASKED = (
    "This account holds no estimate of those whom no list saw, because its settings do not ask for one. That is not "
    "zero, and not a sign of few: the numbers detected say nothing about it."
)
ASSUMED = (
    "What was assumed: that nobody came into the situation or left it during the period, that all lists mean the same "
    "by a victim, that a person on two lists was recognised as one, and that everyone could have come onto at least "
    "one list. No data can show that this holds. If it does, the interval covers what chance can do."
)
MAY_NOT = (
    "What may not be said: one number without its interval and its method; detected and estimated people added "
    "together; that this many people exist, as it is what a model says if its assumptions hold; that a part without "
    "an answer has nobody in it."
)
WARNED = "shown with warnings"
QUANTITY = Quantity("estimated", "PERSON")


@dataclass(frozen=True)
class Part:
    """One group of persons in one period: what was detected, what is estimated, and what stands behind it."""

    group: str
    name: str
    detected: Observation
    estimate: Observation
    reach: Observation
    behind: Mapping[str, Any]

    @property
    def is_warned(self) -> bool:
        """Whether the estimate is shown only with warnings."""
        return bool(self.behind.get("verdict") == WARNED)

    def mark(self) -> Estimate:
        """The estimate with its interval; without a number where it was refused or hidden."""
        return Estimate(self.name, estimate_amount(self.estimate), self.estimate.interval, QUANTITY, self.is_warned)


def hidden_number(release: Release, area: str, _period: str) -> Figure:
    """E1: the estimate for everyone and for each part that was asked for."""
    at = parts.Frame(release, "E1", area, ALL_YEARS)
    when = years_named(release)
    title = (
        f"People trafficked, detected and hidden, as estimated by comparing lists, in {release.name_of(area)}, {when}"
    )
    found = list(_parts(release, area))
    whole = next((part for part in found if part.group == "Everyone"), None)
    if whole is None:
        return parts.missing(at, title, NOT_ASKED)
    if not estimate_amount(whole.estimate).is_known and not any(part.estimate.interval for part in found):
        return parts.missing(at, title, _refusal(whole))
    groups = [(name, list(group)) for name, group in groupby(found, key=lambda part: part.group)]
    marks = tuple(Forest(tuple(part.mark() for part in group), title=name) for name, group in groups)
    unseen = release.one(UNSEEN, area, ALL_YEARS)
    words = "; ".join(f"{part.name} {_in_words(part.estimate)}" for part in found)
    return Figure(
        id=at.id,
        title=title,
        subtitle=f"People estimated in all, with the {_level(whole)} interval of each",
        note="The interval covers chance within one method. It does not cover the choice of the method, which the "
        "range over methods shows, nor assumptions that do not hold. Parts are estimated by a model of their own and "
        f"need not add up to everyone. Estimates are rounded to protect people.{_verdict(whole)}",
        source=parts.source(release),
        table=_table(found, unseen),
        marks=marks,
        alt=f"Estimates with intervals. {words}.",
        observations=tuple(_used(found, unseen)),
        text=tuple(_sentences(release, whole, unseen, found)),
        made_up=release.made_up,
        about=ABOUT,
    )


def years_named(release: Release) -> str:
    """The years of the account, all together, as titles write them."""
    years = release.metadata.get("years")
    if isinstance(years, list | tuple) and len(years) == 2:
        return period_name(f"{years[0]}/{years[1]}" if years[0] != years[1] else str(years[0]))
    return period_name(ALL_YEARS)


def second_kind(release: Release, area: str) -> str:
    """A sentence for the SDG page on the part of the indicator that is not detected."""
    if release.one(ALL, area, ALL_YEARS, unit="PERSON").interval is None:
        return (
            "The other kind of number that the indicator asks for, victims whom nobody detected, is not in this "
            "account; that is not zero."
        )
    return (
        "The other kind of number that the indicator asks for, victims detected and hidden as estimated, stands in "
        "figure E1. The two are never added: the estimate holds those detected."
    )


def estimate_amount(row: Observation) -> Amount:
    """The estimate; refused where the account gives none, withheld where it came without an interval."""
    if row.amount.state is State.NO_FIGURE:
        return REFUSED
    return row.amount if row.interval or not row.amount.is_known else NO_INTERVAL


def _parts(release: Release, area: str) -> Iterator[Part]:
    rows = [row for row in release.observations(ALL) if row["ref_area"] == area]
    order = {"Everyone": 0, "By sex": 1, "By age": 2, "By sex and age": 3, "By form of exploitation": 4, "By year": 5}
    made = [_part(release, row) for row in rows]
    yield from sorted(made, key=lambda part: order[part.group])


def _part(release: Release, row: Observation) -> Part:
    group, name = _named(row)
    codes = {key: row[key] for key in ("sex", "age", "form")}
    counted = BY_FORM if row["form"] != "_T" else DETECTED
    period = row["time_period"]
    behind = (release.receipts.get("estimates") or {}).get("answers", {})
    return Part(
        group=group,
        name=name,
        detected=release.one(counted, row["ref_area"], period, unit="PERSON", **codes),
        estimate=row,
        reach=release.one(RANGE, row["ref_area"], period, **codes),
        behind=behind.get(" ".join((period, *codes.values())), {}),
    )


def _named(row: Observation) -> tuple[str, str]:
    sex, age, form, period = (row[name] for name in ("sex", "age", "form", "time_period"))
    if form != "_T":
        group, name = "By form of exploitation", label("form", form)
    elif sex != "_T" and age != "_T":
        group, name = "By sex and age", PEOPLE.get((sex, age)) or f"{label('sex', sex)}, {age_word(age).lower()}"
    elif sex != "_T":
        group, name = "By sex", label("sex", sex)
    elif age != "_T":
        group, name = "By age", age_word(age)
    else:
        return ("Everyone", "Everyone") if period == ALL_YEARS else ("By year", period)
    return (group, name) if period == ALL_YEARS else ("By year", f"{name}, {period}")


def _table(found: list[Part], unseen: Observation) -> Table:
    measures = (
        Measure("detected", "Detected, by all lists", "persons"),
        Measure("estimate", "Estimated, in all", "persons", estimated=True),
        Measure("interval", "Interval", "persons"),
        Measure("range", "Range over methods", "persons"),
    )
    rows = tuple(
        Row(
            ((_code(part.estimate), part.name), (part.behind.get("verdict", ""), str(part.behind.get("verdict", "")))),
            (
                part.detected.amount,
                estimate_amount(part.estimate),
                _interval(part.estimate),
                part.reach.amount if part.reach is not ABSENT else NOT_APPLICABLE,
            ),
            part.group,
        )
        for part in found
    )
    if unseen is not ABSENT:
        amounts = (NOT_APPLICABLE, estimate_amount(unseen), _interval(unseen), NOT_APPLICABLE)
        rows += (Row((("unseen", "On none of the lists compared"), ("", "")), amounts, "Of everyone, not detected"),)
    return Table((Stub("people", "People"), Stub("verdict", "Verdict")), measures, rows)


def _interval(row: Observation) -> Amount:
    return interval(*row.interval) if row.interval else estimate_amount(row)


def _code(row: Observation) -> str:
    return " ".join(row[name] for name in ("time_period", "sex", "age", "form"))


def _used(found: list[Part], unseen: Observation) -> Iterator[Observation]:
    for part in found:
        yield from (row for row in (part.estimate, part.reach, part.detected) if row is not ABSENT)
    if unseen is not ABSENT:
        yield unseen


def _sentences(release: Release, whole: Part, unseen: Observation, found: list[Part]) -> Iterator[str]:
    compared = (release.receipts.get("estimates") or {}).get("lists", ())
    if whole.detected.amount.is_known:
        yield f"The lists of this account detected {spoken(whole.detected.amount)} people. This is a count."
    if whole.estimate.interval:
        yield ASSUMED
        if whole.reach.amount.high is not None:
            yield f"How much hangs on it: {_methods(whole)} reach over {written(whole.reach.amount)} people."
        lists = f" of the lists {joined(list(compared))}" if compared else ""
        yield (
            f"What may be said: by comparison{lists}, {_in_words(whole.estimate)} people in all, detected and hidden, "
            f"are estimated (method: {_method(release, whole)})."
        )
    if unseen.interval:
        yield f"Of these, {_in_words(unseen)} are estimated to be on none of the lists compared."
    refused = [part.name for part in found if estimate_amount(part.estimate).state is State.REFUSED]
    if refused:
        yield f"No answer may be given for: {joined(refused)}. That is neither zero nor a sign of few."
    yield MAY_NOT


def _refusal(whole: Part) -> str:
    if estimate_amount(whole.estimate).state is State.HIDDEN:
        return "The estimate is hidden, because the number detected that it is made from is hidden to protect people."
    reasons = " ".join(_sentence(reason) for reason in whole.behind.get("reasons", ()))
    return (
        "The lists of this account cannot tell how many people were not detected. That is neither zero nor a sign of "
        f"few. {reasons}"
    ).strip()


def _verdict(whole: Part) -> str:
    reasons = " ".join(_sentence(reason) for reason in whole.behind.get("reasons", ()))
    return f" Verdict for everyone: {whole.behind['verdict']}. {reasons}".rstrip() if "verdict" in whole.behind else ""


def _method(release: Release, part: Part) -> str:
    names = release.receipt_of(part.estimate).get("settings", {}).get("methods", {})
    code = str(part.behind.get("estimator", ""))
    return str(names.get(code, code.replace("_", " ")))


def _methods(part: Part) -> str:
    """Whose range it is, in the words of the page of the hidden number (``palermo.hidden.verdicts.all_of``)."""
    number = part.behind.get("estimators")
    return f"all {f'{number} ' if number else ''}methods that gave a number with an interval"


def _level(part: Part) -> str:
    return f"{float(part.behind.get('level', 0.95)):.0%}"


def _in_words(row: Observation) -> str:
    if row.interval is None:
        return str(estimate_amount(row).state)
    return f"{written(row.amount)} ({written(interval(*row.interval))})"


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
