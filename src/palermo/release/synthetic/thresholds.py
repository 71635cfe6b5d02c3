"""From which noisy count on a combination is taken to exist: post-processing of the noisy counts.

Benjamini and Hochberg (1995): among candidates that nobody holds the noise alone reaches t with probability Q(t / s);
the least t is taken at which the expected number of those is at most a set share of all that reach it. So the
threshold grows with the number of candidates by itself. The decision a reader would question: the share follows the
dial, because in a closed file such a combination would be invented, and in an open one it only costs accuracy.
"""

import math

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

FLOOR = 1.0  # noisy counts below so many standard deviations are not looked at again
REPORTABLE_SHARE = 0.005
FALSE_SHARE = {"open": (0.1, 0.05, 0.1, 0.1), "closed": (0.03, 0.1, 0.15, 0.15)}  # for lengths 1, 2, 3, 4


def quantile(probability: float) -> float:
    """Standard normal value that is passed with ``probability``, and a little more for the noise being discrete."""
    return float(-ndtri(probability)) + 0.01


def least_reportable(scores: npt.NDArray[np.float64], number: int, share: float) -> float:
    """Least score (noisy count in standard deviations) kept, of ``number`` candidates of which these are the larger."""
    ordered = np.sort(scores[scores >= FLOOR - 0.5])[::-1]
    expected = number * ndtr(-ordered)
    good = np.flatnonzero(expected <= share * np.arange(1, len(ordered) + 1))
    return float(ordered[good[-1]]) if good.size else math.inf
