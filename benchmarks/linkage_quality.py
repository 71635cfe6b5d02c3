"""Do the rates of linkage hold the truth? `python benchmarks/linkage_quality.py [SEEDS] [FIRST_SEED] [SCALE]`.

Prints the tables of `docs/method/linkage-quality.md`. Numbers only, no names: 200,000 records of a population of
150,000 in five lists, the scores of true and false pairs drawn from normal distributions such as those measured on a
linkage of names, the third list linked worse than the others. Clerks label the sample of `palermo review`, with errors;
the truth is known and compared.
"""

import sys
from dataclasses import dataclass
from itertools import combinations
from time import perf_counter

import numpy as np
import pyarrow as pa

from palermo.linkage.calibration import calibrate
from palermo.linkage.rates import links_of, rates_of
from palermo.linkage.review.labels import Answer, labels_table
from palermo.linkage.review.sample import Plan, SampledPair, draw_sample, for_second
from palermo.linkage.schema import PAIRS

PERSONS = 150_000
LISTS = {"police": 0.35, "ngo": 0.30, "hotline": 0.22, "labour": 0.18, "border": 0.25}
FALSE_PAIRS = 5_000_000  # before the floor; all pairs of lists together
FLOOR = -10.0  # bits: pairs below are not kept
TRUE_SCORE, TRUE_SCORE_WORSE, FALSE_SCORE = (9.0, 7.0), (5.0, 6.0), (-14.0, 5.0)
KEPT, KEPT_WORSE, KEPT_ERROR = 0.92, 0.85, 0.01
ERRORS = (0.0, 0.05)
THRESHOLD = 0.9
MEASURES = ("overlap", "missed", "false")


@dataclass(frozen=True)
class Made:
    """A made-up linkage with its truth by pair of lists."""

    pairs: pa.Table
    records: pa.Table
    same: set[tuple[int, int]]
    kept: dict[tuple[str, str], tuple[float, float, float]]
    is_same: np.ndarray  # in the order of ``pairs``
    true_pairs: dict[tuple[str, str], int]  # with those that blocking lost


def made_up(seed: int, scale: float = 1.0) -> Made:
    """Records, pairs with scores, and what is true of them; ``scale`` of the persons and pairs."""
    rng = np.random.default_rng(seed)
    sizes = {name: rng.binomial(int(PERSONS * scale), share) for name, share in LISTS.items()}
    starts = dict(zip(sizes, np.cumsum([0, *sizes.values()])[:-1] + 1, strict=True))
    lists = np.repeat(list(sizes), list(sizes.values()))
    rows = np.arange(1, len(lists) + 1)
    records = pa.table({"row_id": rows, "list": lists, "record_id": rows.astype(str)})
    weights = sum(LISTS[one] * LISTS[two] for one, two in combinations(LISTS, 2))
    parts, kept, true_pairs_of = [], {}, {}
    for one, two in combinations(LISTS, 2):
        worse = "hotline" in (one, two)
        expected = LISTS[one] * LISTS[two]
        true_pairs = rng.binomial(int(PERSONS * scale), expected)
        share = KEPT_WORSE if worse else KEPT
        compared = rng.binomial(true_pairs, share)
        score = np.concatenate(
            (
                rng.normal(*(TRUE_SCORE_WORSE if worse else TRUE_SCORE), compared),
                rng.normal(*FALSE_SCORE, int(FALSE_PAIRS * scale * expected / weights)),
            )
        )
        is_same = np.arange(len(score)) < compared
        left = starts[one] + rng.integers(sizes[one], size=len(score))
        right = starts[two] + rng.integers(sizes[two], size=len(score))
        fit = score >= FLOOR
        fit = np.flatnonzero(fit)
        fit = np.sort(fit[np.unique((left * 2**31 + right)[fit], return_index=True)[1]])  # no pair twice
        left, right, score, is_same = left[fit], right[fit], score[fit], is_same[fit]
        parts.append((left, right, score, is_same))
        true_pairs_of[one, two] = true_pairs
        # The share kept is an estimate itself, with an error of its own (here also the pairs below the floor).
        about = float(np.clip(is_same.sum() / true_pairs + rng.normal(0, KEPT_ERROR), 0.5, 0.98))
        kept[one, two] = (about, about - 1.96 * KEPT_ERROR, min(about + 1.96 * KEPT_ERROR, 1.0))
    left, right, score, is_same = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    probability = 1 / (1 + np.exp2(-score))
    columns = {"left": left, "right": right, "weight": score, "probability": probability}
    nothing = {"calibrated": pa.nulls(len(left), pa.float64()), "source": pa.array(["model"] * len(left))}
    table = pa.table({**columns, **nothing, "rule": pa.nulls(len(left), pa.string())}).cast(PAIRS)
    same = set(zip(left[is_same].tolist(), right[is_same].tolist(), strict=True))
    return Made(table, records, same, kept, is_same, true_pairs_of)


