"""Published figures: passed on as printed, repeated ones joined, sums with their bounds."""

import pytest

from palermo.account.observed import group_area

LESS_THAN_FIVE = {"value": None, "lower": 0.0, "upper": 4.0}


def figure(area: str, year: int, value: float | None, **more) -> dict:
    known = {"value": value, "lower": value, "upper": value} if value is not None else LESS_THAN_FIVE
    return {"ref_area": area, "time_period": str(year), **known, **more}


def test_bounds_and_statuses_pass_through(build) -> None:
    rows = [figure("DEU", 2020, 7), figure("FRA", 2020, None, obs_status="Q"), figure("ITA", 2020, 0)]
    rows += [{"ref_area": "ESP", "time_period": "2020", "obs_status": "O"}]
    made = build(observations=rows, public=frozenset({"published"}))
    found = {
        row["ref_area"]: (row["value"], row["lower"], row["upper"], row["obs_status"])
        for row in made.find("published_observations")
    }
    assert found == {
        "DEU": (7, 7, 7, "A"),
        "FRA": (None, 0, 4, "Q"),
        "ITA": (0, 0, 0, "A"),
        "ESP": (None, None, None, "O"),
    }
    assert not any(row["confidential"] for row in made.rows)


def test_figures_of_a_list_that_is_not_public_are_confidential(build) -> None:
    made = build(
        observations=[figure("DEU", 2020, 7), figure("DEU", 2021, 8, list="other")], public=frozenset({"other"})
    )
    assert {row["list"]: row["confidential"] for row in made.find("published_observations")} == {
        "published": True,
        "other": False,
    }


def test_repeated_figures_stand_once_and_conflicts_are_ranges(build) -> None:
    rows = [figure("DEU", 2020, 7), figure("DEU", 2020, 7), figure("FRA", 2020, 7), figure("FRA", 2020, 9)]
    made = build(observations=rows, public=frozenset({"published"}))
    found = {row["ref_area"]: row for row in made.find("published_observations")}
    assert found["DEU"]["value"] == 7
    assert (found["FRA"]["value"], found["FRA"]["lower"], found["FRA"]["upper"]) == (None, 7, 9)
    assert found["FRA"]["obs_status"] == "U"
    assert any("twice with different values" in note for note in made.notes)


def test_units_and_kinds_stay_apart(build) -> None:
    rows = [figure("DEU", 2020, 7), figure("FRA", 2020, 5), figure("DEU", 2020, 9, unit="OFFENCE")]
    rows += [figure("FRA", 2020, 5, kind="assisted", measure="victims_assisted")]
    made = build(area="001", observations=rows, public=frozenset({"published"}))
    pooled = made.find("victims_trend_pooled")
    assert [(row["ref_area"], row["value"], row["unit"], row["kind"]) for row in pooled] == [
        ("001", 12, "PERSON", "detected")
    ]


def test_the_panel_has_the_same_areas_in_every_year(build) -> None:
    rows = [figure("DEU", 2019, 10), figure("DEU", 2020, 11), figure("FRA", 2020, 100), figure("ITA", 2019, 1)]
    rows += [figure("ITA", 2020, None)]
    made = build(area="001", observations=rows, public=frozenset({"published"}))
    panel = {row["time_period"]: (row["lower"], row["upper"]) for row in made.find("victims_trend_panel")}
    assert panel == {"2019": (11, 11), "2020": (11, 15)}
    pooled = {row["time_period"]: (row["lower"], row["upper"]) for row in made.find("victims_trend_pooled")}
    assert pooled == {"2019": (11, 11), "2020": (111, 115)}


def test_a_region_compares_its_own_countries(build) -> None:
    rows = [figure(area, 2020, 10) for area in ("DEU", "FRA", "NGA")]
    made = build(area="150", observations=rows, public=frozenset({"published"}))
    assert [(row["ref_area"], row["value"]) for row in made.find("victims_trend_pooled")] == [("150", 20)]


def test_the_list_named_first_goes_before_others(build) -> None:
    rows = [figure("DEU", 2020, 10, list="list"), figure("DEU", 2020, 99, list="another"), figure("FRA", 2020, 1)]
    made = build(area="001", observations=rows, public=frozenset({"published", "list", "another"}))
    assert [row["value"] for row in made.find("victims_trend_pooled")] == [11]


def test_published_numbers_are_the_sdg_figure_where_there_are_no_persons(build) -> None:
    rows = [figure("DEU", 2020, 10), figure("FRA", 2020, 5)]
    made = build(observations=rows, public=frozenset({"published"}))
    assert [(row["ref_area"], row["value"]) for row in made.find("sdg_16_2_2")] == [("DEU", 10)]
    person = {"status": "identified", "year": 2020, "sex": "F"}
    counted = build(observations=rows, persons=[person], public=frozenset({"published"}))
    whole = counted.find("sdg_16_2_2", time_period="2020", sex="_T", age="_T", form="_T")
    assert [(row["ref_area"], row["value"], row["confidential"]) for row in whole] == [("DEU", 1, True)]


def test_years_beyond_the_account_are_left_out(build) -> None:
    made = build(observations=[figure("DEU", 2019, 1), figure("DEU", 2020, 2)], years=(2020, 2020))
    assert [row["time_period"] for row in made.find("published_observations")] == ["2020"]


@pytest.mark.parametrize(("area", "group"), [("DEU", "001"), ("150", "150"), ("001", "001"), ("XYZ", "001")])
def test_countries_are_compared_within_the_region_of_the_account(area: str, group: str) -> None:
    assert group_area(area) == group


def test_people_brought_back_from_abroad_are_not_the_people_detected(build) -> None:
    """The total over countries of repatriation has no country either; yet it counts other people."""
    rows = [figure("DEU", 2020, 3, counterpart_area="_T"), figure("DEU", 2020, 500), figure("ITA", 2020, 1)]
    rows += [figure("FRA", 2020, 7, counterpart_area="_T")]
    made = build(area="001", observations=rows, public=frozenset({"published"}))
    (pooled,) = made.find("victims_trend_pooled")
    assert pooled["value"] == 501
    assert {row["ref_area"]: row["value"] for row in made.find("sdg_16_2_2")} == {"DEU": 500, "ITA": 1}
    assert len(made.find("published_observations")) == 4
