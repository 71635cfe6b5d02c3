"""What errors of linkage do to the hidden number, and what their correction takes back: simulation of known size.

Ten thousand made-up persons, five independent lists (thin or dense) or the six dependent lists of the demo country.
Links are missed and persons wrongly merged as the cell says; rates come from a labelled sample, so that they have an
error. The decision a reader would question: a missed link is a record that falls off its person. Links missed one by
one are mended by those that remain, and persons falling apart at random hurt less.

    python benchmarks/linkage_error.py --rows rows.jsonl [--seeds 200] [CELL ...]
    python benchmarks/linkage_error.py --rows rows.jsonl --print
"""

import argparse
import json
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from palermo.demo.capture import LISTS, draw_captures, trait_sets
from palermo.hidden.answer import Settings
from palermo.hidden.bootstrap import percentile_limits
from palermo.hidden.capture import CaptureTable
from palermo.hidden.fitting import fit
from palermo.hidden.linkage_error import Assumed, Estimating, correct, linkage_part, pair_overlaps, possible_cells
from palermo.hidden.linkage_estimates import invented_pairs
from palermo.hidden.linkage_rates import PairRates, Rate
from palermo.hidden.linkage_table import pairs_of
from palermo.hidden.models import main_effects

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
PERSONS = 10_000
RATES = {"thin": (0.04, 0.05, 0.06, 0.07, 0.08), "dense": (0.18, 0.22, 0.26, 0.30, 0.35)}
UNEQUAL = (0.01, 0.02, 0.05, 0.10, 0.20)  # share of records of each list that fall off


@dataclass(frozen=True)
class Cell:
    """One kind of error: shares missed and wrongly merged, how misses fall, labelled pairs."""

    name: str
    lists: str
    missed: float = 0.0
    merged: float = 0.0
    how: str = "record"  # record, first (all but the first record), link (pairs one by one, joined by others)
    labels: int = 300
    unequal: bool = False


def cells_of_study() -> list[Cell]:
    found = []
    for lists in RATES:
        found.append(Cell(f"{lists} none", lists))
        found += [Cell(f"{lists} missed {100 * m:g}", lists, missed=m) for m in (0.01, 0.05, 0.10, 0.20)]
        found += [Cell(f"{lists} merged {100 * f:g}", lists, merged=f) for f in (0.005, 0.01, 0.02)]
        found.append(Cell(f"{lists} both", lists, missed=0.05, merged=0.01))
        found.append(Cell(f"{lists} both 1440", lists, missed=0.05, merged=0.01, labels=1440))
        found += [Cell(f"{lists} missed 5 {how}", lists, missed=0.05, how=how) for how in ("first", "link")]
        found.append(Cell(f"{lists} unequal", lists, unequal=True, labels=1440))
    return [*found, Cell("demo none", "demo"), Cell("demo both", "demo", missed=0.05, merged=0.01)]


def histories(rng: np.random.Generator, lists: str) -> tuple[Ints, int]:
    """True history of each person of 10,000, and the number of lists."""
    if lists != "demo":
        seen = rng.random((PERSONS, 5)) < np.array(RATES[lists])
        return np.asarray(seen @ (1 << np.arange(5)), np.int64), 5
    draw = [rng.random(PERSONS) < share for share in (0.4, 0.2, 0.5)]
    sexes, child, foreign = (np.asarray(own, np.int64) for own in draw)
    traits = trait_sets(sexes, child, rng.choice(3, PERSONS, p=[0.5, 0.4, 0.1]), foreign)
    captures = draw_captures(rng, traits, victims=True)
    return np.asarray(sum(captures[name] << place for place, name in enumerate(LISTS)), np.int64), len(LISTS)