def answers_of(made: Made, plan: Plan, error: float, seed: int) -> list[Answer]:
    """What two clerks say of a sample, each wrong in a share of pairs; the second sees her part of it only."""
    rng = np.random.default_rng([seed, 7])
    sample = draw_sample(made.pairs, made.records, plan)

    def asked(clerk: str, one: SampledPair) -> Answer:
        true = (int(one.left.record_id), int(one.right.record_id)) in made.same
        answer = "same" if true != (rng.random() < error) else "different"
        return Answer(one.left, one.right, clerk, answer, one.band)

    first = [asked("A", one) for one in sample]
    return first + [asked("B", one) for one in for_second(sample, first)]


def study(seeds: range, scale: float = 1.0, per_band: int = 120) -> dict[float, dict[str, object]]:
    """For each share of wrong answers: what was said and what is true, one row for each seed and pair of lists."""
    found = {error: {"rows": {name: [] for name in MEASURES}, "labelled": [], "seconds": []} for error in ERRORS}
    for seed in seeds:
        made = made_up(seed, scale)
        for error, kept in found.items():
            labels = labels_table(answers_of(made, Plan(per_band=per_band, seed=seed), error, seed), made.records)
            started = perf_counter()
            calibration = calibrate(made.pairs, labels, records=made.records, seed=seed)
            rates = rates_of(calibration, labels, made.records, made.kept, THRESHOLD, seed=seed)
            kept["seconds"].append(perf_counter() - started)
            kept["labelled"].append(calibration.labelled)
            linked = links_of(calibration.pairs, THRESHOLD)
            for number, row in enumerate(rates.to_pylist()):
                mine = calibration.groups.index == number
                true = truth_of(made, made.true_pairs[row["list_a"], row["list_b"]], linked & mine)
                worse = "hotline" in (row["list_a"], row["list_b"])
                for name in MEASURES:
                    inside = row[f"{name}_lower"] <= true[name] <= row[f"{name}_upper"]
                    half = (row[f"{name}_upper"] - row[f"{name}_lower"]) / 2
                    kept["rows"][name].append((row[name], true[name], inside, worse, half))
        if (seed - seeds.start) % 10 == 9 or seed == seeds.stop - 1:
            print_study(found, seed - seeds.start + 1)
    return found


def truth_of(made: Made, true_pairs: int, linked: np.ndarray) -> dict[str, float]:
    """What the rates should be, for the links of one pair of lists."""
    found = int((linked & made.is_same).sum())
    return {
        "overlap": float(true_pairs),
        "missed": 1 - found / true_pairs,
        "false": 1 - found / max(int(linked.sum()), 1),
    }


def print_study(found: dict[float, dict[str, object]], count: int) -> None:
    """Print the table of the page."""
    print(f"\n{count} made-up linkages\n")
    print(
        "| clerks wrong in | labelled | overlap, mean error (third list; others) | spread | half width | overlap holds "
        "| missed holds | missed, said / true | false holds | false, said / true | seconds |"
    )
    print("| --- |" + " ---: |" * 10)
    for error, kept in found.items():
        print_row(error, kept)


def print_row(error: float, found: dict[str, object]) -> None:
    """One row for one share of wrong answers."""
    estimates = found["rows"]
    cells = [f"{error:.0%}", f"{np.mean(found['labelled']):,.0f}"]
    overlap = np.array(estimates["overlap"], dtype=float)
    off = overlap[:, 0] / overlap[:, 1] - 1
    worse = overlap[:, 3] > 0
    cells += [f"{off.mean():+.1%} ({off[worse].mean():+.1%}; {off[~worse].mean():+.1%})"]
    cells += [f"{off.std():.1%}", f"{(overlap[:, 4] / overlap[:, 1]).mean():.1%}"]
    for name in MEASURES:
        values = np.array(estimates[name], dtype=float)
        cells.append(f"{values[:, 2].mean():.1%}")
        if name != "overlap":
            cells.append(f"{values[:, 0].mean():.1%} / {values[:, 1].mean():.1%}")
    print("| " + " | ".join(cells) + f" | {np.mean(found['seconds']):.1f} |", flush=True)


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 1001
    study(range(first, first + count), float(sys.argv[3]) if len(sys.argv) > 3 else 1.0)
