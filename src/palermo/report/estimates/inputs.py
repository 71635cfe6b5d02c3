"""What the figures of estimates are made from, whoever gives it: a run of ``palermo hidden``, or a frozen release.

The decision a reader would question: answers and changes are described here by what they hold, and not imported from
where they are made. So the account draws the same figures, and still reads a release and nothing else.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from palermo.report.amounts import Amount

SHOWN, WARNED, REFUSED = "shown", "shown with warnings", "refused"  # verdicts, as ``hidden.answer.Verdict`` writes them


class Answer(Protocol):
    """One method's answer for one part: persons in all, with an interval; a refused one has no estimate."""

    @property
    def estimator(self) -> str: ...
    @property
    def estimate(self) -> float | None: ...
    @property
    def lower(self) -> float | None: ...
    @property
    def upper(self) -> float | None: ...
    @property
    def level(self) -> float: ...
    @property
    def verdict(self) -> str: ...
    @property
    def reasons(self) -> tuple[str, ...]: ...
    @property
    def stratum(self) -> str: ...


class Variant(Protocol):
    """One changed choice and the number it gives; None where there is none. ``at`` is its place on a curve."""

    @property
    def kind(self) -> str: ...
    @property
    def estimator(self) -> str: ...
    @property
    def changed(self) -> str: ...
    @property
    def estimate(self) -> float | None: ...
    @property
    def lower(self) -> float | None: ...
    @property
    def upper(self) -> float | None: ...
    @property
    def at(self) -> float | None: ...


@dataclass(frozen=True)
class ModelPoint:
    """One log-linear model: its BIC and the persons in all that it gives. ``estimate`` None: no estimate exists.

    Without a name in ``model`` it is a mark on a grid, on which several models may lie.
    """

    model: str  # generators, such as [12,3]
    bic: float
    estimate: float | None
    reason: str = ""


@dataclass(frozen=True)
class Coverage:
    """How often the interval of one estimator held the truth, over tables simulated from one family of known truth.

    ``covered`` and ``warned`` count tables among the ``shown`` ones of ``runs``: intervals that held the truth, and
    intervals that missed it but whose verdict warned. ``bias`` is the median of estimate over truth minus 1.
    """

    family: str
    estimator: str
    runs: int
    shown: int
    covered: int
    missed_with_warning: int = 0
    bias: float | None = None


@dataclass(frozen=True)
class ModelCounts:
    """How many models there are, where not every one is a point: in each band of BIC, and without an estimate."""

    bands: tuple[int, ...]
    without: int


class Given(Protocol):
    """All that these figures tell."""

    @property
    def whole(self) -> Sequence[Answer]: ...
    @property
    def parts(self) -> Sequence[Answer]: ...
    @property
    def variants(self) -> Sequence[Variant]: ...
    @property
    def models(self) -> Sequence[ModelPoint]: ...
    @property
    def model_counts(self) -> ModelCounts | None: ...
    @property
    def coverage(self) -> Sequence[Coverage]: ...
    @property
    def level(self) -> float: ...
    @property
    def sources(self) -> str: ...
    @property
    def made_up(self) -> bool: ...
    @property
    def protect(self) -> int | None: ...
    @property
    def seen(self) -> Amount | None:
        """The persons whom the lists compared detected; None where that is not told."""
        ...

    @property
    def preferred(self) -> Collection[str]:
        """The methods that a headline may come from; those shown where all are too many."""
        ...
