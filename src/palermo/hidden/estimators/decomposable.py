"""Bayesian averaging over all decomposable graphs of lists and over the number of persons, in closed form.

Decisions a reader would question. Sums over N are not taken over every whole number: blocks of whole numbers narrower
than the posterior can be are summed by the Gauss rule of the discrete uniform measure (8 points, exact for polynomials
of degree 15), which agrees with the full sum to 1e-10 and takes a hundredth of the time. The grid ends at 30 times the
persons seen, as the peer's tables do, but what lies beyond is measured and said, never cut off in silence.
"""

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from palermo.hidden.answer import Answer, Settings, Verdict, refused
from palermo.hidden.capture import CaptureTable, Counts
from palermo.hidden.estimators.decomposable_kernel import (
    POINTS,
    Rules,
    Scores,
    blocks,
    peak,
    prepare,
    reaching,
    scores_at,
    sum_blocks,
)
from palermo.hidden.graphs import MAX_GRAPH_LISTS, decomposable_graphs, name_of_graph
from palermo.hidden.resampling import in_a_thread
from palermo.rounded_words import rough

NAME = "dga_bma"
GRID_TIMES_SEEN = 30  # the grid ends where 30 unseen persons stand behind each one seen
_FAR_TIMES_SEEN = 3000  # how far the mass beyond the grid is followed
_BEYOND_WORTH_SAYING = 1e-3
# Of a block of N, in the smallest standard deviations that its posterior can have: the rule errs by 1e-10 of a normal.
_WIDTH = 2.5
_LONGEST = 1 << 40  # numbers in a block
_NEGLIGIBLE = 45.0  # graphs and blocks below exp(-45) of the best are left out
_ROUGH = (20.0, 4.0)  # the same two where only a median is wanted
_DELTA_TIMES = (4.0, 0.25)  # how much the prior count is moved to see how much the answer hangs on it
Values = npt.NDArray[np.float64]


class GraphScores:
    """Log p(table, N | graph) p(N) up to one constant, for numbers of unseen persons that need not be whole.

    For a margin c: m(c) = product over its cells of G(n + d) / G(d), times G(D) / G(N + D), where d is ``delta`` summed
    to the margin, 2^(K-|c|) delta, and D = 2^K delta. Only the cell that no list of c saw moves with N, so that one
    log-gamma a margin is all that a new N costs. Madigan & York 1997 (Biometrika 84:19), hyper-Dirichlet law.
    """

    def __init__(self, cells: Counts, k: int, delta: float) -> None:
        self.k = k
        self.kernel: Scores = prepare(np.asarray(cells, np.int64), k, float(delta), *_margins_of_graphs(k))
        self.n = int(self.kernel.n)

    def log_scores(self, unseen: Values) -> Values:
        """Scores of the graphs in rows, of the numbers of unseen persons in columns."""
        return np.asarray(scores_at(self.kernel, unseen), np.float64)


@lru_cache(maxsize=MAX_GRAPH_LISTS)
def _margins_of_graphs(k: int) -> tuple[Counts, Counts, Values]:
    """The margins of all graphs one after the other, as ``Scores`` holds them; at most 2K - 1 a graph."""
    rows = csr_array(decomposable_graphs(k))
    return rows.indptr.astype(np.int64), rows.indices.astype(np.int64), np.asarray(rows.data, np.float64)


def posterior_on_grid(cells: Counts, k: int, unseen: Counts, delta: float) -> tuple[Values, Values]:
    """Probabilities of N at every point of a given grid of unseen persons, and of the graphs: the peer's own sum."""
    scores = GraphScores(cells, k, delta).log_scores(unseen.astype(np.float64))
    weights = np.exp(scores - scores.max())
    whole = weights.sum()
    return weights.sum(axis=0) / whole, weights.sum(axis=1) / whole


