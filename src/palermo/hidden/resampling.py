"""Tables drawn again from a table: the multinomial bootstrap and the table with one person left out.

The decision a reader would question: all draws come from one generator in one go and only the work on them is shared
among threads, so the same seed gives the same answer on any number of cores. Only histories that somebody has are
drawn; a sampling zero stays zero, as in all peers.
"""

import math
import os
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from palermo.hidden.capture import CaptureTable, Counts
from palermo.progress import Progress

Floats = npt.NDArray[np.float64]
T = TypeVar("T")
_SLICE_SECONDS = 0.25  # between two reports of progress


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

    ``work`` should be compiled code that lets go of the interpreter, and must write to its own rows only. Slices are so
    sized by what the last one took that each ends within a fraction of a second: so long Ctrl-C waits at most.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    start, size, done = 0, 1, 0
    running: set[Future[tuple[int, float]]] = set()
    with ThreadPoolExecutor(cores) as pool:  # never holds more than what runs, so that leaving it waits for no other
        while start < rows or running:
            while start < rows and len(running) < cores:
                part = slice(start, min(start + size, rows))
                running.add(pool.submit(_timed, work, part))
                start = part.stop
            finished, running = wait(running, return_when=FIRST_COMPLETED)
            for count, seconds in (future.result() for future in finished):
                done += count
                size = _next_size(count, seconds, math.ceil((rows - start) / cores))
                if progress is not None:
                    progress(done, rows, text)


def in_a_thread(work: Callable[[], T]) -> T:
    """The result of ``work``, done in a thread of its own.

    Ctrl-C during a compiled call with named tuples becomes a SystemError in the main thread, and ends nothing. Python
    interrupts the main thread only, so here it is heard as such, once the call is over.
    """
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


def _timed(work: Callable[[slice], None], part: slice) -> tuple[int, float]:
    """How many rows were worked on, and in how many seconds."""
    started = time.monotonic()
    work(part)
    return part.stop - part.start, time.monotonic() - started


def _next_size(count: int, seconds: float, share: int) -> int:
    """Rows that take the time of a slice, but no more than one core's share, nor eight times the last."""
    return max(1, min(int(count * _SLICE_SECONDS / max(seconds, 1e-9)), 8 * count, share))