def split(rng: np.random.Generator, seen: npt.NDArray[np.bool_], cell: Cell) -> Ints:
    """For each record (person by list) the number of the part of its person that it ends up in."""
    persons, k = seen.shape
    whole = np.zeros((persons, k), np.int64)
    alone = np.broadcast_to(np.arange(1, k + 1), (persons, k))
    if cell.unequal or cell.how == "record":
        share = np.array(UNEQUAL[:k]) if cell.unequal else np.full(k, 1 - (1 - cell.missed) ** 0.5)
        return np.where(rng.random((persons, k)) < share, alone, whole)
    if cell.how == "first":
        later = seen & (np.cumsum(seen, axis=1) > 1)
        return np.where(later & (rng.random((persons, k)) < cell.missed), alone, whole)
    linked = np.broadcast_to(np.eye(k, dtype=bool), (persons, k, k)).copy()
    for a, b in combinations(range(k), 2):
        linked[:, a, b] = linked[:, b, a] = seen[:, a] & seen[:, b] & (rng.random(persons) >= cell.missed)
    for _ in range(3):
        linked = (linked.astype(np.int64) @ linked.astype(np.int64)) > 0
    return np.asarray(np.argmax(linked, axis=2), np.int64)


def observed(rng: np.random.Generator, true: Ints, k: int, cell: Cell) -> tuple[Ints, Floats, Floats]:
    """The histories as linkage shows them; per pair of lists the shares missed (of true pairs) and false (of links)."""
    seen = (true[:, None] >> np.arange(k) & 1).astype(bool)
    part = split(rng, seen, cell)
    parts = [((part == number) & seen) @ (1 << np.arange(k)) for number in range(k + 1)]
    found = np.concatenate(parts)
    found = found[found > 0]
    pairs = pairs_of(k)
    both = np.array([np.count_nonzero(seen[:, a] & seen[:, b]) for a, b in pairs], np.float64)
    kept = np.array([np.count_nonzero(seen[:, a] & seen[:, b] & (part[:, a] == part[:, b])) for a, b in pairs])
    found, false = merge(rng, found, k, cell.merged)
    links = kept + false
    return found, 1 - kept / np.maximum(both, 1), false / np.maximum(links, 1)


