"""A small made-up linkage with known truth, for tests: three lists of numbers, scores of true and of false pairs."""

from itertools import combinations

import numpy as np
import pyarrow as pa

from palermo.linkage.review.labels import Answer, RecordName, labels_table
from palermo.linkage.review.sample import Plan, SampledPair, draw_sample, for_second
from palermo.linkage.schema import PAIRS

LISTS = {"a": 2000, "b": 1500, "c": 1000}
TRUE_PAIRS = {("a", "b"): 600, ("a", "c"): 400, ("b", "c"): 300}
FALSE_PAIRS = 20_000


def made_records() -> pa.Table:
    lists = np.repeat(list(LISTS), list(LISTS.values()))
    numbers = np.arange(1, len(lists) + 1)
    return pa.table({"row_id": numbers, "list": lists, "record_id": [f"r{number}" for number in numbers]})


def made_pairs(seed: int) -> tuple[pa.Table, np.ndarray]:
    """Pairs and which of them are one person."""
    rng = np.random.default_rng(seed)
    starts = dict(zip(LISTS, np.cumsum([1, *LISTS.values()]), strict=False))
    found: dict[tuple[int, int], tuple[float, bool]] = {}
    for one, two in combinations(LISTS, 2):
        true = TRUE_PAIRS[one, two]
        scores = np.concatenate((rng.normal(8, 6, true), rng.normal(-9, 4, FALSE_PAIRS)))
        left = starts[one] + rng.integers(LISTS[one], size=len(scores))
        right = starts[two] + rng.integers(LISTS[two], size=len(scores))
        for number, pair in enumerate(zip(left.tolist(), right.tolist(), strict=True)):
            found.setdefault(pair, (float(scores[number]), number < true))
    weight = np.array([score for score, _ in found.values()])
    columns = {
        "left": [pair[0] for pair in found],
        "right": [pair[1] for pair in found],
        "weight": weight,
        "probability": 1 / (1 + np.exp2(-weight)),
        "calibrated": pa.nulls(len(weight), pa.float64()),
        "source": ["model"] * len(weight),
        "rule": pa.nulls(len(weight), pa.string()),
    }
    return pa.table(columns).cast(PAIRS), np.array([same for _, same in found.values()])


def made_answers(pairs: pa.Table, same: np.ndarray, error: float = 0.0, per_band: int = 60) -> tuple[Answer, ...]:
    """What two clerks say of a sample, wrong in a share of pairs."""
    rng = np.random.default_rng(5)
    truth = dict(zip(zip(pairs["left"].to_pylist(), pairs["right"].to_pylist(), strict=True), same, strict=True))
    sample = draw_sample(pairs, made_records(), Plan(per_band=per_band))

    def asked(clerk: str, one: SampledPair) -> Answer:
        right = rng.random() >= error
        answer = "same" if truth[_row(one.left), _row(one.right)] == right else "different"
        return Answer(one.left, one.right, clerk, answer, one.band)

    first = [asked("one", one) for one in sample]
    return (*first, *(asked("two", one) for one in for_second(sample, first)))


def made_labels(pairs: pa.Table, same: np.ndarray, error: float = 0.0, per_band: int = 60) -> pa.Table:
    return labels_table(made_answers(pairs, same, error, per_band), made_records())


def _row(name: RecordName) -> int:
    return int(name.record_id[1:])
