"""Limits from replicates, and the tables drawn for them."""

import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.hidden.answer import Settings, Verdict
from palermo.hidden.bootstrap import (
    acceleration,
    bca_limits,
    percentile_limits,
    share_below,
    studentised_log_limits,
    type8_quantile,
    wald_limits,
)
from palermo.hidden.capture import CaptureTable
from palermo.hidden.estimators.stepwise import stepwise_bca
from palermo.hidden.resampling import _next_size, bootstrap_tables, in_threads, jackknife_tables, observed

ABC = ("A", "B", "C")


def table_of(*counts: int) -> CaptureTable:
    """A made-up table of three lists, counts of histories 1 to 7."""
    return CaptureTable(ABC, np.arange(1, 8, dtype=np.int64), np.array(counts, np.int64))


values = st.lists(st.floats(1, 1e6), min_size=2, max_size=40)


@given(values, st.floats(0, 1))
@settings(max_examples=60, deadline=None)
def test_quantiles_are_type_8_of_numpy(numbers: list[float], share: float):
    ordered = np.sort(np.array(numbers))
    assert type8_quantile(ordered, share)[0] == pytest.approx(np.quantile(ordered, share, method="median_unbiased"))


def test_quantiles_beyond_the_last_value_are_that_value_and_marked():
    ordered = np.arange(1.0, 101.0)
    assert type8_quantile(ordered, 0.0001) == (1.0, True)
    assert type8_quantile(ordered, 0.9999) == (100.0, True)
    assert type8_quantile(ordered, 0.5) == (50.5, False)


def test_quantile_between_finite_and_infinite_is_infinite():
    assert type8_quantile(np.array([1.0, 2.0, math.inf, math.inf]), 0.6)[0] == math.inf


@given(values)
@settings(max_examples=60, deadline=None)
def test_bca_without_bias_and_acceleration_is_the_percentile_interval(numbers: list[float]):
    replicates = np.array(numbers)
    bca = bca_limits(0.0, replicates, 0.0, 0.9, share=0.5)
    plain = percentile_limits(replicates, 0.9)
    assert (bca.lower, bca.upper) == pytest.approx((plain.lower, plain.upper))


def test_replicates_mostly_above_the_estimate_pull_the_limits_down():
    replicates = np.arange(1.0, 1001.0)
    low, middle = (bca_limits(estimate, replicates, 0.0, 0.95) for estimate in (300.0, 500.5))
    assert low.z0 < middle.z0 == pytest.approx(0.0)
    assert low.lower < middle.lower
    assert low.upper < middle.upper


def test_limits_at_the_smallest_replicate_are_flagged():
    limits = bca_limits(120.0, np.arange(1.0, 1001.0), 0.0, 0.95)
    assert limits.extreme == ("lower",)
    assert limits.lower == 1.0


@pytest.mark.parametrize(("estimate", "share"), [(0.5, 0.0), (2000.0, 1.0)])
def test_all_replicates_on_one_side_still_give_limits(estimate: float, share: float):
    limits = bca_limits(estimate, np.arange(1.0, 1001.0), 0.0, 0.95)
    assert limits.share_below == share
    assert limits.lower <= limits.upper
    assert limits.extreme


def test_equal_replicates_count_half_whatever_their_last_digit():
    replicates = np.array([1.0, 2.0, 3.0, 3.0 + 1e-13, 3.0 - 1e-13, 4.0])
    assert share_below(3.0, replicates) == pytest.approx(2 / 6 + 3 / 12)


def test_beyond_the_pole_of_the_correction_the_limit_is_the_last_replicate():
    limits = bca_limits(500.5, np.arange(1.0, 1001.0), 0.6, 0.95)
    assert limits.upper == 1000.0
    assert "upper" in limits.extreme


def test_acceleration_weighs_each_history_by_its_persons():
    once = acceleration(np.array([10.0, 10.0, 10.0, 14.0]), np.ones(4))
    weighted = acceleration(np.array([10.0, 14.0]), np.array([3.0, 1.0]))
    assert weighted == pytest.approx(once)
    # mean 11, residuals 1, 1, 1, -3: (3 - 27) / (6 * 12^1.5)
    assert weighted == pytest.approx(-24 / (6 * 12**1.5))


def test_acceleration_where_nothing_changes_or_no_estimate_is_left():
    assert acceleration(np.array([5.0, 5.0]), np.ones(2)) == 0.0
    assert math.isnan(acceleration(np.array([5.0, math.inf]), np.ones(2)))


