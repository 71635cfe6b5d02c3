"""Finding the pattern of dates."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.intake.propose.dates import read_dates


@pytest.mark.parametrize(
    ("texts", "pattern", "twin"),
    [
        (["2020-03-14"], "%Y-%m-%d", None),
        (["14/03/2020", "01/02/2020"], "%d/%m/%Y", None),
        (["03/14/2020", "01/02/2020"], "%m/%d/%Y", None),
        (["01/02/2020"], "%d/%m/%Y", "%m/%d/%Y"),
        (["14.03.20"], "%d.%m.%y", None),
        (["20200314"], "%Y%m%d", None),
        (["14 Mar 2020"], "%d %b %Y", None),
    ],
)
def test_the_pattern_and_its_twin(texts: list[str], pattern: str, twin: str | None) -> None:
    reading = read_dates(dict.fromkeys(texts, 1))
    assert reading is not None
    assert (reading.pattern, reading.twin, reading.share) == (pattern, twin, 1.0)


def test_share_counts_rows() -> None:
    reading = read_dates({"2020-03-14": 3, "spring": 1})
    assert reading is not None
    assert (reading.share, reading.is_iso) == (0.75, True)


@pytest.mark.parametrize("texts", [[], ["2020"], ["20111"], ["soon"], ["0001-01-01"]])
def test_no_dates(texts: list[str]) -> None:
    assert read_dates(dict.fromkeys(texts, 1)) is None


@settings(max_examples=40, deadline=None)
@given(st.sets(st.dates(dt.date(1950, 1, 1), dt.date(2049, 12, 31)), min_size=1, max_size=5))
def test_a_pattern_that_reads_all_is_found_or_said_to_be_doubtful(days: set[dt.date]) -> None:
    reading = read_dates({f"{day:%d/%m/%Y}": 1 for day in days})
    assert reading is not None
    assert reading.share == 1.0
    assert reading.pattern == "%d/%m/%Y"
    assert (reading.twin is None) == any(day.day > 12 for day in days)
