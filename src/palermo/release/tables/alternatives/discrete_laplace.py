"""Integer noise for a pure epsilon: the discrete Laplace law (the two-sided geometric), from the system's randomness.

P(x) is proportional to q^|x| with a rational q that is never below exp(-epsilon), so the loss is never above epsilon.
As with the discrete Gaussian, cumulative chances in integer arithmetic are inverted with 128 random bits; a draw
differs from the exact law by less than 2^-100. The decision a reader would question: why a second law of noise. For few
levels it has less noise at the same (epsilon, delta) than the Gaussian, and needs no delta at all.
"""

import math
from fractions import Fraction
from functools import lru_cache

import numpy as np

from palermo.errors import UsageError
from palermo.release.synthetic.discrete_gaussian import Integers, Randomness, Words

_BITS = 256
_TAIL = 90.0  # the table ends where a chance is below exp(-90)
_LONGEST = 2_000_000


def ratio(epsilon: Fraction) -> Fraction:
    """A rational of 60 bits that is at least exp(-epsilon)."""
    return Fraction(math.ceil(math.exp(-float(epsilon)) * (1 + 1e-12) * 2**60) + 1, 2**60)


def variance(epsilon: Fraction) -> float:
    """2 q / (1 - q)^2."""
    q = float(ratio(epsilon))
    return 2 * q / (1 - q) ** 2


@lru_cache(maxsize=32)
def _table(q: Fraction) -> tuple[Words, Words, int]:
    reach = math.ceil(_TAIL / -math.log(q)) + 1
    if reach > _LONGEST:
        raise UsageError("so small an epsilon for one level drowns every count; give more budget or fewer levels")
    masses, one = [1 << _BITS], (q.numerator << _BITS) // q.denominator
    for _ in range(reach):
        masses.append(masses[-1] * one >> _BITS)
    total = masses[0] + 2 * sum(masses[1:])
    upper, lower, running = [], [], 0
    for x in range(-reach, reach):
        running += masses[abs(x)]
        word = min((running << 128) // total, (1 << 128) - 1)
        upper.append(word >> 64)
        lower.append(word & ((1 << 64) - 1))
    return np.array(upper, dtype=np.uint64), np.array(lower, dtype=np.uint64), reach


def laplace_draws(epsilon: Fraction, number: int, randomness: Randomness) -> Integers:
    """``number`` independent draws; a count that one person changes by 1 then loses ``epsilon``."""
    upper, lower, reach = _table(ratio(epsilon))
    words = randomness.words(number)
    place = np.searchsorted(upper, words, side="left").astype(np.int64)
    met = np.flatnonzero(upper[np.minimum(place, len(upper) - 1)] == words)
    for i in met.tolist():  # the first 64 bits lie on a boundary: the next 64 decide
        second = int(randomness.words(1)[0])
        while place[i] < len(upper) and (int(upper[place[i]]), int(lower[place[i]])) <= (int(words[i]), second):
            place[i] += 1
    return place - reach