def test_studentised_limits_of_normal_distances_are_the_wald_limits():
    rng = np.random.default_rng(2)
    replicates = 900 * np.exp(0.2 * rng.standard_normal(100_000))
    ours = studentised_log_limits(100, (900.0, 0.2), replicates, np.full(100_000, 0.2), 0.95)
    wald = wald_limits(100, 900.0, 0.2, 0.95)
    assert ours.lower == pytest.approx(wald.lower, rel=0.02)
    assert ours.upper == pytest.approx(wald.upper, rel=0.02)


def test_studentised_limits_need_a_standard_error():
    limits = studentised_log_limits(100, (900.0, math.inf), np.array([1.0, 2.0]), np.ones(2), 0.95)
    assert (limits.lower, limits.upper) == (100.0, math.inf)


def test_bootstrap_tables_keep_persons_and_sampling_zeros():
    table = table_of(40, 30, 8, 0, 5, 4, 1)
    tables = bootstrap_tables(table, 500, seed=3)
    assert tables.histories.tolist() == [1, 2, 3, 5, 6, 7]
    assert (tables.counts.sum(axis=1) == table.n).all()
    assert np.allclose(tables.counts.mean(axis=0), observed(table).counts[0], atol=1.0)
    assert (tables.cells(3)[:, 4] == 0).all()
    assert np.array_equal(tables.counts, bootstrap_tables(table, 500, seed=3).counts)
    assert not np.array_equal(tables.counts, bootstrap_tables(table, 500, seed=4).counts)


def test_jackknife_leaves_one_person_of_each_history_out():
    tables, weights = jackknife_tables(table_of(4, 3, 2, 0, 0, 0, 1))
    assert weights.tolist() == [4, 3, 2, 1]
    assert tables.counts.tolist() == [[3, 3, 2, 1], [4, 2, 2, 1], [4, 3, 1, 1], [4, 3, 2, 0]]


def test_threads_share_all_rows_and_report_progress():
    done, said = np.zeros(1001), []
    in_threads(lambda part: done.__setitem__(part, 1), 1001, lambda *said_: said.append(said_), "working")
    assert done.all()
    assert said[-1] == (1001, 1001, "working")
    assert [row[0] for row in said] == sorted(row[0] for row in said)


def test_ctrl_c_waits_for_no_more_than_what_is_running():
    def work(part):
        for _ in range(part.start, part.stop):
            time.sleep(0.02)

    def interrupt(done, total, text):
        if done > 20:
            raise KeyboardInterrupt

    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        in_threads(work, 5000, interrupt)
    assert time.monotonic() - started < 3  # all rows would take 50 s on two cores


def test_slices_grow_to_their_time_and_end_at_the_share_of_a_core():
    assert _next_size(8, 0.001, 1000) == 64
    assert _next_size(8, 0.001, 20) == 20
    assert _next_size(100, 1.0, 1000) == 25
    assert _next_size(1, 30.0, 0) == 1


def test_the_answer_is_the_same_on_one_core_and_on_many(monkeypatch):
    table = table_of(300, 250, 120, 200, 12, 10, 3)
    many = stepwise_bca(table, Settings(bootstrap=1000, seed=9))
    monkeypatch.setattr("os.sched_getaffinity", lambda _pid: {0}, raising=False)
    assert stepwise_bca(table, Settings(bootstrap=1000, seed=9)) == many


def test_the_answer_says_what_the_replicates_did():
    answer = stepwise_bca(table_of(300, 250, 120, 200, 30, 25, 12), Settings(bootstrap=1000))
    said = answer.diagnostics
    assert answer.lower < answer.estimate < answer.upper
    assert answer.settings == {"threshold": 0.02, "bootstrap": 1000, "seed": 1}
    assert said["pairs_chosen"]["A:B"] > 0.8
    for other in ("wald", "percentile", "studentised_log"):
        low, high = said[other]
        assert low < answer.estimate < high


def test_replicates_without_estimate_are_named_and_may_take_the_upper_limit_away():
    """Two persons on two lists: about one replicate in seven has none."""
    answer = stepwise_bca(table_of(30, 20, 1, 25, 1, 0, 0), Settings(bootstrap=1000))
    assert answer.verdict is Verdict.WARNED
    assert answer.upper is None
    assert answer.diagnostics["replicates_without_estimate"] > 50
    assert "there is no upper limit" in answer.reasons
