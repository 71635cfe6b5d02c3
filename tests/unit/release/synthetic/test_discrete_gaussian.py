from decimal import Decimal, getcontext
from fractions import Fraction

import numpy as np
import pytest
from scipy.stats import chisquare

from palermo.release.synthetic.discrete_gaussian import (
    SeededRandomness,
    SystemRandomness,
    _decide,
    _table,
    draws,
    exact_draw,
)


def pmf(variance: float, reach: int) -> tuple[np.ndarray, np.ndarray]:
    x = np.arange(-reach, reach + 1)
    mass = np.exp(-(x**2) / (2 * variance))
    return x, mass / mass.sum()


def p_value(sample: np.ndarray, variance: float) -> float:
    """Chi-square against the exact law, cells with fewer than 10 expected put together at the ends."""
    reach = 60
    x, mass = pmf(variance, reach)
    expected = mass * len(sample)
    inner = np.abs(x) <= np.abs(x[expected >= 10]).max()
    observed = np.array([(sample == v).sum() for v in x])
    ends = [observed[~inner].sum(), expected[~inner].sum()]
    return float(chisquare([*observed[inner], ends[0]], [*expected[inner], ends[1]]).pvalue)


@pytest.mark.parametrize("variance", [Fraction(1, 5), Fraction(1), Fraction(37, 10), Fraction(90)])
def test_bulk_sampler_has_the_exact_law(variance: Fraction) -> None:
    sample = draws(variance, 200_000, SeededRandomness(11))
    assert p_value(sample, float(variance)) > 1e-3


def test_law_test_would_notice_a_wrong_variance() -> None:
    sample = draws(Fraction(9), 200_000, SeededRandomness(11))
    assert p_value(sample, 9.3) < 1e-6


@pytest.mark.parametrize("variance", [Fraction(1, 3), Fraction(23, 10)])
def test_rational_sampler_has_the_exact_law(variance: Fraction) -> None:
    randomness = SeededRandomness(5)
    sample = np.array([exact_draw(variance, randomness) for _ in range(3000)])
    assert p_value(sample, float(variance)) > 1e-3


def test_table_is_exact_to_sixty_decimals_of_the_mass() -> None:
    """Cumulative probabilities against a sum in rational arithmetic with Python's own integers."""
    variance = Fraction(2)
    upper, lower, reach = _table(variance)
    getcontext().prec = 80
    mass = [(-(Decimal(x * x)) / 4).exp() for x in range(-reach, reach + 1)]
    total, running = sum(mass), Decimal(0)
    for i in range(2 * reach):
        running += mass[i]
        word = (int(upper[i]) << 64) | int(lower[i])
        assert abs(Decimal(word) / Decimal(2**128) - running / total) < Decimal(2) ** -120


def test_second_word_decides_at_a_boundary() -> None:
    upper, lower = np.array([5, 5, 9], dtype=np.uint64), np.array([10, 20, 0], dtype=np.uint64)
    assert _decide(5, 0, upper, lower, 9) == 0
    assert _decide(5, 0, upper, lower, 10) == 1
    assert _decide(5, 0, upper, lower, 25) == 2


def test_system_randomness_does_not_repeat() -> None:
    a, b = (draws(Fraction(10**6), 50, SystemRandomness()) for _ in range(2))
    assert a.tolist() != b.tolist()


def test_large_variance_keeps_its_spread() -> None:
    sample = draws(Fraction(10**8), 20_000, SeededRandomness(3))
    assert np.std(sample) == pytest.approx(10**4, rel=0.03)
