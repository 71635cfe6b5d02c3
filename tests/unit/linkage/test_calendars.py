"""Days of the Persian and lunar calendars against published equivalents."""

from datetime import date, timedelta

import pytest

from palermo.linkage.calendars import from_hijri, from_persian


@pytest.mark.parametrize(
    ("persian", "day"),
    [
        ((1379, 1, 1), date(2000, 3, 20)),
        ((1400, 1, 1), date(2021, 3, 21)),
        ((1403, 12, 30), date(2025, 3, 20)),
        ((1357, 11, 22), date(1979, 2, 11)),
        ((1320, 6, 3), date(1941, 8, 25)),
    ],
)
def test_persian(persian, day):
    assert from_persian(*persian) == day


@pytest.mark.parametrize(
    ("hijri", "day"),
    [((1400, 1, 1), date(1979, 11, 21)), ((1445, 9, 1), date(2024, 3, 11)), ((1410, 1, 1), date(1989, 8, 3))],
)
def test_hijri_within_two_days(hijri, day):
    found = from_hijri(*hijri)
    assert found is not None and abs(found - day) <= timedelta(days=2)


def test_no_such_day():
    assert from_persian(1402, 12, 30) is None
    assert from_persian(1402, 13, 1) is None
    assert from_hijri(1410, 13, 1) is None
    assert from_hijri(1410, 1, 31) is None


def test_years_follow_each_other_without_gap():
    for year in range(1250, 1410):
        first, following = from_persian(year, 1, 1), from_persian(year + 1, 1, 1)
        last = from_persian(year, 12, 30) or from_persian(year, 12, 29)
        assert last + timedelta(days=1) == following
        assert (following - first).days in (365, 366)
