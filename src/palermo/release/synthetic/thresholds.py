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
FALSE_SHARE = {"open": (0.1, 0.05, 0.1, 0.1), "closed": (0.02, 0.05, 0.07, 0.07)}  # for lengths 1, 2, 3, 4


def quantile(probability: float) -> float:
    """Standard normal value that is passed with ``probability``, and a little more for the noise being discrete."""
    return float(-ndtri(probability)) + 0.01


def least_reportable(noisy: npt.NDArray[np.int64], deviation: float, number: int, share: float) -> float:
    """Least noisy count kept, of ``number`` candidates of which ``noisy`` are the larger ones."""
    ordered = np.sort(noisy[noisy >= max(1.0, FLOOR * deviation)])[::-1]
    expected = number * ndtr(-(ordered - 0.5) / deviation)
    good = np.flatnonzero(expected <= share * np.arange(1, len(ordered) + 1))
    return float(ordered[good[-1]]) if good.size else math.inf
