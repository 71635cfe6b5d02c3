"""The curve from a score to the probability that both records are one person, fitted to what clerks said.

``logit P = a + a_g + exp(c_g) * m(score)``: ``m`` rises in straight pieces whose slopes are positive, so that a better
score never means a smaller probability. Each pair of lists ``g`` shifts and stretches the curve by what its two lists
have of their own (a list without family names is linked worse to all others) and by what only the pair has, all drawn
towards nothing, that of the pair as strongly as the labels allow (partial pooling). Clerks err: each answer is right
with probability ``1 - missed`` for one person and ``1 - invented`` for two, fitted together with the curve (Dawid and
Skene 1979).

The decision a reader would question: uncertainty is drawn from the normal approximation of the posterior, not by
resampling labels. A bootstrap of a curve that is drawn towards a common one covers too seldom, since it repeats the
pull of the pooling without its doubt, and a band in which all labels agree has no spread to resample.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, log_expit, logsumexp

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

POOLING = (0.1, 0.25, 0.5, 1.0)  # standard deviations of the shift of a pair of lists that are tried, in logits
LIST_SD = 1.0  # of the shift of a list: hardly pooled, for each list has many labels
STRETCH = 0.25  # standard deviation of ``c_g`` for a shift of 1
SLOPE, SLOPE_SD = np.log(np.log(2)), 0.6  # logarithm of a slope in logits a bit: a calibrated score rises by ln 2
BEND_SD = 0.35  # of the change of that logarithm from one piece to the next
CLERK_ERROR, CLERK_ERROR_SD = -4.6, 1.2  # logit of a clerk's error before any data: 1 %, likely 0.1 to 10 %
AT_ONCE = 500_000  # pairs worked on together: a few tens of megabytes
KNOT_SHARES = (0.1, 0.3, 0.5, 0.7, 0.9)


@dataclass(frozen=True)
class Answered:
    """Labelled pairs: score in bits (log2 odds), pair of lists, votes of clerks, and the truth where it is known."""

    score: Floats
    group: Ints
    same: Ints  # answers "same"
    different: Ints  # answers "different"
    truth: Ints  # 1 one person, 0 two, -1 not known: only clerks have spoken
    weight: Floats  # design weight within the band, mean 1


@dataclass(frozen=True)
class ScoreCurve:
    """A fitted curve. ``mode`` is the best fit, ``draws`` are parameters as plausible as their frequency says."""

    knots: Floats
    pivot: float
    parts: Floats  # one row a pair of lists, one column an effect of a list or a pair; no columns: one curve for all
    mode: Floats
    draws: Floats
    pooling: float  # the standard deviation of effects that fits best

    @property
    def is_common(self) -> bool:
        """Whether one curve serves all pairs of lists."""
        return not self.parts.size

    def probability(self, score: Floats, group: Ints, theta: Floats | None = None) -> Floats:
        """Probability that both records of a pair are one person, with the best fit or one draw."""
        form = _Form(self.knots, self.pivot, self.parts)
        chosen = self.mode if theta is None else theta
        found = np.empty(len(score))
        for first in range(0, len(score), AT_ONCE):
            some = slice(first, first + AT_ONCE)
            found[some] = expit(form.logit(chosen, form.lengths(score[some]), group[some]))
        return found

    def drawn(self, score: Floats, group: Ints) -> Iterator[Floats]:
        """The probabilities of each draw in turn."""
        form = _Form(self.knots, self.pivot, self.parts)
        lengths = form.lengths(score)
        for theta in self.draws:
            yield expit(form.logit(theta, lengths, group))

    @property
    def clerk_errors(self) -> tuple[float, float]:
        """Shares of wrong answers: "same" for two persons, "different" for one person."""
        invented, missed = expit(self.mode[-2:])
        return float(invented), float(missed)

    def clerk_error_interval(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """95 % intervals of ``clerk_errors``."""
        lower, upper = np.quantile(expit(self.draws[:, -2:]), (0.025, 0.975), axis=0)
        return (float(lower[0]), float(upper[0])), (float(lower[1]), float(upper[1]))


@dataclass(frozen=True)
class _Form:
    """Where the parameters stand: level, log slopes, shifts, log stretches, logits of the clerks' two errors."""

    knots: Floats
    pivot: float
    parts: Floats

    @property
    def effects(self) -> int:
        return int(self.parts.shape[1])

    @cached_property
    def slopes(self) -> slice:
        return slice(1, 2 + len(self.knots))

    @cached_property
    def shifts(self) -> slice:
        return slice(self.slopes.stop, self.slopes.stop + self.effects)

    @cached_property
    def stretches(self) -> slice:
        return slice(self.shifts.stop, self.shifts.stop + self.effects)

    @property
    def size(self) -> int:
        return len(self.knots) + 2 * self.effects + 4

    def lengths(self, score: Floats) -> Floats:
        """How far each piece of the curve is walked from the pivot to the score; one row a score."""
        lower = np.concatenate(([-np.inf], self.knots))
        upper = np.concatenate((self.knots, [np.inf]))
        walked: Floats = np.clip(score[:, None], lower, upper) - np.clip(self.pivot, lower, upper)
        return walked

    def logit(self, theta: Floats, lengths: Floats, group: Ints) -> Floats:
        rise: Floats = lengths @ np.exp(theta[self.slopes])
        if not self.effects:
            plain: Floats = theta[0] + rise
            return plain
        shift, stretch = self.parts @ theta[self.shifts], np.exp(self.parts @ theta[self.stretches])
        result: Floats = theta[0] + shift[group] + stretch[group] * rise
        return result

    def precision(self, pooling: float) -> tuple[Floats, Floats]:
        """Mean and precision matrix of the parameters before any label is seen."""
        mean, precision = np.zeros(self.size), np.zeros((self.size, self.size))
        precision[0, 0] = 0.01
        first, last = self.slopes.start, self.slopes.stop
        mean[self.slopes] = SLOPE
        bends = np.diff(np.eye(last - first), axis=0)
        precision[self.slopes, self.slopes] = bends.T @ bends / BEND_SD**2 + np.eye(last - first) / SLOPE_SD**2
        of_lists = np.arange(self.effects) < self.effects - len(self.parts)
        spread = np.where(of_lists, LIST_SD, pooling)
        precision[self.shifts, self.shifts] = np.diag(spread**-2)
        precision[self.stretches, self.stretches] = np.diag((STRETCH * spread) ** -2)
        mean[-2:] = CLERK_ERROR
        precision[-2:, -2:] = np.eye(2) / CLERK_ERROR_SD**2
        return mean, precision


