"""The six lists and the courts' register go through intake, and exactly the planted faults end in quarantine."""

import csv
import json
from collections import Counter

import pyarrow.parquet as pq
import pytest

from palermo.demo.lists import SHAPES

LISTS = [shape.name for shape in SHAPES]
# The fault by the column of the cases table that quarantine names; a torn row has no column.
FAULTS = {
    "forms": "misspelt code",
    "date": "impossible date",
    "year": "impossible date",
    "age": "age not a number",
    None: "torn row",
}


def table_of(result):
    (path,) = result.tables.values()
    return pq.read_table(path)


def quarantined(result):
    with result.quarantine.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def planted(country):
    return json.loads((country.workspace / "truth" / "made-up-truth.json").read_text())


@pytest.mark.parametrize("shape", SHAPES, ids=LISTS)
def test_exactly_the_planted_faults_are_quarantined_each_with_its_column(taken_in, planted, shape):
    name, result = shape.name, taken_in[shape.name]
    targets = {column.header: column.target for column in shape.columns}
    assert result.read == planted["lists"][name]["rows"]
    assert result.read == result.accepted + result.quarantined
    assert result.quarantined == planted["lists"][name]["rows_to_quarantine"]
    assert table_of(result).num_rows == result.accepted
    found = Counter(FAULTS[targets.get(row["column"])] for row in quarantined(result))
    assert found == planted["lists"][name]["faults"]


def test_misspelt_rows_of_the_courts_are_quarantined(taken_in, planted):
    result = taken_in["courts"]
    assert result.read == planted["courts"]["rows"]
    assert result.quarantined == planted["courts"]["rows_to_quarantine"] == len(quarantined(result))
    assert {row["column"] for row in quarantined(result)} == {"sex"}
    assert result.accepted == result.read - result.quarantined


def test_names_of_persons_do_not_enter_the_tables_nor_the_made_up_country_go_missing(taken_in):
    for name in ("police", "shelter", "health", "immigration"):
        table = table_of(taken_in[name])
        assert "name" not in table.column_names
        assert {"NAM", "BVT"} <= set(table.column("citizenship").to_pylist())
        assert name == "immigration" or "XXA" in table.column("citizenship").to_pylist()


def test_blank_and_zero_stay_apart(taken_in):
    ages = [age for name in LISTS for age in table_of(taken_in[name]).column("age").to_pylist()]
    assert 0 in ages
    assert None in ages


def test_what_a_list_does_not_ask_is_not_the_same_as_unknown(taken_in):
    hotline = table_of(taken_in["hotline"])
    assert set(hotline.column("citizenship").to_pylist()) == {"_N"}
    assert "_U" in hotline.column("sex").to_pylist()
    assert "_N" not in hotline.column("sex").to_pylist()
