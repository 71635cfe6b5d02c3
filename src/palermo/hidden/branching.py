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

import numpy as np
from numba import njit

from palermo.hidden.exhaustive import terms_with
from palermo.hidden.kernels import Flags, Floats, Ints, margins_of
from palermo.hidden.newton import fit_in

MOST_FITS = 120_000  # some five seconds with eight lists
MOST_FITS_BEYOND_EIGHT = 20_000  # some three seconds with ten
_FITS_A_CALL = 4_000
_DEEPEST = 4096


@dataclass(frozen=True)
class Branched:
    """The best pairs (bit i: has pair i), how many models were fitted, and whether no other can be better."""

    mask: int
    fitted: int
    is_complete: bool


def best_pairs(cells: Floats, possible: Flags, penalty: float, pairs: Ints, start: tuple[int, float]) -> Branched:
    """Search all sets of pairs for the lowest ``terms * penalty - 2 log likelihood`` (the latter without its constant).

    ``start`` is a set of pairs and its criterion, or infinity.
    """
    may, must = np.zeros(_DEEPEST, np.int64), np.zeros(_DEEPEST, np.int64)
    ceilings = np.full(_DEEPEST, np.inf)
    may[0] = (1 << pairs.size) - 1
    mask, lowest = start
    value = float(_log_likelihood((cells, possible), may[0], pairs))
    if value > -np.inf:
        ceilings[0] = value
        if _criterion(int(may[0]), cells, penalty, value) < lowest:
            mask, lowest = int(may[0]), _criterion(int(may[0]), cells, penalty, value)
    waiting, fitted = 1, 1
    most = MOST_FITS if cells.size <= 1 << 8 else MOST_FITS_BEYOND_EIGHT
    while waiting > 0 and fitted < most:  # short calls, so that Ctrl-C is heard between them
        waiting, more, mask, lowest = _branch(
            (cells, possible), (may, must, ceilings), waiting, (int(mask), float(lowest)), penalty, pairs
        )
        fitted += more
    return Branched(int(mask), fitted, waiting == 0)


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
    while waiting > 0 and fits < _FITS_A_CALL:
        waiting -= 1
        whole, kept, ceiling = may[waiting], must[waiting], ceilings[waiting]
        if _criterion(kept, table[0], penalty, ceiling) >= lowest:
            continue
        losses = np.full(pairs.size, np.inf)
        for i in range(pairs.size):
            if (whole & ~kept) >> i & 1:
                value = _log_likelihood(table, whole & ~(1 << i), pairs)
                losses[i] = ceiling if value == -np.inf else min(value + 1e-7 * (1.0 + abs(value)), ceiling)
                fits += 1
                if _criterion(whole & ~(1 << i), table[0], penalty, value) < lowest:
                    mask, lowest = whole & ~(1 << i), _criterion(whole & ~(1 << i), table[0], penalty, value)
        # The pair whose loss costs most comes first: later branches must keep it. The last branches are the smallest.
        for i in np.argsort(losses)[: _bits(whole & ~kept)]:
            if _criterion(kept, table[0], penalty, losses[i]) < lowest:
                if waiting == may.size:
                    return -1, fits, mask, lowest
                may[waiting], must[waiting], ceilings[waiting] = whole & ~(1 << i), kept, losses[i]
                waiting += 1
            kept |= 1 << i
    return waiting, fits, mask, lowest


@njit(cache=True, nogil=True)
def _log_likelihood(table: tuple[Floats, Flags], mask: int, pairs: Ints) -> float:
    """The log likelihood, but for its constant, of the model with these pairs; minus infinity without an estimate."""
    cells, possible = table
    k = round(math.log2(cells.size))
    terms = terms_with(mask, pairs, k)
    _, value, status = fit_in(
        cells, margins_of(cells, k), terms, possible, np.full(1, np.nan), np.empty((3, 1 << k)), k
    )
    return float(value) if status == 0 else -np.inf


@njit(cache=True, nogil=True)
def _criterion(mask: int, cells: Floats, penalty: float, value: float) -> float:
    """The criterion of the model with these pairs and this log likelihood."""
    return (1 + round(math.log2(cells.size)) + _bits(mask)) * penalty - 2.0 * value


@njit(cache=True, nogil=True)
def _bits(mask: int) -> int:
    count = 0
    while mask:
        mask &= mask - 1
        count += 1
    return count