class _Posterior:
    """The posterior of the parameters given the answers, as its negative logarithm with gradient."""

    def __init__(self, form: _Form, answered: Answered, pooling: float) -> None:
        self._form, self._answered = form, answered
        self._lengths = form.lengths(answered.score)
        self.mean, self.precision = form.precision(pooling)

    def value_and_gradient(self, theta: Floats) -> tuple[float, Floats]:
        form, seen = self._form, self._answered
        logit = form.logit(theta, self._lengths, seen.group)
        invented, missed = expit(theta[-2:])
        one = log_expit(logit) + seen.same * log_expit(-theta[-1]) + seen.different * log_expit(theta[-1])
        two = log_expit(-logit) + seen.same * log_expit(theta[-2]) + seen.different * log_expit(-theta[-2])
        unknown = seen.truth < 0
        either = np.logaddexp(one, two)
        said = np.where(unknown, either, np.where(seen.truth == 1, one, two))
        share = np.where(unknown, np.exp(one - either), seen.truth)  # probability of one person, answers known
        votes = seen.same + seen.different
        pull = seen.weight * (share - expit(logit))
        gradient = np.zeros(form.size)
        stretch = np.exp(form.parts @ theta[form.stretches])[seen.group] if form.effects else np.ones(len(logit))
        walked = self._lengths * np.exp(theta[form.slopes])
        gradient[0] = pull.sum()
        gradient[form.slopes] = (pull * stretch) @ walked
        if form.effects:
            stretched = pull * stretch * walked.sum(axis=1)
            gradient[form.shifts] = form.parts.T @ np.bincount(seen.group, pull, len(form.parts))
            gradient[form.stretches] = form.parts.T @ np.bincount(seen.group, stretched, len(form.parts))
        gradient[-2] = (seen.weight * (1 - share) * (seen.same - votes * invented)).sum()
        gradient[-1] = (seen.weight * share * (seen.different - votes * missed)).sum()
        away = theta - self.mean
        drawn = self.precision @ away
        return float(-(seen.weight * said).sum() + 0.5 * away @ drawn), drawn - gradient

    def curvature(self, theta: Floats, step: float = 1e-4) -> Floats:
        """Second derivatives by differences of the gradient, made positive: never less certain than the prior."""
        rows = [
            (self.value_and_gradient(theta + move)[1] - self.value_and_gradient(theta - move)[1]) / (2 * step)
            for move in np.eye(len(theta)) * step
        ]
        values, vectors = np.linalg.eigh((np.array(rows) + np.array(rows).T) / 2)
        floor = max(1e-3, float(np.linalg.eigvalsh(self.precision).min()))
        curved: Floats = (vectors * np.maximum(values, floor)) @ vectors.T
        return curved