def merge(rng: np.random.Generator, found: Ints, k: int, share: float) -> tuple[Ints, Floats]:
    """Persons seen once, of whom a share is taken for another person seen once on another list."""
    false = np.zeros(len(pairs_of(k)))
    once = rng.permutation(np.flatnonzero(np.bitwise_count(found) == 1))
    wanted = round(share * once.size)
    first, second = once[: once.size // 2], once[once.size // 2 : once.size // 2 * 2]
    differ = np.flatnonzero(found[first] != found[second])[:wanted]
    for place in differ:
        lists = sorted(int(found[own]).bit_length() - 1 for own in (first[place], second[place]))
        false[pairs_of(k).index((lists[0], lists[1]))] += 1
    out = found.copy()
    out[first[differ]] |= out[second[differ]]
    return np.delete(out, second[differ]), false


def labelled(rng: np.random.Generator, shares: Floats, weights: Floats, labels: int, apart: bool) -> Rate:
    """A rate as a labelled sample gives it, with limits by Wilson: for all pairs of lists in one, or each apart."""
    pooled = float(np.average(shares, weights=np.maximum(weights, 1e-9)))
    own, number = (shares, labels // shares.size) if apart else (np.array([pooled]), labels)
    share = rng.binomial(number, own) / number
    z2 = 1.959964**2 / number
    centre, reach = share + z2 / 2, np.sqrt(z2 * (share * (1 - share) + z2 / 4))
    low, high = np.maximum((centre - reach) / (1 + z2), 0.0), (centre + reach) / (1 + z2)
    low = np.where(share == 0, 0.0, low)
    return Rate(*(np.broadcast_to(bound, shares.shape).astype(np.float64) for bound in (share, low, high)))


def run(cell: Cell, seed: int, bootstrap: int) -> dict[str, object]:
    """One table of one cell: what each estimator says of it without and with correction."""
    rng = np.random.default_rng([seed, *cell.name.encode()])
    true, k = histories(rng, cell.lists)
    found, missed, false = observed(rng, true, k, cell)
    names = tuple("ABCDEF"[:k])
    empty = CaptureTable(names, np.array([1]), np.array([0]))
    perfect = empty.with_cells(np.bincount(true, minlength=1 << k))
    table = empty.with_cells(np.bincount(found, minlength=1 << k))
    links = pair_overlaps(table)
    rates = PairRates(
        names,
        labelled(rng, missed, pair_overlaps(perfect), cell.labels, cell.unequal),
        labelled(rng, false, links, cell.labels, cell.unequal),
        None,
        np.full(links.size, np.nan),
        np.full(links.size, cell.labels // links.size),
        one_error=not cell.unequal,
    )
    settings = Settings(bootstrap=bootstrap, seed=seed, threshold=0.02)
    made = correct(table, rates, settings, Assumed())
    possible = possible_cells(table)
    model = fit(table.cells, main_effects(k), k)
    row: dict[str, object] = {"cell": cell.name, "seed": seed, "wald": model.wald(NormalDist().inv_cdf(0.975))}
    plain = table.cells.astype(np.float64)[None]
    for name in ("main_effects", "stepwise"):
        own = Estimating(name, possible, k, settings)
        row[name] = {
            "perfect": float(own.totals(perfect.cells.astype(np.float64)[None])[0]),
            "before": _three(*own.total_and_draws(plain[0], made.uncorrected)),
            "after": _three(*(after := own.total_and_draws(made.cells, made.replicates, made.dispersion))),
            "part": linkage_part(after[1], own.totals(made.of_rates, made.dispersion)),
        }
    row["pairs"] = [
        float(invented_pairs(own, possible, settings, scale)[0])
        for own, scale in ((perfect.cells[None] * 1.0, 1.0), (plain, 1.0), (made.cells[None], made.dispersion))
    ]
    return row


def _three(total: float, drawn: Floats) -> tuple[float, float, float]:
    limits = percentile_limits(drawn, 0.95)
    return total, limits.lower, limits.upper


def summary(rows: list[dict[str, object]]) -> str:
    """The rows as a table in Markdown."""
    lines = [
        "| lists, error | seeds | main effects: without | with | stepwise: without | with | links | pairs found |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for cell in cells_of_study():
        own = [row for row in rows if row["cell"] == cell.name]
        if not own:
            continue
        shown = [
            _bias(own, "wald"),
            _bias(own, "main_effects"),
            _bias(own, "stepwise", "before"),
            _bias(own, "stepwise"),
        ]
        part = np.mean([row["main_effects"]["part"] or 0.0 for row in own])  # type: ignore[index]
        pairs = np.mean([row["pairs"] for row in own], axis=0)
        lines.append(
            f"| {cell.name} | {len(own)} | {' | '.join(shown)} | {part:.0%} | "
            f"{pairs[0]:.1f} / {pairs[1]:.1f} / {pairs[2]:.1f} |"
        )
    return "\n".join(lines)


def _bias(rows: list[dict[str, object]], name: str, when: str = "after") -> str:
    """The bias in per cent of the truth, and the share of intervals that hold it."""
    key = "main_effects" if name == "wald" else name
    found = np.array([row[key]["before" if name == "wald" else when] for row in rows])  # type: ignore[index]
    if name == "wald":
        found[:, 1:] = [row["wald"] for row in rows]
    bias = 100 * float(np.mean(found[:, 0] / PERSONS - 1))
    held = float(np.mean((found[:, 1] <= PERSONS) & (found[:, 2] >= PERSONS)))
    return f"{bias:+.1f} % ({held:.3f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--bootstrap", type=int, default=400)
    parser.add_argument("--print", action="store_true", dest="show")
    parser.add_argument("cells", nargs="*")
    asked = parser.parse_args()
    rows = [json.loads(line) for line in asked.rows.read_text().splitlines()] if asked.rows.exists() else []
    if asked.show:
        print(summary(rows))
        return
    done = {(row["cell"], row["seed"]) for row in rows}
    with asked.rows.open("a") as file:
        for seed in range(1, asked.seeds + 1):
            for cell in cells_of_study():
                if (cell.name, seed) not in done and (not asked.cells or cell.name in asked.cells):
                    file.write(json.dumps(run(cell, seed, asked.bootstrap)) + "\n")
                    file.flush()


if __name__ == "__main__":
    main()
