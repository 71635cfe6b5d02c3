"""Scores against a truth, and the threshold that probabilities suggest by themselves."""

import pyarrow as pa
import pytest

from palermo.linkage.schema import MEMBERSHIPS, PAIRS
from palermo.linkage.scoring import best_threshold, score_pairs, score_persons


def pairs(*rows: tuple[int, int, float]) -> pa.Table:
    made = [{"left": a, "right": b, "weight": w, "probability": 1 / (1 + 2**-w)} for a, b, w in rows]
    return pa.Table.from_pylist(made, schema=PAIRS)


def truth(*persons: str | None) -> pa.Table:
    return pa.table({"row_id": range(1, len(persons) + 1), "person": pa.array(persons, pa.string())})


def test_best_f1_with_its_threshold():
    score = score_pairs(pairs((1, 2, 9.0), (3, 4, 5.0), (1, 3, 1.0), (2, 4, 0.0)), truth("a", "a", "b", "b"))
    assert (score.best_f1, score.precision, score.recall) == (1.0, 1.0, 1.0)
    assert score.threshold == pytest.approx(1 / (1 + 2**-5))
    assert (score.precision_at_90, score.recall_at_90, score.true_pairs) == (1.0, 1.0, 2)


def test_true_pairs_that_were_never_compared_count_as_missed():
    score = score_pairs(pairs((1, 2, 9.0)), truth("a", "a", "a"))
    assert score.recall == pytest.approx(1 / 3)
    assert score.most_recall == pytest.approx(1 / 3)


def test_pairs_of_equal_weight_stand_or_fall_together():
    one = score_pairs(pairs((1, 2, 3.0), (1, 3, 3.0)), truth("a", "a", "b"))
    two = score_pairs(pairs((1, 3, 3.0), (1, 2, 3.0)), truth("a", "a", "b"))
    assert one == two
    assert one.precision == 0.5


def test_records_without_truth_are_left_out():
    score = score_pairs(pairs((1, 2, 9.0), (2, 3, 9.0)), truth("a", "a", None))
    assert score.precision == 1.0
    assert set(score.as_json()) >= {"best_f1", "precision", "recall", "threshold"}


def test_no_pairs_at_all():
    assert score_pairs(PAIRS.empty_table(), truth("a", "a")).best_f1 == 0.0
    assert score_pairs(PAIRS.empty_table(), truth()).true_pairs == 0


def test_persons_against_the_truth():
    rows = [
        {"row_id": n, "list": "x", "record_id": str(n), "person_id": p} for n, p in ((1, 1), (2, 1), (3, 1), (4, 4))
    ]
    found = score_persons(pa.Table.from_pylist(rows, schema=MEMBERSHIPS), truth("a", "a", "b", "b"))
    assert found == {"precision": 1 / 3, "recall": 0.5, "f1": 0.4, "persons": 2, "persons_true": 2}


def test_the_suggested_threshold_is_half_the_expected_f1():
    """For right probabilities the best threshold for F1 is half of the best F1 (Lipton and others 2014)."""
    values = [number / 1000 for number in range(1, 1001)]
    cut = best_threshold(values)
    taken = [value for value in values if value >= cut]
    f1 = 2 * sum(taken) / (len(taken) + sum(values))
    assert cut == pytest.approx(f1 / 2, abs=0.002)
    assert best_threshold([]) == 0.5
    assert best_threshold(values, kept=0.5) < cut
