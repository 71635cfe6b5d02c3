"""One function over all estimators: order, strata, Ctrl-C, the estimate table."""

import json
from dataclasses import replace

import pytest

from palermo.errors import UsageError
from palermo.hidden import compare, estimate
from palermo.hidden.answer import Answer, Settings, Verdict
from palermo.hidden.estimate import STOPPED, as_row, as_table
from palermo.hidden.schema import ESTIMATES

pytestmark = pytest.mark.usefixtures("made_up")


def test_the_named_ones_run_in_the_order_named(table):
    answers = estimate(table, ["stepwise", "two_lists"])
    assert [answer.estimator for answer in answers] == ["stepwise", "two_lists"]
    assert answers[1].estimate == pytest.approx(205 * 185 / 45)
    assert answers[1].diagnostics["one_person"]["percent"] == pytest.approx(1.774, abs=1e-3)
    assert answers[1].stratum == "_T"
    assert "one_person" not in answers[0].diagnostics


def test_strata_follow_the_whole(table):
    answers = estimate(table, ["two_lists"], by=["sex"])
    assert [answer.stratum for answer in answers] == ["_T", "sex=F", "sex=M"]
    assert answers[2].estimate == pytest.approx(60 * 50 / 10)


def test_an_estimator_that_does_not_apply_says_so(table):
    (answer,) = estimate(table.without("C"), ["dga_bma"])
    assert answer.verdict is Verdict.REFUSED
    assert "needs 3 lists" in answer.reasons[0]


def test_ctrl_c_keeps_what_is_done_and_names_what_is_not(table):
    answers = estimate(table, ["two_lists", "stopped", "stepwise"])
    assert answers[0].estimate is not None
    assert [answer.reasons for answer in answers[1:]] == [(STOPPED,), (STOPPED,)]


def test_progress_ends_with_all_done(table):
    told = []
    estimate(table, ["two_lists", "stepwise"], Settings(progress=lambda *what: told.append(what)))
    shares = [done / total for done, total, _ in told]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert told[-1][0] == told[-1][1]
    assert told[-1][2] == "estimated"


@pytest.mark.parametrize("wrong", [{"bootstrap": -1}, {"max_order": 0}, {"delta": 0.0}, {"level": 1.0}])
def test_settings_that_mean_nothing_are_refused(table, wrong):
    with pytest.raises(UsageError, match="expected"):
        estimate(table, ["two_lists"], Settings(**wrong))


def test_a_level_outside_is_refused(table):
    with pytest.raises(UsageError, match=r"0\.95"):
        estimate(table, ["two_lists"], Settings(level=95))


def test_the_estimate_table_holds_every_answer(table):
    answers = estimate(table, ["two_lists", "dga_bma"])
    made = as_table(answers)
    assert made.schema == ESTIMATES
    row = made.to_pylist()[0]
    assert json.loads(row["diagnostics"])["bits"] == 3
    assert json.loads(row["settings"])["seed"] == 1


def test_numbers_that_json_lacks_become_names():
    own = Answer("x", 1.0, 1.0, 1.0, 0.95, diagnostics={"r_hat": float("nan"), "terms": (float("-inf"), {2, 1})})
    assert as_row(own)["diagnostics"] == '{"r_hat": "nan", "terms": ["-inf", [1, 2]]}'


def test_compare_gives_rows_with_the_citation(table):
    assert compare(table, ["two_lists"])[0]["citation"] == "Chapman 1951"


def test_nobody_seen_is_no_estimate(table):
    (answer,) = estimate(replace(table, counts=table.counts * 0), ["two_lists"])
    assert answer.reasons == ("no list saw anybody",)
