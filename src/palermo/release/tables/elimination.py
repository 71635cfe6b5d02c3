"""Which sums follow from the published ones by adding and subtracting: Gauss's elimination modulo a prime.

Counts are published one after the other, the dearest first, and one that would give away a hidden count stays hidden
(the method of Langsrud's GaussSuppression). The decision a reader would question: arithmetic modulo the prime 2^31 - 1
instead of fractions. A sum could only be taken for given away when it is not if a determinant of entries 0 and 1 were
a multiple of the prime; the proof that follows does not depend on it.
"""

import numba
import numpy as np
import numpy.typing as npt

from palermo.release.tables.cells import Flags, Whole

PRIME = 2**31 - 1
_Dense = npt.NDArray[np.int64]


@numba.njit(cache=True)
def _inverse(number: int) -> int:
    result, power, left = 1, number, PRIME - 2
    while left:
        if left & 1:
            result = result * power % PRIME
        power = power * power % PRIME
        left >>= 1
    return result


@numba.njit(cache=True)
def _gives_away(rest: _Dense, row: int, pivot: int, guarded: Flags) -> bool:
    """Whether what is left of a guarded row is a multiple of what is left of this row (which is 1 at the pivot)."""
    for other in range(rest.shape[0]):
        factor = rest[other, pivot]
        if guarded[other] and factor != 0:
            same = True
            for column in range(rest.shape[1]):
                if rest[other, column] != factor * rest[row, column] % PRIME:
                    same = False
                    break
            if same:
                return True
    return False


@numba.njit(cache=True)
def _take_out(rest: _Dense, row: int, pivot: int, columns: Whole, filled: Whole) -> None:
    """Subtract multiples of a row so that the pivot column is empty; ``filled`` counts the entries of each column."""
    for other in range(rest.shape[0]):
        if other != row and rest[other, pivot] != 0:
            factor = PRIME - rest[other, pivot]
            for column in columns:
                before = rest[other, column]
                after = (before + factor * rest[row, column]) % PRIME
                rest[other, column] = after
                filled[column] += (after != 0) - (before != 0)
    for column in columns:
        filled[column] -= 1
        rest[row, column] = 0


@numba.njit(cache=True)
def _thinnest(columns: Whole, filled: Whole) -> int:
    """Which of the columns has the fewest entries: elimination then fills the least."""
    best = 0
    for place in range(len(columns)):
        if filled[columns[place]] < filled[columns[best]]:
            best = place
    return best


@numba.njit(cache=True)
def hidden_to_guard(rest: _Dense, order: Whole, guarded: Flags) -> Flags:
    """Publish rows in this order unless one gives a guarded row away; which rows stay hidden. Overwrites ``rest``."""
    hidden = guarded.copy()
    filled = np.zeros(rest.shape[1], dtype=np.int64)
    for row in range(rest.shape[0]):
        for column in range(rest.shape[1]):
            filled[column] += rest[row, column] != 0
    for row in order:
        columns = np.flatnonzero(rest[row])
        if len(columns) == 0:
            continue
        pivot = columns[_thinnest(columns, filled)]
        scale = _inverse(rest[row, pivot])
        rest[row] = rest[row] * scale % PRIME
        if _gives_away(rest, row, pivot, guarded):
            hidden[row] = True
        else:
            _take_out(rest, row, pivot, columns, filled)
    return hidden
