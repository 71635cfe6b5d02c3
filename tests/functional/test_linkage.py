"""``palermo link``, ``encode`` and ``review`` as a user types them, with bad input too. All persons are made up."""

import io
import json
import os
import pty
import random
import select
import shutil
import signal
import stat
import subprocess
import sys
import time
from contextlib import redirect_stdout

import pyarrow.parquet as pq
import pytest

from palermo.cli import main
from palermo.linkage.plain_mapping import read_mapping

from .conftest import hears_ctrl_c, start

SYLLABLES = ["ba", "do", "ki", "lu", "mo", "ne", "pa", "ri", "su", "ta", "ve", "zo"]
HEADER = "person,given_name,surname,birth_date,town\n"


def people(count, seed=1, first=1):
    """Made-up persons of random syllables: number, given name, family name, birth date, town."""
    draw = random.Random(seed)

    def name(length):
        return "".join(draw.choice(SYLLABLES) for _ in range(length)).capitalize()

    return [
        (
            str(number),
            name(2),
            name(3),
            f"{draw.randint(1960, 2005)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}",
            name(2),
        )
        for number in range(first, first + count)
    ]


def write(path, rows, header=HEADER):
    path.write_text(header + "".join(",".join(row) + "\n" for row in rows))
    return path


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    """Two lists of 240 and 200 records that share 120 persons, and what linking them wrote. Not to be changed."""
    folder = tmp_path_factory.mktemp("lists")
    everybody = people(320)
    files = write(folder / "police.csv", everybody[:240]), write(folder / "shelter.csv", everybody[120:])
    with pytest.raises(SystemExit) as left, redirect_stdout(io.StringIO()) as said:
        main(["link", *map(str, files), "--truth", "person", "--out", str(folder / "links"), "--json"])
    assert left.value.code in (0, None)
    (folder / "said.json").write_text(said.getvalue())
    return folder


