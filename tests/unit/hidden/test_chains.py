"""The measures of agreement between chains: what they say of chains whose behaviour we know."""

from threading import Barrier, Event

import numpy as np
import pytest

from palermo.hidden import rules
from palermo.hidden.estimators.chains import (
    REFUSED_ABOVE,
    effective_size,
    fill,
    mixing,
    random_stream,
    rank_normalised,
    run_chains,
)


def _independent(chains: int = 4, length: int = 1000) -> np.ndarray:
    return random_stream(1, 2).standard_normal((chains, length))


def _autoregressive(rho: float, chains: int = 4, length: int = 20000) -> np.ndarray:
    noise = _independent(chains, length)
    values = noise.copy()
    for i in range(1, length):
        values[:, i] = rho * values[:, i - 1] + np.sqrt(1 - rho**2) * noise[:, i]
    return values


def test_independent_draws_count_in_full():
    found = mixing(_independent())
    assert found.r_hat < 1.005
    assert found.ess_bulk == pytest.approx(4000, rel=0.15)
    assert found.refusal() is None


def test_autocorrelation_shrinks_the_effective_size_by_theory():
    assert effective_size(_autoregressive(0.8)) == pytest.approx(80000 * 0.2 / 1.8, rel=0.15)


def test_chain_elsewhere_is_refused_with_the_medians():
    draws = _independent() + 100
    draws[0] += 5
    said = mixing(draws).refusal()
    assert said is not None
    assert "do not mix" in said
    assert "105" in said


def test_drift_within_chains_shows_although_chains_agree():
    drift = np.linspace(-3, 3, 1000)
    assert mixing(_independent() + drift).r_hat > 1.5


def test_chain_of_another_spread_shows_although_medians_agree():
    draws = _independent()
    draws[0] *= 5
    assert mixing(draws).r_hat > 1.05


def test_every_bound_is_said_once_and_a_warning_comes_before_a_refusal():
    assert 1.01 <= rules.MAX_R_HAT < REFUSED_ABOVE


def test_r_hat_does_not_depend_on_the_scale():
    draws = _autoregressive(0.5, length=500)
    assert mixing(np.exp(draws)).ess_bulk == pytest.approx(mixing(draws).ess_bulk)


def test_constant_chains_agree():
    assert mixing(np.full((3, 20), 7.0)).r_hat == 1.0


def test_ranks_of_ties_are_shared():
    scores = rank_normalised(np.array([[1.0, 2.0, 2.0, 3.0]]))[0]
    assert scores[1] == scores[2] == pytest.approx(0)
    assert scores[0] == pytest.approx(-scores[3])


def test_one_chain_cannot_be_compared():
    with pytest.raises(ValueError, match="2 or more chains"):
        mixing(np.zeros((1, 100)))


def test_threads_keep_order_and_report():
    heard: list[int] = []
    assert run_chains(lambda i, _: i * i, 5, threads=3, report=heard.append) == [0, 1, 4, 9, 16]
    assert heard == [1, 2, 3, 4, 5]


def test_chains_hear_that_nobody_waits_for_them():
    ended: list[int] = []
    all_run = Barrier(3)  # a chain that had not begun would be cancelled instead of told

    def endless(number: int, stopped: Event) -> int:
        all_run.wait(60)
        if number == 0:
            raise KeyboardInterrupt
        assert stopped.wait(10)
        ended.append(number)
        return number

    with pytest.raises(KeyboardInterrupt):
        run_chains(endless, 3, threads=3)
    assert sorted(ended) == [1, 2]


def test_draws_are_filled_in_short_pieces_until_stopped():
    stopped, calls = Event(), []

    def advance(thin: int, out: np.ndarray) -> None:
        calls.append(thin * len(out))
        out[:] = len(calls)
        if len(calls) == 3:
            stopped.set()

    draws = np.zeros((10, 1))
    fill(advance, draws, 5, 12, stopped)
    assert calls == [10, 10, 10]
    assert draws[:, 0].tolist() == [1, 1, 2, 2, 3, 3, 0, 0, 0, 0]
