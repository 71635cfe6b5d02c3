"""The average over decomposable graphs: against sums written out, and what it says of its own limits."""

import signal
from math import lgamma

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.hidden.answer import Settings, Verdict
from palermo.hidden.capture import CaptureTable
from palermo.hidden.estimators.decomposable import GraphScores, Posterior, dga_bma, posterior_on_grid


def table_of(cells, lists="ABCDEF"):
    cells = np.asarray(cells, np.int64)
    k = len(cells).bit_length() - 1
    seen = np.flatnonzero(cells)
    return CaptureTable(tuple(lists[:k]), seen, cells[seen])


def written_out(cells, unseen, delta):
    """Log p(table, N | graph) p(N) of the two graphs of two lists, cell by cell."""
    full = [unseen, *cells[1:]]
    total = sum(full)
    ways = lgamma(total + 1) - sum(lgamma(x + 1) for x in full)

    def margin(counts, d):
        whole = lgamma(len(counts) * d) - lgamma(total + len(counts) * d)
        return whole + sum(lgamma(x + d) - lgamma(d) for x in counts)

    first, second = [full[0] + full[2], full[1] + full[3]], [full[0] + full[1], full[2] + full[3]]
    apart = margin(first, 2 * delta) + margin(second, 2 * delta)
    return np.array([apart, margin(full, delta)]) + ways - np.log(total)


def test_two_lists_are_as_written_out():
    cells, delta = np.array([0, 30, 20, 6]), 0.25
    expected = np.exp([written_out(cells, unseen, delta) for unseen in range(301)]).T
    by_number, by_graph = posterior_on_grid(cells, 2, np.arange(301), delta)
    assert by_number == pytest.approx(expected.sum(axis=0) / expected.sum(), rel=1e-9)
    assert sorted(by_graph) == pytest.approx(sorted(expected.sum(axis=1) / expected.sum()), rel=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=7, max_size=7).filter(any), st.sampled_from([0.01, 0.125, 1.0, 5.0]))
def test_blocks_agree_with_every_whole_number(counts, delta):
    cells = np.array([0, *counts])
    last = 30 * int(cells.sum())
    by_number, by_graph = posterior_on_grid(cells, 3, np.arange(last + 1), delta)
    found = Posterior(GraphScores(cells, 3, delta), last)
    assert found.mean - found.n == pytest.approx(by_number @ np.arange(last + 1), rel=1e-9, abs=1e-9)
    assert found.graphs == pytest.approx(by_graph, abs=1e-10)
    assert found.graphs.sum() == pytest.approx(1)
    summed = np.cumsum(by_number)
    for level in (0.025, 0.5, 0.975):
        place = found.quantile(level) - found.n
        assert summed[place] > level - 1e-9
        assert place == 0 or summed[place - 1] < level + 1e-9


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=7, max_size=7).filter(any), st.permutations(range(3)))
def test_the_order_of_the_lists_does_not_matter(counts, order):
    cells = np.array([0, *counts])
    turned = np.zeros_like(cells)
    for history in range(8):
        turned[sum((history >> bit & 1) << order[bit] for bit in range(3))] = cells[history]
    one, other = (dga_bma(table_of(x), Settings()) for x in (cells, turned))
    assert (one.estimate, one.lower, one.upper) == (other.estimate, other.lower, other.upper)


def test_a_level_widens_the_interval_around_the_same_median():
    table = table_of([0, 60, 50, 12, 40, 9, 8, 3])
    narrow, wide = (dga_bma(table, Settings(level=level)) for level in (0.8, 0.99))
    assert wide.lower < narrow.lower < narrow.estimate == wide.estimate < narrow.upper < wide.upper


def test_it_says_where_its_grid_ends_and_how_much_lies_beyond():
    answer = dga_bma(table_of([0, 20, 15, 1, 10, 0, 1, 0]), Settings())
    assert answer.verdict is Verdict.WARNED
    assert answer.diagnostics["probability_beyond_grid"] > 0.01
    assert any("grid of N ends at about 1,500" in reason for reason in answer.reasons)
    assert answer.diagnostics["median_lower_upper_without_end"][2] > answer.upper


def test_it_says_that_it_hangs_on_the_prior_and_is_quiet_where_it_does_not():
    sparse = dga_bma(table_of([0, 200, 150, 2, 90, 1, 1, 0]), Settings())
    assert any("hangs on the prior" in reason for reason in sparse.reasons)
    assert any("the graphs disagree" in reason for reason in sparse.reasons)
    dense = dga_bma(table_of([0, 600, 600, 600, 600, 600, 600, 600]), Settings())
    assert dense.verdict is Verdict.SHOWN
    assert dense.lower < 4800 < dense.upper


def test_refusals():
    assert dga_bma(table_of([0, 1, 2, 3]), Settings(delta=0.0)).verdict is Verdict.REFUSED
    seven = CaptureTable(tuple("ABCDEFG"), np.array([1, 2, 3]), np.array([4, 5, 6]))
    assert "2 to 6 lists" in dga_bma(seven, Settings()).reasons[0]
    nobody = CaptureTable(("A", "B"), np.array([1]), np.array([0]))
    assert dga_bma(nobody, Settings()).reasons == ("No list saw anybody.",)


def test_structural_zeros_are_said_to_be_ignored():
    table = CaptureTable(("A", "B"), np.array([1, 2]), np.array([50, 60]), structural=frozenset({3}))
    assert any("structural" in reason for reason in dga_bma(table, Settings()).reasons)


def test_ctrl_c_is_heard_as_such_and_not_as_a_system_error(monkeypatch):
    table = CaptureTable(tuple("ABCDE"), np.arange(1, 32), np.arange(31, 0, -1))  # made up
    dga_bma(table, Settings())

    def interrupt(*_):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.01)
        with pytest.raises(KeyboardInterrupt):
            while True:
                dga_bma(table, Settings())
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
