"""Writing a report: every file there, the same bytes each time, warnings in each file of made-up data."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from palermo.account.schema import CUBE
from palermo.errors import PalermoError, UsageError
from palermo.release.freeze import make_release
from palermo.release.rules import Protection
from palermo.report import build
from palermo.report.build import report_contents, write_report


@pytest.fixture
def opened(monkeypatch, release):
    monkeypatch.setattr(build, "open_release", lambda _: release)


def test_the_report_is_written_whole(tmp_path, opened):
    told = []
    result = write_report(tmp_path / "release", tmp_path / "report", lambda *step: told.append(step))
    names = {file.relative_to(tmp_path / "report").as_posix() for file in result.files}
    assert result.html == tmp_path / "report" / "account.html"
    assert result.figures == 23
    assert names >= {"account.html", "README.txt", "data/cube.parquet", "data/codebook.csv", "figures/P1.csv"}
    assert all(file.is_file() for file in result.files)
    assert told[-1][0] == told[-1][1]


def test_the_same_release_gives_the_same_bytes(tmp_path, opened):
    first = write_report(tmp_path / "release", tmp_path / "one")
    second = write_report(tmp_path / "release", tmp_path / "two")
    assert [file.read_bytes() for file in first.files] == [file.read_bytes() for file in second.files]


def test_made_up_data_are_marked_in_every_file(release):
    contents, _ = report_contents(release)
    assert [name for name, content in contents.items() if b"MADE UP DATA" not in content] == []


def test_figures_without_data_have_no_file(releasing, observed):
    contents, filled = report_contents(releasing([observed("victims_by_sex_age", 50.0, time_period="2023")]))
    assert filled == len([name for name in contents if name.startswith("figures/")])
    assert "figures/C3.csv" not in contents


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "report").write_text("a file")
    with pytest.raises(UsageError, match="expected a folder"):
        write_report(tmp_path / "release", tmp_path / "report")


def test_a_frozen_release_becomes_a_report(tmp_path, rows):
    """Through the release stage itself: what is hidden there stays hidden here."""
    numbers = {("F", "Y_GE18"): 490.0, ("M", "Y_GE18"): 171.0, ("F", "Y0T17"): 214.0, ("M", "Y0T17"): 2.0,
               ("F", "_T"): 704.0, ("M", "_T"): 173.0, ("_T", "Y_GE18"): 661.0, ("_T", "Y0T17"): 216.0,
               ("_T", "_T"): 877.0}  # fmt: skip
    template = next(row for row in rows if row["indicator"] == "victims_by_sex_age")
    made = [
        template | {"sex": sex, "age": age, "value": value, "lower": value, "upper": value, "confidential": True,
                    "time_period": "2023", "receipt_id": f"{place:016x}"}
        for place, ((sex, age), value) in enumerate(numbers.items())
    ]  # fmt: skip
    pq.write_table(pa.Table.from_pylist(made, schema=CUBE), tmp_path / "cube.parquet")
    indicator = {"title": "Made up", "words": "Made-up people.", "inputs": ["police"], "derived_from": []}
    receipts = {"indicators": {"victims_by_sex_age": indicator}, "inputs": [{"list": "police"}], "area": "DEU",
                "years": [2023, 2023], "rules": {}, "code_version": "1"}  # fmt: skip
    (tmp_path / "receipts.json").write_text(json.dumps(receipts))
    metadata = {"title": "Made up", "area": "DEU", "area_name": "Exampleland", "years": [2023, 2023], "made_up": True}
    frozen = make_release(
        tmp_path / "cube.parquet", tmp_path / "receipts.json", tmp_path / "releases", Protection(), metadata
    )
    result = write_report(frozen.path, tmp_path / "report")
    page = result.html.read_text(encoding="utf-8")
    assert frozen.hidden_primary >= 1
    assert f"Release {frozen.id}." in page
    assert 'class="hatch' in page
    assert "Made-up people." in page
    lines = (tmp_path / "report" / "figures" / "P1.csv").read_text(encoding="utf-8").splitlines()
    boys = next(line for line in lines if ",M,Male,Y0T17," in line and ",persons," in line)
    assert ",hidden," in boys
    assert ",2," not in boys


def test_a_release_that_was_changed_is_refused(tmp_path):
    with pytest.raises(PalermoError):
        write_report(tmp_path / "nothing", tmp_path / "report")
    assert not (tmp_path / "report").exists()
