import csv
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from palermo.errors import PalermoError, RefusedError, UsageError
from palermo.release import freeze
from palermo.release.audit import Audit, Finding
from palermo.release.freeze import load_release, make_release
from palermo.release.notice import notices
from palermo.release.rules import Protection
from palermo.release.schema import RELEASED


@pytest.fixture
def released(tmp_path, cubes, persons, written):
    return make_release(*written(cubes["counted"](persons)), tmp_path / "out", Protection(), {"made_up": True})


def test_a_release_reads_back_as_frozen(released):
    loaded = load_release(released.path)
    assert loaded.id == released.id == released.path.name
    assert loaded.cube.schema.names == RELEASED.names
    assert loaded.cube.num_rows == released.cells
    assert loaded.metadata["protection"]["k_tables"] == 5
    assert loaded.metadata["made_up"] is True
    assert released.audit.ok


def test_every_file_says_that_these_are_people_detected_and_not_all_people_trafficked(released):
    sentence = "MADE UP DATA. These are people whom the listed services detected, not all people trafficked."
    for name in ("metadata.json", "receipts.json", "manifest.json"):
        assert json.loads((released.path / name).read_text())["about"] == sentence, name
    assert pq.read_schema(released.path / "cube.parquet").metadata == {b"about": sentence.encode()}
    with (released.path / "cube.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["about"] for row in rows if row["kind"] == "detected"} == {sentence}
    assert "never added to people detected" in json.loads((released.path / "estimates.json").read_text())["about"]


def test_a_row_that_counts_no_victims_says_so_and_only_made_up_data_say_made_up():
    assert notices(["detected", "_Z", "estimated"], made_up=False) == [
        "These are people whom the listed services detected, not all people trafficked.",
        "These numbers are not numbers of victims, and not of all people trafficked.",
        "These are estimates of a number that nobody has counted. They are never added to people detected.",
    ]


def test_the_same_account_gives_the_same_bytes(tmp_path, cubes, persons, written, released):
    again = make_release(*written(cubes["counted"](persons)), tmp_path / "other", Protection(), {"made_up": True})
    assert again.id == released.id
    for file in released.path.iterdir():
        assert file.read_bytes() == (again.path / file.name).read_bytes(), file.name


def test_releasing_twice_into_one_folder_keeps_one(tmp_path, cubes, persons, written, released):
    make_release(*written(cubes["counted"](persons)), tmp_path / "out", Protection(), {"made_up": True})
    assert [folder.name for folder in (tmp_path / "out").iterdir()] == [released.id]


def test_other_rules_give_another_release(tmp_path, cubes, persons, written, released):
    other = make_release(*written(cubes["counted"](persons)), tmp_path / "out", Protection(k_tables=7), {})
    assert other.id != released.id


@pytest.mark.parametrize("name", ["cube.csv", "cube.parquet", "metadata.json", "receipts.json"])
def test_a_changed_file_is_named(released, name):
    file = released.path / name
    file.write_bytes(file.read_bytes() + b" ")
    with pytest.raises(PalermoError, match=name):
        load_release(released.path)


def test_a_missing_file_an_added_file_and_a_changed_manifest_are_named(released):
    manifest = released.path / "manifest.json"
    text = manifest.read_text()
    manifest.write_text(text.replace(released.id, "0" * 16))
    with pytest.raises(PalermoError, match=r"manifest\.json"):
        load_release(released.path)
    manifest.write_text(text)
    (released.path / "more.csv").write_text("x")
    with pytest.raises(PalermoError, match=r"more\.csv"):
        load_release(released.path)
    (released.path / "more.csv").unlink()
    (released.path / "cube.csv").unlink()
    with pytest.raises(PalermoError, match=r"cube\.csv"):
        load_release(released.path)


def test_a_failed_audit_freezes_nothing(tmp_path, cubes, persons, written, monkeypatch):
    found = Audit(False, (Finding("t", "t (total): hidden, but it follows that it is 3"),), 1, 1, 1)
    monkeypatch.setattr(freeze, "audit_release", lambda _folder: found)
    with pytest.raises(RefusedError, match="it follows that it is 3"):
        make_release(*written(cubes["counted"](persons)), tmp_path / "out", Protection(), {})
    assert list((tmp_path / "out").iterdir()) == []


def test_formulas_are_neutralised_for_people(tmp_path, cubes, written):
    rows = [cubes["row"]("records_by_list", 50.0, measure="records", unit="RECORD", list="=cmd")]
    made = make_release(*written(rows), tmp_path / "out", Protection(), {})
    assert "'=cmd" in (made.path / "cube.csv").read_text()
    assert load_release(made.path).cube["list"].to_pylist() == ["=cmd"]


def test_no_cube_and_no_columns_are_usage_errors(tmp_path, written):
    with pytest.raises(UsageError, match="no cube here"):
        make_release(tmp_path / "none.parquet", tmp_path / "none.json", tmp_path / "out", Protection(), {})
    _, receipts = written([])
    pq.write_table(pa.table({"x": [1]}), tmp_path / "bad.parquet")
    with pytest.raises(UsageError, match="columns indicator"):
        make_release(tmp_path / "bad.parquet", receipts, tmp_path / "out", Protection(), {})


def test_receipts_lose_the_counts_of_hidden_cells(tmp_path, cubes, written):
    row = cubes["row"]
    rows = [
        row("records_by_list", n, measure="records", unit="RECORD", list=name)
        for name, n in (("shelter", 3.0), ("police", 400.0), ("hotline", 200.0), ("_T", 603.0))
    ]
    inputs = [{"list": "shelter", "counts": {"read": 3, "accepted": 3, "quarantined": 0}},
              {"list": "police", "counts": {"read": 401, "accepted": 400, "quarantined": 1}},
              {"list": "hotline", "counts": {"read": 200, "accepted": 200, "quarantined": 0}}]  # fmt: skip
    receipts = {"indicators": {"records_by_list": {"title": "Records", "counts": {"rows": 603}}}, "inputs": inputs}
    made = make_release(*written(rows, receipts), tmp_path / "out", Protection(), {"sources": inputs})
    kept = json.loads((made.path / "receipts.json").read_text())
    hidden = {r["list"] for r in load_release(made.path).cube.to_pylist() if r["conf_status"] != "F"}
    assert "shelter" in hidden
    assert kept["indicators"]["records_by_list"] == {"title": "Records"}
    assert {entry["list"] for entry in kept["inputs"] if "counts" in entry} == {"police", "hotline"} - hidden
    assert load_release(made.path).metadata["sources"] == kept["inputs"]
