"""The rules that speak against a number: each a small function, a named threshold and words for people who decide.

The decision a reader would question: which rules there are follows from a simulation, not from taste. A rule stays
where it speaks up more often when the interval misses the truth than when it holds it, or where the number means
nothing (``python benchmarks/hidden_verdicts.py``, docs/method/hidden-coverage.md). Leave-one-list-out, list sizes
found from the other lists and sample coverage did not pass: they fire as often where all is well.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from palermo.hidden.answer import Answer
from palermo.hidden.capture import CaptureTable
from palermo.hidden.heterogeneity import CLASSES, Rival
from palermo.rounded_words import about, rough

# With fewer, one person who moves leaves no answer at all; the interval covers because it covers nearly everything.
REFUSED_BELOW_OVERLAPS = 3
# The log of the unseen has a standard error near 1/sqrt(persons on two lists or more): with 10, the limits lie a
# factor 3.5 apart.
WARNED_BELOW_OVERLAPS = 10
# A linkage error rate of a few per cent moves several persons; one alone must not move the answer by a quarter.
ONE_PERSON_PERCENT = 25.0
# Kass and Raftery (1995): a difference of 10 is very strong evidence; models closer than that are still in the race.
BIC_WINDOW = 10.0
# Models in the race further apart than this warn, if one of them lies outside the interval. An interval that holds
# them all has said so already.
MODEL_FACTOR = 1.25
# How far behind the best log-linear model a model in which persons differ may lie and still count as fitting as well.
# Its shapes have one parameter more than independent lists; two classes have as many as there are lists and one more.
SHAPE_WINDOW = 2.0
CLASS_WINDOW = 20.0
# Vehtari et al. (2021) ask for 1.01; 1.05 leaves room for the Monte Carlo error of a few short chains.
MAX_R_HAT = 1.05
MIN_EFFECTIVE_SAMPLES = 400.0
# An interval whose ends lie a factor 10 apart says little more than that some are unseen; a factor 100, nothing.
WIDE_INTERVAL_FACTOR = 10.0
REFUSED_INTERVAL_FACTOR = 100.0
# Beyond this many times the persons seen, the number is the assumption and not the data (LCMCR cuts at 20 silently).
MAX_UNSEEN_RATIO = 50.0
# A limit at the edge of so many replicates is not a matter of too few of them.
ENOUGH_REPLICATES = 10_000
# The usual 1 in 20 would warn of every twentieth right model; a wrong one of trafficking tables is far below 1 in 100.
LACK_OF_FIT = 0.01


class Weight(IntEnum):
    """How much a finding weighs, the heaviest first."""

    REFUSAL = 0  # no number may be given
    GRAVE = 1  # where this was found, most intervals of the study missed the truth
    CAUTION = 2  # the number is fragile or unsure; the interval may be right


@dataclass(frozen=True)
class Evidence:
    """What the rules look at. Parts that were not computed are None or empty."""

    answer: Answer
    table: CaptureTable
    one_person_percent: float | None = None
    models: tuple[tuple[float, float], ...] | None = None  # (BIC, estimate) of models that have one
    lack_of_fit: float | None = None  # p-value of the deviance of the answer's own model
    bound: float | None = None  # lower bound of the number where persons differ in how easily they are seen
    all_pairs: tuple[float, float] | None = None  # limits of the model in which every pair of lists interacts
    rivals: tuple[Rival, ...] = ()  # models in which persons differ


Finding = tuple[Weight, str] | None
Rule = Callable[[Evidence], Finding]


def no_estimate(case: Evidence) -> Finding:
    """The likelihood has no maximum, or the formula gives no finite number."""
    if case.answer.estimate is None:
        return None  # the estimator has said why
    status = case.answer.diagnostics.get("status", 0)
    if isinstance(status, int) and status in (1, 3):
        return Weight.REFUSAL, "no estimate exists: with these empty cells, a larger number always fits better"
    if not math.isfinite(case.answer.estimate):
        return Weight.REFUSAL, "no estimate exists: the formula gives no finite number for this table"
    return None


def not_identifiable(case: Evidence) -> Finding:
    """The data do not determine the number."""
    status = case.answer.diagnostics.get("status", 0)
    if case.answer.estimate is not None and isinstance(status, int) and status in (2, 3):
        return Weight.REFUSAL, "not identifiable: very different numbers unseen fit the table equally well"
    return None


def few_overlaps(case: Evidence) -> Finding:
    """Hardly anybody is on two lists or more."""
    shared = overlapping_persons(case.table)
    if shared < REFUSED_BELOW_OVERLAPS:
        return Weight.REFUSAL, "hardly anybody is on two lists or more: the lists say nothing of persons not on them"
    if shared < WARNED_BELOW_OVERLAPS:
        return Weight.CAUTION, f"{about(shared)} persons are on two lists or more, so that chance decides"
    return None


def persons_differ(case: Evidence) -> Finding:
    """The best model in which some persons are seen more easily fits as well and lies outside the interval."""
    limits = _limits(case)
    if limits is None or not case.models:
        return None
    best = min(bic for bic, _ in case.models)
    near = [
        rival for rival in case.rivals if rival.bic - best < (CLASS_WINDOW if rival.name == CLASSES else SHAPE_WINDOW)
    ]
    rival = min(near, key=lambda own: own.bic, default=None)
    if rival is None or limits[0] <= rival.estimate <= limits[1]:
        return None
    return Weight.GRAVE, (
        f"if some persons are seen more easily than others, the same lists give about {rough(rival.estimate)} persons: "
        "outside the interval; this explains the table as well"
    )


def against_all_pairs(case: Evidence) -> Finding:
    """The number contradicts the model that lets every pair of lists depend on each other."""
    number = case.answer.estimate
    if number is None or case.all_pairs is None or case.all_pairs[0] <= number <= case.all_pairs[1]:
        return None
    low, high = (rough(limit) for limit in case.all_pairs)
    said = f"if any two lists may depend on each other, there are from about {low} to {high} persons"
    return Weight.GRAVE, f"{said}: the number is outside"


def does_not_fit(case: Evidence) -> Finding:
    """The answer's own model does not describe the table."""
    if case.answer.estimate is None or case.lack_of_fit is None or case.lack_of_fit >= LACK_OF_FIT:
        return None
    chance = "1 in 1,000" if case.lack_of_fit < 0.001 else "1 in 100"
    said = f"the model does not fit the table: were it true, so large a distance would have a chance below {chance}"
    return Weight.GRAVE, said


