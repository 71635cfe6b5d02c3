"""The best of all models of pairs where there are too many to fit: branch and bound, exact where it ends.

A model cannot fit better than a larger one (Furnival & Wilson 1974, "Regressions by leaps and bounds", Technometrics
16). A branch is all models between two sets of pairs: those that must be in, and those that may. Its criterion is at
least that of the likelihood of all that may be in and the number of those that must. A branch that cannot beat the best
so far is left out. The decision a reader would question: where the largest model of a branch has no estimate, the
bound of the branch above it holds instead, which is true but weak; in very sparse tables the search may therefore reach
its limit of fits. It then says so, and the best found is no worse than that of the walk from which it starts.
"""

import math
from dataclasses import dataclass
from threading import Event

import numpy as np
from numba import njit

from palermo.hidden.exhaustive import bits, terms_with
from palermo.hidden.kernels import Flags, Floats, Ints, live_terms, margins_of, status_of
from palermo.hidden.newton import climb, fit_in, start

MOST_FITS = 300_000  # some four seconds with eight lists
MOST_FITS_BEYOND_EIGHT = 50_000  # some three seconds with ten
MOST_FITS_A_REPLICATE = 30_000  # so that 1,000 tables of eight lists take five minutes of one core at most
MOST_FITS_A_REPLICATE_BEYOND_EIGHT = 5_000
_FITS_A_CALL = 4_000
_DEEPEST = 4096
_LOOSE = 1e-3  # promise of the last step of a fit; where the likelihood has no highest point, as much may be left
_SLACK = 2e-2  # by which the likelihood found may fall short of the highest, many times what is left to gain
_FAR = 12.0  # coefficients larger than this are on their way to infinity: no good start for a smaller model


@dataclass(frozen=True)
class Branched:
    """The best pairs (bit i: has pair i), how many models were fitted, and whether no other can be better."""

    mask: int
    fitted: int
    is_complete: bool


def best_pairs(
    cells: Floats,
    possible: Flags,
    penalty: float,
    pairs: Ints,
    known: tuple[int, float],
    most: int,
    stopped: Event | None = None,
) -> Branched:
    """Search all sets of pairs for the lowest ``terms * penalty - 2 log likelihood`` (the latter without its constant).

    ``known`` is a set of pairs and its criterion, or infinity. ``most`` is the number of fits after which the search
    stops; it also stops, as incomplete, once the event is set.
    """
    may, must = np.zeros(_DEEPEST, np.int64), np.zeros(_DEEPEST, np.int64)
    ceilings = np.full(_DEEPEST, np.inf)
    may[0] = (1 << pairs.size) - 1
    mask, lowest = known
    waiting, fitted = 1, 0
    # Short calls, so that Ctrl-C is heard between them.
    while waiting > 0 and fitted < most and not (stopped and stopped.is_set()):
        waiting, more, mask, lowest = _branch(
            (cells, possible), (may, must, ceilings), waiting, (int(mask), float(lowest)), penalty, pairs
        )
        fitted += more
    return Branched(int(mask), fitted, waiting == 0)


def best_unseen(
    tables: Floats, possible: Flags, by_bic: bool, pairs: Ints, near: int, stopped: Event | None = None
) -> tuple[Floats, Ints, Flags]:
    """Search each row of ``tables``: the unseen persons of its best model, fits made, and whether it was complete.

    ``near`` are pairs that may be good ones. Unseen is nan where no model with an estimate was found.
    """
    number = tables.shape[0]
    unseen, fitted, complete = np.full(number, np.nan), np.zeros(number, np.int64), np.zeros(number, np.bool_)
    most = MOST_FITS_A_REPLICATE if tables.shape[1] <= 1 << 8 else MOST_FITS_A_REPLICATE_BEYOND_EIGHT
    for row, cells in enumerate(tables):
        penalty = math.log(cells.sum()) if by_bic else 2.0
        _, known = _fit(cells, possible, penalty, pairs, near)
        found = best_pairs(cells, possible, penalty, pairs, (near, known), most, stopped)
        unseen[row], _ = _fit(cells, possible, penalty, pairs, found.mask)
        fitted[row], complete[row] = found.fitted, found.is_complete
    return unseen, fitted, complete


