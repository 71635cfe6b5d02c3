"""Compiled search of every model of a family, in one table or in each of many, with bounds that leave out most fits.

A model cannot fit better than a larger one. Before the search of a table the largest models without one of the pairs
are fitted ("tops"); each model's log likelihood is at most that of every top that holds it, and with its own number
of parameters this bounds its criterion from below. Models whose bound is above the best found so far (or too far
above to weigh in an average) are not fitted. The search stays exhaustive: what is left out could not have won.
"""

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from palermo.hidden.kernels import Flags, Floats, Ints, live_terms, margins_of, status_of
from palermo.hidden.newton import fit_in, log_factorials, newton, start


class Family(NamedTuple):
    """Models as rows of terms; ``missing`` has bit i set where top i, the row ``tops[i]``, holds the model."""

    models: Ints
    sizes: Ints
    missing: Ints
    tops: Ints
    possible: Flags
    starts: Floats  # coefficients to start each fit from, nan where there are none; one nan column for none at all


@njit(cache=True, nogil=True)
def fit_models(cells: Floats, family: Family, k: int) -> tuple[Floats, Floats, Ints]:
    """Fit each model to one table; unseen persons, log likelihood and status of each (nan where none)."""
    number = family.sizes.size
    unseen = np.full(number, np.nan)
    loglik = np.full(number, np.nan)
    status = np.zeros(number, np.int64)
    work = np.empty((3, 1 << k))
    margins = margins_of(cells, k)
    constant = log_factorials(cells)
    for m in range(number):
        terms = family.models[m, : family.sizes[m]]
        unseen[m], value, status[m] = fit_in(cells, margins, terms, family.possible, family.starts[m], work, k)
        loglik[m] = value - constant
    return unseen, loglik, status


@njit(cache=True, nogil=True)
def starts_from(cells: Floats, family: Family, k: int) -> Floats:
    """The coefficients of every model in one table, to start fits to similar tables from; nan where there are none."""
    starts = np.full(family.models.shape, np.nan)
    work = np.empty((3, 1 << k))
    margins = margins_of(cells, k)
    for m in range(family.sizes.size):
        live, present = live_terms(margins, family.models[m, : family.sizes[m]], family.possible)
        if status_of(cells, live, present, k) != 0:
            continue
        coefficients = start(cells, live, present, work, k)
        newton(margins, live, present, coefficients, work, k)
        place = 0
        for i in range(live.size):
            while family.models[m, place] != live[i]:
                place += 1
            starts[m, place] = coefficients[i]
    return starts


@njit(cache=True, nogil=True)
def search_tables(
    tables: Floats, family: Family, by_bic: bool, margin: float, k: int
) -> tuple[Ints, Floats, Floats, Ints]:
    """Search each row of ``tables``: the best model, its unseen, the weighted unseen, and how many models were fitted.

    ``margin`` is how far above the best criterion a model still counts in the average; 0 for the best alone. A model
    that is -1 means that none has an estimate.
    """
    number = tables.shape[0]
    best = np.full(number, -1, np.int64)
    unseen = np.full(number, np.nan)
    average = np.full(number, np.nan)
    fitted = np.zeros(number, np.int64)
    work = np.empty((3, 1 << k))
    for b in range(number):
        cells = tables[b]
        margins = margins_of(cells, k)
        penalty = math.log(margins[0]) if by_bic else 2.0
        ceilings = _ceilings(cells, margins, family, work, k)
        lowest, weight, weighted = np.inf, 0.0, 0.0
        for m in range(family.sizes.size):
            size = family.sizes[m]
            if size * penalty - 2.0 * _ceiling(ceilings, family.missing[m]) > lowest + margin:
                continue
            fitted[b] += 1
            terms = family.models[m, :size]
            n0, value, status = fit_in(cells, margins, terms, family.possible, family.starts[m], work, k)
            if status != 0:
                continue
            criterion = size * penalty - 2.0 * value
            if criterion < lowest:
                shrink = math.exp((criterion - lowest) / 2.0) if best[b] >= 0 else 0.0
                weight, weighted = weight * shrink + 1.0, weighted * shrink + n0
                lowest, best[b], unseen[b] = criterion, m, n0
            else:
                share = math.exp((lowest - criterion) / 2.0)
                weight, weighted = weight + share, weighted + share * n0
        if best[b] >= 0:
            average[b] = weighted / weight
    return best, unseen, average, fitted


