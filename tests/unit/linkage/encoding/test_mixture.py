"""From Dice to odds: the fit finds what was drawn, odds rise with Dice."""

import numpy as np
import pytest

from palermo.linkage.encoding.link import threshold_for
from palermo.linkage.encoding.mixture import Mixture, fit
from palermo.linkage.encoding.parameters import Parameters


def drawn(same, other, decay=40.0, threshold=0.62, seed=1):
    rng = np.random.default_rng(seed)
    tail = threshold + rng.exponential(1 / decay, other)
    return np.concatenate([rng.uniform(threshold, 1, same), tail[tail <= 1]])


@pytest.mark.parametrize(("same", "other"), [(3_000, 20_000), (10_000, 10_000), (900, 100)])
def test_share_and_decay_are_found(same, other):
    found = fit(drawn(same, other), 0.62)
    assert found.share == pytest.approx(same / (same + other), abs=0.03)
    if other > 1_000:
        assert found.decay == pytest.approx(40, rel=0.05)


def test_odds_rise_and_are_calibrated_on_what_was_drawn():
    dice = drawn(5_000, 20_000)
    odds = fit(dice, 0.62).odds(dice)
    order = np.argsort(dice)
    assert (np.diff(odds[order]) >= 0).all()
    assert (odds / (1 + odds)).sum() == pytest.approx(5_000, rel=0.1)


def test_few_pairs_take_the_default_curve():
    assert fit(np.array([0.7, 0.9]), 0.62) == fit(np.array([]), 0.62) == Mixture(0.62, 0.5, pytest.approx(12 / 0.38))


def test_flipped_bits_keep_all_pairs_below_a_top():
    dice = 0.62 + (drawn(3_000, 10_000) - 0.62) * 0.6
    found = fit(dice, 0.62)
    assert found.top == pytest.approx(0.62 + 0.38 * 0.6, abs=0.01)
    assert found.share == pytest.approx(3 / 13, abs=0.03)


def test_flips_lower_the_default_threshold():
    assert threshold_for(Parameters(hardening="blip", flip=0.05)) < threshold_for(Parameters(hardening="blip")) - 0.1
