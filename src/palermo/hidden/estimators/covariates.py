"""Log-linear models with all covariates of the table, as estimators of the total; by strata see ``hidden.strata``.

References: van Dijk, Cruyff, van der Heijden & Kragten-Heerdink 2017; Cruyff, van Dijk & van der Heijden 2017
(packages mse and MSEincomplete). The decision a reader would question: every covariate of the table enters, as whoever
put it there thought it bears on being seen; name fewer through ``estimate_by``.
"""

from palermo.hidden.answer import Answer, Settings
from palermo.hidden.capture import CaptureTable
from palermo.hidden.strata import Plan, estimate_by, plain_stratification


def covariate_loglinear_stepwise_bic(table: CaptureTable, settings: Settings) -> Answer:
    """Two-way terms chosen by BIC."""
    return _total(table, settings, "BIC")


def covariate_loglinear_stepwise_aic(table: CaptureTable, settings: Settings) -> Answer:
    """Two-way terms chosen by BIC, then more of them by AIC."""
    return _total(table, settings, "AIC")


def covariate_loglinear_em(table: CaptureTable, settings: Settings) -> Answer:
    """All two-way terms, missing covariates by EM; main effects alone where ``max_order`` is 1."""
    return _total(table, settings, "all")


def plain_stratification_total(table: CaptureTable, settings: Settings) -> Answer:
    """Every combination of covariates on its own, summed: the naive comparison."""
    return plain_stratification(table, tuple(table.covariates), settings)[0]


def _total(table: CaptureTable, settings: Settings, criterion: str) -> Answer:
    names = tuple(table.covariates)
    return estimate_by(table, names, settings, Plan(names, criterion))[0]
