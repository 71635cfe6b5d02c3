"""Stepwise selection, against a slow search that asks a linear programme about every candidate."""

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import poisson

from palermo.errors import UsageError
from palermo.hidden.answer import Settings, Verdict
from palermo.hidden.capture import CaptureTable
from palermo.hidden.estimators.stepwise import EmptyList, select_on, select_pairs, stepwise, stepwise_bca
from palermo.hidden.estimators.stepwise_kernel import OK, poisson_p
from palermo.hidden.existence import programme_status, reduced
from palermo.hidden.fitting import Fit, cells_of, fit
from palermo.hidden.models import main_effects, terms_of
from palermo.hidden.resampling import Resamples

NAMES = "ABCDEFGHIJ"


def table_of(counts: list[int], structural: frozenset[int] = frozenset()) -> CaptureTable:
    """A made-up table from the counts of histories 1, 2, 3, ..."""
    k = len(counts).bit_length()
    kept = [w for w in range(1, 1 << k) if w not in structural]
    return CaptureTable(
        tuple(NAMES[:k]),
        np.array(kept, np.int64),
        np.array([counts[w - 1] for w in kept], np.int64),
        structural=structural,
    )


def expected_overlap(found: Fit, pair: int, possible: np.ndarray) -> float:
    """The fitted persons on both lists, summed cell by cell."""
    return sum(
        math.exp(sum(a for t, a in zip(found.terms, found.coefficients, strict=True) if w & t == t))
        for w in np.flatnonzero(possible)
        if w & pair == pair
    )


def slow_search(table: CaptureTable, threshold: float) -> tuple[list[int], float]:
    """Every candidate checked by linear programme first, as SparseMSE does; then the smallest p."""
    cells, k = cells_of(table), table.k
    possible = cells >= 0
    possible[0] = False
    margins = {pair: int(cells[possible & (np.arange(1 << k) & pair == pair)].sum()) for pair in pairs_of(k)}
    chosen: list[int] = []
    found = fit(cells, main_effects(k), k)
    while found.exists:
        p_values = {}
        for pair in pairs_of(k):
            terms = (*main_effects(k), *chosen, pair)
            if pair not in chosen and programme_status(cells, *reduced(cells, terms, k)) == 0:
                rate = expected_overlap(found, pair, possible)
                p_values[pair] = min(poisson.cdf(margins[pair], rate), poisson.sf(margins[pair] - 1, rate))
        least = min(p_values.values(), default=1.0)
        if least >= threshold:
            return chosen, found.n0
        chosen.append(next(pair for pair, p in p_values.items() if p <= least * (1 + 1e-9)))
        found = fit(cells, (*main_effects(k), *chosen), k)
    return chosen, math.inf


def pairs_of(k: int) -> list[int]:
    return [(1 << i) | (1 << j) for i, j in combinations(range(k), 2)]


sparse = st.one_of(st.just(0), st.integers(0, 3), st.integers(0, 60))


@given(st.sampled_from([3, 7, 15]).flatmap(lambda size: st.lists(sparse, min_size=size, max_size=size)))
@settings(max_examples=40, deadline=None)
def test_lazy_search_ends_where_the_search_by_linear_programme_ends(counts: list[int]):
    table = table_of(counts)
    found = select_pairs(table, 0.1)
    chosen, unseen = slow_search(table, 0.1)
    assert list(found.pairs) == chosen
    assert found.unseen == pytest.approx(unseen, rel=1e-6)


@given(st.lists(st.integers(0, 40), min_size=7, max_size=7))
@settings(max_examples=25, deadline=None)
def test_two_lists_that_can_never_share_a_person(counts: list[int]):
    table = table_of(counts, frozenset({0b011, 0b111}))
    found = select_pairs(table, 0.1)
    chosen, unseen = slow_search(table, 0.1)
    assert 0b011 not in found.pairs
    assert list(found.pairs) == chosen
    assert found.unseen == pytest.approx(unseen, rel=1e-6)


@given(st.floats(1e-6, 3000), st.integers(0, 3000))
@settings(max_examples=60, deadline=None)
def test_p_values_are_the_smaller_poisson_tail(expected: float, seen: int):
    tails = poisson.cdf(seen, expected), poisson.sf(seen - 1, expected)
    assert poisson_p(expected, float(seen)) == pytest.approx(min(tails), rel=1e-9, abs=1e-300)


