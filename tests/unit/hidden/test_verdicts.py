"""The rules that decide whether a number may be shown, and the headline that never stands alone."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.errors import RefusedError
from palermo.hidden.answer import Answer, Verdict, refused
from palermo.hidden.capture import CaptureTable
from palermo.hidden.verdicts import Evidence, headline, judge, no_surer_than_whole, summary


def table(*counts, **more):
    """Three lists; counts of the histories 1 to 7."""
    return CaptureTable(("A", "B", "C"), np.arange(1, 8, dtype=np.int64), np.array(counts, np.int64), **more)


GOOD = table(100, 100, 30, 100, 30, 30, 10)
ANSWER = Answer("main_effects", 700.0, 600.0, 850.0, 0.95)


def test_a_good_answer_is_shown_without_reasons():
    assert judge(Evidence(ANSWER, GOOD, 1.0, ((10.0, 700.0), (12.0, 720.0)))) == ANSWER


def test_a_weakness_warns_and_keeps_the_number():
    judged = judge(Evidence(ANSWER, GOOD, 40.0))
    assert (judged.verdict, judged.estimate) == (Verdict.WARNED, 700.0)
    assert "by 40 per cent" in judged.reasons[0]


def test_without_information_there_is_no_number():
    judged = judge(Evidence(ANSWER, table(90, 90, 2, 90, 0, 0, 0)))
    assert judged.verdict is Verdict.REFUSED
    assert (judged.estimate, judged.lower, judged.upper) == (None, None, None)
    assert "hardly anybody" in judged.reasons[0]


def test_the_weightiest_reason_stands_first_and_the_rules_are_named():
    own = replace(ANSWER, reasons=("its own caveat",))
    judged = judge(Evidence(own, GOOD, 40.0, lack_of_fit=0.0001))
    assert [words[:18] for words in judged.reasons] == ["the model does not", "one person seen by", "its own caveat"]
    assert [(x["rule"], x["weight"]) for x in judged.diagnostics["findings"]] == [
        ("does_not_fit", "grave"),
        ("one_person", "caution"),
    ]
    assert summary(judged).startswith("Grave doubt: the model does not fit")
    assert summary(judged).endswith("(and 2 more reasons).")


def test_a_caveat_that_is_true_of_every_table_does_not_warn():
    own = replace(ANSWER, reasons=("its own caveat",))
    assert judge(Evidence(own, GOOD)).verdict is Verdict.SHOWN


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (ANSWER, "Nothing was found against"),
        (refused("x", 0.95, "no list saw anybody"), "No number may be given: no list saw anybody."),
        (judge(Evidence(ANSWER, GOOD, 40.0)), "Caution: one person seen by one list more or fewer moves"),
    ],
)
def test_the_verdict_in_one_sentence(answer, words):
    assert summary(answer).startswith(words)


def test_the_refusal_of_the_estimator_stands_first():
    judged = judge(Evidence(refused("x", 0.95, "own refusal"), table(90, 90, 2, 90, 0, 0, 0)))
    assert judged.reasons[0] == "own refusal"
    assert len(judged.reasons) == 2


def test_a_warning_of_the_estimator_is_never_lost():
    warned = replace(ANSWER, verdict=Verdict.WARNED, reasons=("its own reason",))
    assert judge(Evidence(warned, GOOD)) == warned


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=7, max_size=7), st.floats(0, 200))
def test_judging_twice_changes_nothing(counts, percent):
    own = table(*counts)
    once = judge(Evidence(ANSWER, own, percent))
    assert judge(Evidence(once, own, percent)) == once


def test_headline_names_both_spreads():
    other = Answer("stepwise", 900.0, 500.0, 1200.0, 0.95)
    head = headline([ANSWER, other, Answer("zelterman", 5000.0, 4000.0, 9000.0, 0.95)])
    assert (head.answer, head.lowest, head.highest, head.estimators) == (other, 500.0, 9000.0, 3)
    assert "between 500 and 1,200" in head.sentence()
    assert "500 to 9,000 by all 3 methods that gave a number with an interval" in head.sentence()


def test_limits_that_say_nothing_are_passed_over_for_the_headline():
    wide = Answer("aic_average", 15_000.0, 1_700.0, 120_000.0, 0.95)
    narrow = Answer("stepwise", 2_400.0, 1_600.0, 3_800.0, 0.95)
    found = headline([wide, narrow])
    assert (found.answer, found.highest) == (narrow, 120_000.0)
    assert headline([wide, Answer("zelterman", 2_800.0, 1_900.0, 4_300.0, 0.95)]).answer == wide


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


def test_a_part_is_no_surer_than_the_whole():
    part = replace(ANSWER, stratum="sex=F", estimate=400.0, lower=300.0, upper=500.0)
    other = replace(ANSWER, estimator="bic_average", lower=400.0, upper=1200.0)
    assert no_surer_than_whole([ANSWER, other, part]) == [ANSWER, other, part]
    doubted = replace(ANSWER, verdict=Verdict.WARNED, reasons=("a doubt",))
    told = no_surer_than_whole([doubted, replace(other, verdict=Verdict.WARNED), part])[-1]
    assert told.verdict is Verdict.WARNED
    assert told.estimate == 400.0
    assert "a factor of 3.0 apart" in told.reasons[-1]


def test_without_a_number_of_everyone_there_is_none_of_a_part():
    whole, part = refused("main_effects", 0.95, "too few"), replace(ANSWER, stratum="sex=F")
    told = no_surer_than_whole([whole, part])[-1]
    assert told.verdict is Verdict.REFUSED
    assert told.stratum == "sex=F"
    assert told.estimate is None
