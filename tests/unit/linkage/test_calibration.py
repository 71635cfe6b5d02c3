import json

import numpy as np
import pyarrow as pa
import pytest

from palermo.errors import PalermoError
from palermo.linkage.calibration import calibrate, reliability_rows
from palermo.linkage.review.labels import RESOLVED
from palermo.linkage.schema import LABELS, PAIRS

from .made_linkage import made_labels, made_pairs, made_records

NONE = LABELS.empty_table()


@pytest.fixture(scope="module")
def made():
    pairs, same = made_pairs(1)
    return pairs, same, made_labels(pairs, same)


def test_without_labels_nothing_is_calibrated_and_the_notes_say_so(made):
    found = calibrate(made[0], NONE, records=made_records())
    assert found.pairs["calibrated"].null_count == found.pairs.num_rows
    assert "only the curve" in found.notes[0] and not found.enough
    with pytest.raises(PalermoError, match="no labels"):
        found.probability(np.zeros(1), np.zeros(1, dtype=np.int64), 0)


def test_calibrated_probabilities_add_up_to_the_true_pairs(made):
    pairs, same, labels = made
    found = calibrate(pairs, labels, records=made_records())
    total = found.pairs["calibrated"].to_numpy().sum()
    assert abs(total / same.sum() - 1) < 0.12
    assert found.pairs.schema.equals(PAIRS)
    assert found.labelled == len({(row["left"], row["right"]) for row in labels.to_pylist()})


def test_a_better_score_is_never_less_probable(made):
    pairs, _, labels = made
    found = calibrate(pairs, labels, records=made_records())
    for group in range(len(found.groups.names)):
        mine = found.groups.index == group
        order = np.argsort(pairs["weight"].to_numpy()[mine])
        assert (np.diff(found.pairs["calibrated"].to_numpy()[mine][order]) >= -1e-12).all()


def test_errors_of_clerks_are_taken_out(made):
    pairs, same, _ = made
    labels = made_labels(pairs, same, error=0.05)
    found = calibrate(pairs, labels, records=made_records())
    invented, missed = found.curve.clerk_errors
    assert 0.02 < invented < 0.09 and 0.02 < missed < 0.09
    raw = np.mean([answer == "same" for answer in labels["answer"].to_pylist() if answer])
    assert raw > 0.05
    assert abs(found.pairs["calibrated"].to_numpy().sum() / same.sum() - 1) < 0.2


def test_settled_pairs_keep_their_probability_and_are_no_evidence(made):
    pairs, _, labels = made
    source = pa.array(["decision", "key"] + ["model"] * (pairs.num_rows - 2))
    probability = pa.array([0.0, 1.0, *pairs["probability"].to_pylist()[2:]])
    settled = pairs.set_column(5, "source", source).set_column(3, "probability", probability)
    found = calibrate(settled, labels, records=made_records())
    assert found.pairs["calibrated"].to_pylist()[:2] == [0.0, 1.0]


def test_what_clerks_say_together_is_the_truth(made):
    pairs, _, labels = made
    row = labels.to_pylist()[0]
    joint = pa.Table.from_pylist([row, {**row, "clerk": "two"}, {**row, "clerk": RESOLVED}], schema=LABELS)
    found = calibrate(pairs, joint, records=made_records())
    assert found.labelled == 1 and found.clerks == (row["clerk"], "two") if row["clerk"] != "two" else True
    assert not any("Clerks are taken" in note for note in found.notes)


def test_two_kinds_of_score_are_refused(made):
    pairs = made[0].set_column(5, "source", pa.array(["encodings"] + ["model"] * (made[0].num_rows - 1)))
    with pytest.raises(PalermoError, match="two kinds of score"):
        calibrate(pairs, NONE)


def test_unsure_answers_and_pairs_of_another_run_are_left_out(made):
    pairs, _, labels = made
    first, second, *_ = labels.to_pylist()
    odd = [{**first, "answer": "unsure"}, {**second, "left": 1, "right": 4499}]
    found = calibrate(pairs, pa.Table.from_pylist(odd, schema=LABELS), records=made_records())
    assert (found.labelled, found.unsure) == (0, 1)
    assert found.pairs["calibrated"].null_count == pairs.num_rows