def test_pairs_with_nobody_expected():
    assert poisson_p(0.0, 0.0) == 1.0
    assert poisson_p(0.0, 2.0) == 0.0


def test_a_pair_far_above_what_independence_gives_is_added_first():
    table = table_of([300, 250, 120, 200, 12, 10, 1])
    found = select_pairs(table, 0.02)
    assert found.pairs[0] == 0b011
    assert found.unseen > fit(cells_of(table), main_effects(3), 3).n0
    assert found.unseen == pytest.approx(fit(cells_of(table), terms_of([0b011, 0b100]), 3).n0)


def test_a_pair_that_shares_nobody_becomes_minus_infinity():
    answer = stepwise(table_of([300, 250, 0, 200, 90, 80, 0]), Settings())
    assert answer.diagnostics["minus_infinity"] == ["A:B"]
    assert answer.diagnostics["model"] == "[12,3]"
    assert answer.lower < answer.estimate < answer.upper


def test_wald_interval_says_that_it_takes_the_model_as_given():
    table = table_of([300, 250, 120, 200, 90, 80, 20])
    answer = stepwise(table, Settings(level=0.9))
    found = fit(cells_of(table), (*main_effects(3), *select_pairs(table, 0.02).pairs), 3)
    assert answer.verdict is Verdict.SHOWN
    assert "takes the selected model as given" in answer.reasons[0]
    assert (answer.lower, answer.upper) == pytest.approx(found.wald(1.6448536269514722))


@pytest.mark.parametrize("estimator", [stepwise, stepwise_bca])
def test_lists_that_share_nobody_give_no_number(estimator):
    answer = estimator(table_of([30, 20, 0, 10, 0, 0, 0]), Settings(bootstrap=10))
    assert answer.verdict is Verdict.REFUSED
    assert answer.estimate is None
    assert "no estimate exists" in answer.reasons[0]


@pytest.mark.parametrize("estimator", [stepwise, stepwise_bca])
def test_a_table_without_persons_gives_no_number(estimator):
    answer = estimator(table_of([0, 0, 0]), Settings(bootstrap=10))
    assert answer.verdict is Verdict.REFUSED
    assert answer.reasons == ("the table holds nobody",)


def test_an_empty_list_drops_out_or_stops_the_selection():
    """A pair stands out among A, B and C; D saw nobody."""
    table = table_of([300, 250, 120, 200, 12, 10, 1, 0, 0, 0, 0, 0, 0, 0, 0])
    tables = Resamples(np.arange(1, 16), table.counts[None, :].astype(float))
    dropped, stopped = (select_on(tables, table, 0.02, rule) for rule in (EmptyList.DROP, EmptyList.STOP))
    assert dropped.chosen[0, 0b0011]
    assert not stopped.chosen.any()
    three = table_of([300, 250, 120, 200, 12, 10, 1])
    assert dropped.unseen[0] == pytest.approx(select_pairs(three, 0.02).unseen)
    assert stopped.unseen[0] == pytest.approx(fit(cells_of(three), main_effects(3), 3).n0)


@pytest.mark.parametrize("threshold", [-0.1, 1.5, math.nan])
def test_a_threshold_that_is_no_probability_is_refused(threshold: float):
    with pytest.raises(UsageError, match="expected a p-value of 0 to 1"):
        stepwise(table_of([3, 2, 1]), Settings(threshold=threshold))


def test_no_replicates_is_a_mistake_of_the_caller():
    with pytest.raises(UsageError, match="expected 1 or more"):
        stepwise_bca(table_of([3, 2, 1]), Settings(bootstrap=0))


def test_threshold_zero_keeps_main_effects():
    assert select_pairs(table_of([300, 250, 120, 200, 90, 80, 20]), 0.0).pairs == ()


def test_ten_lists_are_searched():
    rng = np.random.default_rng(5)
    seen = rng.random((4000, 10)) < np.linspace(0.03, 0.2, 10)
    seen[:, 9] |= seen[:, 8] & (rng.random(4000) < 0.7)
    histories, counts = np.unique(seen @ (1 << np.arange(10)), return_counts=True)
    table = CaptureTable(tuple(NAMES), histories[1:].astype(np.int64), counts[1:].astype(np.int64))
    found = select_pairs(table, 0.001)
    assert found.status == OK
    assert found.pairs[0] == 1 << 8 | 1 << 9
    assert table.n + found.unseen == pytest.approx(4000, rel=0.1)
