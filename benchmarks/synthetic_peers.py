"""Open case data against Synthetic Data Showcase, on the same files, promise and machine, in one run.

    python3 -m venv /tmp/peers/pac && /tmp/peers/pac/bin/pip install pac-synth==0.0.8
    python benchmarks/synthetic_peers.py --out /tmp/synth-results

Files: G20, C21, VP (synthetic_files.py); FED, FBI, DEM by --files. Promise: epsilon 1, 4, 12 and delta 1/(n ln n), the
Showcase's own rule. Ours runs as a user runs it, five times (`palermo synth`, from the file to the folder), the
Showcase once, with the settings of the Intelligence Toolkit. Both are measured from outside: rows and counts are read
back from what they wrote; CPU seconds and peak memory are those of the process. Each run is kept in the folder; what
is there is not run again, so that an interrupted run goes on. Prints the tables of docs/method/open-case-data.md.
"""

import argparse
import json
import math
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from statistics import mean

import numpy as np
import pyarrow.parquet as pq
from synthetic_files import DATA, DENSE, PARTS, make

from palermo.release.synthetic.reading import ReadOptions, read_file
from palermo.release.synthetic.utility import distinct_rows, errors, tally

LENGTHS = {"G20": 4, "C21": 3, "VP": 4, **dict.fromkeys(DENSE, 4)}
EPSILONS = (1.0, 4.0, 12.0)
HERE = Path(__file__).parent
SEPARATOR = "\x1f"


def measured(command):
    """Run a command; its output, CPU seconds and peak memory in MB."""
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        said = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}: exit code {process.returncode}")
    return json.loads(said), {"cpu": used.ru_utime + used.ru_stime, "mb": used.ru_maxrss / 1024}


def ours(source, promise, length, dial, seed, folder):
    """One run of `palermo synth`."""
    epsilon, delta = promise
    out = folder / "pack"
    command = [sys.executable, "-m", "palermo", "synth", str(source), "--epsilon", str(epsilon), "--delta", str(delta)]
    command += ["--length", str(length), "--dial", dial, "--seed-for-tests", str(seed), "--out", str(out), "--json"]
    command += ["--codes-from-data", "all"] if source.stem in DENSE else []
    told, cost = measured([*command, "--force"])
    counts = pq.read_table(out / "counts.parquet").to_pydict()
    listed = zip(counts["columns"], counts["codes"], counts["count"], strict=True)
    return out / "rows.csv", list(listed), {**cost, "persons": told["persons_noisy"], "rows": told["rows"]}


def showcase(python, source, promise, length, folder):
    """One run of the Showcase."""
    epsilon, delta = promise
    out = folder / "showcase.csv"
    told, cost = measured([python, HERE / "synthetic_showcase.py", source, str(epsilon), str(delta), str(length), out])
    document = json.loads(Path(f"{out}.counts.json").read_text(encoding="utf-8"))
    listed = []
    for key, count in document.items():
        pairs = [part.partition(":") for part in key.split(SEPARATOR)]
        listed.append(([pair[0] for pair in pairs], [pair[2] for pair in pairs], count))
    return out, listed, {**cost, "persons": told["persons"], "rows": told["rows"]}


class Truth:
    """The file that is treated as confidential, coded, with its counts of every length."""

    def __init__(self, source, length):
        found = frozenset({"all"} if source.stem in DENSE else ())
        self.read = read_file(source, ReadOptions(codes_from_data=found))
        self.codes = {column.name: column.codes for column in self.read.columns}
        self.radix = np.array([len(codes) + 1 for codes in self.read.data.codes])
        rows = distinct_rows(self.read.data.values)
        self.tallies = {k: tally(*rows, k, self.radix) for k in range(1, length + 1)}
        self.place = {name: at for at, name in enumerate(self.read.data.columns)}
        self.value = [{code: at + 1 for at, code in enumerate(codes)} for codes in self.read.data.codes]

    @property
    def delta(self):
        """1 / (n ln n)."""
        return 1 / (self.read.rows * math.log(self.read.rows))

    def of_rows(self, path):
        """Errors of released rows, by length."""
        made = read_file(path, ReadOptions(codes=self.codes)).data.values
        rows = distinct_rows(made)
        return {k: errors(true, tally(*rows, k, self.radix), k).summary() for k, true in self.tallies.items()}

    def of_counts(self, listed):
        """Errors of released counts, by length."""
        cells = {k: defaultdict(dict) for k in self.tallies}
        for columns, codes, count in listed:
            places = [self.place[name] for name in columns]
            pairs = sorted((at, self.value[at][code]) for at, code in zip(places, codes, strict=True))
            key = 0
            for column, value in pairs:
                key = key * int(self.radix[column]) + value
            cells[len(pairs)][tuple(column for column, _ in pairs)][key] = count
        return {k: errors(true, _sorted(cells[k]), k).summary() for k, true in self.tallies.items()}


def _sorted(cells):
    found = {}
    for columns, counts in cells.items():
        keys = np.array(sorted(counts))
        found[columns] = keys, np.array([max(counts[key], 0) for key in keys.tolist()], float)
    return found


