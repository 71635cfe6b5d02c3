"""Cell keys: the perturbation table has exact moments; the noise depends on persons and key, on nothing else."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.errors import UsageError
from palermo.release.tables.alternatives.cell_key import cell_keys, key_id, noise_of, perturbed, record_keys
from palermo.release.tables.alternatives.perturbation import Noise, law_of, laws
from palermo.release.tables.cells import Lattice, Leaves, cells_of
from palermo.release.tables.hierarchy import Dimension
from palermo.release.tables.specification import Published, Specification

KEY = b"a key made up for tests"
DIMENSIONS = (Dimension("country", ("A", "B", "C"), {"R": ("A", "B")}), Dimension("sex", ("F", "M")))


@given(st.integers(3, 9), st.fractions(Fraction(1, 2), 6, max_denominator=4), st.integers(0, 2), st.integers(1, 15))
@settings(max_examples=60, deadline=None)
def test_noise_is_unbiased_of_the_variance_asked_for_and_leaves_no_blocked_count(reach, variance, blocked, count):
    law = law_of(count, Noise(reach, variance, blocked))
    assert sum(law.chances) == 1
    assert min(law.chances) >= 0
    assert law.mean == 0
    assert all(count + v == 0 or count + v > blocked for v in law.values)
    if count > reach + blocked:
        assert law.variance == variance


def test_the_law_of_large_counts_has_most_entropy():
    """Checked against the known form: chances proportional to exp(b v^2), alike on both sides."""
    law = laws(Noise(4, Fraction(2), 2))[-1]
    chances = np.array([float(p) for p in law.chances])
    assert np.allclose(chances, chances[::-1], atol=1e-10)
    slopes = np.diff(np.log(chances))
    assert np.allclose(np.diff(slopes), np.diff(slopes)[0], atol=1e-6)


def test_a_count_of_one_becomes_nothing_or_three():
    law = laws(Noise(4, Fraction(2), 2))[1]
    assert (law.values, law.chances) == ((-1, 2), (Fraction(2, 3), Fraction(1, 3)))


def test_drawn_noise_has_the_moments_of_its_law():
    keys = np.random.default_rng(1).integers(0, 2**64, 100_000, dtype=np.uint64)
    for count in (1, 2, 3, 5, 40):
        noise = noise_of(np.full(len(keys), count), keys, Noise())
        assert abs(noise.mean()) < 0.03
        assert abs(noise.var() - 2) < 0.06


def _cells(codes, tables=()):
    unique, which = np.unique(codes, axis=0, return_inverse=True)
    persons = np.bincount(which.reshape(-1)).astype(np.int64)
    return cells_of(Lattice.of(Specification(DIMENSIONS, tables)), Leaves(unique, persons))


@given(st.integers(0, 2**31), st.integers(1, 80))
@settings(max_examples=30, deadline=None)
def test_same_persons_have_the_same_noise_in_any_order_table_or_run(seed, number):
    draws = np.random.default_rng(seed)
    codes = np.stack([draws.integers(0, 3, number), draws.integers(0, 2, number)], axis=1)
    ids = [f"made-up-{n}" for n in range(number)]
    order = draws.permutation(number)
    whole = _cells(codes)
    alone = _cells(codes, (Published("countries", ("country",)),))
    values = dict(zip(whole.keys.tolist(), perturbed(whole, codes, ids, KEY, Noise()).tolist(), strict=True))
    turned = perturbed(_cells(codes[order]), codes[order], [ids[n] for n in order], KEY, Noise())
    assert list(values.values()) == turned.tolist()
    part = perturbed(alone, codes, ids, KEY, Noise())
    assert [values[key] for key in alone.keys.tolist()] == part.tolist()


def test_another_person_or_another_key_gives_other_noise():
    number = 4_000
    keys = record_keys(KEY, [f"made-up-{n}" for n in range(number)])
    sums = np.cumsum(keys)  # sets that grow by one person each
    first = cell_keys(KEY, sums)
    assert len(set(first.tolist())) == number
    assert (record_keys(b"another key of tests", ["made-up-0"]) != keys[0]).all()
    noise = noise_of(np.full(number, 50), first, Noise())
    assert abs(np.corrcoef(noise[1:], noise[:-1])[0, 1]) < 0.06


def test_zeros_stay_zero_and_small_counts_never_show():
    draws = np.random.default_rng(3)
    codes = np.stack([draws.integers(0, 2, 9), draws.integers(0, 2, 9)], axis=1)  # nobody in C
    cells = _cells(codes)
    values = perturbed(cells, codes, [str(n) for n in range(9)], KEY, Noise())
    assert not ((values == 1) | (values == 2)).any()
    c = DIMENSIONS[0].place["C"]
    assert not (cells.lattice.decoded(cells.keys)[:, 0] == c).any()


def test_keys_are_secret_and_persons_are_counted_once():
    with pytest.raises(UsageError, match="bytes"):
        record_keys(b"short", ["a"])
    with pytest.raises(UsageError, match="several rows"):
        record_keys(KEY, ["a", "a"])
    assert key_id(KEY) != key_id(b"another key of tests")


@pytest.mark.parametrize(
    "asked", [{"reach": 0}, {"variance": Fraction(0)}, {"variance": Fraction(17)}, {"blocked": 4}, {"blocked": -1}]
)
def test_noise_that_cannot_be_is_refused(asked):
    with pytest.raises(UsageError):
        Noise(**asked)
