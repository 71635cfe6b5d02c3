"""All decomposable graphs on a few lists, each as the margins that its likelihood multiplies and divides.

The decision a reader would question: cliques and separators are never searched for. A graph is decomposable where its
vertices can be taken away one by one, each time a vertex whose neighbours left are all joined. Taking away vertex v
with neighbours B multiplies by the margin of {v} and B and divides by that of B; what does not cancel over all steps
are the cliques (+1) and the separators (minus how often each occurs).
"""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

MAX_GRAPH_LISTS = 6  # 18,154 graphs; seven lists have 617,675
Masks = npt.NDArray[np.int64]
Coefficients = npt.NDArray[np.float64]


@lru_cache(maxsize=MAX_GRAPH_LISTS)
def decomposable_graphs(k: int) -> Coefficients:
    """Give a row per decomposable graph on ``k`` lists, a column per set of lists (bit mask), sorted by edges.

    The entry is 1 for a clique, minus the multiplicity for a separator. Column 0, the empty set, is kept at 0, as its
    margin is always 1. There are 2, 8, 61, 822 and 18,154 graphs on 2 to 6 lists. The result is shared: read-only.
    """
    if not 1 <= k <= MAX_GRAPH_LISTS:
        raise ValueError(f"{k} lists; decomposable graphs are listed for 1 to {MAX_GRAPH_LISTS}")
    neighbours = _all_graphs(k)
    graphs = np.arange(len(neighbours))
    coefficients = np.zeros((len(neighbours), 1 << k))
    left = np.full(len(neighbours), (1 << k) - 1)
    for _ in range(k):
        vertex = _simplicial(neighbours, left)
        found = vertex >= 0
        neighbours, left, graphs, vertex = neighbours[found], left[found], graphs[found], vertex[found]
        boundary = neighbours[np.arange(len(vertex)), vertex] & left
        coefficients[graphs, boundary | (1 << vertex)] += 1
        coefficients[graphs, boundary] -= 1
        left = left & ~(1 << vertex)
    kept = coefficients[graphs]
    kept[:, 0] = 0
    kept.setflags(write=False)
    return kept


def cliques_and_separators(row: Coefficients) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Give the cliques and separators (bit masks; a separator as often as it occurs) of one row of the graphs."""
    cliques = tuple(int(mask) for mask in np.flatnonzero(row > 0))
    separators = tuple(int(mask) for mask in np.flatnonzero(row < 0) for _ in range(int(-row[mask])))
    return cliques, separators


def name_of_graph(row: Coefficients) -> str:
    """Name a graph by its cliques, lists numbered from 1, such as ``[123,34,25]``: long cliques first."""
    cliques, _ = cliques_and_separators(row)
    digits = ["".join(str(bit + 1) for bit in range(mask.bit_length()) if mask >> bit & 1) for mask in cliques]
    return f"[{','.join(sorted(digits, key=lambda name: (-len(name), name)))}]"


def _all_graphs(k: int) -> Masks:
    """Neighbours (bit mask) of each vertex in each of the 2^(k(k-1)/2) graphs."""
    pairs = [(i, j) for i in range(k) for j in range(i + 1, k)]
    numbers = np.arange(1 << len(pairs))
    neighbours = np.zeros((len(numbers), k), np.int64)
    for place, (i, j) in enumerate(pairs):
        joined = numbers >> place & 1
        neighbours[:, i] |= joined << j
        neighbours[:, j] |= joined << i
    return neighbours


def _simplicial(neighbours: Masks, left: Masks) -> Masks:
    """For each graph the first vertex left whose neighbours left are all joined to one another; -1 where none is."""
    k = neighbours.shape[1]
    closed = neighbours | (1 << np.arange(k))
    first = np.full(len(left), -1)
    for vertex in reversed(range(k)):
        boundary = neighbours[:, vertex] & left
        fits = (left >> vertex & 1).astype(bool)
        for other in range(k):
            fits &= ((boundary >> other & 1) == 0) | ((boundary & ~closed[:, other]) == 0)
        first[fits] = vertex
    return first
