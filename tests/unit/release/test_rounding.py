import pytest
from hypothesis import given
from hypothesis import strategies as st

from palermo.release.rounding import rounded


@given(count=st.integers(1, 10_000), base=st.integers(2, 100))
def test_bounds_hold_the_count_and_every_count_in_them_prints_the_same(count, base):
    printed = rounded(count, base)
    assert printed["lower"] <= count <= printed["upper"]
    assert rounded(printed["lower"], base) == printed == rounded(printed["upper"], base)
    assert printed["value"] is None or printed["value"] % base == 0


@pytest.mark.parametrize(("count", "value"), [(0, 0.0), (7, 5.0), (8, 10.0), (100, 100.0), (2, None)])
def test_nearest_multiple_and_zero_only_for_zero(count, value):
    assert rounded(count, 5)["value"] == value
