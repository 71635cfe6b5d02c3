"""Names against pairs that nobody here labelled, and the outside linkage sets through preparing.

The figures to meet are those of ../shared/data/linkage/README.md: best F1 .658 for Jaro-Winkler, .693 for the
name-based method of nomenklatura, .756 for its logic-v2.
"""

import csv
import importlib.util
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from anyascii import anyascii
from rapidfuzz.distance import JaroWinkler

from palermo.intake.schema import IDENTITIES
from palermo.linkage.prepare import prepare_table

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data" / "linkage"
pytestmark = pytest.mark.skipif(not SHARED.exists(), reason="no shared data")


@pytest.fixture(scope="module")
def benchmark():
    spec = importlib.util.spec_from_file_location("linkage_names", ROOT / "benchmarks" / "linkage_names.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


def test_published_anchor_is_met_first(benchmark):
    pairs = benchmark.name_pairs()
    plain = [
        JaroWinkler.similarity(*(" ".join(sorted(anyascii(name).lower().split())) for name in both))
        for both in zip(pairs.left, pairs.right, strict=True)
    ]
    assert len(pairs.same) == 548
    assert benchmark.best_f1(np.array(plain), pairs.same) == pytest.approx(0.658, abs=0.01)


def test_name_pairs(benchmark):
    pairs = benchmark.name_pairs()
    scores = benchmark.ours(pairs)
    assert benchmark.auc(scores, pairs.same) > 0.90
    assert benchmark.best_f1(scores, pairs.same) > 0.84
    assert benchmark.held_out_f1(scores, pairs.same) > 0.82


def test_entity_pairs(benchmark):
    pairs = benchmark.entity_pairs()
    scores = benchmark.ours(pairs)
    assert len(pairs.same) == 138
    assert benchmark.auc(scores, pairs.same) > 0.88
    assert benchmark.best_f1(scores, pairs.same) > 0.86


def test_demo_names_across_scripts(benchmark):
    pairs = benchmark.demo_pairs(persons=1500)
    assert benchmark.recall_at(benchmark.ours(pairs), pairs.same) > 0.85
    assert benchmark.recall_at(benchmark.skeletons(pairs), pairs.same) > 0.70


COLUMNS = {
    "febrl/dataset3.csv": {"given_name": "given_name", "family_name": "surname", "birth_date": "date_of_birth"},
    "splink_fake_1000.csv": {"given_name": "first_name", "family_name": "surname", "birth_date": "dob"},
}


@pytest.mark.parametrize("name", COLUMNS)
def test_outside_sets_are_prepared(name):
    with (SHARED / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, skipinitialspace=True))
    identities = [
        {"list": "a", "record_id": str(number), **{ours: row[theirs] or None for ours, theirs in COLUMNS[name].items()}}
        for number, row in enumerate(rows)
    ]
    prepared = prepare_table(pa.Table.from_pylist(identities, schema=IDENTITIES))
    for column, source in (("given", "given_name"), ("family", "family_name")):
        empty = sum(row[source] is None for row in identities)
        assert prepared[column].null_count == empty
    dates = sum(row["birth_date"] is not None for row in identities)
    assert prepared.num_rows - prepared["birth_from"].null_count > 0.98 * dates
