"""The six lists and the courts' register go through intake, and exactly the planted faults end in quarantine."""

import json
from collections import Counter

import pyarrow as pa
import pytest

from palermo.demo.lists import SHAPES
from palermo.intake.convert import read_mapped
from palermo.intake.mapping import load_mapping
from palermo.intake.registry import SourceOptions
from palermo.workspace import FILE_NAME, read_settings

LISTS = [shape.name for shape in SHAPES]
REASONS = {
    "unknown code": "misspelt code",
    "not a yes or no": "misspelt code",
    "not a date": "impossible date",
    "not a year": "impossible date",
    "not an age": "age not a number",
    "wrong number of cells": "torn row",
}


@pytest.fixture(scope="module")
def taken_in(country):
    """Per list: rows read, rows accepted, the quarantined rows, the table."""
    taken = {}
    for source in read_settings(country.workspace / FILE_NAME).sources:
        mapping = load_mapping(source.mapping)
        batches = list(read_mapped(source.path, SourceOptions(source.name, source.type, mapping=mapping), mapping))
        table = pa.concat_tables([batch.tables[mapping.table] for batch in batches], promote_options="permissive")
        bad = [row for batch in batches for row in batch.quarantined]
        taken[source.name] = (sum(b.read for b in batches), sum(b.accepted for b in batches), bad, table)
    return taken


@pytest.fixture(scope="module")
def planted(country):
    return json.loads((country.workspace / "truth" / "made-up-truth.json").read_text())


@pytest.mark.parametrize("name", LISTS)
def test_exactly_the_planted_faults_are_quarantined_each_for_its_reason(taken_in, planted, name):
    read, accepted, bad, table = taken_in[name]
    assert read == planted["lists"][name]["rows"]
    assert read == accepted + len(bad)
    assert table.num_rows == accepted
    assert Counter(REASONS[row.reason] for row in bad) == planted["lists"][name]["faults"]


def test_misspelt_rows_of_the_courts_are_quarantined(taken_in, planted):
    read, accepted, bad, _ = taken_in["courts"]
    assert read == planted["courts"]["rows"]
    assert len(bad) == planted["courts"]["rows_to_quarantine"]
    assert {row.column for row in bad} == {"sex"}
    assert accepted == read - len(bad)


def test_names_of_persons_do_not_enter_the_tables_nor_the_made_up_country_go_missing(taken_in):
    for name in ("police", "shelter", "health", "immigration"):
        table = taken_in[name][3]
        assert "name" not in table.column_names
        assert {"NAM", "BVT"} <= set(table.column("citizenship").to_pylist())
        assert name == "immigration" or "XXA" in table.column("citizenship").to_pylist()


def test_blank_and_zero_stay_apart(taken_in):
    ages = [age for name in LISTS for age in taken_in[name][3].column("age").to_pylist()]
    assert 0 in ages
    assert None in ages


def test_what_a_list_does_not_ask_is_not_the_same_as_unknown(taken_in):
    hotline = taken_in["hotline"][3]
    assert set(hotline.column("citizenship").to_pylist()) == {"_N"}
    assert "_U" in hotline.column("sex").to_pylist()
    assert "_N" not in hotline.column("sex").to_pylist()
