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
from scipy.special import gammaln, logsumexp

from palermo.hidden.answer import Answer, Settings, Verdict, refused
from palermo.hidden.capture import CaptureTable, Counts
from palermo.hidden.estimators.closed_population import few_repeated
from palermo.hidden.graphs import MAX_GRAPH_LISTS, decomposable_graphs, name_of_graph

NAME = "dga_bma"
GRID_TIMES_SEEN = 30  # the grid ends where 30 unseen persons stand behind each one seen
_FAR_TIMES_SEEN = 3000  # how far the mass beyond the grid is followed
_BEYOND_WORTH_SAYING = 1e-3
_POINTS = 8
_WIDTH = 1.5  # of a block of N, in the smallest standard deviations that its posterior can have
_NEGLIGIBLE = 45.0  # graphs and blocks below exp(-45) of the best are left out
_DELTA_TIMES = (4.0, 0.25)  # how much the prior count is moved to see how much the answer hangs on it
Values = npt.NDArray[np.float64]


class GraphScores:
    """Log p(table, N | graph) p(N) up to one constant, for numbers of unseen persons that need not be whole.

    For a margin c: m(c) = product over its cells of G(n + d) / G(d), times G(D) / G(N + D), where d is ``delta`` summed
    to the margin, 2^(K-|c|) delta, and D = 2^K delta. Only the cell that no list of c saw moves with N, so that one
    log-gamma a margin is all that a new N costs. Madigan & York 1997 (Biometrika 84:19), hyper-Dirichlet law.
    """

    def __init__(self, cells: Counts, k: int, delta: float) -> None:
        self.rows = decomposable_graphs(k)
        self._sparse = _sparse_graphs(k)  # a graph has at most 2K - 1 cliques and separators of 2^K sets
        self.n = int(cells.sum())
        self._total = delta * (1 << k)
        sizes = np.array([int(mask).bit_count() for mask in range(1 << k)])
        self._delta = delta * 2.0 ** (k - sizes)
        self._unseen = np.zeros(1 << k)  # persons seen, though by no list of the margin
        self._constant = np.zeros(1 << k)
        histories = np.arange(1 << k)
        for mask in range(1, 1 << k):
            margin = np.bincount(histories & mask, weights=cells, minlength=1 << k)
            self._unseen[mask] = margin[0]
            d = self._delta[mask]
            own = gammaln(margin[1:] + d) - gammaln(d)  # empty places of the margin add 0
            self._constant[mask] = own.sum() - gammaln(d) + gammaln(self._total)

    def log_scores(self, unseen: Values, graphs: npt.NDArray[np.int64] | None = None) -> Values:
        """Scores of the graphs (all, or these numbers) in rows, of the numbers of unseen persons in columns."""
        rows = self._sparse if graphs is None else self._sparse[graphs]
        used = np.unique(rows.indices)
        total = unseen + self.n
        margins = np.zeros((rows.shape[1], len(unseen)))
        margins[used] = gammaln(unseen + (self._unseen + self._delta)[used, None]) + self._constant[used, None]
        margins[used] -= gammaln(total + self._total)
        scores = rows @ margins
        scores += gammaln(total + 1) - gammaln(unseen + 1) - np.log(total)
        return np.asarray(scores, np.float64)


@lru_cache(maxsize=MAX_GRAPH_LISTS)
def _sparse_graphs(k: int) -> csr_array:
    return csr_array(decomposable_graphs(k))


def posterior_on_grid(cells: Counts, k: int, unseen: Counts, delta: float) -> tuple[Values, Values]:
    """Probabilities of N at every point of a given grid of unseen persons, and of the graphs: the peer's own sum."""
    scores = GraphScores(cells, k, delta).log_scores(unseen.astype(np.float64))
    weights = np.exp(scores - scores.max())
    whole = weights.sum()
    return weights.sum(axis=0) / whole, weights.sum(axis=1) / whole


