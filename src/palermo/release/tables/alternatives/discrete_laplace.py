"""Integer noise for a pure epsilon: the discrete Laplace law (the two-sided geometric), from the system's randomness.

P(x) is proportional to q^|x| with a rational q that is never below exp(-epsilon), so the loss is never above epsilon.
As with the discrete Gaussian, cumulative chances in integer arithmetic are inverted with 128 random bits; a draw
differs from the exact law by less than 2^-100. The decision a reader would question: why a second law of noise. For few
levels it has less noise at the same (epsilon, delta) than the Gaussian, and needs no delta at all.
"""

import math
from fractions import Fraction
from functools import lru_cache

from palermo.errors import UsageError
from palermo.release.synthetic.discrete_gaussian import BITS, Integers, Randomness, Table, cumulated, drawn

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
def _table(q: Fraction) -> Table:
    reach = math.ceil(_TAIL / -math.log(q)) + 1
    if reach > _LONGEST:
        raise UsageError("so small an epsilon for one level drowns every count; give more budget or fewer levels")
    masses, one = [1 << BITS], (q.numerator << BITS) // q.denominator
    for _ in range(reach):
        masses.append(masses[-1] * one >> BITS)
    return cumulated(masses)


def laplace_draws(epsilon: Fraction, number: int, randomness: Randomness) -> Integers:
    """``number`` independent draws; a count that one person changes by 1 then loses ``epsilon``."""
    return drawn(_table(ratio(epsilon)), number, randomness)
