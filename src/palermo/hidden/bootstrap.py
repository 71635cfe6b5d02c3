"""Limits from bootstrap replicates: BCa, percentile and studentised on the log scale.

Formulas: Efron 1987; DiCiccio and Efron 1996; the acceleration from the jackknife over distinct histories as in Chan,
Silverman and Vincent 2021. The decision a reader would question: a limit that would need a replicate beyond the most
extreme one is given as that replicate, and flagged, as published limits of this method were such extremes unnoticed.
Replicates without an estimate count as infinitely large, so that the upper tail does not lose them.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
_NORMAL = NormalDist()


@dataclass(frozen=True)
class Limits:
    """Lower and upper limit; ``extreme`` says which of them rest on the smallest or largest replicate."""

    lower: float
    upper: float
    extreme: tuple[str, ...] = ()


@dataclass(frozen=True)
class BcaLimits(Limits):
    """BCa limits with what shaped them: bias correction, acceleration, and the share of replicates below."""

    z0: float = 0.0
    acceleration: float = 0.0
    share_below: float = 0.5


def type8_quantile(ordered: Floats, share: float) -> tuple[float, bool]:
    """The quantile of sorted values, type 8 of Hyndman and Fan 1996, and whether it is the first or last value."""
    size = ordered.size
    place = (size + 1 / 3) * share + 1 / 3
    if place <= 1 or place >= size:
        return float(ordered[0 if place <= 1 else -1]), True
    low = math.floor(place)
    below, above = float(ordered[low - 1]), float(ordered[low])
    if below == above or place == low:
        return below, False
    return below + (place - low) * (above - below), False


def acceleration(left_out: Floats, weights: Floats) -> float:
    """How fast the standard error changes with the estimate, from estimates with one person of each history left out.

    ``weights`` are the persons of each history. 0 where leaving a person out changes nothing.
    """
    if not np.isfinite(left_out).all():
        return math.nan
    residuals = float(np.average(left_out, weights=weights)) - left_out
    spread = float(np.sum(weights * residuals**2))
    if spread == 0.0:
        return 0.0
    return float(np.sum(weights * residuals**3)) / (6.0 * math.pow(spread, 1.5))


def share_below(estimate: float, replicates: Floats) -> float:
    """The share of replicates below the estimate. Those equal to it count half.

    Small tables give the estimate again and again. With "<" alone, rounding in the last digit decides on which side
    each of them falls, and with it the limits.
    """
    equal = np.isclose(replicates, estimate, rtol=1e-9, atol=0.0)
    return float(np.mean((replicates < estimate) & ~equal) + np.mean(equal) / 2)


def bca_limits(estimate: float, replicates: Floats, ahat: float, level: float, share: float | None = None) -> BcaLimits:
    """Bias-corrected and accelerated limits; ``share`` of replicates below the estimate by `share_below` if not given.

    Where all replicates lie on one side of the estimate, the bias correction is that of half a replicate on the other.
    """
    ordered = np.sort(replicates)
    below = share_below(estimate, replicates) if share is None else share
    half = 0.5 / replicates.size
    z0 = _NORMAL.inv_cdf(min(max(below, half), 1.0 - half))
    ends = [_adjusted(z0, _NORMAL.inv_cdf(tail), ahat) for tail in ((1 - level) / 2, (1 + level) / 2)]
    found = [type8_quantile(ordered, end) for end in ends]
    return BcaLimits(found[0][0], found[1][0], _extremes(found), z0, ahat, below)


def percentile_limits(replicates: Floats, level: float) -> Limits:
    """Plain quantiles of the replicates."""
    ordered = np.sort(replicates)
    found = [type8_quantile(ordered, tail) for tail in ((1 - level) / 2, (1 + level) / 2)]
    return Limits(found[0][0], found[1][0], _extremes(found))


def studentised_log_limits(
    seen: int, unseen: tuple[float, float], replicates: Floats, errors: Floats, level: float
) -> Limits:
    """Limits from the replicates' distances, each in units of its own standard error, of the logarithm of the unseen.

    ``unseen`` is the number unseen and the standard error of its logarithm; ``replicates`` and ``errors`` the same for
    the replicates, of which those without an estimate count as infinitely far upwards.
    """
    value, error = unseen
    if not (math.isfinite(error) and value > 0):
        return Limits(float(seen), math.inf)
    known = np.isfinite(replicates) & np.isfinite(errors) & (replicates > 0) & (errors > 0)
    distances = np.full(replicates.size, math.inf)
    distances[known] = (np.log(replicates[known]) - math.log(value)) / errors[known]
    ordered = np.sort(distances)
    found = [type8_quantile(ordered, tail) for tail in ((1 + level) / 2, (1 - level) / 2)]
    lower, upper = (seen + value * _safe_exp(-distance * error) for distance, _ in found)
    return Limits(lower, upper, _extremes(found))


def wald_limits(seen: int, unseen: float, error: float, level: float) -> Limits:
    """Normal limits on the log scale of the unseen, given one model."""
    reach = _NORMAL.inv_cdf((1 + level) / 2) * error
    return Limits(seen + unseen * _safe_exp(-reach), seen + unseen * _safe_exp(reach))


def _adjusted(z0: float, z: float, ahat: float) -> float:
    shrink = 1.0 - ahat * (z0 + z)
    # Beyond the pole of the correction the limit lies at the end of the replicates.
    return _NORMAL.cdf(z0 + (z0 + z) / shrink) if shrink > 0 else float(z0 + z > 0)


def _safe_exp(power: float) -> float:
    return math.exp(power) if power < 700 else math.inf


def _extremes(found: Sequence[tuple[float, bool]]) -> tuple[str, ...]:
    return tuple(name for name, (_, is_extreme) in zip(("lower", "upper"), found, strict=True) if is_extreme)
