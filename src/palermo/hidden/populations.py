"""Populations of known size, from which tables are drawn to see which estimator finds that size.

All are made up. Four have the shape of published tables: their coefficients are those of the stepwise fits that
``shared/data/mse/coefficients.csv`` gives (UK 2013, Netherlands 2010-15, New Orleans 2016, a Western site), rounded to
one decimal, so that sizes of lists and overlaps are as sparse as in practice. The decision a reader would question:
the shaped populations are drawn from a log-linear model, which favours log-linear estimators; the heterogeneous and the
latent-class populations do not, and have to be read beside them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np
import numpy.typing as npt

from palermo.errors import RefusedError
from palermo.hidden.capture import CaptureTable
from palermo.hidden.fitting import cells_of, fit

Floats = npt.NDArray[np.float64]
Pair = tuple[int, int]
_NEVER = -30.0  # log odds ratio of two lists that share nobody


@dataclass(frozen=True)
class Part:
    """The persons with these covariate values: their share of all, and the probability of each history among them."""

    values: tuple[str, ...]
    share: float
    probabilities: tuple[float, ...]


@dataclass(frozen=True)
class Population:
    """A population of known size and the probability of each of the 2^K histories, the unseen one included.

    Where there are covariates, ``parts`` divide the population by them and ``probabilities`` hold for all together.
    """

    name: str
    persons: int
    probabilities: tuple[float, ...]
    about: str
    covariates: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()

    @property
    def k(self) -> int:
        """The number of lists."""
        return (len(self.probabilities) - 1).bit_length()

    def draw(self, seed: int) -> CaptureTable:
        """One table, as it would be seen: the count of the unseen is dropped."""
        rng = np.random.default_rng([seed, *self.name.encode()])
        size = len(self.probabilities)
        cells = rng.multinomial(self.persons, self._cell_probabilities())
        cells[::size] = 0
        seen = np.flatnonzero(cells)
        lists, histories = tuple("ABCDEFGHIJ"[: self.k]), (seen % size).astype(np.int64)
        values = [self.parts[place].values for place in seen // size] if self.parts else []
        covariates = {name: tuple(own[place] for own in values) for place, name in enumerate(self.covariates)}
        return CaptureTable(lists, histories, cells[seen].astype(np.int64), covariates, name=f"{self.name}-{seed}")

    def _cell_probabilities(self) -> Floats:
        """Of each history within each part; of each history where there are no parts."""
        if not self.parts:
            return np.array(self.probabilities)
        return np.concatenate([part.share * np.array(part.probabilities) for part in self.parts])


def log_linear(main: tuple[float, ...], pairs: Mapping[Pair, float]) -> tuple[float, ...]:
    """Probabilities of the histories under log odds of each list and log odds ratios of pairs, lists from 0."""
    bits = _bits(len(main))
    logs = bits @ np.array(main)
    for (one, two), value in pairs.items():
        logs = logs + value * bits[:, one] * bits[:, two]
    return _normalised(np.exp(logs))


def mixture(weights: tuple[float, ...], captures: tuple[tuple[float, ...], ...]) -> tuple[float, ...]:
    """Probabilities under latent classes: within a class lists see persons independently."""
    bits = _bits(len(captures[0]))
    total = np.zeros(len(bits))
    for weight, rates in zip(weights, captures, strict=True):
        rate = np.array(rates)
        total += weight * np.prod(np.where(bits == 1, rate, 1 - rate), axis=1)
    return _normalised(total)


def heterogeneous(main: tuple[float, ...], sd: float) -> tuple[float, ...]:
    """Probabilities when each person has a visibility, normal with this deviation on the log odds of every list."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(41)
    logits = np.array(main)[None, :] + sd * nodes[:, None]
    rates = 1 / (1 + np.exp(-logits))
    return mixture(tuple(weights / weights.sum()), tuple(tuple(row) for row in rates))


