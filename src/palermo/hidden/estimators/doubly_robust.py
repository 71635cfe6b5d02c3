"""Doubly robust: two lists that see persons independently of each other once the covariates are known.

Source: Das, Kennedy and Jewell (2024), Doubly robust capture-recapture methods for estimating population size, JASA
119:1309-1321 (R package drpop). Among the persons seen by any list, q1, q2 and q12 are the chances to be on the first,
the second, both, given the covariates; each by a logistic regression. N = n E[q1 q2 / q12]. PI plugs the regressions
in; DR adds the mean of the influence function, so that errors of the regressions count at second order only; TMLE bends
them until that mean is zero. Regressions are fitted on other persons than those they are applied to (cross-fitting).

The decision a reader would question: with more than two lists the answer is that of the pair that shares most persons,
and all pairs stand in the diagnostics; where they disagree, independence given the covariates fails for some and the
answer warns. Shares out at random into folds are repeated and the median taken, so that the seed hardly matters.
"""

from dataclasses import asdict, dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit, ndtri

from palermo.hidden.answer import Answer, Settings, Verdict, refused
from palermo.hidden.capture import CaptureTable, Counts
from palermo.hidden.estimators.chains import random_stream

Reals = npt.NDArray[np.float64]
METHODS = ("PI", "DR", "TMLE")
_BOTH, _FIRST, _SECOND = 0, 1, 2  # columns of the counts; 3 is neither of the two, but another list
_REFUSED_BELOW = 5  # persons on both lists: with fewer the answer hangs on each of them
_WARNED_BELOW = 30
_FLOORED_SHARE = 0.25  # share of persons whose chance to be on both is no more than the floor
_SPREAD = 0.2  # spread between repeats beyond which chance in the folds rivals the standard error
_APART = 1.25  # pairs of lists that differ by this factor do not estimate the same number


@dataclass(frozen=True)
class Fitting:
    """How the regressions are made. ``floor`` bounds chances away from 0, as in drpop."""

    folds: int = 5
    repeats: int = 11
    floor: float = 0.005
    pair: tuple[str, str] | None = None  # by default the pair that shares most persons


DEFAULT = Fitting()


@dataclass(frozen=True)
class Strata:
    """Persons by covariate values (rows) and by which of the two lists saw them (both, first, second, neither)."""

    design: Reals  # intercept and a column for each covariate value but the first
    counts: Counts

    @property
    def n(self) -> int:
        """Persons seen by any list."""
        return int(self.counts.sum())


@dataclass(frozen=True)
class Chances:
    """Chances of each stratum to be on the lists, given that one is seen at all."""

    q1: Reals
    q2: Reals
    q12: Reals

    @property
    def persons_per_seen(self) -> Reals:
        """q1 q2 / q12: how many persons stand behind each one seen."""
        return self.q1 * self.q2 / self.q12

    def contributions(self) -> Reals:
        """What a person of each stratum and column adds to the DR mean."""
        per = self.persons_per_seen
        both = per * (1 / self.q1 + 1 / self.q2 - 1 / self.q12)
        return np.column_stack([both, per / self.q1, per / self.q2, np.zeros(per.size)])


@dataclass(frozen=True)
class PairEstimate:
    """The estimate by one pair of lists, its standard error, the share of persons at the floor, spread of repeats."""

    estimate: float
    error: float
    floored: float
    spread: float = 0.0  # largest less smallest repeat, as a share of the estimate


def drpop_pi(table: CaptureTable, settings: Settings, fitting: Fitting = DEFAULT) -> Answer:
    """The plug-in estimate. Its interval is the one of DR, as nothing better is known."""
    return _answer("PI", table, settings, fitting)


def drpop_dr(table: CaptureTable, settings: Settings, fitting: Fitting = DEFAULT) -> Answer:
    """The one-step (bias-corrected) estimate."""
    return _answer("DR", table, settings, fitting)


def drpop_tmle(table: CaptureTable, settings: Settings, fitting: Fitting = DEFAULT) -> Answer:
    """The targeted estimate."""
    return _answer("TMLE", table, settings, fitting)


def strata_of(table: CaptureTable, pair: tuple[str, str]) -> Strata:
    """Count persons for a pair of lists. A missing covariate is a value of its own."""
    one, two = (table.histories >> table.lists.index(name) & 1 for name in pair)
    column = np.where(one & two, _BOTH, np.where(one, _FIRST, np.where(two, _SECOND, 3)))
    names = sorted(table.covariates)
    keys = list(zip(*(table.covariates[name] for name in names), strict=True))
    order = {key: row for row, key in enumerate(sorted(set(keys), key=_missing_last))}
    counts = np.zeros((len(order), 4), np.int64)
    np.add.at(counts, (np.array([order[key] for key in keys]), column), table.counts)
    columns = [np.ones(len(order))]
    for place in range(len(names)):
        values = sorted({key[place] for key in order}, key=lambda value: _missing_last((value,)))
        columns += [np.array([float(key[place] == value) for key in order]) for value in values[1:]]
    held = counts.sum(axis=1) > 0
    return Strata(np.column_stack(columns)[held], counts[held])


