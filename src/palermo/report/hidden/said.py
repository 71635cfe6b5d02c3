"""What may be said of the hidden number and what may not: sentences computed from the answers.

The decision a reader would question: the headline is the answer that ``palermo.hidden.verdicts.headline`` prefers, with
its own interval and with the reach of all methods. Where it refuses, the page has no number at all.
"""

from collections import Counter
from dataclasses import dataclass

from palermo.errors import RefusedError
from palermo.hidden.answer import Verdict
from palermo.hidden.trials import moved
from palermo.hidden.verdicts import Headline, headline, summary
from palermo.report.amounts import written
from palermo.report.estimates.amounts import has_interval, loosely, reasons, sentence, told_plainly
from palermo.report.estimates.methods import method
from palermo.report.hidden.inputs import HiddenNumber, detected
from palermo.rounded_words import all_of

MOST_REASONS = 3  # told at the top of a page without a number
TWO_MESSAGES = 1.5  # times: estimates further apart than this tell a reader different things


@dataclass(frozen=True)
class Told:
    """The estimate at the top of the page in words. ``interval`` is empty where it is refused."""

    interval: str
    level: str
    estimator: str
    verdict: Verdict
    reasons: str
    reach: str
    methods: str = ""  # whose reach it is
    gravest: str = ""  # the verdict in one sentence


def told(given: HiddenNumber) -> Told:
    """The headline: never a number without its interval, and never one interval without the reach of all methods."""
    found = _headline(given)
    if found is None:
        why = " ".join(sentence(told_plainly(reason)) for reason in _commonest(given))
        return Told("", "", "", Verdict.REFUSED, why or "No method was run.", "")
    own = found.answer
    return Told(
        interval=loosely(own.lower or 0.0, own.upper or 0.0, detected(given.table).floor),
        level=f"{own.level:.0%}",
        estimator=method(own.estimator).name,
        verdict=own.verdict,
        reasons=reasons(own),
        reach=_within(found.lowest, found.highest, given) if found.estimators > 1 else "",
        methods=all_of(found.estimators),
        gravest=told_plainly(summary(own)),
    )


def hangs(given: HiddenNumber) -> tuple[str, ...]:
    """How much hangs on each choice: how far the headline's number moves when one of them is changed."""
    found = _headline(given)
    if found is None:
        return ()
    words = []
    if found.estimators > 1:
        reach = _within(found.lowest, found.highest, given)
        known = [answer.estimate or 0.0 for answer in given.whole if has_interval(answer)]
        middle = _within(min(known), max(known), given)
        words.append(
            f"The method: the estimates of {all_of(found.estimators)} lie from {middle}, "
            f"and with their intervals they reach over {reach} persons."
        )
    for one in moved(given.variants, found.answer.estimator):
        between = "no number is left" if one.lowest is None else _within(one.lowest, one.highest or 0.0, given)
        lost = f" (no number in {one.without} of {one.tried} tries)" if one.without and one.lowest is not None else ""
        words.append(f"{sentence(one.words).rstrip('.')}: {between}{lost}.")
    return tuple(words)


def may_say(given: HiddenNumber) -> tuple[str, ...]:
    """Sentences that the answers bear, with what has to stand beside the numbers."""
    seen = f"The lists detected {written(detected(given.table))} persons. This is a count."
    top = told(given)
    if not top.interval:
        return (
            seen,
            "These lists cannot tell how many persons were not detected. This is not zero, and not a sign of few.",
        )
    words = [
        seen,
        f"If the assumptions above hold, {top.interval} persons in all, detected and not detected, are estimated "
        f"({top.level} interval; method: {top.estimator}).",
    ]
    if top.reach:
        words.append(f"{sentence(top.methods).rstrip('.')} reach over {top.reach} persons.")
    if top.verdict is Verdict.WARNED:
        words.append(f"All this only with the warnings: {top.reasons}")
    return tuple(words)


def may_not_say(given: HiddenNumber) -> tuple[str, ...]:
    """Sentences that the answers do not bear."""
    top = told(given)
    words = [] if top.interval else ["Any number of hidden persons, from any of these methods."]
    if top.interval:
        words += [
            "One number without its interval, its method and its assumptions.",
            "Detected and estimated persons added together. The estimate already holds those detected.",
            "That this many persons exist. It is what a model says if its assumptions hold.",
            "That the number rose or fell since another year, where the intervals overlap.",
        ]
    if _factor(given) > TWO_MESSAGES:
        words.append(
            f"That one method is right and the others wrong. The largest estimate shown is {_factor(given):.1f} times "
            "the smallest, and the lists cannot say which."
        )
    if any(answer.verdict is Verdict.REFUSED for answer in given.answers):
        words.append("That a refused estimate means nobody, or nobody more than was detected.")
    return tuple(words)


def _headline(given: HiddenNumber) -> Headline | None:
    try:
        return headline(given.whole)
    except RefusedError:
        return None


def _commonest(given: HiddenNumber) -> list[str]:
    """The reasons that all methods were refused for, or else those of most; the rest stands under "Verdicts"."""
    counts = Counter(reason for answer in given.whole for reason in dict.fromkeys(answer.reasons))
    shared = [reason for reason, count in counts.items() if count == len(given.whole)]
    return shared or [reason for reason, _ in counts.most_common(MOST_REASONS)]


def _within(low: float, high: float, given: HiddenNumber) -> str:
    return loosely(low, high, detected(given.table).floor)


def _factor(given: HiddenNumber) -> float:
    """How many times the smallest estimate the largest is, among those shown; 1 where fewer than two are."""
    known = [answer.estimate or 0.0 for answer in given.whole if has_interval(answer)]
    return max(known) / min(known) if len(known) > 1 and min(known) > 0 else 1.0
