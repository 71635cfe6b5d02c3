"""All pairs by Dice: held against counting by hand, with equal encodings, bounds and refusals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.errors import RefusedError
from palermo.linkage.encoding import compare as module
from palermo.linkage.encoding.compare import compare
from palermo.linkage.encoding.parameters import LENGTHS


def random_bits(count, density, seed, length=1024):
    return np.packbits(np.random.default_rng(seed).random((count, length)) < density, axis=1)


def by_hand(bits, threshold):
    ones = np.unpackbits(bits, axis=1).astype(np.float32)  # exact: counts are far below 2^24
    shared, counts = (ones @ ones.T).astype(np.int64), ones.sum(axis=1).astype(np.int64)
    total = counts[:, None] + counts[None, :]
    dice = 2 * shared / np.maximum(total, 1)
    left, right = np.nonzero(np.triu(2 * shared >= threshold * total, 1))
    return dict(zip(zip(left.tolist(), right.tolist(), strict=True), dice[left, right].tolist(), strict=True))


def found_pairs(found):
    return dict(zip(zip(found.left.tolist(), found.right.tolist(), strict=True), found.dice.tolist(), strict=True))


@settings(max_examples=10, deadline=None)
@given(st.integers(2, 700), st.sampled_from([0.1, 0.3, 0.5]), st.integers(0, 9), st.sampled_from([-0.03, 0.0, 0.04]))
def test_no_pair_is_lost(count, density, seed, beyond):
    bits = random_bits(count, density, seed)
    bits[count // 2] = bits[0]
    threshold = density + beyond
    assert found_pairs(compare(bits, threshold)) == pytest.approx(by_hand(bits, threshold))


def test_bit_counts_far_apart_lose_nothing():
    bits = np.concatenate([random_bits(300, density, 3) for density in (0.02, 0.2, 0.6)])
    assert found_pairs(compare(bits, 0.45)) == pytest.approx(by_hand(bits, 0.45))


@pytest.mark.parametrize("length", LENGTHS[:3])
def test_other_lengths(length):
    bits = random_bits(80, 0.3, 4, length)
    assert found_pairs(compare(bits, 0.31)) == pytest.approx(by_hand(bits, 0.31))


def test_many_equal_records_are_a_star():
    bits = np.repeat(random_bits(2, 0.3, 1), [100_000, 1], axis=0)
    found = compare(bits, 0.9)
    assert len(found.left) == 99_999 and set(found.left.tolist()) == {0}
    assert found.compared == 1


def test_equal_records_each_meet_the_others():
    bits = np.repeat(random_bits(1, 0.3, 1), 5, axis=0)
    near = bits[:1].copy()
    near[0, 0] ^= 255
    found = compare(np.concatenate([bits, near, near]), 0.9)
    assert len(found.left) == 7 * 6 // 2


@pytest.mark.parametrize("count", [0, 1])
def test_nothing_to_compare(count):
    assert len(compare(random_bits(count, 0.3, 1), 0.5).left) == 0


def test_empty_encodings_meet_only_each_other():
    found = compare(np.concatenate([np.zeros((2, 128), np.uint8), random_bits(2, 0.3, 1)]), 0.6)
    assert found_pairs(found) == {(0, 1): 1.0}


def test_too_many_pairs_are_refused():
    with pytest.raises(RefusedError, match="More than 100 pairs"):
        compare(random_bits(600, 0.3, 1), 0.1, most=100)


def test_progress_reaches_the_total_and_stops_on_interrupt():
    said = []
    compare(random_bits(700, 0.3, 1), 0.6, lambda done, total, _: said.append((done, total)))
    assert said[-1][0] == said[-1][1] == 700 * 699 / 2

    def stop(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compare(random_bits(700, 0.3, 1), 0.6, stop)


def test_result_does_not_hang_on_the_number_of_processors(monkeypatch):
    bits = random_bits(900, 0.3, 1)
    once = found_pairs(compare(bits, 0.32))
    monkeypatch.setattr(module, "cpu_count", lambda: 1)
    assert found_pairs(compare(bits, 0.32)) == once
