"""``palermo attack`` as a user types it."""

import json
import shutil

import pytest

TABLE = "area,sex,count\nXXA,F,*\nXXA,M,12\nXXA,Total,15\nXXB,F,20\nXXB,M,9\nXXB,Total,29\n"


@pytest.fixture
def leaking(tmp_path):
    """A made-up table in which one hidden count follows."""
    path = tmp_path / "table.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def test_nothing_is_found_in_the_demo_release(palermo, demo):
    answer = palermo("attack", demo, "--json")
    assert answer.code == 0, answer.out + answer.err
    told = answer.json
    assert told["ok"]
    assert told["findings"] == []
    assert not told["confidential"]
    assert any(one["attack"] == "reconstruction" and one["tried"] > 100 for one in told["ran"])
    assert all(one["reason"] for one in told["could_not_run"])


def test_a_leak_is_named_without_its_value(palermo, leaking, tmp_path):
    page = tmp_path / "attack.html"
    answer = palermo("attack", leaking, "--report", page)
    assert answer.code == 3
    assert "follows by one subtraction" in " ".join(answer.out.split())
    text = page.read_text(encoding="utf-8")
    assert "CONFIDENTIAL" in text
    assert "area XXA, sex F" in text
    assert "(3)" not in answer.out + text
    assert palermo("attack", leaking, "--values", "--json").json["findings"][0]["told"] == "3"


def test_the_same_report_each_time(palermo, leaking, tmp_path):
    reports = [tmp_path / "one.json", tmp_path / "two.json"]
    for report in reports:
        assert palermo("attack", leaking, "--seed", "5", "--report", report).code == 3
    assert reports[0].read_bytes() == reports[1].read_bytes()
    assert json.loads(reports[0].read_text(encoding="utf-8"))["seed"] == 5


def test_a_string_is_searched_in_a_whole_workspace(palermo, demo, tmp_path):
    listed = tmp_path / "sealed.txt"
    listed.write_text("MADEUP-000417\n", encoding="utf-8")
    answer = palermo("attack", demo, "--search", listed, "--json")
    assert answer.code == 0, answer.out
    assert any(one["attack"] == "search" and "bytes" in one["words"] for one in answer.json["ran"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.csv"], "no such file or folder"),
        (["."], "holds nothing that can be attacked"),
        (["table.csv", "--report", "attack.pdf"], "ends in .html or .json"),
        (["table.csv", "--value", "persons"], "no such column"),
        (["table.csv", "--search", "empty.txt"], "no strings in it"),
        (["table.csv", "--within", "table.csv"], "expected the columns part, whole"),
    ],
    ids=["missing", "nothing in it", "report", "value", "search", "within"],
)
def test_what_cannot_be_done_is_said(palermo, leaking, monkeypatch, arguments, said):
    (leaking.parent / "empty.txt").write_text("\n", encoding="utf-8")
    (leaking.parent / "sub").mkdir()
    monkeypatch.chdir(leaking.parent / "sub" if arguments == ["."] else leaking.parent)
    answer = palermo("attack", *arguments)
    assert answer.code == 2, answer.out
    assert said in answer.words


def test_not_tried_is_not_the_same_as_not_found(palermo, tmp_path):
    rows = tmp_path / "rows.csv"
    rows.write_text("sex,age\nF,Y_GE18\n", encoding="utf-8")
    answer = palermo("attack", rows)
    assert answer.code == 1
    assert "no attack could run" in answer.words


def test_persons_under_seal_are_searched_without_being_asked_for(palermo, demo, tmp_path):
    copy = tmp_path / "country"
    shutil.copytree(demo, copy)
    sealed = copy / "work" / "sealed"
    sealed.mkdir(exist_ok=True)
    (sealed / "search.txt").write_text("MADEUP-000417\n", encoding="utf-8")
    assert palermo("attack", copy, "--json").code == 0
    (copy / "report" / "run.log").write_text("read madeup-000417", encoding="utf-8")
    answer = palermo("attack", copy, "--json")
    assert answer.code == 3
    assert [one["where"] for one in answer.json["findings"]] == ["country/report/run.log"]
    assert "000417" not in answer.out
