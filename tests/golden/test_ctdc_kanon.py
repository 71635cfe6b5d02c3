"""The k-anonymised CTDC data set (an extract of 15 columns): three-state flags, and countries in two letters."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from palermo.intake.registry import SourceOptions
from palermo.intake.run import intake_file

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
FILE = SHARED / "ctdc-kanon-2020-extract" / "dados_app.csv.gz"
pytestmark = pytest.mark.skipif(not FILE.exists(), reason=f"{FILE} is not here")


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    result = intake_file(FILE, SourceOptions("kanon"), tmp_path_factory.mktemp("kanon"))
    assert (result.adapter, result.read, result.quarantined) == ("ctdc-kanon", 48_773, 0)
    return pq.read_table(result.tables["cases"]).to_pylist()


def counted(cases, column):
    found = {}
    for row in cases:
        found[row[column]] = found.get(row[column], 0) + 1
    return found


def test_sex(cases):
    assert counted(cases, "sex") == {"F": 35_506, "M": 13_267}


def test_age_bands(cases):
    found = counted(cases, "age_band")
    assert found["Y9T17"] == 8_645
    assert found["Y_GE48"] == 1_560
    assert found["_U"] == 12_348


def test_forms(cases):
    assert sum("forced_labour" in row["forms"] for row in cases) == 9_772
    assert sum("sexual" in row["forms"] for row in cases) == 16_039


def test_citizenship_zero_is_unknown_and_no_country(cases):
    found = counted(cases, "citizenship")
    assert found["PHL"] == 11_365
    assert found["_U"] == 8_858 + 278


def test_columns_that_the_extract_leaves_out_are_not_asked(cases):
    assert {tuple(row["means"]) for row in cases} == {("_N",)}


def test_smallest_cell_holds_eleven(cases):
    """The disclosure oracle of the file: no cell of five columns and both flags holds fewer than eleven persons."""
    cells = {}
    for row in cases:
        key = (row["year"], row["sex"], row["age_band"], row["citizenship"], row["destination"], *row["forms"])
        cells[key] = cells.get(key, 0) + 1
    assert min(cells.values()) >= 11
