"""Compiled sampler of the latent class model: Gibbs on the table, with Metropolis moves on the collapsed likelihood.

The decision a reader would question: Gibbs alone crawls when most persons are unseen, because the drawn unseen persons
pin the classes that drew them. Between sweeps we therefore move whole classes (weight up, capture down along the ridge
on which the seen cells hardly change; noise; swaps of labels) against the likelihood with the unseen persons, and the
concentration alpha, summed out. Both steps leave the same posterior in place. Nothing bounds the number of unseen.
"""

import numpy as np
import numpy.typing as npt
from numba import njit

from palermo.hidden.capture import Counts

Reals = npt.NDArray[np.float64]
CONCENTRATION = 0.25  # shape and rate of the gamma prior of alpha (Manrique-Vallier 2016)
_SCALES = np.array([0.03, 0.1, 0.3, 1.0, 2.5])


@njit(cache=True, nogil=True)
def _class_cells(capture: Reals, bits: Counts, out: Reals) -> float:
    """Probability of each seen history in one class into ``out``; returns that of being seen at all."""
    hidden = 0.0
    for j in range(capture.size):
        hidden += np.log1p(-capture[j])
    for h in range(bits.shape[0]):
        product = 1.0
        for j in range(capture.size):
            product *= capture[j] if bits[h, j] else 1.0 - capture[j]
        out[h] = product
    return float(-np.expm1(hidden))


@njit(cache=True, nogil=True)
def _log_likelihood(weights: Reals, cells: Reals, seen: Reals, counts: Counts) -> float:
    """Log likelihood of the seen cells given that one is seen; N is summed out under p(N) ~ 1/N."""
    total, visible, n = 0.0, 0.0, 0
    mass = np.exp(weights)
    for c in range(weights.size):
        visible += mass[c] * seen[c]
    for h in range(counts.size):
        chance = 0.0
        for c in range(weights.size):
            chance += mass[c] * cells[c, h]
        total += counts[h] * np.log(chance + 1e-300)
        n += counts[h]
    return float(total - n * np.log(visible + 1e-300))


@njit(cache=True, nogil=True)
def _log_prior(weights: Reals) -> float:
    """Stick-breaking prior of the log weights, alpha summed out, as a density of additive log ratios."""
    last = weights.size - 1
    rest = weights[last]
    total = -(CONCENTRATION + last) * np.log(CONCENTRATION - rest)
    for c in range(last - 1, -1, -1):
        high, low = max(rest, weights[c]), min(rest, weights[c])
        rest = high + np.log1p(np.exp(low - high))
        total += weights[c] - (rest if c > 0 else 0.0)
    return float(total)


@njit(cache=True, nogil=True)
def _swap(rng: np.random.Generator, weights: Reals, capture: Reals, cells: Reals, seen: Reals) -> None:
    """Exchange two classes; the likelihood does not see it, the order of the sticks does."""
    one, two = rng.integers(0, weights.size), rng.integers(0, weights.size)
    before = _log_prior(weights)
    weights[one], weights[two] = weights[two], weights[one]
    if np.log(rng.random()) >= _log_prior(weights) - before:
        weights[one], weights[two] = weights[two], weights[one]
        return
    seen[one], seen[two] = seen[two], seen[one]
    for j in range(capture.shape[1]):
        capture[one, j], capture[two, j] = capture[two, j], capture[one, j]
    for h in range(cells.shape[1]):
        cells[one, h], cells[two, h] = cells[two, h], cells[one, h]


@njit(cache=True, nogil=True)
def _propose(rng: np.random.Generator, capture: Reals, out: Reals) -> tuple[float, float]:
    """New captures of one class into ``out``; returns the step of its log weight and the log Jacobian."""
    kind, scale = rng.random(), _SCALES[rng.integers(0, _SCALES.size)]
    step = scale * rng.standard_normal()
    only = rng.integers(0, capture.size) if 0.7 <= kind < 0.9 else -1
    jacobian = 0.0
    for j in range(capture.size):
        shift = -step if kind < 0.4 else 0.0
        if 0.4 <= kind < 0.7 or j == only:
            shift = scale * rng.standard_normal()
        odds = np.log(capture[j]) - np.log1p(-capture[j]) + shift
        odds = min(max(odds, -30.0), 30.0)
        out[j] = 1.0 / (1.0 + np.exp(-odds))
        jacobian += np.log(out[j] * (1.0 - out[j])) - np.log(capture[j] * (1.0 - capture[j]))
    return (0.0 if only >= 0 else step), jacobian


@njit(cache=True, nogil=True)
def _metropolis(
    rng: np.random.Generator,
    weights: Reals,
    capture: Reals,
    cells: Reals,
    seen: Reals,
    bits: Counts,
    counts: Counts,
    moves: int,
) -> None:
    """A number of moves of one class at a time, those high on the stick more often."""
    now = _log_likelihood(weights, cells, seen, counts) + _log_prior(weights)
    wanted, wanted_cells = np.empty(capture.shape[1]), np.empty(counts.size)
    kept_weights, kept_cells = np.empty(weights.size), np.empty(counts.size)
    for _ in range(moves):
        if rng.random() < 0.1:
            before = _log_prior(weights)
            _swap(rng, weights, capture, cells, seen)
            now += _log_prior(weights) - before
            continue
        c = min(rng.integers(0, weights.size), rng.integers(0, weights.size))
        step, jacobian = _propose(rng, capture[c], wanted)
        kept_weights[:], kept_cells[:], kept_seen = weights, cells[c], seen[c]
        seen[c] = _class_cells(wanted, bits, wanted_cells)
        cells[c, :] = wanted_cells
        weights -= np.log1p(np.exp(weights[c]) * np.expm1(step))
        weights[c] += step
        then = _log_likelihood(weights, cells, seen, counts) + _log_prior(weights)
        if np.log(rng.random()) < then - now + jacobian:
            now = then
            capture[c, :] = wanted
        else:
            weights[:], cells[c, :], seen[c] = kept_weights, kept_cells, kept_seen


