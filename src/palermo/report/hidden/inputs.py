"""What the figures and the page are made from: answers, the capture table, and points for curves and models.

The decision a reader would question: everything but answers and table may be missing. A page without its sensitivity
is still a page, and says that nothing was tried.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isnan

from palermo.hidden.answer import Answer
from palermo.hidden.capture import CaptureTable
from palermo.hidden.consistency import Check, Thinned
from palermo.hidden.linked_number import LinkedNumber
from palermo.hidden.model_space import Searched
from palermo.hidden.models import name_of
from palermo.hidden.sensitivity import Variant
from palermo.hidden.simulation import Performance
from palermo.hidden.verdicts import PREFERRED
from palermo.report.amounts import Amount, between, exact
from palermo.report.estimates.inputs import Coverage, ModelPoint

ALL = "_T"  # the stratum of everyone


def detected(table: CaptureTable) -> Amount:
    """The persons whom the lists detected; a range where the publisher of the table printed some counts as ranges."""
    if table.lower is None or table.upper is None:
        return exact(table.n)
    return between(float(table.lower.sum()), float(table.upper.sum()))


@dataclass(frozen=True)
class HiddenNumber:
    """All that a page tells. ``protect`` hides counts of 1 to ``protect`` - 1 persons; None shows them all."""

    table: CaptureTable
    answers: Sequence[Answer]
    variants: Sequence[Variant] = ()
    models: Sequence[ModelPoint] = ()
    coverage: Sequence[Coverage] = ()
    checks: Sequence[Check] = ()
    thinned: Sequence[Thinned] = ()
    level: float = 0.95  # at which the intervals of the simulation were made
    title: str = ""
    place: str = ""
    source: str = ""
    made_up: bool = False
    protect: int | None = 5
    linked: LinkedNumber | None = None  # where records were joined by more than numbers that lists share

    @property
    def whole(self) -> tuple[Answer, ...]:
        """The answers for everyone."""
        return tuple(answer for answer in self.answers if answer.stratum == ALL)

    @property
    def parts(self) -> tuple[Answer, ...]:
        """The answers for parts of everyone, such as women."""
        return tuple(answer for answer in self.answers if answer.stratum != ALL)

    @property
    def seen(self) -> Amount:
        """The persons whom the lists detected."""
        return detected(self.table)

    @property
    def model_counts(self) -> None:
        """Every model is a point, so they are counted there."""
        return

    @property
    def preferred(self) -> tuple[str, ...]:
        """The methods that a headline may come from."""
        return PREFERRED

    @property
    def sources(self) -> str:
        """The source line of every figure."""
        lists = f"Lists: {', '.join(self.table.lists)}."
        return f"{self.source} {lists}".strip()


def coverage_of(rows: Iterable[Performance]) -> tuple[Coverage, ...]:
    """What a simulation study found, as counts. Where no answer had an interval, none counts as shown."""
    return tuple(_coverage(row) for row in rows)


def _coverage(row: Performance) -> Coverage:
    shown = 0 if isnan(row.covered) else round(row.answered * row.tables)
    covered = round(row.covered * shown) if shown else 0
    warned = 0 if isnan(row.misses_warned) else round(row.misses_warned * (shown - covered))
    bias = None if isnan(row.ratio) else row.ratio - 1.0
    return Coverage(row.population, row.estimator, row.tables, shown, covered, warned, bias)


def models_of(found: Searched | Iterable[tuple[float, float]]) -> tuple[ModelPoint, ...]:
    """Every model of a search over models, also those that have no estimate.

    Pairs of BIC and persons, such as ``palermo.hidden.evidence.rivals`` gives, are read too; they are numbered by BIC.
    """
    if not isinstance(found, Searched):
        return tuple(ModelPoint(f"model {place}", *pair) for place, pair in enumerate(sorted(found), 1))
    scores, unseen = found.criterion(by_bic=True).tolist(), found.unseen.tolist()
    return tuple(
        ModelPoint(name_of(terms), bic, found.persons + missed if admissible else None)
        for terms, bic, missed, admissible in zip(found.models, scores, unseen, found.admissible, strict=True)
    )
