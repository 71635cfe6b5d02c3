"""Walks through tables of whole numbers: every step leaves the sums as they are, and none falls below zero."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from palermo.release.tables.steps import Walk, whole_steps


def two_way(height, width):
    """The sums by row and by column of a table."""
    rows = np.kron(np.eye(height), np.ones(width))
    columns = np.kron(np.ones(height), np.eye(width))
    return sparse.csr_matrix(np.vstack([rows, columns]))


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 5), st.integers(2, 5), st.integers(0, 10_000))
def test_steps_leave_all_sums_and_reach_everything(height, width, seed):
    start = np.random.default_rng(seed).integers(0, 9, height * width).astype(float)
    sums = two_way(height, width)
    steps = whole_steps(sums, start)
    assert steps.shape[1] == (height - 1) * (width - 1)
    assert np.linalg.matrix_rank(steps.toarray()) == steps.shape[1]
    assert abs(sums @ steps).sum() == 0
    assert (steps.data == np.round(steps.data)).all()


def test_a_walk_finds_the_limits_of_a_small_table():
    start = np.array([1.0, 4.0, 5.0, 2.0])  # two by two: the first may be from 0 to 5
    walk = Walk(start, whole_steps(two_way(2, 2), start), sparse.eye(4, format="csr"), np.full(4, 5.0))
    walk.see(np.arange(4), pulls=1)
    assert (walk.low[0], walk.high[0]) == (0, 5)
    assert (walk.low >= 0).all()
    assert not len(walk.short)


def test_what_is_fixed_does_not_move():
    start = np.array([3.0, 4.0, 2.0])
    sums = sparse.csr_matrix(np.array([[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]))
    walk = Walk(start, whole_steps(sums, start), sparse.eye(3, format="csr"), np.full(3, 4.0))
    walk.see(np.arange(3), pulls=2)
    assert (walk.high - walk.low).tolist() == [7, 7, 0]
    assert walk.short.tolist() == [2]


def test_the_same_walk_each_time():
    start = np.random.default_rng(1).integers(0, 9, 16).astype(float)
    seen = []
    for _ in range(2):
        walk = Walk(start, whole_steps(two_way(4, 4), start), sparse.eye(16, format="csr"), np.full(16, 50.0))
        walk.see(np.arange(16), pulls=1)
        seen.append((walk.low.tolist(), walk.high.tolist()))
    assert seen[0] == seen[1]


@pytest.mark.parametrize("share", [0.5, 1 / 3])
def test_fractions_of_a_table_that_is_not_whole_stay(share):
    start = np.array([1 + share, 4 - share, 5 - share, 2 + share])
    walk = Walk(start, whole_steps(two_way(2, 2), start), sparse.eye(4, format="csr"), np.full(4, 3.0))
    walk.see(np.arange(4), pulls=1)
    assert walk.low[0] == pytest.approx(share)
    assert walk.high[0] == pytest.approx(4 + share)
