"""Noisy counts of the combinations in a file: the only place where the persons' data are read.

Everything after this module works on its answer alone. Who may change what, and what it costs, is proved step by step
in docs/method/open-case-data.md ("Why this is private"); the comments here carry the same numbers of the steps.
The decision a reader would question: every candidate gets noise, also those that nobody holds, so that which
combinations come out depends on the noisy counts alone, and costs no delta.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from palermo.progress import Progress
from palermo.release.privacy_loss import rho_of
from palermo.release.synthetic.coded import Coded, Matrix, Whole, distinct
from palermo.release.synthetic.combinations import Index, candidates, counted, pair_bits
from palermo.release.synthetic.discrete_gaussian import Randomness, draws
from palermo.release.synthetic.existence import BINS, count_bins, least_scores
from palermo.release.synthetic.rules import forbidden_keys, known_rules
from palermo.release.synthetic.settings import SHARES, SynthesisSettings
from palermo.release.synthetic.thresholds import (
    EXPECTED,
    FALSE_SHARE,
    FALSE_SINGLES,
    INVENTED_SHARE,
    REPORTABLE_SHARE,
    STRATA,
    least_by_stratum,
    least_reportable,
    lowest_scores,
    quantile,
    scores_of,
    strata_of,
)

Real = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Small = npt.NDArray[np.int16]

_BLOCK = 1 << 20  # candidates that get noise at a time
_FOUND_DELTA = 0.1  # share of delta spent on values that were found in the data
_FOUND_CODES = 64  # taken for the number of codes of such a column: the true one is not public
_SLACK = 1 - 1e-9  # so that the sum of rounded parts is never above the whole
_TRUNCATED = 0.01  # persons who may have more attributes than are counted


@dataclass(frozen=True)
class Level:
    """Combinations of one length whose noisy count is reportable."""

    length: int
    keys: Whole  # sorted; over the compact attributes from length 2 on
    noisy: Whole
    deviation: Real  # standard deviation of each noisy count
    reportable: Flags  # also passes the strict threshold
    candidates: int  # number of combinations that got noise
    least: float  # standard deviations from which a combination is kept
    rho: float


@dataclass(frozen=True)
class Measurement:
    """All that is known of the file from here on."""

    persons: int  # noisy
    present: Whole  # noisy number of persons with 0, 1, ... attributes
    attributes: npt.NDArray[np.int64]  # surviving attribute numbers of the file; compact number is position + 1
    column: Matrix  # column of each compact attribute; 0 stands for nothing
    levels: tuple[Level, ...]
    most: int  # attributes per person counted from length 2 on
    rho: float
    delta_found: float
    forbidden: Whole  # sorted keys of the pairs that cannot be


def measure(data: Coded, settings: SynthesisSettings, randomness: Randomness, progress: Progress = None) -> Measurement:
    """Noisy counts of all candidate combinations up to ``settings.length``."""
    rho, delta_found = loss_of(settings.epsilon, settings.delta, codes_found=bool(data.found))
    shares = SHARES[settings.dial][settings.length]
    rows = bounded(data, settings.persons, randomness)
    variance = Fraction(settings.persons**2) / _exact(2 * rho * shares[0])
    present = _numbers_present(rows, data.weights, variance, randomness)
    most = min(settings.attributes_per_person or _enough(present), rows.shape[1])
    persons = max(0, int(present.sum()))
    levels = [_singles(data, rows, settings, (rho * shares[1], delta_found), randomness)]
    kept = levels[0].keys
    column = np.concatenate([[-1], np.searchsorted(data.offsets, kept - 1, side="right") - 1]).astype(np.int32)
    compact, own = _compact(data, rows, kept, most, randomness)
    alike = distinct(compact, own)
    del rows, compact, own
    rules = known_rules(data.columns) if settings.rules is None else settings.rules
    known = _Known(persons, most, column, forbidden_keys(data, rules, kept), settings)
    for length in range(2, settings.length + 1):
        if progress:
            progress(length - 1, settings.length, f"counting combinations of {length}")
        levels.append(_longer(length, alike, levels, known, rho * shares[length], randomness))
    return Measurement(persons, present, kept, column, tuple(levels), most, rho, delta_found, known.forbidden)


def loss_of(epsilon: float, delta: float, *, codes_found: bool) -> tuple[float, float]:
    """How a promise is spent: rho of the noise, and the part of delta for codes that were found in the data."""
    delta_found = delta * _FOUND_DELTA if codes_found else 0.0
    return rho_of(epsilon, delta - delta_found) * _SLACK, delta_found


@dataclass(frozen=True)
class _Known:
    """What the counting of longer combinations goes by: all of it public or noisy already."""

    persons: int
    most: int
    column: Matrix
    forbidden: Whole
    settings: SynthesisSettings


def _exact(x: float) -> Fraction:
    """The float as a rational, so that the variance is a rational that is never too small."""
    return Fraction(x)


def bounded(data: Coded, most: int, randomness: Randomness) -> Matrix:
    """Coded rows, at most ``most`` of each person, chosen at random."""
    if data.person is None:
        return data.values
    lot = randomness.words(len(data.person))
    order = np.lexsort((lot, data.person))
    ordered = data.person[order]
    first = np.searchsorted(ordered, ordered, side="left")
    return data.values[np.sort(order[np.arange(len(order)) - first < most])]


def _numbers_present(rows: Matrix, weights: Whole | None, variance: Fraction, randomness: Randomness) -> Whole:
    """Step 1. Noisy histogram of the number of attributes of a row: one person, one bar."""
    width = rows.shape[1]
    true = _bars(_present(rows), weights, width + 1)
    return true + draws(variance, width + 1, randomness)


def _bars(numbers: Matrix | Small, weights: Whole | None, width: int) -> Whole:
    """Persons of each number; sums of whole numbers far below 2^53, so exact."""
    return np.bincount(numbers, weights=weights, minlength=width).astype(np.int64)


def _present(rows: Matrix | Small) -> Small:
    """Number of values in each row, column by column to spare memory."""
    present = np.zeros(len(rows), dtype=np.int16)
    for column in rows.T:
        present += column > 0
    return present


def _enough(present: Whole) -> int:
    """Fewest attributes that nearly all persons keep within, by the noisy histogram."""
    above = np.cumsum(present[::-1])[::-1]  # persons with so many or more
    many = np.flatnonzero(above > _TRUNCATED * max(1, int(present.sum())))
    return max(1, int(many.max(initial=1)))


def _variances(data: Coded, rho: float, persons: int) -> list[Fraction]:
    """Noise of the single values, column by column: less where the public code list is longer, in all ``rho``.

    One person changes one count of a column by at most ``persons``; the losses persons^2 / (2 variance) add to rho.
    """
    sizes = [
        _FOUND_CODES if name in data.found else len(codes) for name, codes in zip(data.columns, data.codes, strict=True)
    ]
    shares = [math.sqrt(max(1, size)) for size in sizes]
    return [Fraction(persons**2) / _exact(2 * rho * (share / math.fsum(shares))) for share in shares]


def _singles(
    data: Coded, rows: Matrix, settings: SynthesisSettings, budget: tuple[float, float], randomness: Randomness
) -> Level:
    """Step 2. Every code of every column gets noise. Codes found in the data have a threshold of their own.

    The thresholds of the other codes and all that is reported do not look at them, since their very number would tell.
    """
    rho, delta_found = budget
    sizes = [len(codes) for codes in data.codes]
    tallies = [_bars(rows[:, j], data.weights, size + 1)[1:] for j, size in enumerate(sizes)]
    true = np.concatenate([np.empty(0, dtype=np.int64), *tallies])
    variances = _variances(data, rho, settings.persons)
    noise = [draws(variance, size, randomness) for variance, size in zip(variances, sizes, strict=True)]
    noisy = true + np.concatenate([np.empty(0, dtype=np.int64), *noise])
    deviation = np.repeat([math.sqrt(variance) for variance in variances], sizes)
    found = np.repeat([name in data.found for name in data.columns], sizes)
    number = int((~found).sum())
    strict, least = _thresholds(noisy[~found], deviation[~found], number, settings)
    needed = least * deviation
    if data.found:
        tail = delta_found / (settings.persons * len(data.found))
        needed[found] = settings.persons + 1 + deviation[found] * quantile(tail)
    kept = np.flatnonzero(noisy >= needed)
    reportable = found[kept] | (noisy[kept] >= strict * deviation[kept])
    candidates_told = number + int(found[kept].sum())
    return Level(1, kept + 1, noisy[kept], deviation[kept], reportable, candidates_told, least, rho)


def _thresholds(noisy: Whole, deviation: Real, number: int, settings: SynthesisSettings) -> tuple[float, float]:
    """Strict and usual threshold of single values, in standard deviations."""
    scores = scores_of(noisy, deviation)
    strict = least_reportable(scores, number, REPORTABLE_SHARE)
    return strict, least_reportable(scores, number, FALSE_SINGLES[settings.dial])


def _compact(data: Coded, rows: Matrix, kept: Whole, most: int, randomness: Randomness) -> tuple[Small, Whole | None]:
    """Step 3. Only surviving attributes, numbered from 1; of a row with more than ``most``, as many at random.

    Lots are drawn for each person, so persons who are alike and have more are taken apart.
    """
    number = np.zeros(data.attributes + 1, dtype=np.int16)
    number[kept] = np.arange(1, len(kept) + 1)
    compact = np.zeros(rows.shape, dtype=np.int16)
    for j, (codes, offset) in enumerate(zip(data.codes, data.offsets.tolist(), strict=True)):
        compact[:, j] = np.concatenate([number[:1], number[offset + 1 : offset + len(codes) + 1]])[rows[:, j]]
    weights = data.weights
    over = np.flatnonzero(_present(compact) > most)
    if over.size:
        if weights is not None:
            apart = np.repeat(over, weights[over] - 1)
            over = np.concatenate([over, np.arange(len(apart)) + len(compact)])
            compact = np.concatenate([compact, compact[apart]])
            weights = np.concatenate([weights, np.ones(len(apart), dtype=np.int64)])
            weights[over] = 1
        part = compact[over]
        lot = randomness.words(part.size).reshape(part.shape) >> np.uint64(1)
        lot[part == 0] = np.uint64(2**63)
        rank = np.argsort(np.argsort(lot, axis=1), axis=1)
        compact[over] = np.where(rank < most, part, 0)
    return compact, weights


def _longer(
    length: int,
    alike: tuple[Small, Whole],
    levels: list[Level],
    known: _Known,
    rho: float,
    randomness: Randomness,
) -> Level:
    """Step 4. Noise for every candidate of ``length``, whether anybody holds it or not."""
    settings = known.settings
    variance = Fraction(settings.persons**2 * max(1, math.comb(known.most, length))) / _exact(2 * rho)
    deviation = math.sqrt(variance)
    shorter = _logarithms(levels, known.persons)
    numbers = np.zeros(STRATA, dtype=np.int64)
    none = np.empty(0, dtype=np.int64)
    seen = np.zeros((STRATA, BINS), dtype=np.int64)
    floor = lowest_scores(settings.dial) * deviation
    kept: list[tuple[Whole, Whole, Matrix]] = [(none, none, none.astype(np.int32))]
    for block, counts in _counted_blocks(length, alike, levels, known):
        noisy = counts + draws(variance, len(block), randomness)
        strata = strata_of(block, length, shorter, deviation)
        numbers += np.bincount(strata, minlength=STRATA)
        count_bins(seen, strata, scores_of(noisy, deviation))
        high = noisy >= floor[strata]
        kept.append((block[high], noisy[high], strata[high]))
    found, noisy, strata = (np.concatenate(part) for part in zip(*kept, strict=True))
    scores = scores_of(noisy, deviation)
    if settings.dial == "closed":
        least = least_scores(seen, EXPECTED, deviation, length, INVENTED_SHARE[length])
    else:
        least = least_by_stratum(scores, strata, numbers, FALSE_SHARE[length])
    strict = least_by_stratum(scores, strata, numbers, REPORTABLE_SHARE)
    keep = scores >= least[strata]
    reportable = (scores >= strict[strata])[keep]
    every = np.full(len(reportable), deviation)
    return Level(length, found[keep], noisy[keep], every, reportable, int(numbers.sum()), float(least.min()), rho)


def _counted_blocks(
    length: int, alike: tuple[Small, Whole], levels: list[Level], known: _Known
) -> Iterator[tuple[Whole, Whole]]:
    """All candidates of ``length`` in rising order, a block at a time, and their true counts, most of them 0."""
    none = np.empty(0, dtype=np.int64)
    compact = len(known.column) - 1
    parents = np.arange(1, compact + 1, dtype=np.int64) if length == 2 else levels[-1].keys
    pairs = pair_bits(levels[1].keys if length > 2 else none, compact)
    triples = Index.of(levels[2].keys if length > 3 else none).slots
    keys, counts = counted(*alike, length, pairs, triples)
    room = np.empty(max(_BLOCK, compact), dtype=np.int64)
    start = 0
    while start < len(parents):
        start, block = candidates(parents, start, length, (known.column, pairs, triples), room)
        if len(block):
            own = slice(*np.searchsorted(keys, (block[0], block[-1] + 1)))
            true = np.zeros(len(block), dtype=np.int64)
            true[np.searchsorted(block, keys[own])] = counts[own]
            allowed = ~np.isin(block, known.forbidden) if length == 2 else slice(None)
            yield block[allowed].copy(), true[allowed]


def _logarithms(levels: list[Level], persons: int) -> tuple[Index, Real]:
    """All keys so far, the empty one first, and the logarithms of their noisy counts."""
    single = np.arange(1, len(levels[0].keys) + 1, dtype=np.int64)
    keys = np.concatenate([[0], single, *[level.keys for level in levels[1:]]]).astype(np.int64)
    noisy = np.concatenate([[persons], *[level.noisy for level in levels]])
    return Index.of(keys), np.log(np.maximum(noisy, 1).astype(float))
