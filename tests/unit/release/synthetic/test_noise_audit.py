"""Attack on the counter: two files that differ in one person, many runs; a build with half the noise must fail.

The attacker sums all noisy counts that the person is in, weighted by precision, and guesses which file it was. From a
threshold's right and wrong guesses (Clopper and Pearson limits) follows a lower bound on the loss rho.
"""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from scipy.stats import beta, norm

from palermo.release.synthetic import measure as counter
from palermo.release.synthetic.coded import Coded
from palermo.release.synthetic.discrete_gaussian import SeededRandomness, draws
from palermo.release.synthetic.settings import SynthesisSettings

EPSILONS = [(12.0, 250), pytest.param(4.0, 2000, marks=pytest.mark.slow)]  # with the runs of each file


def settings(epsilon: float) -> SynthesisSettings:
    return SynthesisSettings(epsilon, 1e-6, length=2, attributes_per_person=3, seed=1)


def file_of(persons: int) -> Coded:
    """Every combination is held by so many that it always comes out."""
    values = np.array(np.meshgrid([1, 2], [1, 2], [1, 2])).reshape(3, -1).T
    rows = np.concatenate([np.repeat(values, 200, axis=0), np.tile(values[:1], (persons, 1))])
    return Coded(("a", "b", "c"), (("1", "2"),) * 3, rows.astype(np.int32))


def statistics(data: Coded, epsilon: float, runs: int, seed: int) -> np.ndarray:
    randomness = SeededRandomness(seed)
    own = {2: {(1 << 16) | 3, (1 << 16) | 5, (3 << 16) | 5}, 1: {1, 3, 5}}
    out = []
    for _ in range(runs):
        made = counter.measure(data, settings(epsilon), randomness)
        total = made.present[3] * 2 * 0.02 * made.rho
        for level in made.levels:
            inside = np.isin(level.keys, list(own[level.length]))
            assert inside.sum() == 3
            total += float((level.noisy[inside] / level.deviation[inside] ** 2).sum())
        out.append(total)
    return np.array(out)


def least_rho(epsilon: float, runs: int) -> tuple[float, float]:
    """Lower bound (error 1 %) on the loss by the attack, and the loss claimed."""
    without, with_one = statistics(file_of(0), epsilon, runs, 1), statistics(file_of(1), epsilon, runs, 2)
    cut = np.median(np.concatenate([without, with_one]))
    hits, false = int((with_one > cut).sum()), int((without > cut).sum())
    hit_rate = beta.ppf(0.005, hits, runs - hits + 1)
    false_rate = beta.ppf(0.995, false + 1, runs - false)
    mu = max(0.0, norm.ppf(hit_rate) - norm.ppf(false_rate))
    return mu**2 / 2, counter.measure(file_of(0), settings(epsilon), SeededRandomness(0)).rho


@pytest.mark.parametrize(("epsilon", "runs"), EPSILONS)
def test_the_attack_learns_no_more_than_was_claimed(epsilon: float, runs: int) -> None:
    bound, claimed = least_rho(epsilon, runs)
    assert bound <= claimed
    assert bound > claimed / 3  # the attack is worth its name


@pytest.mark.parametrize(("epsilon", "runs"), EPSILONS)
def test_a_build_with_half_the_noise_is_caught(epsilon: float, runs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(variance: Fraction, number: int, randomness: Any) -> np.ndarray:
        return draws(variance / 4, number, randomness)

    monkeypatch.setattr(counter, "draws", half)
    bound, claimed = least_rho(epsilon, runs)
    assert bound > claimed
