"""``palermo review``: labels, decisions, an interruption, a page. All persons are made up."""

import io
import json
import os
import pty
import select
import stat
import subprocess
import sys
import time

import pyarrow.parquet as pq
import pytest

from ..conftest import hears_ctrl_c


def answered(monkeypatch, keys):
    """What a clerk types."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{key}\n" for key in keys)))


def test_labels_of_a_review_calibrate_the_next_run(palermo, lists, monkeypatch):
    answered(monkeypatch, ["s", "d", "u", "b", "d", "q"])
    first = palermo("review", "--links", "links", "--clerk", "anna", "--json")
    assert first.code == 0, first.err
    assert (first.json["done"], first.json["stopped"]) == (3, True)
    assert stat.S_IMODE((lists / "links" / "labels.jsonl").stat().st_mode) == 0o600
    answered(monkeypatch, ["s"] * 40 + ["q"])  # an interrupted review goes on where it stopped
    again = palermo("review", "--links", "links", "--clerk", "anna", "--json")
    assert again.json["done"] == min(43, again.json["asked"])
    answered(monkeypatch, ["s", "q"])
    second = palermo("review", "--links", "links", "--clerk", "bo")
    assert "anna and bo agree on" in second.out
    told = palermo("link", "police.csv", "shelter.csv", "--out", "links", "--json").json
    assert told["labelled"] >= 40
    assert told["clerks"] == 2
    assert any(one["missed"] is not None for one in told["by_list_pair"])
    assert "Nobody labelled a pair" not in (lists / "links" / "linkage.html").read_text()


def test_a_clerk_who_presses_one_key_is_found_out(palermo, lists, monkeypatch):
    answered(monkeypatch, ["d"] * 2000)
    review = palermo("review", "--links", "links", "--clerk", "anna")
    assert "These labels do not agree with the scores (clerk anna)" in " ".join(review.out.split())
    linked = palermo("link", "police.csv", "shelter.csv", "--out", "links", "--json").json
    assert linked["labelled"] == 0
    assert any("These labels do not agree with the scores" in notice for notice in linked["notices"])
    assert "These labels do not agree" in (lists / "links" / "linkage.html").read_text()
    assert "Nobody labelled a pair" not in (lists / "links" / "linkage.html").read_text()


def person_of(folder, name, record):
    members = pq.read_table(folder / "links" / "memberships.parquet").to_pylist()
    return next(row["person_id"] for row in members if (row["list"], row["record_id"]) == (name, record))


def test_a_decision_joins_keeps_apart_is_kept_and_undone(palermo, lists):
    review, by = ("review", "--links", "links"), ("--by", "anna", "--why", "the passport, read out by the shelter")
    link = ("link", "police.csv", "shelter.csv", "--out", "links", "--json")
    apart, joined = ("police:130", "shelter:10"), ("police:1", "shelter:200")
    assert person_of(lists, "police", "130") == person_of(lists, "shelter", "10")
    assert palermo(*review, "--decide", *apart, "different", *by).out.startswith("Decision 1: two persons")
    assert palermo(*review, "--decide", *joined, "same", *by).code == 0
    assert stat.S_IMODE((lists / "links" / "decisions.jsonl").stat().st_mode) == 0o600
    for _ in range(2):  # and linked again they hold
        palermo(*link)
        assert person_of(lists, "police", "130") != person_of(lists, "shelter", "10")
        assert person_of(lists, "police", "1") == person_of(lists, "shelter", "200")
    assert "says the same already" in palermo(*review, "--decide", *joined, "same", *by).words
    assert "withdraw one" in palermo(*review, "--decide", *joined, "different", *by).words
    undone = palermo(*review, "--decide", *apart, "undo", "--by", "berta", "--json").json
    assert [one["withdrawn_by"] for one in undone["decisions"]] == [3, None]
    shown = palermo(*review, "--decisions").out
    assert "police:130" in shown and "undone" in shown
    palermo(*link)
    assert person_of(lists, "police", "130") == person_of(lists, "shelter", "10")
    assert person_of(lists, "police", "1") == person_of(lists, "shelter", "200")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("police:1", "shelter:2", "same", "--why", "x"), "--by"),
        (("police:1", "shelter:2", "same", "--by", "a"), "--why"),
        (("police:1", "shelter:2", "perhaps", "--by", "a", "--why", "x"), "third word"),
        (("1", "shelter:2", "same", "--by", "a", "--why", "x"), "LIST:RECORD"),
        (("police:1", "shelter:9999", "same", "--by", "a", "--why", "x"), "holds no record"),
        (("police:1", "police:1", "same", "--by", "a", "--why", "x"), "the same record"),
        (("police:1", "shelter:2", "undo", "--by", "a"), "none can be undone"),
    ],
)
def test_a_decision_that_cannot_be_made_says_why(palermo, lists, arguments, said):
    made = palermo("review", "--links", "links", "--decide", *arguments)
    assert made.code == 2
    assert said in made.words
    assert "9999" not in made.words
    assert not (lists / "links" / "decisions.jsonl").exists()


def heard(terminal, wait):
    """What a program wrote to its terminal, "" where nothing came within ``wait`` seconds or the terminal is gone."""
    if not select.select([terminal], [], [], wait)[0]:
        return ""
    try:
        return os.read(terminal, 65536).decode(errors="replace")
    except OSError:  # the program has ended
        return ""


def at_a_terminal(folder, keys, close=False):
    """``palermo review`` at a terminal of its own: what it showed after these keys, and its exit code."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "palermo", "review", "--links", "links", "--clerk", "anna"]
    how = {"stdin": theirs, "stdout": theirs, "stderr": theirs, "preexec_fn": hears_ctrl_c}
    running = subprocess.Popen(command, cwd=folder, start_new_session=True, **how)
    os.close(theirs)
    shown = ""

    def until_asked():
        nonlocal shown
        limit = time.monotonic() + 60
        while not shown.endswith("help: ") and time.monotonic() < limit:
            shown += heard(ours, 1)

    for key in keys:
        until_asked()
        answer = ""
        while not answer:  # a key pressed just before the program listens is dropped by the terminal
            time.sleep(0.1)
            os.write(ours, key.encode())
            answer = heard(ours, 5)
        shown += answer
    if close:
        until_asked()
        os.close(ours)
        running.wait(timeout=60)
        return shown, running.returncode
    while more := heard(ours, 60):
        shown += more
    os.close(ours)
    return shown, running.wait(timeout=60)


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
def test_a_review_that_is_interrupted_loses_no_answer(lists):
    labels = lists / "links" / "labels.jsonl"
    shown, code = at_a_terminal(lists, ["s", "d", "\x03"])
    assert "Stopped: 2 of" in shown
    assert code == 1
    shown, code = at_a_terminal(lists, ["u", "\x04"])
    assert "Pair 3 of" in shown
    assert (code, "Stopped: 3 of" in shown) == (0, True)
    at_a_terminal(lists, ["s"], close=True)
    with labels.open("a") as file:
        file.write('{"answer": "sa')  # and a machine that stopped while it wrote
    shown, code = at_a_terminal(lists, ["d", "q"])
    assert "Pair 5 of" in shown
    assert "Stopped: 5 of" in shown
    assert code == 0
    told = [json.loads(line)["answer"] for line in labels.read_text().splitlines() if line.endswith("}")]
    assert told == ["same", "different", "unsure", "same", "different"]


def test_a_review_on_a_page_comes_back_as_a_file(palermo, lists):
    made = palermo("review", "--links", "links", "--clerk", "anna", "--page", "pairs.html", "--json")
    assert made.json["pairs"] > 50
    assert stat.S_IMODE((lists / "pairs.html").stat().st_mode) == 0o600
    pair = json.loads((lists / "links" / "sample.jsonl").read_text().splitlines()[0])
    line = {name: pair[name] for name in ("left", "right", "band")} | {"clerk": "anna", "answer": "same"}
    (lists / "answers.jsonl").write_text(json.dumps(line) + "\n")
    for expected in (1, 0):
        taken = palermo("review", "--links", "links", "--import", "answers.jsonl", "--json")
        assert taken.json["taken"] == expected
    assert taken.json["clerks"]["anna"]["same"] == 1


def test_review_asks_who_answers_and_where(palermo, lists):
    assert "--clerk" in palermo("review", "--links", "links").words
    for arguments in (("--links", "nowhere"), ("--workspace", "nowhere"), ("police.csv",)):
        assert palermo("review", *arguments).code == 2
