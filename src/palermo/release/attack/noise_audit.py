"""Does the counter of this build keep its promise? Many runs on two made-up files that differ in one person.

The attacker sums all noisy counts that the person stands in, weighted by their precision, and guesses at a threshold
which file it was. From the limits of Clopper and Pearson for right and wrong guesses follows a lower bound on the loss,
which must not exceed the one claimed. The decision a reader would question: the bound is that of Gaussian noise
(Dong, Roth and Su 2022), which our discrete noise is as good as, because the bound from epsilon and delta alone is so
loose that half the noise would pass it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.stats import beta, norm

from palermo.release.attack.finding import Finding, Outcome, ran
from palermo.release.privacy_loss import epsilon_of, rho_of
from palermo.release.synthetic.coded import Coded
from palermo.release.synthetic.discrete_gaussian import Randomness, SeededRandomness
from palermo.release.synthetic.measure import Measurement, measure
from palermo.release.synthetic.settings import SHARES, SynthesisSettings

NOISE = "noise audit"
SETTINGS = SynthesisSettings(8.0, 1e-6, length=2, attributes_per_person=2, rules=())
_ERROR = 0.001  # chance of each of the two limits to be wrong
_PERSONS = 200
Counter = Callable[[Coded, SynthesisSettings, Randomness], Measurement]


@dataclass(frozen=True)
class Audit:
    """What was claimed, and the least that the attack proves to be lost."""

    claimed: float
    proved: float
    runs: int

    @property
    def ok(self) -> bool:
        """Whether no more is lost than claimed."""
        return self.proved <= self.claimed


def audit_counter(counter: Counter = measure, runs: int = 400, seed: int = 1) -> Audit:
    """Run the counter ``runs`` times on each of two files. Epsilon is at the delta of ``SETTINGS``."""
    without = np.sort(_sums(counter, 0, runs, SeededRandomness(2 * seed + 1)))
    with_her = np.sort(_sums(counter, 1, runs, SeededRandomness(2 * seed + 2)))
    return Audit(SETTINGS.epsilon, gaussian_loss(without, with_her, SETTINGS.delta), runs)


def gaussian_loss(without: np.ndarray, with_her: np.ndarray, delta: float) -> float:
    """The epsilon at ``delta`` that noise as good as Gaussian loses for certain; the sums are those of the runs."""
    runs, cut = len(without), (without.mean() + with_her.mean()) / 2
    hits, false = int((with_her > cut).sum()), int((without > cut).sum())
    least = beta.ppf(_ERROR, hits, runs - hits + 1) if hits else 0.0
    most = beta.ppf(1 - _ERROR, false + 1, runs - false) if false < runs else 1.0
    shift = max(0.0, float(norm.ppf(least) - norm.ppf(most))) if least > 0 and most < 1 else 0.0
    return epsilon_of(shift**2 / 2, delta)


def _file(more: int) -> Coded:
    """Made-up persons who are all alike, so that every count comes out; ``more`` of them."""
    values = np.ones((_PERSONS + more, 2), dtype=np.int32)
    return Coded(("one", "other"), (("a",), ("b",)), values)


def _sums(counter: Counter, more: int, runs: int, randomness: Randomness) -> np.ndarray:
    data = _file(more)
    rho = rho_of(SETTINGS.epsilon, SETTINGS.delta)
    precision = 2 * rho * SHARES[SETTINGS.dial][SETTINGS.length][0]
    found = np.zeros(runs)
    for run in range(runs):
        made = counter(data, SETTINGS, randomness)
        found[run] = made.present[2] * precision
        for level in made.levels:
            found[run] += float((level.noisy / level.deviation**2).sum())
    return found


def noise_audit(runs: int, seed: int, counter: Counter = measure) -> Outcome:
    """The audit as an attack."""
    audit = audit_counter(counter, runs, seed)
    words = (
        f"runs of this build's counter on each of two made-up files that differ in one person: at least epsilon "
        f"{audit.proved:.2f} is lost (with 99.8 % confidence), {audit.claimed:g} is claimed"
    )
    findings = []
    if not audit.ok:
        said = "the counter of this build adds less noise than it claims: no pack that it made is private"
        findings = [Finding(NOISE, "this build", said)]
    return ran(NOISE, "this build", audit.runs, words, findings)
