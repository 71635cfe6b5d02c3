"""Comparing countries: bands of convictions, women among the convicted, the funnel over several areas."""

import pytest

from palermo.account.compared import median_interval


def convicted(area: str, year: int, value: float | None, sex: str = "_T", measure: str = "persons_convicted") -> dict:
    bounds = {"value": value, "lower": value, "upper": value}
    if value is None:
        bounds = {"value": None, "lower": 0.0, "upper": 4.0}
    return {"ref_area": area, "time_period": str(year), "sex": sex, "measure": measure, "kind": "_Z", **bounds}


def test_a_band_that_bounds_leave_open_is_a_range_of_areas(build) -> None:
    rows = [convicted("DEU", year, 60) for year in (2010, 2011, 2012)]
    rows += [convicted("FRA", 2010, 20), convicted("ITA", 2011, 0), convicted("ESP", 2012, None)]
    made = build(area="001", observations=rows, public=frozenset({"published"}))
    found = {row["band"]: (row["value"], row["lower"], row["upper"]) for row in made.find("areas_by_convictions")}
    assert found == {
        "NONE": (None, 1, 2),
        "1T9": (None, 0, 1),
        "10T50": (1, 1, 1),
        "GT50": (1, 1, 1),
        "_T": (4, 4, 4),
    }
    assert {row["time_period"] for row in made.find("areas_by_convictions")} == {"2010/2012"}


def test_panel_pooled_and_median_differ(build) -> None:
    rows = []
    for area, women, men in (("DEU", 10, 90), ("FRA", 6, 4), ("ITA", 5, 5)):
        rows += [convicted(area, 2020, women, "F"), convicted(area, 2020, men, "M")]
    for area, women, men in (("DEU", 20, 80), ("FRA", 5, 5)):
        rows += [convicted(area, 2021, women, "F"), convicted(area, 2021, men, "M")]
    made = build(area="001", observations=rows, public=frozenset({"published"}))
    found = {(row["band"], row["time_period"]): row for row in made.find("convicted_share_female")}
    assert found["POOLED", "2020"]["value"] == pytest.approx(100 * 21 / 120)
    assert found["PANEL", "2020"]["value"] == pytest.approx(100 * 16 / 110)
    assert found["MEDIAN", "2020"]["value"] == 50
    assert (found["MEDIAN", "2020"]["lower"], found["MEDIAN", "2020"]["upper"]) == (10, 60)
    assert all(row["unit"] == "PERCENT" and row["obs_status"] == "E" for row in found.values())


def test_figures_known_within_bounds_do_not_enter_a_share(build) -> None:
    rows = []
    for area in ("DEU", "FRA"):
        rows += [convicted(area, 2020, 10, "F"), convicted(area, 2020, 10, "M")]
    rows += [convicted("ITA", 2020, None, "F"), convicted("ITA", 2020, 30, "M")]
    made = build(area="001", observations=rows, public=frozenset({"published"}))
    found = {row["band"]: row["value"] for row in made.find("convicted_share_female")}
    assert found["PANEL"] == 50
    assert found["POOLED"] == pytest.approx(100 * 20 / 70)


def test_the_funnel_of_a_group_is_over_areas_with_both_years(build) -> None:
    rows = [convicted(area, 2018, 100, measure="persons_contacted") for area in ("DEU", "FRA", "ITA")]
    rows += [
        convicted("DEU", 2019, 50, measure="persons_prosecuted"),
        convicted("FRA", 2019, 20, measure="persons_prosecuted"),
    ]
    rows += [convicted("ITA", 2020, 10), convicted("DEU", 2020, None)]
    made = build(area="001", observations=rows, public=frozenset({"published"}))
    found = {
        (row["ref_area"], row["measure"]): (row["lower"], row["upper"])
        for row in made.find("justice_funnel", time_period="2018")
    }
    assert found == {
        ("DEU", "persons_prosecuted"): (0.5, 0.5),
        ("FRA", "persons_prosecuted"): (0.2, 0.2),
        ("DEU", "persons_convicted"): (0, 0.04),
        ("ITA", "persons_convicted"): (0.1, 0.1),
        ("001", "persons_prosecuted"): (0.35, 0.35),
    }
    assert made.value("persons_contacted", ref_area="001", time_period="2018") == 300


@pytest.mark.parametrize(("size", "rank"), [(3, 1), (5, 1), (6, 1), (9, 2), (15, 4), (40, 14)])
def test_interval_of_the_median_uses_the_textbook_ranks(size: int, rank: int) -> None:
    """Ranks of the 95 % interval of the median (Conover, Practical Nonparametric Statistics, binomial table)."""
    assert median_interval([float(value) for value in range(1, size + 1)]) == (rank, size + 1 - rank)
