"""``palermo protect`` as a user types it. All rows are made up."""

import csv
import random
import signal
import time

import pytest

from palermo.release.tables import attack_tables

from .conftest import start

SPEC = """[dimensions.country]
areas = true
from_data = true

[dimensions.sex]
codes = ["F", "M", "_U"]

[dimensions.age]
codes = ["0--8", "9--17", "18--29", "30+"]
groups = { child = ["0--8", "9--17"], adult = ["18--29", "30+"] }

[[tables]]
name = "country_sex"
dimensions = ["country", "sex"]

[[tables]]
name = "country_age"
dimensions = ["country", "age"]
k = 10
"""


def written(path, rows, header=("country", "sex", "age", "list", "sealed")):
    with path.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(header)
        writer.writerows(rows)
    return path


@pytest.fixture
def cases(tmp_path):
    draw = random.Random(3)
    countries, ages = ("DEU", "FRA", "GHA", "NGA", "LUX"), ("0--8", "9--17", "18--29", "30+")
    rows = [
        (
            draw.choices(countries, (40, 30, 20, 15, 1))[0],
            draw.choices(("F", "M", ""), (6, 3, 1))[0],
            draw.choices(ages, (1, 4, 6, 3))[0],
            draw.choices(("police", "shelter"), (9, 1))[0],
            int(number == 7),
        )
        for number in range(600)
    ]
    return written(tmp_path / "cases.csv", rows)


@pytest.fixture
def spec(tmp_path):
    path = tmp_path / "tables.toml"
    path.write_text(SPEC, encoding="utf-8")
    return path


def test_one_table_with_all_margins_is_safe(palermo, cases, tmp_path):
    out = tmp_path / "tables"
    answer = palermo("protect", cases, "--dimensions", "country,sex,age", "--areas", "country", "--out", out, "--json")
    assert answer.code == 0, answer.err
    told = answer.json
    assert told["proved"]["ok"]
    assert told["tables"][0]["primary"] > 0
    assert sorted(path.name for path in out.iterdir()) == told["files"] == ["country_sex_age.csv", "tables.json"]
    found = attack_tables(out)
    assert (found.hidden, found.findings) == (told["proved"]["hidden"], ())
    assert palermo("attack", out).code == 0


def test_several_tables_of_a_file_and_the_same_bytes(palermo, cases, spec, tmp_path):
    folders = [tmp_path / "one", tmp_path / "two"]
    for out in folders:
        assert palermo("protect", cases, "--spec", spec, "--out", out).code == 0
    one, two = ({path.name: path.read_bytes() for path in sorted(out.iterdir())} for out in folders)
    assert one == two
    assert set(one) == {"country_age.csv", "country_sex.csv", "tables.json"}
    assert b"_UR" not in one["country_sex.csv"]
    assert b"child" in one["country_age.csv"]


def test_counts_instead_of_rows(palermo, tmp_path):
    counts = [("F", "a", 20), ("F", "b", 3), ("M", "a", 11), ("M", "b", 30), ("_T", "a", 31), ("_T", "_T", 64)]
    file = written(tmp_path / "counts.csv", counts, ("sex", "form", "persons"))
    asked = ("protect", file, "--dimensions", "sex,form", "--value", "persons", "--plan-only", "--json")
    answer = palermo(*asked)
    assert answer.code == 0, answer.err
    assert (answer.json["tables"][0]["primary"], answer.json["files"]) == (1, [])
    counts[-1] = ("_T", "_T", 65)
    written(file, counts, ("sex", "form", "persons"))
    refused = palermo(*asked)
    assert refused.code == 3
    assert "_T/_T is 65, its parts add up to 64" in refused.words


def test_dominance_and_sealed_persons(palermo, cases, tmp_path):
    common = ("protect", cases, "--dimensions", "country,sex", "--areas", "country", "--zeros", "publish")
    plain = palermo(*common, "--plan-only", "--json").json
    strict = palermo(*common, "--plan-only", "--json", "--source", "list", "--dominance", "80").json
    assert strict["tables"][0]["primary"] > plain["tables"][0]["primary"]
    out = tmp_path / "sealed"
    assert palermo(*common, "--sealed", "sealed", "--sealed-persons", "300", "--out", out).code == 0
    assert "._U," in (out / "country_sex.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--plan-only",), 2, "either --dimensions"),
        (("--dimensions", "country"), 2, "give --out DIR"),
        (("--dimensions", "country,colour", "--plan-only"), 2, "no column colour; columns: country, sex"),
        (("--dimensions", "sex", "--areas", "country", "--plan-only"), 2, "no dimension"),
        (("--dimensions", "sex", "--k", "1", "--plan-only"), 2, "expected 2 or more"),
        (("--dimensions", "sex", "--source", "list", "--plan-only"), 2, "--dominance PERCENT"),
        (("--dimensions", "sex", "--sealed", "sealed", "--plan-only"), 2, "--sealed-area"),
        (("--dimensions", "sex", "--value", "age", "--plan-only"), 3, "expected a whole number"),
    ],
)
def test_what_is_wrong_is_said(palermo, cases, arguments, code, said):
    answer = palermo("protect", cases, *arguments)
    assert (answer.code, said in answer.words) == (code, True), answer.err


def test_a_folder_that_holds_something_is_left_alone(palermo, cases, tmp_path):
    out = tmp_path / "tables"
    asked = ("protect", cases, "--dimensions", "country,sex", "--out", out)
    assert palermo(*asked).code == 0
    again = palermo(*asked)
    assert again.code == 2
    assert "could be subtracted" in again.words
    assert palermo(*asked, "--force").code == 0
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").write_text("keep", encoding="utf-8")
    assert palermo(*asked[:-1], tmp_path / "full", "--force").code == 2
    assert (tmp_path / "full" / "notes.txt").exists()


def test_ctrl_c_leaves_nothing(tmp_path):
    draw = random.Random(1)
    rows = [[draw.randrange(60) for _ in range(4)] for _ in range(9_000)]
    file = written(tmp_path / "many.csv", rows, ("one", "two", "three", "four"))
    out = tmp_path / "tables"
    process = start("protect", file, "--dimensions", "one,two,three", "--out", out)
    time.sleep(4)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode != 0
    assert [path.name for path in tmp_path.iterdir()] == ["many.csv"]
