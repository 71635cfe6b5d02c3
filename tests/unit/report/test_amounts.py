"""Amounts: hidden figures take part as ranges, and are never written as zero."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.language import speaking
from palermo.report.amounts import (
    NO_FIGURE,
    NOT_PUBLISHED,
    Amount,
    State,
    between,
    difference,
    exact,
    people,
    prose_range,
    ratio,
    shares,
    spoken,
    total,
    written,
)

HIDDEN = Amount(1.0, 4.0, State.HIDDEN)


def test_a_sum_with_a_hidden_part_is_a_range():
    assert total([exact(10), HIDDEN]) == between(11, 14)


def test_a_sum_of_nothing_is_not_zero():
    assert total([]) == NOT_PUBLISHED
    assert total([NO_FIGURE, NOT_PUBLISHED]) == NOT_PUBLISHED


def test_a_sum_of_hidden_numbers_without_bounds_is_hidden_and_not_unpublished():
    unbounded = Amount(None, None, State.HIDDEN)
    assert total([unbounded]) == unbounded
    assert total([unbounded, NOT_PUBLISHED]).state is State.HIDDEN


def test_a_sum_without_upper_bound_keeps_its_least_value():
    assert total([exact(3), NO_FIGURE]) == Amount(3, None, State.DERIVED_RANGE)


def test_difference_and_ratio_of_ranges():
    assert difference(HIDDEN, exact(2)) == between(-1, 2)
    assert ratio(exact(2), HIDDEN) == between(0.5, 2)
    assert ratio(exact(2), exact(0)) == NOT_PUBLISHED


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (exact(1234), "1,234"),
        (exact(0), "0"),
        (HIDDEN, "hidden (1\u20134)"),
        (Amount(None, None, State.HIDDEN), "hidden"),
        (Amount(0, 4, State.PRINTED_RANGE), "0\u20134 as printed"),
        (between(3, 7), "3\u20137"),
        (NO_FIGURE, "no figure"),
        (NOT_PUBLISHED, "not published"),
        (Amount(3, None, State.DERIVED_RANGE), "at least 3"),
    ],
)
def test_written(amount, text):
    assert written(amount) == text


def test_a_small_share_is_not_written_as_zero_per_cent():
    assert written(exact(0.3), 0, "%") == "0.3%"
    assert spoken(between(0.11, 0.43), 0, "%") == "between 0.1 and 0.5%"


def test_every_state_is_written_differently():
    amounts = [HIDDEN, Amount(1, 4, State.PRINTED_RANGE), between(1, 4), exact(0), NO_FIGURE, NOT_PUBLISHED]
    assert len({written(amount) for amount in amounts}) == len(amounts)


@st.composite
def partitions(draw):
    """True numbers of parts, some of them hidden behind ranges that hold them."""
    truth = draw(st.lists(st.integers(0, 50), min_size=2, max_size=5))
    parts = {}
    for place, number in enumerate(truth):
        below, above = draw(st.integers(0, 5)), draw(st.integers(0, 5))
        hidden = draw(st.booleans())
        low, high = max(0, number - below), number + above
        parts[str(place)] = Amount(low, high, State.HIDDEN) if hidden else exact(number)
    return truth, parts


@settings(max_examples=60, deadline=None)
@given(partitions(), st.booleans())
def test_a_share_always_holds_the_true_share(case, with_total):
    truth, parts = case
    whole = sum(truth)
    found = shares(parts, exact(whole) if with_total else NOT_PUBLISHED)
    for place, number in enumerate(truth):
        amount = found[str(place)]
        if whole and amount.is_known:
            assert amount.floor - 1e-9 <= 100 * number / whole <= amount.ceiling + 1e-9


@settings(max_examples=60, deadline=None)
@given(st.floats(0, 100), st.floats(0, 100), st.integers(0, 2))
def test_a_written_range_holds_its_bounds(first, second, decimals):
    low, high = sorted((first, second))
    amount = Amount(low, high, State.HIDDEN)
    text = written(amount, decimals).removeprefix("hidden (").removesuffix(")").replace(",", "")
    printed = [float(part) for part in text.split("\u2013")]
    assert printed[0] <= low + 1e-6
    assert printed[-1] >= high - 1e-6


@pytest.mark.parametrize(
    ("least", "english", "russian", "arabic"),
    [
        (1, "at least 1 person", "не менее 1 человека", "ما لا يقل عن شخص واحد"),
        (2, "at least 2 people", "не менее 2 человек", "ما لا يقل عن شخصين"),
        (21, "at least 21 people", "не менее 21 человека", "ما لا يقل عن ٢١ شخصاً"),
    ],
)
def test_at_least_so_many_people_in_the_case_of_the_language(least, english, russian, arabic):
    amount = Amount(least, None, State.DERIVED_RANGE)
    assert people(amount) == english
    with speaking("ru"):
        assert people(amount) == russian
    with speaking("ar"):
        assert people(amount) == arabic


def test_a_range_in_a_sentence_is_one_number_where_both_ends_are_written_alike():
    assert prose_range("16,000", "16,000") == "16,000"
    assert prose_range("3,100", "3,300") == "3,100 to 3,300"