@njit(cache=True, nogil=True)
def _fit(cells: Floats, possible: Flags, penalty: float, pairs: Ints, mask: int) -> tuple[float, float]:
    """Unseen persons (nan without an estimate) and criterion (infinite then) of the model with these pairs."""
    k = round(math.log2(cells.size))
    terms, work = terms_with(mask, pairs, k), np.empty((3, cells.size))
    unseen, value, status = fit_in(cells, margins_of(cells, k), terms, possible, np.full(1, np.nan), work, k)
    return unseen, _criterion(mask, k, penalty, value) if status == 0 else np.inf


@njit(cache=True, nogil=True)
def _branch(
    table: tuple[Floats, Flags],
    branches: tuple[Ints, Ints, Floats],
    waiting: int,
    best: tuple[int, float],
    penalty: float,
    pairs: Ints,
) -> tuple[int, int, int, float]:
    """Work on the branches that wait: how many do so afterwards (-1: too many), fits made, the best and its criterion.

    A branch is what may be in, what must, and the highest log likelihood of any of its models.
    """
    may, must, ceilings = branches
    mask, lowest = best
    fits = 0
    k = round(math.log2(table[0].size))
    margins = margins_of(table[0], k)
    work = np.empty((4, table[0].size))
    while waiting > 0 and fits < _FITS_A_CALL:
        waiting -= 1
        whole, kept, ceiling = may[waiting], must[waiting], ceilings[waiting]
        if _criterion(kept, k, penalty, ceiling) >= lowest:
            continue
        # The whole, fitted once more than its parent did, for a start near its parts.
        work[3, 0] = np.nan
        value = _supremum(table, margins, whole, pairs, work)
        near = work[3].copy()
        if value == -np.inf or np.abs(near).max() > _FAR:
            near[0] = np.nan
        fits += 1
        mask, lowest = _better((mask, lowest), (whole, _criterion(whole, k, penalty, value)), table, margins, pairs)
        losses = np.full(pairs.size, np.inf)
        for i in range(pairs.size):
            part = whole & ~(1 << i)
            if (whole & ~kept) >> i & 1:
                work[3] = near
                value = _supremum(table, margins, part, pairs, work)
                losses[i] = ceiling if value == -np.inf else min(value + _SLACK, ceiling)
                fits += 1
                other = part, _criterion(part, k, penalty, value)
                mask, lowest = _better((mask, lowest), other, table, margins, pairs)
        # The pair whose loss costs most comes first: later branches must keep it. The last branches are the smallest.
        for i in np.argsort(losses)[: bits(whole & ~kept)]:
            if _criterion(kept, k, penalty, losses[i]) < lowest:
                if waiting == may.size:
                    return -1, fits, mask, lowest
                may[waiting], must[waiting], ceilings[waiting] = whole & ~(1 << i), kept, losses[i]
                waiting += 1
            kept |= 1 << i
    return waiting, fits, mask, lowest


@njit(cache=True, nogil=True)
def _supremum(table: tuple[Floats, Flags], margins: Floats, mask: int, pairs: Ints, work: Floats) -> float:
    """The highest log likelihood of the model with these pairs, without its constant; minus infinity where not found.

    Without an estimate it is not reached, but approached. ``work[3]`` holds coefficients by term to start from (the
    first nan: none), and afterwards those found.
    """
    k = round(math.log2(margins.size))
    live, present = live_terms(margins, terms_with(mask, pairs, k), table[1])
    steps, value = -1, 0.0
    coefficients = work[3][live]
    if not np.isnan(work[3, 0]):
        value, steps = climb(margins, live, present, coefficients, work, (_LOOSE, 1e-10), k)
    if steps < 0:
        coefficients = start(table[0], live, present, work, k)
        value, steps = climb(margins, live, present, coefficients, work, (_LOOSE, 1e-10), k)
    work[3] = 0.0
    for i in range(live.size):
        work[3, live[i]] = coefficients[i]
    return float(value) if steps > 0 else -np.inf


@njit(cache=True, nogil=True)
def _better(
    best: tuple[int, float], other: tuple[int, float], table: tuple[Floats, Flags], margins: Floats, pairs: Ints
) -> tuple[int, float]:
    """The other pairs and their criterion, where it is lower and they have exactly one estimate; else the best."""
    if other[1] >= best[1]:
        return best
    k = round(math.log2(margins.size))
    live, present = live_terms(margins, terms_with(other[0], pairs, k), table[1])
    return other if status_of(table[0], live, present, k) == 0 else best


@njit(cache=True, nogil=True)
def _criterion(mask: int, k: int, penalty: float, value: float) -> float:
    """The criterion of the model with these pairs and this log likelihood."""
    return (1 + k + bits(mask)) * penalty - 2.0 * value
