"""Rcapture's models of a closed population: equal or unequal lists, with or without persons who differ.

All are Poisson log-linear models of the observable histories: an intercept, whose exponential is the number unseen;
the number of captures (M0, Mh) or one column a list (Mt, Mth); and columns for heterogeneity between persons, which
are functions of the number of captures k: 2^k - 1 (Poisson), k^2 / 2 (Darroch), -log((3.5 + k) / 3.5) (Gamma), or
(k - 2)+, (k - 3)+, ... (Chao), of which negative ones are dropped one by one, so that the estimate is a lower bound.
Rivest & Baillargeon 2007, Biometrics 63:999-1006; Baillargeon & Rivest 2007, Journal of Statistical Software 19(5).

The decisions a reader would question. Rcapture does not ask whether an estimate exists: here a linear programme does,
and where none exists none is given. Its symmetric interval can reach below the persons seen: here it stops there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq, linprog, minimize_scalar
from scipy.special import gammaln, xlogy
from scipy.stats import chi2, norm

from palermo.hidden.answer import Answer, Settings, Verdict, refused
from palermo.hidden.capture import CaptureTable

Values = npt.NDArray[np.float64]
Estimator = Callable[[CaptureTable, Settings], Answer]
_ITERATIONS = 60
_CHAO = "Chao"
_HETEROGENEITY: dict[str, Callable[[Values], Values]] = {
    "Poisson2": lambda captures: 2.0**captures - 1,
    "Darroch": lambda captures: captures**2 / 2,
    "Gamma3.5": lambda captures: -np.log1p(captures / 3.5),
}


@dataclass(frozen=True)
class LogLinearFit:
    """A Poisson fit: coefficients (intercept first), fitted counts, and the design that was left in the end."""

    coefficients: Values
    fitted: Values
    design: Values
    counts: Values

    @property
    def unseen(self) -> float:
        """Fitted number of persons whom no list saw."""
        return float(np.exp(self.coefficients[0]))

    @property
    def stderr(self) -> float:
        """Standard error of N: of the intercept by the delta method, and of the Poisson count itself."""
        information = self.design.T @ (self.fitted[:, None] * self.design)
        return float(np.sqrt(self.unseen + self.unseen**2 * np.linalg.inv(information)[0, 0]))

    @property
    def deviance(self) -> float:
        """Poisson deviance."""
        return float(2 * (xlogy(self.counts, self.counts) - xlogy(self.counts, self.fitted)).sum())

    def statistics(self) -> dict[str, Any]:
        """What Rcapture prints beside the estimate. BIC counts persons, not cells."""
        loglik = float((xlogy(self.counts, self.fitted) - self.fitted - gammaln(self.counts + 1)).sum())
        parameters = self.design.shape[1]
        return {
            "stderr": self.stderr,
            "deviance": self.deviance,
            "df": len(self.counts) - parameters,
            "aic": 2 * parameters - 2 * loglik,
            "bic": parameters * float(np.log(self.counts.sum())) - 2 * loglik,
        }


@dataclass(frozen=True)
class ClosedModel:
    """One of the models: whether lists differ (``t``) and how persons differ (``heterogeneity``, None for not)."""

    by_list: bool
    heterogeneity: str | None = None

    @property
    def name(self) -> str:
        """Name as in the peer's tables, such as ``closedp_Mth_Chao_LB_``."""
        letters = ("t" if self.by_list else "") + ("h" if self.heterogeneity else "")
        tail = {None: "", _CHAO: "_Chao_LB_"}.get(self.heterogeneity, f"_{self.heterogeneity}")
        return f"closedp_M{letters or '0'}{tail}"

    def design(self, histories: Values, k: int) -> tuple[Values, int]:
        """Design matrix of these histories, and how many of its columns are no heterogeneity that may be dropped."""
        bits = ((histories.astype(np.int64)[:, None] >> np.arange(k)) & 1).astype(np.float64)
        captures = bits.sum(axis=1)
        columns = [np.ones((len(bits), 1)), bits if self.by_list else captures[:, None]]
        if self.heterogeneity == _CHAO:
            columns.append(np.maximum(captures[:, None] - np.arange(2, k), 0))
            return np.hstack(columns), 1 + columns[1].shape[1]
        if self.heterogeneity:
            columns.append(_HETEROGENEITY[self.heterogeneity](captures)[:, None])
        design = np.hstack(columns)
        return design, design.shape[1]


