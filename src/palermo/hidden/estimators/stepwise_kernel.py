"""Stepwise selection of pairs by p-value, compiled, for many tables in one call.

The decision a reader would question: most candidates are never tested for existence by a linear programme. They are
tried in order of p and the first that stands is taken, so only those before it need an answer, and the fit itself
gives one. With the Newton step d, the cells x = mu (1 + A d) have exactly the margins that were seen; where all of
them are positive the estimate exists (Fienberg and Rinaldo 2012). A fit that does not reach such a point within a few
steps goes to the exact test in ``kernels``; with structural zeros, which that test does not take, it counts as having
no estimate. Identifiability is decided in whole numbers.
"""

import math

import numpy as np
import numpy.typing as npt
from numba import njit

from palermo.hidden.kernels import cholesky_solve, null_space, status_of, subset_sums, superset_sums

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

OK, NO_ESTIMATE, NOT_IDENTIFIABLE, UNDECIDED = 0, 1, 2, 9
_PATIENCE = 6  # Newton steps without a certificate before the exact test is asked
_MAX_STEPS = 100
_SMALLER = 1.0 - 1e-9  # p-values closer than this differ by rounding only: a tie, and the first pair is taken
_LONGEST = 2.0  # longest step of a linear predictor; exp(2) is a sevenfold change of a cell


@njit(cache=True, nogil=True)
def poisson_p(expected: float, seen: float) -> float:
    """The smaller of P(X <= seen) and P(X >= seen), X Poisson; the tail beyond ``seen`` is summed, not subtracted."""
    if expected <= 0.0:
        return 1.0 if seen == 0.0 else 0.0
    point = math.exp(seen * math.log(expected) - expected - math.lgamma(seen + 1.0))
    tail, part, at = point, point, seen
    down = seen < expected
    while part > tail * 1e-17:
        if down:
            part *= at / expected
            at -= 1.0
        else:
            at += 1.0
            part *= expected / at
        tail += part
    return min(tail, 1.0 - tail + point)


@njit(cache=True, nogil=True)
def _fitted_margins(beta: Floats, present: Flags, k: int) -> Floats:
    """The sums of the fitted cells over the supersets of each position: what the model expects on each term."""
    totals = beta.copy()
    subset_sums(totals, k)
    for w in range(totals.size):
        totals[w] = math.exp(min(totals[w], 500.0)) if present[w] else 0.0
    superset_sums(totals, k)
    return totals


@njit(cache=True, nogil=True)
def _likelihood(margins: Floats, terms: Ints, beta: Floats, total: float) -> float:
    value = -total
    for t in terms:
        value += margins[t] * beta[t]
    return value


@njit(cache=True, nogil=True)
def _has_own_cells(terms: Ints, present: Flags) -> bool:
    """Whether the cell of each term is possible, as it is where no zero is structural."""
    return bool(np.all(present[terms[1:]]))


@njit(cache=True, nogil=True)
def _is_identified(terms: Ints, present: Flags, k: int) -> bool:
    """Whether the fitted cells fix the intercept: a predictor that is 0 on all of them must be 0 everywhere."""
    if not _has_own_cells(terms, present):
        return _has_full_rank(terms, present)
    direction = np.zeros(present.size)
    for t in terms:
        odd, rest = 0, t
        while rest:
            odd ^= 1
            rest &= rest - 1
        direction[t] = -1.0 if odd else 1.0
    subset_sums(direction, k)
    for t in terms:
        direction[t] = 0.0
    return bool(np.any(np.abs(direction[present]) > 0.5))


@njit(cache=True, nogil=True)
def _has_full_rank(terms: Ints, present: Flags) -> bool:
    design = np.zeros((present.size, terms.size))
    for w in range(1, present.size):
        if present[w]:
            for j in range(terms.size):
                design[w, j] = 1.0 if w & terms[j] == terms[j] else 0.0
    return bool(null_space(design).shape[1] == 0)


@njit(cache=True, nogil=True)
def _information(totals: Floats, terms: Ints) -> Floats:
    matrix = np.empty((terms.size, terms.size))
    for i in range(terms.size):
        for j in range(i + 1):
            matrix[i, j] = totals[terms[i] | terms[j]]
    return matrix


