"""Each rule that speaks against a number: when, with what weight and in which words."""

from dataclasses import replace

import numpy as np
import pytest

from palermo.hidden.answer import Answer, Verdict, refused
from palermo.hidden.capture import CaptureTable
from palermo.hidden.heterogeneity import CLASSES, Rival
from palermo.hidden.rules import RULES, Evidence, Weight, models_in_the_race, overlapping_persons
from palermo.hidden.verdicts import judge
from palermo.rounded_words import rough


def table(*counts, **more):
    """Three lists; counts of the histories 1 to 7."""
    return CaptureTable(("A", "B", "C"), np.arange(1, 8, dtype=np.int64), np.array(counts, np.int64), **more)


GOOD = table(100, 100, 30, 100, 30, 30, 10)
ANSWER = Answer("main_effects", 700.0, 600.0, 850.0, 0.95)
RACE = ((10.0, 700.0), (12.0, 720.0))


def said(evidence):
    return [found for rule in RULES if (found := rule(evidence)) is not None]


@pytest.mark.parametrize(
    ("evidence", "weight", "words"),
    [
        (Evidence(ANSWER, table(90, 90, 3, 90, 3, 3, 0)), Weight.CAUTION, "fewer than 10 persons are on two"),
        (Evidence(ANSWER, GOOD, 40.0), Weight.CAUTION, "by 40 per cent"),
        (Evidence(ANSWER, GOOD, float("inf")), Weight.CAUTION, "leaves no answer"),
        (
            Evidence(ANSWER, GOOD, None, ((10.0, 700.0), (19.0, 1400.0))),
            Weight.CAUTION,
            "2 models fit the table nearly as well as the best (within 10 BIC points) and give from about 700 to 1,400",
        ),
        (Evidence(ANSWER, GOOD, None, None, 0.0001), Weight.GRAVE, "a chance below 1 in 1,000"),
        (Evidence(ANSWER, GOOD, None, None, None, 1034.0), Weight.GRAVE, "about 1,000 or more: above the interval"),
        (
            Evidence(ANSWER, GOOD, all_pairs=(812.0, 1921.0)),
            Weight.GRAVE,
            "from about 810 to 1,900 persons",
        ),
        (
            Evidence(ANSWER, GOOD, models=RACE, rivals=(Rival(CLASSES, 28.0, 912.0), Rival("x", 11.0, 1480.0))),
            Weight.GRAVE,
            "give about 1,500 persons: outside the interval",
        ),
        (Evidence(replace(ANSWER, diagnostics={"r_hat": 1.6}), GOOD), Weight.GRAVE, "do not mix (R-hat 1.60"),
        (Evidence(replace(ANSWER, diagnostics={"r_hat": float("nan")}), GOOD), Weight.GRAVE, "do not mix"),
        (
            Evidence(replace(ANSWER, diagnostics={"r_hat": 1.0, "ess": 50}), GOOD),
            Weight.CAUTION,
            "50 independent draws",
        ),
        (Evidence(replace(ANSWER, diagnostics={"limits_at_extreme": ["lower"]}), GOOD), Weight.CAUTION, "replicate"),
        (Evidence(replace(ANSWER, upper=6100.0), GOOD), Weight.CAUTION, "more than 10 times"),
        (Evidence(replace(ANSWER, upper=61_000.0), GOOD), Weight.REFUSAL, "more than 100 times"),
        (Evidence(replace(ANSWER, lower=None, upper=None), GOOD), Weight.CAUTION, "no interval"),
        (Evidence(Answer("x", 90_000.0, 60_000.0, 95_000.0, 0.95), GOOD), Weight.REFUSAL, "50 persons unseen"),
        (Evidence(ANSWER, table(100, 100, 100, 0, 0, 0, 0)), Weight.CAUTION, "saw nobody: C"),
        (
            Evidence(
                ANSWER,
                replace(GOOD, lower=np.array([100, 100, 28, 100, 30, 30, 10]), upper=np.array(GOOD.counts)),
            ),
            Weight.CAUTION,
            "ranges only",
        ),
        (Evidence(ANSWER, table(90, 90, 2, 90, 0, 0, 0)), Weight.REFUSAL, "hardly anybody"),
        (Evidence(replace(ANSWER, diagnostics={"status": 1}), GOOD), Weight.REFUSAL, "no estimate exists"),
        (Evidence(replace(ANSWER, diagnostics={"status": 2}), GOOD), Weight.REFUSAL, "not identifiable"),
        (Evidence(replace(ANSWER, estimate=float("inf")), GOOD), Weight.REFUSAL, "no finite number"),
    ],
)
def test_each_weakness_is_told_with_its_weight(evidence, weight, words):
    assert any(own is weight and words in reason for own, reason in said(evidence))


@pytest.mark.parametrize(
    "evidence",
    [
        Evidence(ANSWER, GOOD, 10.0, RACE, 0.2, 840.0, (650.0, 900.0)),
        Evidence(replace(ANSWER, upper=1500.0), GOOD, models=((10.0, 700.0), (19.0, 1400.0))),  # the interval says so
        Evidence(ANSWER, GOOD, models=RACE, rivals=(Rival(CLASSES, 31.0, 912.0), Rival("x", 12.5, 1480.0))),
        Evidence(ANSWER, GOOD, models=RACE, rivals=(Rival(CLASSES, 11.0, 840.0),)),
        Evidence(refused("lcmcr", 0.95, "the chains do not mix", r_hat=1.6), GOOD),
    ],
    ids=["nothing found", "models within the interval", "rivals far behind", "rival within", "refused already"],
)
def test_silent_where_there_is_nothing_to_say(evidence):
    assert said(evidence) == []


def test_models_in_the_race_are_those_within_ten_points():
    assert models_in_the_race([(100.0, 5.0), (109.9, 9.0), (110.1, 900.0)]) == (5.0, 9.0, 2)


def test_overlapping_persons():
    assert overlapping_persons(GOOD) == 100


def test_no_small_count_can_be_read_from_a_reason():
    assert (rough(1234.0), rough(98_765.0), rough(12.0)) == ("1,200", "99,000", "10")
    few = table(91, 87, 3, 90, 2, 1, 0)
    assert not any("6" in reason for _, reason in said(Evidence(ANSWER, few)))


def test_two_lists_are_never_shown_without_a_warning():
    pair = CaptureTable(("A", "B"), np.arange(1, 4, dtype=np.int64), np.array([310, 205, 17], np.int64))
    judged = judge(Evidence(ANSWER, pair))
    assert judged.verdict is Verdict.WARNED
    assert "a third list would tell" in judged.reasons[0]
    assert judge(Evidence(ANSWER, GOOD)).verdict is Verdict.SHOWN


@pytest.mark.parametrize(
    ("ends", "replicates", "said"),
    [
        (["lower"], 200, "the lower limit is the smallest of 200 replicates: take 10,000 or more before quoting it"),
        (["upper"], 10_000, "the upper limit is the largest of 10,000 replicates: the true limit may lie further out"),
    ],
)
def test_who_has_taken_many_replicates_is_not_told_to_take_more(ends, replicates, said):
    answer = replace(ANSWER, diagnostics={"limits_at_extreme": ends, "replicates": replicates})
    assert said in judge(Evidence(answer, GOOD)).reasons
