"""Laws that hold for any table: no estimator breaks, no number is absurd, and names or order change nothing."""

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.errors import RefusedError, UsageError
from palermo.hidden.answer import Settings, Verdict
from palermo.hidden.capture import CaptureTable
from palermo.hidden.estimate import as_row
from palermo.hidden.registry import ESTIMATORS, Cost
from palermo.hidden.suppressed import answer_over_ranges

PLAIN = Settings(bootstrap=0)
CHEAP = tuple(
    name
    for name, entry in ESTIMATORS.items()
    if entry.cost is not Cost.SAMPLING and not entry.plain and not entry.needs_covariates
)
# Fits of one model: all that counts is how many persons have each history.
MODELS = (
    "main_effects",
    "main_effects_profile",
    "all_two_way",
    "closedp_M0",
    "closedp_Mt",
    "chao_lower_bound",
    "zelterman",
)
ROUNDING = 1e-6


@st.composite
def tables(draw, fewest=2, most=5):
    """A table of a few lists, sparse or dense, from nobody to millions."""
    k = draw(st.integers(fewest, most))
    size = draw(st.sampled_from([1, 3, 30, 3_000, 1_000_000]))
    some = st.integers(0, size) if draw(st.booleans()) else st.one_of(st.just(0), st.just(0), st.integers(0, size))
    counts = draw(st.lists(some, min_size=(1 << k) - 1, max_size=(1 << k) - 1))
    return CaptureTable(tuple("ABCDEF"[:k]), np.arange(1, 1 << k), np.array(counts, np.int64))


def answered(name, table):
    """The estimator's own answer, or None where it refuses in one of the two ways that are allowed."""
    entry = ESTIMATORS[name]
    if entry.hindrance(table) or table.n == 0:
        return None
    try:
        answer = entry.load()(table, PLAIN)
    except (UsageError, RefusedError) as error:
        assert str(error)
        return None
    return answer if answer.verdict is not Verdict.REFUSED else None


def check(answer, seen):
    """A number that is shown is finite, no less than the persons seen, and within its interval."""
    numbers = [x for x in (answer.estimate, answer.lower, answer.upper) if x is not None]
    assert all(math.isfinite(x) for x in numbers), answer
    negative = any("negative" in reason or "fewer" in reason for reason in answer.reasons)
    assert negative or answer.estimate >= seen * (1 - ROUNDING), answer
    if answer.lower is not None and answer.upper is not None:
        slack = ROUNDING * answer.estimate
        assert answer.lower - slack <= answer.estimate <= answer.upper + slack, answer
    json.loads(json.dumps(as_row(answer), allow_nan=False))


@pytest.mark.parametrize("name", CHEAP)
@settings(max_examples=12, deadline=None)
@given(table=tables())
def test_every_estimator_answers_any_table_or_refuses_it(name, table):
    answer = answered(name, table)
    if answer is not None:
        check(answer, table.n)


@settings(max_examples=30, deadline=None)
@given(table=tables(most=4), data=st.data())
def test_the_order_of_lists_changes_nothing(table, data):
    order = data.draw(st.permutations(range(table.k)))
    moved = sum(((table.histories >> old) & 1) << new for new, old in enumerate(order))
    other = CaptureTable(tuple(table.lists[old] for old in order), moved, table.counts)
    for name in MODELS:
        one, two = answered(name, table), answered(name, other)
        assert (one is None) == (two is None), name
        if one is not None:
            assert two.estimate == pytest.approx(one.estimate, rel=1e-7), name


@settings(max_examples=30, deadline=None)
@given(table=tables(most=4))
def test_a_history_in_two_rows_is_the_same_as_their_sum(table):
    half = table.counts // 2
    twice = CaptureTable(
        table.lists, np.concatenate([table.histories] * 2), np.concatenate([half, table.counts - half])
    )
    for name in ("main_effects", "chao_lower_bound", "closedp_Mt"):
        one, two = answered(name, table), answered(name, twice)
        assert (one and one.estimate) == (two and two.estimate), name


@settings(max_examples=30, deadline=None)
@given(table=tables(most=4))
def test_twice_as_many_persons_are_twice_as_many_in_all(table):
    """The likelihood of a log-linear model scales, and so do Zelterman's odds."""
    double = CaptureTable(table.lists, table.histories, 2 * table.counts)
    for name in ("main_effects", "all_two_way", "closedp_M0", "closedp_Mt", "zelterman"):
        one, two = answered(name, table), answered(name, double)
        if one is not None and two is not None:
            assert two.estimate == pytest.approx(2 * one.estimate, rel=1e-6), name


@settings(max_examples=25, deadline=None)
@given(table=tables(most=4), data=st.data())
def test_ranges_are_answered_within_the_same_laws(table, data):
    width = np.array(data.draw(st.lists(st.integers(0, 4), min_size=table.counts.size, max_size=table.counts.size)))
    hidden = CaptureTable(table.lists, table.histories, table.counts, lower=table.counts, upper=table.counts + width)
    if not hidden.is_suppressed:
        return
    for name in ("main_effects", "chao_lower_bound"):
        answer = answer_over_ranges(ESTIMATORS[name], hidden, PLAIN)
        if answer.estimate is not None:
            check(answer, table.n)


@settings(max_examples=25, deadline=None)
@given(table=tables(fewest=3, most=4), data=st.data())
def test_impossible_histories_are_left_out_of_every_fit(table, data):
    empty = [int(h) for h, count in zip(table.histories, table.counts, strict=True) if count == 0 and h.bit_count() > 1]
    structural = frozenset(data.draw(st.lists(st.sampled_from(empty), max_size=3)) if empty else [])
    marked = CaptureTable(table.lists, table.histories, table.counts, structural=structural)
    for name in ("main_effects", "stepwise", "bic_best", "closedp_Mt", "chao_lower_bound"):
        answer = answered(name, marked)
        if answer is not None:
            check(answer, table.n)