def test_no_pairs_at_all():
    found = calibrate(PAIRS.empty_table(), NONE, records=made_records())
    assert found.pairs.num_rows == 0 and found.labelled == 0


def test_same_input_same_bytes(made):
    pairs, _, labels = made
    once, again = (calibrate(pairs, labels, records=made_records()).pairs for _ in range(2))
    assert once.equals(again)


def test_reliability_lists_every_band_with_pairs(made):
    pairs, _, labels = made
    found = calibrate(pairs, labels, records=made_records())
    assert sum(one.pairs for one in found.reliability) == pairs.num_rows
    assert sum(one.labelled for one in found.reliability) == found.labelled
    assert json.loads(json.dumps(reliability_rows(found)))[-1]["band"] == "0.999-1"
    top = found.reliability[-1]
    assert top.band == "0.999-1" and top.same > 0.9 and top.same_lower <= top.same <= top.same_upper


def test_answers_that_contradict_the_scores_are_not_used(made):
    pairs, _, labels = made
    noise = np.random.default_rng(2).permutation(np.array(labels["answer"].to_pylist(), dtype=object))
    place = labels.schema.get_field_index("answer")
    wrong = labels.set_column(place, labels.schema.field(place), pa.array(noise.tolist(), pa.string()))
    found = calibrate(pairs, wrong, records=made_records())
    assert found.curve is None and not found.labelled and found.pairs["calibrated"].null_count == pairs.num_rows
    assert found.notes[-1].startswith("These labels do not agree with the scores")


def answers_by(labels, say, clerks=("one", "two")):
    """The labels with what some clerks say instead."""
    rows = [
        {**row, "answer": say(row)} if row["clerk"] in clerks and row["answer"] else row for row in labels.to_pylist()
    ]
    return pa.Table.from_pylist(rows, schema=LABELS)


OTHER = {"same": "different", "different": "same", "unsure": "unsure"}
WRONG = {
    "all the same": lambda _: "same",
    "all different": lambda _: "different",
    "swapped": lambda row: OTHER[row["answer"]],
    "coin": lambda row: ("same", "different")[(row["left"] + row["right"]) % 2],
    "links called different": lambda row: "different" if row["band"] >= "0.90" else row["answer"],
}


@pytest.mark.parametrize("kind", WRONG)
def test_labels_that_are_wrong_throughout_are_refused(made, kind):
    pairs, _, labels = made
    found = calibrate(pairs, answers_by(labels, WRONG[kind]), records=made_records())
    assert found.curve is None and found.labelled == 0
    assert "these labels do not agree with the scores" in found.refused
    assert any("do not agree with the scores" in note for note in found.notes)


@pytest.mark.parametrize("kind", WRONG)
def test_one_clerk_who_is_wrong_throughout_is_set_aside(made, kind):
    pairs, _, labels = made
    found = calibrate(pairs, answers_by(labels, WRONG[kind], ("two",)), records=made_records())
    alone = calibrate(pairs, labels.filter(pa.compute.equal(labels["clerk"], "one")), records=made_records())
    assert found.refused is None and found.pairs.equals(alone.pairs)
    assert "clerk two" in found.notes[0]


@pytest.mark.parametrize("seed", range(5))
def test_careful_clerks_with_slips_pass(seed):
    pairs, same = made_pairs(seed)
    found = calibrate(pairs, made_labels(pairs, same, error=0.05), records=made_records())
    assert found.refused is None and found.curve is not None and found.clerks == ("one", "two")
    assert not any("not used" in note for note in found.notes)


def test_a_few_labels_that_cannot_be_checked_carry_no_number(made):
    pairs, _, labels = made
    found = calibrate(pairs, labels.slice(0, 8), records=made_records())
    assert found.curve is not None and "too few pairs at both ends" in found.refused
