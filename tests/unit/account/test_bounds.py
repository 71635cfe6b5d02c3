"""Arithmetic with bounds: units and kinds do not mix, and no sum says more than its parts."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from palermo.account.bounds import Figure, KindMixError, UnitMixError, exact, ratio, share, total
from palermo.errors import PalermoError
from palermo.wilson import wilson

UNITS = ("PERSON", "RECORD", "CASE", "CONTACT", "EVENT", "OFFENCE", "CONVICTION", "AREA")
KINDS = ("detected", "assisted", "estimated", "exposed")
COUNTS = st.integers(min_value=0, max_value=10_000)
RANGES = st.tuples(COUNTS, COUNTS).map(lambda pair: Figure(min(pair), max(pair), "PERSON", "detected"))


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(UNITS), st.sampled_from(UNITS), COUNTS)
def test_units_do_not_mix(first: str, second: str, count: int) -> None:
    assume(first != second)
    with pytest.raises(UnitMixError, match=f"{first} and {second}"):
        exact(count, first, "detected") + exact(count, second, "detected")


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(KINDS), st.sampled_from(KINDS), COUNTS)
def test_kinds_do_not_mix_in_sums_shares_and_ratios(first: str, second: str, count: int) -> None:
    assume(first != second)
    one, other = exact(count + 1, "PERSON", first), exact(count + 1, "PERSON", second)
    for operation in (
        lambda: one + other,
        lambda: share(one, other),
        lambda: ratio(one, other),
        lambda: total([one, other]),
    ):
        with pytest.raises(KindMixError, match=first):
            operation()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(RANGES, st.floats(0, 1)), min_size=1, max_size=6))
def test_a_sum_holds_every_sum_of_values_within_the_parts(parts) -> None:
    summed = total(figure for figure, _ in parts)
    chosen = sum(figure.lower + place * (figure.upper - figure.lower) for figure, place in parts)
    assert summed.lower - 1e-6 <= chosen <= summed.upper + 1e-6
    assert (summed.value is None) == any(figure.value is None for figure, _ in parts)


@settings(max_examples=60, deadline=None)
@given(RANGES, RANGES, st.floats(0, 1), st.floats(0, 1))
def test_a_share_holds_every_share_of_values_within_the_parts(part, rest, one, other) -> None:
    bounds = share(part, rest)
    a = part.lower + one * (part.upper - part.lower)
    b = rest.lower + other * (rest.upper - rest.lower)
    assume(bounds is not None and a + b > 0)
    assert bounds[0] - 1e-6 <= 100 * a / (a + b) <= bounds[1] + 1e-6


@settings(max_examples=60, deadline=None)
@given(COUNTS, st.integers(1, 10_000))
def test_wilson_holds_the_share_and_stays_within_one(part: int, more: int) -> None:
    lower, upper = wilson(part, part + more)
    assert 0 <= lower <= part / (part + more) <= upper <= 1


def test_wilson_agrees_with_the_textbook() -> None:
    assert wilson(10, 40) == pytest.approx((0.1419, 0.4019), abs=1e-4)


def test_less_than_five_is_a_range_and_never_a_number() -> None:
    summed = exact(12, "PERSON", "detected") + Figure(0, 4, "PERSON", "detected")
    assert (summed.lower, summed.upper, summed.value) == (12, 16, None)
    assert total([]) is None
    assert share(exact(0, "PERSON", "_Z"), Figure(0, 4, "PERSON", "_Z")) is None
    assert ratio(exact(3, "PERSON", "_Z"), Figure(0, 4, "PERSON", "_Z")) is None


def test_impossible_figures_are_refused() -> None:
    with pytest.raises(PalermoError, match="lower"):
        Figure(5, 4, "PERSON", "detected")
    with pytest.raises(PalermoError, match="no share"):
        wilson(3, 2)