@lru_cache(maxsize=1)
def populations() -> tuple[Population, ...]:
    """The populations of the study."""
    even = (-1.7, -2.0, -1.8, -2.2)
    return (
        Population("independent", 2000, log_linear(even, {}), "4 lists, independent"),
        Population("pair_positive", 2000, log_linear(even, {(0, 1): 1.5}), "4 lists, one refers persons to another"),
        Population("pair_negative", 2000, log_linear(even, {(0, 1): -1.5}), "4 lists, two compete for persons"),
        Population(
            "heterogeneous", 2000, heterogeneous(even, 1.0), "4 lists, some persons are seen more easily by all"
        ),
        Population(
            "latent_classes",
            2000,
            mixture((0.7, 0.3), ((0.05, 0.10, 0.08, 0.05), (0.40, 0.15, 0.35, 0.30))),
            "4 lists, a hidden and a visible class",
        ),
        Population(
            "uk_shaped",
            11_300,
            log_linear(
                (-5.1, -2.9, -2.1, -2.5, -3.3),
                {(0, 1): 1.5, (1, 4): -2.9, (2, 4): -1.2, (0, 2): 0.9, (3, 4): -1.2, (1, 3): -0.6},
            ),
            "5 lists as in the United Kingdom in 2013",
        ),
        Population(
            "new_orleans_shaped",
            1030,
            log_linear((-3.5, -3.4, -2.5, -3.2, -3.8), {}),
            "5 lists as in New Orleans in 2016",
        ),
        Population(
            "netherlands_shaped",
            121_500,
            log_linear(
                (-5.0, -4.5, -3.2, -5.2, -5.2),
                {(0, 4): 2.6, (2, 4): 1.5, (2, 3): 1.2, (0, 2): 0.8, (0, 1): -2.3, (1, 3): _NEVER},
            ),
            "5 lists as in the Netherlands in 2010-15",
        ),
        Population(
            "western_shaped",
            2480,
            log_linear((-3.7, -3.2, -2.9, -3.8, -4.6), {(0, 4): 2.3}),
            "5 lists as at a Western site of the United States",
        ),
        Population(
            "referral_everywhere",
            2000,
            log_linear(even, dict.fromkeys(combinations(range(4), 2), 0.7)),
            "4 lists, each pair shares more persons than chance would give",
        ),
    )


@lru_cache(maxsize=1)
def populations_with_covariates() -> tuple[Population, ...]:
    """Populations in which how easily a list sees a person depends on sex and age, for methods that use them."""
    explained = _with_covariates({})
    left = _with_covariates({(0, 1): 1.0})
    return (
        Population(
            "covariates_explain",
            3000,
            _together(explained),
            "3 lists, independent of each other for persons of one sex and age",
            ("age", "sex"),
            explained,
        ),
        Population(
            "covariates_and_referral",
            3000,
            _together(left),
            "the same lists, but one refers persons to another whatever their sex and age",
            ("age", "sex"),
            left,
        ),
    )


def _with_covariates(pairs: Mapping[Pair, float]) -> tuple[Part, ...]:
    """Six parts; log odds of the lists are those of adult women, and add up what age and sex change."""
    base = np.array((-0.9, -1.2, -1.6))
    ages = {"Y0T17": (0.20, (-1.0, 0.8, 0.6)), "Y18T29": (0.45, (0.4, 0.3, 0.2)), "Y_GE30": (0.35, (0.0, -0.6, -0.4))}
    sexes = {"F": (0.6, (0.0, 0.0, 0.0)), "M": (0.4, (-0.9, -0.8, 0.2))}
    return tuple(
        Part((age, sex), share * part, log_linear(tuple((base + np.array(by_age) + np.array(by_sex)).tolist()), pairs))
        for age, (share, by_age) in ages.items()
        for sex, (part, by_sex) in sexes.items()
    )


def _together(parts: Sequence[Part]) -> tuple[float, ...]:
    return tuple(np.sum([part.share * np.array(part.probabilities) for part in parts], axis=0).tolist())


def fitted_population(table: CaptureTable, terms: Sequence[int]) -> Population:
    """The population that a fitted model describes, to see how an estimator would do if the model were true.

    Raises RefusedError where the model has no estimate.
    """
    found = fit(cells_of(table), terms, table.k)
    if not found.exists:
        raise RefusedError("nothing to simulate from: the model has no estimate for this table")
    expected = expected_cells(found.terms, found.coefficients.tolist(), table)
    weights = tuple((expected / expected.sum()).tolist())
    return Population(table.name or "fitted", round(found.estimate), weights, "drawn from the fitted model")


def expected_cells(terms: Sequence[int], coefficients: Sequence[float], table: CaptureTable) -> Floats:
    """Expected counts of all 2^K histories, that of the unseen at 0; structural zeros stay 0."""
    histories = np.arange(1 << table.k)
    logs = np.zeros(len(histories))
    for term, value in zip(terms, coefficients, strict=True):
        logs = np.where(histories & term == term, logs + value, logs)
    expected = np.exp(logs)
    expected[list(table.structural)] = 0
    return expected


def _bits(k: int) -> Floats:
    return ((np.arange(1 << k)[:, None] >> np.arange(k)) & 1).astype(np.float64)


def _normalised(weights: Floats) -> tuple[float, ...]:
    return tuple((weights / weights.sum()).tolist())
