"""Whether the estimate of a model exists and is the only one, for every model before any number is shown.

After terms with nobody on all their lists are set to minus infinity and their cells left out (Chan, Silverman &
Vincent 2021), the estimate exists if and only if some table with the same margins is positive everywhere (Fienberg &
Rinaldo 2012). Only which cells are empty matters, so answers are kept by (empty cells, terms). The compiled test
decides; a general linear programme stands behind it for what it leaves undecided, and in the tests.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog

from palermo.hidden.kernels import live_terms, margins_of, status_of

EXISTS, NO_ESTIMATE, NOT_IDENTIFIED, NEITHER = 0, 1, 2, 3
STRUCTURAL = -1
WORDS = {
    NO_ESTIMATE: "no estimate exists: the likelihood rises without end",
    NOT_IDENTIFIED: "the model is not identifiable: different totals fit equally well",
    NEITHER: "no estimate exists, and the model is not identifiable",
    4: "the fit did not converge",
}
Cells = npt.NDArray[np.int64]


def status(cells: Cells, terms: Sequence[int], k: int) -> int:
    """0 the estimate exists, 1 it does not, 2 it is not identifiable, 3 both. Cells of -1 are structural zeros."""
    support = sum(1 << w for w in np.flatnonzero(cells > 0).tolist())
    structural = sum(1 << w for w in np.flatnonzero(cells < 0).tolist())
    return _status(support, structural, tuple(terms), k)


def reduced(cells: Cells, terms: Sequence[int], k: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """The terms that are not minus infinity, and which cells remain."""
    plain = np.maximum(cells, 0).astype(np.float64)
    found: tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]] = live_terms(
        margins_of(plain, k), np.array(terms, np.int64), cells >= 0
    )
    return found


@lru_cache(maxsize=1 << 17)
def _status(support: int, structural: int, terms: tuple[int, ...], k: int) -> int:
    cells = np.array([1 if support >> w & 1 else -1 if structural >> w & 1 else 0 for w in range(1 << k)], np.int64)
    live, present = reduced(cells, terms, k)
    quick = int(status_of(np.maximum(cells, 0).astype(np.float64), live, present, k))
    return quick if quick >= 0 else programme_status(cells, live, present)


def programme_status(cells: Cells, live: npt.NDArray[np.int64], present: npt.NDArray[np.bool_]) -> int:
    """The same by linear programme: the largest s with x >= s in all cells and the margins of the table."""
    kept = np.flatnonzero(present)
    design = ((kept[:, None] & live[None, :]) == live[None, :]).astype(float)
    unidentified = NOT_IDENTIFIED if np.linalg.matrix_rank(design) < live.size else 0
    counts = (cells[kept] > 0).astype(float)
    if (counts > 0).all():
        return unidentified
    # x = counts + change, so that the margins are met by A' change = 0
    number = kept.size
    found = linprog(
        np.append(np.zeros(number), -1.0),
        A_ub=np.hstack([-np.eye(number), np.ones((number, 1))]),
        b_ub=counts,
        A_eq=np.hstack([design.T, np.zeros((live.size, 1))]),
        b_eq=np.zeros(live.size),
        bounds=[(None, None)] * number + [(0, 1)],
        method="highs",
    )
    exists = found.status == 0 and -found.fun > 1e-8
    return unidentified + (0 if exists else NO_ESTIMATE)