def below_bound(case: Evidence) -> Finding:
    """The interval lies below what there are at least if persons differ."""
    upper = case.answer.upper
    if case.answer.estimate is None or upper is None or case.bound is None or case.bound <= upper:
        return None
    said = f"if some persons are seen more easily than others, there are about {rough(case.bound)} or more"
    return Weight.GRAVE, f"{said}: above the interval"


def no_mixing(case: Evidence) -> Finding:
    """The sampler's chains disagree, or hold too few independent draws."""
    if case.answer.estimate is None:
        return None
    r_hat, samples = _number(case.answer.diagnostics, "r_hat"), _number(case.answer.diagnostics, "ess")
    if r_hat is not None and not r_hat <= MAX_R_HAT:
        said = f"R-hat {r_hat:.2f}, where {MAX_R_HAT} is allowed"
        return Weight.GRAVE, f"the chains do not mix ({said}): a rerun may give another number"
    if samples is not None and not samples >= MIN_EFFECTIVE_SAMPLES:
        return Weight.CAUTION, f"the chains hold only {samples:.0f} independent draws: the limits are rough"
    return None


def models_differ(case: Evidence) -> Finding:
    """Models that fit nearly as well give numbers far apart, and not all of them are in the interval."""
    limits = _limits(case)
    if limits is None or not case.models:
        return None
    low, high, count = models_in_the_race(case.models)
    if high <= MODEL_FACTOR * low or limits[0] <= low <= high <= limits[1]:
        return None
    return Weight.CAUTION, (
        f"{count:,} models fit the table nearly as well as the best (within {BIC_WINDOW:.0f} BIC points) and give from "
        f"about {rough(low)} to {rough(high)}: beyond the interval"
    )


def one_person(case: Evidence) -> Finding:
    """One person more or less on one list moves the number."""
    percent = case.one_person_percent
    if case.answer.estimate is None or percent is None or percent <= ONE_PERSON_PERCENT:
        return None
    moved = f"moves the answer by {percent:.0f} per cent" if math.isfinite(percent) else "leaves no answer at all"
    return Weight.CAUTION, f"one person seen by one list more or fewer {moved}"