@njit(cache=True, nogil=True)
def _moved(margins: Floats, terms: Ints, present: Flags, start: Floats, step: Floats) -> tuple[Floats, Floats]:
    """The coefficients after the step, halved until the likelihood does not fall, and their fitted margins."""
    k = round(math.log2(start.size))
    totals = _fitted_margins(start, present, k)
    before = _likelihood(margins, terms, start, totals[0])
    share = 1.0
    beta = start + step
    for _ in range(40):
        totals = _fitted_margins(beta, present, k)
        after = _likelihood(margins, terms, beta, totals[0])
        if after >= before - 1e-11 * abs(before):
            break
        share *= 0.5
        beta = start + share * step
    return beta, totals


@njit(cache=True, nogil=True)
def _newton_step(margins: Floats, totals: Floats, terms: Ints, present: Flags) -> tuple[bool, Floats, float, float]:
    """Whether the equations could be solved, the step (position = term), its lowest and highest change of a cell."""
    step = np.empty(terms.size)
    for i in range(terms.size):
        step[i] = margins[terms[i]] - totals[terms[i]]
    direction = np.zeros(present.size)
    if not cholesky_solve(_information(totals, terms), step, terms.size):
        return False, direction, -math.inf, math.inf
    for i in range(terms.size):
        direction[terms[i]] = step[i]
    change = direction.copy()
    subset_sums(change, round(math.log2(present.size)))
    lowest, highest = 0.0, 0.0
    for w in range(present.size):
        if present[w]:
            lowest = min(lowest, change[w])
            highest = max(highest, change[w])
    return True, direction, lowest, highest


@njit(cache=True, nogil=True)
def newton(cells: Floats, margins: Floats, terms: Ints, present: Flags, start: Floats) -> tuple[int, Floats, Floats]:
    """Fit one model. Gives its status, coefficients (position = term) and fitted margins (position = term).

    ``terms`` are those with somebody on all their lists; ``present`` the cells that contain no other term of the
    model (extended estimate of Chan, Silverman and Vincent 2021) and are no structural zeros.
    """
    k = round(math.log2(cells.size))
    beta = start.copy()
    totals = _fitted_margins(beta, present, k)
    if not _is_identified(terms, present, k):
        return NOT_IDENTIFIABLE, beta, totals
    tested = not _has_own_cells(terms, present)  # the exact test does not take such tables; Newton's word stands
    for count in range(_MAX_STEPS):
        solved, direction, lowest, highest = _newton_step(margins, totals, terms, present)
        if not tested and lowest <= -0.9 and (count >= _PATIENCE or not solved):
            status = status_of(cells, terms, present, k)
            if status != OK:
                return (status if status > 0 else UNDECIDED), beta, totals
            tested = True
        if not solved:
            break
        longest = max(highest, -lowest)
        if longest > _LONGEST:
            direction *= _LONGEST / longest
        beta, totals = _moved(margins, terms, present, beta, direction)
        if longest < (1e-8 if count < 30 else 1e-6):
            return OK, beta, totals
    return UNDECIDED, beta, totals


@njit(cache=True, nogil=True)
def main_effects_start(margins: Floats, k: int) -> Floats:
    """Coefficients near the fit of independent lists: N = n / (1 - prod(1 - n_i / N)), iterated from 2 n."""
    total = 2.0 * margins[0]
    for _ in range(25):
        missed = 1.0
        for place in range(k):
            missed *= 1.0 - margins[1 << place] / total
        total = margins[0] / (1.0 - missed)
    total = max(total, 1.001 * margins[0])  # a list that saw everybody
    beta = np.zeros(1 << k)
    beta[0] = math.log(total)
    for place in range(k):
        size = margins[1 << place]
        if size > 0:
            beta[0] += math.log(1.0 - size / total)
            beta[1 << place] = math.log(size / (total - size))
    return beta


@njit(cache=True, nogil=True)
def _without(present: Flags, term: int) -> Flags:
    kept = present.copy()
    for w in range(kept.size):
        if w & term == term:
            kept[w] = False
    return kept


