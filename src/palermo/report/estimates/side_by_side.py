"""The estimators side by side, for everyone and for parts: each with its interval and its verdict, or refused."""

from collections.abc import Collection, Mapping, Sequence
from functools import reduce

from palermo.language import _, marked, ngettext, number, percent, sentences
from palermo.report.amounts import NOT_APPLICABLE, Amount
from palermo.report.draw.forest import estimate_written
from palermo.report.estimates.amounts import (
    SMALL,
    estimate_amount,
    estimate_mark,
    has_interval,
    interval_amount,
    is_small,
    loosely,
    reasons,
    shared_reasons,
    told_plainly,
)
from palermo.report.estimates.inputs import REFUSED, SHOWN, WARNED, Answer, Given
from palermo.report.estimates.methods import method
from palermo.report.estimates.words import ESTIMATED, stratum_name, verdict_name
from palermo.report.figure import EMPTY, Figure, Measure, Row, Stub, Table
from palermo.report.labels import estimate_named, listed
from palermo.report.marks import Forest

HIDDEN = marked("Hidden: the interval begins so low that it would tell how few were detected.")
PARTS_NOTE = marked(
    "Estimates of parts made one by one need not add up to the estimate of everyone. Limits of intervals are never "
    "added."
)
VERDICT_CODES = {SHOWN: "shown", WARNED: "warned", REFUSED: "refused"}
ABOVE, NONE = marked("As told above."), marked("None.")


def estimators_figure(given: Given) -> Figure:
    """H2: every estimator for everyone. Those refused stand in the same list, with the reason."""
    title = _("Persons in all, detected and hidden, as each method estimates them")
    if not given.whole:
        return nothing(given, "H2", title, _("No estimator was run."))
    marks = Forest(tuple(estimate_mark(answer) for answer in given.whole))
    seen = given.seen
    shared = shared_reasons(given.whole)
    rows = tuple(_row(answer, seen, told=shared) for answer in given.whole)
    words = listed([estimate_named(item.label, estimate_written(item)) for item in marks.estimates])
    unseen = () if seen is None else (Measure("unseen", _("Of these on no list"), "persons"),)
    return Figure(
        id="H2",
        title=title,
        subtitle=_("Persons estimated, with the {level} interval of each", level=_levels(given.whole)),
        note=_(
            "The interval covers chance within a method. It does not cover the choice of the method, nor assumptions "
            "that do not hold. A refused method has no number; that is not zero."
        ),
        source=given.sources,
        table=Table(_stubs(), (*_measures(), *unseen), rows),
        marks=(marks,),
        alt=_("Estimates with intervals. {list}", list=words),
        observations=(),
        text=(
            *_sentences(given.whole, 0.0 if seen is None else seen.floor),
            *_told_once(given.whole, shared),
        ),
        made_up=given.made_up,
        about=_(ESTIMATED),
    )


def parts_figure(given: Given) -> Figure:
    """H3: every estimator for parts of everyone, one block for each part."""
    title = _("Persons in all by sex, age or form, as each method estimates them")
    if not given.parts:
        return nothing(given, "H3", title, _("No estimate by sex, age or form was asked for."))
    strata = dict.fromkeys(answer.stratum for answer in given.parts)  # an estimator answers for all strata in one run
    blocks = [(name, [answer for answer in given.parts if answer.stratum == name]) for name in strata]
    marks = tuple(
        Forest(tuple(estimate_mark(answer, k=given.protect) for answer in group), title=stratum_name(name))
        for name, group in blocks
    )
    rows = tuple(_row(answer, None, name, k=given.protect) for name, group in blocks for answer in group)
    few = any(is_small(answer, given.protect) for answer in given.parts)
    return Figure(
        id="H3",
        title=title,
        subtitle=_(
            "Persons estimated, with the {level} interval of each; every part has its own scale",
            level=_levels(given.parts),
        ),
        note=sentences((_(PARTS_NOTE), *([_(HIDDEN)] if few else []))),
        source=given.sources,
        table=Table((Stub("stratum", _("Persons")), *_stubs()), _measures(), rows),
        marks=marks,
        alt=_("Estimates with intervals by part."),
        observations=(),
        made_up=given.made_up,
        about=_(ESTIMATED),
    )


