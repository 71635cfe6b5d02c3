"""The CTDC Global Synthetic Dataset of 2021: the published marginals come out of the tables that intake writes."""

from pathlib import Path

import duckdb
import pytest

from palermo.intake.registry import SourceOptions
from palermo.intake.run import intake_file

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
FILE = SHARED / "ctdc-synthetic-2021" / "CTDC_synthetic_20210825_recovered.csv.gz"
pytestmark = pytest.mark.skipif(not FILE.exists(), reason=f"{FILE} is not here")

FORMS = "['forced_labour', 'sexual', 'other']"


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    return intake_file(FILE, SourceOptions("ctdc"), tmp_path_factory.mktemp("ctdc"))


@pytest.fixture(scope="module")
def cases(result):
    with duckdb.connect() as database:
        yield database.from_parquet(str(result.tables["cases"]))


def count(cases, condition):
    return cases.filter(condition).aggregate("count(*)").fetchall()[0][0]


def counts(cases, column):
    return dict(cases.aggregate(f"{column}, count(*)", column).fetchall())


def test_every_row_is_accepted(result):
    assert (result.adapter, result.read, result.accepted, result.quarantined) == (
        "ctdc-synthetic-2021",
        193_025,
        193_025,
        0,
    )
    assert result.quarantine is None


def test_sex(cases):
    assert counts(cases, "sex") == {"F": 105_990, "M": 39_530, "O": 410, "_U": 47_095}


def test_age_bands(cases):
    assert counts(cases, "age_band") == {
        "Y0T8": 4_720,
        "Y9T17": 18_740,
        "Y18T20": 11_930,
        "Y21T23": 12_100,
        "Y24T26": 11_200,
        "Y27T29": 9_380,
        "Y30T38": 19_230,
        "Y39T47": 9_070,
        "Y_GE48": 5_900,
        "_U": 90_755,
    }


@pytest.mark.parametrize(
    ("form", "sex", "persons"),
    [
        ("sexual", None, 63_280),
        ("forced_labour", None, 42_340),
        ("other", None, 10_150),
        ("sexual", "F", 55_264),
        ("sexual", "M", 2_824),
        ("forced_labour", "F", 18_399),
        ("forced_labour", "M", 18_103),
    ],
)
def test_forms(cases, form, sex, persons):
    of_sex = f" AND sex = '{sex}'" if sex else ""
    assert count(cases, f"list_contains(forms, '{form}'){of_sex}") == persons


def test_percentages_are_of_rows_with_any_form(cases):
    """Section 6 of the codebook: persons with no flag of the group are left out of the denominator."""
    with_any = count(cases, f"list_has_any(forms, {FORMS})")
    assert with_any == 111_965
    shares = [
        round(100 * count(cases, f"list_contains(forms, '{form}')") / with_any, 1)
        for form in ("forced_labour", "sexual", "other")
    ]
    assert shares == [37.8, 56.5, 9.1]


def test_citizenship(cases):
    found = counts(cases, "citizenship")
    assert {code: found[code] for code in ("UKR", "PHL", "MDA", "USA")} == {
        "UKR": 18_480,
        "PHL": 13_000,
        "MDA": 10_380,
        "USA": 9_690,
    }


def test_single_columns_are_counted_in_tens(cases):
    """The publisher's protection: every count of one value is a multiple of ten."""
    assert all(n % 10 == 0 for code, n in counts(cases, "citizenship").items() if code != "_U")
    means = cases.project("unnest(means) AS code").aggregate("code, count(*)", "code").fetchall()
    assert len(means) == 16
    assert all(n % 10 == 0 for code, n in means if code != "_U")
