"""Pattern mining: bits that are set together betray a frequent feature, whatever key drew their positions.

After Christen, Ranbaduge, Vatsalan and Schnell (2018, "Precise and fast cryptanalysis for Bloom filter based
privacy-preserving record linkage"), with one step more: sets of bits are matched to known features by how often they
come and how often they come together (a graph matching), not by frequency alone. The decision a reader would question:
the search uses the correlation of pairs of bits and not the mining of ever larger sets; it finds the same sets faster.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import squareform

from palermo.linkage.encoding.encode import Bytes, features

MOST_RECORDS = 20_000
NAMED = 2_000  # records that the attack tries to name
TOGETHER = 0.25  # correlation from which bits count as going together
LEAST_BITS = 3
OFTEN, NEARLY_ALL = 0.02, 0.98
MOST_FEATURES = 150
ROUNDS = 30
FREQUENCY_WEIGHTS = (1.0, 4.0, 16.0)
HALF_FILLED = 0.5
NEARLY_ALL_SET = 0.9
LEAST_SETS = 2
SINGLE = ("birth_year", "birth_month", "birth_day", "sex", "place")

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Mined:
    """``tried`` records and the ``nearest`` known record of each; how many sets of bits and known features."""

    tried: Ints
    nearest: Ints
    patterns: int
    features: int
    strongest: float


@dataclass(frozen=True)
class _Alignment:
    """Columns of ``seen`` taken for columns of known features, and how badly they fit."""

    seen: npt.NDArray[np.float32]
    pattern: Ints
    fact: Ints
    misfit: float


def mine(bits: Bytes, known: pa.Table) -> Mined:
    """Name records from encodings, with known records of the same population and without a key."""
    ones = np.unpackbits(bits[:MOST_RECORDS], axis=1).astype(np.float32)
    tried = np.arange(min(NAMED, len(ones)))
    facts = _merged(_facts(known.slice(0, MOST_RECORDS)))
    together = _correlation(ones)
    strongest = float(np.max(together - np.eye(len(together)), initial=0.0))
    # Hardening may turn bits round: what matters is how strongly two go together, not in which direction.
    sets = [group for group in _groups(np.abs(together), TOGETHER) if len(group) >= LEAST_BITS]
    if len(sets) < LEAST_SETS or facts.shape[1] < LEAST_SETS:
        return Mined(tried, np.zeros(0, np.int64), len(sets), facts.shape[1], strongest)
    best = min((_aligned(seen, facts) for seen in _readings(ones, sets)), key=lambda one: one.misfit)
    nearest = _nearest(best.seen[tried][:, best.pattern], facts[:, best.fact])
    return Mined(tried, nearest, len(sets), facts.shape[1], strongest)


def _readings(ones: npt.NDArray[np.float32], sets: list[Ints]) -> Iterator[npt.NDArray[np.float32]]:
    """Which records have the feature behind each set of bits, read in two ways: nearly all bits set, or two heaps."""
    for read in (_all_set, _heap):
        seen = np.stack([read(ones[:, group]) for group in sets], axis=1).astype(np.float32)
        yield seen[:, np.argsort(-seen.mean(axis=0), kind="stable")[:MOST_FEATURES]]


def _all_set(bits: npt.NDArray[np.float32]) -> npt.NDArray[np.bool_]:
    """Records in which at least nine in ten of the bits are set."""
    has: npt.NDArray[np.bool_] = bits.mean(axis=1) >= NEARLY_ALL_SET
    return has


def _heap(bits: npt.NDArray[np.float32]) -> npt.NDArray[np.bool_]:
    """Which records have the feature behind a set of bits: the bits, turned the same way, cut where two heaps part.

    The cut is Otsu's: the one that leaves least variance within the two heaps. The rarer side counts as having it.
    """
    turned = np.where(_correlation(bits)[0] < 0, 1 - bits, bits)
    agreeing = np.rint(turned.sum(axis=1)).astype(np.int64)
    counts = np.bincount(agreeing, minlength=bits.shape[1] + 1).astype(np.float64)
    below = np.cumsum(counts)[:-1]
    sums = np.cumsum(counts * np.arange(len(counts)))
    above = len(bits) - below
    gap = (sums[:-1] / np.maximum(below, 1) - (sums[-1] - sums[:-1]) / np.maximum(above, 1)) ** 2
    has: npt.NDArray[np.bool_] = agreeing > int(np.argmax(below * above * gap))
    return has if turned.mean() < HALF_FILLED or has.mean() <= HALF_FILLED else ~has


def _facts(known: pa.Table) -> npt.NDArray[np.float32]:
    """Which frequent features each known record has, one column per feature."""
    columns: dict[tuple[str, str], list[int]] = {}
    for column, fields in (("tokens", ("name", "name_pair")), ("skeleton", ("skeleton", "skeleton_pair"))):
        for row, text in enumerate(known[column].to_pylist()):
            for token in (text or "").split():
                for name in fields:
                    for feature in features(name, token):
                        columns.setdefault((name, feature), []).append(row)
    for column in SINGLE:
        for row, value in enumerate(known[column].to_pylist()):
            if value is not None:
                columns.setdefault((column, str(value)), []).append(row)
    least, most = OFTEN * known.num_rows, NEARLY_ALL * known.num_rows
    kept = [rows for _, rows in sorted(columns.items()) if least <= len(set(rows)) <= most]
    facts = np.zeros((known.num_rows, len(kept)), np.float32)
    for place, rows in enumerate(kept):
        facts[rows, place] = 1
    return facts


def _merged(facts: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """One column for features that nearly always come together: their bits cannot be told apart."""
    if facts.shape[1] < 2:
        return facts
    groups = _groups(_correlation(facts), 0.8)
    merged = np.stack([facts[:, group].mean(axis=1) > 0.5 for group in groups], axis=1).astype(np.float32)
    return merged[:, np.argsort(-merged.mean(axis=0), kind="stable")[:MOST_FEATURES]]


def _correlation(ones: npt.NDArray[np.float32]) -> Floats:
    centred = ones - ones.mean(axis=0)
    spread = np.sqrt((centred**2).mean(axis=0))
    scaled = centred / np.maximum(spread, 1e-6)
    made: Floats = (scaled.T @ scaled / len(ones)).astype(np.float64)
    np.fill_diagonal(made, 1.0)
    return made


def _groups(together: Floats, least: float) -> list[Ints]:
    """Sets of columns whose mean correlation is at least ``least``."""
    distance = np.clip(1 - (together + together.T) / 2, 0, 2)
    np.fill_diagonal(distance, 0.0)
    group = fcluster(linkage(squareform(distance, checks=False), "average"), 1 - least, "distance")
    return [np.flatnonzero(group == number) for number in np.unique(group)]


def _aligned(seen: npt.NDArray[np.float32], facts: npt.NDArray[np.float32]) -> _Alignment:
    """Columns of ``seen`` and of ``facts`` taken as one: first by frequency, then by how they come together.

    Each start weighs frequency differently; the attacker keeps the one in which most falls into place.
    """
    starts = [_alignment(seen, facts, weight) for weight in FREQUENCY_WEIGHTS]
    return min(starts, key=lambda one: one.misfit)


def _alignment(seen: npt.NDArray[np.float32], facts: npt.NDArray[np.float32], weight: float) -> _Alignment:
    often = np.abs(seen.mean(axis=0)[:, None] - facts.mean(axis=0)[None, :]).astype(np.float64)
    ours, theirs = _correlation(seen), _correlation(facts)
    # What a set goes with, in falling order, can be compared before anything is aligned.
    most = min(len(ours), len(theirs), 12)
    profiles = np.sort(ours, axis=1)[:, ::-1][:, :most], np.sort(theirs, axis=1)[:, ::-1][:, :most]
    cost = weight * often + np.abs(profiles[0][:, None, :] - profiles[1][None, :, :]).mean(axis=2)
    before = np.zeros(0, np.int64)
    for _ in range(ROUNDS):
        pattern, fact = linear_sum_assignment(cost)
        if np.array_equal(fact, before):
            break  # every further round would give the same
        before = fact
        gaps = np.abs(ours[:, None, pattern] - theirs[None, :, fact])
        cost = 4 * often + np.sqrt(gaps).sum(axis=2) / 4
    misfit = float(np.abs(ours[np.ix_(pattern, pattern)] - theirs[np.ix_(fact, fact)]).mean())
    return _Alignment(seen, pattern.astype(np.int64), fact.astype(np.int64), misfit)


def _nearest(seen: npt.NDArray[np.float32], facts: npt.NDArray[np.float32]) -> Ints:
    """The known record that shares most with each record, rare features weighing more."""
    share = np.clip(facts.mean(axis=0), 1e-3, 1 - 1e-3)
    has, lacks = -np.log(share), -np.log(1 - share)
    alike = (seen * has) @ facts.T + ((1 - seen) * lacks) @ (1 - facts).T
    return np.asarray(alike.argmax(axis=1), np.int64)
