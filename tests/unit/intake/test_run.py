"""Intake of one file: the counts hold, and nothing half-written is left whatever happens."""

import csv
import errno
import json
import os
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from palermo.errors import PalermoError, RefusedError, UsageError
from palermo.intake import outputs, run
from palermo.intake.mapping import mapping_from_document
from palermo.intake.registry import SourceOptions
from palermo.intake.run import intake_file
from palermo.intake.schema import CASES

MAPPING = mapping_from_document(
    {"fields": {"record_id": {"column": "id"}, "sex": {"column": "sex"}, "year": {"column": "year"}}}, "made-up.toml"
)
OPTIONS = SourceOptions("shelter", mapping=MAPPING)
GOOD = "id,sex,year\n" + "".join(f"m{i},F,2020\n" for i in range(18))


def source(tmp_path, text=GOOD):
    path = tmp_path / "made-up.csv"
    path.write_text(text, encoding="utf-8")
    return path


def files(folder):
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_tables_and_reports(tmp_path):
    out = tmp_path / "out"
    result = intake_file(source(tmp_path, GOOD + "x,alien,2020\ny\n"), OPTIONS, out)
    assert (result.read, result.accepted, result.quarantined) == (20, 18, 2)
    assert files(out) == [
        "shelter.cases.parquet",
        "shelter.quality.html",
        "shelter.quality.json",
        "shelter.quarantine.csv",
    ]
    assert pq.read_schema(result.tables["cases"]).equals(CASES)
    document = json.loads(result.quality_json.read_text(encoding="utf-8"))
    assert document["read"] == document["accepted"] + document["quarantined"] == 20
    summary = result.summary()
    assert summary["tables"] == {"cases": str(out / "shelter.cases.parquet")}
    assert summary["adapter"] == "mapping made-up"


def test_quarantine_file(tmp_path):
    result = intake_file(source(tmp_path, GOOD + "x,=HYPERLINK(1),2020\ny\n@z,F,20x\n"), OPTIONS, tmp_path / "out")
    with result.quarantine.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["row"], row["column"], row["found"], row["reason"]) for row in rows] == [
        ("19", "sex", "'=HYPERLINK(1)", "unknown code"),
        ("20", "", "1 cells", "wrong number of cells"),
        ("21", "year", "20x", "not a whole year"),
    ]
    assert rows[2]["raw"] == "'@z,F,20x"
    cells = [cell for row in rows for cell in row.values()]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)