def is_narrow(answer: Answer) -> bool:
    """Whether there is an interval that is narrow enough to say something."""
    lower, upper = answer.lower, answer.upper
    return lower is not None and upper is not None and 0 < upper <= WIDE_INTERVAL_FACTOR * lower


def wide(case: Evidence) -> Finding:
    """The interval says little, or there is none."""
    if case.answer.estimate is None:
        return None
    if case.answer.lower is None or case.answer.upper is None:
        return Weight.CAUTION, "there is no interval, so nothing says how sure the number is"
    if is_narrow(case.answer):
        return None
    if case.answer.lower <= 0 or case.answer.upper > REFUSED_INTERVAL_FACTOR * case.answer.lower:
        said = (
            f"the upper limit is more than {REFUSED_INTERVAL_FACTOR:.0f} times the lower one: these lists cannot tell"
        )
        return Weight.REFUSAL, said
    return Weight.CAUTION, f"the upper limit is more than {WIDE_INTERVAL_FACTOR:.0f} times the lower one"


def far_beyond(case: Evidence) -> Finding:
    """Far more persons unseen than seen."""
    seen = max(case.table.n, 1)
    if case.answer.estimate is None or case.answer.estimate <= (1 + MAX_UNSEEN_RATIO) * seen:
        return None
    said = f"more than {MAX_UNSEEN_RATIO:.0f} persons unseen for each one seen: assumption, not data"
    return Weight.REFUSAL, said


def extreme_limit(case: Evidence) -> Finding:
    """A limit is the smallest or largest bootstrap replicate."""
    told = case.answer.diagnostics
    if case.answer.estimate is None or not told.get("limits_at_extreme"):
        return None
    ends = tuple(told["limits_at_extreme"])
    number = _number(told, "replicates")
    which = " and ".join(f"the {end} limit is the {'smallest' if end == 'lower' else 'largest'}" for end in ends)
    if number is not None and number >= ENOUGH_REPLICATES:
        return Weight.CAUTION, f"{which} of {number:,.0f} replicates: the true limit may lie further out"
    of = "replicate" if number is None else f"of {number:,.0f} replicates"
    return Weight.CAUTION, f"{which} {of}: take {ENOUGH_REPLICATES:,} or more before quoting it"


def two_lists(case: Evidence) -> Finding:
    """With two lists nothing in the table bears on whether they depend on each other; no other rule can speak."""
    if case.answer.estimate is None or case.table.k > 2:
        return None
    said = "with two lists nothing can show whether they depend on each other, and the whole number hangs on that"
    return Weight.CAUTION, f"{said}: a third list would tell"


def empty_lists(case: Evidence) -> Finding:
    """A list saw nobody."""
    table = case.table
    empty = [name for name, size in zip(table.lists, table.list_sizes, strict=True) if size == 0]
    return (Weight.CAUTION, f"saw nobody: {', '.join(empty)}; such a list tells nothing") if empty else None


def ranges_only(case: Evidence) -> Finding:
    """Counts were printed as ranges."""
    if not case.table.is_suppressed:
        return None
    return Weight.CAUTION, "some counts are known as ranges only; the limits cover the ranges"


# In the order of their weight: refusals, then by how much more often a rule speaks when the interval misses.
RULES: tuple[Rule, ...] = (
    no_estimate,
    not_identifiable,
    few_overlaps,
    far_beyond,
    no_mixing,
    persons_differ,
    against_all_pairs,
    does_not_fit,
    below_bound,
    two_lists,
    models_differ,
    wide,
    one_person,
    extreme_limit,
    empty_lists,
    ranges_only,
)


def overlapping_persons(table: CaptureTable) -> int:
    """Persons on two lists or more."""
    return table.n - int(table.exclusive.sum())


def models_in_the_race(models: Sequence[tuple[float, float]]) -> tuple[float, float, int]:
    """The smallest and largest estimate of the models within ``BIC_WINDOW`` of the best, and how many they are."""
    best = min(bic for bic, _ in models)
    inside = [number for bic, number in models if bic <= best + BIC_WINDOW]
    return min(inside), max(inside), len(inside)


def _limits(case: Evidence) -> tuple[float, float] | None:
    answer = case.answer
    if answer.estimate is None or answer.lower is None or answer.upper is None:
        return None
    return answer.lower, answer.upper


def _number(values: Mapping[str, Any], key: str) -> float | None:
    value = values.get(key)
    return float(value) if isinstance(value, int | float) else None
