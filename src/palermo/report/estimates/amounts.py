"""From answers to amounts: an estimate is shown with its interval or not at all.

The decision a reader would question: a number without an interval is not shown here, even where its estimator gave
one. A reader who sees it once will quote it alone.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from math import ceil, floor, isfinite, log10

from palermo.language import _, number, sentences
from palermo.report.amounts import NO_INTERVAL, REFUSED, Amount, State, exact, interval, prose_range
from palermo.report.estimates.inputs import WARNED, Answer
from palermo.report.estimates.methods import METHODS, method
from palermo.report.estimates.rounding import rounded_counts
from palermo.report.estimates.told import reason_told
from palermo.report.estimates.words import WITHOUT_INTERVAL
from palermo.report.labels import capital
from palermo.report.marks import Estimate, Quantity

NAMES = re.compile(r"\b(?:" + "|".join(sorted((n for n in METHODS if "_" in n), key=len, reverse=True)) + r")(?!\w)")
SHARED = 3  # answers with the same reason: it is told once for all of them
SMALL = Amount(None, None, State.HIDDEN)
PERSONS = Quantity("estimated", "PERSON")


def has_interval(answer: Answer) -> bool:
    """Whether the answer holds a number that may be seen: an estimate with both limits."""
    return answer.estimate is not None and answer.lower is not None and answer.upper is not None


def estimate_amount(answer: Answer) -> Amount:
    """The estimate; refused, or withheld where there is no interval."""
    if answer.estimate is None:
        return REFUSED
    return exact(round(answer.estimate)) if has_interval(answer) and isfinite(answer.estimate) else NO_INTERVAL


def interval_amount(answer: Answer, less: int = 0) -> Amount:
    """The interval of an answer, ``less`` persons taken off."""
    return interval_of(answer.estimate, answer.lower, answer.upper, less)


def interval_of(estimate: float | None, lower: float | None, upper: float | None, less: int = 0) -> Amount:
    """The interval of an estimate; without an upper bound where the upper limit is infinite, refused with it."""
    if estimate is None:
        return REFUSED
    if lower is None or upper is None:
        return NO_INTERVAL
    low, high = max(lower - less, 0.0), upper - less
    return interval(low, high) if isfinite(high) else Amount(low, None, State.INTERVAL)


def is_small(answer: Answer, k: int | None) -> bool:
    """Whether the interval begins so low that it tells how few were detected: no limit lies below those seen."""
    return k is not None and has_interval(answer) and (answer.lower or 0.0) < k


def estimate_mark(answer: Answer, label: str = "", k: int | None = None) -> Estimate:
    """The mark of an answer, with the name of its estimator unless another label is given; hidden where it is small."""
    name = label or method(answer.estimator).name
    if is_small(answer, k):
        return Estimate(name, SMALL, None, PERSONS)
    bounds = None
    if answer.lower is not None and answer.upper is not None:
        bounds = (answer.lower, answer.upper)
    return Estimate(name, estimate_amount(answer), bounds, PERSONS, answer.verdict == WARNED)


def shared_reasons(answers: Sequence[Answer]) -> dict[str, int]:
    """The reasons of ``SHARED`` answers with a number or more, or of all where they are fewer, and of how many."""
    known = [answer for answer in answers if answer.estimate is not None]
    if len(known) < 2:
        return {}
    counts = Counter(reason for answer in known for reason in dict.fromkeys(answer.reasons))
    return {reason: count for reason, count in counts.most_common() if count >= min(SHARED, len(known))}


def reasons(answer: Answer, told_already: Collection[str] = ()) -> str:
    """Why the verdict is what it is, as sentences."""
    told = [sentence(told_plainly(reason)) for reason in answer.reasons if reason not in told_already]
    if answer.estimate is not None and not has_interval(answer):
        told.append(_(WITHOUT_INTERVAL))
    return sentences(told)


def told_plainly(words: str) -> str:
    """A reason in the language spoken, with methods called by their names for people and counts of persons rounded."""
    return reason_told(rounded_counts(in_plain_names(words)))


def in_plain_names(words: str) -> str:
    """The words with names of estimators, such as ``stepwise_BCa``, as people call them."""
    return NAMES.sub(lambda found: _("\u201c{name}\u201d", name=method(found.group()).name), words)


def sentence(words: str) -> str:
    """The words with a capital letter and a full stop."""
    if not words or words.endswith((".", "\u2026")):
        return capital(words)
    return _("{sentence}.", sentence=capital(words))


def loosely(low: float, high: float, seen: float = 0.0) -> str:
    """``8,780 to 14,800``: limits rounded outward to three digits, which is more than an estimate can bear.

    The lower one never falls below ``seen``, the persons who were detected.
    """
    least = max(_rounded(low, floor), min(seen, low))
    if not isfinite(high):
        return _("{number} or more", number=number(least))
    return prose_range(number(least), number(_rounded(high, ceil)))


def _rounded(value: float, to_whole: Callable[[float], int]) -> float:
    """The value rounded to three digits, or to whole persons where it has fewer."""
    step = 10.0 ** max(floor(log10(value)) - 2, 0) if value > 0 else 1.0
    return to_whole(round(value / step, 6)) * step
