"""The best of all models by BIC or AIC, and the average of all weighted by exp(-criterion / 2).

BIC takes n as the number of persons, not of cells, and the full Poisson likelihood (Silverman, Chan & Vincent 2024).
The bootstrap repeats the whole search in every replicate; peers repeat it among the 20 to 100 models that were best
in the data, which hides part of the uncertainty of choosing. Limits are BCa; a replicate in which no model has an
estimate counts as infinitely large. From seven lists on a replicate is searched by branch and bound; the answer says
how many of these searches came to their limit of fits, which makes their model the best found and perhaps not the best
of all. Where already the table's own search did, and for averages, a replicate repeats the walk.
"""

import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt

from palermo.hidden.answer import Answer, Settings, Verdict, refused
from palermo.hidden.bootstrap import acceleration, bca_limits, percentile_limits
from palermo.hidden.branching import best_unseen
from palermo.hidden.capture import CaptureTable
from palermo.hidden.estimators.loglinear import described
from palermo.hidden.exhaustive import search_tables, walk_tables
from palermo.hidden.fitting import cells_of, fit
from palermo.hidden.model_space import (
    Searched,
    best_first,
    family,
    highest_order,
    is_exhaustive,
    pairs_of,
    possible_cells,
    search,
)
from palermo.hidden.models import name_of
from palermo.hidden.resampling import bootstrap_tables, in_threads, jackknife_tables

Floats = npt.NDArray[np.float64]
_SHOWN = 10  # models listed in the diagnostics
_OFF_CENTRE = 1.5  # times by which the corrected upper limit and the plain one may differ unsaid
_MARGIN = 24.0  # models this far above the best weigh e^-12 and less: left out of a replicate's average
_KEPT = 4


@dataclass(frozen=True)
class Replicates:
    """The totals that the search finds in the bootstrap tables and in those with one person left out."""

    best: Floats
    average: Floats
    left_out_best: Floats
    left_out_average: Floats
    weights: Floats  # persons of each history
    cut_short: int = 0  # bootstrap tables whose search came to its limit of fits


def bic_best(table: CaptureTable, settings: Settings) -> Answer:
    """The model with the lowest BIC."""
    return _answer(table, settings, "bic_best")


def bic_average(table: CaptureTable, settings: Settings) -> Answer:
    """All models with an estimate, weighted by exp(-BIC/2)."""
    return _answer(table, settings, "bic_average")


def aic_best(table: CaptureTable, settings: Settings) -> Answer:
    """The model with the lowest AIC."""
    return _answer(table, settings, "aic_best")


def aic_average(table: CaptureTable, settings: Settings) -> Answer:
    """All models with an estimate, weighted by exp(-AIC/2)."""
    return _answer(table, settings, "aic_average")


def all_models(table: CaptureTable, max_order: int | None = None, by_bic: bool = True) -> Searched:
    """Every model searched, for a plot of the total against the criterion."""
    return search(cells_of(table), table.k, max_order, by_bic)


def _answer(table: CaptureTable, settings: Settings, name: str) -> Answer:
    by_bic, averaged = name.startswith("bic"), name.endswith("average")
    found = all_models(table, settings.max_order, by_bic)
    if not found.admissible.any():
        return refused(name, settings.level, f"no model has an estimate; searched: {found.words}", searched=found.words)
    criterion = found.criterion(by_bic)
    weights = np.exp((criterion.min() - criterion) / 2)
    weights /= weights.sum()
    winner = int(np.argmin(criterion))
    unseen = float(weights @ np.nan_to_num(found.unseen)) if averaged else float(found.unseen[winner])
    estimate = table.n + unseen
    lower, upper, how, more = _interval(table, settings, name, found, estimate)
    diagnostics = described(fit(cells_of(table), found.models[winner], table.k), table)
    said, caveats = more.pop("said", ()), more.pop("caveats", ())
    diagnostics |= _ranking(table, found, criterion, weights) | more
    return Answer(
        name,
        estimate,
        lower,
        upper,
        settings.level,
        settings={"searched": found.words, "interval": how},
        verdict=Verdict.WARNED if said else Verdict.SHOWN,
        reasons=(*said, *caveats),
        diagnostics=diagnostics,
    )


