"""Tables drawn again from a table: the multinomial bootstrap and the table with one person left out.

The decision a reader would question: all draws come from one generator in one go and only the work on them is shared
among threads, so the same seed gives the same answer on any number of cores. Only histories that somebody has are
drawn; a sampling zero stays zero, as in all peers.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from palermo.hidden.answer import Progress
from palermo.hidden.capture import CaptureTable, Counts

Floats = npt.NDArray[np.float64]
_CHUNK = 250  # replicates between two reports of progress, and the share of work that a thread takes


@dataclass(frozen=True)
class Resamples:
    """Tables of the same histories: one row a table, one column a history."""

    histories: Counts
    counts: Floats

    def cells(self, k: int) -> Floats:
        """The tables as rows of 2^K cells."""
        cells = np.zeros((len(self.counts), 1 << k))
        cells[:, self.histories] = self.counts
        return cells


def observed(table: CaptureTable) -> Resamples:
    """The table itself, its histories in ascending order, those without persons left out."""
    histories = np.flatnonzero(table.cells).astype(np.int64)
    return Resamples(histories, table.cells[histories][None, :].astype(np.float64))


def bootstrap_tables(table: CaptureTable, replicates: int, seed: int) -> Resamples:
    """Multinomial tables of as many persons with the shares seen."""
    base = observed(table)
    draws = np.random.default_rng(seed).multinomial(table.n, base.counts[0] / table.n, size=replicates)
    return Resamples(base.histories, draws.astype(np.float64))


def jackknife_tables(table: CaptureTable) -> tuple[Resamples, Floats]:
    """The table without one person of each history, and how many persons have that history."""
    base = observed(table)
    weights = base.counts[0]
    return Resamples(base.histories, weights - np.eye(weights.size)), weights


def in_threads(work: Callable[[slice], None], rows: int, progress: Progress = None, text: str = "") -> None:
    """Do ``work`` on slices of the rows, on all cores that this process may use.

    ``work`` should be compiled code that lets go of the interpreter, and must write to its own rows only.
    """
    slices = [slice(start, min(start + _CHUNK, rows)) for start in range(0, rows, _CHUNK)]
    if len(slices) < 2:
        for part in slices:
            work(part)
        return
    with ThreadPoolExecutor(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None) as pool:
        for part, _ in zip(slices, pool.map(work, slices), strict=True):
            if progress is not None:
                progress(part.stop, rows, text)
