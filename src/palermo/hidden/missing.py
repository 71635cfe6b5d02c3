"""Covariates missing for some persons, or never recorded by some lists: the EM algorithm.

E step: a row whose covariates are known in part is spread over the cells it may belong to, in proportion to their
fitted means. M step: the log-linear model is fitted to the completed table (Little & Rubin; van der Heijden & Zwane;
M. Cruyff's MSEincomplete). The assumption a reader would question: values are missing at random, that is whether a
value is missing does not depend on the value itself once the lists and the other covariates are known.
"""

from collections.abc import Sequence

import numpy as np

from palermo.hidden.contingency import ContingencyFit, Model, fit
from palermo.hidden.design import Floats, Grid, Partial

ROUNDS = 5000


def spread(fitted: Floats, counts: Floats, partial: Sequence[Partial]) -> Floats:
    """The completed table: rows known in part are shared out in proportion to the fitted means."""
    if not partial:
        return counts
    completed = counts.copy()
    for cells, persons in partial:
        means = fitted[cells]
        total = means.sum()
        completed[cells] += persons * means / total if total > 0 else persons / len(cells)
    return completed


def loglik(fitted: Floats, counts: Floats, partial: Sequence[Partial]) -> float:
    """The log likelihood of what was observed, up to a constant; EM never lowers it."""
    seen = counts > 0
    whole = float(counts[seen] @ np.log(np.maximum(fitted[seen], 1e-300)))
    return whole + sum(persons * float(np.log(max(fitted[cells].sum(), 1e-300))) for cells, persons in partial)


def complete(
    grid: Grid, own: Model, counts: Floats, partial: Sequence[Partial], start: ContingencyFit | None = None
) -> tuple[ContingencyFit, Floats]:
    """The fit of a model and the completed table. Without partial rows this is one fit."""
    if not partial:
        begin = None if start is None else start.coefficients
        return fit(grid, own, counts, begin), counts
    means = np.ones_like(counts) if start is None else start.fitted
    completed = spread(means, counts, partial)
    now = fit(grid, own, completed, None if start is None else start.coefficients)
    for _ in range(ROUNDS):
        completed = spread(now.fitted, counts, partial)
        following = fit(grid, own, completed, now.coefficients)
        change = float(np.abs(following.fitted - now.fitted).max(initial=0.0))
        now = following
        if change < 1e-9 * max(1.0, float(now.fitted.max(initial=0.0))):
            return now, completed
    return ContingencyFit(**{**now.__dict__, "converged": False}), completed
