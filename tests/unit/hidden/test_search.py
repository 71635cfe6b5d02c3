"""The search of all models: bounds leave out no winner, seeds decide, refusals hold no number."""

import math

import numpy as np
import pytest

from palermo.hidden import branching
from palermo.hidden.answer import Settings, Verdict
from palermo.hidden.capture import CaptureTable
from palermo.hidden.estimators.search import aic_average, all_models, bic_average, bic_best, replicates
from palermo.hidden.exhaustive import fit_models, search_tables, walk
from palermo.hidden.model_space import best_first, family, highest_order, pairs_of, search

SEED = 11


def made_up(k: int = 4, size: int = 400) -> CaptureTable:
    """Made-up counts of lists with unequal reach and one dependent pair."""
    rng = np.random.default_rng(SEED)
    seen = rng.random((size, k)) < np.linspace(0.15, 0.45, k)
    seen[:, 1] |= seen[:, 0] & (rng.random(size) < 0.6)
    cells = np.bincount(seen @ (1 << np.arange(k)), minlength=1 << k)
    kept = np.flatnonzero(cells[1:]) + 1
    return CaptureTable(tuple("ABCDEFGH"[:k]), kept, cells[kept])


def test_orders_of_interaction() -> None:
    assert [highest_order(k, None) for k in (2, 3, 5, 6, 8)] == [1, 2, 4, 2, 2]
    assert [highest_order(5, asked) for asked in (0, 2, 9)] == [1, 2, 4]


@pytest.mark.parametrize("by_bic", [True, False])
def test_bounds_leave_out_no_winner(by_bic: bool) -> None:
    table, k = made_up(), 4
    rng = np.random.default_rng(2)
    tables = rng.multinomial(120, table.cells / table.n, size=60).astype(np.float64)
    base = family(k, 3)
    own = best_first(base, search(table.cells, k, None, by_bic).criterion(by_bic), table.cells)
    best, unseen, average, fitted = search_tables(tables, own, by_bic, 60.0, k)
    _, alone, _, fewer = search_tables(tables, own, by_bic, 0.0, k)
    for b, cells in enumerate(tables):
        totals, loglik, status = fit_models(cells, base, k)
        penalty = math.log(cells.sum()) if by_bic else 2.0
        criterion = np.where(status == 0, base.sizes * penalty - 2 * loglik, math.inf)
        weights = np.exp((criterion.min() - criterion) / 2)
        assert unseen[b] == pytest.approx(totals[np.argmin(criterion)], rel=1e-7)
        assert alone[b] == unseen[b]
        assert average[b] == pytest.approx(weights @ np.nan_to_num(totals) / weights.sum(), rel=1e-6)
        assert best[b] >= 0
    assert fewer.sum() < fitted.sum() <= 60 * base.sizes.size


def test_the_walk_finds_the_best_of_all_models_of_pairs() -> None:
    table = made_up(7, 2000)
    walked = all_models(table)
    assert "walk" in walked.words
    assert len({frozenset(terms) for terms in walked.models}) == len(walked.models)
    four = made_up()
    masks, unseen, loglik, status = walk(four.cells.astype(np.float64), np.ones(16, np.bool_), True, pairs_of(4), 4)
    pairs = np.array([int(mask).bit_count() for mask in masks])
    criterion = np.where(status == 0, (5 + pairs) * math.log(four.n) - 2 * loglik, math.inf)
    whole = all_models(four, 2)
    assert masks.size < len(whole.models) == 64
    assert criterion.min() == pytest.approx(whole.criterion(by_bic=True).min())
    assert unseen[criterion.argmin()] == pytest.approx(whole.unseen[whole.criterion(by_bic=True).argmin()])


def test_the_same_seed_gives_the_same_limits_and_another_seed_others() -> None:
    table = made_up()
    one, again = (bic_average(table, Settings(bootstrap=300, seed=1)) for _ in range(2))
    other = bic_average(table, Settings(bootstrap=300, seed=2))
    assert one == again
    assert one.estimate == other.estimate
    assert one.lower != other.lower
    assert one.lower is not None and one.upper is not None and one.estimate is not None
    assert table.n < one.lower < one.estimate < one.upper


def test_the_best_alone_equals_the_best_beside_the_average() -> None:
    table, asked = made_up(), Settings(bootstrap=200, seed=7)
    found = all_models(table)
    alone = replicates(table, asked, found, by_bic=True, averaged=False)
    beside = replicates(table, asked, found, by_bic=True, averaged=True)
    assert alone is not beside
    np.testing.assert_allclose(alone.best, beside.best, rtol=1e-9)
    np.testing.assert_allclose(alone.left_out_best, beside.left_out_best, rtol=1e-9)


def test_without_a_bootstrap_the_answer_says_what_its_interval_leaves_out() -> None:
    answer = bic_best(made_up(), Settings(bootstrap=0))
    assert answer.verdict is Verdict.SHOWN
    assert any("too short" in reason for reason in answer.reasons)
    averaged = aic_average(made_up(), Settings(bootstrap=0))
    assert averaged.lower is not None and averaged.upper is not None and averaged.estimate is not None
    assert averaged.lower < averaged.estimate < averaged.upper
    assert averaged.diagnostics["models_searched"] == 113


def test_lists_that_share_nobody_give_no_number() -> None:
    apart = CaptureTable(("A", "B", "C"), np.array([1, 2, 4]), np.array([30, 20, 10]))
    for method in (bic_best, bic_average):
        answer = method(apart, Settings(bootstrap=50))
        assert answer.verdict is Verdict.REFUSED
        assert answer.estimate is None


def test_replicates_of_seven_lists_repeat_the_whole_search_and_averages_the_walk() -> None:
    table, asked = made_up(7, 600), Settings(bootstrap=6)
    best, average = bic_best(table, asked), bic_average(table, asked)
    assert "the whole search repeated" in best.settings["interval"]
    assert "a walk from independent lists repeated" in average.settings["interval"]
    assert "replicates_cut_short" not in best.diagnostics


def test_replicates_that_reach_the_limit_of_fits_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(branching, "MOST_FITS_A_REPLICATE", 0)
    answer = bic_best(made_up(7, 601), Settings(bootstrap=5))
    assert answer.diagnostics["replicates_cut_short"] == 5
    assert any("in 5 of 5 replicates" in reason for reason in answer.reasons)
    assert answer.lower is not None and answer.upper is not None
