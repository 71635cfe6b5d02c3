"""Ranges of persons by combination of lists: what a reader who knows every list's size can still work out."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.release.overlap import Sum, base_for, is_proven, pairs, ranges

THREE = {1: 410, 2: 300, 4: 250, 3: 44, 5: 31, 6: 12, 7: 4}


def test_every_count_lies_in_its_range_and_small_ones_share_one():
    low, high = ranges(THREE, 3, 10)
    assert all(low[history] <= count <= high[history] for history, count in THREE.items())
    assert (low[7], high[7]) == (0, 9)
    assert (low[3], high[3]) == (40, 49)


def test_two_lists_are_never_told_where_they_share_few():
    assert base_for({1: 100, 2: 80, 3: 3}, 2, 5) is None  # sizes and total give it exactly


def test_two_lists_that_share_many_are_told():
    assert base_for({1: 100, 2: 80, 3: 60}, 2, 5) == 10


def test_a_grid_is_made_coarser_where_a_small_combination_would_follow():
    counts = {1: 20, 2: 20, 4: 20, 3: 10, 5: 10, 6: 10, 7: 2}  # all at the low end of their ranges but one
    base = base_for(counts, 3, 5)
    known = [Sum(0, 92.0, 92.0)] + [Sum(1 << place, 42.0, 42.0) for place in range(3)]
    assert not is_proven(*ranges(counts, 3, 10), known, (), (10, 5))
    assert base is None or base > 10


def spans(counts, lists, base):
    """By trying all tables: the least and most of each history, where sizes and total are known."""
    low, high = ranges(counts, lists, base)
    size = 1 << lists
    terms = [0, *(1 << place for place in range(lists))]
    wanted = [sum(count for history, count in counts.items() if history & term == term) for term in terms]
    found = []
    for free in product(*(range(int(low[cell]), int(high[cell]) + 1) for cell in (3, 5, 7))):
        table = dict(zip((3, 5, 7), free, strict=True))
        for six in range(int(low[6]), int(high[6]) + 1):
            table[6] = six
            singles = {
                1: wanted[1] - table[3] - table[5] - table[7],
                2: wanted[2] - table[3] - six - table[7],
                4: wanted[3] - table[5] - six - table[7],
            }
            whole = table | singles
            inside = all(low[cell] <= whole[cell] <= high[cell] for cell in range(1, size))
            if inside and sum(whole.values()) == wanted[0]:
                found.append([whole[cell] for cell in range(1, size)])
    array = np.array(found)
    return array.min(axis=0), array.max(axis=0)


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=7, max_size=7))
def test_what_is_called_proven_is_open_in_every_table_of_whole_numbers(numbers):
    counts = {history: number for history, number in enumerate(numbers, 1) if number}
    if base_for(counts, 3, 5) != 10:
        return
    least, most = spans(counts, 3, 10)
    marked = ranges(counts, 3, 10)[1][1:] < 10
    assert ((most - least)[marked] >= 5).all()


@pytest.mark.parametrize("lists", [3, 5, 7])
def test_pairs_are_all_pairs(lists):
    assert len(pairs(lists)) == lists * (lists - 1) // 2
