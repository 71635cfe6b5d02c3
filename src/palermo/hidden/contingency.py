"""Fitting one log-linear model to the table lists x covariates: Newton's method, and whether an estimate exists at all.

The decision a reader would question: margins that hold nobody are taken out first (their terms
are -Inf, as in Chan, Silverman & Vincent 2021); if the maximum still lies at infinity (Fienberg & Rinaldo 2012), or
the unseen cells are not determined, there is no number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import solve_triangular
from scipy.linalg.lapack import dpstrf
from scipy.optimize import linprog
from scipy.special import gammaln

from palermo.hidden.contingency_kernel import newton, predictor
from palermo.hidden.design import Floats, Grid, Mask, Term
from palermo.hidden.products import crossed

OK, NO_MLE, NOT_IDENTIFIABLE, BOTH = 0, 1, 2, 3
REASON = {
    NO_MLE: "no estimate exists: the likelihood of the chosen model has no maximum on this table",
    NOT_IDENTIFIABLE: "the table does not determine how many persons no list saw under the chosen model",
    BOTH: "no estimate exists and the table does not determine how many persons no list saw",
}
_NOBODY = 1e-7  # EM leaves traces of persons in cells where there are none


@dataclass(frozen=True)
class ContingencyFit:
    """A fitted model: means of all cells (the unseen too), and what compares it with others."""

    terms: tuple[Term, ...]
    coefficients: Floats
    fitted: Floats
    loglik: float
    parameters: int
    persons: float
    converged: bool

    @property
    def estimate(self) -> float:
        """All persons, seen and unseen."""
        return float(self.fitted.sum())

    def criterion(self, weight: float) -> float:
        """-2 log likelihood plus ``weight`` for every parameter; -Inf terms count."""
        return weight * self.parameters - 2 * self.loglik


@dataclass(frozen=True)
class Model:
    """A design with the penalty of each column (0 where there is none)."""

    terms: tuple[Term, ...]
    free_terms: tuple[Term, ...]
    matrix: Floats
    penalty: Floats

    @property
    def free(self) -> Floats:
        """The columns without penalty: they alone decide whether an estimate exists."""
        return np.asarray(self.matrix[:, self.penalty == 0], np.float64) if self.penalty.any() else self.matrix


def model(grid: Grid, terms: Sequence[Term], pooled: Mapping[Term, float] | None = None) -> Model:
    """The model of some terms, and of ``pooled`` terms whose effects are shrunk.

    Shrinkage is a penalty, the logarithm of a normal density of mean 0 and the standard deviation given for the term.
    """
    free = grid.matrix(terms)
    if not pooled:
        return Model(tuple(terms), tuple(terms), free, np.zeros(free.shape[1]))
    shrunk = [grid.columns(term, every_level=True) for term in pooled]
    spreads = [np.full(own.shape[1], spread) for own, spread in zip(shrunk, pooled.values(), strict=True)]
    penalty = np.concatenate([np.zeros(free.shape[1]), *(own**-2 for own in spreads)])
    return Model((*terms, *pooled), tuple(terms), np.hstack([free, *shrunk]), penalty)


def lost_cells(grid: Grid, terms: Sequence[Term], counts: Floats) -> Mask:
    """Cells whose mean is 0 because a margin of a term holds nobody, and cells that are impossible."""
    lost = ~(grid.observable | grid.unseen)
    for term in terms:
        lost |= grid.emptied(term, counts)
    return lost


def fit(
    grid: Grid,
    own: Model,
    counts: Floats,
    start: Floats | None = None,
    *,
    rounds: int = 60,
    lost: Mask | None = None,
) -> ContingencyFit:
    """Fit by Newton's method with halved steps. Whether the estimate exists is for ``status`` to say.

    ``lost`` are the cells as ``lost_cells`` gives them, where they are known already.
    """
    lost = lost_cells(grid, own.free_terms, counts) if lost is None else lost
    kept = grid.observable & ~lost
    design, seen = own.matrix[kept], counts[kept]
    begin = _start(design, seen) if start is None else start
    coefficients, converged = newton(design, seen, own.penalty, np.asarray(begin, np.float64), rounds)
    linear = np.minimum(predictor(own.matrix, coefficients), 700.0)
    fitted = np.where(lost, 0.0, np.exp(linear))
    loglik = float(seen @ linear[kept] - fitted[kept].sum() - gammaln(seen + 1).sum())
    return ContingencyFit(
        own.terms, coefficients, fitted, loglik, own.matrix.shape[1], float(counts[grid.observable].sum()), converged
    )


def status(grid: Grid, own: Model, counts: Floats) -> int:
    """Whether the estimate exists and is determined: 0 yes, 1 no maximum, 2 not determined, 3 both."""
    lost = lost_cells(grid, own.free_terms, counts)
    kept = grid.observable & ~lost
    design = own.free
    if not _null(design[kept & (counts > _NOBODY)]).shape[1]:
        return OK  # cells with persons span the design: every direction changes the mean of one of them
    missing = NO_MLE if _recedes(design[kept], counts[kept]) else OK
    null = _null(design[kept])
    ask = design[grid.unseen & ~lost]
    return missing | (NOT_IDENTIFIABLE if null.shape[1] and np.abs(ask @ null).max(initial=0.0) > 1e-6 else OK)


def _start(design: Floats, counts: Floats) -> Floats:
    weight = np.sqrt(counts + 0.5)
    solved = np.linalg.lstsq(design * weight[:, None], np.log(counts + 0.5) * weight, rcond=None)[0]
    return np.asarray(solved, np.float64)


def _null(design: Floats) -> Floats:
    """Directions of the coefficients that change no mean; a column each.

    By Cholesky with pivots: columns within 1e-4 of the span of others (in units of their length) count as in it.
    """
    gram = crossed(design, design)
    scale = np.sqrt(np.diag(gram))
    scale[scale == 0] = 1.0
    lower, pivots, rank, _ = dpstrf(gram / scale[:, None] / scale, tol=1e-8, lower=1)
    null = np.zeros((len(gram), len(gram) - rank))
    if null.shape[1]:
        order = pivots - 1
        null[order[:rank]] = -solve_triangular(
            np.tril(lower[:rank, :rank]), lower[rank:, :rank].T, trans="T", lower=True
        )
        null[order[rank:], np.arange(null.shape[1])] = 1.0
    return np.asarray(null / scale[:, None], np.float64)


def _recedes(design: Floats, counts: Floats) -> bool:
    """Whether the likelihood grows for ever in some direction.

    Such a direction leaves the means of cells with persons and lowers only means of cells without. Where cells with
    persons span the design there is none; else a linear programme looks for it.
    """
    some = counts > _NOBODY
    null = _null(design[some])
    if not null.shape[1]:
        return False
    moved = np.unique(np.round(design[~some] @ null, 10), axis=0)
    moved = moved[np.abs(moved).max(axis=1) > 1e-8]
    if not len(moved):
        return False
    solved = linprog(moved.sum(axis=0), A_ub=moved, b_ub=np.zeros(len(moved)), bounds=(-1, 1), method="highs")
    return solved.status != 0 or bool(solved.fun < -1e-7)
