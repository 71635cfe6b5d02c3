"""Does an estimator find a size that is known? Bias, coverage, and whether the verdict warned when it missed.

The decision a reader would question: bias is the median of estimate over truth, not the mean. A few tables of a sparse
population give estimates without bound, and their mean would say nothing of the other tables. The share without an
answer stands beside it, so that an estimator does not look good by keeping silent.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from palermo.hidden.answer import Answer, Progress, Settings, Verdict
from palermo.hidden.estimate import estimate
from palermo.hidden.populations import Population


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
    answers: dict[str, list[Answer]] = {name: [] for name in estimators}
    for done, seed in enumerate(seeds):
        for answer in estimate(population.draw(seed), estimators, chosen):
            answers[answer.estimator].append(answer)
        if progress is not None:
            progress(done + 1, len(seeds), population.name)
    return [_summed_up(population, name, answers[name]) for name in estimators]


def _summed_up(population: Population, name: str, answers: Sequence[Answer]) -> Performance:
    numbers = [own for own in answers if own.estimate is not None]
    ranged = [(own, own.lower, own.upper) for own in numbers if own.lower is not None and own.upper is not None]
    missed = [own for own, low, high in ranged if not low <= population.persons <= high]
    return Performance(
        population=population.name,
        estimator=name,
        tables=len(answers),
        answered=_share(len(numbers), len(answers)),
        ratio=_median([own.estimate / population.persons for own in numbers if own.estimate is not None]),
        covered=_share(len(ranged) - len(missed), len(ranged)),
        width=_median([high / low for _, low, high in ranged if low > 0]),
        warned=_share(sum(own.verdict is Verdict.WARNED for own in numbers), len(numbers)),
        misses_warned=_share(sum(own.verdict is Verdict.WARNED for own in missed), len(missed)),
    )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")


def _median(values: Sequence[float]) -> float:
    return float(np.median(values)) if values else float("nan")
