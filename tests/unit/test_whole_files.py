"""A file is written whole or not at all."""

import pytest

from palermo.whole_files import whole


def test_a_new_file_takes_the_place_of_the_old_one(tmp_path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("old")
    with whole(path) as part:
        part.write_text("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt, ValueError])
def test_what_fails_on_the_way_leaves_what_was_there(tmp_path, error) -> None:
    path = tmp_path / "table.csv"
    path.write_text("old")
    with pytest.raises(error), whole(path) as part:
        part.write_text("half")
        raise error
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_no_file_comes_of_nothing_written(tmp_path) -> None:
    with pytest.raises(FileNotFoundError), whole(tmp_path / "table.csv"):
        pass
    assert not list(tmp_path.iterdir())
