"""The tutorial shows figures of the default demo country; here they are made again."""

import json
import re
from pathlib import Path

import pytest

from palermo.demo.country import build_demo
from palermo.demo.lists import SHAPES

TUTORIAL = Path(__file__).resolve().parents[3] / "docs" / "tutorial.md"


@pytest.fixture(scope="module")
def text():
    return TUTORIAL.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    built = build_demo(tmp_path_factory.mktemp("tutorial"))
    return json.loads(built.truth.with_name("made-up-truth.json").read_text())


def test_the_table_of_intake_shows_what_the_default_country_holds(text, planted):
    shown = {
        name: tuple(int(cell.replace(",", "")) for cell in cells)
        for name, *cells in re.findall(r"^\| (\w+) \| ([\d,]+) \| ([\d,]+) \| (\d+) \|$", text, re.MULTILINE)
    }
    planned = {
        name: (facts["rows"], facts["rows"] - facts["rows_to_quarantine"], facts["rows_to_quarantine"])
        for name, facts in {**planted["lists"], "courts": planted["courts"]}.items()
    }
    assert shown == planned


def test_every_list_is_introduced_with_its_file(text):
    for shape in SHAPES:
        assert f"| {shape.name} | `{shape.file}` |" in text


def test_about_half_of_the_victims_are_detected_as_the_tutorial_says(text, planted):
    assert "saw about half" in text
    assert planted["detected"] / planted["victims"] == pytest.approx(0.5, abs=0.03)


def test_links_lead_to_pages_that_exist(text):
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert (TUTORIAL.parent / target).is_file(), target
