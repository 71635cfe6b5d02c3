"""Privacy loss in zero-concentrated differential privacy (zCDP): conversion to and from (epsilon, delta), and sums.

A release with loss rho (Bun and Steinke 2016) satisfies (epsilon, delta) for many pairs. ``delta_of`` gives the least
delta that follows from rho alone by Renyi divergence (Canonne, Kamath and Steinke 2020, corollary 13):

    delta = min over a > 1 of exp((a - 1)(a rho - epsilon)) / (a - 1) * (1 - 1/a)^a

Losses of several releases on the same persons add. A release that may also tell a value held by few, with a chance of
at most d, has an approximate loss (d-approximate rho-zCDP, Bun and Steinke 2016, section 8): rho and d both add, and
imply (epsilon, d + delta) for each (epsilon, delta) of the rho. The decision a reader would question: the budget is
kept in rho and not in the slightly smaller curve of the continuous Gaussian, because our noise is discrete and rho is
proved for it.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from palermo.errors import UsageError

_STEPS = 80  # cuts of an interval: more than the digits of a float


@dataclass(frozen=True)
class Loss:
    """What a release may tell of one person, exactly: ``rho`` of its noise, and the chance ``failing`` of its codes.

    ``failing`` is a delta: values that were found in the data come out where their noisy count is high, and one that a
    single person holds does so with at most this chance.
    """

    rho: Fraction = Fraction(0)
    failing: Fraction = Fraction(0)

    def __add__(self, other: "Loss") -> "Loss":
        return Loss(self.rho + other.rho, self.failing + other.failing)

    def __bool__(self) -> bool:
        return bool(self.rho or self.failing)

    def left_of(self, delta: float) -> float:
        """What ``failing`` leaves of a delta for the noise: rounded down, 0 where nothing is left."""
        left = Fraction(delta) - self.failing
        if left <= 0:
            return 0.0
        near = float(left)
        return near if Fraction(near) <= left else math.nextafter(near, 0.0)

    def epsilon(self, delta: float) -> float:
        """The epsilon that it amounts to at a delta, rounded up; infinite where ``failing`` takes the whole delta."""
        left = self.left_of(delta)
        return epsilon_of(upper(self.rho), left) if left else math.inf

    def is_within(self, epsilon: float, delta: float) -> bool:
        """Whether (``epsilon``, ``delta``) holds."""
        left = self.left_of(delta)
        return not self or (left > 0 and delta_of(upper(self.rho), epsilon) <= left)


def upper(number: Fraction) -> float:
    """A float that is never below the number."""
    near = float(number)
    return near if Fraction(near) >= number else math.nextafter(near, math.inf)


def total_of(losses: Iterable[Loss]) -> Loss:
    """Loss of several releases about the same persons."""
    return sum(losses, Loss())


def _log_delta(rho: float, epsilon: float, order: float) -> float:
    """Log of the bound on delta by one order ``order`` > 1 of the Renyi divergence."""
    more = order - 1
    return more * (order * rho - epsilon) - math.log(more) + order * math.log1p(-1 / order)


def delta_of(rho: float, epsilon: float) -> float:
    """Least delta at which ``rho``-zCDP implies (``epsilon``, delta)."""
    if rho <= 0:
        return 0.0
    low, high = 1 + 1e-9, max(2.0, (epsilon + 1) / rho + 2)
    for _ in range(_STEPS):  # the bound falls, then rises with the order: golden section without the gold
        left, right = low + (high - low) / 3, high - (high - low) / 3
        if _log_delta(rho, epsilon, left) < _log_delta(rho, epsilon, right):
            high = right
        else:
            low = left
    return min(1.0, math.exp(_log_delta(rho, epsilon, (low + high) / 2)))


@lru_cache(maxsize=64)
def rho_of(epsilon: float, delta: float) -> float:
    """Largest rho that implies (``epsilon``, ``delta``); rounded down, never up."""
    _check(epsilon, delta)
    low, high = 0.0, epsilon + 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if delta_of(middle, epsilon) <= delta:
            low = middle
        else:
            high = middle
    return low


def epsilon_of(rho: float, delta: float) -> float:
    """Least epsilon at which ``rho``-zCDP implies (epsilon, ``delta``); rounded up."""
    if rho <= 0:
        return 0.0
    low, high = 0.0, rho + 2 * math.sqrt(rho * math.log(1 / delta)) + 1
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if delta_of(rho, middle) <= delta:
            high = middle
        else:
            low = middle
    return high


def composed(losses: Iterable[float]) -> float:
    """Loss of several releases about the same persons: zCDP adds."""
    return math.fsum(losses)


def _check(epsilon: float, delta: float) -> None:
    if not (math.isfinite(epsilon) and epsilon > 0):
        raise UsageError(f"epsilon is {epsilon}: it must be a number above 0, most often between 0.1 and 12")
    if not 0 < delta < 1:
        raise UsageError(f"delta is {delta}: it must lie between 0 and 1, far below one over the number of persons")
