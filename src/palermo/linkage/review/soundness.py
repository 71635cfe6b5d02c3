"""Whether answers can be true: they must rise with the score, for each clerk, and clerks must agree beyond chance.

A calibration takes every answer for the truth up to an error of clerks. Whoever presses one key throughout, tosses a
coin or mixes the keys up leaves answers that no later check finds: rates from one calibration fit each other whatever
was labelled. Pairs at both ends of the score are therefore in every sample, as planted checks: nearly all pairs below a
model's .01 are two persons, and those above .999 are far oftener one.

The decision a reader would question: the answers of a clerk that fail are set aside whole, none is mended. Swapped
answers could be turned round, but a program that turns answers round will one day do it to a careful clerk.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import hypergeom, rankdata

from palermo.linkage.review.agreement import Agreement, agreements
from palermo.linkage.review.labels import Answer
from palermo.linkage.score_bands import band_bounds, bits

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

ENDS = ((0.01, 0.999), (0.25, 0.95))  # the model's probabilities below and above which pairs are checks; nearest first
FEWEST_AT_AN_END = 10
MOST_SAME_BELOW = 0.5  # share called the same among the rejected; above it the answers are about something else
LEAST_RISE = 0.1  # of the share called the same from the lower to the upper end
CHANCE = 0.01  # of a rise as large where answers have nothing to do with the score
FEWEST_OF_A_KIND = 30  # answers "same" and answers "different", below which their order says nothing
LEAST_ORDER = 0.6  # chance that a pair called the same scores above one called different; .5 where answers are noise
FEWEST_SHARED = 30  # pairs that two clerks answered, below which their agreement says nothing
LEAST_KAPPA = 0.25  # of the upper limit: below it two clerks agree hardly more than two who guess


@dataclass(frozen=True)
class Unsound:
    """A clerk whose answers cannot be used, with the reason; no clerk where it is about all answers together."""

    clerk: str | None
    reason: str


def fault(score: Floats, same: Flags) -> str | None:
    """Why these answers cannot be true; None where nothing speaks against them, or too few can be checked.

    ``score`` in bits (log2 of the model's odds), ``same`` whether the pair was called one person.
    """
    return _fault_at_the_ends(score, same) or _fault_of_order(score, same)


def is_checked(score: Floats, same: Flags, of_all: Floats) -> bool:
    """Whether there are answers enough for ``fault`` to find one, or too few at both ends ``of_all`` pairs."""
    return (
        _ends(of_all) is None
        or _ends(score) is not None
        or min(int(same.sum()), int((~same).sum())) >= FEWEST_OF_A_KIND
    )


def unsound_clerks(scores: Mapping[str, tuple[Floats, Flags]]) -> tuple[Unsound, ...]:
    """The clerks whose own answers fail: by clerk the scores and whether each pair was called the same."""
    found = ((clerk, fault(*scores[clerk])) for clerk in sorted(scores))
    return tuple(Unsound(clerk, reason) for clerk, reason in found if reason is not None)


def disagreement(compared: Iterable[Agreement], besides: Iterable[str] = ()) -> str | None:
    """Why two clerks cannot both be right; None where every two agree beyond chance. ``besides``: not looked at."""
    gone = set(besides)
    for one in compared:
        upper = one.kappa.upper
        if one.both < FEWEST_SHARED or upper is None or upper >= LEAST_KAPPA or gone & {one.first, one.second}:
            continue
        return (
            f"clerks {one.first} and {one.second} agree on {one.share or 0:.0%} of {one.both} pairs, which is hardly "
            "more than two who guess; look at the pairs together and label again"
        )
    return None


def unsound_answers(answers: Iterable[Answer]) -> tuple[Unsound, ...]:
    """The same of answers as they lie in a file, by the bands from which their pairs were drawn."""
    answers = tuple(answer for answer in answers if answer.answer != "unsure")
    by_clerk: dict[str, list[tuple[float, bool]]] = {}
    for answer in answers:
        if answer.band:
            by_clerk.setdefault(answer.clerk, []).append((_middle(answer.band), answer.answer == "same"))
    columns = {
        clerk: (np.array([one for one, _ in rows]), np.array([same for _, same in rows], dtype=bool))
        for clerk, rows in by_clerk.items()
    }
    clerks = unsound_clerks(columns)
    reason = disagreement(agreements(answers), (one.clerk for one in clerks if one.clerk))
    return clerks if reason is None else (*clerks, Unsound(None, reason))


def _middle(band: str) -> float:
    low, high = band_bounds(band)
    return float(bits(np.array((low + high) / 2)))


def _ends(score: Floats) -> tuple[float, float, Flags, Flags] | None:
    """The narrowest ends that hold answers enough: their limits, and which answers lie in them."""
    for low, high in ENDS:
        below, above = score < bits(np.array(low)), score >= bits(np.array(high))
        if min(int(below.sum()), int(above.sum())) >= FEWEST_AT_AN_END:
            return low, high, below, above
    return None


def _fault_at_the_ends(score: Floats, same: Flags) -> str | None:
    found = _ends(score)
    if found is None:
        return _fault_at_one_end(score, same)
    low, high, below, above = found
    few, many = int(same[below].sum()), int(same[above].sum())
    lower, upper = few / int(below.sum()), many / int(above.sum())
    everybody, called = int(below.sum() + above.sum()), few + many
    by_chance = float(hypergeom.sf(many - 1, everybody, called, int(above.sum())))
    if lower <= MOST_SAME_BELOW and upper - lower >= LEAST_RISE and by_chance <= CHANCE:
        return None
    return (
        f"of {int(below.sum())} pairs that the model scores below {low:g}, {few} were called the same person, and of "
        f"{int(above.sum())} that it scores {high:g} or more, {many}"
    )


def _fault_at_one_end(score: Floats, same: Flags) -> str | None:
    """What one end alone shows, where the other holds too few answers to set beside it."""
    low, high = ENDS[0]
    below, above = same[score < bits(np.array(low))], same[score >= bits(np.array(high))]
    if below.size >= FEWEST_AT_AN_END and below.mean() > MOST_SAME_BELOW:
        return f"of {below.size} pairs that the model scores below {low:g}, {below.sum()} were called the same person"
    if above.size >= FEWEST_AT_AN_END and above.mean() < LEAST_RISE:
        return (
            f"of {above.size} pairs that the model scores {high:g} or more, {above.sum()} were called the same person"
        )
    return None


def _fault_of_order(score: Floats, same: Flags) -> str | None:
    order = order_of(score, same)
    if order is None or order >= LEAST_ORDER:
        return None
    return (
        f"a pair called the same scores higher than one called different in {order:.0%} of cases, and noise gives 50%"
    )


def order_of(score: Floats, same: Flags) -> float | None:
    """How often a pair called the same scores above one called different; None where too few are of either kind."""
    ones, others = int(same.sum()), int((~same).sum())
    if min(ones, others) < FEWEST_OF_A_KIND:
        return None
    ranks = rankdata(score)[same]
    return float((ranks.sum() - ones * (ones + 1) / 2) / (ones * others))
