"""What stands around the estimate of everyone, as plain data for the account: methods, models, changes, tests, overlap.

The numbers are exact here and stay in the office; ``release.tried`` makes them coarse. The decision a reader would
question: one changed list and two merged ones are tried for the method of the headline only, and prior and threshold
for the one method that has each. What ``palermo hidden --html`` shows of all others would be hundreds of numbers, which
taken together could tell what each alone does not.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np

from palermo.hidden.answer import Answer, Settings
from palermo.hidden.capture import CaptureTable
from palermo.hidden.fitting import cells_of
from palermo.hidden.model_space import search
from palermo.hidden.registry import ESTIMATORS
from palermo.hidden.sensitivity import GRAPHS, STEPWISE, Variant, leave_one_out, merge_two, prior_curve, threshold_curve
from palermo.hidden.simulation import Performance
from palermo.hidden.trials import simulated
from palermo.whole_files import whole

TRIED = "tried.json"
SIMULATED = ("aic_average", "bic_average", "stepwise", "bic_best", "dga_bma", "main_effects")


def tried(
    table: CaptureTable, answers: Sequence[Answer], best: str | None, settings: Settings, *, simulate: bool = True
) -> dict[str, Any]:
    """All of it. ``answers`` are those of everyone, ``best`` names the method of the headline, if there is one."""
    names = {answer.estimator for answer in answers if answer.estimate is not None}
    told = {
        "lists": list(table.lists),
        "level": settings.level,
        "best": best,
        "methods": [_method(answer) for answer in answers],
        "overlap": [[history, int(count)] for history, count in enumerate(table.cells) if count > 0],
        "models": {"points": [], "without": 0},
        "changes": [],
        "coverage": [],
    }
    if best is None:
        return told
    quick = replace(settings, bootstrap=0, progress=None)
    changes = [*leave_one_out(ESTIMATORS[best], table, quick), *merge_two(ESTIMATORS[best], table, quick)]
    changes += threshold_curve(table, quick) if STEPWISE in names else []
    changes += prior_curve(table, quick) if GRAPHS in names else []
    plain = table.with_cells(table.cells)
    coverage = simulated(plain, answers, SIMULATED, settings) if simulate else []
    return {
        **told,
        "models": _models(table, settings),
        "changes": [_change(own) for own in changes],
        "coverage": [_coverage(own) for own in coverage],
    }


def write_tried(document: dict[str, Any], path: Path) -> Path:
    """Write it as JSON, whole or not at all."""
    with whole(path) as part:
        part.write_text(json.dumps(document, allow_nan=False, sort_keys=True) + "\n", encoding="utf-8")
    return path


def _method(answer: Answer) -> dict[str, Any]:
    figures = {"estimate": answer.estimate, "lower": answer.lower, "upper": answer.upper}
    if any(number is None or not isfinite(number) for number in figures.values()):
        figures = dict.fromkeys(figures)
    said = {"estimator": answer.estimator, "verdict": answer.verdict.value, "reasons": list(answer.reasons)}
    return {**said, **figures}


def _models(table: CaptureTable, settings: Settings) -> dict[str, Any]:
    found = search(cells_of(table), table.k, settings.max_order, by_bic=True)
    kept = np.flatnonzero(found.admissible & np.isfinite(found.unseen))
    scores, numbers = found.criterion(by_bic=True)[kept], found.persons + found.unseen[kept]
    above = scores - scores.min(initial=np.inf) if kept.size else scores
    points = sorted(zip(above.tolist(), numbers.tolist(), strict=True))
    return {"points": [list(point) for point in points], "without": len(found.models) - int(kept.size)}


def _change(own: Variant) -> dict[str, Any]:
    estimate = own.estimate if own.estimate is not None and isfinite(own.estimate) else None
    return {
        "kind": own.kind,
        "estimator": own.estimator,
        "changed": own.changed,
        "at": own.at,
        "estimate": None if estimate is None else float(estimate),
    }


def _coverage(own: Performance) -> dict[str, Any]:
    """Shares as numbers of tables; those without any interval count as not shown."""
    shown = own.intervals
    covered = round(own.covered * shown) if shown else 0
    warned = round(own.misses_warned * (shown - covered)) if shown > covered else 0
    return {
        "family": own.population,
        "estimator": own.estimator,
        "runs": own.tables,
        "shown": shown,
        "covered": covered,
        "missed_with_warning": warned,
        "bias": own.ratio - 1.0 if isfinite(own.ratio) else None,
    }
