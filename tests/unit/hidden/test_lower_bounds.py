"""The simple formulae, by hand, and what they say of themselves."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.hidden.answer import Settings, Verdict
from palermo.hidden.capture import CaptureTable
from palermo.hidden.estimators.closed_population import ESTIMATORS as MODELS
from palermo.hidden.estimators.lower_bounds import ESTIMATORS, chao_bias_corrected, chao_lower_bound, zelterman


def table_of(cells):
    cells = np.asarray(cells, np.int64)
    seen = np.flatnonzero(cells)
    return CaptureTable(tuple("ABCDEF"[: len(cells).bit_length() - 1]), seen, cells[seen])


HAND = table_of([0, 20, 20, 5, 20, 5, 5, 2])  # f1 = 60, f2 = 15, n = 77


def test_by_hand():
    assert chao_lower_bound(HAND, Settings()).estimate == 77 + 60**2 / 30
    assert chao_bias_corrected(HAND, Settings()).estimate == 77 + 60 * 59 / 32
    assert zelterman(HAND, Settings()).estimate == pytest.approx(77 / (1 - np.exp(-0.5)))


def test_independent_unequal_lists_alone_make_it_too_high_and_it_says_so():
    """Expected counts of 100,000 persons, lists that see 50, 5 and 2 per cent independently of one another."""
    reach = (0.5, 0.05, 0.02)
    cells = [
        round(100_000 * np.prod([p if history >> bit & 1 else 1 - p for bit, p in enumerate(reach)]))
        for history in range(8)
    ]
    table = table_of([0, *cells[1:]])
    simple = chao_lower_bound(table, Settings())
    assert simple.lower > 150_000
    assert simple.verdict is Verdict.WARNED
    assert any("the smallest saw about 2,000 and the largest about 50,000" in reason for reason in simple.reasons)
    assert any("no lower bound here" in reason and "closedp_Mth_Chao_LB_" in reason for reason in simple.reasons)
    better = MODELS["closedp_Mth_Chao_LB_"](table, Settings())
    assert better.estimate == pytest.approx(100_000, rel=1e-3)


def test_equal_lists_are_told_how_far_it_goes_wrong():
    reasons = chao_lower_bound(HAND, Settings()).reasons
    assert any("3 lists of equal reach" in reason and "50%" in reason for reason in reasons)


def test_nobody_on_two_lists():
    table = table_of([0, 20, 30, 0, 25, 0, 0, 1])
    stand_in = chao_lower_bound(table, Settings())
    assert stand_in.estimate == chao_bias_corrected(table, Settings()).estimate
    assert any("stands in" in reason for reason in stand_in.reasons)
    assert zelterman(table, Settings()).verdict is Verdict.REFUSED


def test_nobody_at_all():
    nobody = CaptureTable(("A", "B"), np.array([1]), np.array([0]))
    for estimator in ESTIMATORS.values():
        assert estimator(nobody, Settings()).verdict is Verdict.REFUSED


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 300), min_size=15, max_size=15).filter(any))
def test_no_limit_lies_below_the_persons_seen_and_limits_embrace_the_estimate(counts):
    table = table_of([0, *counts])
    for estimator in ESTIMATORS.values():
        answer = estimator(table, Settings())
        if answer.estimate is not None:
            assert table.n <= answer.lower <= answer.estimate <= answer.upper


@pytest.mark.parametrize("both", [189, 355, 10**6])
def test_zelterman_holds_where_nearly_everyone_is_on_both_lists(both):
    answer = zelterman(table_of([0, 0, 1, both]), Settings())
    assert [answer.lower, answer.estimate, answer.upper] == pytest.approx([both + 1] * 3)
