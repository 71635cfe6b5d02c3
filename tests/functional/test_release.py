"""From a case file to approved releases by command: one late case, two at once, a ledger tampered with."""

import json
import shutil
import sqlite3
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from palermo.cli.app import main

from .conftest import MAPPING, SETTINGS


def cases(count=240):
    """Made-up cases of two years, with small groups among them."""
    rows = [f"c{n},{2021 + n % 2},{'F' if n % 5 else 'M'},{12 + n % 25}" for n in range(count)]
    return ["case,year,sex,age", *rows]


def write(folder, lines):
    (folder / "cases.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def approved(tmp_path_factory):
    """A workspace with one approved release, made once. Tests work on copies."""
    folder = tmp_path_factory.mktemp("office") / "tip"
    folder.mkdir()
    (folder / "palermo.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    write(folder, cases())
    for arguments in (["run"], ["release", "make", "--by", "A. Maker"]):
        with pytest.raises(SystemExit) as left:
            main([*arguments, "--workspace", str(folder), "--json"])
        assert not left.value.code
    name = json.loads((folder / "releases" / "ledger.jsonl").read_text(encoding="utf-8"))["release"]
    with pytest.raises(SystemExit) as left:
        main(["release", "approve", name, "--workspace", str(folder), "--by", "B. Second", "--json"])
    assert not left.value.code
    return folder


@pytest.fixture
def office(approved, tmp_path):
    folder = tmp_path / "tip"
    shutil.copytree(approved, folder)
    return folder


def released(folder, name):
    return pq.read_table(folder / "releases" / name / "cube.parquet").to_pylist()


def test_documents_are_of_the_approved_release_and_nothing_is_run_again(palermo, office):
    write(office, cases()[:-60])  # changed since
    before = {path: path.stat().st_mtime_ns for path in (office / "work").rglob("*") if path.is_file()}
    asked = ("report", "--workspace", office, "--format", "sdg")
    answer = palermo(*asked)
    assert answer.code == 0, answer.err
    (name,) = [path.name for path in (office / "releases").iterdir() if path.is_dir()]
    assert f"release {name}, the latest approved (by B. Second)" in answer.out
    assert {path: path.stat().st_mtime_ns for path in (office / "work").rglob("*") if path.is_file()} == before
    assert palermo("release", "withdraw", name, "--workspace", office, "--by", "C. Third", "--reason", "x").code == 0
    answer = palermo(*asked)
    assert answer.code == 0, answer.err
    assert "No release is approved: documents of the draft" in answer.out


def test_the_page_says_whether_its_release_is_approved(palermo, office):
    page = office / "report" / "account.html"
    assert "DRAFT for the office" in page.read_text(encoding="utf-8")
    assert palermo("report", "--workspace", office).code == 0
    told = page.read_text(encoding="utf-8")
    assert "DRAFT" not in told
    assert "made by A. Maker, approved by B. Second" in told
    assert palermo("check", "--workspace", office).code == 0


def test_one_late_case_changes_no_published_figure(palermo, office):
    (first,) = palermo("release", "list", "--workspace", office, "--json").json
    write(office, [*cases(), "c999,2021,F,13"])
    plan = palermo("release", "plan", "--workspace", office, "--json")
    assert plan.code == 0, plan.err
    assert [change["year"] for change in plan.json["held_back"]] == ["2021"]
    assert (plan.json["latest"], plan.json["differences"]) == (first["id"], 0)
    assert not (office / "work" / "plan").exists()
    why = palermo("release", "make", "--workspace", office, "--by", "A. Maker", "--replaces", first["id"][:6])
    assert (why.code, "needs --reason" in why.words) == (2, True)
    again = palermo("release", "make", "--workspace", office, "--by", "A. Maker", "--replaces", first["id"][:6],
                    "--reason", "late case", "--json")  # fmt: skip
    assert again.code == 0, again.err
    compared = palermo("release", "diff", first["id"], again.json["id"], "--workspace", office, "--json")
    assert compared.json["differences"] == []
    metadata = json.loads((Path(again.json["path"]) / "metadata.json").read_text(encoding="utf-8"))
    assert "read" not in metadata["sources"][0], "240 and 241 would tell of one"
    listed = palermo("release", "list", "--workspace", office).out
    assert "late case" in listed
    assert palermo("ledger", "verify", "--workspace", office).code == 0


def test_many_late_cases_are_published(palermo, office):
    (first,) = palermo("release", "list", "--workspace", office, "--json").json
    write(office, [*cases(), *(f"d{n},2021,{'F' if n % 2 else 'M'},{20 + n % 10}" for n in range(60))])
    again = palermo("release", "make", "--workspace", office, "--by", "A. Maker", "--json")
    assert again.code == 0, again.err
    total = [
        row["value"]
        for name in (first["id"], again.json["id"])
        for row in released(office, name)
        if row["indicator"] == "victims_by_sex_age"
        and (row["time_period"], row["sex"], row["age"]) == ("2021", "_T", "_T")
    ]
    assert total == [120.0, 180.0]
    assert [change["year"] for change in again.json["revised"]] == ["2021"]


def test_the_same_figures_are_no_new_release_and_the_maker_does_not_approve(palermo, office):
    answer = palermo("release", "make", "--workspace", office, "--by", "A. Maker")
    assert (answer.code, "is listed already" in answer.words) == (2, True)
    write(office, [*cases(), *(f"d{n},2022,F,{20 + n % 10}" for n in range(60))])
    made = palermo("release", "make", "--workspace", office, "--by", "A. Maker", "--json").json
    answer = palermo("release", "approve", made["id"], "--workspace", office, "--by", "a. maker")
    assert (answer.code, "another person must approve" in answer.words) == (3, True)
    gone = palermo(
        "release", "withdraw", made["id"], "--workspace", office, "--by", "A. Maker", "--reason", "no", "--json"
    )
    assert (gone.code, gone.json["seen"]) == (0, False)


def test_two_releases_at_once_are_refused(palermo, office):
    lock = sqlite3.connect(office / "work" / "release.lock", isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    try:
        for verb in (["plan"], ["make", "--by", "A."], ["approve", "x", "--by", "B."]):
            answer = palermo("release", *verb, "--workspace", office)
            assert (answer.code, "another process is making or approving" in answer.words) == (3, True), verb
    finally:
        lock.close()
    assert palermo("release", "plan", "--workspace", office, "--json").code == 0


def test_the_ledger_is_verified_shown_and_exported(palermo, office, tmp_path):
    copy = tmp_path / "copy.jsonl"
    told = palermo("ledger", "export", copy, "--workspace", office, "--json").json
    ledger = office / "releases" / "ledger.jsonl"
    assert copy.read_bytes() == ledger.read_bytes()
    shown = palermo("ledger", "show", "--workspace", office, "--json").json
    assert (told["head"], [entry["action"] for entry in shown["entries"]]) == (shown["head"], ["made", "approved"])
    assert palermo("ledger", "verify", "--workspace", office, "--head", told["head"]).code == 0
    ledger.write_text(ledger.read_text(encoding="utf-8").replace("B. Second", "Somebody"), encoding="utf-8")
    answer = palermo("ledger", "verify", "--workspace", office)
    assert (answer.code, "entry 2 was altered" in answer.words) == (3, True)
    refused = palermo("release", "make", "--workspace", office, "--by", "A. Maker")
    assert refused.code != 0
    assert "entry 2 was altered" in refused.words
    assert palermo("check", "--workspace", office).code == 3


def test_an_export_that_cannot_be_written_names_the_file_and_the_folder(palermo, office, tmp_path):
    file = tmp_path / "nowhere" / "copy.jsonl"
    answer = palermo("ledger", "export", file, "--workspace", office)
    assert (answer.code, f"{file.parent}: no such folder" in answer.words, str(file) in answer.words) == (2, True, True)
    answer = palermo("ledger", "export", tmp_path, "--workspace", office)
    assert (answer.code, f"{tmp_path}: a folder" in answer.words) == (2, True)


def test_what_was_altered_or_deleted_behind_the_office_stops_it_in_words(palermo, office):
    (first,) = palermo("release", "list", "--workspace", office, "--json").json
    for gone, words in (("releases", "ends after entry 0"), ("work", "missing")):
        shutil.move(office / gone, office / "aside")
        write(office, [*cases(), *(f"d{n},2022,F,{20 + n % 10}" for n in range(60))])
        answer = palermo("release", "make", "--workspace", office, "--by", "A. Maker")
        assert (answer.code, words in answer.words) == (3, True), (gone, answer.err)
        told = palermo("ledger", "verify", "--workspace", office, "--json")
        assert told.code == (3 if gone == "releases" else 0)
        assert gone == "releases" or f"{first['id']}.parquet: missing" in told.json["notes"][0]
        shutil.rmtree(office / gone, ignore_errors=True)
        shutil.move(office / "aside", office / gone)


def test_a_figure_altered_between_account_and_release_is_found(palermo, office):
    assert palermo("account", "--workspace", office, "--json").code == 0
    cube = office / "work" / "account" / "cube.parquet"
    table = pq.read_table(cube)
    place = table.schema.get_field_index("value")
    more = [value if value is None else value + 10 for value in table["value"].to_pylist()]
    pq.write_table(table.set_column(place, table.schema.field(place), pa.array(more, pa.float64())), cube)
    for verb in (["release", "plan"], ["release", "make", "--by", "A. Maker"], ["run"]):
        answer = palermo(*verb, "--workspace", office)
        assert answer.code == 3
        assert "cube.parquet: altered since the stage 'account' wrote it" in answer.words
    cube.unlink()
    assert palermo("release", "plan", "--workspace", office, "--json").json["differences"] == 0


def test_an_earlier_release_that_is_gone_or_altered_stops_the_next(palermo, office):
    (first,) = palermo("release", "list", "--workspace", office, "--json").json
    write(office, [*cases(), *(f"d{n},2022,F,{20 + n % 10}" for n in range(60))])
    shutil.move(office / "releases" / first["id"], office / "gone")
    for verb in (["release", "make", "--by", "A. Maker"], ["run"]):
        answer = palermo(*verb, "--workspace", office)
        assert (answer.code, f"earlier release {first['id']} is missing or altered" in answer.words) == (3, True)


def test_names_and_reasons_of_users_are_data(palermo, office):
    write(office, [*cases(), *(f"d{n},2022,F,{20 + n % 10}" for n in range(60))])
    name = "<script>alert(1)</script> =cmd [bold]"
    made = palermo("release", "make", "--workspace", office, "--by", name, "--json")
    assert made.json["made_by"] == name
    assert name in palermo("release", "list", "--workspace", office, "--json").out
    palermo("report", "--workspace", office)
    assert "<script" not in (office / "report" / "account.html").read_text(encoding="utf-8")
    assert palermo("release", "make", "--workspace", office, "--by", "\x1b[31m").code == 2


def test_a_budget_in_the_settings_is_read_and_checked(palermo, office):
    settings = office / "palermo.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(f"{text}\n[release]\nbudget = {{ epsilon = 4, delta = 1e-9 }}\n", encoding="utf-8")
    assert palermo("ledger", "show", "--workspace", office, "--json").json["spent"] == {}
    settings.write_text(f"{text}\n[release]\nbudget = {{ epsilon = 0, delta = 1e-9 }}\n", encoding="utf-8")
    answer = palermo("ledger", "show", "--workspace", office)
    assert (answer.code, "release.budget.epsilon" in answer.words) == (2, True)
