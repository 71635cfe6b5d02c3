"""The table of known shapes: each has its own name, and no file is taken for another shape."""

import pytest

from palermo.errors import UsageError
from palermo.intake.registry import adapter_for, adapters
from palermo.intake.schema import TABLES


def test_names_differ_and_tables_exist():
    names = [adapter.name for adapter in adapters()]
    assert len(set(names)) == len(names)
    assert all(set(adapter.tables) <= set(TABLES) for adapter in adapters())
    assert all(adapter.title for adapter in adapters())


def test_by_name(tmp_path):
    assert adapter_for(tmp_path / "any.csv", "ctdc-kanon").name == "ctdc-kanon"


def test_unknown_name_lists_the_shapes(tmp_path):
    with pytest.raises(UsageError, match=r"(?s)no adapter named 'ctdc'.*ctdc-vp-2022"):
        adapter_for(tmp_path / "any.csv", "ctdc")


def test_unknown_shape_proposes_a_mapping(tmp_path):
    path = tmp_path / "made-up.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(UsageError, match=r"no known shape has these columns: a, b.*palermo map"):
        adapter_for(path)
