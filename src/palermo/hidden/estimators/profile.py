"""The profile likelihood interval of independent lists: all totals that no test at this level rejects.

Two likelihoods are in use. That of Poisson counts (here, as R's ``confint`` of the fitted model) takes the total as an
expectation; the multinomial one (`closedpCI_Mt` in ``closed_population.py``, as Rcapture) as a fixed number of persons,
and its best total is slightly lower. This one is exact: R interpolates it with a spline.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
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
    terms = independence(table.k)
    found = fit(cells_of(table), terms, table.k)
    if not found.exists:
        return without_estimate("main_effects_profile", settings, found)
    profile = poisson_profile(table, found, settings.level)
    return Answer(
        "main_effects_profile",
        profile.estimate,
        profile.lower,
        profile.upper,
        settings.level,
        settings={"model": name_of(terms), "interval": "Poisson profile likelihood"},
        diagnostics=described(found, table),
    )


def poisson_profile(table: CaptureTable, found: Fit, level: float) -> Profile:
    """Totals n + exp(a_0) over the a_0 whose likelihood, the other terms at their best, is not rejected."""
    counts, design = _observed(table, found)
    middle, seen = float(found.coefficients[0]), float(counts.sum())

    def height(a0: float) -> float:
        return _maximum(design, counts, np.full(counts.size, a0))

    low, high = _limits(height, middle, float(found.se[0]), level)
    return Profile(found.estimate, seen + math.exp(low), seen + _exp(high))


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
