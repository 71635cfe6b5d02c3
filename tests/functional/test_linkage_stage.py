"""Linkage by names in a workspace: what it makes, what it remembers, and that no name leaves the closed folder."""

import csv
import json
import stat

import pyarrow.parquet as pq
import pytest

from palermo.checks import check_workspace
from palermo.cli.app import main
from palermo.demo.clerks import label_links
from palermo.demo.country import build_demo
from palermo.demo.score_links import score_links
from palermo.pipeline import Run
from palermo.settings import CLEAR
from palermo.workspace import find_workspace

CANARY, DAY = "Kanarizwo", "17/05/1917"


@pytest.fixture(scope="module")
def country(tmp_path_factory):
    """A small demo country joined by names, with labels; in the police's list one person has a name of her own."""
    folder = tmp_path_factory.mktemp("linked") / "country"
    build_demo(folder, seed=3, persons=1_200, linkage=CLEAR)
    police = folder / "lists" / "made-up-police.csv"
    with police.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream, delimiter=";"))
    identifying = {"Surname": f"{CANARY}a", "First name": f"{CANARY}e", "Born": DAY, "Town": f"{CANARY}i"}
    for row in rows[5:9]:
        for header, text in identifying.items():
            row[rows[0].index(header)] = text
    rows[7][rows[0].index("Sex")] = "alien"  # both go to quarantine, and must not take a name there
    rows[8].insert(2, "torn")
    with police.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream, delimiter=";", lineterminator="\n").writerows(rows)
    settings = (folder / "palermo.toml").read_text(encoding="utf-8")
    quick = settings.replace('by = ["sex", "age"]', "by = []").replace("bootstrap = 100", "bootstrap = 50")
    assert quick != settings
    (folder / "palermo.toml").write_text(quick, encoding="utf-8")
    run = Run(find_workspace(folder), quiet=True)
    label_links(folder, run.link())
    run.all()
    return folder


@pytest.fixture(scope="module")
def linked(country):
    return Run(find_workspace(country), quiet=True).link()


def texts_of(file):
    """What a file holds, as text, compressed tables included."""
    if file.suffix == ".parquet":
        table = pq.read_table(file)
        return f"{table.schema}{table.to_pylist()}"
    return file.read_bytes().decode("utf-8", errors="replace")


def test_no_name_and_no_birth_date_leaves_the_closed_folder(country):
    written = [file for folder in ("work", "releases", "report") for file in (country / folder).rglob("*")]
    others = [file for file in written if file.is_file() and "identities" not in file.parts]
    assert len(others) > 30
    for file in others:
        found = texts_of(file).casefold()
        assert CANARY.casefold() not in found, file
        assert DAY not in found, file
        assert "1917-05-17" not in found, file
    closed = country / "work" / "identities" / "police.identities.parquet"
    assert CANARY in texts_of(closed)


def test_only_the_owner_can_look_into_the_closed_folders(country):
    for name in ("identities", "linkage"):
        folder = country / "work" / name
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        modes = {stat.S_IMODE(file.stat().st_mode) for file in folder.rglob("*.parquet")}
        assert modes == {0o600}


def test_the_check_of_the_workspace_finds_an_open_file(country):
    def found():
        return {check.law: check for check in check_workspace(find_workspace(country))}["names are kept apart"]

    assert found().passed, found()
    file = country / "work" / "identities" / "police.identities.parquet"
    copy = country / "work" / "copy.parquet"
    try:
        file.chmod(0o644)
        copy.write_bytes(file.read_bytes())
        assert not found().passed
        assert "others may read police.identities.parquet" in found().found
        assert "columns of names in copy.parquet" in found().found
    finally:
        file.chmod(0o600)
        copy.unlink()


def test_persons_are_found_by_names(country, linked):
    score = score_links(country, linked)
    made, across, by_names, _ = score.lines
    assert made.f1 > 0.9
    assert across.recall > 0.7
    assert by_names.f1 > 0.87
    assert score.corrected is not None
    assert abs(score.error(score.corrected)) < 0.02


def test_persons_are_the_memberships(linked):
    members = pq.read_table(linked["links"]["memberships"])
    persons = pq.read_table(linked["table"])
    assert set(persons["person_id"].to_pylist()) == set(members["person_id"].to_pylist())
    assert sum(persons["records"].to_pylist()) == members.num_rows == linked["records"]


def test_notes_say_how_sure_it_is_in_rounded_numbers(linked):
    said = " ".join(linked["notes"])
    assert "names, birth dates and places" in said
    assert "pairs that one person looked at" in said
    assert "95 % interval" in said
    assert f" {linked['persons']} " not in said or linked["persons"] % 10 == 0


def test_the_hidden_number_is_corrected_and_shown_with_labels(country):
    estimates = pq.read_table(country / "work" / "hidden" / "estimates.parquet").to_pylist()
    (whole,) = [row for row in estimates if row["headline"] and row["stratum"] == "_T"]
    reasons = " ".join(whole["reasons"])
    assert "no pair of records was labelled" not in reasons
    assert (country / "work" / "hidden" / "links.json").is_file()


def test_labels_and_decisions_do_not_compare_the_records_again(country, linked):
    stages = json.loads((country / "work" / "stages.json").read_text(encoding="utf-8"))
    before = stages["linkage pairs"]["fingerprint"], stages["linkage"]["fingerprint"]
    labels = country / "work" / "linkage" / "labels.jsonl"
    text = labels.read_text(encoding="utf-8")
    try:
        labels.write_text("\n".join(text.split("\n")[:-20]) + "\n", encoding="utf-8")
        assert Run(find_workspace(country), quiet=True).link()["links"]["labelled"] < linked["links"]["labelled"]
        stages = json.loads((country / "work" / "stages.json").read_text(encoding="utf-8"))
        after = stages["linkage pairs"]["fingerprint"], stages["linkage"]["fingerprint"]
        assert after[0] == before[0]
        assert after[1] != before[1]
    finally:
        labels.write_text(text, encoding="utf-8")
        Run(find_workspace(country), quiet=True).link()


def test_names_asked_for_and_not_there_are_a_clear_error(tmp_path, palermo):
    (tmp_path / "cases.csv").write_text("id,sex,year\n1,F,2020\n2,M,2021\n", encoding="utf-8")
    mapping = '[fields.record_id]\ncolumn = "id"\n[fields.sex]\ncolumn = "sex"\n[fields.year]\ncolumn = "year"\n'
    (tmp_path / "cases.toml").write_text(mapping, encoding="utf-8")
    settings = (
        '[account]\narea = "DEU"\n[linkage]\nmethod = "clear"\n[[source]]\npath = "cases.csv"\nmapping = "cases.toml"\n'
    )
    (tmp_path / "palermo.toml").write_text(settings, encoding="utf-8")
    answer = palermo("account", "--workspace", tmp_path)
    assert answer.code == 2
    assert "no mapping has a table [identity]" in answer.words


def test_the_demo_says_what_linkage_is_worth(tmp_path):
    with pytest.raises(SystemExit) as left:
        main(["demo", "--dir", str(tmp_path / "c"), "--persons", "200", "--linkage", "magic", "--json"])
    assert left.value.code == 2
