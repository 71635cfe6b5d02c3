"""Stepwise selection with a BCa bootstrap that repeats it, against the R packages' CPU seconds on the same tables.

    .venv/bin/python benchmarks/hidden_stepwise.py             the table below for the data sets of the peers
    .venv/bin/python benchmarks/hidden_stepwise.py --scaling   by lists (3 to 10), replicates and cores

Ours is CPU time of the whole process (all threads added up) for one answer: the estimate, replicates, jackknife and
four kinds of limits; the median of five runs. Compiling is measured apart, in a process with an empty cache. The
peers' figures were measured once in R 4.2.2 on a shared machine (``shared/research/mse-timings.csv``).
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import numpy as np

from palermo.hidden.answer import Settings
from palermo.hidden.capture import CaptureTable
from palermo.hidden.estimators.stepwise import stepwise_bca
from palermo.hidden.reading import read_csv

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "mse"
# CPU seconds of 1,000 replicates: SparseMSE 2.0.1; MultipleSystemsEstimation 1.2.0 where the other was not run.
PEER_SECONDS = {
    "UKdat": 287.0,
    "UKdat_5": 122.0,
    "Ned": 199.0,
    "Ned_5": 156.0,
    "NewOrl": 756.0,
    "NewOrl_5": 40.6,
    "Western": 46.1,
    "Australia": 42.0,
    "Kosovo": 53.8,
    "Korea": 12.6,
}
SUCCESSOR = frozenset({"Ned", "NewOrl"})
CAPTURE_SHARE = 0.1  # of a made-up population, by each list


def cpu_seconds(table: CaptureTable, replicates: int, runs: int = 5) -> tuple[float, float]:
    """Median CPU and wall seconds of one answer."""
    cpu, wall = [], []
    for seed in range(1, runs + 1):
        started, clock = process_time(), perf_counter()
        stepwise_bca(table, Settings(bootstrap=replicates, seed=seed))
        cpu.append(process_time() - started)
        wall.append(perf_counter() - clock)
    return median(cpu), median(wall)


def warm_up_seconds() -> tuple[float, float]:
    """Seconds of the first answer in a new process: with an empty cache of compiled code, and with a full one."""
    program = (
        "import numpy as np, time\n"
        "from palermo.hidden.answer import Settings\n"
        "from palermo.hidden.capture import CaptureTable\n"
        "from palermo.hidden.estimators.stepwise import stepwise_bca\n"
        "table = CaptureTable(('A', 'B', 'C'), np.arange(1, 8), np.array([30, 20, 5, 25, 4, 3, 1]))\n"
        "started = time.perf_counter()\n"
        "stepwise_bca(table, Settings(bootstrap=1))\n"
        "print(time.perf_counter() - started)\n"
    )
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "NUMBA_CACHE_DIR": cache}
        first, second = (
            float(
                subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True).stdout
            )
            for _ in range(2)
        )
    return first, second


def peers() -> None:
    """Print ours beside the peers."""
    print(
        f"{'data set':<10} {'lists':>5} {'R, CPU s':>9} {'ours, CPU s':>11} {'wall s':>7} {'faster':>7} {'10,000':>8}"
    )
    for name, seconds in PEER_SECONDS.items():
        path = SHARED / f"{name}.csv"
        if not path.exists():
            print(f"{name:<10} not at hand: {path.name}")
            continue
        table = read_csv(path)
        cpu, wall = cpu_seconds(table, 1000)
        many, _ = cpu_seconds(table, 10_000, runs=1)
        gain = seconds / cpu
        mark = "*" if name in SUCCESSOR else " "
        print(f"{name:<10} {table.k:>5} {seconds:>8.1f}{mark} {cpu:>11.3f} {wall:>7.3f} {gain:>7,.0f} {many:>8.2f}")
    print("* MultipleSystemsEstimation 1.2.0; all others SparseMSE 2.0.1. Last column: CPU s of 10,000 replicates.")


def made_up(lists: int, persons: int = 20_000) -> CaptureTable:
    """Persons of a made-up population, each list alike and independent but for the first two."""
    rng = np.random.default_rng(lists)
    seen = rng.random((persons, lists)) < CAPTURE_SHARE
    seen[:, 1] |= seen[:, 0] & (rng.random(persons) < 0.2)
    histories, counts = np.unique(seen @ (1 << np.arange(lists)), return_counts=True)
    kept = histories > 0
    return CaptureTable(tuple(f"list{i}" for i in range(1, lists + 1)), histories[kept], counts[kept])


def scaling() -> None:
    """Print seconds by lists, replicates and cores."""
    print(f"{'lists':>5} {'histories seen':>14} {'CPU ms a replicate':>18}")
    for lists in range(3, 11):
        table = made_up(lists)
        cpu, _ = cpu_seconds(table, 500, runs=1)
        print(f"{lists:>5} {table.histories.size:>14} {1000 * cpu / (500 + table.histories.size):>18.3f}")
    table = made_up(5)
    print(f"\n{'replicates':>10} {'cores':>5} {'CPU s':>7} {'wall s':>7}")
    allowed = sorted(os.sched_getaffinity(0))
    for replicates in (1000, 10_000, 100_000):
        for cores in range(1, len(allowed) + 1):
            os.sched_setaffinity(0, allowed[:cores])
            cpu, wall = cpu_seconds(table, replicates, runs=1)
            print(f"{replicates:>10} {cores:>5} {cpu:>7.2f} {wall:>7.2f}")
    os.sched_setaffinity(0, allowed)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scaling", action="store_true", help="lists, replicates and cores instead of the peers")
    arguments = parser.parse_args()
    first, second = warm_up_seconds()
    print(f"Compiling, once for each installation: {first:.1f} s; first answer of a later process: {second:.2f} s\n")
    stepwise_bca(made_up(3), Settings(bootstrap=1))
    if arguments.scaling:
        scaling()
    else:
        peers()


if __name__ == "__main__":
    main()
