"""Bayesian thresholding: which pairs are kept, what the priors do, what is refused and warned of."""

import numpy as np
import pytest

from palermo.hidden.answer import Settings, Verdict
from palermo.hidden.capture import CaptureTable
from palermo.hidden.estimators.thresholding import Sampling, bayesthresh, sample
from palermo.hidden.fitting import fit
from palermo.hidden.models import all_two_way, main_effects

SHORT = Sampling(burn_in=1000, steps=10000, thin=10)


def _table(cells: list[float], k: int = 3) -> CaptureTable:
    return CaptureTable(
        tuple("abcdefgh"[:k]), np.arange(1, 1 << k, dtype=np.int64), np.rint(cells).astype(np.int64), name="made up"
    )


def _made(persons: float, together: float) -> CaptureTable:
    """Three lists that see three in ten each, a and b together ``together`` times as often as by chance."""
    bits = np.arange(8)[:, None] >> np.arange(3) & 1
    mean = persons * np.prod(np.where(bits, 0.3, 0.7), axis=1)
    mean[bits[:, 0] & bits[:, 1] == 1] *= together
    return _table(mean[1:].tolist())


def test_independent_lists_lose_all_pairs_and_give_the_maximum_likelihood():
    table = _made(4000, 1)
    answer = bayesthresh(table, Settings(), SHORT)
    assert answer.diagnostics["model"] == "[1,2,3]"
    assert answer.estimate == pytest.approx(fit(table.cells, main_effects(3), 3).estimate, rel=0.01)


def test_dependent_pair_is_kept():
    answer = bayesthresh(_made(4000, 3), Settings(), SHORT)
    assert answer.diagnostics["retained"] == ["a:b"]
    assert answer.lower is not None and answer.upper is not None
    assert answer.lower < 4000 * (1 + 2 * 0.09) < answer.upper  # those seen by a and b are three times as many


def test_flat_prior_agrees_with_maximum_likelihood_where_data_are_many():
    table = _made(40000, 2)
    drawn = sample(table.cells, all_two_way(3), (), Settings(), Sampling(prior="improper", burn_in=1000, steps=20000))
    likely = fit(table.cells, all_two_way(3), 3)
    means = drawn.draws.reshape(-1, len(drawn.terms)).mean(axis=0)
    expected = dict(zip(likely.terms, likely.coefficients, strict=True))
    np.testing.assert_allclose(means, [expected[term] for term in drawn.terms], atol=0.02)


def test_flat_prior_leaves_out_pairs_that_share_nobody():
    answer = bayesthresh(_table([30, 40, 8, 50, 9, 0, 0]), Settings(), Sampling("improper", burn_in=500, steps=5000))
    assert answer.verdict is Verdict.REFUSED
    assert answer.diagnostics["status"] != 0
    proper = bayesthresh(_table([30, 40, 8, 50, 9, 0, 0]), Settings(), SHORT)
    assert proper.estimate is not None


def test_flat_prior_states_minus_infinity():
    cells = [60, 70, 8, 80, 9, 12, 3, 50, 7, 0, 0, 9, 4, 0, 0]  # b and d share nobody
    answer = bayesthresh(_table(cells, 4), Settings(), Sampling("improper", burn_in=500, steps=5000))
    assert answer.diagnostics["minus_infinity"] == ["b:d"]
    assert "b:d" not in answer.diagnostics["ratios"]
    assert answer.estimate is not None and answer.estimate > 312


def test_nobody_on_two_lists_is_refused_even_with_a_proper_prior():
    answer = bayesthresh(_table([30, 40, 0, 50, 0, 0, 0]), Settings(), SHORT)
    assert answer.verdict is Verdict.REFUSED
    assert answer.estimate is None


def test_pair_at_the_threshold_is_warned_of_with_the_other_answer():
    table = _made(4000, 3)
    ratio = bayesthresh(table, Settings(), SHORT).diagnostics["ratios"]["a:b"]
    answer = bayesthresh(table, Settings(), Sampling(ratio=ratio - 0.01, burn_in=1000, steps=10000, thin=10))
    assert answer.verdict is Verdict.WARNED
    assert answer.diagnostics["undecided"] == ["a:b"]
    independent = fit(table.cells, main_effects(3), 3).estimate
    assert answer.diagnostics["estimate_otherwise"] == pytest.approx(independent, rel=0.02)


def test_same_seed_same_answer_on_any_number_of_threads():
    one, many = (bayesthresh(_made(500, 2), Settings(seed=3), Sampling(steps=2000, threads=n)) for n in (1, 3))
    assert one == many
    assert one.estimate != bayesthresh(_made(500, 2), Settings(seed=4), Sampling(steps=2000)).estimate


def test_list_that_saw_nobody_changes_nothing():
    with_empty = bayesthresh(_table([60, 70, 20, 0, 0, 0, 0]), Settings(), SHORT)
    without = bayesthresh(_table([60, 70, 20], 2), Settings(), SHORT)
    assert with_empty.estimate == without.estimate
    assert with_empty.estimate == pytest.approx(80 * 90 / 20, rel=0.1)


def test_table_of_empty_lists_is_refused():
    assert bayesthresh(_table([60, 0, 0, 0, 0, 0, 0]), Settings(), SHORT).verdict is Verdict.REFUSED
