"""How open the small combinations of lists stay beside everything that a release tells of an estimate.

A walk over tables that start from the true one and agree with it in every published figure: the ranges of the lists and
of their combinations, the exact number of everyone, each quick method's number and limits, each changed choice, the
marks of the models, all rounded as a release rounds them. Each table found is a witness: a reader cannot tell it from
the true one. What is printed for each combination marked as small is how far the witnesses reach. A walk can only find
too little.

    python benchmarks/hidden_release_witness.py [steps]
"""

import json
import sys

import numpy as np

from palermo.hidden.answer import Settings
from palermo.hidden.capture import CaptureTable
from palermo.hidden.estimate import estimate
from palermo.hidden.stage_tried import tried
from palermo.release.overlap import ranges
from palermo.release.rules import Protection
from palermo.release.tried import guarded_tried

METHODS = ("main_effects", "stepwise", "bic_best", "bic_average", "aic_average")
QUICK = Settings(bootstrap=0)
NAMES = ("A", "B", "C", "D")
TABLES = {
    "three lists, 700 persons": (0, 310, 200, 24, 130, 17, 14, 3),
    "three lists, 4,000 persons": (0, 2100, 1200, 110, 480, 61, 42, 8),
    "four lists, 1,200 persons": (0, 420, 310, 28, 190, 22, 14, 3, 150, 21, 17, 2, 16, 4, 2, 1),
}


def document(cells):
    """What a release would tell of this table, simulation left out: it is no function of a cell that a reader sees."""
    lists = NAMES[: len(cells).bit_length() - 1]
    table = CaptureTable(lists, np.arange(1, len(cells)), np.array(cells[1:], np.int64))
    answers = estimate(table, METHODS, QUICK)
    told = tried(table, answers, "bic_average", QUICK, simulate=False)
    best = next(own for own in told["methods"] if own["estimator"] == "bic_average")
    rows = [
        _row("detected", "victims_by_sex_age", float(sum(cells)), None),
        _row("estimated", "victims_estimated", best["estimate"], best),
    ]
    made = guarded_tried(told, rows, [{**row, "conf_status": "F"} for row in rows], Protection())
    return json.dumps({**made, "n": sum(cells), "methods": [{**own, "reasons": []} for own in made["methods"]]})


def _row(kind, indicator, value, interval):
    codes = dict.fromkeys(("ref_area", "time_period", "sex", "age", "form", "citizenship", "counterpart_area", "reach",
                           "list", "band"), "_T")  # fmt: skip
    measure = "victims_detected" if kind == "detected" else "victims_estimated"
    limits = {"lower": interval["lower"], "upper": interval["upper"]} if interval else {"lower": value, "upper": value}
    return {**codes, "indicator": indicator, "kind": kind, "measure": measure, "unit": "PERSON", "value": value,
            "receipt_id": "0", "confidential": True, **limits}  # fmt: skip


def walk(start, steps, seed=1):
    """The least and most of each combination among the tables found, and how many they are."""
    draws, wanted = np.random.default_rng(seed), document(start)
    base = json.loads(wanted)["overlap"]["base"]
    counts = {history: count for history, count in enumerate(start) if count}
    low, high = ranges(counts, len(start).bit_length() - 1, base)
    cells, least, most, seen = list(start), np.array(start), np.array(start), {tuple(start)}
    for _ in range(steps):
        chosen = draws.choice(np.arange(1, len(start)), size=2, replace=False)
        size = int(draws.integers(1, 4))
        moved = list(cells)
        moved[chosen[0]] += size
        moved[chosen[1]] -= size
        if not all(low[cell] <= moved[cell] <= high[cell] for cell in chosen):
            continue
        if tuple(moved) in seen or document(moved) == wanted:
            cells = moved
            seen.add(tuple(moved))
            least, most = np.minimum(least, moved), np.maximum(most, moved)
    return base, least, most, len(seen)


def main(steps=1500):
    """Print a line for each small combination."""
    for name, start in TABLES.items():
        base, least, most, tables = walk(start, steps)
        sys.stdout.write(f"{name}: grid of {base}, {tables} tables alike\n")
        for history, count in enumerate(start):
            if history and count < base:
                sys.stdout.write(
                    f"  combination {history:>2}: {count} in truth, from {least[history]} to {most[history]}\n"
                )
        sys.stdout.flush()


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))