def _ranking(table: CaptureTable, found: Searched, criterion: Floats, weights: Floats) -> dict[str, Any]:
    order = np.argsort(criterion, kind="stable")[:_SHOWN]
    return {
        "models_searched": len(found.models),
        "models_admissible": int(found.admissible.sum()),
        "effective_models": float(1 / np.sum(weights**2)),
        "best_models": [
            {
                "model": name_of(found.models[place]),
                "criterion": float(criterion[place]),
                "weight": float(weights[place]),
                "estimate": table.n + float(found.unseen[place]),
            }
            for place in order
            if criterion[place] < math.inf
        ],
    }


def _interval(
    table: CaptureTable, settings: Settings, name: str, found: Searched, estimate: float
) -> tuple[float, float, str, dict[str, Any]]:
    """Lower and upper limit, how they were made, and what else there is to say."""
    if settings.bootstrap <= 0:
        return _without_bootstrap(table, settings, name, found)
    averaged = name.endswith("average")
    drawn = replicates(table, settings, found, by_bic=name.startswith("bic"), averaged=averaged)
    totals, left_out = (drawn.average, drawn.left_out_average) if averaged else (drawn.best, drawn.left_out_best)
    ahat = acceleration(left_out, drawn.weights)
    limits = bca_limits(estimate, totals, ahat if math.isfinite(ahat) else 0.0, settings.level)
    plain = percentile_limits(totals, settings.level)
    more = {
        "replicates": totals.size,
        "replicates_without_estimate": int(np.isinf(totals).sum()),
        "z0": limits.z0,
        "ahat": ahat,
        "percentile": [plain.lower, plain.upper],
        "limits_at_extreme": list(limits.extreme),
    }
    if max(limits.upper / plain.upper, plain.upper / limits.upper) > _OFF_CENTRE:
        shown = f"{limits.upper:,.0f} corrected for bias (BCa), {plain.upper:,.0f} as it stands"
        more["said"] = (f"the bootstrap is far from centred: its upper limit is {shown}",)
    if drawn.cut_short:
        more["replicates_cut_short"] = drawn.cut_short
        cut = f"the search came to its limit of fits in {drawn.cut_short:,} of {totals.size:,} replicates"
        more["caveats"] = (f"{cut}: they stand on the best model found, and a better one may exist",)
    repeated = "the whole search" if _repeats_all(table.k, found, averaged) else "a walk from independent lists"
    how = f"BCa bootstrap of {totals.size:,} replicates, {repeated} repeated in each"
    return limits.lower, limits.upper, how, more


def _without_bootstrap(
    table: CaptureTable, settings: Settings, name: str, found: Searched
) -> tuple[float, float, str, dict[str, Any]]:
    """Wald limits of the best model, or those of Buckland, Burnham & Augustin (1997) for an average."""
    z = NormalDist().inv_cdf((1 + settings.level) / 2)
    criterion = found.criterion(name.startswith("bic"))
    if not name.endswith("average"):
        own = fit(cells_of(table), found.models[int(np.argmin(criterion))], table.k)
        said = ("the interval takes the chosen model as given, which makes it too short; ask for a bootstrap",)
        return *own.wald(z), "Wald, given the chosen model", {"caveats": said}
    near = np.flatnonzero(criterion <= criterion.min() + _MARGIN)
    weights = np.exp((criterion.min() - criterion[near]) / 2)
    weights /= weights.sum()
    fits = [fit(cells_of(table), found.models[place], table.k) for place in near]
    heights = np.array([float(own.coefficients[0]) for own in fits])
    centre = math.log(float(weights @ np.exp(heights)))
    spread = np.sqrt(np.array([float(own.se[0]) for own in fits]) ** 2 + (heights - centre) ** 2)
    reach = z * float(weights @ spread)
    limits = table.n + math.exp(centre - reach), table.n + math.exp(centre + reach)
    return *limits, "Buckland, Burnham & Augustin, on the logarithm of the unseen", {}


