"""Placing files: whole sets, own leftovers removed, other people's files kept."""

from pathlib import Path

import pytest

from palermo.report.placing import place_files


def test_files_are_placed_with_a_list_of_them(tmp_path):
    written = place_files({"b/c.txt": b"2", "a.txt": b"1"}, tmp_path / "out")
    assert [file.relative_to(tmp_path / "out").as_posix() for file in written] == ["a.txt", "b/c.txt"]
    assert (tmp_path / "out" / "files.txt").read_text() == "a.txt\nb/c.txt\n"
    assert [entry.name for entry in tmp_path.iterdir()] == ["out"]


def test_only_files_of_an_earlier_report_are_removed(tmp_path):
    place_files({"old.csv": b"1", "same.csv": b"1"}, tmp_path)
    (tmp_path / "mine.txt").write_text("kept")
    place_files({"same.csv": b"2"}, tmp_path)
    assert not (tmp_path / "old.csv").exists()
    assert (tmp_path / "same.csv").read_bytes() == b"2"
    assert (tmp_path / "mine.txt").read_text() == "kept"


def test_a_list_that_was_tampered_with_cannot_remove_files_outside(tmp_path):
    outside, folder = tmp_path / "outside.txt", tmp_path / "out"
    outside.write_text("kept")
    folder.mkdir()
    (folder / "files.txt").write_text(f"../outside.txt\n{outside}\n")
    place_files({"a.txt": b"1"}, folder)
    assert outside.read_text() == "kept"


def test_a_failure_leaves_the_earlier_set(tmp_path):
    place_files({"a.txt": b"1"}, tmp_path / "out")
    with pytest.raises(TypeError):
        place_files({"a.txt": b"2", "b.txt": None}, tmp_path / "out")
    assert (tmp_path / "out" / "a.txt").read_bytes() == b"1"
    assert [entry.name for entry in tmp_path.iterdir()] == ["out"]


def test_files_that_are_not_a_whole_set_leave_all_others_alone(tmp_path):
    place_files({"account.html": b"1"}, tmp_path)
    place_files({"account-en.pdf": b"2"}, tmp_path, is_whole_set=False)
    assert {file.name for file in tmp_path.iterdir()} == {"account.html", "account-en.pdf", "files.txt"}
    assert (tmp_path / "files.txt").read_text() == "account.html\n"


def test_files_are_made_within_the_folder_which_may_be_a_volume_of_its_own(tmp_path, monkeypatch):
    """A move from another device fails; only what is made within the folder is surely on the same one."""
    folder, moved = tmp_path / "volume", []
    real = Path.replace

    def noted(source, target):
        moved.append(source)
        return real(source, target)

    monkeypatch.setattr(Path, "replace", noted)
    place_files({"a.txt": b"1", "b/c.txt": b"2"}, folder)
    assert moved
    assert all(folder in source.parents for source in moved)
    assert {entry.name for entry in folder.iterdir()} == {"a.txt", "b", "files.txt"}