@njit(cache=True, nogil=True)
def _ceilings(cells: Floats, margins: Floats, family: Family, work: Floats, k: int) -> Floats:
    """The log likelihood of each top, and last that of the table itself; the latter too where a top has no estimate."""
    most = 0.0
    for w in range(1, cells.size):
        if cells[w] > 0:
            most += cells[w] * math.log(cells[w]) - cells[w]
    ceilings = np.full(family.tops.size + 1, most)
    for i in range(family.tops.size):
        terms = family.models[family.tops[i], : family.sizes[family.tops[i]]]
        _, value, status = fit_in(cells, margins, terms, family.possible, family.starts[family.tops[i]], work, k)
        if status == 0:
            ceilings[i] = value + 1e-7 * (1.0 + abs(value))
    return ceilings


@njit(cache=True, nogil=True)
def _ceiling(ceilings: Floats, missing: int) -> float:
    lowest = float(ceilings[-1])
    for i in range(ceilings.size - 1):
        if missing >> i & 1 and ceilings[i] < lowest:
            lowest = float(ceilings[i])
    return lowest


@njit(cache=True, nogil=True)
def walk(cells: Floats, possible: Flags, by_bic: bool, pairs: Ints, k: int) -> tuple[Ints, Floats, Floats, Ints]:
    """From independent lists toggle the pair that lowers the criterion most until none does.

    Returns all models fitted on the way (bit i: has pair i), each once, with unseen, log likelihood and status.
    """
    cold = np.full(1, np.nan)
    limit = 1 + pairs.size * (2 * pairs.size + 1)
    masks = np.zeros(limit, np.int64)
    unseen = np.full(limit, np.nan)
    loglik = np.full(limit, np.nan)
    status = np.zeros(limit, np.int64)
    work = np.empty((3, 1 << k))
    margins = margins_of(cells, k)
    constant = log_factorials(cells)
    penalty = math.log(margins[0]) if by_bic else 2.0
    terms = terms_with(0, pairs, k)
    unseen[0], value, status[0] = fit_in(cells, margins, terms, possible, cold, work, k)
    loglik[0] = value - constant
    lowest = terms.size * penalty - 2.0 * value if status[0] == 0 else np.inf
    here, count = 0, 1
    improved = True
    while improved and count + pairs.size <= limit:
        improved = False
        chosen = here
        for i in range(pairs.size):
            mask = here ^ (1 << i)
            if (masks[:count] == mask).any():
                continue
            terms = terms_with(mask, pairs, k)
            masks[count] = mask
            unseen[count], value, status[count] = fit_in(cells, margins, terms, possible, cold, work, k)
            loglik[count] = value - constant
            criterion = terms.size * penalty - 2.0 * value
            if status[count] == 0 and criterion < lowest:
                lowest, chosen, improved = criterion, mask, True
            count += 1
        here = chosen
    return masks[:count], unseen[:count], loglik[:count], status[:count]


@njit(cache=True, nogil=True)
def terms_with(mask: int, pairs: Ints, k: int) -> Ints:
    terms = np.zeros(1 + k + pairs.size, np.int64)
    for place in range(k):
        terms[1 + place] = 1 << place
    count = 1 + k
    for i in range(pairs.size):
        if mask >> i & 1:
            terms[count] = pairs[i]
            count += 1
    return terms[:count]


@njit(cache=True, nogil=True)
def walk_tables(tables: Floats, possible: Flags, by_bic: bool, pairs: Ints, k: int) -> tuple[Floats, Floats]:
    """The walk in each row: unseen of the best model, and averaged over those on the way (nan where none)."""
    best = np.full(tables.shape[0], np.nan)
    average = np.full(tables.shape[0], np.nan)
    for b in range(tables.shape[0]):
        masks, unseen, loglik, status = walk(tables[b], possible, by_bic, pairs, k)
        penalty = math.log(tables[b].sum()) if by_bic else 2.0
        lowest = np.inf
        for m in range(masks.size):
            if status[m] == 0:
                criterion = bits(masks[m]) * penalty - 2.0 * loglik[m]
                if criterion < lowest:
                    lowest, best[b] = criterion, unseen[m]
        weight, weighted = 0.0, 0.0
        for m in range(masks.size):
            if status[m] == 0:
                share = math.exp((lowest - bits(masks[m]) * penalty + 2.0 * loglik[m]) / 2.0)
                weight, weighted = weight + share, weighted + share * unseen[m]
        if weight > 0:
            average[b] = weighted / weight
    return best, average


@njit(cache=True, nogil=True)
def bits(mask: int) -> int:
    """How many bits of the mask are set."""
    count = 0
    while mask:
        mask &= mask - 1
        count += 1
    return count
