"""Log-linear models with all covariates of the table, as estimators of the total; by strata see ``hidden.strata``.

References: van Dijk, Cruyff, van der Heijden & Kragten-Heerdink 2017; Cruyff, van Dijk & van der Heijden 2017
(packages mse and MSEincomplete). The decision a reader would question: every covariate of the table enters, as whoever
put it there thought it bears on being seen; name fewer through ``estimate_by``.
"""

import math

from palermo.hidden.answer import Answer, Settings, refused
from palermo.hidden.capture import CaptureTable
from palermo.hidden.design import MAX_CELLS
from palermo.hidden.plain_strata import PLAIN, plain_stratification
from palermo.hidden.strata import PLANS, Plan, estimate_by

NOTHING_KNOWN = "every covariate is missing for everybody"


def covariate_loglinear_stepwise_bic(table: CaptureTable, settings: Settings) -> Answer:
    """Two-way terms chosen by BIC."""
    return _total(table, settings, PLANS["covariate_loglinear_stepwise_BIC"])


def covariate_loglinear_stepwise_aic(table: CaptureTable, settings: Settings) -> Answer:
    """Two-way terms chosen by BIC, then more of them by AIC."""
    return _total(table, settings, PLANS["covariate_loglinear_stepwise_AIC"])


def covariate_loglinear_em(table: CaptureTable, settings: Settings) -> Answer:
    """All two-way terms, missing covariates by EM; main effects alone where ``max_order`` is 1."""
    return _total(table, settings, PLANS["covariate_loglinear_EM"])


def covariate_loglinear_pooled(table: CaptureTable, settings: Settings) -> Answer:
    """Two-way terms chosen by BIC, the other list x covariate terms shrunk to 0."""
    return _total(table, settings, PLANS["covariate_loglinear_pooled"])


def plain_stratification_total(table: CaptureTable, settings: Settings) -> Answer:
    """Every combination of covariates on its own, summed: the naive comparison."""
    names = _known(table)
    if not names:
        return refused(PLAIN, settings.level, NOTHING_KNOWN)
    return plain_stratification(table, names, settings, total_only=True)[0]


def _total(table: CaptureTable, settings: Settings, plan: Plan) -> Answer:
    names = _known(table)
    if not names:
        return refused(plan.name(False), settings.level, NOTHING_KNOWN)
    cells = math.prod((1 << table.k, *(len(set(table.covariates[name]) - {None}) for name in names)))
    if cells > MAX_CELLS:
        said = f"lists by all covariates make {cells} cells, more than {MAX_CELLS}; name fewer covariates"
        return refused(plan.name(False), settings.level, said)
    return estimate_by(table, names, settings, plan)[0]


def _known(table: CaptureTable) -> tuple[str, ...]:
    """Covariates that say something of somebody."""
    seen = table.counts > 0
    return tuple(
        name
        for name, values in table.covariates.items()
        if any(value is not None and count for value, count in zip(values, seen, strict=True))
    )
