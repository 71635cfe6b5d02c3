"""Published figures of several countries: which year and list counts, and what they add up to."""

import pytest

from palermo.report.amounts import State
from palermo.report.figures import countries
from palermo.report.figures.countries import VICTIMS, latest, members, subregions, summed, window, yearly


def test_each_country_enters_with_its_latest_year_of_three(several):
    found = latest(several, VICTIMS, "001", window("2023"))
    assert {country: rows[0]["time_period"] for country, rows in found.items()} == {
        "ATF": "2022", "BVT": "2022", "HMD": "2022", "IOT": "2022", "SGS": "2022", "UMI": "2021",
    }  # fmt: skip
    assert latest(several, VICTIMS, "001", window("2020")) == {}


def test_the_list_named_first_counts(releasing, observed):
    rows = [
        observed("published_observations", value, ref_area="BVT", time_period="2022", list=name)
        for name, value in (("second", 2.0), ("first", 1.0))
    ]
    release = releasing(rows, inputs=[{"list": "first"}, {"list": "second"}])
    assert [row.amount.value for row in latest(release, VICTIMS, "001", ("2022",))["BVT"]] == [1.0]


def test_years_stand_apart(several):
    found = yearly(several, VICTIMS, "001", ("2021", "2022"))
    assert len(found["2021"]) == 6
    assert set(found["2021"]) - set(found["2022"]) == {"UMI"}


def test_members_and_subregions():
    assert members("DEU") == {"DEU"}
    assert {"DEU", "FRA"} <= members("155") < members("150") < members("001")
    assert subregions("150") == ("039", "151", "154", "155")
    assert subregions("155") == ("155",)
    assert len(subregions("001")) == 17
    assert not countries.is_group("DEU")


def test_own_citizens_brought_back_are_not_among_the_detected(several):
    rows = latest(several, VICTIMS, "001", ("2022",))["BVT"]
    assert [row["counterpart_area"] for row in rows] == ["_Z"]


def test_a_sum_keeps_its_range_and_nothing_is_no_zero(several):
    rows = countries.rows_of(latest(several, VICTIMS, "001", ("2022",), sex="*", age="*"))
    girls = summed(rows, sex="F", age="Y0T17")
    assert (girls.low, girls.high) == (0.0, 20.0)
    assert summed(rows, sex="O").state is State.NOT_PUBLISHED


@pytest.mark.parametrize(
    ("period", "years"), [("2023", ("2021", "2022", "2023")), ("2019/2021", ("2019", "2020", "2021"))]
)
def test_the_window_ends_with_the_period(period, years):
    assert window(period) == years