def _stubs() -> tuple[Stub, ...]:
    return Stub("estimator", _("Method")), Stub("verdict", _("Verdict")), Stub("reasons", _("Reasons"))


def _measures() -> tuple[Measure, ...]:
    return (
        Measure("estimate", _("Estimated, in all"), "persons", estimated=True),
        Measure("interval", _("Interval"), "persons"),
    )


def nothing(given: Given, figure_id: str, title: str, reason: str) -> Figure:
    """A figure that cannot be filled: its title and the reason."""
    return Figure(figure_id, title, "", "", given.sources, EMPTY, (), reason, (), missing=reason,
                  made_up=given.made_up, about=_(ESTIMATED))  # fmt: skip


def _row(
    answer: Answer, seen: Amount | None, stratum: str = "", told: Collection[str] = (), k: int | None = None
) -> Row:
    stubs = [
        (answer.estimator, method(answer.estimator).name),
        (VERDICT_CODES[answer.verdict], verdict_name(answer.verdict)),
        ("", reasons(answer, told) or _(ABOVE if answer.reasons else NONE)),
    ]
    if stratum:
        stubs.insert(0, (stratum, stratum_name(stratum)))
    amounts: list[Amount] = (
        [SMALL, SMALL] if is_small(answer, k) else [estimate_amount(answer), interval_amount(answer)]
    )
    if seen is not None:
        shown = has_interval(answer) and seen.value is not None
        amounts.append(interval_amount(answer, int(seen.floor)) if shown else NOT_APPLICABLE)
    return Row(tuple(stubs), tuple(amounts))


def _told_once(answers: Sequence[Answer], shared: Mapping[str, int]) -> tuple[str, ...]:
    """The reasons that several methods share; the table under "Verdicts" names which."""
    known = sum(answer.estimate is not None for answer in answers)
    return tuple(_told_for(told_plainly(reason).rstrip("."), count, known) for reason, count in shared.items())


def _told_for(reason: str, count: int, known: int) -> str:
    if count == known:
        return _("For every method: {reason}.", reason=reason)
    return ngettext(
        "For {n} of {all} methods: {reason}.",
        "For {n} of {all} methods: {reason}.",
        count,
        n=number(count),
        all=number(known),
        reason=reason,
    )


def _levels(answers: Sequence[Answer]) -> str:
    levels = [percent(number(100 * level)) for level in sorted({answer.level for answer in answers})]
    return reduce(lambda one, other: _("{one} or {other}", one=one, other=other), levels)


def _sentences(answers: Sequence[Answer], seen: float) -> tuple[str, ...]:
    shown = [answer for answer in answers if has_interval(answer)]
    refused = sum(answer.verdict == REFUSED for answer in answers)
    warned = sum(answer.verdict == WARNED for answer in answers)
    told = [
        ngettext(
            "{n} method was tried: {shown} shown, {warned} shown with warnings, {refused} refused.",
            "{n} methods were tried: {shown} shown, {warned} shown with warnings, {refused} refused.",
            len(answers),
            n=number(len(answers)),
            shown=number(len(answers) - refused - warned),
            warned=number(warned),
            refused=number(refused),
        )
    ]
    known = sorted(answer.estimate for answer in shown if answer.estimate is not None)
    if len(known) > 1 and known[0] > 0:
        low = min(answer.lower for answer in shown if answer.lower is not None)
        high = max(answer.upper for answer in shown if answer.upper is not None)
        told.append(_spread(known[-1] / known[0], len(shown), loosely(low, high, seen)))
    return tuple(told)


def _spread(times: float, methods: int, reach: str) -> str:
    """How far the methods lie apart, in the words of ``palermo.rounded_words.all_of``."""
    apart = _("The largest estimate is {times} times the smallest.", times=number(times, 1))
    wide = ngettext(
        "All {n} method that gave a number with an interval reaches over {range} persons.",
        "All {n} methods that gave a number with an interval reach over {range} persons.",
        methods,
        n=number(methods),
        range=reach,
    )
    return sentences((apart, wide))