class Posterior:
    """The distribution of N, summed over all whole numbers of unseen persons by blocks (see the module's first lines).

    ``last`` is the largest number of unseen persons of the grid; what lies beyond it, up to ``far``, is summed too, to
    be able to say how much that is. ``negligible`` and ``width`` trade exactness for time.
    """

    def __init__(self, scores: GraphScores, last: int, far: int | None = None, rough: bool = False) -> None:
        self._scores = scores
        self.n = scores.n
        negligible, width = (20.0, 3.0) if rough else (_NEGLIGIBLE, _WIDTH)
        edges = _edges(scores.n, last, last if far is None else max(far, last), width)
        coarse = scores.log_scores((edges[:-1] + edges[1:] - 1) / 2) + np.log(np.diff(edges))
        floor = coarse.max() - negligible
        self._graphs = np.flatnonzero(coarse.max(axis=1) > floor)
        blocks = np.flatnonzero(coarse.max(axis=0) > floor)
        self._firsts, self._nexts = edges[:-1][blocks], edges[1:][blocks]
        points, weights = _rule(self._firsts, self._nexts - self._firsts)
        fine = scores.log_scores(points.ravel(), self._graphs)
        self._shift = fine.max()
        mass = np.exp(fine - self._shift) * weights.ravel()
        by_point = mass.sum(axis=0).reshape(points.shape)
        self._density = (by_point / weights).max(axis=1)
        self._by_block = by_point.sum(axis=1)
        self._inside = int(np.searchsorted(self._firsts, last, side="right"))
        self.whole = float(self._by_block[: self._inside].sum())
        self.beyond = float(self._by_block[self._inside :].sum()) / float(self._by_block.sum())
        self.mean = self.n + float((by_point * points)[: self._inside].sum()) / self.whole
        within = edges[1:] <= last + 1
        self.graphs = np.exp(logsumexp(coarse[:, within], axis=1) - self._shift) / self.whole
        self.graphs[self._graphs] = mass[:, : self._inside * _POINTS].sum(axis=1) / self.whole

    def quantile(self, level: float, with_beyond: bool = False) -> int:
        """The smallest N up to which at least ``level`` of the probability lies, on the grid or without its end."""
        by_block = self._by_block if with_beyond else self._by_block[: self._inside]
        summed = np.cumsum(by_block)
        wanted = level * summed[-1]
        block = min(int(np.searchsorted(summed, wanted)), len(summed) - 1)
        unseen, values = self._every(block)
        before = summed[block - 1] if block else 0.0
        at = int(np.searchsorted(before + np.cumsum(values), wanted))
        return self.n + int(unseen[min(at, len(unseen) - 1)])

    def mode(self) -> int:
        """The most probable N: looked up number by number in the block of the highest point and its neighbours."""
        highest = int(self._density[: self._inside].argmax())
        best = (-1.0, 0)
        for block in range(max(0, highest - 1), min(self._inside, highest + 2)):
            unseen, values = self._every(block)
            at = int(values.argmax())
            best = max(best, (float(values[at]), int(unseen[at])))
        return self.n + best[1]

    def best_graphs(self, count: int = 5) -> list[dict[str, Any]]:
        """The most probable graphs, named by their cliques, with their probabilities."""
        order = np.argsort(-self.graphs, kind="stable")[:count]
        rows = self._scores.rows
        return [{"graph": name_of_graph(rows[at]), "probability": float(self.graphs[at])} for at in order]

    def _every(self, block: int) -> tuple[Counts, Values]:
        unseen = np.arange(self._firsts[block], self._nexts[block])
        values = np.exp(self._scores.log_scores(unseen.astype(np.float64), self._graphs) - self._shift)
        return unseen, values.sum(axis=0)


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
    last = GRID_TIMES_SEEN * table.n
    found = Posterior(GraphScores(table.cells, table.k, delta), last, _FAR_TIMES_SEEN * table.n)
    tail = (1 - settings.level) / 2
    lower, median, upper = (found.quantile(level) for level in (tail, 0.5, 1 - tail))
    without_end = [found.quantile(level, with_beyond=True) for level in (0.5, tail, 1 - tail)]
    others = {delta * times: _median(table, delta * times, last) for times in _DELTA_TIMES}
    mode = found.mode()
    reasons = [
        *few_repeated(table),
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
        f"The grid of N ends at {found.n * (GRID_TIMES_SEEN + 1):,}, and {found.beyond:.1%} of the probability lies "
        f"beyond; with a grid a hundred times as long the {level:.0%} interval reaches {upper_without_end:,} instead "
        f"of {upper:,}."
    ]


def _hills(found: Posterior, mode: int, median: int) -> list[str]:
    if found.quantile(0.25) <= mode <= found.quantile(0.75):
        return []
    return [f"The most probable number, {mode:,}, lies far from the median, {median:,}: the graphs disagree."]


def _prior_reasons(delta: float, median: int, others: dict[float, int]) -> list[str]:
    spread = max(*others.values(), median) / min(*others.values(), median)
    if spread < 1.25:
        return []
    said = ", ".join(f"{value:,} with delta {prior:.4g}" for prior, value in others.items())
    return [f"The answer hangs on the prior: the median is {median:,} with delta {delta:.4g}, {said}."]


def _zeros(table: CaptureTable) -> list[str]:
    if not table.structural:
        return []
    return ["Histories that nobody can have are taken as possible here: this average knows no structural zeros."]


def _edges(n: int, last: int, far: int, width: float) -> Counts:
    """First numbers of the blocks, and far + 1; last + 1 is one of them. Blocks are narrower than N can be spread.

    With known chances of being seen the unseen are negative binomial with variance n0 N / n; the posterior is wider.
    """
    edges = [0]
    for end in (last + 1, far + 1):
        while edges[-1] < end:
            first = edges[-1]
            edges.append(min(end, first + max(_POINTS, int(width * np.sqrt(first * (first + n) / n)))))
    return np.array(edges, np.int64)


def _rule(firsts: Counts, lengths: Counts) -> tuple[Values, Values]:
    """Points and weights (blocks x 8) that sum a smooth function over the whole numbers of each block.

    The points are the eigenvalues of the Jacobi matrix of the discrete Chebyshev (Gram) polynomials. A block of 8 or
    fewer numbers is summed as it is.
    """
    length = lengths[:, None].astype(np.float64)
    order = np.arange(1, _POINTS)
    squared = order**2 * np.maximum(length**2 - order**2, 0) / (4 * (4 * order**2 - 1))
    jacobi = np.zeros((len(lengths), _POINTS, _POINTS))
    jacobi[:, order - 1, order] = jacobi[:, order, order - 1] = np.sqrt(squared)
    values, vectors = np.linalg.eigh(jacobi)
    points = firsts[:, None] + (length - 1) / 2 + values
    weights = length * vectors[:, 0, :] ** 2
    return np.maximum(points, 0.0), np.maximum(weights, 1e-300)


ESTIMATORS = {NAME: dga_bma}
