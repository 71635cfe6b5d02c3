"""What the number would be if some persons are seen more easily than others: models that no log-linear search tries.

Two hidden classes of persons (maximum likelihood), and the closed-population models of Darroch and Poisson shape with
lists of unequal reach; the Gamma shape is left out, as its number is outside nearly every interval. The decision a
reader would question: they are no estimators of their own here, only rivals of an answer. Where one of them fits the
table nearly as well as the best log-linear model and gives another number, the table cannot tell them apart (Link
2003, Biometrics 59:1123), and the verdict says so.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from palermo.hidden.answer import Settings
from palermo.hidden.capture import CaptureTable
from palermo.hidden.registry import ESTIMATORS

Floats = npt.NDArray[np.float64]
SHAPES = ("closedp_Mth_Darroch", "closedp_Mth_Poisson2")
CLASSES = "two hidden classes"
_STARTS = 6
_ROUNDS, _CLOSE = 300, 1e-6
_LONGEST, _SHORTEST = 3.0, 1e-8  # of a step, on the log odds
_PRIOR_SD = 4.0  # of log odds: keeps a class that no list sees from growing without end
_FARTHEST = 15.0  # log odds beyond this are 0 or 1 for any table
_FEWEST_LISTS = 4  # with three lists two classes have as many parameters as the table has cells


@dataclass(frozen=True)
class Rival:
    """A model in which persons differ: its BIC (as of the log-linear models of the same table) and persons in all."""

    name: str
    bic: float
    estimate: float


def rivals_if_persons_differ(table: CaptureTable, settings: Settings) -> tuple[Rival, ...]:
    """The models that have an estimate. None with fewer than four lists or where a history is impossible."""
    if table.k < _FEWEST_LISTS or table.n == 0 or table.structural:
        return ()
    found = [two_classes(table)]
    for name in SHAPES:
        if name not in ESTIMATORS:
            continue
        answer = ESTIMATORS[name].load()(table, settings)
        negative = any("negative" in reason for reason in answer.reasons)
        if answer.estimate is not None and not negative:
            found.append(Rival(name, float(answer.diagnostics["bic"]), answer.estimate))
    return tuple(found)


def two_classes(table: CaptureTable) -> Rival:
    """The likeliest of two classes within which lists see persons independently, from several starts.

    A weak normal prior on the log odds of each list keeps the number finite.
    """
    k, counts = table.k, table.cells.astype(np.float64)
    bits = ((np.arange(1 << k)[:, None] >> np.arange(k)) & 1).astype(np.float64)
    rng = np.random.default_rng(1)
    centre = np.log((table.list_sizes + 0.5) / (2.0 * table.n))
    fits = []
    for _ in range(_STARTS):
        spread = rng.uniform(0.3, 2.0, k)
        begin = np.concatenate([[rng.normal(0, 1)], centre - spread, centre + spread])
        fits.append(_lowest(begin, bits, counts))
    chance = _chances(min(fits, key=lambda own: own[0])[1], bits)[0]
    persons = float(table.n)
    means = persons * chance / (1 - chance[0])
    seen = counts > 0
    logs = np.array([math.lgamma(count + 1) for count in counts])
    loglik = float((counts[seen] * np.log(means[seen])).sum() - persons - logs.sum())
    return Rival(CLASSES, (2 + 2 * k) * math.log(persons) - 2 * loglik, persons / float(1 - chance[0]))


def _lowest(begin: Floats, bits: Floats, counts: Floats) -> tuple[float, Floats]:
    """Value and place of the nearest minimum, by BFGS; SciPy's waits for threads where the cores are busy."""
    theta = begin
    value, slope = _minus_loglik(theta, bits, counts)
    inverse = np.eye(theta.size) / counts.sum()
    for _ in range(_ROUNDS):
        step = -inverse @ slope
        size = min(1.0, _LONGEST / max(float(np.abs(step).max()), 1e-12))
        while size > _SHORTEST:
            new = np.clip(theta + size * step, -_FARTHEST, _FARTHEST)
            new_value, new_slope = _minus_loglik(new, bits, counts)
            if new_value < value:
                break
            size /= 2
        else:
            break
        inverse = _updated(inverse, new - theta, new_slope - slope)
        gain, theta, value, slope = value - new_value, new, new_value, new_slope
        if gain < _CLOSE:
            break
    return value, theta


def _updated(inverse: Floats, moved: Floats, turned: Floats) -> Floats:
    """The inverse curvature after one step (BFGS); as it was where it would turn over."""
    along = float(moved @ turned)
    if along <= 1e-12:
        return inverse
    left = np.eye(moved.size) - np.outer(moved, turned) / along
    return np.asarray(left @ inverse @ left.T + np.outer(moved, moved) / along, np.float64)


def _chances(theta: Floats, bits: Floats) -> tuple[Floats, Floats, Floats]:
    """Probability of each history; that within each class, times its weight; the probabilities of capture."""
    k = bits.shape[1]
    logits = theta[1:].reshape(2, k)
    rates = 1 / (1 + np.exp(-logits))
    share = 1 / (1 + math.exp(-theta[0]))
    logs = bits @ np.log(rates).T + (1 - bits) @ np.log1p(-rates).T
    joint = np.exp(logs) * np.array([share, 1 - share])
    return joint.sum(axis=1), joint, rates


def _minus_loglik(theta: Floats, bits: Floats, counts: Floats) -> tuple[float, Floats]:
    """Minus the conditional log likelihood of those seen with the prior, and its gradient."""
    chance, joint, rates = _chances(theta, bits)
    persons, none = counts.sum(), chance[0]
    seen = counts > 0
    value = float((counts[seen] * np.log(chance[seen])).sum() - persons * math.log1p(-none))
    weight = np.zeros_like(chance)
    weight[seen] = counts[seen] / chance[seen]
    weight[0] = persons / (1 - none)
    pull = joint * weight[:, None]
    share = 1 / (1 + math.exp(-theta[0]))
    slopes = pull.T @ bits - pull.sum(axis=0)[:, None] * rates
    gradient = np.concatenate([[pull[:, 0].sum() * (1 - share) - pull[:, 1].sum() * share], slopes.ravel()])
    prior = theta / _PRIOR_SD**2
    return -value + 0.5 * float(theta @ prior), -gradient + prior