def fit_poisson(design: Values, counts: Values) -> LogLinearFit:
    """Fit by iteratively reweighted least squares, the step halved while the likelihood falls."""
    fitted = counts + 0.1
    linear = np.log(fitted)
    coefficients = np.zeros(design.shape[1])
    best = -np.inf
    for turn in range(_ITERATIONS):
        root = np.sqrt(fitted)
        working = linear + (counts - fitted) / fitted
        found = np.linalg.lstsq(root[:, None] * design, root * working, rcond=None)[0]
        step, size = (found - coefficients, 1.0) if turn else (found, 1.0)
        loglik = _loglik(design, counts, coefficients + step)
        while turn and loglik < best - 1e-9 * abs(best) and size > 1e-6:
            size /= 2
            loglik = _loglik(design, counts, coefficients + size * step)
        coefficients = coefficients + size * step
        linear = np.clip(design @ coefficients, -300, 300)
        fitted = np.exp(linear)
        if abs(loglik - best) <= 1e-14 * abs(loglik) or np.abs(size * step).max() < 1e-11:
            break
        best = loglik
    return LogLinearFit(coefficients, fitted, design, counts)


def fit_dropping_negative(design: Values, counts: Values, fixed: int) -> LogLinearFit:
    """Fit; while a coefficient after the first ``fixed`` ones is negative drop the first such column and fit again."""
    fit = fit_poisson(design, counts)
    while (fit.coefficients[fixed:] < 0).any():
        column = fixed + int(np.argmax(fit.coefficients[fixed:] < 0))
        fit = fit_poisson(np.delete(fit.design, column, axis=1), counts)
    return fit


def why_no_estimate(design: Values, counts: Values) -> str | None:
    """Say why the maximum likelihood estimate does not exist or is not unique; None where it is fine.

    It exists where some table with no empty cell has the same margins as the counts (Fienberg & Rinaldo 2012, Annals
    of Statistics 40:996): a linear programme for the largest smallest cell.
    """
    scaled = design / np.abs(design).max(axis=0).clip(1e-300)
    if np.linalg.matrix_rank(scaled) < design.shape[1]:
        return "The model has more parameters than the table can tell apart; no estimate is identifiable."
    rows, place = np.unique(scaled, axis=0, return_inverse=True)
    times = np.bincount(place.ravel()).astype(np.float64)
    margins = scaled.T @ counts
    # Cell = free part + s, with free part >= 0 and s to be as large as it can be.
    weighted = (rows * times[:, None]).T
    equal = np.hstack([weighted, weighted.sum(axis=1, keepdims=True)])
    goal = np.zeros(equal.shape[1])
    goal[-1] = -1
    solved = linprog(goal, A_eq=equal, b_eq=margins, method="highs")
    if solved.status == 0 and -solved.fun > 1e-6:
        return None
    return "No estimate exists for this model: the persons seen have too few kinds of histories."


def _loglik(design: Values, counts: Values, coefficients: Values) -> float:
    linear = np.clip(design @ coefficients, -300, 300)
    return float(counts @ linear - np.exp(linear).sum())


def _observable(table: CaptureTable) -> Values:
    return np.array([history for history in range(1, 1 << table.k) if history not in table.structural], np.float64)


def _fitted(table: CaptureTable, model: ClosedModel) -> tuple[LogLinearFit, int] | str:
    """The fit and the number of fixed columns, or why there is none."""
    if table.n == 0:
        return "No list saw anybody."
    histories = _observable(table)
    counts = table.cells[histories.astype(np.int64)].astype(np.float64)
    design, fixed = model.design(histories, table.k)
    fit = fit_dropping_negative(design, counts, fixed)
    return why_no_estimate(fit.design, counts) or (fit, fixed)


def _wald(table: CaptureTable, settings: Settings, model: ClosedModel) -> Answer:
    found = _fitted(table, model)
    if isinstance(found, str):
        return refused(model.name, settings.level, found)
    fit, fixed = found
    estimate = table.n + fit.unseen
    half = float(norm.ppf((1 + settings.level) / 2)) * fit.stderr
    reasons = _remarks(fit, model)
    if estimate - half < table.n:
        reasons.append(
            f"The symmetric interval begins at {estimate - half:,.0f}, below the {table.n:,} persons seen; "
            "it is cut there."
        )
    statistics = fit.statistics() | {"wald_lower": estimate - half, "dropped": _dropped(table, fit, model, fixed)}
    return Answer(
        model.name,
        estimate,
        max(estimate - half, float(table.n)),
        estimate + half,
        settings.level,
        settings={"interval": "estimate plus and minus its standard errors (Wald)"},
        verdict=Verdict.WARNED if reasons else Verdict.SHOWN,
        reasons=tuple(reasons),
        diagnostics=statistics,
    )


