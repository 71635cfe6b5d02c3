"""Matrix products that give the same bits on any number of cores, and stay fast when other work fills the cores.

BLAS shares large products among threads: the order of summation then hangs on the machine, and threads that wait for
a busy core made a search of 1.2 s take 35 s. Products by blocks below OpenBLAS's thresholds stay in one
thread. The decision a reader would question: no thread limit is set, as that would bind the whole program.
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
_VECTOR = 9_000  # OpenBLAS shares a matrix-vector product from 9,216 entries on
_MATRIX = 260_000  # and a matrix product from 262,144 multiplications on


def crossed(left: Floats, right: Floats) -> Floats:
    """``left.T @ right``; ``right`` may be a vector."""
    wide = right if right.ndim > 1 else right[:, None]
    rows = max(1, min(_VECTOR // max(left.shape[1], 1), _MATRIX // max(left.shape[1] * wide.shape[1], 1)))
    cut = len(left) // rows * rows
    blocks = left[:cut].reshape(-1, rows, left.shape[1]).transpose(0, 2, 1)
    head = (blocks @ wide[:cut].reshape(-1, rows, wide.shape[1])).sum(axis=0)
    found = head + left[cut:].T @ wide[cut:]
    return np.asarray(found if right.ndim > 1 else found[:, 0], np.float64)
