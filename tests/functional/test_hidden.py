"""`palermo hidden` as a user types it. The table is made up."""

import json
import re
import runpy
import signal
import sys
import time
from pathlib import Path

import pytest

from .conftest import start

TABLE = "police,shelter,hotline,count\n1,0,0,180\n0,1,0,120\n0,0,1,90\n1,1,0,30\n1,0,1,22\n0,1,1,15\n1,1,1,6\n"


@pytest.fixture
def table(tmp_path):
    file = tmp_path / "made-up.csv"
    file.write_text(TABLE)
    return file


def test_a_named_estimator_answers_with_interval_and_verdict(palermo, table):
    answer = palermo("hidden", table, "--estimator", "stepwise", "--bootstrap", "50", "--json")
    assert answer.code == 0, answer.err
    (row,) = answer.json
    assert row["lower"] < row["estimate"] < row["upper"]
    assert row["estimate"] > 463
    assert row["verdict"] in {"shown", "shown with warnings"}
    assert {"stratum", "estimator", "settings", "level", "reasons", "diagnostics"} <= set(row)


def test_the_same_seed_gives_the_same_answer(palermo, table):
    asked = ("hidden", table, "--estimator", "stepwise_BCa", "--bootstrap", "80", "--json")
    assert palermo(*asked).json == palermo(*asked).json


def test_the_table_in_words_says_what_was_seen(palermo, table):
    answer = palermo("hidden", table, "--estimator", "stepwise", "--bootstrap", "50")
    assert "463 persons were seen" in answer.out
    assert "seen and unseen" in answer.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nowhere.csv",), "no such file"),
        (("made-up.csv", "--estimator", "guess"), "no estimator 'guess'"),
        (("made-up.csv", "--strata", "sex"), "no covariate sex"),
        (("made-up.csv", "--lists", "police,ngo"), "no column ngo"),
    ],
)
def test_a_wrong_request_is_named(palermo, table, monkeypatch, arguments, words):
    monkeypatch.chdir(table.parent)
    answer = palermo("hidden", *arguments)
    assert answer.code == 2
    assert words in answer.words


def test_two_lists_that_share_nobody_have_no_estimate_and_the_exit_says_so(palermo, tmp_path):
    (tmp_path / "apart.csv").write_text("a,b,count\n1,0,50\n0,1,40\n")
    answer = palermo("hidden", tmp_path / "apart.csv", "--estimator", "stepwise", "--json")
    assert answer.code == 3
    assert answer.json[0]["estimate"] is None
    assert answer.json[0]["verdict"] == "refused"
    assert answer.json[0]["reasons"]


def test_the_page_is_written_whole_and_keeps_detected_and_estimated_apart(palermo, table, tmp_path):
    page = tmp_path / "pages" / "hidden.html"
    answer = palermo("hidden", table, "--estimator", "stepwise_BCa", "--bootstrap", "50", "--html", page)
    assert answer.code == 0, answer.err
    text = page.read_text(encoding="utf-8")
    assert "<script" not in text
    assert "detected" in text
    assert "estimated" in text
    assert [file.name for file in page.parent.iterdir()] == ["hidden.html"]


def test_parts_are_estimated_with_all_and_add_up_to_it(palermo, tmp_path):
    rows = ["police,shelter,hotline,sex,count"]
    for sex, times in (("F", 3), ("M", 1)):
        counts = {"1,0,0": 40, "0,1,0": 30, "0,0,1": 24, "1,1,0": 12, "1,0,1": 9, "0,1,1": 7, "1,1,1": 3}
        rows += [f"{history},{sex},{times * count}" for history, count in counts.items()]
    (tmp_path / "made-up.csv").write_text("\n".join(rows) + "\n")
    answer = palermo("hidden", tmp_path / "made-up.csv", "--strata", "sex", "--bootstrap", "20", "--json")
    assert answer.code == 0, answer.err
    pooled = [row for row in answer.json if row["estimator"].startswith("covariate_loglinear") and row["estimate"]]
    parts = {row["stratum"]: row["estimate"] for row in pooled if row["stratum"] != "_T"}
    assert set(parts) == {"sex=F", "sex=M"}
    whole = [row["estimate"] for row in pooled if row["stratum"] == "_T"]
    assert any(abs(sum(parts.values()) - total) < 1e-6 * total for total in whole)


