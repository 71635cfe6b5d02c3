"""Stepwise selection of pairs by p-value, and the BCa bootstrap that repeats the selection.

Chan, Silverman and Vincent 2021, "Multiple systems estimation for sparse capture data" (JASA 116). From main effects,
the pair whose overlap is least likely under the model so far (one-sided Poisson p) is added while its p is below the
threshold and the larger model has exactly one estimate; ties go to the first pair; nothing is removed.

The decision a reader would question: what a bootstrap table with an empty list is worth. Here, as in
MultipleSystemsEstimation, that list drops out of that table and selection goes on among the others. SparseMSE stays
at main effects there; ``EmptyList.STOP`` repeats its rule for comparison.
"""

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from palermo.errors import UsageError
from palermo.hidden.answer import Answer, Settings, Verdict, refused
from palermo.hidden.bootstrap import (
    BcaLimits,
    Limits,
    acceleration,
    bca_limits,
    percentile_limits,
    studentised_log_limits,
    wald_limits,
)
from palermo.hidden.capture import CaptureTable
from palermo.hidden.estimators.stepwise_kernel import OK, intercept_error, select, select_many
from palermo.hidden.existence import WORDS
from palermo.hidden.models import main_effects, name_of
from palermo.hidden.resampling import Resamples, bootstrap_tables, in_threads, jackknife_tables
from palermo.progress import Progress

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

# A share of replicates below the estimate outside these bounds shifts the 2.5 % point of 1,000 to the last few.
OFF_CENTRE = (0.35, 0.65)


class EmptyList(StrEnum):
    """What to do with a bootstrap table in which a list saw nobody."""

    DROP = "the list drops out of that table"
    STOP = "the table stays at main effects"


@dataclass(frozen=True)
class Selection:
    """The model that selection ends at. ``unseen`` is infinite where even main effects have no estimate."""

    status: int
    pairs: tuple[int, ...]  # in the order in which they were added
    unseen: float
    log_error: float  # standard error of log unseen, given the model
    failed: int  # candidates of small p that had no estimate


@dataclass(frozen=True)
class Replicates:
    """Selection on many tables; one row a table."""

    unseen: Floats
    log_error: Floats
    failed: Floats
    chosen: Flags  # position = term


def select_pairs(table: CaptureTable, threshold: float, empty: EmptyList = EmptyList.DROP) -> Selection:
    """Select pairs on the table. Raises `UsageError` for a threshold that is no probability."""
    _check(threshold)
    status, beta, totals, terms, added, failed = select(
        table.cells.astype(np.float64), _possible(table), float(threshold), empty is EmptyList.STOP
    )
    if status != OK:
        return Selection(int(status), (), math.inf, math.inf, 0)
    error = float(intercept_error(totals, terms))
    return Selection(OK, tuple(int(pair) for pair in added), math.exp(beta[0]), error, int(failed))


def select_on(
    tables: Resamples,
    table: CaptureTable,
    threshold: float,
    empty: EmptyList = EmptyList.DROP,
    progress: Progress = None,
) -> Replicates:
    """Repeat the selection on tables drawn from ``table``."""
    _check(threshold)
    possible = _possible(table)
    rows = len(tables.counts)
    results, chosen = np.empty((rows, 3)), np.zeros((rows, possible.size), np.bool_)

    def work(part: slice) -> None:
        counts = tables.counts[part]
        select_many(tables.histories, counts, possible, threshold, empty is EmptyList.STOP, results[part], chosen[part])

    in_threads(work, rows, progress, "bootstrap: selection repeated")
    return Replicates(results[:, 0], results[:, 1], results[:, 2], chosen)


def stepwise(table: CaptureTable, settings: Settings) -> Answer:
    """The estimate of the selected model with its Wald interval, which takes the model as given."""
    found = select_pairs(table, settings.threshold)
    if found.status != OK:
        return _no_estimate("stepwise", table, settings, found)
    limits = wald_limits(table.n, found.unseen, found.log_error, settings.level)
    caveat = (
        "the interval takes the selected model as given and covers too rarely (43 to 61 % at a nominal 80 to 95 %, "
        "Chan, Silverman and Vincent 2021); stepwise_BCa repeats the selection"
    )
    answer = _answer("stepwise", table, settings, found, limits, [])
    # True of every table, so it stands with the answer and warns of none.
    return replace(answer, reasons=(*answer.reasons, caveat))


def stepwise_bca(table: CaptureTable, settings: Settings, empty: EmptyList = EmptyList.DROP) -> Answer:
    """The estimate of the selected model with BCa limits from replicates that repeat the selection."""
    if settings.bootstrap < 1:
        raise UsageError(f"{settings.bootstrap} bootstrap replicates; expected 1 or more, 1000 for limits of 95 %")
    found = select_pairs(table, settings.threshold, empty)
    if found.status != OK:
        return _no_estimate("stepwise_BCa", table, settings, found)
    tables = bootstrap_tables(table, settings.bootstrap, settings.seed)
    drawn = select_on(tables, table, settings.threshold, empty, settings.progress)
    left_out, weights = jackknife_tables(table)
    ahat = acceleration(table.n - 1 + select_on(left_out, table, settings.threshold, empty).unseen, weights)
    limits = bca_limits(
        table.n + found.unseen, table.n + drawn.unseen, 0.0 if math.isnan(ahat) else ahat, settings.level
    )
    emptied = _with_empty_list(tables, table)
    reasons = _bootstrap_reasons(limits, drawn, emptied, empty)
    if math.isnan(ahat):
        reasons.append("with one person less there is no estimate at all; the limits are bias-corrected only")
    others = _other_limits(table, found, drawn, settings.level)
    return _answer(
        "stepwise_BCa", table, settings, found, limits, reasons,
        z0=limits.z0, ahat=None if math.isnan(ahat) else ahat, share_below=limits.share_below,
        limits_at_extreme=list(limits.extreme), replicates=drawn.unseen.size,
        replicates_without_estimate=int(np.isinf(drawn.unseen).sum()), replicates_with_empty_list=emptied,
        rule_for_empty_list=empty.value, pairs_chosen=_frequencies(table, drawn), **others,
    )  # fmt: skip


