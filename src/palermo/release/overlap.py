"""How many persons the lists share, as it may leave the office: ranges on a grid, and one mark for all that is small.

Each exact combination of lists is printed as the range of its grid cell (``base`` persons wide, 2 k or more). All
combinations of fewer than ``base`` persons, those of nobody too, carry one mark. The reader is taken to know the exact
number of persons on every list and on all of them, which is more than any table prints; where a marked combination, or
two lists that share few, could then be narrowed to less than k persons, the grid is made coarser. The decision a reader
would question: where no grid is coarse enough nothing is printed, as with two lists, which such a reader works out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import inf

import numpy as np

from palermo.release.estimates import step_of
from palermo.release.feasible import Prover, Relations, Vector, propagate

MOST_BASE = 1000
Counts = Mapping[int, int]  # persons by history: bit i is list i


@dataclass(frozen=True)
class Sum:
    """What a reader knows of the persons on all the lists of ``term`` (0: of everyone): at least, at most."""

    term: int
    low: float
    high: float


def ranges(counts: Counts, lists: int, base: int) -> tuple[Vector, Vector]:
    """Least and most persons by history, as a grid of ``base`` tells; nobody has history 0."""
    cells = np.zeros(1 << lists)
    for history, count in counts.items():
        cells[history] = count
    low = np.floor(cells / base) * base
    high = low + base - 1
    high[0] = 0.0
    return low, high


def base_for(counts: Counts, lists: int, k: int) -> int | None:
    """The finest grid that narrows no marked combination, and no two lists that share few, to less than k persons."""
    known = [Sum(0, n := float(sum(counts.values())), n)]
    known += [Sum(1 << place, size := float(_on(counts, 1 << place)), size) for place in range(lists)]
    few = [term for term in pairs(lists) if 0 < _on(counts, term) < k]
    return next((base for base in _bases(k) if is_proven(*ranges(counts, lists, base), known, few, (base, k))), None)


def is_proven(low: Vector, high: Vector, known: Sequence[Sum], few: Sequence[int], limits: tuple[int, int]) -> bool:
    """Whether every combination marked as fewer than ``base``, and every term of ``few``, is open by k persons or more.

    ``limits`` are base and k.
    """
    base, k = limits
    sums = [*known, *(Sum(term, 0.0, inf) for term in few)]
    cells = len(low)
    equal = [{**{cell: 1 for cell in range(1, cells) if cell & own.term == own.term}, cells + place: -1}
             for place, own in enumerate(sums)]  # fmt: skip
    most = float(high.sum())
    lows = np.concatenate([low, [own.low for own in sums]])
    highs = np.concatenate([high, [min(own.high, most) for own in sums]])
    relations = Relations.of(equal, [], len(lows))
    lows, highs = propagate(relations, lows, highs)
    if (lows > highs).any():
        return False
    wanted = np.zeros(len(lows))
    wanted[1:cells][high[1:] < base] = k
    wanted[cells + len(known) :] = k
    if ((highs - lows) < wanted).any():
        return False
    prover = Prover(relations, lows, highs)
    return not bool(prover.too_narrow(wanted[prover.free]).any())


def pairs(lists: int) -> list[int]:
    """The pairs of lists as terms."""
    return [(1 << one) | (1 << two) for one, two in combinations(range(lists), 2)]


def _on(counts: Counts, term: int) -> int:
    return sum(count for history, count in counts.items() if history & term == term)


def _bases(k: int) -> list[int]:
    found = [step_of(k)]
    while found[-1] < MOST_BASE:
        found.append(step_of(found[-1] // 2 + 1))
    return found