class Posterior:
    """The distribution of N, summed over all whole numbers of unseen persons by blocks (see the module's first lines).

    ``last`` is the largest number of unseen persons of the grid; what lies beyond it, up to ``far``, is summed too, to
    be able to say how much that is. ``rough`` trades exactness for time.
    """

    def __init__(self, scores: GraphScores, last: int, far: int | None = None, rough: bool = False) -> None:
        self._scores, self.n = scores, scores.n
        negligible, width = _ROUGH if rough else (_NEGLIGIBLE, _WIDTH)
        self._rules = _rules()
        ends = np.array([last + 1, max(last, far or 0) + 1])
        self._firsts, places = blocks(float(self.n), ends, width, self._rules.lengths)
        self._lengths = self._rules.lengths[places]
        self._inside = int(np.searchsorted(self._firsts, last, side="right"))
        self._shift, by_point, self._highest, by_graph, self._graphs = sum_blocks(
            scores.kernel, self._firsts, places, self._rules, self._inside, negligible
        )
        self._by_block = by_point.sum(axis=1)
        self._summed = np.cumsum(self._by_block)
        self.whole = float(self._summed[self._inside - 1])
        self.beyond = float(self._by_block[self._inside :].sum() / self._summed[-1])
        points = self._firsts[:, None] + self._rules.points[places]
        self.mean = self.n + float((by_point * points)[: self._inside].sum()) / self.whole
        self.graphs: Values = by_graph / self.whole

    def quantile(self, level: float, with_beyond: bool = False) -> int:
        """The smallest N up to which at least ``level`` of the probability lies, on the grid or without its end."""
        blocks_used = len(self._summed) if with_beyond else self._inside
        wanted = level * float(self._summed[blocks_used - 1])
        block = min(int(np.searchsorted(self._summed, wanted)), blocks_used - 1)
        before = float(self._summed[block - 1]) if block else 0.0
        first, length = int(self._firsts[block]), int(self._lengths[block])
        kernel, graphs = self._scores.kernel, self._graphs
        return self.n + int(reaching(kernel, graphs, self._rules, first, length, wanted - before, self._shift))

    def mode(self) -> int:
        """The most probable N, sought in the block of the highest point and in its neighbours, each with one peak."""
        highest = int(self._highest[: self._inside].argmax())
        near = range(max(0, highest - 1), min(self._inside, highest + 2))
        own = [(int(self._firsts[block]), int(self._lengths[block])) for block in near]
        peaks = [peak(self._scores.kernel, self._graphs, first, length, self._shift) for first, length in own]
        return self.n + int(max(peaks, key=lambda found: found[1])[0])

    def best_graphs(self, count: int = 5) -> list[dict[str, Any]]:
        """The most probable graphs, named by their cliques, with their probabilities."""
        order = np.argsort(-self.graphs, kind="stable")[:count]
        rows = decomposable_graphs(self._scores.k)
        return [{"graph": name_of_graph(rows[at]), "probability": float(self.graphs[at])} for at in order]


def dga_bma(table: CaptureTable, settings: Settings) -> Answer:
    """Average over all decomposable graphs of 2 to 6 lists and over N: posterior median and equal-tailed interval.

    Prior: p(N) ~ 1/N up to 31 times the persons seen, graphs equally likely, ``settings.delta`` persons in each of the
    2^K cells (2^-K where not given). Madigan & York 1997, Biometrika 84:19-31; as in the R package dga (Johndrow, Lum
    & Ball). The answer hangs on delta, hence it is computed for other values too, and a move is said.
    """
    if not 2 <= table.k <= MAX_GRAPH_LISTS:
        return refused(NAME, settings.level, f"Decomposable graphs are averaged for 2 to 6 lists; here are {table.k}.")
    if table.n == 0:
        return refused(NAME, settings.level, "No list saw anybody.")
    delta = 2.0**-table.k if settings.delta is None else settings.delta
    if not delta > 0:
        return refused(NAME, settings.level, f"The prior count delta must be above 0; found {delta}.")
    return in_a_thread(lambda: _averaged(table, settings, delta))