def _dropped(table: CaptureTable, fit: LogLinearFit, model: ClosedModel, fixed: int) -> int:
    """How many negative Chao columns were dropped."""
    return max(0, table.k - 2 - (fit.design.shape[1] - fixed)) if model.heterogeneity == _CHAO else 0


def _remarks(fit: LogLinearFit, model: ClosedModel) -> list[str]:
    said = []
    statistics = fit.statistics()
    if statistics["df"] > 0 and statistics["deviance"] > chi2.ppf(0.999, statistics["df"]):
        said.append(
            "the model does not fit the table: were it true, so large a distance would have a chance below 1 in 1,000"
        )
    if model.heterogeneity in _HETEROGENEITY and fit.coefficients[-1] < 0:
        said.append("The heterogeneity between persons comes out negative, which it cannot be.")
    return said


class _Profile:
    """Multinomial profile log-likelihood of N, every factorial by log-gamma (Cormack 1992, Biometrics 48:567)."""

    def __init__(self, table: CaptureTable, fit: LogLinearFit, model: ClosedModel) -> None:
        self.n = table.n
        histories = np.append(_observable(table), 0.0)
        self._design, self._fixed = model.design(histories, table.k)
        self._counts = fit.counts

    def __call__(self, total: float) -> float:
        counts = np.append(self._counts, total - self.n)
        fit = fit_dropping_negative(self._design, counts, self._fixed)
        inner = xlogy(counts, fit.fitted / total).sum()
        return float(inner + gammaln(total + 1) - gammaln(total - self.n + 1))


def _profile_interval(table: CaptureTable, settings: Settings, model: ClosedModel, name: str) -> Answer:
    found = _fitted(table, model)
    if isinstance(found, str):
        return refused(name, settings.level, found)
    fit, _ = found
    profile = _Profile(table, fit, model)
    n, poisson = float(table.n), table.n + fit.unseen
    precision = 1e-8 * n
    top = minimize_scalar(
        lambda total: -profile(total), bounds=(n, 1.5 * poisson), method="bounded", options={"xatol": precision}
    )
    estimate, floor = float(top.x), -float(top.fun) - float(chi2.ppf(settings.level, 1)) / 2

    def height(total: float) -> float:
        return profile(total) - floor

    reasons = _remarks(fit, model)
    lower = n
    if height(n) < 0:
        lower = float(brentq(height, n, estimate, xtol=precision))
    end = 2 * poisson
    while height(end) > 0 and end < 1e6 * poisson:
        end *= 2
    upper = None if height(end) > 0 else float(brentq(height, estimate, end, xtol=precision))
    if upper is None:
        reasons.append("The likelihood does not fall however large N is: the interval has no upper limit.")
    return Answer(
        name,
        estimate,
        lower,
        upper,
        settings.level,
        settings={"interval": "multinomial profile likelihood", "model": model.name},
        verdict=Verdict.WARNED if reasons else Verdict.SHOWN,
        reasons=tuple(reasons),
        diagnostics=fit.statistics() | {"poisson_estimate": poisson},
    )


def _named(name: str, model: ClosedModel, profiled: bool) -> Estimator:
    """One model as an estimator with its own name and description."""

    def estimator(table: CaptureTable, settings: Settings) -> Answer:
        if profiled:
            return _profile_interval(table, settings, model, name)
        return _wald(table, settings, model)

    estimator.__name__ = estimator.__qualname__ = name
    lists = "lists of unequal reach" if model.by_list else "lists of equal reach"
    persons = f"persons who differ ({model.heterogeneity})" if model.heterogeneity else "persons alike"
    interval = "profile likelihood" if profiled else "Wald"
    letters = model.name.removeprefix("closedp_")
    estimator.__doc__ = f"""Log-linear model {letters}: {lists}, {persons}; {interval} interval.

    Rivest & Baillargeon 2007, Biometrics 63:999-1006; as in the R package Rcapture (Baillargeon & Rivest 2007).
    """
    return estimator


_MODELS = (
    ClosedModel(by_list=False),
    ClosedModel(by_list=True),
    *(ClosedModel(by_list, kind) for by_list in (False, True) for kind in (_CHAO, *_HETEROGENEITY)),
)
_PROFILED = {
    "closedpCI_Mt": ClosedModel(by_list=True),
    "closedpCI_Mh_Chao": ClosedModel(by_list=False, heterogeneity=_CHAO),
    "closedpCI_Mth_Chao": ClosedModel(by_list=True, heterogeneity=_CHAO),
}
ESTIMATORS: dict[str, Estimator] = {
    **{model.name: _named(model.name, model, profiled=False) for model in _MODELS},
    **{name: _named(name, model, profiled=True) for name, model in _PROFILED.items()},
}
