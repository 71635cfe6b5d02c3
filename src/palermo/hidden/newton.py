"""Compiled Newton fits of hierarchical Poisson log-linear models, one table or many.

With 0/1 designs the information matrix of terms s and t is the sum of fitted counts over the cells that hold both, so
one superset sum gives all of it. A fit starts from the least-squares fit to log(count + 1/2) or from the coefficients
of a neighbouring table, and halves steps that lower the likelihood.
"""

import math

import numpy as np
from numba import njit

from palermo.hidden.kernels import (
    Flags,
    Floats,
    Ints,
    cholesky_solve,
    live_terms,
    margins_of,
    status_of,
    subset_sums,
    superset_sums,
)

NOT_CONVERGED = 4
_MAX_STEPS = 60
_DONE = 1e-12


@njit(cache=True, nogil=True)
def log_factorials(cells: Floats) -> float:
    """The sum of log n! over the cells: what the likelihood needs beside the model."""
    total = 0.0
    for w in range(1, cells.size):
        total += math.lgamma(cells[w] + 1.0)
    return total


@njit(cache=True, nogil=True)
def predict(coefficients: Floats, live: Ints, present: Flags, work: Floats, k: int) -> float:
    """Fill ``work[0]`` with linear predictors and ``work[1]`` with fitted counts; return their total."""
    eta, mu = work[0], work[1]
    eta[:] = 0.0
    for i in range(live.size):
        eta[live[i]] = coefficients[i]
    subset_sums(eta, k)
    total = 0.0
    mu[0] = 0.0
    for w in range(1, eta.size):
        mu[w] = math.exp(min(eta[w], 300.0)) if present[w] else 0.0
        total += mu[w]
    return total


@njit(cache=True, nogil=True)
def information(weights: Floats, live: Ints, matrix: Floats, k: int) -> None:
    """Fill the lower triangle with sums of weights over the cells that hold both terms. Spoils ``weights``."""
    superset_sums(weights, k)
    for i in range(live.size):
        for j in range(i + 1):
            matrix[i, j] = weights[live[i] | live[j]]


@njit(cache=True, nogil=True)
def start(cells: Floats, live: Ints, present: Flags, work: Floats, k: int) -> Floats:
    """Coefficients of the least-squares fit to log(count + 1/2), cells weighing by their counts."""
    weights, response = work[1], work[2]
    for w in range(cells.size):
        weights[w] = cells[w] + 0.5 if present[w] else 0.0
        response[w] = weights[w] * math.log(weights[w]) - 0.5 if present[w] else 0.0
    superset_sums(response, k)
    matrix = np.empty((live.size, live.size))
    information(weights, live, matrix, k)
    right = np.empty(live.size)
    for i in range(live.size):
        right[i] = response[live[i]]
    if not cholesky_solve(matrix, right, live.size):
        right[:] = 0.0
    return right


@njit(cache=True, nogil=True)
def newton(
    margins: Floats, live: Ints, present: Flags, coefficients: Floats, work: Floats, k: int
) -> tuple[float, int]:
    """Improve ``coefficients`` in place; return sum(n log mu - mu) and the steps taken (minus them, not converged)."""
    value, steps = climb(margins, live, present, coefficients, work, (_DONE, 0.0), k)
    return float(value), int(steps)


@njit(cache=True, nogil=True)
def climb(
    margins: Floats,
    live: Ints,
    present: Flags,
    coefficients: Floats,
    work: Floats,
    ends: tuple[float, float],
    k: int,
) -> tuple[float, int]:
    """`newton` that stops once a step promised less than ``ends[0]``, twice that in log likelihood.

    ``ends[1]`` is added to the diagonal of the information, in shares of it: a little lets the climb go on where the
    likelihood has no single highest point.
    """
    size = live.size
    matrix = np.empty((size, size))
    step = np.empty(size)
    value = _value(margins, live, present, coefficients, work, k)
    for steps in range(1, _MAX_STEPS + 1):
        moments = work[2]
        moments[:] = work[1]
        information(moments, live, matrix, k)
        for i in range(size):
            step[i] = margins[live[i]] - moments[live[i]]
            matrix[i, i] *= 1.0 + ends[1]
        gradient = step.copy()
        if not cholesky_solve(matrix, step, size):
            return value, -steps
        decrement = 0.0
        for i in range(size):
            decrement += gradient[i] * step[i]
        scale = 1.0
        for _ in range(40):
            for i in range(size):
                coefficients[i] += scale * step[i]
            better = _value(margins, live, present, coefficients, work, k)
            if better >= value - 1e-9 * (1.0 + abs(value)):
                break
            for i in range(size):
                coefficients[i] -= scale * step[i]
            scale *= 0.5
        value = better
        if scale == 1.0 and decrement < ends[0]:
            return value, steps
    return value, -_MAX_STEPS


@njit(cache=True, nogil=True)
def _value(margins: Floats, live: Ints, present: Flags, coefficients: Floats, work: Floats, k: int) -> float:
    value = -predict(coefficients, live, present, work, k)
    for i in range(live.size):
        value += coefficients[i] * margins[live[i]]
    return value


@njit(cache=True, nogil=True)
def fit_tables(tables: Floats, terms: Ints, possible: Flags, k: int) -> tuple[Floats, Floats, Ints]:
    """Fit one model to each row; return unseen persons, log likelihood and status of each (nan where none)."""
    number = tables.shape[0]
    unseen = np.full(number, np.nan)
    loglik = np.full(number, np.nan)
    status = np.zeros(number, np.int64)
    work = np.empty((3, 1 << k))
    warm = np.zeros(0)
    for b in range(number):
        cells = tables[b]
        margins = margins_of(cells, k)
        live, present = live_terms(margins, terms, possible)
        status[b] = status_of(cells, live, present, k)
        if status[b] != 0:
            continue
        coefficients = warm.copy() if warm.size == live.size == terms.size else start(cells, live, present, work, k)
        value, steps = newton(margins, live, present, coefficients, work, k)
        if steps < 0:
            status[b] = NOT_CONVERGED
            continue
        if warm.size == 0 and live.size == terms.size:
            warm = coefficients.copy()
        unseen[b] = math.exp(coefficients[0])
        loglik[b] = value - log_factorials(cells)
    return unseen, loglik, status


@njit(cache=True, nogil=True)
def fit_in(
    cells: Floats, margins: Floats, terms: Ints, possible: Flags, near: Floats, work: Floats, k: int
) -> tuple[float, float, int]:
    """Fit one model to one table: unseen persons, log likelihood but for its constant, and status.

    ``near`` are coefficients to start from; a first one that is nan means that there are none.
    """
    live, present = live_terms(margins, terms, possible)
    status = status_of(cells, live, present, k)
    if status != 0:
        return np.nan, np.nan, status
    coefficients = start(cells, live, present, work, k) if np.isnan(near[0]) else _of_live(near, terms, live)
    value, steps = newton(margins, live, present, coefficients, work, k)
    if steps < 0:
        return np.nan, np.nan, NOT_CONVERGED
    return math.exp(coefficients[0]), value, 0


@njit(cache=True, nogil=True)
def _of_live(near: Floats, terms: Ints, live: Ints) -> Floats:
    chosen = np.empty(live.size)
    place = 0
    for i in range(live.size):
        while terms[place] != live[i]:
            place += 1
        # nan: minus infinity where the coefficients come from, which a fuller table need not share
        chosen[i] = 0.0 if np.isnan(near[place]) else near[place]
    return chosen