def _averaged(table: CaptureTable, settings: Settings, delta: float) -> Answer:
    """The answer for a table and a prior count that can be averaged over."""
    last = GRID_TIMES_SEEN * table.n
    found = Posterior(GraphScores(table.cells, table.k, delta), last, _FAR_TIMES_SEEN * table.n)
    tail = (1 - settings.level) / 2
    lower, median, upper = (found.quantile(level) for level in (tail, 0.5, 1 - tail))
    without_end = [found.quantile(level, with_beyond=True) for level in (0.5, tail, 1 - tail)]
    others = {delta * times: _median(table, delta * times, last) for times in _DELTA_TIMES}
    mode = found.mode()
    reasons = [
        *_hills(found, mode, median),
        *_truncation(found, upper, without_end[2], settings.level),
        *_prior_reasons(delta, median, others),
        *_zeros(table),
    ]
    return Answer(
        NAME,
        float(median),
        float(lower),
        float(upper),
        settings.level,
        settings={"delta": delta, "prior_N": "1/N", "largest_unseen": last, "graphs": len(found.graphs)},
        verdict=Verdict.WARNED if reasons else Verdict.SHOWN,
        reasons=tuple(reasons),
        diagnostics={
            "mean": found.mean,
            "mode": mode,
            "graph_probabilities": found.best_graphs(),
            "probability_beyond_grid": found.beyond,
            "median_lower_upper_without_end": without_end,
            "median_by_delta": {f"{value:.6g}": value_median for value, value_median in others.items()},
        },
    )


def _median(table: CaptureTable, delta: float, last: int) -> int:
    return Posterior(GraphScores(table.cells, table.k, delta), last, rough=True).quantile(0.5)


def _truncation(found: Posterior, upper: int, upper_without_end: int, level: float) -> list[str]:
    if found.beyond < _BEYOND_WORTH_SAYING:
        return []
    return [
        f"The grid of N ends at about {rough(found.n * (GRID_TIMES_SEEN + 1))}, and {found.beyond:.1%} of the "
        f"probability lies beyond; with a grid a hundred times as long the {level:.0%} interval reaches about "
        f"{rough(upper_without_end)} instead of {rough(upper)}."
    ]


def _hills(found: Posterior, mode: int, median: int) -> list[str]:
    if found.quantile(0.25) <= mode <= found.quantile(0.75):
        return []
    far = f"about {rough(mode)}, lies far from the median, {rough(median)}"
    return [f"The most probable number, {far}: the graphs disagree."]


def _prior_reasons(delta: float, median: int, others: dict[float, int]) -> list[str]:
    spread = max(*others.values(), median) / min(*others.values(), median)
    if spread < 1.25:
        return []
    said = ", ".join(f"{rough(value)} with delta {prior:.4g}" for prior, value in others.items())
    return [f"The answer hangs on the prior: the median is about {rough(median)} with delta {delta:.4g}, {said}."]


def _zeros(table: CaptureTable) -> list[str]:
    if not table.structural:
        return []
    return ["Histories that nobody can have are taken as possible here: this average knows no structural zeros."]


@lru_cache(maxsize=1)
def _rules() -> Rules:
    """Rules for blocks of 1 to 8 numbers, which are summed as they are, and of lengths that grow by an eighth.

    The points are the eigenvalues of the Jacobi matrix of the discrete Chebyshev (Gram) polynomials.
    """
    lengths = list(range(1, POINTS + 1))
    while lengths[-1] < _LONGEST:
        lengths.append(lengths[-1] + max(1, lengths[-1] // 8))
    length = np.array(lengths, np.float64)[:, None]
    order = np.arange(1, POINTS)
    squared = order**2 * np.maximum(length**2 - order**2, 0) / (4 * (4 * order**2 - 1))
    jacobi = np.zeros((len(lengths), POINTS, POINTS))
    jacobi[:, order - 1, order] = jacobi[:, order, order - 1] = np.sqrt(squared)
    values, vectors = np.linalg.eigh(jacobi)
    weights = length * vectors[:, 0, :] ** 2
    points = np.maximum((length - 1) / 2 + values, 0.0)
    return Rules(np.array(lengths, np.int64), points, np.maximum(weights, 1e-300))


ESTIMATORS = {NAME: dga_bma}
