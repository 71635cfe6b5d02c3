"""How good the pairs are: against the truth where a file holds it; and the threshold that the probabilities suggest."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Floats = NDArray[np.float64]
HIGH = 0.9  # probability at which precision and recall are printed as well


@dataclass(frozen=True)
class Score:
    """Pairs against the truth, all ``true_pairs`` of it. ``threshold`` is the probability at which F1 is best."""

    best_f1: float
    precision: float
    recall: float
    threshold: float
    precision_at_90: float
    recall_at_90: float
    true_pairs: int
    most_recall: float  # share of true pairs among all scored pairs, whatever their probability

    def as_json(self) -> dict[str, Any]:
        """For output: six digits are more than any of these figures can bear."""
        return {
            name: value if name == "threshold" else round(value, 6)  # one of .9999999 is not 1
            for name, value in asdict(self).items()
        }


def score_pairs(pairs: pa.Table, truth: pa.Table) -> Score:
    """Score PAIRS against ``truth`` (row_id, person). Records whose ``person`` is null are left out of everything.

    Pairs with equal weight stand or fall together, so the order of a file cannot help.
    """
    known = truth.filter(pc.is_valid(truth["person"]))
    same, weight, probability = _judged(pairs, known)
    total = _true_pairs(known)
    order = np.argsort(-weight, kind="stable")
    hits = np.cumsum(same[order])
    taken = np.arange(1, len(order) + 1)
    last = np.append(weight[order][1:] != weight[order][:-1], True) if len(order) else np.zeros(0, bool)
    f1 = np.where(last, 2 * hits / np.maximum(1, taken + total), 0.0)
    high = probability >= HIGH
    found = float(same.sum())
    at_high = (_ratio(same[high].sum(), high.sum()), _ratio(same[high].sum(), total))
    if not len(order) or not total or not found:
        return Score(0.0, 0.0, 0.0, 1.0, *at_high, total, 0.0)
    best = int(np.argmax(f1))
    return Score(
        best_f1=float(f1[best]),
        precision=float(hits[best] / taken[best]),
        recall=float(hits[best] / total),
        threshold=float(probability[order][best]),
        precision_at_90=at_high[0],
        recall_at_90=at_high[1],
        true_pairs=total,
        most_recall=found / total,
    )


def _judged(pairs: pa.Table, known: pa.Table) -> tuple[NDArray[np.bool_], Floats, Floats]:
    person = known["person"].combine_chunks().dictionary_encode().indices
    rows = known["row_id"].combine_chunks()
    left, right = (person.take(pc.index_in(pairs[side].combine_chunks(), value_set=rows)) for side in ("left", "right"))
    judged = pc.and_(pc.is_valid(left), pc.is_valid(right))
    same = pc.equal(left.filter(judged), right.filter(judged)).to_numpy(zero_copy_only=False)
    weight, probability = (pairs[name].filter(judged).to_numpy() for name in ("weight", "probability"))
    return same, weight, probability


def _true_pairs(known: pa.Table) -> int:
    sizes = np.array(known.group_by("person").aggregate([([], "count_all")])["count_all"].to_numpy(), np.int64)
    return int((sizes * (sizes - 1) // 2).sum())


def _ratio(part: Any, whole: Any) -> float:
    return float(part / whole) if whole else 0.0


def score_persons(memberships: pa.Table, truth: pa.Table) -> dict[str, float]:
    """Precision, recall and F1 over the pairs of records that stand in one person, and both counts of persons."""
    joined = memberships.select(["row_id", "person_id"]).join(
        truth.filter(pc.is_valid(truth["person"])), "row_id", join_type="inner"
    )
    both = joined.group_by(["person_id", "person"]).aggregate([([], "count_all")])["count_all"].to_numpy()
    hits = float((both * (both - 1) // 2).sum())
    made = _true_pairs(joined.select(["person_id"]).rename_columns(["person"]))
    total = _true_pairs(joined)
    return {
        "precision": _ratio(hits, made),
        "recall": _ratio(hits, total),
        "f1": _ratio(2 * hits, made + total),
        "persons": pc.count_distinct(joined["person_id"]).as_py(),
        "persons_true": pc.count_distinct(joined["person"]).as_py(),
    }


def best_threshold(probabilities: Iterable[float], kept: float = 1.0) -> float:
    """The threshold at which the expected F1 is best if the probabilities are right; no truth is needed.

    ``kept`` is the share of true pairs that blocking let through. Without labels this is a suggestion, not a fact.
    """
    values = np.sort(np.asarray(list(probabilities), float))[::-1]
    if not len(values):
        return 0.5
    hits = np.cumsum(values)
    f1 = 2 * hits / (np.arange(1, len(values) + 1) + hits[-1] / kept)
    return float(values[int(np.argmax(f1))])
