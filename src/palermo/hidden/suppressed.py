"""Tables whose publisher printed some counts as ranges, such as ``<5``, or rounded them.

The number comes from the interval likelihood: by EM, each hidden count is the one expected within its range under the
model, and the model is fitted to these counts, until both agree. The limits reach further: they are the lowest and the
highest over the extreme tables that the ranges allow. The decision a reader would question: this is wider than the
likelihood alone would give, because whoever hid the counts may have hidden them for a reason tied to their size.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from palermo.hidden.answer import Answer, Settings, Verdict
from palermo.hidden.capture import CaptureTable
from palermo.hidden.fitting import fit
from palermo.hidden.models import main_effects, parse
from palermo.hidden.populations import expected_cells
from palermo.hidden.registry import Estimator

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
_ROUNDS = 500
_CLOSE = 1e-7
_TINY_MEAN = 1e-12
HANGS = "with other counts that the ranges allow there would be an estimate: it hangs on counts that are hidden"
NOT_ALL = "with some of the counts that the ranges allow no estimate exists; the limits cover the others only"
METHOD = "interval likelihood (EM); limits over the extreme tables that the ranges allow"


def ranges(table: CaptureTable) -> tuple[Counts, Counts]:
    """The lowest and the highest count of each of the 2^K histories, over all covariates."""
    low, high = np.zeros(1 << table.k, np.int64), np.zeros(1 << table.k, np.int64)
    np.add.at(low, table.histories, table.counts if table.lower is None else table.lower)
    np.add.at(high, table.histories, table.counts if table.upper is None else table.upper)
    return low, high


def completed(table: CaptureTable, terms: Sequence[int]) -> Floats:
    """The counts of the 2^K histories at the maximum of the interval likelihood of the model.

    Where the model has no estimate on the way, the middles of the ranges stand.
    """
    low, high = ranges(table)
    cells = (low + high) / 2
    for _ in range(_ROUNDS):
        # A structural zero that holds nobody is no range: it stays at 0 and outside the likelihood.
        counted = cells.copy()
        counted[[h for h in table.structural if high[h] == 0]] = -1
        found = fit(counted, terms, table.k)  # type: ignore[arg-type]  # expected counts are not whole
        if not found.exists:
            break
        expected = _within(expected_cells(found.terms, found.coefficients.tolist(), table), low, high)
        moved = float(np.abs(expected - cells).max())
        cells = expected
        if moved < _CLOSE:
            break
    return cells


def answer_over_ranges(entry: Estimator, table: CaptureTable, settings: Settings) -> Answer:
    """The answer at the interval likelihood, with limits over the extreme tables.

    The model of the likelihood is the one that the estimator itself chooses; lists are independent where it names none.
    The estimator runs at most six times, however many counts are hidden.
    """
    run = entry.load()
    terms = main_effects(table.k)
    answer = run(_rounded(table, terms), settings)
    model = str(answer.diagnostics.get("model", ""))
    if model.startswith("[") and answer.estimate is not None:
        answer = run(_rounded(table, parse(model, table.k)), settings)
    extremes = [run(table.with_cells(cells), settings) for cells in _extreme_tables(table)]
    low, high = ranges(table)
    facts = {"method": METHOD, "cells": int((low < high).sum()), "extreme_estimates": [x.estimate for x in extremes]}
    diagnostics = {**answer.diagnostics, "ranges": facts}
    if answer.estimate is None:
        hangs = any(own.estimate is not None for own in extremes)
        return replace(answer, reasons=(*answer.reasons, HANGS) if hangs else answer.reasons, diagnostics=diagnostics)
    if any(own.estimate is None for own in extremes):
        answer = replace(answer, verdict=Verdict.WARNED, reasons=(*answer.reasons, NOT_ALL))
    limits = [own for x in (answer, *extremes) for own in (x.lower, x.estimate, x.upper) if own is not None]
    return replace(answer, lower=min(limits), upper=max(limits), diagnostics=diagnostics)


def _within(mean: Floats, low: Counts, high: Counts) -> Floats:
    """The expected count of a Poisson variable known to lie within its range."""
    expected = low.astype(np.float64)
    for cell in np.flatnonzero(low < high):
        values = np.arange(low[cell], high[cell] + 1)
        steps = np.log(np.maximum(values[1:], 1))
        logs = (values - values[0]) * np.log(max(mean[cell], _TINY_MEAN)) - np.concatenate([[0.0], np.cumsum(steps)])
        weights = np.exp(logs - logs.max())
        expected[cell] = float(values @ weights / weights.sum())
    return expected


def _rounded(table: CaptureTable, terms: Sequence[int]) -> CaptureTable:
    """Whole counts within the ranges whose sum is nearest; the largest remainders are rounded up."""
    exact = completed(table, terms)
    whole = np.floor(exact).astype(np.int64)
    missing = round(float(exact.sum())) - int(whole.sum())
    order = np.argsort(whole - exact, kind="stable")
    whole[order[:missing]] += 1
    return table.with_cells(whole)


def _extreme_tables(table: CaptureTable) -> list[Counts]:
    """All low, all high, and overlaps against single lists: few overlaps mean many unseen, and the other way round."""
    low, high = ranges(table)
    alone = np.array([history.bit_count() == 1 for history in range(1 << table.k)])
    return [low, high, np.where(alone, high, low), np.where(alone, low, high)]