def effects_of(names: Sequence[tuple[str, str]]) -> Floats:
    """Of which effects the curve of each pair of lists is made: one of each of its lists and one of its own."""
    lists = sorted({name for pair in names for name in pair})
    of_lists = np.array([[float(pair.count(name)) for name in lists] for pair in names])
    return np.hstack((of_lists, np.eye(len(names))))


def fit_curve(answered: Answered, parts: Floats, draws: int = 400, seed: int = 1) -> ScoreCurve:
    """Fit the curve; ``parts`` as ``effects_of`` gives it, or with no columns for one curve for all.

    Several strengths of pooling are tried; draws come from each as often as its marginal likelihood (by Laplace's
    method) deserves, so that what the labels cannot say of the differences between lists is in the interval.
    """
    form = _Form(_knots(answered.score), _pivot(answered), parts)
    fits = [_fit(form, answered, pooling) for pooling in (POOLING if form.effects else POOLING[:1])]
    evidence = np.array([fit[2] for fit in fits])
    shares = np.exp(evidence - logsumexp(evidence))
    rng = np.random.default_rng(seed)
    chosen = rng.choice(len(fits), size=draws, p=shares)
    noise = rng.standard_normal((draws, form.size))
    drawn = np.empty_like(noise)
    for number, (mode, curvature, _) in enumerate(fits):
        mine = chosen == number
        root = np.linalg.inv(np.linalg.cholesky(curvature))  # root.T @ noise has the inverse curvature as covariance
        drawn[mine] = mode + noise[mine] @ root
    best = int(evidence.argmax())
    return ScoreCurve(form.knots, form.pivot, parts, fits[best][0], drawn, POOLING[best])


def _fit(form: _Form, answered: Answered, pooling: float) -> tuple[Floats, Floats, float]:
    """Best parameters, curvature there, and the logarithm of the marginal likelihood up to a constant."""
    posterior = _Posterior(form, answered, pooling)
    found = minimize(posterior.value_and_gradient, posterior.mean, jac=True, method="BFGS")
    curvature = posterior.curvature(found.x)
    prior = float(np.linalg.slogdet(posterior.precision)[1])
    return found.x, curvature, -float(found.fun) + 0.5 * (prior - float(np.linalg.slogdet(curvature)[1]))


def _knots(score: Floats) -> Floats:
    knots: Floats = np.unique(np.quantile(score, KNOT_SHARES))
    return knots


def _pivot(answered: Answered) -> float:
    """The score half-way between pairs called the same and pairs called different; 0 where one kind is missing."""
    leaning = np.where(answered.truth >= 0, 2 * answered.truth - 1, answered.same - answered.different)
    if not (leaning > 0).any() or not (leaning < 0).any():
        return 0.0
    return float(answered.score[leaning > 0].mean() + answered.score[leaning < 0].mean()) / 2
