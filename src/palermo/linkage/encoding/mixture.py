"""From Dice coefficient to probability without labels: a mixture fitted by expectation-maximisation.

Pairs of different persons thin out exponentially above the threshold; pairs of one person are spread evenly up to the
top. The decision a reader would question: these shapes are assumptions, chosen because they hold over thresholds and
hardenings. The probability orders pairs and is a starting point; only labels calibrate it.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
STEPS = 300
BINS = 400
ENOUGH = 200  # pairs; with fewer the fit is left and the default curve is used


@dataclass(frozen=True)
class Mixture:
    """``share`` of the pairs at or above the threshold that are one person, and the ``decay`` of the others.

    ``top`` is the highest Dice coefficient: 1, or less where flipped bits keep all pairs below it.
    """

    threshold: float
    share: float
    decay: float
    top: float = 1.0

    def odds(self, dice: Floats) -> Floats:
        """Odds that a pair is one person; they rise with Dice."""
        width = self.top - self.threshold
        other = self.decay * np.exp(-self.decay * (dice - self.threshold)) / -np.expm1(-self.decay * width)
        found: Floats = self.share / width / np.maximum((1 - self.share) * other, 1e-300)
        return found


def fit(dice: Floats, threshold: float) -> Mixture:
    """The mixture of the Dice coefficients at or above ``threshold``; with few pairs, a default curve."""
    if len(dice) < ENOUGH:
        return Mixture(threshold, 0.5, 12 / (1 - threshold))
    top = max(float(dice.max()), threshold + (1 - threshold) / 4)
    width = top - threshold
    found = Mixture(threshold, 0.5, 12 / width, top)
    counts, edges = np.histogram(dice, BINS, (threshold, top))
    centres = (edges[1:] + edges[:-1]) / 2
    for _ in range(STEPS):
        odds = found.odds(centres)
        other = counts / (1 + odds)
        total = max(float(other.sum()), 1e-6)
        decay = _decay(float((other * (centres - threshold)).sum()) / total, width)
        found = Mixture(threshold, min(max(1 - total / len(dice), 1e-6), 1 - 1e-6), decay, top)
    return found


def _decay(mean: float, width: float) -> float:
    """The decay of an exponential curve cut at ``width`` that has this mean, by bisection."""
    low, high = 0.01 / width, 1000 / width
    for _ in range(60):
        middle = np.sqrt(low * high)
        here = 1 / middle - width / np.expm1(min(middle * width, 700.0))
        low, high = (middle, high) if here > mean else (low, middle)
    return float(np.sqrt(low * high))
