"""The CTDC 2021 file counted as an account: the publisher's totals, and the identity of every figure."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from palermo.account.build import build_account
from palermo.account.making import AccountInputs
from palermo.account.receipts import explain
from palermo.intake.registry import SourceOptions
from palermo.intake.run import intake_file
from palermo.linkage.persons import build_persons
from palermo.settings import Rules

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
CTDC = SHARED / "ctdc-synthetic-2021" / "CTDC_synthetic_20210825_recovered.csv.gz"
WPP = SHARED / "wpp2024"
pytestmark = pytest.mark.skipif(not CTDC.exists(), reason="needs ../shared/data/ctdc-synthetic-2021")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("ctdc")
    read = intake_file(CTDC, SourceOptions("ctdc"), folder)
    build_persons([read.tables["cases"]], folder / "persons.parquet")
    source = {"list": "ctdc", "file": CTDC.name, "sha256": read.sha256, "adapter": read.adapter}
    source |= {"read": read.read, "accepted": read.accepted, "quarantined": read.quarantined}
    inputs = AccountInputs(
        persons=folder / "persons.parquet",
        cases=(read.tables["cases"],),
        suspects=(),
        observations=(),
        public_lists=frozenset(),
        inputs=(source,),
        population=WPP if WPP.exists() else None,
        population_shape=None,
        area="001",
        area_name=None,
        years=None,
        rules=Rules(),
    )
    build_account(inputs, folder)
    return folder


@pytest.fixture(scope="module")
def cube(folder) -> list[dict]:
    return pq.read_table(folder / "cube.parquet").to_pylist()


def totals(cube: list[dict], indicator: str, dimension: str) -> dict[str, float]:
    """All years; everything but one dimension in total."""
    others = {"time_period", "sex", "age", "form", "reach", "citizenship"} - {dimension}
    rows = [row for row in cube if row["indicator"] == indicator and all(row[name] == "_T" for name in others)]
    return {row[dimension]: row["value"] for row in rows}


def test_totals_by_sex_are_the_publishers(cube) -> None:
    by_sex = totals(cube, "victims_by_sex_age", "sex")
    assert (by_sex["F"], by_sex["M"], by_sex["O"], by_sex["_U"]) == (105_990, 39_530, 410, 47_095)
    assert by_sex["_T"] == 193_025


def test_totals_by_form_are_the_publishers(cube) -> None:
    by_form = totals(cube, "victims_by_form_sex_age", "form")
    assert (by_form["sexual"], by_form["forced_labour"], by_form["other"]) == (63_280, 42_340, 10_150)
    # Any form: 111,965 of 193,025; the difference to the sum of the forms is persons with several.
    assert by_form["_T"] - by_form["_U"] == 111_965


def test_forms_by_sex_are_those_of_the_file(cube) -> None:
    found = {
        (row["form"], row["sex"]): row["value"]
        for row in cube
        if row["indicator"] == "victims_by_form_sex_age" and row["time_period"] == row["age"] == "_T"
    }
    assert (found["sexual", "F"], found["sexual", "M"]) == (55_264, 2_824)
    assert (found["forced_labour", "F"], found["forced_labour", "M"]) == (18_399, 18_103)


def test_age_bands_are_the_publishers(cube) -> None:
    bands = {
        row["band"]: row["value"]
        for row in cube
        if row["indicator"] == "victims_by_age_band" and row["time_period"] == "_T" and row["band"] != "_T"
    }
    assert [bands[code] for code in ("Y0T8", "Y9T17", "Y18T20", "Y30T38", "Y_GE48")] == [
        4_720,
        18_740,
        11_930,
        19_230,
        5_900,
    ]


def test_citizenships_are_those_of_the_file(cube) -> None:
    found = totals(cube, "victims_by_citizenship", "citizenship")
    assert [found[code] for code in ("UKR", "PHL", "MDA", "USA")] == [18_480, 13_000, 10_380, 9_690]


def test_flows_have_five_persons_or_more_and_add_up_to_at_most_their_reach(cube) -> None:
    flows = [row for row in cube if row["indicator"] == "flows"]
    assert len(flows) > 300
    assert min(row["value"] for row in flows) >= 5
    reach = totals(cube, "victims_by_reach", "reach")
    for code in ("DOM", "SUBR", "REG", "TREG"):
        assert sum(row["value"] for row in flows if row["reach"] == code) <= reach[code]


def test_every_figure_has_its_own_receipt_in_words(folder, cube) -> None:
    receipts = [row["receipt_id"] for row in cube]
    assert len(receipts) == len(set(receipts))
    row = next(row for row in cube if row["indicator"] == "victims_by_sex_age" and row["sex"] == "F")
    text = explain(folder / "receipts.json", row["receipt_id"][:12])
    assert "Detected victims by sex and age" in text
    assert CTDC.name in text
    assert "Sex: Female" in text


@pytest.mark.skipif(not WPP.exists(), reason="needs ../shared/data/wpp2024")
def test_rates_are_counts_over_the_interpolated_population(cube) -> None:
    def value(indicator: str, unit: str) -> float:
        return next(
            row["value"]
            for row in cube
            if (row["indicator"], row["unit"], row["time_period"]) == (indicator, unit, "2015")
            and row["sex"] == row["age"] == row["form"] == "_T"
        )

    # World population of 2015 in WPP 2024: 7,470,491.9 thousand.
    assert value("victims_rate", "PER_100K") == pytest.approx(value("victims_by_sex_age", "PERSON") / 74_704.919)
    assert value("sdg_16_2_2", "PER_100K") == value("victims_rate", "PER_100K")
