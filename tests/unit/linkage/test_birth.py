"""Dates of birth with doubt: what is stated, what stays open, and that the truth always lies in the range."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.linkage.birth import Birth, read_birth
from palermo.linkage.calendars import from_persian


def day(text):
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("arguments", "parts", "first", "last"),
    [
        (("1990-05-17",), (1990, 5, 17), "1990-05-17", "1990-05-17"),
        (("1990-05-17T00:00:00",), (1990, 5, 17), "1990-05-17", "1990-05-17"),
        (("19900517",), (1990, 5, 17), "1990-05-17", "1990-05-17"),
        (("17051990",), (1990, 5, 17), "1990-05-17", "1990-05-17"),
        (("23/04/1990",), (1990, 4, 23), "1990-04-23", "1990-04-23"),
        (("04/23/1990",), (1990, 4, 23), "1990-04-23", "1990-04-23"),
        (("03/04/1990",), (1990, None, None), "1990-03-04", "1990-04-03"),
        (("03/04/1990", "%d/%m/%Y"), (1990, 4, 3), "1990-04-03", "1990-04-03"),
        (("1990", "%d/%m/%Y"), (1990, None, None), "1990-01-01", "1990-12-31"),
        (("05.1990", "%m.%Y"), (1990, 5, None), "1990-05-01", "1990-05-31"),
        (("1990-05",), (1990, 5, None), "1990-05-01", "1990-05-31"),
        (("May 1990",), (1990, 5, None), "1990-05-01", "1990-05-31"),
        (("17 mai 1990",), (1990, 5, 17), "1990-05-17", "1990-05-17"),
        (("17 мая 1990 г.",), (1990, 5, 17), "1990-05-17", "1990-05-17"),
        (("1990年5月17日",), (1990, 5, 17), "1990-05-17", "1990-05-17"),
        (("1990-01-01",), (1990, None, None), "1990-01-01", "1990-12-31"),
        (("31/12/1990", "%d/%m/%Y"), (1990, None, None), "1990-01-01", "1990-12-31"),
        (("01/07/1990",), (1990, None, None), "1990-01-01", "1990-12-31"),
        (("1369/01/01", None, 30, 2020), (None, None, None), "1990-03-21", "1991-03-22"),
        (("1990-00-00",), (1990, None, None), "1990-01-01", "1990-12-31"),
        (("1990-1992",), (None, None, None), "1990-01-01", "1992-12-31"),
        (("c. 1990",), (None, None, None), "1988-01-01", "1992-12-31"),
        (("23.04.90", None, None, 2020), (1990, 4, 23), "1990-04-23", "1990-04-23"),
        (("23/04/90", "%d/%m/%y", None, 2020), (1990, 4, 23), "1990-04-23", "1990-04-23"),
        (("23.04.90",), (1990, 4, 23), "1990-04-23", "1990-04-23"),
        (("03/04/05", None, None, 2020), (None, None, None), "2003-04-05", "2005-04-03"),
        (("1369-12", None, 30, 2020), (1991, None, None), "1991-02-20", "1991-03-22"),
        (("2533-05-17",), (1990, 5, 17), "1990-05-17", "1990-05-17"),
        (("1369/05/20", None, 30, 2020), (1990, 8, 11), "1990-08-11", "1990-08-11"),
        (("۱۳۶۹/۰۵/۲۰", None, 30, 2020), (1990, 8, 11), "1990-08-11", "1990-08-11"),
        (("1369/05/20",), (None, None, None), "1950-03-08", "1990-08-11"),
        (("1990-05-17", None, 30, 20), (1990, 5, 17), "1990-05-17", "1990-05-17"),
        ((None, None, 30, 2020), (None, None, None), "1989-01-01", "1990-12-31"),
        (("unknown", None, 30, 2020), (None, None, None), "1989-01-01", "1990-12-31"),
    ],
)
def test_reading(arguments, parts, first, last):
    birth = read_birth(*arguments)
    assert birth[:3] == parts
    assert (birth.first, birth.last) == (day(first), day(last))
    assert birth.certain == (first if None not in parts else None)


@pytest.mark.parametrize(
    ("text", "notice"),
    [
        ("1990-13-45", "impossible"),
        ("30/02/1990", "impossible"),
        ("99/99/9999", "impossible"),
        ("2030-05-17", "impossible"),
        ("1870-05-17", "impossible"),
        ("soon", "unreadable"),
    ],
)
def test_no_such_birth(text, notice):
    assert read_birth(text, None, None, 2020) == Birth(notice=notice)


def test_age_stays_where_the_date_is_impossible():
    birth = read_birth("1990-13-45", None, 30, 2020)
    assert (birth.first, birth.last, birth.notice) == (day("1989-01-01"), day("1990-12-31"), "impossible")


DAYS = st.dates(date(1930, 1, 1), date(2019, 12, 30))
WAYS = ("%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%y", "%m-%d-%y", "%Y%m%d", "%Y", "%m/%Y", "%d %B %Y", "%y/%m/%d")


@settings(max_examples=60, deadline=None)
@given(DAYS, st.sampled_from(WAYS), st.booleans(), st.booleans(), st.integers(0, 5))
def test_range_holds_the_truth(truth, way, format_known, age_known, later):
    year = 2020 + later
    age = year - truth.year - (truth.day % 2) if age_known else None
    birth = read_birth(truth.strftime(way), way if format_known else None, age, year)
    assert birth.first <= truth <= birth.last
    for part, true in zip(birth[:3], (truth.year, truth.month, truth.day), strict=True):
        assert part in (None, true)


@settings(max_examples=60, deadline=None)
@given(st.integers(1304, 1395), st.integers(1, 12), st.integers(1, 29), st.booleans())
def test_range_holds_the_persian_truth(year, month, number, age_known):
    truth = from_persian(year, month, number)
    birth = read_birth(f"{year}/{month}/{number}", None, 2020 - truth.year if age_known else None, 2020)
    assert birth.first <= truth <= birth.last


@settings(max_examples=60, deadline=None)
@given(
    st.none() | st.text(max_size=14) | st.text("0123456789-/. 年月٣۴", max_size=12),
    st.none() | st.sampled_from([*WAYS, "%", "%Q", ""]),
    st.none() | st.integers(-5, 200),
    st.none() | st.integers(-10, 3000),
)
def test_any_text_has_a_reading_or_none(text, date_format, age, year):
    birth = read_birth(text, date_format, age, year)
    assert (birth.first is None) == (birth.last is None)
    if birth.first is not None:
        assert birth.first <= birth.last
        assert birth.last - birth.first < timedelta(days=366 * 215)
    assert birth.year is None or birth.first.year == birth.last.year == birth.year
