"""The compiled sums of the decomposable average: the gamma function, and the place of a share within a block."""

from math import lgamma

import numpy as np
import pytest

from palermo.hidden.estimators.decomposable import GraphScores, _rules
from palermo.hidden.estimators.decomposable_kernel import blocks, log_gamma, mass_at, peak, reaching

CELLS = np.array([0, 30, 20, 6, 25, 4, 3, 1])
GRAPHS = np.arange(8)


@pytest.mark.parametrize("x", [1e-6, 2.0**-5, 0.5, 1.0, 2.0, 3.7, 9.999, 10.0, 123.4, 5e6])
def test_the_gamma_function_is_the_librarys(x):
    assert log_gamma(x) == pytest.approx(lgamma(x), rel=1e-13, abs=1e-12)


def test_blocks_meet_end_to_end_and_begin_anew_at_each_end():
    firsts, places = blocks(89.0, np.array([2671, 50_001]), 2.5, _rules().lengths)
    lengths = _rules().lengths[places]
    assert firsts[0] == 0
    assert (firsts[1:] == firsts[:-1] + lengths[:-1]).all()
    assert 2671 in firsts
    assert firsts[-1] + lengths[-1] == 50_001


def test_the_place_of_a_share_and_the_peak_are_those_of_every_number():
    kernel = GraphScores(CELLS, 3, 0.125).kernel
    numbers = np.arange(60.0, 60.0 + 97)
    mass = mass_at(kernel, GRAPHS, numbers, 0.0)
    shift = float(np.log(mass.sum()))
    for share in (1e-6, 0.03, 0.5, 0.97, 2.0):
        found = reaching(kernel, GRAPHS, _rules(), 60, 97, share, shift)
        expected = np.searchsorted(np.cumsum(mass) / mass.sum(), share)
        assert found == 60 + min(expected, 96)
    assert peak(kernel, GRAPHS, 60, 97, shift)[0] == 60 + mass.argmax()
