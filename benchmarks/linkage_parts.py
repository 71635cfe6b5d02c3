"""What errors of linkage do to the numbers by sex and age, and what their correction takes back.

Ten thousand made-up persons on five lists, thin or dense, that see women and children unlike men and adults. Records
fall off their person (missed links), persons seen once are taken for one another (false links), and the sex of some is
not known; rates come from a labelled sample. The decision a reader would question: a false link takes sex and age of
one of its two persons, whoever they are, as joining by majority does where two records disagree.

    python benchmarks/linkage_parts.py --rows rows.jsonl [--seeds 30] [CELL ...]
    python benchmarks/linkage_parts.py --rows rows.jsonl --print
"""

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
from linkage_error import PERSONS, RATES, Cell, Floats, Ints, labelled, split

from palermo.hidden.answer import Settings
from palermo.hidden.capture import CaptureTable
from palermo.hidden.linkage_error import pair_overlaps
from palermo.hidden.linkage_parts import Mended
from palermo.hidden.linkage_rates import PairRates
from palermo.hidden.linkage_table import pairs_of
from palermo.hidden.strata import estimate_by

CELLS = (
    Cell("thin none", "thin"),
    Cell("thin missed 5", "thin", missed=0.05),
    Cell("thin missed 20", "thin", missed=0.2),
    Cell("thin both", "thin", missed=0.1, merged=0.01),
    Cell("dense missed 10", "dense", missed=0.1),
    Cell("dense both", "dense", missed=0.1, merged=0.01),
)
FEMALE, CHILD, UNKNOWN = 0.65, 0.3, 0.05
REACH = {"F": (1.2, 0.8, 1.0, 1.3, 0.9), "M": (0.7, 1.3, 1.0, 0.6, 1.1)}  # of each list, times its rate
PARTS = ("_T", "sex=F", "sex=M", "age=child", "age=adult", "sex=M, age=child")
K = 5


