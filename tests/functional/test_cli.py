"""Every verb as a user types it: what it says, what it writes, and the code it leaves with."""

import json
import shutil

import pyarrow.parquet as pq
import pytest

VERBS = (
    "init",
    "demo",
    "map",
    "intake",
    "link",
    "encode",
    "account",
    "hidden",
    "release",
    "report",
    "run",
    "receipt",
    "check",
)
CASES = "case,date,sex,age,purpose\n" + "".join(
    f"{n},2021-0{1 + n % 9}-11,{'female' if n % 3 else 'male'},{12 + n % 30},{'sexual' if n % 2 else 'begging'}\n"
    for n in range(1, 201)
)
MAPPING = """[mapping]
name = "made-up"
table = "cases"
[fields.record_id]
column = "case"
[fields.date]
column = "date"
[fields.sex]
column = "sex"
[fields.age]
column = "age"
[fields.forms]
column = "purpose"
"""


@pytest.fixture
def cases(tmp_path):
    """A made-up case file and its mapping."""
    (tmp_path / "cases.csv").write_text(CASES)
    (tmp_path / "cases.toml").write_text(MAPPING)
    return tmp_path


def test_help_names_every_verb_and_the_exit_codes(palermo):
    answer = palermo("--help")
    assert answer.code == 0
    for word in (*VERBS, "Exit codes", "refused", "palermo demo"):
        assert word in answer.out


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself_with_an_example(palermo, verb):
    answer = palermo(verb, "--help")
    assert answer.code == 0
    assert "Example" in answer.out
    assert "--json" in answer.out


def test_version(palermo):
    assert palermo("--version").out.startswith("palermo 0.")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("dance",), 2, "No such command"),
        (("run", "--workspace", "nowhere"), 2, "no palermo.toml here"),
        (("intake", "nowhere.csv"), 2, "nowhere.csv"),
        (("report", "--release", "nowhere"), 1, "nowhere"),
        (("init", "here", "--area", "Atlantis"), 2, "not a country or area we know"),
        (("demo", "--persons", "3"), 2, "persons"),
    ],
)
def test_a_wrong_request_says_what_is_wrong(palermo, tmp_path, monkeypatch, arguments, code, words):
    monkeypatch.chdir(tmp_path)
    answer = palermo(*arguments)
    assert answer.code == code
    assert words in answer.words
    assert list(tmp_path.iterdir()) == []


def test_an_error_is_json_too(palermo, tmp_path):
    answer = palermo("run", "--workspace", tmp_path, "--json")
    assert answer.code == 2
    assert answer.json["error"]["exit_code"] == 2


def test_intake_of_one_file_gives_the_counts(palermo, cases):
    answer = palermo("intake", cases / "cases.csv", "--mapping", cases / "cases.toml", "--out", cases / "out", "--json")
    assert answer.code == 0, answer.err
    assert (answer.json["read"], answer.json["accepted"], answer.json["quarantined"]) == (200, 200, 0)
    assert (cases / "out" / "cases.cases.parquet").is_file()


def test_init_then_run_then_run_again(palermo, cases):
    folder = cases / "tip"
    made = palermo(
        "init", folder, "--area", "Germany", "--source", cases / "cases.csv", "--years", "2021-2021", "--json"
    )
    assert made.code == 0, made.err
    assert made.json["sources"][0]["mapping"]
    first = palermo("run", "--workspace", folder, "--json")
    assert first.code == 0, first.err
    assert first.json["intake"]["accepted"] == 200
    assert (folder / "report").is_dir()
    again = palermo("run", "--workspace", folder, "--json").json
    assert again["report"]["skipped"]
    assert again["release"]["id"] == first.json["release"]["id"]


def test_a_changed_file_is_read_anew_and_makes_another_release(palermo, cases):
    folder = cases / "tip"
    palermo("init", folder, "--area", "DEU", "--source", cases / "cases.csv")
    first = palermo("run", "--workspace", folder, "--json").json
    (cases / "cases.csv").write_text(CASES + "201,2021-05-05,female,20,begging\n" * 1)
    second = palermo("run", "--workspace", folder, "--json").json
    assert second["intake"]["read"] == 201
    assert second["release"]["id"] != first["release"]["id"]


def test_map_writes_a_mapping_that_intake_takes(palermo, cases):
    answer = palermo("map", cases / "cases.csv", "--out", cases / "maps", "--json")
    assert answer.code == 0, answer.err
    mapping = answer.json["mapping"]
    taken = palermo("intake", cases / "cases.csv", "--mapping", mapping, "--out", cases / "out", "--json")
    assert taken.json["accepted"] == 200
    assert palermo("map", cases / "cases.csv", "--out", cases / "maps").code == 2  # never overwritten unasked


def test_demo_can_be_scored(palermo, demo, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(demo, folder)
    answer = palermo("demo", "--no-serve", "--dir", folder, "--persons", 4000, "--draft", "--score")
    assert answer.code == 0, answer.err
    assert "truth" in answer.out
    assert "made up" in answer.out


def test_receipt_in_words_and_as_json(palermo, demo):
    released = json.loads((demo / "work" / "stages.json").read_text())["release"]["summary"]["path"]
    receipts = palermo("check", "--release", released, "--json")
    assert receipts.code == 0, receipts.out
    number = _a_receipt(released)
    words = palermo("receipt", number[:8], "--workspace", demo)
    assert words.code == 0, words.err
    assert number in words.out
    assert palermo("receipt", number, "--release", released, "--json").json["indicator"]
    assert palermo("receipt", "ffffffffffffffff", "--workspace", demo).code == 2


def _a_receipt(released):
    return pq.read_table(f"{released}/cube.parquet", columns=["receipt_id"])["receipt_id"][0].as_py()


def test_check_passes_and_finds_a_changed_release(palermo, demo, tmp_path):
    assert palermo("check", "--workspace", demo).code == 0
    (frozen,) = (demo / "releases").iterdir()
    copy = tmp_path / frozen.name
    shutil.copytree(frozen, copy)
    with (copy / "cube.csv").open("a") as stream:
        stream.write("changed\n")
    answer = palermo("check", "--release", copy, "--json")
    assert answer.code == 3
    assert "cube.csv" in answer.json["checks"][0]["found"]


def test_report_needs_a_release_and_no_workspace(palermo, demo, tmp_path):
    (frozen,) = (demo / "releases").iterdir()
    answer = palermo("report", "--release", frozen, "--out", tmp_path / "page", "--json")
    assert answer.code == 0, answer.err
    assert (tmp_path / "page").is_dir()
    assert answer.json["figures"] >= 11  # all but the one on many countries


def test_account_and_release_elsewhere(palermo, demo, tmp_path):
    counted = palermo("account", "--workspace", demo, "--out", tmp_path / "account", "--json")
    assert counted.code == 0, counted.err
    assert counted.json["cube"].startswith(str(tmp_path))
    frozen = palermo("release", "--workspace", demo, "--out", tmp_path / "releases", "--json")
    assert frozen.json["path"].startswith(str(tmp_path))
    assert frozen.json["id"] == next((demo / "releases").iterdir()).name
