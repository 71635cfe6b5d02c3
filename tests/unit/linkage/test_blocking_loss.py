"""The share of true pairs that blocking keeps, estimated without the truth."""

import itertools

import numpy as np
import pytest

from palermo.linkage.blocking_loss import kept_share, limits


def caught(rates: dict[int, float], rules: list[tuple[int, ...]], pairs: float) -> tuple[dict, float]:
    """Expected counts of the patterns that the rules see, for domains of one key each, and the true share."""
    counts, share = {}, 0.0
    for pattern in itertools.product((0, 1), repeat=len(rates)):
        chance = np.prod([rates[d] if bit else 1 - rates[d] for d, bit in enumerate(pattern)])
        if any(all(have & need == need for have, need in zip(pattern, rule, strict=True)) for rule in rules):
            counts[pattern] = pairs * chance
            share += chance
    return counts, share


def test_two_rules_are_the_estimate_of_lincoln_and_petersen():
    rules = [(1, 0), (0, 1)]
    counts, _ = caught({0: 0.8, 1: 0.6}, rules, 1000)
    both, first, second = counts[1, 1], counts[1, 0] + counts[1, 1], counts[0, 1] + counts[1, 1]
    total = first * second / both
    assert kept_share(counts, rules) == pytest.approx(sum(counts.values()) / total, abs=1e-4)


def test_three_domains_with_rules_over_two_of_them():
    rules = [(1, 1, 0), (0, 1, 1), (1, 0, 1)]
    counts, share = caught({0: 0.7, 1: 0.8, 2: 0.9}, rules, 500)
    assert kept_share(counts, rules) == pytest.approx(share, abs=2e-3)


def test_patterns_that_no_rule_sees_are_ignored():
    counts, share = caught({0: 0.8, 1: 0.6}, [(1, 0), (0, 1)], 1000)
    assert kept_share(counts | {(0, 0): 50_000.0}, [(1, 0), (0, 1)]) == pytest.approx(share, abs=1e-3)
    assert kept_share({(0, 0): 1.0}, [(1, 1)]) == 1.0


def test_limits_hold_the_share_that_chance_leaves():
    rng = np.random.default_rng(1)
    for links in (20.0, 500.0, 5000.0):
        low, high = limits(0.97, links, 0.2)
        rates = links * 0.03 / 0.97 * rng.gamma(5, 1 / 5, 4000)  # mean 1, variance .2
        kept = links / (links + rng.poisson(rates))
        assert 0.94 < ((low <= kept) & (kept <= high)).mean() <= 0.995
        assert low < 0.97 < high
    assert limits(1.0, 50.0, 0.2) == (1.0, 1.0)
