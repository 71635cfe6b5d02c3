"""Which combinations are believed: known mixtures are told apart, and the share of mistakes is about the one asked."""

import numpy as np
import pytest

from palermo.release.synthetic.existence import BINS, bins_of, count_bins, least_scores
from palermo.release.synthetic.thresholds import EXPECTED, STRATA


def mixture(held_share, deviation=20.0, each=4000, seed=1):
    """Candidates of each stratum, of which a share is held by about as many as expected."""
    rng = np.random.default_rng(seed)
    strata = np.repeat(np.arange(STRATA), each)
    held = rng.random(len(strata)) < held_share[strata]
    mean = held * EXPECTED[strata] * np.exp(0.5 * rng.normal(size=len(strata)))
    scores = mean + rng.normal(size=len(strata))
    seen = np.zeros((STRATA, BINS), dtype=np.int64)
    count_bins(seen, strata.astype(np.int32), scores)
    return strata, held, scores, seen


@pytest.mark.parametrize("share", [0.01, 0.05])
def test_about_the_asked_share_of_what_is_kept_is_held_by_nobody(share):
    rise = 1 / (1 + np.exp(-(np.log2(EXPECTED) * 1.0 + 1.5)))
    strata, held, scores, seen = mixture(rise)
    kept = scores >= least_scores(seen, EXPECTED, 20.0, 3, share)[strata]
    assert kept.sum() > 0.5 * held.sum()
    assert share / 3 < (~held[kept]).mean() < 2 * share


def test_a_low_count_is_believed_sooner_where_many_are_expected():
    _, _, _, seen = mixture(np.clip(np.linspace(-0.2, 1.0, STRATA), 0, 1))
    least = least_scores(seen, EXPECTED, 20.0, 3, 0.02)
    some = least[np.isfinite(least)]
    assert least[9] < least[5]
    assert len(some) > 5


def test_bins_cover_every_score():
    assert bins_of(np.array([-1e9, -6.0, 0.1, 1e9])).tolist() == [0, 1, 25, BINS - 1]


def test_without_candidates_nothing_is_kept():
    assert np.isinf(least_scores(np.zeros((STRATA, BINS), np.int64), EXPECTED, 5.0, 2, 0.02)).all()
