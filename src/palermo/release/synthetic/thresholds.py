"""From which noisy count on a combination is taken to exist: post-processing of the noisy counts.

Benjamini and Hochberg (1995): among candidates that nobody holds the noise alone reaches t with probability Q(t / s);
the least t is taken at which the expected number of those is at most a set share of all that reach it. So the
threshold grows with the number of candidates by itself. It is sought apart among candidates of about the same expected
count (stratified, Sun et al. 2006), which the shorter noisy counts give: where many persons are to be expected a low
count is believed sooner. The decision a reader would question: the share follows the dial, because in a closed file a
combination that is noise would be invented, and in an open one it only costs accuracy.
"""

import math

import numpy as np
import numpy.typing as npt
from numba import njit
from scipy.special import ndtr, ndtri

from palermo.release.synthetic.coded import Matrix, Whole
from palermo.release.synthetic.combinations import Index, slot_of

Real = npt.NDArray[np.float64]

FLOOR = 1.0  # noisy counts below so many standard deviations are not looked at again
REPORTABLE_SHARE = 0.005
FALSE_SINGLES = {"open": 0.03, "closed": 0.004}
FALSE_SHARE = {2: 0.05, 3: 0.1, 4: 0.1}  # open, by length
INVENTED_SHARE = {2: 0.011, 3: 0.024, 4: 0.009}  # closed, by length: of all combinations kept, held by nobody
_LOWEST_CLOSED = -3.0  # closed: the same, where a low count may be believed
_LOWEST, _HIGHEST = -8, 6  # strata: powers of 2 of the expected count in standard deviations

STRATA = _HIGHEST - _LOWEST + 1
EXPECTED: Real = np.exp2(np.arange(STRATA) + _LOWEST + 0.5)  # expected count of each stratum in standard deviations


def scores_of(noisy: Whole, deviation: Real | float) -> Real:
    """Noisy counts in standard deviations."""
    return np.asarray((noisy - 0.5) / deviation, dtype=np.float64)


def lowest_scores(dial: str) -> Real:
    """For each stratum, the score below which no count is looked at again."""
    believed = (EXPECTED >= 0.25) & (dial == "closed")
    return np.where(believed, _LOWEST_CLOSED, FLOOR)


def quantile(probability: float) -> float:
    """Standard normal value that is passed with ``probability``, and a little more for the noise being discrete."""
    return float(-ndtri(probability)) + 0.01


def least_reportable(scores: Real, number: int, share: float) -> float:
    """Least score (noisy count in standard deviations) kept, of ``number`` candidates of which these are the larger."""
    ordered = np.sort(scores[scores >= FLOOR - 0.5])[::-1]
    expected = number * ndtr(-ordered)
    good = np.flatnonzero(expected <= share * np.arange(1, len(ordered) + 1))
    return float(ordered[good[-1]]) if good.size else math.inf


def least_by_stratum(scores: Real, strata: Matrix, numbers: Whole, share: float) -> Real:
    """The least score kept in each stratum of ``numbers`` candidates."""
    return np.array([least_reportable(scores[strata == s], int(numbers[s]), share) for s in range(STRATA)])


@njit(cache=True, nogil=True)
def _log_expected(keys: Whole, length: int, slots: Whole, values: Matrix, log_noisy: Real, out: Real) -> None:
    fields = np.empty(length, dtype=np.int64)
    for i in range(keys.shape[0]):
        for f in range(length):
            fields[f] = (keys[i] >> (16 * (length - 1 - f))) & 0xFFFF
        total: float = 0.0
        least: float = np.inf
        for mask in range(1 << length):
            key = np.int64(0)
            size = 0
            for f in range(length):
                if (mask >> f) & 1:
                    key = (key << 16) | fields[f]
                    size += 1
            if size < length:
                value: float = log_noisy[values[slot_of(key, slots)]]
                total += value if (length - size) % 2 == 1 else -value
                if size == length - 1:
                    least = min(least, value)
        out[i] = min(total, least)


def strata_of(keys: Whole, length: int, known: tuple[Index, Real], deviation: float) -> Matrix:
    """Stratum of each candidate: its expected count if no interaction were of its full length.

    ``known``: the shorter keys that survived, the empty one among them, and the logarithm of their noisy counts.
    """
    index, log_noisy = known
    out = np.empty(len(keys))
    _log_expected(keys, length, index.slots, index.values, log_noisy, out)
    powers = np.floor((out - math.log(deviation)) / math.log(2))
    return (np.clip(powers, _LOWEST, _HIGHEST) - _LOWEST).astype(np.int32)
