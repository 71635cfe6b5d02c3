"""Decomposable graphs on a few lists."""

import itertools

import numpy as np
import pytest

from palermo.hidden.graphs import cliques_and_separators, decomposable_graphs, name_of_graph


def edges_of(row):
    cliques, _ = cliques_and_separators(row)
    lists = [[bit for bit in range(8) if mask >> bit & 1] for mask in cliques]
    return frozenset(pair for members in lists for pair in itertools.combinations(members, 2))


@pytest.mark.parametrize(("k", "count"), [(1, 1), (2, 2), (3, 8), (4, 61), (5, 822), (6, 18154)])
def test_there_are_as_many_as_the_literature_counts(k, count):
    assert len(decomposable_graphs(k)) == count


def test_each_graph_stands_once_and_the_only_one_missing_of_four_lists_are_the_three_squares():
    found = {edges_of(row) for row in decomposable_graphs(4)}
    pairs = list(itertools.combinations(range(4), 2))
    every = {frozenset(chosen) for size in range(7) for chosen in itertools.combinations(pairs, size)}
    missing = every - found
    assert len(found) == 61
    assert len(missing) == 3
    for square in missing:
        assert sorted(np.bincount([end for pair in square for end in pair])) == [2, 2, 2, 2]


def test_cliques_less_separators_are_the_parts_that_hang_together_in_a_tree():
    for row in decomposable_graphs(4):
        cliques, separators = cliques_and_separators(row)
        assert all(any(part & clique == part for clique in cliques) for part in separators)
        # Every list is counted once: in all its cliques less all its separators.
        for bit in range(4):
            assert sum(c >> bit & 1 for c in cliques) - sum(s >> bit & 1 for s in separators) == 1


def test_names_and_limits():
    names = {name_of_graph(row) for row in decomposable_graphs(3)}
    assert names == {"[1,2,3]", "[12,3]", "[13,2]", "[23,1]", "[12,13]", "[12,23]", "[13,23]", "[123]"}
    with pytest.raises(ValueError, match="7 lists"):
        decomposable_graphs(7)
    with pytest.raises(ValueError, match="read-only"):
        decomposable_graphs(3)[0, 0] = 1
