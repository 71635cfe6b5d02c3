"""Fitting one hierarchical log-linear model to a capture table, or to many tables at once.

log E(n_w) = the sum of a_t over the terms t within history w; the unseen are exp(a_0), the interaction of all lists
being taken as 0, which no data can test. A term with nobody on all its lists is minus infinity (the extended
estimate); it counts as a parameter in AIC and BIC all the same, because the data chose its value. Where no estimate
exists the numbers are nan and ``status`` says why; nothing is guessed.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from palermo.hidden import existence
from palermo.hidden.capture import CaptureTable
from palermo.hidden.kernels import margins_of
from palermo.hidden.newton import NOT_CONVERGED, fit_tables, log_factorials, newton, start

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Fit:
    """A fitted model. Coefficients and standard errors stand in the order of ``terms``."""

    terms: tuple[int, ...]
    coefficients: Floats  # -inf where nobody is on all lists of the term
    se: Floats  # nan for terms at -inf
    n0: float  # persons whom no list saw
    estimate: float  # all persons
    loglik: float
    deviance: float
    aic: float
    bic: float
    converged: bool
    iterations: int
    status: int = existence.EXISTS

    @property
    def exists(self) -> bool:
        """Whether there is an estimate at all."""
        return self.status == existence.EXISTS and self.converged

    def wald(self, z: float) -> tuple[float, float]:
        """Interval for all persons, symmetric on the log of the unseen: n + exp(a_0 -+ z se)."""
        seen = self.estimate - self.n0
        low, high = (seen + math.exp(self.coefficients[0] + side * z * self.se[0]) for side in (-1, 1))
        return low, high


def cells_of(table: CaptureTable) -> Ints:
    """The counts of all histories, -1 for those that nobody can have."""
    cells = table.cells.copy()
    for history in table.structural:
        cells[history] = existence.STRUCTURAL
    return cells


def fit(cells: Ints, terms: Sequence[int], k: int) -> Fit:
    """Fit one model. ``cells`` are counts by history, -1 for a structural zero; position 0 is not looked at."""
    status = existence.status(cells, terms, k)
    if status != existence.EXISTS:
        return _without_estimate(terms, status)
    live, present = existence.reduced(cells, terms, k)
    counts = np.where(present, cells, 0).astype(np.float64)
    margins = margins_of(counts, k)
    work = np.empty((3, 1 << k))
    found = start(counts, live, present, work, k)
    value, steps = newton(margins, live, present, found, work, k)
    if steps < 0:
        return _without_estimate(terms, NOT_CONVERGED)
    places = {int(term): place for place, term in enumerate(live)}
    errors = np.sqrt(np.diag(np.linalg.inv(_information(work[1], live))))
    loglik = value - float(log_factorials(counts))
    persons, parameters, n0 = counts.sum(), len(terms), math.exp(found[0])
    return Fit(
        terms=tuple(terms),
        coefficients=np.array([found[places[t]] if t in places else -np.inf for t in terms]),
        se=np.array([errors[places[t]] if t in places else np.nan for t in terms]),
        n0=n0,
        estimate=persons + n0,
        loglik=loglik,
        deviance=2 * (saturated(counts) - loglik),
        aic=2 * parameters - 2 * loglik,
        bic=parameters * math.log(persons) - 2 * loglik,
        converged=True,
        iterations=int(steps),
    )


def fit_many(tables: Ints, terms: Sequence[int], k: int) -> tuple[Floats, Floats, Ints]:
    """Fit one model to each row of ``tables``: unseen persons, log likelihood, status (0: it exists)."""
    possible = np.asarray((tables >= 0).all(axis=0))
    counts = np.maximum(tables, 0).astype(np.float64)
    found: tuple[Floats, Floats, Ints] = fit_tables(counts, np.array(terms, np.int64), possible, k)
    return found


def saturated(counts: Floats) -> float:
    """The log likelihood of the table itself: the highest that any model can reach."""
    seen = counts[counts > 0]
    return float((seen * np.log(seen) - seen).sum()) - float(log_factorials(counts))


def _information(mu: Floats, live: Ints) -> Floats:
    design = ((np.arange(mu.size)[:, None] & live[None, :]) == live[None, :]).astype(np.float64)
    return np.asarray(design.T @ (mu[:, None] * design))


def _without_estimate(terms: Sequence[int], status: int) -> Fit:
    nothing = np.full(len(terms), np.nan)
    nan = math.nan
    return Fit(tuple(terms), nothing, nothing, nan, nan, nan, nan, nan, nan, False, 0, status)
