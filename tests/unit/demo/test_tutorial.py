"""The tutorial shows figures of the default demo country; here they are made again."""

import json
import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from palermo.account.receipts import explain
from palermo.demo.lists import SHAPES
from palermo.demo.score import score

TUTORIAL = Path(__file__).resolve().parents[3] / "docs" / "tutorial.md"


@pytest.fixture(scope="module")
def text():
    return TUTORIAL.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def planted(default_country):
    return json.loads(default_country.truth.with_name("made-up-truth.json").read_text())


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


def test_the_score_is_that_of_the_default_country(text, default_country, default_account):
    total = score(default_country.workspace, default_account.cube).total
    figures = (total.victims, total.detected, total.account, total.difference)
    assert f"| all | {' | '.join(f'{figure:,}' for figure in figures)} | {total.why()} |" in text


def test_the_receipt_shown_is_of_a_figure_that_the_account_has(text, default_account):
    cell = {"indicator": "victims_by_sex_age", "time_period": "2022", "sex": "F", "age": "Y_GE18"}
    rows = pq.read_table(default_account.cube).to_pylist()
    (women,) = [row for row in rows if all(row[key] == code for key, code in cell.items())]
    explained = explain(default_account.receipts, women["receipt_id"], default_account.cube)
    shown = text.split("```text\n")[1].split("```")[0].splitlines()
    assert len(shown) > 5
    for line in shown:
        assert line == "..." or line.removesuffix(" ...") in explained
