"""What is tried beyond the answers, and what is left of it after Ctrl-C. The table is made up."""

from dataclasses import replace

import numpy as np
import pytest

from palermo.hidden import CaptureTable, estimate, trials
from palermo.hidden.answer import Settings
from palermo.hidden.trials import Trials, repeated, try_all, with_trials

TABLE = CaptureTable(("A", "B", "C"), np.arange(1, 8), np.array([180, 120, 30, 90, 22, 15, 6]))
SETTINGS = Settings(bootstrap=0)


@pytest.fixture(scope="module")
def answers():
    return estimate(TABLE, ["stepwise", "chao_lower_bound"], SETTINGS)


@pytest.fixture(scope="module")
def tried(answers):
    return try_all(TABLE, answers, SETTINGS)


def test_everything_is_tried_and_stands_in_the_diagnostics(answers, tried):
    assert tried.missing == ()
    stepwise, chao = with_trials(answers, tried)
    assert {own["kind"] for own in stepwise.diagnostics["sensitivity"]} == {
        "leave_out", "merge", "interaction", "threshold",
    }  # fmt: skip
    assert [own["list_name"] for own in stepwise.diagnostics["internal_consistency"]] == ["A", "B", "C"]
    assert stepwise.diagnostics["thinning"][0]["fraction"] == 1.0
    (simulated,) = stepwise.diagnostics["simulation"]
    assert simulated["tables"] == trials.TABLES
    assert simulated["covered"] > 0.8  # the model that is simulated from is true
    assert "simulation" not in chao.diagnostics


def test_a_part_keeps_its_own_diagnostics(answers, tried):
    part = replace(answers[0], stratum="sex=F")
    assert with_trials([part], tried) == [part]


def test_the_bootstrap_is_repeated_as_the_number_it_limits(answers):
    assert repeated([replace(answers[0], estimator="stepwise_BCa")]) == ["stepwise"]


def test_ctrl_c_keeps_what_is_finished(answers, monkeypatch):
    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(trials, "thinning", stop)
    found = try_all(TABLE, answers, SETTINGS)
    assert found.variants
    assert found.checks
    assert found.missing == ("fewer persons", "simulation from the fitted model")


def test_without_a_model_nothing_is_simulated():
    chao = estimate(TABLE, ["chao_lower_bound"], SETTINGS)
    assert try_all(TABLE, chao, SETTINGS) == Trials(variants=try_all(TABLE, chao, SETTINGS).variants)


def test_progress_never_goes_back(answers):
    told = []
    try_all(TABLE, answers, replace(SETTINGS, progress=lambda done, total, _: told.append(done / (total or 1))))
    assert told[0] == 0
    assert told[-1] == 1
