"""Files for their owner alone: closed from their first byte, and whole or not at all."""

import stat

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from palermo.private_files import is_shared, private_part, write_private_table, write_private_text


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_closed_before_anything_is_written(tmp_path):
    with private_part(tmp_path / "new" / "names.txt") as part:
        assert (mode(part), part.read_bytes()) == (0o600, b"")
    assert mode(tmp_path / "new" / "names.txt") == 0o600


def test_an_open_file_is_closed_when_it_is_written_again(tmp_path):
    path = tmp_path / "pairs.parquet"
    path.touch(mode=0o644)
    write_private_table(pa.table({"left": [1]}), path)
    assert mode(path) == 0o600
    assert pq.read_table(path)["left"].to_pylist() == [1]


def test_a_failure_leaves_what_was_there(tmp_path):
    path = tmp_path / "answers.jsonl"
    write_private_text("first\n", path)
    with pytest.raises(ZeroDivisionError), private_part(path) as part:
        part.write_text("second\n")
        raise ZeroDivisionError
    assert path.read_text() == "first\n"
    assert list(tmp_path.iterdir()) == [path]


def test_a_part_left_behind_by_somebody_else_is_not_written_into(tmp_path):
    path = tmp_path / "names.txt"
    target = tmp_path / "target.txt"
    target.write_text("untouched")
    (tmp_path / ".names.txt.part").symlink_to(target)
    write_private_text("names\n", path)
    assert target.read_text() == "untouched"
    assert path.read_text() == "names\n"
    assert not path.is_symlink()


def test_an_exclusive_file_never_takes_the_place_of_another(tmp_path):
    path = tmp_path / "project.key"
    write_private_text("first\n", path, exclusive=True)
    assert mode(path) == 0o600
    with pytest.raises(FileExistsError):
        write_private_text("second\n", path, exclusive=True)
    with pytest.raises(FileExistsError), private_part(tmp_path / "other.key", exclusive=True) as part:
        part.write_text("slow\n")
        (tmp_path / "other.key").write_text("quick\n")
    assert (path.read_text(), (tmp_path / "other.key").read_text()) == ("first\n", "quick\n")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["other.key", "project.key"]


def test_a_file_system_without_links_has_exclusive_files_too(tmp_path, monkeypatch):
    def refused(*_names):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("palermo.private_files.os.link", refused)
    path = tmp_path / "project.key"
    write_private_text("first\n", path, exclusive=True)
    with pytest.raises(FileExistsError):
        write_private_text("second\n", path, exclusive=True)
    assert path.read_text() == "first\n"


def test_whether_others_may_read_it(tmp_path):
    write_private_text("names\n", tmp_path / "names.txt")
    assert not is_shared(tmp_path / "names.txt")
    (tmp_path / "names.txt").chmod(0o640)
    assert is_shared(tmp_path / "names.txt")
