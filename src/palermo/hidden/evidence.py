"""What is computed about an answer so that it can be judged: does its model fit, and what do its rivals say?

The decision a reader would question: fit is tested by the deviance against chi-square, which in sparse tables finds too
little. It is used to warn only, and a model that passes is not thereby right: the unseen are in no cell of the table.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import chi2

from palermo.hidden import existence
from palermo.hidden.answer import Answer, Settings
from palermo.hidden.capture import CaptureTable
from palermo.hidden.fitting import cells_of, fit
from palermo.hidden.heterogeneity import Rival, rivals_if_persons_differ
from palermo.hidden.model_space import search
from palermo.hidden.models import parse
from palermo.hidden.registry import ESTIMATORS
from palermo.hidden.rules import Evidence

BOUND = "closedp_Mth_Chao_LB_"
ALL_PAIRS = "all_two_way"
Limits = tuple[float, float]
Models = tuple[tuple[float, float], ...]  # (BIC, persons in all)


@dataclass(frozen=True)
class Surroundings:
    """What holds for every answer on one table."""

    models: Models
    bound: float | None
    all_pairs: Limits | None
    if_persons_differ: tuple[Rival, ...]

    def evidence(self, answer: Answer, table: CaptureTable, one_person_percent: float | None = None) -> Evidence:
        """All that the rules look at for one answer on this table."""
        return Evidence(
            answer,
            table,
            one_person_percent,
            self.models,
            lack_of_fit(answer, table),
            self.bound,
            self.all_pairs,
            self.if_persons_differ,
        )


def surroundings(table: CaptureTable, settings: Settings) -> Surroundings:
    """Rival models and what less is assumed by, found once for all estimators."""
    bound, pairs = bound_if_persons_differ(table, settings), interval_of_all_pairs(table, settings)
    return Surroundings(rivals(table, settings), bound, pairs, rivals_if_persons_differ(table, settings))


def lack_of_fit(answer: Answer, table: CaptureTable) -> float | None:
    """Probability of a deviance as large as that of the answer's log-linear model were the model true.

    None where the answer names no model of this table, or the model has as many terms as the table has cells.
    """
    model = answer.diagnostics.get("model")
    if answer.estimate is None or not isinstance(model, str) or not model.startswith("["):
        return None
    terms, cells = parse(model, table.k), cells_of(table)
    found = fit(cells, terms, table.k)
    live, present = existence.reduced(cells, terms, table.k)
    freedom = int(np.count_nonzero(present)) - len(live)
    return float(chi2.sf(found.deviance, freedom)) if found.exists and freedom > 0 else None


def bound_if_persons_differ(table: CaptureTable, settings: Settings) -> float | None:
    """Chao's lower bound for lists of unequal reach (Mth) where persons differ in how easily they are seen.

    None without three lists, or where it has no estimate.
    """
    answer = _run(BOUND, table, settings)
    return None if answer is None else answer.estimate


def interval_of_all_pairs(table: CaptureTable, settings: Settings) -> Limits | None:
    """Limits when every pair of lists may interact: the least that a log-linear model of pairs can assume."""
    answer = _run(ALL_PAIRS, table, settings)
    return None if answer is None or answer.lower is None or answer.upper is None else (answer.lower, answer.upper)


def rivals(table: CaptureTable, settings: Settings) -> Models:
    """BIC and number of every log-linear model of the table that has an estimate, or of those on the search's walk."""
    if table.n == 0:
        return ()
    found = search(cells_of(table), table.k, settings.max_order, by_bic=True)
    kept = np.flatnonzero(found.admissible)
    scores, numbers = found.criterion(by_bic=True)[kept], found.persons + found.unseen[kept]
    return tuple(zip(scores.tolist(), numbers.tolist(), strict=True))


def _run(name: str, table: CaptureTable, settings: Settings) -> Answer | None:
    entry = ESTIMATORS.get(name)
    if entry is None or table.k < 3 or table.n == 0:
        return None
    return entry.load()(table, replace(settings, bootstrap=0, progress=None))
