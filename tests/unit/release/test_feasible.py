import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.errors import PalermoError
from palermo.release.feasible import Prover, Relations, cheapest_way, propagate

# a 2 x 2 table with totals: 0 1 | 2 / 3 4 | 5 / 6 7 | 8
SUMS = [
    {0: 1, 1: 1, 2: -1},
    {3: 1, 4: 1, 5: -1},
    {6: 1, 7: 1, 8: -1},
    {0: 1, 3: 1, 6: -1},
    {1: 1, 4: 1, 7: -1},
    {2: 1, 5: 1, 8: -1},
]
RELATIONS = Relations.of(SUMS, [], 9)


def table(a, b, c, d):
    return np.array([a, b, a + b, c, d, c + d, a + c, b + d, a + b + c + d], dtype=float)


TOP = 6
EVERY = np.array([table(*cells) for cells in itertools.product(range(TOP + 1), repeat=4)])


def possible(known, hidden):
    """All whole-number tables that agree with the known cells: by trying every one."""
    agree = (EVERY[:, ~hidden] == known[~hidden]).all(axis=1)
    return EVERY[agree & (EVERY.max(axis=1) <= TOP)]


@settings(max_examples=40, deadline=None)
@given(cells=st.lists(st.integers(0, 3), min_size=4, max_size=4), mask=st.lists(st.booleans(), min_size=9, max_size=9))
def test_intervals_are_those_found_by_trying_every_table(cells, mask):
    known, hidden = table(*cells), np.array(mask)
    known = known if known.max() <= TOP else table(1, 1, 1, 1)
    tables = possible(known, hidden)
    low, high = np.where(hidden, 0.0, known), np.where(hidden, float(TOP), known)
    swept_low, swept_high = propagate(RELATIONS, low, high)
    assert (swept_low <= tables.min(axis=0)).all()
    assert (swept_high >= tables.max(axis=0)).all()
    prover = Prover(RELATIONS, low, high)
    narrow = prover.too_narrow(np.full(len(prover.free), 2.0))
    width = (tables.max(axis=0) - tables.min(axis=0))[prover.free]
    assert narrow.tolist() == (width < 2).tolist()


def test_contradicting_figures_are_an_error():
    known = table(1, 2, 3, 4)
    low = np.where(np.arange(9) < 2, 0.0, known)
    high = np.where(np.arange(9) < 2, 50.0, known)
    low[2] = high[2] = 40.0
    with pytest.raises(PalermoError, match="contradict"):
        Prover(RELATIONS, low, high).too_narrow(np.full(2, 5.0))


def test_cheapest_way_keeps_every_sum_and_avoids_dear_cells():
    known, cost = table(2, 9, 8, 30), np.ones(9)
    cost[0], cost[[2, 5, 6, 7, 8]] = 0.0, 50.0
    way = cheapest_way(RELATIONS, known, known, (0, 5.0), cost)
    assert way.opened.tolist() == [1, 3, 4]
    assert way.table[0] == pytest.approx(7)
    assert abs(RELATIONS.equal @ way.table).max() < 1e-6
