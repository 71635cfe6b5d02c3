"""Does an estimator find a size that is known? Bias, coverage, and whether the verdict warned when it missed.

The decision a reader would question: bias is the median of estimate over truth, not the mean. A few tables of a sparse
population give estimates without bound, and their mean would say nothing of the other tables. The share without an
answer stands beside it, so that an estimator does not look good by keeping silent.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from palermo.hidden.answer import Answer, Settings, Verdict
from palermo.hidden.estimate import estimate
from palermo.hidden.populations import Population
from palermo.progress import Progress


@dataclass(frozen=True)
class Trial:
    """What one estimator said of one table; nothing where it refused."""

    estimate: float | None
    lower: float | None
    upper: float | None
    warned: bool

    @classmethod
    def of(cls, answer: Answer) -> "Trial":
        """The part of an answer that counts."""
        return cls(answer.estimate, answer.lower, answer.upper, answer.verdict is Verdict.WARNED)


@dataclass(frozen=True)
class Performance:
    """How one estimator did on the tables drawn from one population. Shares are of the tables named, nan of none."""

    population: str
    estimator: str
    tables: int
    answered: float  # share of tables with a number
    ratio: float  # median of estimate / truth among those answered
    covered: float  # share of answers with an interval whose interval holds the truth
    width: float  # median of upper / lower limit
    warned: float  # share of answers with a warning
    misses_warned: float  # share of intervals that miss the truth which came with a warning
    intervals: int = 0  # answers with an interval

    @property
    def covered_error(self) -> float:
        """Monte Carlo standard error of ``covered``; two hits and two misses added, so that 0 of 50 is not certain."""
        if not self.intervals:
            return math.nan
        size = self.intervals + 4
        share = (self.covered * self.intervals + 2) / size
        return math.sqrt(share * (1 - share) / size)


def performance(
    population: Population,
    estimators: Sequence[str],
    seeds: Iterable[int],
    settings: Settings | None = None,
    progress: Progress = None,
) -> list[Performance]:
    """Draw a table for each seed, run the estimators on it and sum up how each did."""
    chosen = replace(settings or Settings(bootstrap=0), progress=None)
    seeds = list(seeds)
    trials: dict[str, list[Trial]] = {name: [] for name in estimators}
    for done, seed in enumerate(seeds):
        for answer in estimate(population.draw(seed), estimators, chosen):
            trials[answer.estimator].append(Trial.of(answer))
        if progress is not None:
            progress(done + 1, len(seeds), population.name)
    return [summed_up(population, name, trials[name]) for name in estimators]


def summed_up(population: Population, name: str, trials: Sequence[Trial]) -> Performance:
    """How the estimator of that name did in these trials, in whatever order they come."""
    numbers = [own for own in trials if own.estimate is not None]
    ranged = [(own, own.lower, own.upper) for own in numbers if own.lower is not None and own.upper is not None]
    missed = [own for own, low, high in ranged if not low <= population.persons <= high]
    return Performance(
        population=population.name,
        estimator=name,
        tables=len(trials),
        answered=_share(len(numbers), len(trials)),
        ratio=_median([own.estimate / population.persons for own in numbers if own.estimate is not None]),
        covered=_share(len(ranged) - len(missed), len(ranged)),
        width=_median([high / low for _, low, high in ranged if low > 0]),
        warned=_share(sum(own.warned for own in numbers), len(numbers)),
        misses_warned=_share(sum(own.warned for own in missed), len(missed)),
        intervals=len(ranged),
    )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")


def _median(values: Sequence[float]) -> float:
    return float(np.median(values)) if values else float("nan")