@pytest.fixture
def lists(once, tmp_path, monkeypatch):
    """The two lists and what linking them wrote, in a folder of their own."""
    shutil.copytree(once, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def key(lists, palermo):
    """The key of a made-up project."""
    assert palermo("encode", "--new-key", "tip.key", "--project", "tip").code == 0
    return lists / "tip.key"


@pytest.fixture
def encoded(key, palermo):
    """The two lists as encodings."""
    for name in ("police", "shelter"):
        made = palermo("encode", f"{name}.csv", "--key", key, "--record", "person")
        assert made.code == 0, made.err
    return key.parent


def answered(monkeypatch, keys):
    """What a clerk types."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{key}\n" for key in keys)))


def test_linking_files_scores_itself_and_writes_all_but_names(lists):
    told = json.loads((lists / "said.json").read_text())
    assert told["score"]["best_f1"] > 0.97
    assert {"precision", "recall", "threshold", "true_pairs"} <= set(told["score"])
    assert told["score"]["true_pairs"] == 120
    assert abs(told["persons"] - 320) <= 3
    assert told["mapping"]["police"]["columns"]["family_name"] == ["surname"]
    assert "person" not in json.dumps(told["mapping"])
    memberships = pq.read_table(told["memberships"])
    assert memberships.num_rows == 440
    assert len(set(memberships["person_id"].to_pylist())) == told["persons"]
    assert pq.read_table(told["pairs"]).num_rows > 100
    assert read_mapping(lists / "links" / "police.mapping.toml").columns["birth_date"] == ("birth_date",)
    for file in (lists / "links").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    page, data = ((lists / "links" / f"linkage.{kind}").read_text() for kind in ("html", "json"))
    for name in people(320)[0][1:]:
        assert name not in page
        assert name not in data
    assert "Nobody labelled a pair" in page
    assert "only the curve" in page
    rates = json.loads(data)["rates"]
    assert {(one["list_a"], one["list_b"]) for one in rates} >= {("police", "shelter")}
    assert all(one["missed"] is None for one in rates)


def test_each_file_has_a_mapping_of_its_own(palermo, lists):
    rows = [(row[1], row[2], row[3], row[4]) for row in people(320)]
    write(lists / "polizei.csv", rows[:240], "Vorname,Nachname,geb,Ort\n")
    write(lists / "abri.csv", rows[120:], "a,b,c,d\n")
    told = palermo("link", "polizei.csv", "--out", "first", "--json").json
    assert told["mapping"]["polizei"]["columns"] == {
        "given_name": ["Vorname"], "family_name": ["Nachname"], "birth_date": ["geb"], "place": ["Ort"]
    }  # fmt: skip
    (lists / "abri.toml").write_text('[columns]\ngiven_name = "a"\nfamily_name = "b"\nbirth_date = "c"\nplace = "d"\n')
    files = ("polizei.csv", "abri.csv")
    mappings = ("--mapping", "first/polizei.mapping.toml", "--mapping", "abri.toml")
    both = palermo("link", *files, *mappings, "--out", "both", "--json").json
    assert abs(both["persons"] - 320) <= 3
    turned = palermo("link", *files[::-1], *mappings, "--out", "both")
    assert (turned.code, "abri.csv: columns of the mapping not found" in turned.words) == (2, True)
    three = palermo("link", *files, "police.csv", *mappings)
    assert (three.code, "--mapping is given 2 times for 3 files" in three.words) == (2, True)


def test_a_mapping_that_is_not_there_or_not_one_is_said_in_words(palermo, lists):
    absent = palermo("link", "police.csv", "--mapping", "none.toml")
    assert absent.code == 2
    assert "none.toml: no such mapping file" in absent.words
    assert "Errno" not in absent.words
    (lists / "other.toml").write_text('given_name = "given_name"\n')
    assert (
        "expected a table [columns] with lines such as"
        in palermo("link", "police.csv", "--mapping", "other.toml").words
    )


def test_a_list_whose_rows_are_empty_is_named(palermo, lists):
    write(lists / "empty.csv", [("", "", "", "", "")] * 30)
    answer = palermo("link", "police.csv", "empty.csv")
    assert answer.code == 2
    assert "empty.csv: no row holds a value" in answer.words


def test_lists_that_share_nobody_and_a_list_of_one_record_alone(palermo, lists):
    rows = people(600, seed=9)
    write(lists / "one.csv", rows[:300])
    write(lists / "other.csv", rows[300:])
    told = palermo("link", "one.csv", "other.csv", "--truth", "person", "--json").json
    assert abs(told["persons"] - 600) <= 2
    assert told["score"]["true_pairs"] == 0
    write(lists / "alike.csv", [("", "Bado", "Zolomo", "1990-05-17", "Kine")] * 1_000)
    alike = palermo("link", "alike.csv")
    assert "1,000 records are of 1,000 persons" in alike.out
    assert "If this is one record many times, keep it once" in " ".join(alike.out.split())


def test_without_the_truth_the_same_links_to_the_byte(palermo, lists):
    everybody = [row[1:] for row in people(320)]
    write(lists / "police.csv", everybody[:240], HEADER.removeprefix("person,"))
    write(lists / "shelter.csv", everybody[120:], HEADER.removeprefix("person,"))
    told = palermo("link", "police.csv", "shelter.csv", "--out", "again", "--json").json
    assert told["score"] is None
    for file in (lists / "links").iterdir():
        assert file.read_bytes() == (lists / "again" / file.name).read_bytes(), file.name


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


def test_the_key_ceremony(palermo, key):
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    shares = palermo("encode", "--split", 3, "--need", 2, "--key", key, "--json").json["shares"]
    assert len(shares) == 3
    assert palermo("encode", "--destroy", key).code == 0
    assert not key.exists()
    too_few = palermo("encode", "--join", "back.key", shares[0])
    assert too_few.code == 3
    assert "2 are needed" in too_few.words
    made = palermo("encode", "--join", "back.key", shares[0], shares[2], "--json")
    assert made.json["project"] == "tip"
    assert palermo("encode", "--join", "back.key", shares[1], shares[2]).code == 3  # never written over
    both = palermo("encode", "--destroy", "back.key", "--new-key", "other.key")
    assert both.code == 2
    assert "one at a time" in both.words


def test_encodings_are_linked_without_names(palermo, encoded):
    shutil.rmtree(encoded / "links")
    told = palermo("link", "police.enc", "shelter.enc", "--out", "links", "--json").json
    assert abs(told["persons"] - 320) <= 16
    assert told["lists"] == {"police": 240, "shelter": 200}
    texts = " ".join(file.read_bytes().decode("latin-1") for file in (encoded / "links").iterdir())
    for _, given, family, _, _ in people(320)[:40]:
        assert given not in texts
        assert family not in texts
    review = palermo("review", "--links", "links", "--clerk", "anna")
    assert review.code == 2
    assert "owners" in review.words


def test_owners_label_at_home(palermo, encoded):
    shutil.rmtree(encoded / "links")
    palermo("link", "police.enc", "shelter.enc", "--out", "links")
    tasks = palermo("review", "--links", "links", "--owners", "tasks", "--json").json["tasks"]
    assert len(tasks) == 2
    cards = palermo(
        "review", "police.csv", "--task", tasks[0], "--ids", "police.ids.csv", "--record", "person", "--json"
    ).json["cards"]
    names = {f"{given.lower()} {family.lower()}" for _, given, family, _, _ in people(320)[:240]}
    assert all(any(name in card.lower() for name in names) for card in cards)
    (encoded / "answers.csv").write_text("pair,answer\n1,same\n2,different\n")
    taken = palermo("review", "--links", "links", "--import", "answers.csv", "--json").json
    assert taken["clerks"]["owners"] == {"same": 1, "different": 1, "unsure": 0}
    (encoded / "answers.csv").write_text("pair,answer\n1,perhaps\n")
    assert "line 2, column answer" in palermo("review", "--links", "links", "--import", "answers.csv").words


def test_the_self_test_finds_no_name_and_breaks_weak_builds(palermo, key):
    told = palermo("encode", "police.csv", "--attack", "--key", key, "--json")
    assert told.code == 0
    assert not told.json["broken"]
    assert "no key" not in told.json["weak_builds_not_broken"]
    assert not list(key.parent.glob("*.enc"))


def test_encodings_of_different_keys_and_parameters_are_refused(palermo, encoded):
    palermo("encode", "--new-key", "other.key", "--project", "tip")
    palermo("encode", "shelter.csv", "--key", "other.key", "--out", "other.enc")
    answer = palermo("link", "police.enc", "other.enc")
    assert answer.code == 3
    assert "another key" in answer.words
    palermo("encode", "--new-parameters", "p.json")
    text = (encoded / "p.json").read_text().replace('"bits": 1024', '"bits": 512')
    (encoded / "p.json").write_text(text)
    palermo("encode", "shelter.csv", "--key", "tip.key", "--parameters", "p.json", "--out", "short.enc")
    answer = palermo("link", "police.enc", "short.enc")
    assert answer.code == 3
    assert "parameters" in answer.words
    assert not (encoded / "linkage").exists()


def test_encodings_and_names_are_never_linked_together(palermo, encoded):
    answer = palermo("link", "police.enc", "shelter.csv")
    assert answer.code == 3
    assert "never linked together" in answer.words
    assert palermo("link", "police.enc", "--truth", "person").code == 2


def test_encodings_are_not_written_beside_names(palermo, encoded):
    answer = palermo("link", "police.enc", "shelter.enc", "--out", "links")
    assert answer.code == 3
    assert "folder of their own" in answer.words


def test_a_truncated_file_of_encodings_is_refused(palermo, encoded):
    whole = (encoded / "police.enc").read_bytes()
    (encoded / "police.enc").write_bytes(whole[: len(whole) // 2])
    answer = palermo("link", "police.enc", "shelter.enc")
    assert answer.code == 3
    assert "cut short" in answer.words


def test_a_key_that_others_may_read_is_refused(palermo, key):
    key.chmod(0o644)
    answer = palermo("encode", "police.csv", "--key", key)
    assert answer.code == 3
    assert "others may read" in answer.words
    assert not list(key.parent.glob("*.enc"))


@pytest.mark.parametrize(
    ("text", "arguments", "words"),
    [
        ("", (), "the file is empty"),
        (HEADER, (), "no rows of data"),
        ("name,name,born\nBado Kiluba,x,2000-01-01\n", (), "column names must differ"),
        ("person,note\n1,a\n2,b\n2,c\n", ("--truth", "person"), "no column says who a person is"),
        ("person\n1\n2\n2\n", ("--truth", "person"), "no row holds a value"),
        (HEADER + "1,Bado,Kiluba,2000-01-01,Taba\n", ("--mapping", "map.toml"), "forename"),
        (HEADER + "1,Bado,Kiluba,2000-01-01,Taba\n", ("--truth", "who"), "no column 'who'"),
        (HEADER + "1,Bado,Kiluba,2000-01-01,Taba\n", ("--truth", "person:("), "not a regular expression"),
        (HEADER + "1,Bado,Kiluba,2000-01-01,Taba\n", ("--mapping", "nowhere.toml"), "nowhere.toml"),
        ("1,Bado,Kiluba,2000-01-01,Taba\n2,Doki,Lumone,2001-01-01,Taba\n", (), "holds data and no names of columns"),
        ("\x00\x01\x02" * 50, (), "Expected CSV, XLSX or Parquet"),
    ],
)
def test_a_file_that_cannot_be_linked_says_why(palermo, tmp_path, monkeypatch, text, arguments, words):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "list.csv").write_text(text)
    (tmp_path / "map.toml").write_text('[columns]\ngiven_name = "forename"\n')
    answer = palermo("link", "list.csv", *arguments)
    assert answer.code == 2
    assert words in answer.words
    assert "Kiluba" not in answer.err
    assert not (tmp_path / "linkage").exists()


def test_record_numbers_are_those_of_the_office(palermo, tmp_path):
    rows = [(f"P-{row[0]}", *row[1:]) for row in people(30)]
    told = linked(palermo, tmp_path, write(tmp_path / "a.csv", rows).stem, record="person")
    assert pq.read_table(told["memberships"])["record_id"].to_pylist()[:2] == ["P-1", "P-2"]
    assert "person" not in json.dumps(told["mapping"])
    write(tmp_path / "a.csv", [*rows, rows[0]])
    twice = palermo("link", tmp_path / "a.csv", "--record", "person")
    assert twice.code == 2
    assert "record 31: the number comes twice" in twice.words


def test_no_file_and_no_workspace_says_what_to_name(palermo, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for answer, words in ((palermo("link"), "palermo.toml"), (palermo("link", "nowhere.csv"), "nowhere.csv")):
        assert answer.code == 2
        assert words in answer.words


def linked(palermo, folder, *names, record=None):
    """Link lists of a folder; the summary."""
    files = [folder / f"{name}.csv" for name in names]
    more = ("--record", record) if record else ()
    answer = palermo("link", *files, *more, "--out", folder / "links", "--json")
    assert answer.code == 0, answer.err
    return answer.json


def test_lists_that_share_nobody_stay_apart(palermo, tmp_path):
    write(tmp_path / "a.csv", [row[1:] for row in people(200)], HEADER.removeprefix("person,"))
    write(tmp_path / "b.csv", [row[1:] for row in people(200, seed=2)], HEADER.removeprefix("person,"))
    assert linked(palermo, tmp_path, "a", "b")["persons"] >= 396


def test_one_record_alone_is_one_person(palermo, tmp_path):
    write(tmp_path / "a.csv", people(1))
    told = linked(palermo, tmp_path, "a")
    assert told["persons"] == 1
    assert any("nothing to link" in notice for notice in told["notices"])


def test_a_list_without_any_name_says_so(palermo, tmp_path):
    rows = [("", "", "", *row[3:]) for row in people(100)]
    write(tmp_path / "a.csv", rows)
    told = linked(palermo, tmp_path, "a")
    assert told["persons"] >= 98
    assert any("every record lacks a name" in notice for notice in told["notices"])
    assert "Nobody labelled" in (tmp_path / "links" / "linkage.html").read_text()


def test_one_surname_for_all_does_not_join_all(palermo, tmp_path):
    rows = [("", row[1], "Same", *row[3:]) for row in people(200)]
    write(tmp_path / "a.csv", rows + rows[:40])
    assert 195 <= linked(palermo, tmp_path, "a")["persons"] <= 205


def test_identical_records_end_in_good_time(palermo, tmp_path):
    write(tmp_path / "a.csv", [("", "Bado", "Kiluba", "2000-01-01", "Taba")] * 20_000)
    begun = time.monotonic()
    told = linked(palermo, tmp_path, "a")
    assert time.monotonic() - begun < 30
    assert told["records"] == 20_000
    assert told["notices"]


@pytest.mark.slow
def test_a_million_identical_records(palermo, tmp_path):
    write(tmp_path / "a.csv", [("", "Bado", "Kiluba", "2000-01-01", "Taba")] * 1_000_000)
    assert linked(palermo, tmp_path, "a")["records"] == 1_000_000


def test_ctrl_c_leaves_nothing_half_written(tmp_path):
    rows = people(200_000)  # which takes far longer than the signal, on any machine
    write(tmp_path / "a.csv", rows + rows[:50_000])
    running = start("link", "a.csv", "--out", "links", cwd=tmp_path)
    time.sleep(4)
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=60)
    assert running.returncode == 1
    assert "interrupted" in err.lower()
    assert "Traceback" not in err
    folder = tmp_path / "links"
    assert not folder.exists() or not list(folder.iterdir())