def _bootstrap_reasons(limits: BcaLimits, drawn: Replicates, emptied: int, empty: EmptyList) -> list[str]:
    number, reasons = drawn.unseen.size, []
    if not OFF_CENTRE[0] <= limits.share_below <= OFF_CENTRE[1]:
        reasons.append(
            f"{limits.share_below:.0%} of the replicates lie below the estimate, not half: "
            "small changes of the data change which pairs are selected"
        )
    if lost := int(np.isinf(drawn.unseen).sum()):
        reasons.append(f"{lost:,} of {number:,} replicates have no estimate; they count as infinitely large")
    if emptied:
        reasons.append(f"in {emptied:,} of {number:,} replicates a list saw nobody; {empty.value}")
    return reasons


def _other_limits(table: CaptureTable, found: Selection, drawn: Replicates, level: float) -> dict[str, Any]:
    wald = wald_limits(table.n, found.unseen, found.log_error, level)
    percentile = percentile_limits(table.n + drawn.unseen, level)
    student = studentised_log_limits(table.n, (found.unseen, found.log_error), drawn.unseen, drawn.log_error, level)
    finite = drawn.unseen[np.isfinite(drawn.unseen)]
    return {
        "wald": _pair(wald),
        "percentile": _pair(percentile),
        "studentised_log": _pair(student),
        "median_replicate": float(table.n + np.median(finite)) if finite.size else None,
    }


def _answer(
    name: str,
    table: CaptureTable,
    settings: Settings,
    found: Selection,
    limits: Limits,
    reasons: list[str],
    **diagnostics: Any,
) -> Answer:
    lower, upper = _pair(limits)
    if upper is None:
        reasons.append("there is no upper limit")
    if table.is_suppressed:
        reasons.append("counts known as a range only are taken at the middle of the range")
    if not limits.lower <= table.n + found.unseen <= limits.upper:
        reasons.append("the estimate lies outside its own limits; the bootstrap is far from centred")
    used: dict[str, Any] = {"threshold": settings.threshold}
    if name != "stepwise":
        used |= {"bootstrap": settings.bootstrap, "seed": settings.seed}
    return Answer(
        name,
        table.n + found.unseen,
        lower,
        upper,
        settings.level,
        settings=used,
        verdict=Verdict.WARNED if reasons else Verdict.SHOWN,
        reasons=tuple(reasons),
        diagnostics={
            "terms": [_pair_name(table, pair) for pair in found.pairs],
            "model": name_of((*main_effects(table.k), *found.pairs)),
            "minus_infinity": [_pair_name(table, pair) for pair in found.pairs if not _overlap(table, pair)],
            "log_error": found.log_error,
            "candidates_without_estimate": found.failed,
            **diagnostics,
        },
    )


def _no_estimate(name: str, table: CaptureTable, settings: Settings, found: Selection) -> Answer:
    if table.n == 0:
        return refused(name, settings.level, "the table holds nobody")
    reason = WORDS.get(found.status, "the fit did not converge")
    return refused(name, settings.level, f"even with independent lists, {reason}", status=found.status)


def _frequencies(table: CaptureTable, drawn: Replicates) -> dict[str, float]:
    """In which share of the replicates each pair was chosen; pairs never chosen are left out."""
    pairs = [(1 << i) | (1 << j) for i, j in combinations(range(table.k), 2)]
    shares = {_pair_name(table, pair): float(drawn.chosen[:, pair].mean()) for pair in pairs}
    return {name: share for name, share in shares.items() if share > 0}


def _with_empty_list(tables: Resamples, table: CaptureTable) -> int:
    held = (tables.histories[:, None] >> np.arange(table.k)) & 1
    return int((tables.counts @ held == 0).any(axis=1).sum())


def _pair_name(table: CaptureTable, pair: int) -> str:
    return ":".join(name for place, name in enumerate(table.lists) if pair >> place & 1)


def _overlap(table: CaptureTable, pair: int) -> int:
    first, second = (place for place in range(table.k) if pair >> place & 1)
    return int(table.overlaps[first, second])


def _pair(limits: Limits) -> list[float | None]:
    return [value if math.isfinite(value) else None for value in (limits.lower, limits.upper)]


def _possible(table: CaptureTable) -> Flags:
    possible = np.ones(1 << table.k, np.bool_)
    possible[[0, *(history for history in table.structural if table.cells[history] == 0)]] = False
    return possible


def _check(threshold: float) -> None:
    if not 0 <= threshold <= 1:
        raise UsageError(f"threshold {threshold:g}; expected a p-value of 0 to 1, such as 0.02")
