"""A year that is only known as a wide range: no line, no sentence on it, a note."""

import pytest

from palermo.report.amounts import between, exact
from palermo.report.figures import wide_ranges
from palermo.report.figures.profile import country_profile
from palermo.report.figures.trend import detected_trend


@pytest.mark.parametrize(
    ("amount", "wide"), [(exact(0), False), (exact(3), False), (between(0, 4), True), (between(90, 110), False)]
)
def test_more_than_the_double_is_wide(amount, wide):
    assert amount.is_wide is wide


def test_notes_name_the_years_and_nothing_where_there_is_none():
    totals = {"2021": exact(564), "2022": between(0, 4)}
    assert wide_ranges.range_note(totals)[0].endswith("can be read: 2022.")
    assert wide_ranges.range_note({"2021": exact(564)}) == ()
    assert wide_ranges.parts_note(()) == ()


def test_a_total_below_its_parts_is_found(release):
    area = release.area
    year = release.periods("victims_by_sex_age", area)[-1]
    whole = release.one("victims_by_sex_age", area, year).amount
    assert wide_ranges.below_its_parts(release, area, {year: whole}) == ()
    assert wide_ranges.below_its_parts(release, area, {year: between(0, 4)}) == (year,)


@pytest.mark.parametrize("make", [country_profile, detected_trend])
def test_a_total_printed_below_its_parts_is_no_fall(make, releasing, rows):
    printed = {"value": None, "lower": 0.0, "upper": 4.0, "obs_status": "Q", "conf_status": "F"}
    wanted = {"indicator": "victims_by_sex_age", "time_period": "2023", "sex": "_T", "age": "_T"}
    kept = [row for row in rows if row["unit"] != "PER_100K"]
    made = [row | printed if wanted.items() <= row.items() else row for row in kept]
    held = releasing(made)
    figure = make(held, held.area, "2023")
    assert "no rise or fall can be read: 2023." in figure.note
    assert not any("2023" in sentence for sentence in figure.text)
