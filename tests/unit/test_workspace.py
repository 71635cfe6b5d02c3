"""A folder and its places."""

import pytest

from palermo.errors import UsageError
from palermo.workspace import FILE_NAME, find_workspace


def test_a_folder_without_settings_says_how_to_make_some(tmp_path):
    with pytest.raises(UsageError, match="palermo init"):
        find_workspace(tmp_path)


def test_what_is_written_lies_below_the_workspace(tmp_path):
    (tmp_path / FILE_NAME).write_text('[account]\narea = "DEU"\n')
    workspace = find_workspace(tmp_path)
    assert {workspace.work.parent, workspace.releases.parent, workspace.report.parent} == {tmp_path.resolve()}
    closed = {workspace.identities, workspace.sealed, workspace.released}
    assert {folder.parent for folder in closed} == {workspace.work}


def test_an_engine_named_at_the_command_line_goes_before_that_of_the_settings(tmp_path):
    (tmp_path / FILE_NAME).write_text('engine = "duckdb"\n[account]\narea = "DEU"\n')
    assert find_workspace(tmp_path).settings.engine == "duckdb"
    assert find_workspace(tmp_path, "polars").settings.engine == "polars"
    with pytest.raises(UsageError, match="--engine abacus: expected one of duckdb, polars, spark"):
        find_workspace(tmp_path, "abacus")
