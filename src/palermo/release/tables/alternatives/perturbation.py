"""The perturbation table of cell-key noise: for each count, how likely each noise is. Unbiased, of known variance.

For a count i the noise v lies between -D and D, never makes a count negative, and never leaves a count of 1 to
``blocked``. Of all such laws with mean 0 and the variance asked for, the one of most entropy is taken (Marley and
Leaver 2011; Giessing 2016): p(v) is proportional to exp(a v + b v^2), and a, b solve a convex problem in two unknowns.
The decision a reader would question: probabilities are fractions, moved by less than 2^-30 so that both moments hold
exactly, not to the fifteenth digit; where no law has the variance asked for, the nearest that one has is used and said.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from palermo.errors import UsageError

Real = npt.NDArray[np.float64]
_BITS = 40
_STEPS = 200


@dataclass(frozen=True)
class Noise:
    """``reach`` is D, the most a count is changed by; no published count is 1 to ``blocked``."""

    reach: int = 4
    variance: Fraction = Fraction(2)
    blocked: int = 2

    def __post_init__(self) -> None:
        if self.reach < 1 or self.reach > 50:
            raise UsageError(f"noise up to {self.reach}; expected 1 to 50")
        if not 0 <= self.blocked < self.reach:
            raise UsageError(f"no counts of 1 to {self.blocked} need noise above {self.blocked}, not {self.reach}")
        if not 0 < self.variance <= self.reach**2:
            raise UsageError(f"variance {self.variance}; expected above 0 and at most {self.reach**2}")


@dataclass(frozen=True)
class Law:
    """The noise of one count: values in order, and their probabilities, which add up to exactly 1."""

    values: tuple[int, ...]
    chances: tuple[Fraction, ...]

    @property
    def mean(self) -> Fraction:
        """Expected noise."""
        return sum((v * p for v, p in zip(self.values, self.chances, strict=True)), Fraction(0))

    @property
    def variance(self) -> Fraction:
        """Expected squared noise (the mean is 0)."""
        return sum((v * v * p for v, p in zip(self.values, self.chances, strict=True)), Fraction(0))


def laws(noise: Noise) -> tuple[Law, ...]:
    """The laws of counts 0, 1, 2, ...; the last is that of all larger counts too."""
    last = noise.reach + noise.blocked + 1  # from here on noise never meets a blocked count
    return (Law((0,), (Fraction(1),)), *(law_of(count, noise) for count in range(1, last + 1)))


def law_of(count: int, noise: Noise) -> Law:
    """The law of one count."""
    reach, shut = noise.reach, range(1, noise.blocked + 1)
    values = tuple(v for v in range(-reach, reach + 1) if count + v >= 0 and count + v not in shut)
    lower = max(v for v in values if v < 0) if min(values) < 0 else 0
    upper = min(v for v in values if v > 0)
    least = Fraction(0) if 0 in values else Fraction(-lower * upper)
    most = Fraction(-min(values) * max(values))
    if noise.variance >= most:
        return _two(min(values), max(values))
    if noise.variance <= least:
        return _two(lower, upper)
    return _exact(values, _most_entropy(values, float(noise.variance)), noise.variance)


def _two(low: int, high: int) -> Law:
    """The only law on two values with mean 0."""
    return Law((low, high), (Fraction(high, high - low), Fraction(-low, high - low)))


def _most_entropy(values: tuple[int, ...], variance: float) -> Real:
    """Newton's method on the convex dual log sum exp(a v + b (v^2 - variance)), with halved steps."""
    v = np.array(values, dtype=np.float64)
    given = np.stack([v, v * v - variance])
    at = np.zeros(2)
    for _ in range(_STEPS):
        chances = _tilted(given, at)
        slope = given @ chances
        bend = (given * chances) @ given.T - np.outer(slope, slope)
        step = -np.linalg.solve(bend + 1e-14 * np.eye(2), slope)
        size = 1.0
        while size > 1e-9 and _dual(given, at + size * step) > _dual(given, at) + 1e-4 * size * (slope @ step):
            size /= 2
        at = at + size * step
        if abs(slope).max() < 1e-14:
            break
    return _tilted(given, at)


def _dual(given: Real, at: Real) -> float:
    powers = at @ given
    return float(powers.max() + np.log(np.exp(powers - powers.max()).sum()))


def _tilted(given: Real, at: Real) -> Real:
    powers = at @ given
    raised = np.exp(powers - powers.max())
    return np.asarray(raised / raised.sum())


def _exact(values: tuple[int, ...], chances: Real, variance: Fraction) -> Law:
    """Multiples of 2^-40 nearest to the chances, the three largest of them moved so that all moments hold."""
    near = [Fraction(round(float(p) * 2**_BITS), 2**_BITS) for p in chances]
    law = Law(values, tuple(near))
    left, mean, square = 1 - sum(near), -law.mean, variance - law.variance
    places = np.argsort(-chances, kind="stable")[:3].tolist()
    for place in places:  # Lagrange: the one law on three values with these moments
        a, b, c = values[place], *(values[other] for other in places if other != place)
        near[place] += (square - (b + c) * mean + b * c * left) / ((a - b) * (a - c))
    if min(near) < 0:
        raise UsageError(f"no exact law of variance {variance} on {values}; choose another variance or reach")
    return Law(values, tuple(near))