def run(cell: Cell, seed: int, bootstrap: int) -> dict[str, Any]:
    """One made-up country: the truth of each part, and the answers without and with correction."""
    rng = np.random.default_rng([seed, *cell.name.encode()])
    sex = np.where(rng.random(PERSONS) < FEMALE, "F", "M")
    age = np.where(rng.random(PERSONS) < CHILD, "child", "adult")
    reach = np.where((sex == "F")[:, None], REACH["F"], REACH["M"]) * np.where(age == "child", 0.8, 1.1)[:, None]
    seen = rng.random((PERSONS, K)) < np.array(RATES[cell.lists]) * reach
    part = split(rng, seen, cell)
    pieces = [((part == number) & seen) @ (1 << np.arange(K)) for number in range(K + 1)]
    histories = np.concatenate(pieces)
    owner = np.tile(np.arange(PERSONS), K + 1)[histories > 0]
    histories = histories[histories > 0]
    pairs = pairs_of(K)
    both = np.array([np.count_nonzero(seen[:, a] & seen[:, b]) for a, b in pairs], np.float64)
    kept = np.array([np.count_nonzero(seen[:, a] & seen[:, b] & (part[:, a] == part[:, b])) for a, b in pairs])
    histories, owner, false = merged(rng, histories, owner, cell.merged)
    told = np.where(rng.random(owner.size) < UNKNOWN, "", sex[owner])
    table = counted(histories, told, age[owner])
    missed, wrong = 1 - kept / np.maximum(both, 1), false / np.maximum(kept + false, 1)
    rates = PairRates(
        table.lists,
        labelled(rng, missed, both, cell.labels, apart=False),
        labelled(rng, wrong, pair_overlaps(table), cell.labels, apart=False),
        None,
        np.full(len(pairs), np.nan),
        np.full(len(pairs), cell.labels // len(pairs)),
    )
    settings = Settings(bootstrap=bootstrap, seed=seed)
    truth = {"_T": PERSONS, "sex=M, age=child": int(((sex == "M") & (age == "child")).sum())}
    truth |= {f"sex={own}": int((sex == own).sum()) for own in "FM"}
    truth |= {f"age={own}": int((age == own).sum()) for own in ("child", "adult")}
    row: dict[str, Any] = {"cell": cell.name, "seed": seed, "truth": truth}
    for name, mended in (("before", None), ("after", Mended(rates))):
        answers = {own.stratum: own for own in estimate_by(table, ("sex", "age"), settings, mended=mended)}
        row[name] = {own: (answers[own].estimate, answers[own].lower, answers[own].upper) for own in PARTS}
    return row


def merged(rng: np.random.Generator, histories: Ints, owner: Ints, share: float) -> tuple[Ints, Ints, Floats]:
    """Of the persons seen once a share is taken for another who is on another list."""
    false = np.zeros(len(pairs_of(K)))
    once = rng.permutation(np.flatnonzero(np.bitwise_count(histories) == 1))
    first, second = once[: once.size // 2], once[once.size // 2 : once.size // 2 * 2]
    differ = np.flatnonzero(histories[first] != histories[second])[: round(share * once.size)]
    for place in differ:
        lists = sorted(int(histories[own]).bit_length() - 1 for own in (first[place], second[place]))
        false[pairs_of(K).index((lists[0], lists[1]))] += 1
    out = histories.copy()
    out[first[differ]] |= out[second[differ]]
    return np.delete(out, second[differ]), np.delete(owner, second[differ]), false


def counted(histories: Ints, sex: np.ndarray[Any, Any], age: np.ndarray[Any, Any]) -> CaptureTable:
    """The capture table by sex and age; no sex where it is not known."""
    rows, counts = np.unique(np.array([histories.astype(str), sex, age]).T, axis=0, return_counts=True)
    return CaptureTable(
        tuple("ABCDE"),
        rows[:, 0].astype(np.int64),
        counts.astype(np.int64),
        {"sex": tuple(own or None for own in rows[:, 1].tolist()), "age": tuple(rows[:, 2].tolist())},
    )


def summary(rows: list[dict[str, Any]]) -> str:
    """Bias of each part without and with correction, and the share of intervals that hold the truth."""
    head = "".join(f" {part} |" for part in PARTS)
    lines = [f"| lists, error | seeds | |{head}", "| --- | --- | --- |" + " --- |" * len(PARTS)]
    for cell in CELLS:
        own = [row for row in rows if row["cell"] == cell.name]
        for name, said in (("before", "without"), ("after", "with")):
            if own:
                shown = "".join(f" {_bias(own, name, part)} |" for part in PARTS)
                lines.append(f"| {cell.name} | {len(own)} | {said} |{shown}")
    return "\n".join(lines)


def _bias(rows: list[dict[str, Any]], name: str, part: str) -> str:
    truth = np.array([row["truth"][part] for row in rows], np.float64)
    value, lower, upper = np.array([row[name][part] for row in rows], np.float64).T
    held = float(((lower <= truth) & (truth <= upper)).mean())
    return f"{100 * float((value / truth).mean() - 1):+.1f} % ({held:.2f})"


def main() -> None:
    """Run the cells that are not yet in the file of rows, or print what is there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cells", nargs="*")
    parser.add_argument("--rows", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=30)
    parser.add_argument("--bootstrap", type=int, default=100)
    parser.add_argument("--print", action="store_true")
    asked = parser.parse_args()
    rows = [json.loads(line) for line in asked.rows.read_text().splitlines()] if asked.rows.exists() else []
    done = {(row["cell"], row["seed"]) for row in rows}
    with asked.rows.open("a") as file:
        for seed in range(0 if not asked.print else asked.seeds, asked.seeds):
            for cell in CELLS:
                if (asked.cells and cell.name not in asked.cells) or (cell.name, seed) in done:
                    continue
                rows.append(run(cell, seed, asked.bootstrap))
                file.write(json.dumps(rows[-1]) + "\n")
                file.flush()
    print(summary(rows))


if __name__ == "__main__":
    main()
