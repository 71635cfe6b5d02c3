"""Whole rows whose combinations have the noisy counts: the pool grows column by column, and is fitted at every step.

At each column every row of the pool is split into itself without a value there and with each value that fits; then the
weights of all rows are fitted to all noisy counts within the columns so far, and rows that got next to nothing are left
out. Weighted squares with weights of at least 0 give few rows, as case files have. The decision a reader would
question: there is no model of the file, so what no noisy count says (combinations longer than the longest counted) is
whatever few rows explain the rest.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import comb

from palermo.progress import Progress
from palermo.release.synthetic.coded import Matrix, Whole
from palermo.release.synthetic.combinations import Bits, Index, key_columns, pair_bits
from palermo.release.synthetic.measure import Measurement
from palermo.release.synthetic.pool import Real, Targets, descend, extend, holdings, take_off
from palermo.release.synthetic.settings import LONGEST

_NULL_WEIGHT = 0.3  # weight of "0" for a combination that did not reach the threshold, against a measured count
_NULL_GUESS = 0.6  # first guess of such a combination's count, in standard deviations
_LEAST = 0.05  # persons: a row with less as its first guess does not enter the pool
_LAST_LEAST = 0.02  # persons: a row with less after the fit is left out
_STEPS, _LAST_STEPS = 30, 200  # passes over the pool at each column, and at the last
_ENOUGH = 1e-4  # fall of the weighted squares per target at which the fit ends
_STRESS = {"open": (1.5, 1.0, 1.0, 1.0), "closed": (9.0, 1.0, 1.0, 1.0)}  # by length: short ones are to be met closely
_LACKING = 0.5  # standard deviations: a combination that lacks more persons starts new rows
_LACKING_LEAST = 0.5  # persons: a new row with less as its first guess does not enter the pool
_PERSONS_WEIGHT = 1.0  # of the number of persons, against a single value: rows have to be as many
_POOL = 8_000_000  # combinations held by all rows of the pool together: 32 MB
_WORK = 100_000_000  # combinations looked at in passes over the pool: large pools get fewer passes, but some
_FEWEST = 6
_DOUBLED, _NEAR, _MOST_LOST = 5, 2.5, 1.15  # closed: weight of single values is doubled; until; unless
_WORTH_MORE = 0.92  # single values must come nearer by so much each time
_MEAN_NOISE = 0.8  # mean distance of a normal deviate from zero
_ROUNDS, _WORTH = 3, 0.99  # rows are added so often, if the weighted squares fall by more than a hundredth
_SMALL = 2_000_000  # combinations held by all rows


Growth = tuple[list[int], Matrix, Bits]  # order of columns, column of each attribute, pairs that rows may hold


@dataclass(frozen=True)
class Fitted:
    """Rows of compact attribute numbers (0 for nothing), their weights, and what was fitted."""

    rows: Matrix
    weights: Real
    starts: Whole
    held: Matrix
    target: Real
    importance: Real
    length_of: Matrix  # length of each target's combination
    left: Real  # of the targets


def fitted(measured: Measurement, width: int, dial: str, progress: Progress = None, any_pair: bool = False) -> Fitted:
    """Weighted rows that fit ``measured`` best; open, ``dial`` also lets in what did not reach the threshold.

    ``any_pair``: a pair that did not reach it may be taken as well (``depth.py`` says when).
    """
    targets = _targets(measured, dial)
    if any_pair:
        targets = replace(targets, guess=_guess_of_any(measured))
    pairs = _pairs(measured, any_pair)
    sizes = np.bincount(measured.column[1:], minlength=width)
    order = [int(j) for j in np.argsort(-sizes, kind="stable") if sizes[j]]
    rows = np.zeros((1, width), dtype=np.int32)
    weights = np.array([float(measured.persons)])
    answer = _fit(rows, weights, targets, 1)
    for done, j in enumerate(order):
        if progress:
            progress(done, len(order), "fitting whole rows to the counts")
        last = done == len(order) - 1
        rows, weights = _split(answer.rows, answer.weights, (j, measured.column), pairs, targets)
        answer = _fit(rows, weights, targets, _LAST_STEPS if last else _STEPS)
        answer = _kept(answer, _LAST_LEAST if last else _LEAST)
    grow = (order, measured.column, pairs)
    answer = _improved(answer, *grow, targets)
    return answer if dial == "open" else _singles_met(answer, measured, grow, targets)


def _singles_met(
    answer: Fitted, measured: Measurement, grow: tuple[list[int], Matrix, Bits], targets: Targets
) -> Fitted:
    """Rows that meet the single values more closely, as far as longer combinations lose little by it.

    Closed rows lack values, because they may not hold what no count vouches for. Which lengths are to suffer is a
    choice; the noisy counts say how far each is off.
    """
    noise = _MEAN_NOISE * float(measured.levels[0].deviation.sum())
    first = off = _off(answer, targets.longest)
    for _ in range(_DOUBLED):
        if off[1] <= _NEAR * noise:
            break
        importance = np.where(targets.length_of == 1, 2 * targets.importance, targets.importance)
        targets = replace(targets, importance=importance)
        again = _more(_fit(answer.rows, answer.weights, targets, _LAST_STEPS, firm=True), *grow, targets)
        before, off = off, _off(again, targets.longest)
        if off[1] > _WORTH_MORE * before[1] or np.any(off[2:] > _MOST_LOST * first[2:]):
            break
        answer = again
    return answer


def _off(answer: Fitted, longest: int) -> Real:
    """Sum of differences between rows and targets, by length."""
    return np.bincount(answer.length_of, weights=np.abs(answer.left), minlength=longest + 1).astype(np.float64)


def _improved(answer: Fitted, order: list[int], column: Matrix, pairs: Bits, targets: Targets) -> Fitted:
    """Rows added until that brings little; in small pools, where it is cheap."""
    before = np.inf
    for _ in range(_ROUNDS):
        answer = _more(answer, order, column, pairs, targets)
        squares = float(answer.importance @ answer.left**2)
        if squares > _WORTH * before or len(answer.held) > _SMALL:
            break
        before = squares
    return answer


def _pairs(measured: Measurement, every: bool) -> Bits:
    """Pairs that a row may hold: those that survived, or all where pairs were not counted."""
    compact = len(measured.attributes)
    if every or len(measured.levels) == 1:
        return ~pair_bits(measured.forbidden, compact)
    return pair_bits(measured.levels[1].keys, compact)


def _guess_of_any(measured: Measurement) -> Real:
    """First guess of a combination of each length; where none of a length is known, that of a shorter one."""
    guess = np.zeros(len(measured.levels) + 1)
    deviation = 0.0
    for level in measured.levels:
        deviation = float(level.deviation.mean()) if len(level.keys) else deviation
        guess[level.length] = _NULL_GUESS * deviation if level.length > 1 else 0.0
    return guess


def _targets(measured: Measurement, dial: str) -> Targets:
    """All counts in one list, the number of persons first."""
    levels = measured.levels
    noisy = np.concatenate([[measured.persons], *[level.noisy for level in levels]]).astype(float)
    sizes = [1, *[len(level.keys) for level in levels]]
    longest = len(levels)
    precision = [w / level.deviation**2 for w, level in zip(_STRESS[dial], levels, strict=False)]
    persons = _PERSONS_WEIGHT * float(np.mean(precision[0])) if len(precision[0]) else 1.0
    null = np.array([0.0, *[_NULL_WEIGHT * float(np.mean(p)) if len(p) else 1.0 for p in precision]])
    guess = np.zeros(longest + 1)
    for level in levels[2:]:  # a pair that did not reach the threshold is never taken
        if dial == "open" and len(level.keys):
            guess[level.length] = _NULL_GUESS * float(level.deviation[0])
    length_of = np.repeat(np.arange(longest + 1), sizes).astype(np.int32)
    low = np.array([0.0, *[_NULL_GUESS * float(level.deviation[0]) if len(level.keys) else 0.0 for level in levels]])
    low[:2] = 0.0
    return Targets(
        np.concatenate([[0], np.arange(1, sizes[1] + 1), *[level.keys for level in levels[1:]]]).astype(np.int64),
        noisy,
        np.maximum(noisy, low[length_of]),
        np.concatenate([[persons], *precision]),
        length_of,
        guess,
        null,
        longest,
    )


def _split(
    rows: Matrix, weights: Real, at: tuple[int, Matrix], pairs: Bits, targets: Targets, least: float = _LEAST
) -> tuple[Matrix, Real]:
    j, column = at
    own = np.flatnonzero(column == j)
    index = Index.of(targets.keys)
    rows, weights = extend(
        rows,
        weights,
        (j, int(own[0]), int(own[-1]) + 1),
        pairs,
        (index.slots, index.values, targets.believed, targets.guess),
        targets.longest,
        least,
    )
    return _within_room(rows, weights, targets.longest)


def _within_room(rows: Matrix, weights: Real, longest: int) -> tuple[Matrix, Real]:
    """The likeliest rows, as many as the memory set aside can hold."""
    present = np.arange(rows.shape[1] + 1)
    needs = sum(comb(present, k) for k in range(longest + 1))[(rows > 0).sum(axis=1)]
    if needs.sum() <= _POOL:
        return rows, weights
    order = np.argsort(-weights, kind="stable")
    keep = np.sort(order[np.cumsum(needs[order]) <= _POOL])
    return rows[keep], weights[keep]


def _fit(rows: Matrix, weights: Real, targets: Targets, steps: int, firm: bool = False) -> Fitted:
    known = len(targets.keys)
    index = Index.of(targets.keys)
    starts, held, keys = holdings(rows, targets.longest, index.slots, index.values, known)
    new = keys[known:]
    length_of = np.concatenate(
        [targets.length_of, sum((new >> shift > 0).astype(np.int32) for shift in (0, 16, 32, 48))]
    )
    target = np.concatenate([targets.noisy, np.zeros(len(new))])
    importance = np.concatenate([targets.importance, targets.null_importance[length_of[known:]]])
    left = target.copy()
    take_off(starts, held, weights, left)
    steps = max(_FEWEST, min(steps, _WORK // max(1, len(held))))
    descend(starts, held, weights, left, importance, steps, _ENOUGH * known, firm)
    return Fitted(rows, weights, starts, held, target, importance, length_of, left)


def _kept(answer: Fitted, least: float) -> Fitted:
    """Without the rows that have next to no weight."""
    keep = answer.weights > least
    counts = np.diff(answer.starts)
    held = answer.held[np.repeat(keep, counts)]
    starts = np.concatenate([[0], np.cumsum(counts[keep])])
    return replace(answer, rows=answer.rows[keep], weights=answer.weights[keep], starts=starts, held=held)


def _more(answer: Fitted, order: list[int], column: Matrix, pairs: Bits, targets: Targets) -> Fitted:
    """Rows added where most is left of the counts, grown from the combinations that lack persons; and fitted anew."""
    known = len(targets.keys)
    left = answer.left[:known]
    lacking = np.flatnonzero((left > _LACKING / np.sqrt(targets.importance)) & (targets.length_of > 0))
    attributes = key_columns(targets.keys[lacking], LONGEST)
    rows = np.zeros((len(lacking), answer.rows.shape[1]), dtype=np.int32)
    for field in attributes.T:
        has = np.flatnonzero(field)
        rows[has, column[field[has]]] = field[has]
    weights = left[lacking].copy()
    rest = replace(targets, believed=np.maximum(left, 0.0))
    new = [rows]
    for j in order:
        rows, weights = _split(rows, weights, (j, column), pairs, rest, _LACKING_LEAST)
        keep = weights >= _LACKING_LEAST
        rows, weights = rows[keep], weights[keep]
    new.append(rows)
    every = np.concatenate([answer.rows, *new])
    start = np.concatenate([answer.weights, np.zeros(len(every) - len(answer.rows))])
    first = np.sort(np.unique(every, axis=0, return_index=True)[1])
    return _kept(_fit(every[first], start[first], targets, _LAST_STEPS, firm=True), _LAST_LEAST)