def one_run(truth, job, kept, source, folder, python, progress):
    """A run's figures: from the folder where they are kept, else by running."""
    method, epsilon, length, seed = job
    if kept.exists():
        return json.loads(kept.read_text(encoding="utf-8"))
    progress(f"{source.stem} epsilon {epsilon:g} length {length}: {method} {seed}")
    promise = (epsilon, truth.delta)
    if method == "showcase":
        rows, listed, cost = showcase(python, source, promise, length, folder)
    else:
        rows, listed, cost = ours(source, promise, length, method, seed, folder)
    found = {"rows_errors": truth.of_rows(rows), "counts_errors": truth.of_counts(listed), **cost}
    kept.write_text(json.dumps(found), encoding="utf-8")
    return json.loads(json.dumps(found))


def row_of(runs, length):
    """Means over runs, in the order of the header."""

    def of(what, k, name):
        values = [run[what][str(k)][name] for run in runs]
        return mean(value for value in values if value is not None) if any(v is not None for v in values) else math.nan

    wapes = [of("rows_errors", k, "wape") for k in range(1, length + 1)]
    ratio = of("rows_errors", 2, "wape") / of("counts_errors", 2, "wape")
    return (
        " ".join(_figure(value) for value in wapes),
        " ".join(_figure(of("rows_errors", k, "fab")) for k in range(1, length + 1)),
        f"{_figure(of('rows_errors', 2, 'miss10'))} {_figure(of('rows_errors', length, 'miss10'))}",
        f"{100 * of('rows_errors', 1, 'miss'):.0f} %",
        f"{100 * mean(run['rows'] / run['persons'] - 1 for run in runs):+.2f} %",
        " ".join(_figure(of("counts_errors", k, "wape")) for k in range(1, length + 1)),
        f"{ratio:.2f}",
        f"{mean(run['cpu'] for run in runs):.1f}",
        f"{max(run['mb'] for run in runs):.0f}",
    )


HEADER = (
    "epsilon",
    "method",
    "runs",
    "wape of rows, length 1, 2, …",
    "fabricated",
    "miss10, length 2 and longest",
    "values lost",
    "rows against noisy persons",
    "wape of own counts",
    "rows / counts, wape2",
    "CPU s",
    "MB",
)


def _figure(value):
    return f"{value:.3f}".removeprefix("0") if value < 1 else f"{value:.2f}"


def warm_up(folder):
    """Compile what is compiled on first use after a change of the code, which no user waits for twice."""
    small = folder / "small.csv"
    lines = make("G20", folder / "files").read_text(encoding="utf-8").splitlines(keepends=True)
    small.write_text("".join(lines[:3000]), encoding="utf-8")
    for dial in ("open", "closed"):
        ours(small, (4.0, 1e-8), 4, dial, 1, folder)


def table_of(name, length, asked, progress):
    """The lines of one file's table."""
    source = make(name, asked.out / "files")
    truth = Truth(source, length)
    lines = [f"\n{name}, length {length}: {truth.read.rows:,} rows, delta {truth.delta:.2e}\n"]
    lines.append("| " + " | ".join(HEADER) + " |\n| " + " | ".join("---" for _ in HEADER) + " |")
    for epsilon in asked.epsilon:
        for method in asked.methods:
            seeds = [1] if method == "showcase" else range(1, asked.seeds + 1)
            runs = []
            for seed in seeds:
                kept = asked.out / f"{name}-{length}-{epsilon:g}-{method}-{seed}.json"
                if asked.kept and not kept.exists():
                    continue
                job = (method, epsilon, length, seed)
                runs.append(one_run(truth, job, kept, source, asked.out, asked.showcase, progress))
            words = {"showcase": "Showcase", "open": "Palermo, open", "closed": "Palermo, closed"}[method]
            if runs:
                lines.append("| " + " | ".join((f"{epsilon:g}", words, str(len(runs)), *row_of(runs, length))) + " |")
    return "\n".join(lines)


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("/tmp/synth-results"))
    parser.add_argument("--files", nargs="+", default=["G20", "C21", "VP"], choices=list(LENGTHS))
    parser.add_argument("--length", type=int, help="instead of 4 (C21: 3, which takes the Showcase minutes)")
    parser.add_argument("--epsilon", nargs="+", type=float, default=EPSILONS)
    parser.add_argument("--methods", nargs="+", default=["showcase", "open", "closed"])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--showcase", default="/tmp/peers/pac/bin/python", help="Python that has pac-synth")
    parser.add_argument("--kept", action="store_true", help="run nothing, print what is there")
    asked = parser.parse_args()
    if "showcase" in asked.methods and not Path(asked.showcase).exists():
        print(f"Showcase left out: {asked.showcase} is not here; see the head of this file for how to make it")
        asked.methods.remove("showcase")
    if not asked.kept and {"open", "closed"} & set(asked.methods) and (DATA / PARTS["G20"]).exists():
        warm_up(asked.out)
    for name in asked.files:
        if not (DATA / PARTS[name]).exists():
            print(f"{name}: skipped, {DATA / PARTS[name]} is not here")
            continue
        print(
            table_of(name, asked.length or LENGTHS[name], asked, lambda text: print(text, file=sys.stderr)), flush=True
        )


if __name__ == "__main__":
    main()
