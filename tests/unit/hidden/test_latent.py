"""Bayesian latent classes: same seed same draws, no end to N, known answers, honest verdicts."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import betaln, gammaln

from palermo.hidden.answer import Settings, Verdict
from palermo.hidden.capture import CaptureTable
from palermo.hidden.estimators import latent_kernel
from palermo.hidden.estimators.latent import Sampling, draw, lcmcr
from palermo.hidden.rules import Evidence
from palermo.hidden.verdicts import judge

SHORT = Sampling(chains=4, burn_in=500, sweeps=2000, thin=5, plain_sweeps=0, enough=float("inf"))


def _table(cells: list[int], k: int) -> CaptureTable:
    return CaptureTable(
        tuple("abcdefgh"[:k]), np.arange(1, 1 << k, dtype=np.int64), np.array(cells, np.int64), name="made up"
    )


def _independent(k: int, persons: int, capture: float) -> CaptureTable:
    bits = (np.arange(1, 1 << k)[:, None] >> np.arange(k) & 1).sum(axis=1)
    return _table(np.rint(persons * capture**bits * (1 - capture) ** (k - bits)).astype(int).tolist(), k)


def test_independent_lists_give_back_the_truth():
    answer = lcmcr(_independent(4, 2000, 0.4), Settings(), SHORT)
    assert answer.estimate == pytest.approx(2000, rel=0.05)
    assert answer.lower is not None and answer.upper is not None
    assert answer.lower < 2000 < answer.upper


def test_same_seed_same_draws_on_any_number_of_threads():
    table = _independent(3, 300, 0.3)
    short = replace(SHORT, sweeps=200, burn_in=50)
    one = draw(table, Settings(seed=5), replace(short, threads=1))
    many = draw(table, Settings(seed=5), replace(short, threads=4))
    other = draw(table, Settings(seed=6), short)
    np.testing.assert_array_equal(one.persons, many.persons)
    np.testing.assert_array_equal(one.fit, many.fit)
    assert (one.persons != other.persons).any()


def test_moves_leave_the_posterior_of_plain_gibbs_in_place():
    table = _independent(3, 300, 0.4)
    longer = replace(SHORT, sweeps=12000, thin=12)
    ours = draw(table, Settings(), longer).persons
    plain = draw(table, Settings(), replace(longer, moves=0)).persons
    for q in (0.1, 0.5, 0.9):
        assert np.quantile(ours, q) == pytest.approx(np.quantile(plain, q), rel=0.03)


@pytest.mark.parametrize("moves", [0, 30])
def test_one_class_agrees_with_the_posterior_in_closed_form(moves):
    """With one class captures integrate out to beta functions, and p(N | table) is a sum over a grid."""
    table = _independent(3, 150, 0.3)
    persons = np.arange(table.n, 4000)
    logs = gammaln(persons + 1) - gammaln(persons - table.n + 1) - np.log(persons)
    for size in table.list_sizes:
        logs += betaln(1 + size, 1 + persons - size)
    chance = np.exp(logs - logs.max())
    exact = np.interp([0.1, 0.5, 0.9], np.cumsum(chance) / chance.sum(), persons)
    drawn = draw(table, Settings(), replace(SHORT, classes=1, moves=moves, sweeps=20000)).persons
    np.testing.assert_allclose(np.quantile(drawn, [0.1, 0.5, 0.9]), exact, rtol=0.015)


def test_nothing_bounds_the_unseen():
    table = _table([40, 40, 0, 40, 0, 0, 0], 3)  # nobody on two lists: the data set no upper limit
    assert draw(table, Settings(), SHORT).persons.max() > 21 * table.n


def test_plain_gibbs_is_compared_and_stated():
    answer = lcmcr(_independent(3, 400, 0.5), Settings(), replace(SHORT, plain_sweeps=2000))
    assert answer.diagnostics["gibbs_r_hat"] < 1.1
    assert answer.settings["p(N)"] == "1/N"
    assert len(answer.diagnostics["chain_medians"]) == 4


def test_chains_that_agree_end_early_and_say_where():
    sampling = replace(SHORT, sweeps=8000, enough=300.0)
    answer = lcmcr(_independent(4, 2000, 0.4), Settings(), sampling)
    assert answer.diagnostics["sweeps_run"] < sampling.sweeps
    assert answer.diagnostics["ess"] >= sampling.enough
    longer = lcmcr(_independent(4, 2000, 0.4), Settings(), replace(sampling, enough=float("inf")))
    assert longer.diagnostics["sweeps_run"] == sampling.sweeps
    assert answer.estimate == pytest.approx(longer.estimate, rel=0.01)


def test_short_chains_are_not_shown_as_if_they_were_long():
    table = _independent(3, 400, 0.2)
    answer = judge(Evidence(lcmcr(table, Settings(), replace(SHORT, burn_in=0, sweeps=40, thin=2)), table))
    assert answer.verdict is not Verdict.SHOWN
    assert sum("chains" in reason for reason in answer.reasons) == 1


def test_two_lists_are_refused():
    answer = lcmcr(_table([10, 10, 5], 2), Settings(), SHORT)
    assert answer.verdict is Verdict.REFUSED
    assert answer.estimate is None


def test_progress_reaches_its_total():
    heard: list[tuple[float, float | None]] = []
    settings = Settings(progress=lambda done, total, _: heard.append((done, total)))
    lcmcr(_independent(3, 100, 0.4), settings, replace(SHORT, burn_in=10, sweeps=100, plain_sweeps=100))
    assert heard[-1] == (8.0, 8.0)


def test_stick_prior_is_the_density_of_the_sticks():
    """Alpha summed out by quadrature, the sticks' beta densities and the Jacobian to log ratios, up to a constant."""
    stream = np.random.default_rng(3)

    def by_quadrature(weights: np.ndarray) -> float:
        rest = np.cumsum(weights[::-1])[::-1]
        sticks = weights[:-1] / rest[:-1]
        grid = np.linspace(-12, 6, 4001)  # log alpha
        alpha = np.exp(grid)[:, None]
        logs = (np.log(alpha) + (alpha - 1) * np.log1p(-sticks) - np.log(rest[:-1])).sum(axis=1)
        logs += 0.25 * grid - 0.25 * alpha[:, 0]
        return float(np.log(np.exp(logs).sum()) + np.log(weights).sum())

    differences = []
    for _ in range(4):
        weights = stream.dirichlet(np.full(4, 2.0))
        differences.append(latent_kernel._log_prior(np.log(weights)) - by_quadrature(weights))
    assert np.ptp(differences) < 1e-3
