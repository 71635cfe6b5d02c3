"""What the benchmarks of the hidden number share: the clock, the tables, and the peers' seconds.

Seconds are CPU time of the whole process, all threads added up, the best of three: others may load the machine. The
peers' were measured once in R 4.2.2, also as CPU time (``shared/research/mse-timings.csv``, resolution 1 ms).
"""

import csv
from collections.abc import Callable
from functools import cache
from pathlib import Path
from time import process_time

import numpy as np

from palermo.hidden.capture import CaptureTable
from palermo.hidden.reading import read_csv

SHARED = Path(__file__).resolve().parents[2] / "shared"
TIMINGS = SHARED / "research" / "mse-timings.csv"


def cpu_seconds(work: Callable[[], object], runs: int = 3) -> float:
    """The least CPU time of some runs."""
    spent = []
    for _ in range(runs):
        started = process_time()
        work()
        spent.append(process_time() - started)
    return min(spent)


def shared_table(name: str) -> CaptureTable:
    """A data set of the peers."""
    return read_csv(SHARED / "data" / "mse" / f"{name}.csv")


@cache
def peer_seconds() -> dict[tuple[str, str], float]:
    """CPU seconds of the peers by data set and estimator."""
    with TIMINGS.open(encoding="utf-8", newline="") as stream:
        return {(row["dataset"], row["estimator"]): float(row["cpu_seconds"]) for row in csv.DictReader(stream)}


def made_up(lists: int, persons: int = 20_000, share: float = 0.1) -> CaptureTable:
    """Persons of a made-up population, each list alike (``share`` of it) and independent but for the first two."""
    rng = np.random.default_rng(lists)
    seen = rng.random((persons, lists)) < share
    seen[:, 1] |= seen[:, 0] & (rng.random(persons) < 0.2)
    histories, counts = np.unique(seen @ (1 << np.arange(lists)), return_counts=True)
    kept = histories > 0
    return CaptureTable(tuple(f"list{i}" for i in range(1, lists + 1)), histories[kept], counts[kept])


def row(*cells: object) -> str:
    """A line of a markdown table."""
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def head(*names: str) -> str:
    """The first two lines of a markdown table; the first column is text, the rest numbers."""
    return row(*names) + "\n|" + "|".join(["---", *["---:"] * (len(names) - 1)]) + "|"
