"""Integer noise: the discrete Gaussian (Canonne, Kamath and Steinke 2020), drawn in bulk from the system's randomness.

P(x) is proportional to exp(-x^2 / (2 variance)) over all integers. The cumulative probabilities are computed in integer
arithmetic to 200 bits, cut to 128 bits, and inverted: one 64-bit word decides a draw except where it meets a
boundary, when a second word does. A draw differs from the exact law by less than 2^-100 in total variation, so 10^9
draws add less than 10^-21 to delta; no floating-point number is used. ``exact_draw`` is the authors' own rejection
sampler in rational arithmetic: slow, and there to check the fast one. The decision a reader would question: a table
instead of rejection, so that time does not depend on the values drawn and the bound is one line.
"""

import math
import os
from fractions import Fraction
from functools import lru_cache
from typing import Protocol

import numpy as np
import numpy.typing as npt
from numba import njit

Words = npt.NDArray[np.uint64]
Integers = npt.NDArray[np.int64]
Table = tuple[Words, Words, int]  # upper and lower 64 bits of the cumulative chances of -reach, 1 - reach, ...; reach

BITS = 256  # of the fixed-point numbers; errors stay below 2^-200
_SPREAD = 14  # the table ends at so many standard deviations: exp(-14^2/2) < 2^-141


class Randomness(Protocol):
    """A source of uniform 64-bit words."""

    def words(self, number: int) -> Words:
        """The next ``number`` words."""
        ...


class SystemRandomness:
    """The operating system's randomness: the only source that protects anybody."""

    def words(self, number: int) -> Words:
        """The next ``number`` words."""
        return np.frombuffer(os.urandom(8 * number), dtype=np.uint64)


class SeededRandomness:
    """For tests only: whoever knows the seed can take the noise off."""

    def __init__(self, seed: int) -> None:
        self._stream = np.random.Generator(np.random.PCG64DXSM(seed))

    def words(self, number: int) -> Words:
        """The next ``number`` words."""
        return self._stream.integers(0, 2**64, size=number, dtype=np.uint64)


def _exp_of_minus(x: Fraction) -> int:
    """exp(-x) for 0 <= x in fixed point, by its series after halving to below 1/2."""
    halvings = 0
    while x > Fraction(1, 2):
        x, halvings = x / 2, halvings + 1
    one = 1 << (BITS + 64)
    term, total, n = one, one, 0
    while term:
        n += 1
        term = term * x.numerator // (x.denominator * n)
        total += -term if n % 2 else term
    for _ in range(halvings):
        total = total * total >> (BITS + 64)
    return total >> 64


@lru_cache(maxsize=32)
def _table(variance: Fraction) -> Table:
    reach = 1
    while Fraction(reach * reach) < variance * _SPREAD * _SPREAD:
        reach += max(1, reach // 8)
    one = 1 << BITS
    falls = _exp_of_minus(1 / (2 * variance))  # P(1) / P(0)
    twice = falls * falls >> BITS  # what that ratio is multiplied by from one step to the next
    masses = [one]
    for _ in range(reach):
        masses.append(masses[-1] * falls >> BITS)
        falls = falls * twice >> BITS
    return cumulated(masses)


def cumulated(masses: list[int]) -> Table:
    """The table of a law that is symmetric about 0, from the integer masses of 0, 1, 2, ..., its reach."""
    reach = len(masses) - 1
    total = masses[0] + 2 * sum(masses[1:])
    upper, lower, running = [], [], 0
    for x in range(-reach, reach):
        running += masses[abs(x)]
        word = min((running << 128) // total, (1 << 128) - 1)
        upper.append(word >> 64)
        lower.append(word & ((1 << 64) - 1))
    return np.array(upper, dtype=np.uint64), np.array(lower, dtype=np.uint64), reach


@njit(cache=True, nogil=True)
def _invert(words: Words, upper: Words, out: Integers) -> int:
    """Position of each word among ``upper``; -1 - position where it equals one and a second word must decide."""
    undecided = 0
    for i in range(words.shape[0]):
        low, high = 0, upper.shape[0]
        while low < high:
            middle = (low + high) >> 1
            if upper[middle] < words[i]:
                low = middle + 1
            else:
                high = middle
        if low < upper.shape[0] and upper[low] == words[i]:
            undecided += 1
            out[i] = -1 - low
        else:
            out[i] = low
    return undecided


def draws(variance: Fraction, number: int, randomness: Randomness) -> Integers:
    """``number`` independent draws of the discrete Gaussian with parameter ``variance``."""
    return drawn(_table(variance), number, randomness)


def drawn(table: Table, number: int, randomness: Randomness) -> Integers:
    """``number`` independent draws of the law that ``cumulated`` tabled."""
    upper, lower, reach = table
    words = randomness.words(number)
    out = np.empty(number, dtype=np.int64)
    if _invert(words, upper, out):
        for i in np.flatnonzero(out < 0).tolist():
            out[i] = _decide(int(words[i]), -1 - int(out[i]), upper, lower, int(randomness.words(1)[0]))
    return out - reach


def _decide(word: int, position: int, upper: Words, lower: Words, second: int) -> int:
    """First position whose boundary lies above the 128-bit number (word, second)."""
    while position < len(upper) and (int(upper[position]), int(lower[position])) <= (word, second):
        position += 1
    return position


# ---- the authors' sampler ----------------------------------------------------------------------------------------


def _below(bound: int, randomness: Randomness) -> int:
    """Uniform integer in 0, ..., bound - 1."""
    words = -(-bound.bit_length() // 64) + 1
    limit = (1 << (64 * words)) // bound * bound
    while True:
        number = 0
        for word in randomness.words(words).tolist():
            number = number << 64 | word
        if number < limit:
            return number % bound


def _coin(probability: Fraction, randomness: Randomness) -> bool:
    return _below(probability.denominator, randomness) < probability.numerator


def _coin_exp(x: Fraction, randomness: Randomness) -> bool:
    """True with probability exp(-x) (their algorithm 1)."""
    while x > 1:
        if not _coin_exp(Fraction(1), randomness):
            return False
        x -= 1
    k = 1
    while _coin(x / k, randomness):
        k += 1
    return k % 2 == 1


def _laplace(scale: int, randomness: Randomness) -> int:
    """Discrete Laplace (their algorithm 2 with s = 1)."""
    while True:
        u = _below(scale, randomness)
        if not _coin_exp(Fraction(u, scale), randomness):
            continue
        v = 0
        while _coin_exp(Fraction(1), randomness):
            v += 1
        size = u + scale * v
        negative = _coin(Fraction(1, 2), randomness)
        if not (negative and size == 0):
            return -size if negative else size


def exact_draw(variance: Fraction, randomness: Randomness) -> int:
    """One draw of the discrete Gaussian in rational arithmetic (their algorithm 3)."""
    scale = math.isqrt(math.floor(variance)) + 1  # floor of the standard deviation, plus one
    while True:
        y = _laplace(scale, randomness)
        if _coin_exp((abs(y) - variance / scale) ** 2 / (2 * variance), randomness):
            return y
