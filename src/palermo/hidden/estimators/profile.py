"""Profile likelihood intervals: all totals that no test at this level rejects, given one model.

Two likelihoods are in use. That of Poisson counts (`main_effects_profile`, as R's ``confint`` of the fitted model)
takes the total as an expectation; the multinomial one (`closedpCI_Mt`, as Rcapture) as a fixed number of persons, and
its best total is slightly lower. Both are exact here: R interpolates the first with a spline.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq, minimize_scalar
from scipy.stats import chi2

from palermo.hidden import existence
from palermo.hidden.answer import Answer, Settings
from palermo.hidden.capture import CaptureTable
from palermo.hidden.estimators.loglinear import described, without_estimate
from palermo.hidden.fitting import Fit, cells_of, fit
from palermo.hidden.models import main_effects as independence
from palermo.hidden.models import name_of

Floats = npt.NDArray[np.float64]
_FAR = 60.0  # how far on the log scale of the unseen a limit is sought before it is called infinite


@dataclass(frozen=True)
class Profile:
    """The best total, and the lowest and highest that the likelihood does not reject."""

    estimate: float
    lower: float
    upper: float


def main_effects_profile(table: CaptureTable, settings: Settings) -> Answer:
    """Independent lists with the Poisson profile interval."""
    return _answer(table, settings, "main_effects_profile", "Poisson", poisson_profile)


def closedp_ci_mt(table: CaptureTable, settings: Settings) -> Answer:
    """Independent lists with the multinomial profile interval (Cormack 1992; Rcapture's closedpCI.t, model Mt)."""
    return _answer(table, settings, "closedpCI_Mt", "multinomial", multinomial_profile)


def poisson_profile(table: CaptureTable, found: Fit, level: float) -> Profile:
    """Totals n + exp(a_0) over the a_0 whose likelihood, the other terms at their best, is not rejected."""
    counts, design = _observed(table, found)
    middle, seen = float(found.coefficients[0]), float(counts.sum())

    def height(a0: float) -> float:
        return _maximum(design, counts, np.full(counts.size, a0))

    low, high = _limits(height, middle, float(found.se[0]), level)
    return Profile(found.estimate, seen + math.exp(low), seen + _exp(high))


def multinomial_profile(table: CaptureTable, found: Fit, level: float) -> Profile:
    """Totals N whose multinomial likelihood of the table with N - n unseen, shares at their best, is not rejected."""
    counts, design = _observed(table, found)
    seen = float(counts.sum())
    full = np.vstack([np.zeros(design.shape[1]), design])
    full = np.hstack([np.ones((full.shape[0], 1)), full])

    def height(log_unseen: float) -> float:
        unseen = math.exp(log_unseen)
        total = seen + unseen
        best = _maximum(full, np.append(unseen, counts), np.zeros(full.shape[0]))
        # best = sum(n log mu) - N; the shares are mu / N
        return best + total - total * math.log(total) + math.lgamma(total + 1) - math.lgamma(unseen + 1)

    start, se = float(found.coefficients[0]), float(found.se[0])
    top = minimize_scalar(lambda a: -height(a), bracket=(start - 0.2 * se, start), method="brent", tol=1e-10)
    middle = float(top.x)
    low, high = _limits(height, middle, se, level)
    return Profile(seen + math.exp(middle), seen + math.exp(low), seen + _exp(high))


def _answer(
    table: CaptureTable,
    settings: Settings,
    name: str,
    kind: str,
    method: Callable[[CaptureTable, Fit, float], Profile],
) -> Answer:
    terms = independence(table.k)
    found = fit(cells_of(table), terms, table.k)
    if not found.exists:
        return without_estimate(name, settings, found)
    profile = method(table, found, settings.level)
    return Answer(
        name,
        profile.estimate,
        profile.lower,
        profile.upper,
        settings.level,
        settings={"model": name_of(terms), "interval": f"{kind} profile likelihood"},
        diagnostics=described(found, table),
    )


def _observed(table: CaptureTable, found: Fit) -> tuple[Floats, Floats]:
    """The counts of the cells that remain, and the design of the terms that do, the intercept left out."""
    cells = cells_of(table)
    live, present = existence.reduced(cells, found.terms, table.k)
    kept = np.flatnonzero(present)
    others = live[live > 0]
    return cells[kept].astype(np.float64), ((kept[:, None] & others) == others).astype(np.float64)


def _maximum(design: Floats, counts: Floats, offset: Floats) -> float:
    """The largest sum(n log mu - mu) with log mu = offset + design b, by Newton's method with halved steps."""
    start = np.log(counts + 0.5) - offset
    root = np.sqrt(counts + 0.5)
    beta = np.linalg.lstsq(design * root[:, None], start * root, rcond=None)[0]
    value = -math.inf
    step = np.zeros_like(beta)
    for _ in range(200):
        eta = offset + design @ (beta + step)
        mu = np.exp(np.minimum(eta, 300.0))
        better = float(counts @ eta - mu.sum())
        if better < value - 1e-9 * abs(value):
            step = step / 2
            continue
        beta, value = beta + step, better
        gradient = design.T @ (counts - mu)
        step = np.linalg.lstsq(design.T @ (mu[:, None] * design), gradient, rcond=None)[0]
        if float(gradient @ step) < 1e-16 * (1 + abs(value)):
            break
    return value


def _limits(height: Callable[[float], float], middle: float, se: float, level: float) -> tuple[float, float]:
    """Where the likelihood falls by half the chi-square quantile on either side; infinite where it never does."""
    floor = height(middle) - float(chi2.ppf(level, 1)) / 2

    def side(direction: float) -> float:
        reach = 2.0 * se
        while reach < _FAR:
            if height(middle + direction * reach) < floor:
                return float(brentq(lambda a: height(a) - floor, middle, middle + direction * reach, xtol=1e-10))
            reach *= 2
        return direction * math.inf

    return side(-1.0), side(1.0)


def _exp(power: float) -> float:
    return math.exp(power) if power < 700 else math.inf
