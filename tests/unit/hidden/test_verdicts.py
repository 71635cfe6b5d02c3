"""The rules that decide whether a number may be shown, and the headline that never stands alone."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.errors import RefusedError
from palermo.hidden.answer import Answer, Verdict, refused
from palermo.hidden.capture import CaptureTable
from palermo.hidden.verdicts import Evidence, headline, judge, models_in_the_race, overlapping_persons


def table(*counts, **more):
    """Three lists; counts of the histories 1 to 7."""
    return CaptureTable(("A", "B", "C"), np.arange(1, 8, dtype=np.int64), np.array(counts, np.int64), **more)


GOOD = table(100, 100, 30, 100, 30, 30, 10)
ANSWER = Answer("main_effects", 700.0, 600.0, 850.0, 0.95)


def test_a_good_answer_is_shown_without_reasons():
    assert judge(Evidence(ANSWER, GOOD, 1.0, ((10.0, 700.0), (12.0, 720.0)))) == ANSWER


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        (Evidence(ANSWER, table(90, 90, 5, 90, 5, 5, 0)), "only 15 persons"),
        (Evidence(ANSWER, GOOD, 40.0), "by 40 per cent"),
        (Evidence(ANSWER, GOOD, float("inf")), "leaves no answer"),
        (Evidence(ANSWER, GOOD, None, ((10.0, 700.0), (19.0, 1400.0))), "2 models within 10 BIC"),
        (Evidence(ANSWER, GOOD, None, None, 0.0001), "a chance below 1 in 1,000"),
        (Evidence(ANSWER, GOOD, None, None, None, 1000.0), "1,000 or more: above the interval"),
        (Evidence(ANSWER, GOOD, all_pairs=(800.0, 1900.0)), "800 to 1,900, of the model in which all pairs"),
        (Evidence(replace(ANSWER, diagnostics={"r_hat": 1.6}), GOOD), "do not mix"),
        (Evidence(replace(ANSWER, diagnostics={"r_hat": float("nan")}), GOOD), "do not mix"),
        (Evidence(replace(ANSWER, diagnostics={"r_hat": 1.0, "ess": 50}), GOOD), "50 independent draws"),
        (Evidence(replace(ANSWER, diagnostics={"limits_at_extreme": ["lower"]}), GOOD), "replicate"),
        (Evidence(replace(ANSWER, upper=3000.0), GOOD), "more than 4 times"),
        (Evidence(replace(ANSWER, lower=None, upper=None), GOOD), "no interval"),
        (Evidence(Answer("x", 90_000.0, 60_000.0, 95_000.0, 0.95), GOOD), "50 persons unseen"),
        (Evidence(ANSWER, table(100, 100, 100, 0, 0, 0, 0)), "saw nobody: C"),
        (
            Evidence(
                ANSWER,
                replace(GOOD, lower=np.array([100, 100, 28, 100, 30, 30, 10]), upper=np.array(GOOD.counts)),
            ),
            "ranges only",
        ),
    ],
)
def test_each_weakness_warns_in_words_and_keeps_the_number(evidence, words):
    judged = judge(evidence)
    assert judged.verdict is Verdict.WARNED
    assert judged.estimate == evidence.answer.estimate
    assert any(words in reason for reason in judged.reasons)


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        (Evidence(ANSWER, table(90, 90, 2, 90, 0, 0, 0)), "only 2 persons"),
        (Evidence(replace(ANSWER, diagnostics={"status": 1}), GOOD), "no estimate exists"),
        (Evidence(replace(ANSWER, diagnostics={"status": 2}), GOOD), "not identifiable"),
        (Evidence(replace(ANSWER, estimate=float("inf")), GOOD), "no finite number"),
    ],
)
def test_without_information_there_is_no_number(evidence, words):
    judged = judge(evidence)
    assert judged.verdict is Verdict.REFUSED
    assert (judged.estimate, judged.lower, judged.upper) == (None, None, None)
    assert any(words in reason for reason in judged.reasons)


def test_a_warning_of_the_estimator_is_never_lost():
    warned = replace(ANSWER, verdict=Verdict.WARNED, reasons=("its own reason",))
    assert judge(Evidence(warned, GOOD)) == warned


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=7, max_size=7), st.floats(0, 200))
def test_judging_twice_changes_nothing(counts, percent):
    own = table(*counts)
    once = judge(Evidence(ANSWER, own, percent))
    assert judge(Evidence(once, own, percent)) == once


def test_models_in_the_race_are_those_within_ten_points():
    assert models_in_the_race([(100.0, 5.0), (109.9, 9.0), (110.1, 900.0)]) == (5.0, 9.0, 2)


def test_overlapping_persons():
    assert overlapping_persons(GOOD) == 100


def test_headline_names_both_spreads():
    other = Answer("stepwise", 900.0, 500.0, 1200.0, 0.95)
    head = headline([ANSWER, other, Answer("zelterman", 5000.0, 4000.0, 9000.0, 0.95)])
    assert (head.answer, head.lowest, head.highest, head.estimators) == (other, 500.0, 1200.0, 2)
    assert "between 500 and 1,200" in head.sentence()


@pytest.mark.parametrize(
    "answers",
    [
        [],
        [refused("stepwise", 0.95, "not identifiable")],
        [Answer("stepwise", 900.0, None, None, 0.95)],
    ],
)
def test_no_headline_without_spread(answers):
    with pytest.raises(RefusedError) as caught:
        headline(answers)
    assert caught.value.exit_code == 3
