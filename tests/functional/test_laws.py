"""The laws of the design, tried on the demo country from its files to its page."""

import csv
import json
import re

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from palermo.account.receipts import receipt
from palermo.release.rules import FREE

SPECIALS = ("_U", "_N")


@pytest.fixture(scope="module")
def release(demo):
    (folder,) = (demo / "releases").iterdir()
    return folder


@pytest.fixture(scope="module")
def cube(demo):
    return pq.read_table(demo / "work" / "account" / "cube.parquet").to_pylist()


@pytest.fixture(scope="module")
def released(release):
    return pq.read_table(release / "cube.parquet")


def test_law_1_every_figure_resolves_to_its_receipt(release, released):
    numbers = released["receipt_id"].to_pylist()
    assert len(set(numbers)) == len(numbers)
    for number in numbers[:: max(1, len(numbers) // 60)]:
        found = receipt(release / "receipts.json", number, release / "cube.parquet")
        assert found["indicator"]
        assert found["inputs"]
        assert all(len(entry["sha256"]) == 64 for entry in found["inputs"])


def test_law_2_hidden_is_not_zero_and_unknown_is_not_not_asked(demo, release, released):
    hidden = released.filter(pc.not_equal(released["conf_status"], FREE))
    assert len(hidden) > 0
    assert hidden["value"].null_count == len(hidden)
    zeros = released.filter(pc.equal(released["value"], 0))
    assert set(zeros["obs_status"].to_pylist()) <= {"A", "E"}
    page = next((demo / "report").glob("*.html")).read_text(encoding="utf-8")
    assert "hidden" in page
    with (release / "cube.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["conf_status"] != FREE]
    assert {row["value"] for row in rows} == {""}


def test_law_2_cases_keep_what_was_not_asked_apart(demo):
    nothings = set()
    for file in (demo / "work" / "intake").glob("*.cases.parquet"):
        for column in ("sex", "age_band", "citizenship", "migration_status"):
            nothings |= set(pq.read_table(file, columns=[column])[column].to_pylist()) & set(SPECIALS)
    assert nothings == set(SPECIALS)


def test_law_3_what_was_hidden_lies_in_the_published_interval(cube, release, released):
    true = {row["receipt_id"]: row["value"] for row in cube}
    hidden = [row for row in released.to_pylist() if row["conf_status"] != FREE and row["lower"] is not None]
    assert len(hidden) > 100
    for row in hidden:
        assert row["lower"] <= true[row["receipt_id"]] <= row["upper"]
        assert row["upper"] - row["lower"] >= 5


def test_law_2_a_bound_of_nobody_is_written_as_0(release):
    assert not re.search(r",-0(\.0)?[,\r\n]", (release / "cube.csv").read_text(encoding="utf-8"))


def test_law_3_no_hidden_count_stands_in_any_file_that_leaves(release):
    """The receipts and metadata of a release hold no count of a hidden cell under any name."""
    document = json.loads((release / "receipts.json").read_text(encoding="utf-8"))
    assert [name for name, entry in document["indicators"].items() if "counts" in entry] == []
    assert not re.search(r"work/(account|intake)", (release / "metadata.json").read_text(encoding="utf-8"))


def test_laws_4_and_5_each_indicator_has_one_unit_and_one_kind(cube):
    units = {}
    for row in cube:
        if row["indicator"] not in {"published_observations", "sdg_16_2_2"}:
            units.setdefault(row["indicator"], set()).add((row["unit"], row["kind"]))
    assert len(units) >= 10
    assert {name: found for name, found in units.items() if len(found) > 1} == {}


def test_read_is_accepted_and_quarantined_for_every_source(demo):
    stages = json.loads((demo / "work" / "stages.json").read_text(encoding="utf-8"))
    sources = [entry["summary"] for name, entry in stages.items() if name.startswith("intake ")]
    assert len(sources) >= 6
    for source in sources:
        assert source["read"] == source["accepted"] + source["quarantined"]
    assert sum(source["quarantined"] for source in sources) > 0


def test_totals_over_sex_and_age_are_the_sum_of_their_parts(cube):
    counts = {
        (row["time_period"], row["sex"], row["age"]): row["value"]
        for row in cube
        if row["indicator"] == "victims_by_sex_age"
    }
    periods = {period for period, _, _ in counts}
    assert len(periods) == 6  # five years and all together
    for period in periods:
        parts = [value for (p, sex, age), value in counts.items() if p == period and "_T" not in (sex, age)]
        assert sum(parts) == counts[period, "_T", "_T"]


def test_the_page_opens_offline_and_says_that_it_is_made_up(demo):
    page = next((demo / "report").glob("*.html")).read_text(encoding="utf-8")
    assert "<script" not in page
    assert not re.search(r"""(src|href)=["']https?:""", page)
    assert page.lower().count("made up") > 3
    assert "not all people trafficked" in page
