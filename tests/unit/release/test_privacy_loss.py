import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.errors import UsageError
from palermo.release.privacy_loss import Loss, composed, delta_of, epsilon_of, rho_of


@pytest.mark.parametrize(("epsilon", "rho"), [(1.0, 0.0243), (4.0, 0.310), (12.0, 2.08)])
def test_tight_conversion_gives_the_published_losses(epsilon: float, rho: float) -> None:
    """Values of the research notes for 91,043 persons and delta 1 / (n ln n)."""
    n = 91_043
    assert rho_of(epsilon, 1 / (n * math.log(n))) == pytest.approx(rho, rel=3e-3)


def test_is_tighter_than_the_first_conversion_of_bun_and_steinke() -> None:
    rho, delta = 0.1, 1e-6
    assert epsilon_of(rho, delta) < rho + 2 * math.sqrt(rho * math.log(1 / delta))


def test_is_not_below_the_privacy_curve_of_one_gaussian() -> None:
    """rho-zCDP is met by a Gaussian with mu = sqrt(2 rho): no valid bound can promise less than its exact delta."""
    rho, epsilon = 0.31, 4.0
    mu = math.sqrt(2 * rho)

    def normal(x: float) -> float:
        return 0.5 * math.erfc(-x / math.sqrt(2))

    exact = normal(-epsilon / mu + mu / 2) - math.exp(epsilon) * normal(-epsilon / mu - mu / 2)
    assert exact < delta_of(rho, epsilon) < 10 * exact


@given(st.floats(0.01, 20), st.floats(1e-12, 1e-3))
@settings(max_examples=20, deadline=None)
def test_there_and_back(epsilon: float, delta: float) -> None:
    rho = rho_of(epsilon, delta)
    assert delta_of(rho, epsilon) <= delta
    assert epsilon_of(rho, delta) == pytest.approx(epsilon, rel=1e-6)


def test_losses_add_and_two_releases_cost_less_than_twice_the_epsilon() -> None:
    delta = 1e-6
    one = rho_of(1.0, delta)
    assert composed([one, one, one]) == pytest.approx(3 * one)
    assert 1.0 < epsilon_of(composed([one, one]), delta) < 2.0


@pytest.mark.parametrize(("epsilon", "delta"), [(0.0, 1e-6), (math.nan, 1e-6), (-1.0, 1e-6), (1.0, 0.0), (1.0, 1.0)])
def test_refuses_what_is_no_budget(epsilon: float, delta: float) -> None:
    with pytest.raises(UsageError):
        rho_of(epsilon, delta)


def test_the_chance_of_codes_is_taken_off_the_delta_before_epsilon_is_worked_out() -> None:
    loss = Loss(Fraction(1, 8), Fraction(1, 10**7))
    assert loss.epsilon(1e-6) == pytest.approx(epsilon_of(0.125, 9e-7))
    assert not loss.is_within(epsilon_of(0.125, 1e-6), 1e-6), "all of delta was for the noise"
    assert loss.is_within(epsilon_of(0.125, 8.9e-7), 1e-6)


def test_chances_that_make_up_the_whole_delta_leave_no_epsilon() -> None:
    loss = Loss(Fraction(1, 10**9), Fraction(1, 10**6))
    assert loss.epsilon(1e-6) == math.inf
    assert not loss.is_within(100.0, 1e-6)
    assert Loss().is_within(0.1, 1e-9)
