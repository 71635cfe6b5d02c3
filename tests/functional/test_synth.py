"""``palermo synth`` as a user types it, on a small made-up file."""

import csv
import hashlib
import json

import numpy as np
import pyarrow.parquet as pq
import pytest

HEADER = "yearOfRegistration,gender,ageBroad,citizenship,isForcedLabour,isSexualExploit"


def _lines(persons=3000, seed=5):
    """Made-up rows in the columns of the global data set; NAM and PHL only."""
    random = np.random.default_rng(seed)
    lines = []
    for _ in range(persons):
        woman, country = random.random() < 0.7, random.choice(["NAM", "PHL"], p=[0.3, 0.7])
        labour = random.random() < (0.2 if woman else 0.8)
        age = random.choice(["9--17", "18--20", "30--38", ""], p=[0.2, 0.3, 0.3, 0.2])
        year = random.choice(["2015", "2016", "2017"])
        lines.append(f"{year},{'Female' if woman else 'Male'},{age},{country},{'1,' if labour else ',1'}")
    return lines


@pytest.fixture
def cases(tmp_path):
    """The made-up file."""
    path = tmp_path / "cases.csv"
    path.write_text("\n".join([HEADER, *_lines()]) + "\n", encoding="utf-8")
    return path


def _rows(folder):
    with (folder / "rows.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


PROMISE = ("--epsilon", "4", "--delta", "1e-8")


def test_a_pack_with_the_columns_of_the_input(palermo, cases, tmp_path):
    out = tmp_path / "open"
    answer = palermo("synth", cases, *PROMISE, "--out", out, "--seed-for-tests", "3", "--json")
    assert answer.code == 0, answer.err
    told = answer.json
    rows = _rows(out)
    assert ",".join(rows[0]) == HEADER
    assert len(rows) == told["rows"]
    assert abs(len(rows) - told["persons_noisy"]) <= max(3, 0.01 * told["persons_noisy"])
    assert abs(sum(row["citizenship"] == "NAM" for row in rows) - 900) < 150
    counts = pq.read_table(out / "counts.parquet")
    assert set(counts.column_names) >= {"length", "columns", "codes", "count", "standard_error", "reportable"}
    expected = "card.html card.md codes.csv counts.parquet manifest.json parameters.json rows.csv utility.json"
    assert " ".join(sorted(file.name for file in out.iterdir())) == expected
    manifest = json.loads((out / "manifest.json").read_text())
    for name, digest in manifest["files"].items():
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == digest


def test_same_seed_same_bytes_and_none_without_a_seed(palermo, cases, tmp_path):
    for name, seed in (("a", ["--seed-for-tests", "1"]), ("b", ["--seed-for-tests", "1"]), ("c", []), ("d", [])):
        assert palermo("synth", cases, *PROMISE, "--length", "2", "--out", tmp_path / name, *seed).code == 0
    ids = {name: json.loads((tmp_path / name / "manifest.json").read_text())["id"] for name in "abcd"}
    assert ids["a"] == ids["b"]
    assert len({ids["a"], ids["c"], ids["d"]}) == 3
    assert "NOT PRIVATE" in (tmp_path / "a" / "card.md").read_text()
    assert "NOT PRIVATE" not in (tmp_path / "c" / "card.md").read_text()


def test_the_pack_says_nothing_exact_of_the_true_file(palermo, cases, tmp_path):
    """True counts of persons, rows and values, the path and the hash of the file are in no published file."""
    palermo("synth", cases, *PROMISE, "--length", "2", "--out", tmp_path / "open", "--seed-for-tests", "3")
    digest = hashlib.sha256(cases.read_bytes()).hexdigest()
    for file in (tmp_path / "open").iterdir():
        if file.suffix in {".json", ".md", ".html"}:
            text = file.read_text()
            assert "3,000" not in text and '"rows": 3000' not in text
            assert digest[:12] not in text and "cases.csv" not in text and str(tmp_path) not in text


def test_the_report_on_true_errors_stays_outside(palermo, cases, tmp_path):
    out, report = tmp_path / "open", tmp_path / "inside.json"
    asked = ("synth", cases, *PROMISE, "--length", "2", "--out", out, "--seed-for-tests", "3")
    assert palermo(*asked, "--utility", out / "inside.json").code == 2
    assert not out.exists()
    assert palermo(*asked, "--utility", report).code == 0
    found = json.loads(report.read_text())
    assert "CONFIDENTIAL" in found["warning"]
    assert found["rows_true"] == 3000
    assert 0 < found["rows"][1]["wape"] < 0.2


def test_codes_that_nobody_may_see_are_listed(palermo, cases, tmp_path):
    out = tmp_path / "open"
    palermo("synth", cases, *PROMISE, "--length", "2", "--out", out, "--seed-for-tests", "3")
    with (out / "codes.csv").open(encoding="utf-8", newline="") as stream:
        codes = {(row["column"], row["code"]): row["in_rows"] for row in csv.DictReader(stream)}
    assert codes["citizenship", "NAM"] == "yes"
    assert codes["citizenship", "DEU"].startswith("no: nobody, or too few")
    assert "DEU" in (out / "card.md").read_text() or "more" in (out / "card.md").read_text()


def test_cells_with_several_codes_come_back_as_they_were(palermo, tmp_path):
    path = tmp_path / "forms.csv"
    path.write_text("sex,form\n" + "F,forced_labour;sexual\nM,forced_labour\n" * 500, encoding="utf-8")
    assert palermo("synth", path, *PROMISE, "--out", tmp_path / "open", "--seed-for-tests", "1").code == 0
    forms = {row["form"] for row in _rows(tmp_path / "open")}
    assert forms >= {"forced_labour;sexual", "forced_labour"}


def test_pairs_that_cannot_be_are_not_made(palermo, tmp_path):
    path, rules = tmp_path / "cases.csv", tmp_path / "rules.csv"
    path.write_text("sex,form\n" + "F,surrogacy\nM,forced_labour\n" * 300 + "M,surrogacy\n" * 200, encoding="utf-8")
    rules.write_text("column,code,other_column,other_code\nsex,M,form,surrogacy\n", encoding="utf-8")
    asked = ("synth", path, *PROMISE, "--seed-for-tests", "1", "--out", tmp_path / "open", "--rules", rules)
    assert palermo(*asked).code == 0
    assert not any(row["sex"] == "M" and "surrogacy" in row["form"] for row in _rows(tmp_path / "open"))
    rules.write_text("column,code,other_column,other_code\nsex,X,form,surrogacy\n", encoding="utf-8")
    answer = palermo(*asked, "--force")
    assert (answer.code, "column sex has no code 'X'" in answer.words) == (2, True)


def test_k_anonymous_rows_and_their_card(palermo, cases, tmp_path):
    out = tmp_path / "groups"
    answer = palermo("synth", cases, "--k-anonymous", "10", "--out", out, "--json")
    assert answer.json["smallest_group"] >= 10
    counts = {}
    for row in _rows(out):
        counts[tuple(row.values())] = counts.get(tuple(row.values()), 0) + 1
    assert min(counts.values()) >= 10
    assert "does not protect" in (out / "card.md").read_text()


def test_a_person_of_many_rows_counts_once(palermo, tmp_path):
    lines = [f"p{n % 500},{line}" for n, line in enumerate(_lines(2000))]
    path = tmp_path / "records.csv"
    path.write_text("\n".join([f"id,{HEADER}", *lines]) + "\n", encoding="utf-8")
    out = tmp_path / "open"
    told = palermo(
        "synth", path, *PROMISE, "--persons", "id", "--length", "2", "--out", out, "--json", "--seed-for-tests", "1"
    ).json
    assert abs(told["persons_noisy"] - 500) < 150
    assert told["parameters"]["unit_of_privacy"] == "person"
    assert "id" not in _rows(out)[0]


REFUSED = {
    "no epsilon": ((), 2, "no epsilon"),
    "no delta": (("--epsilon", "1"), 2, "--public-persons"),
    "epsilon 0": (("--epsilon", "0", "--delta", "1e-9"), 2, "expected a number above 0"),
    "epsilon below 0": (("--epsilon", "-1", "--delta", "1e-9"), 2, "expected a number above 0"),
    "epsilon 1e9": (("--epsilon", "1e9", "--delta", "1e-9"), 3, "protects nobody"),
    "delta 0": (("--epsilon", "1", "--delta", "0"), 2, "between 0 and 1"),
    "delta too large": (("--epsilon", "1", "--delta", "0.01"), 3, "one over the 3,000 persons"),
    "both": (("--epsilon", "1", "--delta", "1e-9", "--k-anonymous", "5"), 2, "choose noise, or"),
    "k above all": (("--k-anonymous", "4000"), 3, "fewer than k"),
    "person column": (("--epsilon", "1", "--delta", "1e-9", "--persons", "case"), 2, "no such column"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_refusals_write_nothing(palermo, cases, tmp_path, what):
    options, code, words = REFUSED[what]
    answer = palermo("synth", cases, *options, "--out", tmp_path / "open")
    assert (answer.code, words in answer.words) == (code, True), answer.words
    assert [file.name for file in tmp_path.iterdir()] == ["cases.csv"]


def test_high_epsilon_is_warned_of_on_the_card(palermo, cases, tmp_path):
    answer = palermo(
        "synth", cases, "--epsilon", "14", "--public-persons", "4000", "--length", "1", "--out", tmp_path / "o"
    )
    assert answer.code == 0
    assert "above 12" in answer.out
    assert "the promise below is weak" in (tmp_path / "o" / "card.md").read_text()


def test_a_release_is_not_replaced_by_accident(palermo, cases, tmp_path):
    asked = ("synth", cases, *PROMISE, "--length", "1", "--out", tmp_path / "open")
    assert palermo(*asked).code == 0
    again = palermo(*asked)
    assert again.code == 2
    assert "costs privacy again" in again.words
    assert palermo(*asked, "--force").code == 0
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("keep")
    assert palermo("synth", cases, *PROMISE, "--out", tmp_path / "mine", "--force").code == 2
    assert (tmp_path / "mine" / "notes.txt").read_text() == "keep"
