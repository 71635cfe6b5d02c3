"""Answers that cannot be true are told from those of careful clerks. All pairs are made up."""

import numpy as np
import pytest

from palermo.linkage.review.agreement import agreements
from palermo.linkage.review.labels import Answer, RecordName
from palermo.linkage.review.soundness import disagreement, fault, is_checked, unsound_answers

BANDS = ("0-0.002", "0.002-0.01", "0.01-0.05", "0.25-0.50", "0.75-0.90", "0.99-0.999", "0.999-1")
SHARES = (0.0, 0.01, 0.05, 0.4, 0.8, 0.95, 0.99)


def drawn(seed, error=0.0):
    """Scores and answers of a clerk who errs in a share of 210 pairs."""
    rng = np.random.default_rng(seed)
    scores = np.repeat([-12.0, -8, -5, -1, 2.5, 8, 12], 30)
    truth = rng.random(210) < np.repeat(SHARES, 30)
    return scores, truth ^ (rng.random(210) < error)


def answers(clerk, same, first=0):
    return [
        Answer(RecordName("a", f"{first + number}"), RecordName("b", "1"), clerk, "same" if one else "different", band)
        for number, (one, band) in enumerate(zip(same, np.repeat(BANDS, 30).tolist(), strict=True))
    ]


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("error", [0.0, 0.05, 0.15])
def test_a_clerk_who_errs_now_and_then_passes(seed, error):
    assert fault(*drawn(seed, error)) is None
    assert is_checked(*drawn(seed, error), drawn(seed)[0])


@pytest.mark.parametrize("seed", range(20))
def test_answers_without_a_look_are_found_out(seed):
    scores, same = drawn(seed)
    for wrong in (np.ones(210, bool), np.zeros(210, bool), ~same, np.random.default_rng(seed + 100).random(210) < 0.5):
        assert fault(scores, wrong) is not None


def test_a_model_that_links_too_much_is_no_fault_of_the_clerk():
    scores, _ = drawn(1)
    same = np.random.default_rng(2).random(210) < np.where(scores > 10, 0.4, 0.01)
    assert fault(scores, same) is None


def test_few_answers_are_not_judged():
    assert fault(np.array([-12.0, 12.0]), np.array([True, False])) is None
    assert not is_checked(np.array([-12.0, 12.0]), np.array([True, False]), drawn(1)[0])


def test_where_no_pairs_lie_at_one_end_the_other_is_looked_at():
    same, high = np.ones(40, bool), np.full(40, 12.0)
    assert fault(high, same) is None
    assert is_checked(high, same, high)
    assert "40 pairs that the model scores 0.999 or more, 0" in fault(high, ~same)
    assert "40 pairs that the model scores below 0.01, 40" in fault(-high, same)


def test_answers_in_a_file_are_judged_by_their_bands():
    _, same = drawn(3, 0.05)
    assert unsound_answers(answers("anna", same)) == ()
    (found,) = unsound_answers([*answers("anna", same), *answers("berta", np.ones(210, bool))])
    assert found.clerk == "berta"
    assert "60 pairs that the model scores below 0.01, 60 were called the same" in found.reason


def test_two_clerks_who_agree_by_chance_alone_cannot_both_be_right():
    one, other = (answers(name, np.arange(210) % every < 2) for name, every in (("anna", 4), ("berta", 3)))
    assert "anna and berta agree on" in disagreement(agreements([*one, *other]))
    assert disagreement(agreements([*one, *other]), ["berta"]) is None
    assert disagreement(agreements([*one, *answers("berta", [own.answer == "same" for own in one])])) is None
