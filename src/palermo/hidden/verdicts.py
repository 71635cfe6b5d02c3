"""May this number be shown? The same rules for every estimator, each a small function and a named threshold.

The decision a reader would question: most findings warn and few refuse. A number is refused where nothing in the data
bears on it; where the data bear on it weakly it is shown with the weakness in words, as hiding it would leave the
choice of the friendliest estimator to whoever runs them one at a time.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from palermo.errors import RefusedError
from palermo.hidden.answer import Answer, Verdict
from palermo.hidden.capture import CaptureTable

# The log of N has a standard error near 1/sqrt(persons on two lists or more): with 2 such persons the 95 % limits lie
# a factor 16 apart, with 20 a factor 2.4.
REFUSED_BELOW_OVERLAPS = 3
WARNED_BELOW_OVERLAPS = 20
# A linkage error rate of a few per cent moves several persons. One alone must not move the answer by a tenth.
ONE_PERSON_PERCENT = 10.0
# Kass and Raftery (1995): a difference of 10 is very strong evidence; models closer than that are still in the race.
BIC_WINDOW = 10.0
# Models in the race that differ by half the number again give two different messages to a reader.
MODEL_FACTOR = 1.5
# Vehtari et al. (2021) ask for 1.01; 1.05 leaves room for the Monte Carlo error of a few short chains.
MAX_R_HAT = 1.05
MIN_EFFECTIVE_SAMPLES = 400.0
# An interval whose ends lie a factor 4 apart does not tell one year from another, nor one policy's effect.
WIDE_INTERVAL_FACTOR = 4.0
# Beyond this many times the persons seen, the number is the assumption and not the data (LCMCR cuts at 20 silently).
MAX_UNSEEN_RATIO = 50.0

# The usual 1 in 20 would warn of every twentieth right model; a wrong one of trafficking tables is far below 1 in 100.
LACK_OF_FIT = 0.01

# Follows from the simulation study (docs/method/hidden-coverage.md): the average holds the truth as often as stepwise
# selection where some pairs of lists depend on each other, and far more often where all do. On tables shaped like the
# UK's stepwise is better, and where persons differ neither is right; hence the range over all of them.
PREFERRED = ("bic_average", "stepwise_BCa", "stepwise", "bic_best", "dga_bma", "main_effects")


@dataclass(frozen=True)
class Evidence:
    """What the rules look at. Parts that were not computed are None."""

    answer: Answer
    table: CaptureTable
    one_person_percent: float | None = None
    models: tuple[tuple[float, float], ...] | None = None  # (BIC, estimate) of models that have one
    lack_of_fit: float | None = None  # p-value of the deviance of the answer's own model
    bound: float | None = None  # lower bound of the number where persons differ in how easily they are seen
    all_pairs: tuple[float, float] | None = None  # limits of the model in which every pair of lists interacts


Finding = tuple[Verdict, str] | None
Rule = Callable[[Evidence], Finding]


def judge(evidence: Evidence) -> Answer:
    """The answer with the verdict and reasons of all rules added; a number that must not be shown is taken out."""
    answer = evidence.answer
    found = [finding for rule in RULES if (finding := rule(evidence)) is not None]
    reasons = tuple(dict.fromkeys((*answer.reasons, *(reason for _, reason in found))))
    verdicts = {answer.verdict, *(verdict for verdict, _ in found)}
    if Verdict.REFUSED in verdicts:
        return replace(answer, estimate=None, lower=None, upper=None, verdict=Verdict.REFUSED, reasons=reasons)
    worst = Verdict.WARNED if Verdict.WARNED in verdicts else Verdict.SHOWN
    return replace(answer, verdict=worst, reasons=reasons)


def _no_estimate(case: Evidence) -> Finding:
    if case.answer.estimate is None:
        return None  # the estimator has said why
    status = case.answer.diagnostics.get("status", 0)
    if isinstance(status, int) and status in (1, 3):
        return Verdict.REFUSED, "no estimate exists: the likelihood has no maximum for this pattern of empty cells"
    if not math.isfinite(case.answer.estimate):
        return Verdict.REFUSED, "no estimate exists: the formula gives no finite number for this table"
    return None


def _not_identifiable(case: Evidence) -> Finding:
    status = case.answer.diagnostics.get("status", 0)
    if case.answer.estimate is not None and isinstance(status, int) and status in (2, 3):
        return Verdict.REFUSED, "not identifiable: very different numbers unseen fit the table equally well"
    return None


def _few_overlaps(case: Evidence) -> Finding:
    shared = overlapping_persons(case.table)
    if shared < REFUSED_BELOW_OVERLAPS:
        said = f"only {shared} persons are on two lists or more; fewer than {REFUSED_BELOW_OVERLAPS} say nothing"
        return Verdict.REFUSED, said
    if shared < WARNED_BELOW_OVERLAPS:
        said = f"only {shared} persons are on two lists or more; with fewer than {WARNED_BELOW_OVERLAPS} chance decides"
        return Verdict.WARNED, said
    return None


def _one_person(case: Evidence) -> Finding:
    percent = case.one_person_percent
    if case.answer.estimate is None or percent is None or percent <= ONE_PERSON_PERCENT:
        return None
    moved = f"moves the answer by {percent:.0f} per cent" if math.isfinite(percent) else "leaves no answer at all"
    return Verdict.WARNED, f"one person seen by one list more or fewer {moved}"


def _models_differ(case: Evidence) -> Finding:
    if case.answer.estimate is None or not case.models:
        return None
    low, high, count = models_in_the_race(case.models)
    if high <= MODEL_FACTOR * low:
        return None
    said = f"{count} models within {BIC_WINDOW:.0f} BIC points of the best range from {low:,.0f} to {high:,.0f}"
    return Verdict.WARNED, said


def _does_not_fit(case: Evidence) -> Finding:
    if case.answer.estimate is None or case.lack_of_fit is None or case.lack_of_fit >= LACK_OF_FIT:
        return None
    chance = "1 in 1,000" if case.lack_of_fit < 0.001 else "1 in 100"
    said = f"the model does not fit the table: were it true, so large a distance would have a chance below {chance}"
    return Verdict.WARNED, said


def _below_bound(case: Evidence) -> Finding:
    upper = case.answer.upper
    if case.answer.estimate is None or upper is None or case.bound is None or case.bound <= upper:
        return None
    said = f"if some persons are seen more easily than others, there are {case.bound:,.0f} or more: above the interval"
    return Verdict.WARNED, said


def _against_all_pairs(case: Evidence) -> Finding:
    number = case.answer.estimate
    if number is None or case.all_pairs is None or case.all_pairs[0] <= number <= case.all_pairs[1]:
        return None
    limits = "{:,.0f} to {:,.0f}".format(*case.all_pairs)
    return Verdict.WARNED, f"the number is outside the interval, {limits}, of the model in which all pairs interact"


def _no_mixing(case: Evidence) -> Finding:
    r_hat, samples = _number(case.answer.diagnostics, "r_hat"), _number(case.answer.diagnostics, "ess")
    if r_hat is not None and not r_hat <= MAX_R_HAT:
        return Verdict.WARNED, f"the chains do not mix (R-hat {r_hat:.2f}): a rerun may give another number"
    if samples is not None and not samples >= MIN_EFFECTIVE_SAMPLES:
        return Verdict.WARNED, f"the chains hold only {samples:.0f} independent draws: the limits are rough"
    return None


def _extreme_limit(case: Evidence) -> Finding:
    told = case.answer.diagnostics
    if case.answer.estimate is None or not told.get("limits_at_extreme"):
        return None
    return Verdict.WARNED, "take 10,000 replicates before quoting a limit that is the smallest or largest replicate"


def _suppressed(case: Evidence) -> Finding:
    if not case.table.is_suppressed:
        return None
    return Verdict.WARNED, "some counts are known as ranges only; the limits cover the ranges"


def _empty_lists(case: Evidence) -> Finding:
    table = case.table
    empty = [name for name, size in zip(table.lists, table.list_sizes, strict=True) if size == 0]
    return (Verdict.WARNED, f"saw nobody: {', '.join(empty)}; such a list tells nothing") if empty else None


def _wide(case: Evidence) -> Finding:
    if case.answer.estimate is None:
        return None
    if case.answer.lower is None or case.answer.upper is None:
        return Verdict.WARNED, "there is no interval, so nothing says how sure the number is"
    if case.answer.lower > 0 and case.answer.upper <= WIDE_INTERVAL_FACTOR * case.answer.lower:
        return None
    return Verdict.WARNED, f"the upper limit is more than {WIDE_INTERVAL_FACTOR:.0f} times the lower one"


def _far_beyond(case: Evidence) -> Finding:
    seen = max(case.table.n, 1)
    if case.answer.estimate is None or case.answer.estimate <= (1 + MAX_UNSEEN_RATIO) * seen:
        return None
    return Verdict.WARNED, f"more than {MAX_UNSEEN_RATIO:.0f} persons unseen for each one seen: assumption, not data"


RULES: tuple[Rule, ...] = (
    _no_estimate,
    _not_identifiable,
    _few_overlaps,
    _empty_lists,
    _suppressed,
    _no_mixing,
    _extreme_limit,
    _one_person,
    _does_not_fit,
    _below_bound,
    _against_all_pairs,
    _models_differ,
    _wide,
    _far_beyond,
)


def overlapping_persons(table: CaptureTable) -> int:
    """Persons on two lists or more."""
    return table.n - int(table.exclusive.sum())


def models_in_the_race(models: Sequence[tuple[float, float]]) -> tuple[float, float, int]:
    """The smallest and largest estimate of the models within ``BIC_WINDOW`` of the best, and how many they are."""
    best = min(bic for bic, _ in models)
    inside = [number for bic, number in models if bic <= best + BIC_WINDOW]
    return min(inside), max(inside), len(inside)


@dataclass(frozen=True)
class Headline:
    """One number for one stratum with both spreads: by chance (the interval) and by choice of model."""

    answer: Answer
    lowest: float
    highest: float
    estimators: int

    def sentence(self) -> str:
        """The headline in words; the number never stands alone."""
        own = self.answer
        said = (
            f"{own.estimate:,.0f} persons in all, between {own.lower:,.0f} and {own.upper:,.0f} by chance alone "
            f"({own.level:.0%}, {own.estimator}); {self.estimators} estimators reach from {self.lowest:,.0f} to "
            f"{self.highest:,.0f}"
        )
        return f"{said}. {own.verdict.value.capitalize()}: {'; '.join(own.reasons)}" if own.reasons else said


def headline(answers: Sequence[Answer]) -> Headline:
    """The preferred answer of one stratum with its spread.

    Raises RefusedError where no answer may be shown, or none of those shown has an interval.
    """
    model_based = [own for own in answers if own.estimator in PREFERRED] or list(answers)
    shown = [own for own in model_based if own.lower is not None and own.upper is not None and own.estimate is not None]
    if not shown:
        reasons = "; ".join(dict.fromkeys(reason for own in answers for reason in own.reasons))
        raise RefusedError(f"no headline: no estimator gives a number with its spread. {reasons or 'none was run'}")
    rank = {name: place for place, name in enumerate(PREFERRED)}
    best = min(shown, key=lambda own: rank.get(own.estimator, len(rank)))
    lows = [own.lower for own in shown if own.lower is not None]
    highs = [own.upper for own in shown if own.upper is not None]
    return Headline(best, min(lows), max(highs), len(shown))


def _number(values: Mapping[str, Any], key: str) -> float | None:
    value = values.get(key)
    return float(value) if isinstance(value, int | float) else None
