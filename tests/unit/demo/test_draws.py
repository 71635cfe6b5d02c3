import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.demo.draws import between, bits, codes_of, exactly, mask_of, pick, stream

CODES = ("a", "b", "c", "d")


@settings(max_examples=30, deadline=None)
@given(st.sets(st.sampled_from(CODES)))
def test_a_mask_gives_back_its_codes_in_the_order_of_the_list(codes):
    assert codes_of(mask_of(sorted(codes), CODES), CODES) == sorted(codes)


def test_streams_differ_by_topic_and_repeat_by_seed():
    first = stream(1, 2).random(4)
    assert (first == stream(1, 2).random(4)).all()
    assert (first != stream(1, 3).random(4)).all()
    assert (first != stream(2, 2).random(4)).all()


def test_pick_follows_the_weights_and_never_takes_a_weight_of_zero():
    numbers = pick(stream(1, 1).random(20_000), (1, 0, 3))
    assert np.bincount(numbers, minlength=3).tolist()[1] == 0
    assert (numbers == 2).mean() == pytest.approx(0.75, abs=0.02)


@settings(max_examples=30, deadline=None)
@given(st.floats(0, 1, exclude_max=True), st.integers(-5, 5), st.integers(0, 9))
def test_between_stays_inside_its_bounds(uniform, low, more):
    assert low <= int(between(np.array([uniform]), low, low + more)[0]) <= low + more


def test_exactly_gives_different_positions():
    places = exactly(stream(1, 1), 50, 20)
    assert len(set(places.tolist())) == 20
    assert (np.diff(places) > 0).all()


def test_bits_are_set_with_their_shares():
    mask = bits(stream(1, 1), (0.0, 1.0, 0.5), 4_000)
    assert (mask & 1).sum() == 0
    assert ((mask >> 1) & 1).all()
    assert ((mask >> 2) & 1).mean() == pytest.approx(0.5, abs=0.04)
