"""How likely a combination is one that nobody holds, given its noisy count: an empirical Bayes answer to all at once.

Candidates of about the same expected count (strata of ``thresholds.py``) are a mixture: a share that nobody holds,
whose noisy count is noise alone, and the others, whose counts are spread around what was expected (log-normal). The
share falls with the expected count as a logistic curve. Both are learnt from the noisy counts (expectation and
maximisation), starting from a curve of public files where the noise leaves little to learn. Then the surest are taken
until the expected share of mistakes is reached (local false discovery rate, Efron 2010). All of this is post-processing
of noisy counts. The decision a reader would question: a low count is believed where shorter
counts leave hardly another way, because without its combinations no dense row can be made.
"""

import numpy as np
import numpy.typing as npt
from scipy.special import expit, ndtr

from palermo.release.synthetic.coded import Matrix, Whole

Real = npt.NDArray[np.float64]

LOWEST_SCORE, HIGHEST_SCORE, STEP = -6.0, 12.0, 0.25
EDGES = np.arange(LOWEST_SCORE, HIGHEST_SCORE + STEP / 2, STEP)
BINS = len(EDGES) + 1  # below the first edge, between, and from the last
_RATIOS = 2.0 ** np.arange(-2, 8.5, 0.5)  # counts against what was expected
_ROUNDS = 60
_AT = 5.0  # the curve is written around 32 expected persons
# by length, as seen on G20, C21 and the victim-perpetrator file
_CURVE = {2: (-0.3, 0.5), 3: (2.2, 1.05), 4: (3.9, 1.15)}  # logit of being held there, and its rise when doubled
_FIRM = np.array([1.0, 10.0])  # precision of that belief


def bins_of(scores: Real) -> Whole:
    """Bin of each score."""
    return np.searchsorted(EDGES, scores, side="right").astype(np.int64)


def count_bins(seen: Whole, strata: Matrix, scores: Real) -> None:
    """Add candidates to their stratum and bin."""
    seen += np.bincount(strata * BINS + bins_of(scores), minlength=seen.size).reshape(seen.shape)


def least_scores(seen: Whole, expected: Real, deviation: float, length: int, share: float) -> Real:
    """Least score kept in each stratum, so that about ``share`` of all that is kept is held by nobody.

    ``seen``: candidates by stratum and bin; ``expected``: count of each stratum, in units of ``deviation`` persons.
    """
    false = seen * _nobody(seen, expected, deviation, length)
    order = np.argsort((false / np.maximum(seen, 1)).ravel() + np.where(seen.ravel() > 0, 0, 2), kind="stable")
    running = np.cumsum(false.ravel()[order]) / np.maximum(np.cumsum(seen.ravel()[order]), 1)
    good = np.flatnonzero((running <= share) & (seen.ravel()[order] > 0))
    kept = np.zeros(seen.size, dtype=np.bool_)
    kept[order[: good[-1] + 1 if good.size else 0]] = True
    lower = np.concatenate([[-np.inf], EDGES])
    first = np.where(kept.reshape(seen.shape) & (seen > 0), lower, np.inf)
    return np.asarray(first.min(axis=1))


def _nobody(seen: Whole, expected: Real, deviation: float, length: int) -> Real:
    """Chance that a candidate of the stratum and bin is held by nobody."""
    null = _chances(np.zeros(1))[0]
    held = _chances((expected[:, None] * _RATIOS).ravel()).reshape(len(expected), len(_RATIOS), BINS)
    octaves = np.log2(expected)
    ratios = np.log2(_RATIOS)
    centre, width = np.full(len(expected), 0.5), 1.5
    persons = octaves + np.log2(deviation) - _AT
    curve = np.array(_CURVE[length])
    for _ in range(_ROUNDS):
        spread = np.exp(-0.5 * ((ratios - centre[:, None]) / width) ** 2)
        spread /= spread.sum(axis=1, keepdims=True)
        some = expit(curve[0] + curve[1] * persons)[:, None]
        parts = some[:, :, None] * spread[:, :, None] * held
        empty = (1 - some) * null
        whole = empty + parts.sum(axis=1)
        weight = seen / np.maximum(whole, 1e-300)
        of_parts = (parts * weight[:, None, :]).sum(axis=2)
        centre, width = _spread(of_parts, ratios, octaves)
        curve = _curve(curve, np.array(_CURVE[length]), persons, of_parts.sum(axis=1), seen.sum(axis=1).astype(float))
    return np.asarray(empty / np.maximum(whole, 1e-300))


def _spread(of_parts: Real, ratios: Real, octaves: Real) -> tuple[Real, float]:
    """Centre of the logarithms of the ratios, linear in the expected count, and their standard deviation."""
    held = of_parts.sum(axis=1)
    design = np.stack([np.ones_like(octaves), octaves])
    slope = np.linalg.solve((design * held) @ design.T + np.eye(2), design @ (of_parts @ ratios))
    centre = slope @ design
    square = float((of_parts * (ratios - centre[:, None]) ** 2).sum() / max(1e-9, held.sum()))
    return centre, max(0.3, square**0.5)


def _chances(means: Real) -> Real:
    """Chance of each bin for scores around each mean with a standard deviation of one."""
    below = ndtr(EDGES[None, :] - means[:, None])
    return np.diff(below, axis=1, prepend=0.0, append=1.0)


def _curve(curve: Real, prior: Real, octaves: Real, held: Real, number: Real) -> Real:
    """One Newton step of the logistic regression of being held on the expected count."""
    design = np.stack([np.ones_like(octaves), octaves])
    chance = expit(curve @ design)
    slope = design @ (held - number * chance) - _FIRM * (curve - prior)
    bend = (design * (number * chance * (1 - chance))) @ design.T + np.diag(_FIRM)
    return np.asarray(curve + np.clip(np.linalg.solve(bend, slope), -1, 1))
