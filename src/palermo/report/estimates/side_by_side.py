"""The estimators side by side, for everyone and for parts: each with its interval and its verdict, or refused."""

from collections.abc import Collection, Mapping, Sequence

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
    sentence,
    shared_reasons,
    told_plainly,
)
from palermo.report.estimates.inputs import REFUSED, SHOWN, WARNED, Answer, Given
from palermo.report.estimates.methods import method
from palermo.report.estimates.words import ESTIMATED, stratum_name
from palermo.report.figure import EMPTY, Figure, Measure, Row, Stub, Table
from palermo.report.marks import Forest
from palermo.rounded_words import all_of

STUBS = (Stub("estimator", "Method"), Stub("verdict", "Verdict"), Stub("reasons", "Reasons"))
MEASURES = (
    Measure("estimate", "Estimated, in all", "persons", estimated=True),
    Measure("interval", "Interval", "persons"),
)
HIDDEN = " Hidden: the interval begins so low that it would tell how few were detected."
VERDICT_CODES = {SHOWN: "shown", WARNED: "warned", REFUSED: "refused"}
ABOVE, NONE = "As told above.", "None."
UNSEEN = Measure("unseen", "Of these on no list", "persons")


def estimators_figure(given: Given) -> Figure:
    """H2: every estimator for everyone. Those refused stand in the same list, with the reason."""
    title = "Persons in all, detected and hidden, as each method estimates them"
    if not given.whole:
        return nothing(given, "H2", title, "No estimator was run.")
    marks = Forest(tuple(estimate_mark(answer) for answer in given.whole))
    seen = given.seen
    shared = shared_reasons(given.whole)
    rows = tuple(_row(answer, seen, told=shared) for answer in given.whole)
    words = "; ".join(f"{item.label} {estimate_written(item)}" for item in marks.estimates)
    return Figure(
        id="H2",
        title=title,
        subtitle=f"Persons estimated, with the {_levels(given.whole)} interval of each",
        note="The interval covers chance within a method. It does not cover the choice of the method, nor assumptions "
        "that do not hold. A refused method has no number; that is not zero.",
        source=given.sources,
        table=Table(STUBS, MEASURES if seen is None else (*MEASURES, UNSEEN), rows),
        marks=(marks,),
        alt=f"Estimates with intervals. {words}.",
        observations=(),
        text=(
            *_sentences(given.whole, 0.0 if seen is None else seen.floor),
            *_told_once(given.whole, shared),
        ),
        made_up=given.made_up,
        about=ESTIMATED,
    )


def parts_figure(given: Given) -> Figure:
    """H3: every estimator for parts of everyone, one block for each part."""
    title = "Persons in all by sex, age or form, as each method estimates them"
    if not given.parts:
        return nothing(given, "H3", title, "No estimate by sex, age or form was asked for.")
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
        subtitle=f"Persons estimated, with the {_levels(given.parts)} interval of each; every part has its own scale",
        note="Estimates of parts made one by one need not add up to the estimate of everyone. Limits of intervals are "
        f"never added.{HIDDEN if few else ''}",
        source=given.sources,
        table=Table((Stub("stratum", "Persons"), *STUBS), MEASURES, rows),
        marks=marks,
        alt="Estimates with intervals by part.",
        observations=(),
        made_up=given.made_up,
        about=ESTIMATED,
    )


def nothing(given: Given, figure_id: str, title: str, reason: str) -> Figure:
    """A figure that cannot be filled: its title and the reason."""
    return Figure(figure_id, title, "", "", given.sources, EMPTY, (), reason, (), missing=reason,
                  made_up=given.made_up, about=ESTIMATED)  # fmt: skip


def _row(
    answer: Answer, seen: Amount | None, stratum: str = "", told: Collection[str] = (), k: int | None = None
) -> Row:
    stubs = [(answer.estimator, method(answer.estimator).name), (VERDICT_CODES[answer.verdict], str(answer.verdict)),
             ("", reasons(answer, told) or (ABOVE if answer.reasons else NONE))]  # fmt: skip
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
    return tuple(
        f"For {'every method' if count == known else f'{count} of {known} methods'}: "
        f"{told_plainly(reason).rstrip('.')}."
        for reason, count in shared.items()
    )


def _levels(answers: Sequence[Answer]) -> str:
    return " or ".join(f"{level:.0%}" for level in sorted({answer.level for answer in answers}))


def _sentences(answers: Sequence[Answer], seen: float) -> tuple[str, ...]:
    shown = [answer for answer in answers if has_interval(answer)]
    refused = sum(answer.verdict == REFUSED for answer in answers)
    warned = sum(answer.verdict == WARNED for answer in answers)
    told = [
        f"{len(answers)} methods were tried: {len(answers) - refused - warned} shown, {warned} shown with warnings, "
        f"{refused} refused."
    ]
    known = sorted(answer.estimate for answer in shown if answer.estimate is not None)
    if len(known) > 1 and known[0] > 0:
        low = min(answer.lower for answer in shown if answer.lower is not None)
        high = max(answer.upper for answer in shown if answer.upper is not None)
        told.append(
            f"The largest estimate is {known[-1] / known[0]:.1f} times the smallest. "
            f"{sentence(all_of(len(shown)))[:-1]} reach over {loosely(low, high, seen)} persons."
        )
    return tuple(told)
