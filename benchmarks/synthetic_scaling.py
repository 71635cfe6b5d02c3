"""How cost grows with the number of persons: 10^4 to 10^7 rows of 20 made-up columns, from the file to the folder.

    python benchmarks/synthetic_scaling.py --out /tmp/synth-scaling --rows 10000 100000 1000000 10000000

The rows are made up: eight kinds of case, each with its own shares, two of the columns with 40 codes, six with 5,
twelve flags; about half of all cells are blank. Prints CPU seconds and peak memory of `palermo synth` (epsilon 4).
"""

import argparse
import csv
import sys
from pathlib import Path

import numpy as np
from synthetic_peers import measured

WIDE, MIDDLE, FLAGS = 2, 6, 12
KINDS = 8
CHUNK = 100_000


def columns():
    """Names of the columns, and their codes."""
    found = {f"wide{i + 1}": [f"w{j:02d}" for j in range(40)] for i in range(WIDE)}
    found |= {f"middle{i + 1}": [f"m{j}" for j in range(5)] for i in range(MIDDLE)}
    return found | {f"is_flag{i + 1}": ["1"] for i in range(FLAGS)}


def shares(random, size):
    """Shares of the codes of one column, blank first, for each kind of case."""
    if size == 1:
        held = random.beta(0.6, 2.0, KINDS)
        return np.stack([1 - held, held], 1)
    codes = random.dirichlet(np.full(size, 0.3), KINDS)
    blank = random.uniform(0.1, 0.5, (KINDS, 1))
    return np.concatenate([blank, codes * (1 - blank)], 1)


def make(path, rows):
    """Write the made-up file, unless it is there."""
    if path.exists():
        return path
    random = np.random.default_rng(20)
    codes = columns()
    tables = {name: shares(random, len(listed)).cumsum(1) for name, listed in codes.items()}
    kinds = random.dirichlet(np.ones(KINDS))
    with path.open("w", encoding="utf-8") as stream:
        stream.write(",".join(codes) + "\n")
        for start in range(0, rows, CHUNK):
            kind = random.choice(KINDS, min(CHUNK, rows - start), p=kinds)
            cells = []
            for name, listed in codes.items():
                draw = (random.random(len(kind))[:, None] > tables[name][kind]).sum(1)
                cells.append(np.array(["", *listed])[np.minimum(draw, len(listed))])
            stream.writelines(",".join(row) + "\n" for row in zip(*(cell.tolist() for cell in cells), strict=True))
    return path


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("/tmp/synth-scaling"))
    parser.add_argument("--rows", type=int, nargs="+", default=[10**4, 10**5, 10**6, 10**7])
    parser.add_argument("--length", type=int, default=4)
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    lists = asked.out / "codes.csv"
    with lists.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("column", "code"))
        writer.writerows((name, code) for name, codes in columns().items() for code in codes)
    print("| rows | rows made | counts | CPU s | peak MB |\n| --- | --- | --- | --- | --- |")
    for rows in asked.rows:
        source = make(asked.out / f"made-up-{rows}.csv", rows)
        command = [sys.executable, "-m", "palermo", "synth", source, "--epsilon", "4", "--delta", "1e-16", "--json"]
        command += ["--codes", lists, "--out", asked.out / "pack", "--force", "--length", str(asked.length)]
        told, cost = measured([*map(str, command), "--seed-for-tests", "1"])
        print(
            f"| {rows:,} | {told['rows']:,} | {told['counts']:,} | {cost['cpu']:.0f} | {cost['mb']:.0f} |", flush=True
        )


if __name__ == "__main__":
    main()
