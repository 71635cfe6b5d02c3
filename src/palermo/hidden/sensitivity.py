"""How much hangs on one choice: a list, a merger, a threshold, a prior, the interaction nobody can test, one person.

The decision a reader would question: all variants are run without bootstrap. A curve shows how the number moves; its
limits are those of the answer itself, and a bootstrap for every point would take hours to say little more.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from palermo.hidden.answer import Answer, Settings
from palermo.hidden.capture import CaptureTable
from palermo.hidden.registry import ESTIMATORS, Estimator

XIS = tuple(x / 10 for x in range(-10, 11))  # e^1 = 2.7 times as many unseen, or as few
THRESHOLDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1)  # those Chan, Silverman and Vincent (2021) report
PRIOR_FACTORS = (0.25, 0.5, 1.0, 2.0, 4.0)  # times the default 2^-K
SEARCHED = frozenset({"bic_average", "bic_best", "aic_best", "dga_bma"})  # those of many models that are refitted
STEPWISE, GRAPHS = "stepwise", "dga_bma"


@dataclass(frozen=True)
class Variant:
    """One changed choice and the number it gives; None where the estimator gives none."""

    kind: str  # leave_out, merge, interaction, threshold, prior
    estimator: str
    changed: str  # what was changed, in words
    estimate: float | None
    lower: float | None = None
    upper: float | None = None
    at: float | None = None  # place on the axis of a curve


@dataclass(frozen=True)
class Influence:
    """What the most telling person does: the largest change if one person had been seen by one list more or fewer."""

    percent: float  # infinite where no estimate is left
    estimate: float | None
    before: str  # lists that saw the person
    after: str


def sensitivity(table: CaptureTable, answers: Sequence[Answer], settings: Settings) -> list[Variant]:
    """All variants for the answers that hold a number. Slow estimators get the interaction curve alone."""
    found: list[Variant] = []
    for place, answer in enumerate(answers):
        if settings.progress is not None:
            settings.progress(place, len(answers), f"other choices, {answer.estimator}")
        entry = ESTIMATORS.get(answer.estimator)
        if answer.estimate is None or entry is None:
            continue
        found += interaction_curve(table, answer)
        if _is_refitted(entry):
            found += leave_one_out(entry, table, settings)
            found += merge_two(entry, table, settings)
        if answer.estimator == STEPWISE:
            found += threshold_curve(table, settings)
        if answer.estimator == GRAPHS:
            found += prior_curve(table, settings)
    return found


def _is_refitted(entry: Estimator) -> bool:
    """Whether the estimator is run anew on changed tables: those of a formula, and of the others the main ones."""
    return not entry.needs_covariates and (entry.is_quick or entry.name in SEARCHED)


def leave_one_out(entry: Estimator, table: CaptureTable, settings: Settings) -> list[Variant]:
    """The number without each list in turn. Persons whom the list alone saw count as unseen then."""
    if table.k < 3:
        return []
    return [_variant("leave_out", f"without list {name}", entry, table.without(name), settings) for name in table.lists]


def merge_two(entry: Estimator, table: CaptureTable, settings: Settings) -> list[Variant]:
    """The number with each two lists taken as one: the remedy where one list refers persons to the other."""
    if table.k < 3:
        return []
    return [
        _variant("merge", f"lists {one} and {two} merged", entry, table.merged(one, two), settings)
        for one, two in combinations(table.lists, 2)
    ]


def interaction_curve(table: CaptureTable, answer: Answer, xis: Iterable[float] = XIS) -> list[Variant]:
    """N = n + n0 e^xi: the number if the interaction of all lists, which no data can test, were xi and not 0.

    The sign of the interaction that makes n0 grow depends on whether the lists are odd or even in number, so both are
    shown. The limits move with the number: they are conditional on xi.
    """
    if answer.estimate is None:
        return []
    return [
        Variant(
            "interaction",
            answer.estimator,
            f"interaction of all lists {xi:+.1f}",
            _scaled(answer.estimate, table.n, xi),
            _scaled(answer.lower, table.n, xi),
            _scaled(answer.upper, table.n, xi),
            xi,
        )
        for xi in xis
    ]


def threshold_curve(table: CaptureTable, settings: Settings, thresholds: Iterable[float] = THRESHOLDS) -> list[Variant]:
    """The stepwise number at each threshold for adding a pair."""
    entry = ESTIMATORS[STEPWISE]
    return [
        _variant("threshold", f"threshold {at:g}", entry, table, replace(settings, threshold=at), at)
        for at in thresholds
    ]


def prior_curve(table: CaptureTable, settings: Settings, factors: Iterable[float] = PRIOR_FACTORS) -> list[Variant]:
    """The number of the decomposable-graph average at multiples of its default prior count per cell, 2^-K."""
    entry = ESTIMATORS[GRAPHS]
    deltas = [factor * 2.0**-table.k for factor in factors]
    return [_variant("prior", f"prior count {at:.4g}", entry, table, replace(settings, delta=at), at) for at in deltas]


def one_person(entry: Estimator, table: CaptureTable, settings: Settings) -> Influence | None:
    """The largest change of the number when one person is seen by one list more or fewer; None without a number.

    Only such neighbouring histories are tried: they are what one missed or one false link does to one person, and
    every other move is a chain of them.
    """
    cheap = _cheap(settings)
    run = (ESTIMATORS[entry.plain] if entry.plain else entry).load()
    base = run(table, cheap).estimate
    if base is None or base <= 0:
        return None
    worst: Influence | None = None
    cells = table.cells
    for history in cells.nonzero()[0].tolist():
        for bit in range(table.k):
            other = history ^ (1 << bit)
            if other == 0 or other in table.structural:
                continue
            moved = cells.copy()
            moved[history] -= 1
            moved[other] += 1
            number = run(table.with_cells(moved), cheap).estimate
            percent = math.inf if number is None else float(100 * abs(number / base - 1))
            if worst is None or percent > worst.percent:
                worst = Influence(
                    percent, None if number is None else float(number), _lists(table, history), _lists(table, other)
                )
    return worst


def _variant(
    kind: str, changed: str, entry: Estimator, table: CaptureTable, settings: Settings, at: float | None = None
) -> Variant:
    if entry.hindrance(table) is not None or table.n == 0:
        return Variant(kind, entry.name, changed, None, at=at)
    run = ESTIMATORS[entry.plain] if entry.plain else entry
    answer = run.load()(table, _cheap(settings))
    return Variant(kind, entry.name, changed, answer.estimate, answer.lower, answer.upper, at)


def _cheap(settings: Settings) -> Settings:
    return replace(settings, bootstrap=0, progress=None)


def _scaled(number: float | None, seen: int, xi: float) -> float | None:
    return None if number is None else seen + (number - seen) * math.exp(xi)


def _lists(table: CaptureTable, history: int) -> str:
    return "+".join(name for bit, name in enumerate(table.lists) if history >> bit & 1)
