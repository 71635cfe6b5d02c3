"""`palermo hidden` as a user types it. The table is made up."""

import pytest

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