HOW_TO = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "estimate-the-hidden-number.md"
STOPPED = "not run: stopped by the user"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_ctrl_c_prints_what_is_finished_and_says_what_is_not(tmp_path):
    rows = ["a,b,c,d,sex,count"]
    rows += [
        f"{h >> 3 & 1},{h >> 2 & 1},{h >> 1 & 1},{h & 1},{sex},{300 // (h.bit_count() ** 3) + h}"
        for sex in "FM"
        for h in range(1, 16)
    ]
    (tmp_path / "made-up.csv").write_text("\n".join(rows) + "\n")
    estimators = ("--estimator", "stepwise,lcmcr,drpop_TMLE,aic_average")
    asked = ("hidden", tmp_path / "made-up.csv", *estimators, "--strata", "sex", "--bootstrap", "200000", "--json")
    for seconds in (5, 20, 60):  # a busy machine takes long to begin
        process = start(*asked)
        time.sleep(seconds)
        process.send_signal(signal.SIGINT)
        told = time.monotonic()
        out, err = process.communicate(timeout=60)
        assert process.returncode == 1, err
        assert time.monotonic() - told < 20
        answers = json.loads(out)
        if isinstance(answers, list) and answers[0]["estimate"] is not None:
            break
    assert [row["estimator"] for row in answers[:4]] == estimators[1].split(",")
    assert answers[0]["estimate"] is not None
    assert answers[-1]["reasons"] == [STOPPED]
    assert "Stopped" in err


def test_estimators_may_be_named_with_commas(palermo, table):
    answer = palermo("hidden", table, "--estimator", "stepwise,chao_lower_bound", "--bootstrap", "0", "--json")
    assert [row["estimator"] for row in answer.json] == ["stepwise", "chao_lower_bound"]


def test_every_estimator_is_listed_with_what_it_assumes(palermo):
    listed = palermo("hidden", "--list-estimators", "--json").json
    assert {"estimator", "assumes", "lists", "needs_covariates", "citation"} == set(listed[0])
    assert all(row["assumes"] and row["citation"] for row in listed)
    words = palermo("hidden", "--list-estimators").out
    assert all(row["estimator"] in words for row in listed)


def test_a_reason_is_told_once_with_those_it_concerns(palermo, table):
    answer = palermo(
        "hidden", table, "--estimator", "chao_lower_bound,chao_bias_corrected,stepwise", "--bootstrap", "0"
    )
    lines = [line.strip() for line in answer.out.splitlines()]
    assert lines.index("") < next(place for place, line in enumerate(lines) if line.startswith("estimator"))
    assert any("persons in all, seen and unseen" in line and "by chance alone" in line for line in lines)
    reasons = [line.partition(": ")[2] for line in lines[lines.index("* preferred: what the headline is from") :]]
    told = [reason for reason in reasons if reason]
    assert len(told) == len(set(told))
    assert any(line.startswith("stepwise *") for line in lines)


def test_what_was_tried_stands_in_the_diagnostics(palermo, table):
    (row,) = palermo("hidden", table, "--estimator", "stepwise", "--bootstrap", "0", "--json").json
    assert {"sensitivity", "internal_consistency", "thinning", "simulation"} <= set(row["diagnostics"])


def test_the_page_names_nothing_as_not_done(palermo, table, tmp_path):
    page = tmp_path / "hidden.html"
    palermo("hidden", table, "--estimator", "stepwise", "--bootstrap", "0", "--html", page)
    text = page.read_text(encoding="utf-8")
    for words in ("No change was tried", "No simulation was run", "No list was estimated", "No persons were left out"):
        assert words not in text


def test_the_python_of_the_how_to_runs(tmp_path):
    (code,) = re.findall(r"## In Python\n\n```python\n(.*?)```", HOW_TO.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "example.py").write_text(code, encoding="utf-8")
    made = runpy.run_path(str(tmp_path / "example.py"))
    assert "What may be said" in made["page"]
    assert made["rows"][0]["citation"]
