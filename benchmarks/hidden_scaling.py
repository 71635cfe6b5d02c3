"""How time grows with lists, cores, replicates and persons: `python benchmarks/hidden_scaling.py`.

On made-up tables, as no peer runs these. Every row by lists is a process of its own, whose peak memory is that of the
answers in it. Compiling is measured apart, in a process with an empty cache of compiled code and one with a full one.
"""

import os
import resource
import subprocess
import sys
import tempfile
from time import perf_counter

import numpy as np
from hidden_clock import cpu_seconds, head, made_up, row

from palermo.hidden.answer import Settings
from palermo.hidden.estimators.decomposable import dga_bma
from palermo.hidden.estimators.loglinear import all_two_way, main_effects
from palermo.hidden.estimators.search import all_models, bic_best
from palermo.hidden.estimators.stepwise import stepwise, stepwise_bca
from palermo.hidden.fitting import cells_of, fit_many
from palermo.hidden.models import all_two_way as pairs
from palermo.hidden.models import main_effects as independence

FITS = 1000
PLAIN = Settings(bootstrap=0)
WARM_UP = {
    "stepwise_BCa": "from palermo.hidden.estimators.stepwise import stepwise_bca as run",
    "bic_best": "from palermo.hidden.estimators.search import bic_best as run",
    "dga_bma": "from palermo.hidden.estimators.decomposable import dga_bma as run",
}


def by_fit(lists: int) -> None:
    """Microseconds a fit in a batch of 1,000 tables: main effects, and all pairs."""
    cells = cells_of(made_up(lists))
    tables = np.random.default_rng(1).multinomial(cells.sum(), cells / cells.sum(), size=FITS)
    times = []
    for terms in (independence(lists), pairs(lists)):
        fit_many(tables[:1], terms, lists)
        times.append(f"{1e6 * cpu_seconds(lambda terms=terms: fit_many(tables, terms, lists)) / FITS:.1f}")
    print(row(lists, *times), flush=True)


def by_lists(lists: int, persons: int, share: float) -> None:
    """Milliseconds of each estimator, and the peak memory of this process."""
    table = made_up(lists, persons, share)
    times = []
    for run in (main_effects, all_two_way, stepwise):
        run(table, PLAIN)
        times.append(cpu_seconds(lambda run=run: run(table, PLAIN)))
    stepwise_bca(table, Settings(bootstrap=1))
    times.append(cpu_seconds(lambda: stepwise_bca(table, Settings(bootstrap=1000)), runs=1))
    all_models(made_up(lists, 500, 0.1))  # another table, as the search of a table is kept for the next question
    times.append(cpu_seconds(lambda: all_models(table), runs=1))
    bic_best(table, Settings(bootstrap=2))
    times.append(cpu_seconds(lambda: bic_best(table, Settings(bootstrap=20)), runs=1))
    if lists <= 6:
        dga_bma(table, PLAIN)
        times.append(cpu_seconds(lambda: dga_bma(table, PLAIN)))
    shown = [f"{1000 * spent:,.1f}" for spent in times]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(row(lists, f"{table.n:,}", *shown, *["refused"] * (7 - len(shown)), f"{peak:,.0f}"), flush=True)


def by_cores_and_replicates() -> None:
    """Stepwise BCa of a table of 6 lists, on 1 core and on all."""
    table = made_up(6)
    allowed = sorted(os.sched_getaffinity(0))
    for replicates in (100, 1000, 10_000):
        for cores in range(1, len(allowed) + 1):
            os.sched_setaffinity(0, allowed[:cores])
            started = perf_counter()
            spent = cpu_seconds(lambda n=replicates: stepwise_bca(table, Settings(bootstrap=n)), runs=1)
            print(row(f"{replicates:,}", cores, f"{spent:.2f}", f"{perf_counter() - started:.2f}"), flush=True)
    os.sched_setaffinity(0, allowed)


def by_persons() -> None:
    """The same table with more and more persons: cost is that of the histories seen, not of persons."""
    for persons in (1_000, 10_000, 100_000, 1_000_000, 10_000_000):
        table = made_up(5, persons)
        spent = (
            cpu_seconds(lambda own=table: stepwise_bca(own, Settings(bootstrap=1000))),
            cpu_seconds(lambda own=table: all_models(own)),
            cpu_seconds(lambda own=table: dga_bma(own, PLAIN)),
        )
        print(row(f"{table.n:,}", len(table.histories), *(f"{1000 * own:,.1f}" for own in spent)), flush=True)


def warm_up() -> None:
    """Seconds of the first answer of a new process, imports left out."""
    for name, imported in WARM_UP.items():
        program = (
            f"import time\nimport numpy as np\n{imported}\nfrom palermo.hidden.answer import Settings\n"
            "from palermo.hidden.capture import CaptureTable\n"
            "table = CaptureTable(('A', 'B', 'C'), np.arange(1, 8), np.array([30, 20, 5, 25, 4, 3, 1]))\n"
            "started = time.perf_counter()\nrun(table, Settings(bootstrap=2))\nprint(time.perf_counter() - started)\n"
        )
        with tempfile.TemporaryDirectory() as cache:
            times = [_output(["-c", program], {**os.environ, "NUMBA_CACHE_DIR": cache}) for _ in range(2)]
        print(row(name, *(f"{float(seconds):.2f}" for seconds in times)), flush=True)


def _output(arguments: list[str], environment: dict[str, str] | None = None) -> str:
    found = subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, check=True, text=True)
    return found.stdout.strip()


def main() -> None:
    if len(sys.argv) > 1:
        by_lists(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
        return
    print("Microseconds a fit, in batches of 1,000 tables\n")
    print(head("lists", "main effects", "all pairs"))
    for lists in range(3, 11):
        by_fit(lists)
    names = ("main effects", "all pairs", "stepwise", "stepwise BCa 1,000", "search", "bic_best 20", "dga_bma")
    for text, persons, share in (("dense", 20_000, 0.1), ("sparse", 1_500, 0.03)):
        print(f"\nCPU milliseconds by lists, {text} tables ({persons:,} persons, each list sees {share:.0%})\n")
        print(head("lists", "persons seen", *names, "peak memory, MB"))
        for lists in range(3, 11):
            print(_output([__file__, str(lists), str(persons), str(share)]), flush=True)
    print("\nStepwise BCa by replicates and cores, a dense table of 6 lists\n")
    print(head("replicates", "cores", "CPU s", "wall s"))
    by_cores_and_replicates()
    print("\nCPU milliseconds by persons, 5 lists\n")
    print(head("persons seen", "histories", "stepwise BCa 1,000", "search of 6,893 models", "dga_bma"))
    by_persons()
    print("\nFirst answer of a process, wall seconds\n")
    print(head("estimator", "empty cache", "with the cache"))
    warm_up()


if __name__ == "__main__":
    main()
