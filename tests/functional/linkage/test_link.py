"""``palermo link`` as a user types it, with bad input too. All persons are made up."""

import json
import stat

import pyarrow.parquet as pq
import pytest

from palermo.linkage.plain_mapping import read_mapping

from .conftest import HEADER, linked, people, write


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
