"""The account of made-up persons by each engine: what a million rows cost, and what a billion would.

    .venv/bin/python benchmarks/engines.py                       100,000, a million and three million rows
    .venv/bin/python benchmarks/engines.py --engines duckdb --rows 1000000 10000000

Each run has a process of its own. CPU time counts all its threads and, for Spark, the Java machine; it says more than
the clock where others use the machine. "Start" is the time until the engine can take a question. Cost per million rows
is the slope between the two largest sizes, so that starting is not in it. Spark runs on this machine alone and is left
out where it or Java is missing. The accounts of one size must be the same to the byte, or the benchmark fails.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from palermo.engine import ENGINES, SPARK, opened
from palermo.errors import UsageError
from palermo.linkage.schema import PERSONS

SIZES = (100_000, 1_000_000, 3_000_000)
BILLION = 1_000  # millions
GROUP_ROWS = 1 << 16
COUNTRIES = (
    "UKR PHL MDA USA NAM KHM IDN ROU BGR NGA BEN GHA VNM THA CHN IND NPL BGD PAK MMR LAO COL PER BRA VEN MEX GTM HTI "
    "ETH KEN UGA SDN ERI SOM MAR TUN DZA EGY TUR SYR IRQ IRN AFG KGZ UZB TJK KAZ BLR RUS POL HUN SVK CZE ALB SRB"
).split()
CHOICES = {
    "sex": (["F", "M", "O", "_U"], [0.6, 0.3, 0.01, 0.09]),
    "age_band": (["Y0T17", "Y_GE18", "Y9T17", "Y18T20", "Y30T38", "_U"], None),
    "status": (["identified", "presumed", "not_victim"], [0.6, 0.37, 0.03]),
}
FORMS = [["sexual"], ["forced_labour"], ["begging"], ["domestic_servitude"], ["sexual", "begging"], ["_U"], ["_N"]]
SERVICES = [["shelter"], ["legal", "medical"], ["_U"], ["_N"]]


def made_up_persons(file: Path, rows: int, seed: int = 1) -> None:
    """Write made-up persons, group by group of rows, as linkage writes them. Countries are as uneven as real ones."""
    rng = np.random.default_rng(seed)
    shares = 1 / np.arange(1, len(COUNTRIES) + 1)
    with pq.ParquetWriter(file, PERSONS, compression="snappy", store_schema=False) as writer:
        for first in range(0, rows, GROUP_ROWS):
            count = min(GROUP_ROWS, rows - first)
            columns = {field.name: pa.nulls(count, field.type) for field in PERSONS}
            for name, (codes, weights) in CHOICES.items():
                columns[name] = pa.array(codes).take(pa.array(rng.choice(len(codes), count, p=weights)))
            home, left, place = (rng.choice(len(COUNTRIES), count, p=shares / shares.sum()) for _ in range(3))
            left = np.where(rng.random(count) < 0.9, home, left)  # nine in ten come from the country they are of
            for name, picked in (("citizenship", home), ("origin", left), ("destination", place)):
                columns[name] = pa.array(COUNTRIES).take(pa.array(picked))
            for name, lists in (("forms", FORMS), ("services", SERVICES)):
                columns[name] = pa.array(lists).take(pa.array(rng.integers(0, len(lists), count)))
            columns["year"] = pa.array(rng.integers(2004, 2024, count).astype(np.int16))
            ages = rng.integers(0, 70, count).astype(np.int16)
            columns["age"] = pa.array(ages, mask=rng.random(count) < 0.5)
            columns["person_id"] = pa.array(np.arange(first + 1, first + count + 1))
            writer.write_table(pa.table({name: columns[name] for name in PERSONS.names}, schema=PERSONS))


def child(engine: str, file: Path) -> None:
    """Count with one engine in this process; print times, CPU time, peak memory and the hash of the account."""
    from palermo.account.build import build_account
    from palermo.account.making import AccountInputs
    from palermo.provenance import file_sha256
    from palermo.settings import Rules

    inputs = AccountInputs(
        persons=file,
        cases=(),
        suspects=(),
        observations=(),
        public_lists=frozenset(),
        inputs=(),
        population=None,
        population_shape=None,
        area="001",
        area_name=None,
        years=None,
        rules=Rules(),
        engine=engine,
    )
    started = perf_counter()
    with opened(engine), tempfile.TemporaryDirectory() as folder:  # Spark: the account takes the open session
        ready = perf_counter()
        made = build_account(inputs, Path(folder))
        done = perf_counter()
        found = {
            "start": ready - started,
            "count": done - ready,
            "cpu": process_time() + java_cpu(),
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 + java_memory(),
            "hash": file_sha256(made.cube),
        }
    json.dump(found, sys.stdout)


def java() -> list[Path]:
    """The folders under /proc of the processes that this one has started (Linux)."""
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    return [Path("/proc") / number for number in children.read_text().split()] if children.exists() else []


def java_cpu() -> float:
    """CPU seconds of the Java machine so far."""
    ticks = os.sysconf("SC_CLK_TCK")
    stats = [(folder / "stat").read_text().rsplit(")", 1)[1].split() for folder in java()]
    return sum(int(stat[11]) + int(stat[12]) for stat in stats) / ticks


def java_memory() -> float:
    """Peak memory of the Java machine, MB."""
    lines = [line for folder in java() for line in (folder / "status").read_text().splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def measure(engine: str, file: Path) -> dict[str, float | str]:
    """Run one engine in a process of its own."""
    command = [sys.executable, __file__, "--child", engine, str(file)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return json.loads(done.stdout)


def able(engines: list[str]) -> list[str]:
    """The engines that can run here; says of the others why not."""
    found = []
    for engine in engines:
        try:
            if engine == SPARK:
                subprocess.run([sys.executable, __file__, "--try", engine], check=True, capture_output=True, text=True)
            else:
                with opened(engine):
                    pass
            found.append(engine)
        except (UsageError, subprocess.CalledProcessError) as error:
            words = getattr(error, "stderr", None) or str(error)
            print(f"{engine} left out: {words.strip().splitlines()[-1]}\n")
    return found


def compare(folder: Path, engines: list[str], sizes: list[int]) -> None:
    """All engines at all sizes, then the slope and what follows from it."""
    print(f"The account of made-up persons, {os.cpu_count()} cores, one run each\n")
    print(f"{'engine':8} {'rows':>11} {'start s':>8} {'count s':>8} {'CPU s':>8} {'peak MB':>8}")
    cpu: dict[str, dict[int, float]] = {engine: {} for engine in engines}
    for size in sizes:
        file = folder / "persons.parquet"
        made_up_persons(file, size)
        hashes = set()
        for engine in engines:
            run = measure(engine, file)
            hashes.add(run["hash"])
            cpu[engine][size] = float(run["cpu"])
            times = " ".join(f"{run[name]:8.1f}" for name in ("start", "count", "cpu"))
            print(f"{engine:8} {size:11,} {times} {run['peak_mb']:8.0f}", flush=True)
        if len(hashes) != 1:
            sys.exit(f"the engines disagree at {size:,} rows")
    print("\nThe engines give the same account to the byte at every size.")
    if len(sizes) > 1:
        extrapolate(cpu, *sorted(sizes)[-2:])


def extrapolate(cpu: dict[str, dict[int, float]], small: int, large: int) -> None:
    """CPU time per million rows between two sizes, and for a billion rows by the same slope: no run was so large."""
    print(f"\n{'engine':8} {'CPU s a million rows':>21} {'10^9 rows, core hours (extrapolated)':>37}", flush=True)
    for engine, found in cpu.items():
        slope = (found[large] - found[small]) / (large - small) * 1e6
        print(f"{engine:8} {slope:21.2f} {slope * BILLION / 3600:37.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=list(ENGINES))
    parser.add_argument("--rows", nargs="+", type=int, default=list(SIZES))
    parser.add_argument("--child", nargs=2, metavar=("ENGINE", "FILE"), help=argparse.SUPPRESS)
    parser.add_argument("--try", dest="attempt", choices=ENGINES, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.child[0], Path(options.child[1]))
        return
    if options.attempt:
        with opened(options.attempt):
            return
    with tempfile.TemporaryDirectory() as folder:
        compare(Path(folder), able(options.engines), options.rows)


if __name__ == "__main__":
    main()
