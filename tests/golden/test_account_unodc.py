"""Published figures of UNODC, compared between countries: what the Global Report and its data say."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from palermo.account.build import build_account
from palermo.account.making import AccountInputs
from palermo.intake.registry import SourceOptions
from palermo.intake.run import intake_file
from palermo.settings import Rules

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
UNODC = SHARED / "unodc-glotip" / "data_glotip_20250414.xlsx"
pytestmark = pytest.mark.skipif(not UNODC.exists(), reason="needs ../shared/data/unodc-glotip")


@pytest.fixture(scope="module")
def cube(tmp_path_factory) -> list[dict]:
    folder = tmp_path_factory.mktemp("unodc")
    read = intake_file(UNODC, SourceOptions("unodc"), folder)
    source = {"list": "unodc", "file": UNODC.name, "sha256": read.sha256, "adapter": read.adapter}
    source |= {"read": read.read, "accepted": read.accepted, "quarantined": read.quarantined}
    inputs = AccountInputs(
        persons=None,
        cases=(),
        suspects=(),
        observations=(read.tables["observations"],),
        public_lists=frozenset({"unodc"}),
        inputs=(source,),
        population=None,
        population_shape=None,
        area="001",
        area_name=None,
        years=None,
        rules=Rules(),
    )
    result = build_account(inputs, folder)
    wanted = [("indicator", "!=", "published_observations"), ("indicator", "!=", "sdg_16_2_2")]
    return pq.read_table(result.cube, filters=[wanted]).to_pylist()


def test_no_published_figure_needs_protection(cube) -> None:
    assert not any(row["confidential"] for row in cube)


def test_27_per_cent_of_124_countries_had_10_to_50_convictions_a_year(cube) -> None:
    rows = [row for row in cube if row["indicator"] == "areas_by_convictions" and row["time_period"] == "2010/2012"]
    found = {row["band"]: (row["lower"], row["upper"]) for row in rows}
    assert found["_T"] == (124, 124)
    assert round(100 * found["10T50"][0] / 124) == 27
    assert found["GT50"] == (22, 22)
    # "<5" may be none: 39 countries stand in one of the two lowest bands.
    assert (found["NONE"], found["1T9"]) == ((0, 39), (30, 69))


def test_women_among_the_convicted_in_three_ways(cube) -> None:
    found: dict[str, dict[str, float]] = {}
    for row in cube:
        if row["indicator"] == "convicted_share_female":
            found.setdefault(row["band"], {})[row["time_period"]] = round(row["value"], 1)
            assert row["lower"] <= row["value"] <= row["upper"]
    years = ("2017", "2018", "2019", "2020", "2021", "2022")
    assert [found["POOLED"][year] for year in years] == [40.2, 45.4, 47.3, 44.9, 29.0, 29.3]
    assert found["PANEL"] == {"2019": 55.7, "2020": 54.3, "2021": 57.0, "2022": 56.1}
    assert set(found["MEDIAN"]) == set(years)


def test_shares_of_2011_by_sex_and_age(cube) -> None:
    """Cells printed as "<5" taken at their lower bound, as in the published shares."""
    found = {
        (row["sex"], row["age"]): row["lower"]
        for row in cube
        if row["indicator"] == "victims_trend_pooled" and row["time_period"] == "2011"
    }
    women, men, girls, boys = (found[key] for key in (("F", "Y_GE18"), ("M", "Y_GE18"), ("F", "Y0T17"), ("M", "Y0T17")))
    known = women + men + girls + boys
    assert known == 10_809
    assert 100 * found["F", "_T"] / (found["F", "_T"] + found["M", "_T"]) == pytest.approx(70.2, abs=0.1)
    assert 100 * (girls + boys) / known == pytest.approx(33.8, abs=0.1)
    assert 100 * women / known == pytest.approx(48.9, abs=0.1)
    assert 100 * girls / (girls + boys) == pytest.approx(63, abs=0.1)


def test_the_panel_is_a_range_within_the_pooled_range(cube) -> None:
    panel = {row["time_period"]: row for row in cube if row["indicator"] == "victims_trend_panel"}
    pooled = {
        row["time_period"]: row
        for row in cube
        if row["indicator"] == "victims_trend_pooled" and row["sex"] == row["age"] == "_T"
    }
    assert list(panel) == [str(year) for year in range(2013, 2023)]
    for year, row in panel.items():
        assert row["lower"] <= pooled[year]["lower"]
        assert row["upper"] <= pooled[year]["upper"]
