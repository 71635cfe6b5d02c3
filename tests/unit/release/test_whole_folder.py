"""A folder is there whole or not at all, and an earlier one stays until the new one is complete."""

import pytest

from palermo.release.whole_folder import whole_folder


def test_a_folder_takes_its_name_at_last(tmp_path):
    out = tmp_path / "deep" / "tables"
    with whole_folder(out) as part:
        (part / "a.csv").write_text("1")
        assert not out.exists()
    assert [path.name for path in out.iterdir()] == ["a.csv"]
    assert [path.name for path in out.parent.iterdir()] == ["tables"]


def test_what_fails_leaves_the_earlier_folder_and_nothing_beside_it(tmp_path):
    out = tmp_path / "tables"
    out.mkdir()
    (out / "earlier.csv").write_text("1")
    with pytest.raises(KeyboardInterrupt), whole_folder(out) as part:
        (part / "half.csv").write_text("2")
        raise KeyboardInterrupt
    assert [path.name for path in tmp_path.iterdir()] == ["tables"]
    assert [path.name for path in out.iterdir()] == ["earlier.csv"]