def pair_estimate(strata: Strata, method: str, seed: int, fitting: Fitting, repeats: int) -> PairEstimate:
    """The median over repeated shares into folds; the error holds the spread between repeats too."""
    runs = [_cross_fitted(strata, method, random_stream(seed, number), fitting) for number in range(repeats)]
    means, variances, floored = (np.array(column) for column in zip(*runs, strict=True))
    middle = float(np.median(means))
    variance = float(np.median(variances + (means - middle) ** 2))
    error = np.sqrt(strata.n**2 * variance + strata.n * middle * max(middle - 1, 0.0))
    return PairEstimate(strata.n * middle, float(error), float(np.median(floored)), float(np.ptp(means)) / middle)


def _cross_fitted(
    strata: Strata, method: str, stream: np.random.Generator, fitting: Fitting
) -> tuple[float, float, float]:
    """Persons per person seen, its variance, and the share of persons at the floor; mean over folds."""
    folds = max(1, min(fitting.folds, strata.n // 50))
    shares = _folds(strata.counts, folds, stream)
    found = []
    for share in shares:
        chances = _chances(strata.design, strata.counts - share if folds > 1 else share, fitting.floor)
        floored = float(share.sum(axis=1) @ (chances.q12 <= fitting.floor)) / float(share.sum())
        if method == "TMLE":
            chances = _targeted(chances, share, fitting.floor)
        plug_in = float(share.sum(axis=1) @ chances.persons_per_seen) / float(share.sum())
        values = chances.contributions()
        mean = float((share * values).sum() / share.sum())
        variance = float((share * (values - mean) ** 2).sum() / max(share.sum() - 1, 1))
        found.append((max(mean, 1.0) if method == "DR" else plug_in, variance / strata.n, floored))
    mean, variance, floored = np.mean(found, axis=0)
    return float(mean), float(variance), float(floored)


def _folds(counts: Counts, folds: int, stream: np.random.Generator) -> list[Counts]:
    """Share the persons out at random into folds of equal size."""
    left, shares = counts.ravel().copy(), []
    for fold in range(folds, 0, -1):
        taken = stream.multivariate_hypergeometric(left, int(left.sum()) // fold)
        shares.append(np.asarray(taken, np.int64).reshape(counts.shape))
        left = left - taken
    return shares


def _chances(design: Reals, counts: Counts, floor: float) -> Chances:
    trials = counts.sum(axis=1)
    both, first, second = (_logistic(design, counts[:, column], trials) for column in (_BOTH, _FIRST, _SECOND))
    return _bounded(both, first, second, floor)


def _bounded(both: Reals, first: Reals, second: Reals, floor: float) -> Chances:
    """Chances that can be: on both is no more than on one, and two lists together no more than certain."""
    q12 = np.maximum(both, floor)
    q1 = np.minimum(q12 + first, 1.0)
    q2 = np.maximum(np.minimum(np.minimum(q12 + second, 1 + q12 - q1), 1.0), q12 / q1)
    return Chances(q1, q2, q12)


def _logistic(design: Reals, hits: Counts, trials: Counts) -> Reals:
    """Fitted chances by Newton's method; a faint ridge keeps strata without hits finite."""
    beta = np.zeros(design.shape[1])
    beta[0] = logit((hits.sum() + 0.5) / (trials.sum() + 1.0))
    ridge = 1e-4 * np.eye(beta.size)
    ridge[0, 0] = 0.0
    for _ in range(60):
        chance = expit(design @ beta)
        information = design.T @ (design * (trials * chance * (1 - chance))[:, None]) + ridge + 1e-9 * np.eye(beta.size)
        step = np.linalg.solve(information, design.T @ (hits - trials * chance) - ridge @ beta)
        beta = beta + step * min(1.0, 3.0 / max(float(np.abs(step).max()), 1e-12))
        if np.abs(step).max() < 1e-8:
            break
    return np.asarray(expit(design @ beta), np.float64)


def _targeted(chances: Chances, share: Counts, floor: float) -> Chances:
    """Bend the three regressions in turn along the gradient of q1 q2 / q12 until nothing moves."""
    trials = share.sum(axis=1)
    both, first, second = (
        np.clip(part, floor, 1 - floor) for part in (chances.q12, chances.q1 - chances.q12, chances.q2 - chances.q12)
    )
    for _ in range(250):
        q1, q2 = both + first, both + second
        both, moved = _fluctuated(both, q1 / both + q2 / both - q1 * q2 / both**2, share[:, _BOTH], trials, floor)
        first, more = _fluctuated(first, (both + second) / both, share[:, _FIRST], trials, floor)
        first = np.minimum(first, np.maximum(1 - both, floor))
        second, most = _fluctuated(second, (both + first) / both, share[:, _SECOND], trials, floor)
        second = np.minimum(second, np.maximum(1 - both - first, floor))
        if max(moved, more, most) < 1e-4:
            break
    return _bounded(both, first, second, floor)


def _fluctuated(chance: Reals, slope: Reals, hits: Counts, trials: Counts, floor: float) -> tuple[Reals, float]:
    """Logistic regression on ``slope`` alone with the given chances as offset: new chances, and the coefficient."""
    offset, size = logit(chance), 0.0
    for _ in range(30):
        fitted = expit(offset + size * slope)
        information = float((trials * fitted * (1 - fitted)) @ slope**2)
        step = float((hits - trials * fitted) @ slope) / max(information, 1e-9)
        size += float(np.clip(step, -0.5, 0.5))
        if abs(step) < 1e-8:
            break
    return np.clip(expit(offset + size * slope), floor, 1 - floor), abs(size)


def _answer(method: str, table: CaptureTable, settings: Settings, fitting: Fitting) -> Answer:
    name = f"drpop_{method}"
    if not table.covariates or table.n == 0:
        said = "needs covariates: without them two lists are the plain two-list estimate"
        return refused(name, settings.level, said if table.n else "nobody was seen")
    pairs = list(combinations(table.lists, 2))
    shared = {pair: int(strata_of(table, pair).counts[:, _BOTH].sum()) for pair in pairs}
    chosen = fitting.pair or max(pairs, key=lambda pair: shared[pair])
    strata = strata_of(table, chosen)
    both = int(strata.counts[:, _BOTH].sum())
    if both < _REFUSED_BELOW or both < fitting.floor * strata.n:
        return refused(
            name, settings.level, f"{both} of {strata.n} persons are on both {_and(chosen)}: too few to divide by"
        )
    found = pair_estimate(strata, method, settings.seed, fitting, fitting.repeats)
    others = _others(table, [pair for pair in pairs if shared[pair] >= _REFUSED_BELOW], chosen, method, settings)
    others[_and(chosen)] = found.estimate
    diagnostics = {
        "pair": list(chosen),
        "on_both": both,
        "capture_probability": strata.n / found.estimate,
        "share_at_floor": found.floored,
        "spread_of_repeats": found.spread,
        "estimates_by_pair": {key: others[key] for key in sorted(others)},
    }
    if found.floored > _FLOORED_SHARE:
        said = f"for {found.floored:.1%} of the persons the chance to be on both {_and(chosen)} is near 0"
        return refused(name, settings.level, f"{said}: too small to divide by", **diagnostics)
    reasons = _reasons(chosen, both, found, others)
    if found.estimate <= strata.n:
        said = f"{_and(chosen)} share more persons than independent lists can: the estimate is only its lower bound"
        reasons = (*reasons, said)
    half = -float(ndtri((1 - settings.level) / 2)) * found.error
    return Answer(
        estimator=name,
        estimate=found.estimate,
        lower=max(found.estimate - half, float(strata.n)),
        upper=found.estimate + half,
        level=settings.level,
        settings={**asdict(fitting), "regression": "logistic, covariates added up", "seed": settings.seed},
        verdict=Verdict.WARNED if reasons else Verdict.SHOWN,
        reasons=reasons,
        diagnostics=diagnostics,
    )


def _others(
    table: CaptureTable, pairs: list[tuple[str, str]], chosen: tuple[str, str], method: str, settings: Settings
) -> dict[str, float]:
    """The estimates of the other pairs, from few repeats, as they only serve to compare."""
    found = {}
    for done, pair in enumerate(pairs):
        if set(pair) != set(chosen):
            found[_and(pair)] = pair_estimate(strata_of(table, pair), method, settings.seed, DEFAULT, 3).estimate
        if settings.progress is not None:
            settings.progress(float(done + 1), float(len(pairs)), "doubly robust: pairs of lists")
    return found


def _reasons(chosen: tuple[str, str], both: int, found: PairEstimate, others: dict[str, float]) -> tuple[str, ...]:
    reasons = []
    if both < _WARNED_BELOW:
        reasons.append(
            f"only {both} persons are on both {_and(chosen)}; with fewer than {_WARNED_BELOW} chance decides"
        )
    if found.floored > 0:
        reasons.append(f"for {found.floored:.1%} of the persons the chance to be on both lists is at its lower bound")
    if found.spread > _SPREAD:
        reasons.append(f"the share of persons into folds alone moves the estimate by {found.spread:.0%}")
    low, high = min(others.values()), max(others.values())
    if high > _APART * low:
        reasons.append(
            f"pairs of lists give from {low:,.0f} to {high:,.0f} persons: not all can be independent of each other "
            "given the covariates"
        )
    return tuple(reasons)


def _and(pair: tuple[str, str]) -> str:
    return " and ".join(pair)


def _missing_last(key: tuple[str | None, ...]) -> tuple[tuple[bool, str], ...]:
    return tuple((value is None, value or "") for value in key)
