"""Persons under seal, by command: in no table but one range, and in no byte outside the work of the office."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from palermo.release.attacker import attacker_report

SETTINGS = """[account]
area = "DEU"
made_up = true
[[source]]
name = "police"
path = "police.csv"
mapping = "police.toml"
[[source]]
name = "shelter"
path = "shelter.csv"
mapping = "shelter.toml"
"""
MAPPING = """[mapping]
name = "made-up"
table = "cases"
{sealed}
[fields.record_id]
column = "case"
[fields.person_key]
column = "referral"
[fields.year]
column = "year"
[fields.sex]
column = "sex"
[fields.age]
column = "age"
[fields.citizenship]
column = "country"
"""
SEALED = ("made-up-7f3a9c11", "made-up-52e0bd48", "made-up-c8d19e07")
NARROW = "victims_with_sealed"


def police(with_sealed=True):
    """Made-up cases; three are under seal: two women of 2021, one boy of 2022 and nobody else of his country."""
    rows = [
        f"made-up-{n:04d}-case,ref-{n:05d},{2021 + n % 2},{'F' if n % 5 else 'M'},{12 + n % 25},DEU,no"
        for n in range(240)
    ]
    own = [
        f"{SEALED[0]},ref-sealed-a,2021,F,30,DEU,yes",
        f"{SEALED[1]},ref-sealed-b,2021,F,31,FRA,Yes",
        f"{SEALED[2]},,2022,M,15,BEL,1",
    ]
    return ["case,referral,year,sex,age,country,sealed", *rows, *(own if with_sealed else ())]


def shelter(with_sealed=True):
    """The other list: some of the same persons, the first sealed one among them, without any mark."""
    rows = [
        f"house-{n:04d},ref-{n:05d},{2021 + n % 2},{'F' if n % 5 else 'M'},{12 + n % 25},DEU" for n in range(0, 240, 3)
    ]
    own = ["house-sealed-one,ref-sealed-a,2022,F,30,DEU"] if with_sealed else []
    return ["case,referral,year,sex,age,country", *rows, *own]


def write(folder, with_sealed=True, sealed='sealed = "sealed"', settings=SETTINGS):
    folder.mkdir(exist_ok=True)
    (folder / "palermo.toml").write_text(settings, encoding="utf-8")
    (folder / "police.toml").write_text(MAPPING.format(sealed=sealed), encoding="utf-8")
    (folder / "shelter.toml").write_text(MAPPING.format(sealed=""), encoding="utf-8")
    (folder / "police.csv").write_text("\n".join(police(with_sealed)) + "\n", encoding="utf-8")
    (folder / "shelter.csv").write_text("\n".join(shelter(with_sealed)) + "\n", encoding="utf-8")
    return folder


def figures(file):
    rows = pq.read_table(file).to_pylist()
    names = ("indicator", "time_period", "sex", "age", "citizenship", "list", "unit")
    return {tuple(row[name] for name in names): row for row in rows}


@pytest.fixture
def office(tmp_path):
    return write(tmp_path / "tip")


def listed_release(palermo, folder):
    assert palermo("run", "--workspace", folder).code == 0
    made = palermo("release", "make", "--workspace", folder, "--by", "A. Maker", "--json")
    assert made.code == 0
    return made.json["id"]


def test_every_table_but_one_is_as_if_they_did_not_exist(palermo, office, tmp_path):
    assert palermo("run", "--workspace", office).code == 0
    nobody = write(tmp_path / "nobody", with_sealed=False)
    assert palermo("run", "--workspace", nobody).code == 0
    own, other = (figures(folder / "work" / "account" / "cube.parquet") for folder in (office, nobody))
    others = {codes: row["value"] for codes, row in other.items() if codes[0] != NARROW}
    assert {codes: row["value"] for codes, row in own.items() if codes[0] != NARROW} == others
    more = {codes[1:4]: row["value"] - other[codes]["value"] for codes, row in own.items() if codes[0] == NARROW}
    assert more["_T", "_T", "_T"] == 3
    assert (more["2021", "_T", "_T"], more["2022", "_T", "_T"], more["_T", "M", "_T"]) == (2, 1, 1)
    assert all(sum(code != "_T" for code in codes) <= 1 for codes in more)
    documents = [json.loads((folder / "work" / "account" / "receipts.json").read_text()) for folder in (office, nobody)]
    counts = [[one["counts"] for one in document["inputs"]] for document in documents]
    assert counts[0] == counts[1]
    said = [json.loads(next(folder.glob("releases/*/metadata.json")).read_text()) for folder in (office, nobody)]
    assert said[0]["notes"] == said[1]["notes"]


def test_the_release_prints_a_range_that_is_the_same_for_one_and_for_three(palermo, office, tmp_path):
    listed = listed_release(palermo, office)
    fewer = write(tmp_path / "fewer")
    rows = [line for line in police() if SEALED[1] not in line]
    (fewer / "police.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    other = listed_release(palermo, fewer)
    printed = [
        figures(folder / "releases" / name / "cube.parquet") for folder, name in ((office, listed), (fewer, other))
    ]
    ranges = [
        {codes: (row["value"], row["lower"], row["upper"]) for codes, row in cube.items() if codes[0] == NARROW}
        for cube in printed
    ]
    assert ranges[0] == ranges[1]
    total = ranges[0][NARROW, "_T", "_T", "_T", "_T", "_T", "PERSON"]
    assert total == (None, 240.0, 259.0)


def test_their_numbers_stand_in_no_byte_outside_the_work_of_the_office(palermo, office):
    name = listed_release(palermo, office)
    approved = palermo("release", "approve", name, "--workspace", office, "--by", "B. Second", "--json")
    assert approved.code == 0
    said = [approved.out, approved.err]
    said += [palermo(*words, "--workspace", office).words for words in (("ledger", "verify"), ("release", "list"))]
    manifest = json.loads((office / "releases" / name / "manifest.json").read_text(encoding="utf-8"))
    assert "persons under seal" in [one["attack"] for one in manifest["attack"]["attacks"]]
    planted = [text.encode() for text in (*SEALED, "ref-sealed-a", "ref-sealed-b", "house-sealed-one")]
    searched = [office / "work" / "stages.json"]
    searched += [file for part in ("releases", "report") for file in (office / part).rglob("*") if file.is_file()]
    assert len(searched) > 5
    for file in searched:
        held = file.read_bytes()
        assert not [one for one in planted if one in held], file
    assert not [one for one in planted for text in said if one.decode() in text]
    closed = office / "work" / "sealed"
    assert closed.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in closed.iterdir()} == {0o600}


def test_an_approval_finds_their_number_in_a_release(palermo, office):
    name = listed_release(palermo, office)
    folder = office / "releases" / name
    (folder / "cube.csv").write_text(f"{SEALED[2]}\n", encoding="utf-8")
    report = attacker_report(folder, (), {}, office / "work" / "sealed" / "search.txt")
    assert not report["ok"]
    assert not [finding for finding in report["findings"] if SEALED[2] in finding]


def test_a_file_of_the_office_does_the_same_as_a_column(palermo, office, tmp_path):
    with_file = write(tmp_path / "file", sealed="", settings=SETTINGS + '[release]\nsealed = "sealed.csv"\n')
    file = with_file / "sealed.csv"
    file.write_text("list,record_id\n" + "".join(f"police,{one}\n" for one in SEALED), encoding="utf-8")
    file.chmod(0o600)
    for folder in (office, with_file):
        assert palermo("run", "--workspace", folder).code == 0
    cubes = [figures(folder / "work" / "account" / "cube.parquet") for folder in (office, with_file)]
    values = [{codes: row["value"] for codes, row in cube.items()} for cube in cubes]
    assert values[0] == values[1]


@pytest.mark.parametrize(
    ("content", "mode", "words"),
    [
        ("list,record_id\npolice,made-up-7f3a9c11\n", 0o644, "chmod 600"),
        ("list,record_id\npolice,made-up-typing-error\n", 0o600, "row 1"),
        ("list,record_id\nharbour,made-up-7f3a9c11\n", 0o600, "police, shelter"),
        ("record\nmade-up-7f3a9c11\n", 0o600, "no column list"),
    ],
)
def test_a_file_that_would_protect_nobody_is_refused(palermo, tmp_path, content, mode, words):
    folder = write(tmp_path / "tip", sealed="", settings=SETTINGS + '[release]\nsealed = "sealed.csv"\n')
    (folder / "sealed.csv").write_text(content, encoding="utf-8")
    (folder / "sealed.csv").chmod(mode)
    answer = palermo("account", "--workspace", folder)
    assert answer.code == 2
    assert words in answer.words
    assert "made-up-" not in answer.words


def test_an_answer_that_is_neither_yes_nor_no_is_not_counted(palermo, office):
    rows = police()
    rows[1] = rows[1].replace(",no", ",perhaps")
    (office / "police.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert palermo("intake", "--workspace", office).code == 0
    told = (office / "work" / "intake" / "police.quarantine.csv").read_text(encoding="utf-8")
    assert "under seal" in told
    assert Path(office / "work" / "sealed" / "police.sealed.parquet").is_file()


@pytest.mark.parametrize("name", ["police.csv", "shelter.csv"])
@pytest.mark.parametrize("way", [("--epsilon", 1, "--delta", "1e-6", "--by", "A. Maker"), ("--k-anonymous", 5)])
def test_no_open_data_is_made_of_their_rows(palermo, office, tmp_path, way, name):
    """The second list marks nobody, but a person under seal may stand on it."""
    answer = palermo("synth", office / name, "--out", tmp_path / "pack", *way)
    assert answer.code == 3
    assert "under seal" in answer.words
    assert not (tmp_path / "pack").exists()


def test_later_releases_tell_no_more_of_them(palermo, office):
    first = listed_release(palermo, office)
    more = [f"made-up-late-{n:04d},,2021,{'F' if n % 2 else 'M'},{20 + n % 12},DEU,no" for n in range(60)]
    rows = [*police(), *more, "made-up-sealed-too,,2022,F,33,DEU,yes"]
    (office / "police.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    made = palermo("release", "make", "--workspace", office, "--by", "A. Maker", "--json")
    assert made.code == 0, made.err
    before, after = (figures(office / "releases" / name / "cube.parquet") for name in (first, made.json["id"]))

    def told(cube, year):
        row = cube[NARROW, year, "_T", "_T", "_T", "_T", "PERSON"]
        return row["lower"], row["upper"]

    assert (told(before, "2021"), told(after, "2021")) == ((120.0, 139.0), (180.0, 199.0))
    assert told(before, "2022") == told(after, "2022") == (120.0, 139.0)
    assert (told(before, "_T"), told(after, "_T")) == ((240.0, 259.0), (300.0, 319.0))
    assert palermo("release", "approve", made.json["id"], "--workspace", office, "--by", "B. Second").code == 0


def test_a_seal_that_is_lifted_changes_nothing_while_the_year_waits(palermo, office):
    first = listed_release(palermo, office)
    rows = [line.replace(",Yes", ",no") for line in police()]
    (office / "police.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    made = palermo("release", "make", "--workspace", office, "--by", "A. Maker", "--json")
    assert made.code == 0, made.err
    told = palermo("release", "diff", first, made.json["id"], "--workspace", office, "--json")
    assert told.json["differences"] == []