_DRAWN: OrderedDict[tuple[object, ...], Replicates] = OrderedDict()


def replicates(
    table: CaptureTable, settings: Settings, found: Searched, by_bic: bool, averaged: bool = True
) -> Replicates:
    """Search every bootstrap table; the last few results are kept.

    The best alone takes a third of the time of the average, and comes with the average for nothing.
    """
    cells = cells_of(table)
    asked = (cells.tobytes(), settings.max_order, settings.bootstrap, settings.seed, by_bic)
    key = (*asked, averaged or (is_exhaustive(table.k) and (*asked, True) in _DRAWN))
    if key not in _DRAWN:
        drawn = bootstrap_tables(table, settings.bootstrap, settings.seed).cells(table.k)
        left_out, weights = jackknife_tables(table)
        searching = _Searching(cells, settings, found, by_bic, averaged)
        best, average, cut_short = searching.totals(drawn)
        best_out, average_out, _ = searching.totals(left_out.cells(table.k))
        _DRAWN[key] = Replicates(best, average, best_out, average_out, weights, cut_short)
        while len(_DRAWN) > _KEPT:
            _DRAWN.popitem(last=False)
    return _DRAWN[key]


def _repeats_all(k: int, found: Searched, averaged: bool) -> bool:
    """Whether a replicate repeats the search of all models, and not a walk."""
    return is_exhaustive(k) or (found.is_complete and not averaged)


@dataclass(frozen=True)
class _Searching:
    """The search that is repeated in tables drawn from a table."""

    cells: npt.NDArray[np.int64]
    settings: Settings
    found: Searched
    by_bic: bool
    averaged: bool

    def totals(self, tables: Floats) -> tuple[Floats, Floats, int]:
        """Totals of the best model and of the average in each table, and how many searches came to their limit.

        Tables that are the same are searched once.
        """
        distinct, places = np.unique(tables, axis=0, return_inverse=True)
        results = np.full((2, len(distinct)), np.nan)
        complete = np.ones(len(distinct), np.bool_)
        work = self._work(distinct, results, complete)
        in_threads(work, len(distinct), self.settings.progress, "bootstrap tables searched")
        seen = distinct.sum(axis=1)
        best, average = (np.where(np.isnan(own), math.inf, own + seen)[places.ravel()] for own in results)
        return best, average, int((~complete[places.ravel()]).sum())

    def _work(self, tables: Floats, results: Floats, complete: npt.NDArray[np.bool_]) -> Callable[[slice], None]:
        """What fills in the unseen of the best model and of the average of some tables."""
        by_bic, k = self.by_bic, int(self.cells.size).bit_length() - 1
        pairs, possible = pairs_of(k), possible_cells(self.cells)
        criterion = self.found.criterion(by_bic)
        if is_exhaustive(k):
            own = best_first(family(k, highest_order(k, self.settings.max_order)), criterion, self.cells)
            margin = _MARGIN if self.averaged else 0.0

            def every(part: slice) -> None:
                _, results[0, part], results[1, part], _ = search_tables(tables[part], own, by_bic, margin, k)

            return every
        if not _repeats_all(k, self.found, self.averaged):

            def walked(part: slice) -> None:
                results[0, part], results[1, part] = walk_tables(tables[part], possible, by_bic, pairs, k)

            return walked
        best = self.found.models[int(np.argmin(criterion))]
        near = sum(1 << place for place, pair in enumerate(pairs) if int(pair) in best)

        def branched(part: slice) -> None:
            results[0, part], _, complete[part] = best_unseen(tables[part], possible, by_bic, pairs, near)

        return branched
