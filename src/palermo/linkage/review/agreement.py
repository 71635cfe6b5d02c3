"""How far two clerks agree: share, Cohen's kappa and Gwet's AC1 with intervals, and the pairs they see differently.

Kappa (Cohen 1960) falls towards 0 where nearly all pairs are of one kind, however well clerks agree; AC1 (Gwet 2008)
does not, so both are given. Only pairs count on which both were definite. The decision a reader would question:
intervals are by the jackknife, one formula for both measures, and the pairs count alike: this is about clerks, not
about lists.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import combinations

from palermo.linkage.review.labels import RESOLVED, Answer, RecordName

Pair = tuple[RecordName, RecordName]
Counts = tuple[tuple[float, float], tuple[float, float]]  # first clerk same/different, second clerk same/different
_Z = 1.959963984540054


@dataclass(frozen=True)
class Measure:
    """A measure with its 95 % interval; nothing where it is not defined (both gave one and the same answer always)."""

    value: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class Agreement:
    """Two clerks compared. ``unsure``: pairs both saw of which at least one was unsure."""

    first: str
    second: str
    both: int  # pairs on which both were definite
    unsure: int
    share: float | None
    kappa: Measure
    ac1: Measure
    disagreements: tuple[Pair, ...]  # in the order of the records; resolved ones too


def agreements(answers: Iterable[Answer]) -> tuple[Agreement, ...]:
    """Every two clerks who answered about one pair at least."""
    by_clerk: dict[str, dict[Pair, str]] = {}
    for answer in answers:
        if answer.clerk != RESOLVED:
            by_clerk.setdefault(answer.clerk, {})[answer.pair] = answer.answer
    found = (
        _compared(one, two, by_clerk[one], by_clerk[two])
        for one, two in combinations(sorted(by_clerk), 2)
        if by_clerk[one].keys() & by_clerk[two].keys()
    )
    return tuple(found)


def to_resolve(answers: Iterable[Answer]) -> tuple[Pair, ...]:
    """Pairs on which clerks disagree and of which nothing was said together yet.

    The clerks sit together, or ask a third, and the answer is given in the name ``RESOLVED``: it then holds for the
    truth.
    """
    said: dict[Pair, set[str]] = {}
    settled: set[Pair] = set()
    for answer in answers:
        if answer.clerk == RESOLVED:
            settled.add(answer.pair)
        elif answer.answer != "unsure":
            said.setdefault(answer.pair, set()).add(answer.answer)
    return tuple(sorted(pair for pair, kinds in said.items() if len(kinds) > 1 and pair not in settled))


def _compared(first: str, second: str, one: dict[Pair, str], two: dict[Pair, str]) -> Agreement:
    shared = sorted(one.keys() & two.keys())
    definite = [pair for pair in shared if "unsure" not in (one[pair], two[pair])]
    kinds = ("same", "different")
    table = [[float(sum((one[pair], two[pair]) == (a, b) for pair in definite)) for b in kinds] for a in kinds]
    counts: Counts = ((table[0][0], table[0][1]), (table[1][0], table[1][1]))
    return Agreement(
        first,
        second,
        both=len(definite),
        unsure=len(shared) - len(definite),
        share=(counts[0][0] + counts[1][1]) / len(definite) if definite else None,
        kappa=_jackknife(counts, kappa),
        ac1=_jackknife(counts, ac1),
        disagreements=tuple(pair for pair in definite if one[pair] != two[pair]),
    )


def kappa(counts: Counts) -> float | None:
    """Cohen's kappa: agreement beyond that of two clerks who guess at their own rates."""
    total, observed, first, second = _shares(counts)
    chance = first * second + (1 - first) * (1 - second)
    return None if not total or chance >= 1 else (observed - chance) / (1 - chance)


def ac1(counts: Counts) -> float | None:
    """Gwet's first agreement coefficient: chance agreement only on pairs that are hard to tell."""
    total, observed, first, second = _shares(counts)
    share = (first + second) / 2
    chance = 2 * share * (1 - share)
    return None if not total else (observed - chance) / (1 - chance)


def _shares(counts: Counts) -> tuple[float, float, float, float]:
    """Pairs in all, share on which both agree, share called the same by the first and by the second."""
    (both_same, first_same), (second_same, both_different) = counts
    total = both_same + first_same + second_same + both_different
    whole = max(total, 1.0)
    return (
        total,
        (both_same + both_different) / whole,
        (both_same + first_same) / whole,
        (both_same + second_same) / whole,
    )


def _jackknife(counts: Counts, measure: Callable[[Counts], float | None]) -> Measure:
    """The measure with the interval of its leave-one-out values; pairs of one kind are left out together."""
    value = measure(counts)
    total = sum(map(sum, counts))
    if value is None or total < 3:
        return Measure(value, None, None)
    pseudo: list[tuple[float, float]] = []  # value, how many pairs have it
    for row, column in ((0, 0), (0, 1), (1, 0), (1, 1)):
        if counts[row][column]:
            rest = [list(line) for line in counts]
            rest[row][column] -= 1
            left = measure(((rest[0][0], rest[0][1]), (rest[1][0], rest[1][1])))
            pseudo.append((value if left is None else total * value - (total - 1) * left, counts[row][column]))
    mean = sum(one * weight for one, weight in pseudo) / total
    spread = math.sqrt(sum(weight * (one - mean) ** 2 for one, weight in pseudo) / (total * (total - 1)))
    return Measure(value, max(-1.0, value - _Z * spread), min(1.0, value + _Z * spread))
