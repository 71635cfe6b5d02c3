"""Transitions between histories: what is lost comes back, sizes of lists stay, and a simulation says the same."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.hidden.linkage_table import (
    Spread,
    cells_from,
    corrected_cells,
    kept_together,
    margins,
    pairs_of,
    raked,
    repaired,
    transition,
)

tables = st.integers(2, 5).flatmap(
    lambda k: st.lists(st.integers(0, 400), min_size=1 << k, max_size=1 << k).map(lambda own: (k, np.array(own) * 1.0))
)


def of_lists(cells, k):
    every = np.arange(1 << k)
    return np.array([cells[..., every >> place & 1 == 1].sum(axis=-1) for place in range(k)])


def sent(cells, shares, k, spread=Spread.RECORDS):
    own = cells.copy()
    own[0] = 0
    return transition(shares, k, spread) @ own


@settings(max_examples=40, deadline=None)
@given(tables)
def test_cells_and_margins_are_two_ways_to_say_the_same(drawn):
    k, cells = drawn
    cells[0] = 0
    assert np.allclose(cells_from(margins(cells[None], k), k)[0], cells)


@settings(max_examples=40, deadline=None)
@given(tables, st.floats(0.6, 1.0))
def test_missed_links_of_one_rate_are_taken_back_exactly(drawn, share):
    k, cells = drawn
    cells[0] = 0
    shares = np.full(len(pairs_of(k)), share)
    back, negative = corrected_cells(sent(cells, shares, k)[None], shares[None], np.ones((1, shares.size)), k)
    assert np.allclose(back[0], cells, atol=1e-6)
    assert not negative[0]


def test_rates_that_differ_between_lists_are_taken_back():
    rng = np.random.default_rng(3)
    kept = np.array([0.99, 0.9, 0.85, 0.95])
    shares = np.array([kept[a] * kept[b] for a, b in pairs_of(4)])
    cells = rng.integers(0, 90, 16) * 1.0
    cells[0] = 0
    back, _ = corrected_cells(sent(cells, shares, 4)[None], shares[None], np.ones((1, 6)), 4)
    assert np.allclose(back[0], cells)


@settings(max_examples=30, deadline=None)
@given(tables, st.floats(0.6, 1.0), st.sampled_from([Spread.RECORDS, Spread.PERSONS]))
def test_a_transition_loses_no_record_of_any_list(drawn, share, spread):
    k, cells = drawn
    cells[0] = 0
    seen = sent(cells, np.full(len(pairs_of(k)), share), k, spread)
    assert np.allclose(of_lists(seen, k), of_lists(cells, k))


def test_the_transition_is_what_a_simulation_gives():
    rng = np.random.default_rng(1)
    lost = np.array([0.05, 0.1, 0.2])
    shares = np.array([(1 - lost[a]) * (1 - lost[b]) for a, b in pairs_of(3)])
    fallen = rng.random((200_000, 3)) < lost
    together = (~fallen) @ (1 << np.arange(3))
    parts = np.bincount(together, minlength=8) + np.bincount(
        np.concatenate([np.full(fallen[:, place].sum(), 1 << place) for place in range(3)]), minlength=8
    )
    parts[0] = 0
    assert np.allclose(parts / 200_000, transition(shares, 3)[:, 7], atol=0.004)


def test_two_lists_give_ding_fienberg_and_di_consiglio_tuoto():
    seen = np.array([[0.0, 60.0, 40.0, 20.0]])
    missed, false = 0.1, 0.05
    cells, _ = corrected_cells(seen, np.array([[1 - missed]]), np.array([[1 - false]]), 2)
    assert cells[0, 3] == pytest.approx(20 * 0.95 / 0.9)
    assert of_lists(cells[0], 2) == pytest.approx([80, 60])


def test_three_lists_together_differ_by_what_is_assumed():
    share = np.full((1, 3), 0.9)
    records, persons, pairs = (kept_together(share, 3, own)[0, 7] for own in Spread)
    assert records == pytest.approx(0.9**1.5)
    assert persons == pytest.approx(0.9)
    assert pairs == 1.0
    assert kept_together(share, 3, Spread.PAIRS)[0, 3] == pytest.approx(0.9)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-5, 50), min_size=15, max_size=15))
def test_a_repaired_table_has_no_negative_cell_and_the_same_lists_where_it_can(values):
    cells = np.array([[0.0, *values]])
    own = cells.copy()
    own[0, [1, 2, 4, 8]] += 200  # persons of one list alone, from whom to give back
    fixed, negative = repaired(own, 4)
    assert (fixed >= 0).all()
    assert np.allclose(of_lists(fixed[0], 4), of_lists(own[0], 4))
    assert negative[0] == bool((own < -1e-9).any())


def test_raking_reaches_the_overlaps_and_keeps_the_lists():
    cells = np.array([[0, 50, 40, 20, 30, 10, 8, 5]]) * 1.0
    wanted = np.array([[30.0, 18.0, 15.0]])
    found, reached = raked(cells, wanted, 3)
    assert reached[0]
    assert margins(found, 3)[0, [3, 5, 6]] == pytest.approx(wanted[0], rel=1e-4)
    assert of_lists(found[0], 3) == pytest.approx(of_lists(cells[0], 3))


def test_raking_says_where_a_pair_that_shares_nobody_cannot_be_given_an_overlap():
    cells = np.array([[0.0, 50.0, 40.0, 0.0]])
    assert not raked(cells, np.array([[12.0]]), 2)[1][0]
