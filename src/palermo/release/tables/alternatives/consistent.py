"""Counts of persons that fit all noisy views at once: weighted least squares under the sums, none below zero.

The unknowns are the finest combinations, so that every table is a sum of them and all tables agree. The decision a
reader would question: bounds are part of the fit (L-BFGS-B) instead of clipping after it, because clipping only ever
adds persons: totals over many empty cells grow by hundreds.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from palermo.release.tables.alternatives.views import View
from palermo.release.tables.cells import Whole

Real = npt.NDArray[np.float64]
_STEPS = 1000


@dataclass(frozen=True)
class NoisyView:
    """Noisy counts of a view and the variance of the noise; 0 where the counts are exact (an invariant)."""

    view: View
    counts: Whole | Real
    variance: float


def fitted(noisy: Sequence[NoisyView], size: int) -> Real:
    """The finest counts, as real numbers of 0 or more."""
    weights = [1 / one.variance for one in noisy if one.variance > 0]
    hard = 100 * max(weights, default=1.0)
    start = np.zeros(size)
    finest = max(noisy, key=lambda one: one.view.size)
    share = np.bincount(finest.view.labels, minlength=finest.view.size)
    start = np.maximum(finest.counts, 0.0)[finest.view.labels] / share[finest.view.labels]

    def loss(x: Real) -> tuple[float, Real]:
        value, slope = 0.0, np.zeros(size)
        for one in noisy:
            weight = 1 / one.variance if one.variance > 0 else hard
            off = np.bincount(one.view.labels, x, minlength=one.view.size) - one.counts
            value += weight * float(off @ off) / 2
            slope += weight * off[one.view.labels]
        return value, slope

    options = {"maxiter": _STEPS, "maxfun": 2 * _STEPS, "maxcor": 20, "ftol": 1e-12, "gtol": 1e-6}
    answer = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0, None)] * size, options=options)
    return np.asarray(answer.x, dtype=np.float64)
