"""Periods of the cube in the writing of SDMX, and what they span."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.errors import PalermoError
from palermo.report.sdmx.periods import Span, account_years, in_sdmx, span


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ("2021", ("A", "2021")),
        ("2019/2023", ("_O", "2019-01-01/P5Y")),
        ("_T", ("_Z", "2018-01-01/P6Y")),
        ("_U", ("_U", "2018-01-01/P6Y")),
    ],
)
def test_every_period_is_one_that_sdmx_knows(period, said):
    assert in_sdmx(period, (2018, 2023)) == said


def test_a_period_that_is_none_is_an_error():
    with pytest.raises(PalermoError, match="expected a year"):
        in_sdmx("soon", (2018, 2023))
    with pytest.raises(PalermoError, match="_T beside years"):
        in_sdmx("_T", None)


def test_years_of_the_account_come_from_the_metadata_else_from_the_periods():
    assert account_years([2018, 2023], ["2001"]) == (2018, 2023)
    assert account_years(None, ["2003/2005", "2004", "_T"]) == (2003, 2005)
    assert account_years(None, ["_T"]) is None


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2020", "2020-01-01", "2020-12-31"),
        ("2020-A1", "2020-01-01", "2020-12-31"),
        ("2020-Q2", "2020-04-01", "2020-06-30"),
        ("2020-S2", "2020-07-01", "2020-12-31"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("2020-M02", "2020-02-01", "2020-02-29"),
        ("2020-02-03", "2020-02-03", "2020-02-03"),
        ("2019-01-01/P5Y", "2019-01-01", "2023-12-31"),
        ("2019-01-31/P1M", "2019-01-31", "2019-02-27"),
        ("2019-01-01/P10D", "2019-01-01", "2019-01-10"),
    ],
)
def test_what_a_period_spans(text, first, last):
    assert span(text) == Span(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("text", ["", "soon", "2020-13", "2020-Q5", "2020-02-30", "2020-X1", "20", "_T"])
def test_what_is_no_period(text):
    assert span(text) is None


@settings(max_examples=60, deadline=None)
@given(st.integers(1900, 2080), st.integers(0, 30))
def test_a_range_spans_its_years(first, more):
    _, text = in_sdmx(f"{first}/{first + more}", None)
    assert span(text) == Span(date(first, 1, 1), date(first + more, 12, 31))