def test_same_input_gives_the_same_bytes(tmp_path):
    path = source(tmp_path, GOOD + "x,alien,2020\n")
    for out in ("a", "b"):
        intake_file(path, OPTIONS, tmp_path / out)
    for name in files(tmp_path / "a"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_ten_per_cent_garbage(tmp_path):
    lines = [f"m{i},F,2020" if i % 10 else f"\x01{i};garbage" for i in range(1000)]
    result = intake_file(source(tmp_path, "id,sex,year\n" + "\n".join(lines) + "\n"), OPTIONS, tmp_path / "out")
    assert (result.read, result.accepted, result.quarantined) == (1000, 900, 100)


def test_too_many_bad_rows_are_refused_and_can_be_looked_at(tmp_path):
    out = tmp_path / "out"
    path = source(tmp_path, "id,sex,year\na,alien,2020\nb,F,2020\nc,martian,2020\n")
    with pytest.raises(RefusedError, match="2 of 3 rows are bad, more than the limit of 50%"):
        intake_file(path, OPTIONS, out)
    assert files(out) == ["shelter.quality.html", "shelter.quality.json", "shelter.quarantine.csv"]
    assert json.loads((out / "shelter.quality.json").read_text())["refused"].startswith("2 of 3")
    assert intake_file(path, OPTIONS, out, quarantine_limit=0.7).accepted == 1


def test_what_an_earlier_run_left_is_removed(tmp_path):
    out = tmp_path / "out"
    intake_file(source(tmp_path, GOOD + "x,alien,2020\n"), OPTIONS, out)
    (out / "shelter.suspects.parquet").write_bytes(b"of an earlier mapping")
    intake_file(source(tmp_path), OPTIONS, out)
    assert files(out) == ["shelter.cases.parquet", "shelter.quality.html", "shelter.quality.json"]


def test_remains_of_a_killed_run_are_removed(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / ".shelter.cases.parquet.99999999.part").write_bytes(b"cut off")
    running = f".shelter.cases.parquet.{os.getppid()}.part"
    (out / running).write_bytes(b"of another run")
    intake_file(source(tmp_path), OPTIONS, out)
    assert [name for name in files(out) if name.endswith(".part")] == [running]


@pytest.mark.parametrize("name", ["../up", "a/b", "", ".hidden", "a\\b"])
def test_list_name_that_is_no_file_name(tmp_path, name):
    with pytest.raises(UsageError, match="list name"):
        intake_file(source(tmp_path), SourceOptions(name, mapping=MAPPING), tmp_path / "out")


def test_header_only(tmp_path):
    with pytest.raises(UsageError, match="a header and no rows"):
        intake_file(source(tmp_path, "id,sex,year\n"), OPTIONS, tmp_path / "out")
    assert files(tmp_path / "out") == []


def test_no_known_shape_lists_the_shapes(tmp_path):
    with pytest.raises(UsageError, match=r"(?s)no known shape .* ctdc-synthetic-2021"):
        intake_file(source(tmp_path), SourceOptions("shelter"), tmp_path / "out")


def stop_after_first(monkeypatch, error):
    written = outputs.Outputs.write_tables

    def write(self, tables):
        written(self, tables)
        raise error

    monkeypatch.setattr(outputs.Outputs, "write_tables", write)


def test_interrupted(tmp_path, monkeypatch):
    stop_after_first(monkeypatch, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        intake_file(source(tmp_path), OPTIONS, tmp_path / "out")
    assert files(tmp_path / "out") == []


def test_full_disk(tmp_path, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(pq.ParquetWriter, "write_table", full)
    with pytest.raises(PalermoError, match=r"out: cannot write: the disk is full.*Nothing half-written"):
        intake_file(source(tmp_path), OPTIONS, tmp_path / "out")
    assert files(tmp_path / "out") == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_full_disk_for_the_quarantine_file(tmp_path, monkeypatch):
    opened = Path.open

    def on_full_device(path, *args, **kwargs):
        return opened(Path("/dev/full") if path.name.endswith(".part") else path, *args, **kwargs)

    path = source(tmp_path, GOOD + "x,alien,2020\n")
    monkeypatch.setattr(Path, "open", on_full_device)
    with pytest.raises(PalermoError, match="the disk is full"):
        intake_file(path, OPTIONS, tmp_path / "out")
    assert files(tmp_path / "out") == []


def test_failure_leaves_the_earlier_result(tmp_path, monkeypatch):
    out = tmp_path / "out"
    before = intake_file(source(tmp_path), OPTIONS, out).tables["cases"].read_bytes()
    stop_after_first(monkeypatch, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        intake_file(source(tmp_path, GOOD + "z,M,2020\n"), OPTIONS, out)
    assert (out / "shelter.cases.parquet").read_bytes() == before


def test_file_that_changes_while_it_is_read(tmp_path, monkeypatch):
    path = source(tmp_path)

    def grow(*args):
        with path.open("a", encoding="utf-8") as stream:
            stream.write("late,F,2020\n")

    with pytest.raises(PalermoError, match="changed while it was read; nothing was written"):
        intake_file(path, OPTIONS, tmp_path / "out", progress=grow)
    assert files(tmp_path / "out") == []


def test_counts_that_do_not_add_up_stop_intake(tmp_path, monkeypatch):
    batch = run.Batch({}, read=3, accepted=1)
    monkeypatch.setattr(run, "read_mapped", lambda *_: iter([batch]))
    with pytest.raises(PalermoError, match="read 3 rows but accepted 1 and quarantined 0"):
        intake_file(source(tmp_path), OPTIONS, tmp_path / "out")


def test_folder_that_may_not_be_written(tmp_path, monkeypatch):
    def refuse(*args, **kwargs):
        raise PermissionError(errno.EACCES, "Permission denied")

    path = source(tmp_path)
    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(PalermoError, match="no permission to write there"):
        intake_file(path, OPTIONS, tmp_path / "out")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_file_that_may_not_be_read(tmp_path):
    path = source(tmp_path)
    path.chmod(0)
    with pytest.raises(PalermoError, match="no permission to read"):
        intake_file(path, OPTIONS, tmp_path / "out")


def test_folder_is_a_file(tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(PalermoError, match="cannot write"):
        intake_file(source(tmp_path), OPTIONS, tmp_path / "out")


@pytest.mark.parametrize(("women", "men", "found"), [(10, 50, [10, 50]), (50, 10, None), (3, 5, None)])
def test_sexes_that_look_exchanged(tmp_path, women, men, found):
    fields = {"sex": {"column": "sex"}, "forms": {"column": "form"}}
    options = SourceOptions("shelter", mapping=mapping_from_document({"fields": fields}, "made-up.toml"))
    path = source(tmp_path, "sex,form\n" + "F,sexual\n" * women + "M,sexual\n" * men)
    result = intake_file(path, options, tmp_path / "out")
    assert result.report.tables["cases"].get("sexes_perhaps_exchanged") == found


def test_repeated_identifiers_and_identical_records(tmp_path):
    text = "id,sex,year\na,F,2020\na,M,2020\nb,F,2020\n"
    result = intake_file(source(tmp_path, text), OPTIONS, tmp_path / "out")
    cases = result.report.tables["cases"]
    assert (cases["repeated_ids"], cases["repeated_id_rows"], cases["identical_rows"]) == (1, [2], 1)