@njit(cache=True, nogil=True)
def _next_pair(margins: Floats, totals: Floats, tried: Flags, threshold: float, k: int) -> int:
    """The untried pair of smallest p below the threshold, the first of equals; 0 where there is none."""
    best, best_p = 0, math.inf
    for i in range(k):
        for j in range(i + 1, k):
            pair = (1 << i) | (1 << j)
            if not tried[pair]:
                p = poisson_p(totals[pair], margins[pair])
                if p < threshold and p < best_p * _SMALLER:
                    best, best_p = pair, p
    return best


@njit(cache=True, nogil=True)
def _main_effects(margins: Floats, possible: Flags, k: int) -> tuple[Ints, int, Flags]:
    """Room for all terms, how many of them are used, and the cells. A list that saw nobody has no term and no cell."""
    terms = np.zeros(1 + k + k * (k - 1) // 2, np.int64)
    used = 1
    present = possible.copy()
    present[0] = False
    for place in range(k):
        if margins[1 << place] > 0:
            terms[used] = 1 << place
            used += 1
        else:
            present = _without(present, 1 << place)
    return terms, used, present


@njit(cache=True, nogil=True)
def select(
    cells: Floats, possible: Flags, threshold: float, empty_stops: bool
) -> tuple[int, Floats, Floats, Ints, Ints, int]:
    """Selection on one table: the status of main effects, coefficients, fitted margins, terms that are not minus
    infinity, pairs in the order in which they were added, and how many candidates failed.

    With ``empty_stops`` a table with an empty list stays at main effects, as in SparseMSE.
    """
    size = cells.size
    k = round(math.log2(size))
    margins = cells.copy()
    margins[0] = 0.0
    superset_sums(margins, k)
    terms, used, present = _main_effects(margins, possible, k)
    added = np.zeros(k * (k - 1) // 2, np.int64)
    count, failures = 0, 0
    if margins[0] == 0:
        return NO_ESTIMATE, np.zeros(size), np.zeros(size), terms[:used], added[:0], failures
    status, beta, totals = newton(cells, margins, terms[:used], present, main_effects_start(margins, k))
    if status != OK or (empty_stops and used <= k):
        return status, beta, totals, terms[:used], added[:0], failures
    tried = np.zeros(size, np.bool_)
    while True:
        pair = _next_pair(margins, totals, tried, threshold, k)
        if pair == 0:
            return OK, beta, totals, terms[:used], added[:count], failures
        fit_used, fit_present, start = used, present, beta.copy()
        if margins[pair] > 0:
            terms[used] = pair
            fit_used = used + 1
            start[pair] = math.log(margins[pair] / totals[pair])
        else:
            fit_present = _without(present, pair)
        status, fit_beta, fit_totals = newton(cells, margins, terms[:fit_used], fit_present, start)
        tried[pair] = True
        if status == OK:
            used, present, beta, totals = fit_used, fit_present, fit_beta, fit_totals
            added[count] = pair
            count += 1
            tried[:] = False
            for chosen in added[:count]:
                tried[chosen] = True
        else:
            failures += 1


@njit(cache=True, nogil=True)
def intercept_error(totals: Floats, terms: Ints) -> float:
    """The standard error of the intercept, which is that of log unseen, from the inverse Fisher information."""
    unit = np.zeros(terms.size)
    unit[0] = 1.0
    if not cholesky_solve(_information(totals, terms), unit, terms.size):
        return math.inf
    return math.sqrt(unit[0])


@njit(cache=True, nogil=True)
def select_many(
    histories: Ints,
    counts: Floats,
    possible: Flags,
    threshold: float,
    empty_stops: bool,
    results: Floats,
    chosen: Flags,
) -> None:
    """Selection on each row of ``counts`` (position = place in ``histories``).

    Fills ``results``: the unseen persons, the standard error of their logarithm, candidates that failed; and
    ``chosen``: whether each term was added. Unseen is infinite where even main effects have no estimate.
    """
    for row in range(counts.shape[0]):
        cells = np.zeros(possible.size)
        for i in range(histories.size):
            cells[histories[i]] += counts[row, i]
        status, beta, totals, terms, added, failures = select(cells, possible, threshold, empty_stops)
        results[row, 0] = math.exp(beta[0]) if status == OK else math.inf
        results[row, 1] = intercept_error(totals, terms) if status == OK else math.inf
        results[row, 2] = failures
        for pair in added:
            chosen[row, pair] = True
