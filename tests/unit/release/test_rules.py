import pytest

from palermo.errors import UsageError
from palermo.release.rules import Protection, is_safe, is_small, threshold


def test_small_is_one_to_k_minus_one():
    assert [count for count in range(8) if is_small(count, 5)] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("lowest", "highest", "safe"), [(3, 3, False), (1, 4, False), (0, 4, False), (0, 5, True), (40, 44, False)]
)
def test_an_interval_is_safe_when_at_least_k_wide(lowest, highest, safe):
    assert is_safe(lowest, highest, 5) is safe


def test_microdata_like_tables_have_the_larger_k():
    rules = Protection()
    assert threshold(rules, {"time_period", "sex", "age", "form"}, False) == 5
    assert threshold(rules, {"time_period", "sex", "age", "form", "citizenship"}, False) == 10
    assert threshold(rules, {"sex"}, True) == 10


@pytest.mark.parametrize("faulty", [{"k_tables": 1}, {"k_microdata": 0}, {"rounding": 1}])
def test_rules_that_protect_nobody_are_refused(faulty):
    with pytest.raises(UsageError, match="expected"):
        Protection(**faulty)