@njit(cache=True, nogil=True)
def _log_gamma_draw(rng: np.random.Generator, shape: float) -> float:
    """Logarithm of a gamma variate; small shapes would underflow otherwise."""
    if shape >= 1.0:
        return float(np.log(rng.standard_gamma(shape)))
    return float(np.log(rng.standard_gamma(shape + 1.0)) + np.log(1.0 - rng.random()) / shape)


@njit(cache=True, nogil=True)
def _sticks(rng: np.random.Generator, weights: Reals, size: Counts) -> None:
    """Draw alpha given the sticks, then the sticks given alpha and how many persons each class holds."""
    last = weights.size - 1
    alpha = rng.standard_gamma(CONCENTRATION + last) / (CONCENTRATION - weights[last])
    tail, rest = size.sum(), 0.0
    for c in range(last):
        tail -= size[c]
        one, other = _log_gamma_draw(rng, 1.0 + size[c]), _log_gamma_draw(rng, alpha + tail)
        both = max(one, other) + np.log1p(np.exp(-abs(one - other)))
        weights[c] = rest + one - both
        rest += other - both
    weights[last] = rest


@njit(cache=True, nogil=True)
def _classify(
    rng: np.random.Generator, weights: Reals, cells: Reals, bits: Counts, counts: Counts, size: Counts, caught: Counts
) -> None:
    """Share the persons of each seen history out among the classes."""
    chance, mass = np.empty(weights.size), np.exp(weights)
    for h in range(counts.size):
        total = 0.0
        for c in range(weights.size):
            chance[c] = mass[c] * cells[c, h]
            total += chance[c]
        left = counts[h]
        for c in range(weights.size):
            if left == 0:
                break
            part = 1.0 if chance[c] >= total or c == weights.size - 1 else chance[c] / total
            took = rng.binomial(left, part) if part < 1.0 else left
            total -= chance[c]
            left -= took
            size[c] += took
            for j in range(bits.shape[1]):
                caught[c, j] += took * bits[h, j]


@njit(cache=True, nogil=True)
def _gibbs(
    rng: np.random.Generator, weights: Reals, capture: Reals, cells: Reals, seen: Reals, bits: Counts, counts: Counts
) -> int:
    """One sweep: the unseen of each class, the classes of the seen, captures, sticks. Returns the unseen persons.

    Under p(N) ~ 1/N the unseen are negative binomial; as a gamma mixture of Poisson they fall apart by class.
    """
    classes = weights.size
    size, caught = np.zeros(classes, np.int64), np.zeros(capture.shape, np.int64)
    visible = 0.0
    for c in range(classes):
        visible += np.exp(weights[c]) * seen[c]
    rate = rng.standard_gamma(float(counts.sum())) / visible
    for c in range(classes):
        size[c] = rng.poisson(min(rate * np.exp(weights[c]) * (1.0 - seen[c]), 1e15))
    unseen = size.sum()
    _classify(rng, weights, cells, bits, counts, size, caught)
    for c in range(classes):
        for j in range(capture.shape[1]):
            draw = rng.beta(1.0 + caught[c, j], 1.0 + size[c] - caught[c, j])
            capture[c, j] = min(max(draw, 1e-13), 1.0 - 1e-13)
        seen[c] = _class_cells(capture[c], bits, cells[c])
    _sticks(rng, weights, size)
    return int(unseen)


@njit(cache=True, nogil=True)
def start(rng: np.random.Generator, weights: Reals, capture: Reals, level: float) -> None:
    """A dispersed start: random weights, captures around ``level``."""
    total = 0.0
    for c in range(weights.size):
        weights[c] = rng.standard_normal() * 2.0 - c
        total += np.exp(weights[c])
        for j in range(capture.shape[1]):
            odds = np.log(level) - np.log1p(-level) + rng.standard_normal()
            capture[c, j] = 1.0 / (1.0 + np.exp(-odds))
    weights -= np.log(total)


@njit(cache=True, nogil=True)
def advance(
    rng: np.random.Generator,
    weights: Reals,
    capture: Reals,
    bits: Counts,
    counts: Counts,
    thin: int,
    moves: int,
    out: Reals,
) -> None:
    """Carry a chain on: ``thin`` sweeps for each row of ``out``, which receives unseen persons, log likelihood."""
    cells, seen = np.empty((weights.size, counts.size)), np.empty(weights.size)
    for c in range(weights.size):
        seen[c] = _class_cells(capture[c], bits, cells[c])
    for place in range(out.shape[0]):
        for _ in range(thin):
            out[place, 0] = _gibbs(rng, weights, capture, cells, seen, bits, counts)
            _metropolis(rng, weights, capture, cells, seen, bits, counts, moves)
        out[place, 1] = _log_likelihood(weights, cells, seen, counts)
