"""E1: the hidden number. Persons detected and persons estimated beside each other, as the two kinds that they are.

The decision a reader would question: the drawing shows estimates alone, each with its interval. A bar in which those
detected and those hidden lie end to end would say that the two add up to a known whole; here the estimate holds those
detected, and only the table sets the kinds side by side, each in its own column.
"""

from collections.abc import Iterator
from itertools import groupby

from palermo.language import _, marked, ngettext, number, percent, sentences
from palermo.report.amounts import NOT_APPLICABLE, Amount, State, interval, people, written
from palermo.report.estimates.amounts import sentence
from palermo.report.estimates.methods import method
from palermo.report.estimates.told import reason_told
from palermo.report.estimates.words import ESTIMATED, verdict_name
from palermo.report.figure import Figure, Measure, Row, Stub, Table
from palermo.report.figures import parts
from palermo.report.figures.estimated_parts import ALL, GROUPS, Part, estimate_amount, parts_of
from palermo.report.labels import estimate_named, joined, listed, period_name
from palermo.report.marks import Forest
from palermo.report.observations import ABSENT, Observation
from palermo.report.reading import ALL_YEARS, Release

UNSEEN = "victims_hidden"
NOT_ASKED = marked(
    "This account holds no estimate of those whom no list saw, because its settings do not ask for one. That is not "
    "zero, and not a sign of few: the numbers detected say nothing about it."
)
ASSUMED = marked(
    "What was assumed: that nobody came into the situation or left it during the period, that all lists mean the same "
    "by a victim, that a person on two lists was recognised as one, and that everyone could have come onto at least "
    "one list. No data can show that this holds. If it does, the interval covers what chance can do."
)
MAY_NOT = marked(
    "What may not be said: one number without its interval and its method; detected and estimated people added "
    "together; that this many people exist, as it is what a model says if its assumptions hold; that a part without "
    "an answer has nobody in it."
)
NOTE = marked(
    "The interval covers chance within one method. It does not cover the choice of the method, which the range over "
    "methods shows, nor assumptions that do not hold. Parts are estimated by a model of their own and need not add up "
    "to everyone. Estimates are rounded to protect people."
)


def hidden_number(release: Release, area: str, _period: str) -> Figure:
    """E1: the estimate for everyone and for each part that was asked for."""
    at = parts.Frame(release, "E1", area, ALL_YEARS)
    when = years_named(release)
    title = _(
        "People trafficked, detected and hidden, as estimated by comparing lists, in {where}, {when}",
        where=release.name_of(area),
        when=when,
    )
    found = list(parts_of(release, area))
    whole = next((part for part in found if part.group == "all"), None)
    if whole is None:
        return parts.missing(at, title, _(NOT_ASKED))
    if not estimate_amount(whole.estimate).is_known and not any(part.estimate.interval for part in found):
        return parts.missing(at, title, _refusal(whole))
    groups = [(key, list(group)) for key, group in groupby(found, key=lambda part: part.group)]
    marks = tuple(Forest(tuple(part.mark() for part in group), title=_(GROUPS[key])) for key, group in groups)
    unseen = release.one(UNSEEN, area, ALL_YEARS)
    words = listed([estimate_named(part.name, _in_words(part.estimate)) for part in found])
    return Figure(
        id=at.id,
        title=title,
        subtitle=_("People estimated in all, with the {level} interval of each", level=_level(whole)),
        note=sentences((_(NOTE), *_verdict(whole))),
        source=parts.source(release),
        table=_table(found, unseen),
        marks=marks,
        alt=_("Estimates with intervals. {list}", list=words),
        observations=tuple(_used(found, unseen)),
        text=tuple(_sentences(release, whole, unseen, found)),
        made_up=release.made_up,
        about=_(ESTIMATED),
    )


def years_named(release: Release) -> str:
    """The years of the account, all together, as titles write them."""
    if release.years:
        first, last = release.years
        return period_name(f"{first}/{last}" if first != last else str(first))
    return period_name(ALL_YEARS)


def second_kind(release: Release, area: str) -> str:
    """A sentence for the SDG page on the part of the indicator that is not detected."""
    if release.one(ALL, area, ALL_YEARS, unit="PERSON").interval is None:
        return _(
            "The other kind of number that the indicator asks for, victims whom nobody detected, is not in this "
            "account; that is not zero."
        )
    return _(
        "The other kind of number that the indicator asks for, victims detected and hidden as estimated, stands in "
        "figure E1. The two are never added: the estimate holds those detected."
    )


