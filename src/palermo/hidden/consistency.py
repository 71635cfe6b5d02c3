"""Checks against sizes that are known: each list as a population of its own, and the table with persons left out.

Internal consistency (Binette and Steorts 2022): the persons of one list are a population of known size. The other
lists saw some of them; an estimator must find the size of the list from these. The decision a reader would question:
passing proves little, as persons on a list may be easier to see than others; failing is a bad sign all the same.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from palermo.hidden.answer import Settings
from palermo.hidden.capture import CaptureTable
from palermo.hidden.registry import applicable

FRACTIONS = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)


@dataclass(frozen=True)
class Check:
    """One list estimated from the others."""

    list_name: str
    true_size: int
    seen: int  # persons of the list whom another list saw too
    estimator: str
    estimate: float | None
    lower: float | None
    upper: float | None

    @property
    def log_ratio(self) -> float | None:
        """Log of estimate over true size: 0 is right, below 0 too low. None without a number."""
        return math.log(self.estimate / self.true_size) if self.estimate and self.true_size else None

    @property
    def covered(self) -> bool | None:
        """Whether the interval holds the true size; None without an interval."""
        if self.lower is None or self.upper is None:
            return None
        return self.lower <= self.true_size <= self.upper


@dataclass(frozen=True)
class Thinned:
    """The number when each person is kept with the probability ``fraction``, divided by it: it should stay level."""

    estimator: str
    fraction: float
    seed: int
    estimate: float | None
    lower: float | None
    upper: float | None


def within(table: CaptureTable, list_name: str) -> CaptureTable:
    """The persons of one list as the other lists saw them."""
    bit = 1 << table.lists.index(list_name)
    cells = np.where(np.arange(1 << table.k) & bit, table.cells, 0)
    return table.with_cells(cells).without(list_name)


def internal_consistency(
    table: CaptureTable, estimators: Sequence[str] | None = None, settings: Settings | None = None
) -> list[Check]:
    """Each list of known size estimated from the others by each estimator. Needs three lists or more."""
    chosen = replace(settings or Settings(bootstrap=0), progress=None)
    if table.k < 3:
        return []
    checks = []
    for name, size in zip(table.lists, table.list_sizes.tolist(), strict=True):
        own = within(table, name)
        if own.n == 0:
            continue
        for entry in applicable(own, estimators):
            if entry.hindrance(own) is not None or entry.needs_covariates:
                continue
            answer = entry.load()(own, chosen)
            checks.append(Check(name, size, own.n, entry.name, answer.estimate, answer.lower, answer.upper))
    return checks


def thinning(
    table: CaptureTable,
    estimators: Sequence[str],
    settings: Settings | None = None,
    *,
    fractions: Iterable[float] = FRACTIONS,
    repeats: int = 10,
) -> list[Thinned]:
    """Numbers from ever fewer persons, several tables for each fraction; all from the seed of the settings."""
    chosen = replace(settings or Settings(bootstrap=0), progress=None)
    found = []
    for fraction in fractions:
        for seed in range(repeats if fraction < 1 else 1):
            rng = np.random.default_rng([chosen.seed, seed, round(1e6 * fraction)])
            own = table.with_cells(rng.binomial(table.cells, fraction).astype(np.int64))
            for entry in applicable(own, estimators):
                if own.n == 0 or entry.needs_covariates or entry.hindrance(own) is not None:
                    continue
                answer = entry.load()(own, chosen)
                sizes = [None if x is None else x / fraction for x in (answer.estimate, answer.lower, answer.upper)]
                found.append(Thinned(entry.name, fraction, seed, *sizes))
    return found
