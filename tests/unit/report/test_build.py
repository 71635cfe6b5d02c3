"""Writing a report: every file there, the same bytes each time, warnings in each file of made-up data."""

import pytest

from palermo.errors import UsageError
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
    assert result.figures == 11
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