def _table(found: list[Part], unseen: Observation) -> Table:
    measures = (
        Measure("detected", _("Detected, by all lists"), "persons"),
        Measure("estimate", _("Estimated, in all"), "persons", estimated=True),
        Measure("interval", _("Interval"), "persons"),
        Measure("range", _("Range over methods"), "persons"),
    )
    rows = tuple(
        Row(
            ((_code(part.estimate), part.name), (verdict := part.behind.get("verdict", ""), verdict_name(verdict))),
            (
                part.detected.amount,
                estimate_amount(part.estimate),
                _interval(part.estimate),
                part.reach.amount if part.reach is not ABSENT else NOT_APPLICABLE,
            ),
            _(GROUPS[part.group]),
        )
        for part in found
    )
    if unseen is not ABSENT:
        amounts = (NOT_APPLICABLE, estimate_amount(unseen), _interval(unseen), NOT_APPLICABLE)
        stubs = (("unseen", _("On none of the lists compared")), ("", ""))
        rows += (Row(stubs, amounts, _("Of everyone, not detected")),)
    return Table((Stub("people", _("People")), Stub("verdict", _("Verdict"))), measures, rows)


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
    if whole.detected.amount.is_known:
        yield _("The lists of this account detected {people}. This is a count.", people=people(whole.detected.amount))
    if whole.estimate.interval:
        yield _(ASSUMED)
        if whole.reach.amount.high is not None:
            yield _spread(whole)
        yield _may_say(release, whole)
    if unseen.interval:
        yield _("Of these, {estimate} are estimated to be on none of the lists compared.", estimate=_in_words(unseen))
    refused = [part.name for part in found if estimate_amount(part.estimate).state is State.REFUSED]
    if refused:
        yield _("No answer may be given for: {groups}. That is neither zero nor a sign of few.", groups=joined(refused))
    yield _(MAY_NOT)


def _spread(whole: Part) -> str:
    """Whose range it is, in the words of the page of the hidden number (``palermo.rounded_words.all_of``)."""
    count, reach = whole.behind.get("estimators"), written(whole.reach.amount)
    if not count:
        return _(
            "How much hangs on it: all methods that gave a number with an interval reach over {range} people.",
            range=reach,
        )
    return ngettext(
        "How much hangs on it: all {n} method that gave a number with an interval reaches over {range} people.",
        "How much hangs on it: all {n} methods that gave a number with an interval reach over {range} people.",
        count,
        n=number(count),
        range=reach,
    )


def _may_say(release: Release, whole: Part) -> str:
    compared = list((release.receipts.get("estimates") or {}).get("lists", ()))
    estimate, named = _in_words(whole.estimate), _method(release, whole)
    if not compared:
        return _(
            "What may be said: by comparison, {estimate} people in all, detected and hidden, are estimated "
            "(method: {method}).",
            estimate=estimate,
            method=named,
        )
    return _(
        "What may be said: by comparison of the lists {lists}, {estimate} people in all, detected and hidden, are "
        "estimated (method: {method}).",
        lists=joined(compared),
        estimate=estimate,
        method=named,
    )


def _refusal(whole: Part) -> str:
    if estimate_amount(whole.estimate).state is State.HIDDEN:
        return _(
            "The estimate is hidden, because the number detected that it is made from is hidden to protect people."
        )
    said = _(
        "The lists of this account cannot tell how many people were not detected. That is neither zero nor a sign of "
        "few."
    )
    return sentences((said, *_reasons(whole)))


def _verdict(whole: Part) -> Iterator[str]:
    if "verdict" in whole.behind:
        yield _("Verdict for everyone: {verdict}.", verdict=verdict_name(whole.behind["verdict"]))
        yield from _reasons(whole)


def _reasons(whole: Part) -> list[str]:
    return [sentence(reason_told(reason)) for reason in whole.behind.get("reasons", ())]


def _method(release: Release, part: Part) -> str:
    names = release.receipt_of(part.estimate).get("settings", {}).get("methods", {})
    code = str(part.behind.get("estimator", ""))
    return _(str(names[code])) if code in names else method(code).name


def _level(part: Part) -> str:
    return percent(number(100 * float(part.behind.get("level", 0.95))))


def _in_words(row: Observation) -> str:
    if row.interval is None:
        return _(str(estimate_amount(row).state))
    return _("{estimate} ({interval})", estimate=written(row.amount), interval=written(interval(*row.interval)))
