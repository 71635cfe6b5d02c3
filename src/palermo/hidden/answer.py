"""What an estimator answers: never a number alone, always with its spread, its verdict and the reasons for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from palermo.progress import Progress

DEFAULT_BOOTSTRAP = 1000


class Verdict(StrEnum):
    """Whether an answer may be shown."""

    SHOWN = "shown"
    WARNED = "shown with warnings"
    REFUSED = "refused"


@dataclass(frozen=True)
class Settings:
    """What the user asked for; each estimator uses what it needs.

    ``estimate`` takes ``cheap_bootstrap`` replicates instead of ``bootstrap`` where one costs microseconds and
    ``bootstrap`` is left at its default; with None it never does. Any other ``bootstrap`` holds for all estimators.
    """

    level: float = 0.95
    bootstrap: int = DEFAULT_BOOTSTRAP
    cheap_bootstrap: int | None = 10_000
    seed: int = 1
    threshold: float = 0.02  # p-value below which the stepwise search adds a pair
    max_order: int | None = None  # highest order of interaction; by default as the number of lists allows
    delta: float | None = None  # prior count per cell of the decomposable-graph average; 2^-K where None
    progress: Progress = None


@dataclass(frozen=True)
class Answer:
    """One estimator's answer for one stratum: total persons, seen and unseen, with an interval.

    A refused answer has no estimate. ``reasons`` are sentences for people; ``diagnostics`` plain data for machines.
    """

    estimator: str
    estimate: float | None
    lower: float | None
    upper: float | None
    level: float
    settings: Mapping[str, Any] = field(default_factory=dict)
    verdict: Verdict = Verdict.SHOWN
    reasons: tuple[str, ...] = ()
    diagnostics: Mapping[str, Any] = field(default_factory=dict)
    stratum: str = "_T"

    def __post_init__(self) -> None:
        if self.verdict is Verdict.REFUSED and self.estimate is not None:
            raise ValueError("a refused answer holds no estimate")
        if self.verdict is not Verdict.REFUSED and self.estimate is None:
            raise ValueError("an answer that is shown needs an estimate")


def refused(estimator: str, level: float, *reasons: str, **diagnostics: Any) -> Answer:
    """The answer of an estimator that must not give a number."""
    return Answer(estimator, None, None, None, level, verdict=Verdict.REFUSED, reasons=reasons, diagnostics=diagnostics)
