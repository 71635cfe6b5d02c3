"""Figures of the workbook of UNODC against what reports printed (the table of benchmarks/figures_held.py)."""

import importlib.util
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(
    not (ROOT.parent / "shared" / "data" / "unodc-glotip").exists(), reason="needs ../shared/data/unodc-glotip"
)


@pytest.fixture(scope="module")
def held(unodc_release) -> list:
    spec = importlib.util.spec_from_file_location("figures_held", ROOT / "benchmarks" / "figures_held.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["figures_held"] = module
    spec.loader.exec_module(module)
    return list(module.held_against(unodc_release))


def test_every_printed_number_stands_where_the_table_says(held) -> None:
    """A figure that begins to agree, or ceases to, is a change that somebody must explain."""
    assert {one.row["what"]: one.verdict for one in held if one.verdict != one.row["verdict"]} == {}


def test_what_differs_is_explained_and_everything_is_sourced(held) -> None:
    assert all(one.row["why"] for one in held if one.verdict != "in")
    assert all(one.row["source"] for one in held)


def test_until_2016_printed_shares_of_people_are_reproduced(held) -> None:
    """Before the workbook was widened, shares by sex and age lie within two points of print."""
    early = [one for one in held if one.row["figure"] == "P1" and int(one.row["period"]) <= 2016]
    counts = Counter(one.verdict for one in early)
    assert counts["in"] >= 7
    assert [one.row["what"] for one in early if one.verdict == "apart"] == ["girls among children"]
