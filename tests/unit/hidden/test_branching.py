"""Branch and bound finds what fitting every model finds, and says so where it had to stop."""

import math

import numpy as np
import pytest

from palermo.hidden import branching, model_space
from palermo.hidden.branching import best_pairs, best_unseen
from palermo.hidden.model_space import pairs_of, search
from palermo.hidden.newton import log_factorials

SEED = 5


def made_up(k, persons, reach):
    """Made-up counts by history; the first two lists depend on each other."""
    rng = np.random.default_rng(SEED)
    seen = rng.random((persons, k)) < np.linspace(reach, 2 * reach, k)
    seen[:, 1] |= seen[:, 0] & (rng.random(persons) < 0.4)
    cells = np.bincount(seen @ (1 << np.arange(k)), minlength=1 << k).astype(np.int64)
    cells[0] = 0
    return cells


@pytest.mark.parametrize("by_bic", [True, False])
@pytest.mark.parametrize(("k", "persons", "reach"), [(4, 300, 0.2), (5, 2000, 0.1), (5, 400, 0.05), (5, 150, 0.06)])
def test_the_best_is_that_of_all_models(k, persons, reach, by_bic):
    cells = made_up(k, persons, reach)
    every = search(cells, k, 2, by_bic).criterion(by_bic)
    counts = cells.astype(np.float64)
    penalty = math.log(counts.sum()) if by_bic else 2.0
    possible = np.ones(1 << k, np.bool_)
    found = best_pairs(counts, possible, penalty, pairs_of(k), (0, math.inf), 10_000)
    again = best_pairs(
        counts, possible, penalty, pairs_of(k), (0, every.min() - 2 * log_factorials(counts) - 1), 10_000
    )
    pairs = [int(pair) for place, pair in enumerate(pairs_of(k)) if found.mask >> place & 1]
    best = search(cells, k, 2, by_bic).models[int(np.argmin(every))]
    assert found.is_complete
    assert set(pairs) == {term for term in best if term.bit_count() == 2}
    assert found.fitted < every.size
    assert again.is_complete  # nothing is better than what cannot be reached, and that is found out sooner
    assert again.mask == 0
    assert again.fitted <= found.fitted


def test_a_search_of_eight_lists_is_complete_and_counts_its_models():
    found = search(made_up(8, 3000, 0.05), 8, None, by_bic=True)
    assert "all 268,435,456 models of pairs by branch and bound" in found.words
    best = found.models[int(np.argmin(found.criterion(by_bic=True)))]
    assert {term for term in best if term.bit_count() == 2} == {3}


def test_a_search_that_stops_says_so(monkeypatch):
    monkeypatch.setattr(model_space, "MOST_FITS", 1)
    monkeypatch.setattr(branching, "_FITS_A_CALL", 1)
    found = search(made_up(7, 400, 0.03), 7, None, by_bic=False)
    assert "a better one may exist" in found.words
    assert np.isfinite(found.criterion(by_bic=False)).any()


@pytest.mark.parametrize("by_bic", [True, False])
def test_replicates_find_the_best_of_all_models(by_bic):
    cells = made_up(5, 200, 0.06)
    tables = np.random.default_rng(1).multinomial(cells.sum(), cells / cells.sum(), size=25).astype(np.float64)
    unseen, fitted, complete = best_unseen(tables, np.ones(32, np.bool_), by_bic, pairs_of(5), 1)
    every = [search(table.astype(np.int64), 5, 2, by_bic) for table in tables]
    best = [found.unseen[int(np.argmin(found.criterion(by_bic)))] for found in every]
    assert complete.all()
    assert fitted.max() < 1024 * 2
    np.testing.assert_allclose(unseen, best, rtol=1e-6)


def test_a_replicate_that_is_cut_short_says_so(monkeypatch):
    monkeypatch.setattr(branching, "MOST_FITS_A_REPLICATE", 0)
    cells = made_up(7, 400, 0.03).astype(np.float64)
    unseen, fitted, complete = best_unseen(cells[None], np.ones(128, np.bool_), True, pairs_of(7), 0)
    assert not complete.any()
    assert fitted.tolist() == [0]
    assert np.isfinite(unseen).all()  # that of the pairs it was given
