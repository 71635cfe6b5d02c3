"""From Dice coefficient to probability without labels: two kinds of pairs mixed, fitted by expectation-maximisation.

Pairs of different persons thin out exponentially above the threshold; pairs of one person follow a normal curve, cut at
the threshold and at 1. Both shapes are assumptions: the probability orders pairs and is a starting point, and only
labels calibrate it. The decision a reader would question: the odds of a pair are then shared with its rivals, the other
candidates of both records in the same two lists, because a person mostly stands once in a list. A common name has many
near rivals and loses; a rare one has none and stays.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import norm

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
STEPS = 300
ENOUGH = 50  # pairs; with fewer the fit is left and the default curve is used
LEAST, MOST = 1e-9, 1 - 1e-9


@dataclass(frozen=True)
class Mixture:
    """``share`` of pairs above the threshold that are one person; ``decay`` of the rest; ``mean`` and ``spread``."""

    threshold: float
    share: float
    decay: float
    mean: float
    spread: float

    def odds(self, dice: Floats) -> Floats:
        """Odds that a pair is one person, never falling as Dice rises."""
        place = np.minimum(dice, self.mean)  # beyond its mean the normal curve would fall again
        width = 1 - self.threshold
        same = norm.pdf(place, self.mean, self.spread) / _inside(self.threshold, self.mean, self.spread)
        other = self.decay * np.exp(-self.decay * (dice - self.threshold)) / -np.expm1(-self.decay * width)
        found: Floats = self.share / (1 - self.share) * same / np.maximum(other, 1e-300)
        return found


def fit(dice: Floats, threshold: float) -> Mixture:
    """The mixture of the Dice coefficients at or above ``threshold``."""
    width = 1 - threshold
    middle = threshold + 0.6 * width
    guess = Mixture(threshold, 0.5, 8 / width, middle, width / 5)
    if len(dice) < ENOUGH:
        return guess
    counts, edges = np.histogram(dice, 400, (threshold, 1.0))
    centres = (edges[1:] + edges[:-1]) / 2
    found = guess
    for _ in range(STEPS):
        odds = found.odds(centres)
        same = counts * odds / (1 + odds)
        found = _maximise(found, centres, same, counts - same)
    return found


def _maximise(before: Mixture, centres: Floats, same: Floats, other: Floats) -> Mixture:
    total_same, total_other = max(float(same.sum()), 1e-6), max(float(other.sum()), 1e-6)
    width = 1 - before.threshold
    mean = float((same * centres).sum()) / total_same
    spread = max(float(np.sqrt((same * (centres - mean) ** 2).sum() / total_same)), width / 40)
    decay = _decay(float((other * (centres - before.threshold)).sum()) / total_other, width)
    return Mixture(before.threshold, total_same / (total_same + total_other), decay, mean, spread)


def _decay(mean: float, width: float) -> float:
    """The decay of an exponential curve cut at ``width`` that has this mean, by bisection."""
    low, high = 0.01 / width, 1000 / width
    for _ in range(60):
        middle = np.sqrt(low * high)
        here = 1 / middle - width / np.expm1(min(middle * width, 700.0))
        low, high = (middle, high) if here > mean else (low, middle)
    return float(np.sqrt(low * high))


def _inside(threshold: float, mean: float, spread: float) -> float:
    return max(float(norm.cdf(1.0, mean, spread) - norm.cdf(threshold, mean, spread)), 1e-9)


def against_rivals(odds: Floats, left: Ints, right: Ints, lists: Ints) -> Floats:
    """Probability of each pair where at most one of a record's candidates in another list is right.

    ``lists`` is the list of each record. Pairs within one list have no rivals: a list may hold a person many times.
    """
    across = lists[left] != lists[right]
    many = int(lists.max()) + 1 if len(lists) else 1
    one = _sums(left * many + lists[right], odds)
    other = _sums(right * many + lists[left], odds)
    rivals = np.where(across, one + other - odds, odds)
    probability: Floats = np.clip(odds / (1 + np.maximum(rivals, odds)), LEAST, MOST)
    return probability


def _sums(group: Ints, values: Floats) -> Floats:
    _, place = np.unique(group, return_inverse=True)
    sums: Floats = np.bincount(place, values)[place] if len(group) else values
    return sums
