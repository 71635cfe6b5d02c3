"""The odds of a pair shared with its rivals: the other candidates of both records in the same two lists.

A person mostly stands once in a list, so at most one of a record's candidates there is right. A common name has many
near rivals and loses; a rare one has none and stays. The decision a reader would question: candidates that are likely
one person themselves, written twice in their list, are no rivals of each other. Without that, lists with repeated
records lose right links.
"""

import numpy as np
import numpy.typing as npt

from palermo.linkage.encoding.mixture import Floats, Ints

Flags = npt.NDArray[np.bool_]

LEAST, MOST = 1e-9, 1 - 1e-9
LIKELY = 0.1  # probability from which two records of a list are looked at as one person
MOST_REPEATS = 20  # of one record in its list; beyond that a value stands for nobody in particular


def against_rivals(odds: Floats, left: Ints, right: Ints, lists: Ints) -> Floats:
    """Probability of each pair; pairs come in the order of left and right, ``lists`` is the list of each record.

    Pairs within one list have no rivals.
    """
    across = lists[left] != lists[right]
    many = int(lists.max()) + 1 if len(lists) else 1
    both = _sums(left * many + lists[right], odds) + _sums(right * many + lists[left], odds) - odds
    both -= _of_repeats(odds, left, right, across)
    probability: Floats = np.clip(odds / (1 + np.where(across, np.maximum(both, odds), odds)), LEAST, MOST)
    return probability


def _sums(group: Ints, values: Floats) -> Floats:
    """The sum of the values of each one's group."""
    _, place = np.unique(group, return_inverse=True)
    sums: Floats = np.bincount(place, values).astype(np.float64)
    return sums[place]


def _of_repeats(odds: Floats, left: Ints, right: Ints, across: Flags) -> Floats:
    """For each pair (i, j), the odds of rivals (i, k) where j and k are likely one person, times how likely."""
    size = int(right.max()) + 1 if len(right) else 0
    likely = np.flatnonzero(~across & (odds / (1 + odds) >= LIKELY))
    repeats = np.bincount(np.concatenate([left[likely], right[likely]]), minlength=size)
    likely = likely[(repeats[left[likely]] <= MOST_REPEATS) & (repeats[right[likely]] <= MOST_REPEATS)]
    chance = np.tile(odds[likely] / (1 + odds[likely]), 2)
    one, again = np.concatenate([left[likely], right[likely]]), np.concatenate([right[likely], left[likely]])
    pair, other, source = _pairs_of(one, left, right, across, size)
    key = np.minimum(other, again[source]) * size + np.maximum(other, again[source])
    keys = left * size + right
    place = np.minimum(np.searchsorted(keys, key), max(len(keys) - 1, 0))
    there = keys[place] == key if len(keys) else np.zeros(0, bool)
    found: Floats = np.bincount(pair[there], chance[source[there]] * odds[place[there]], minlength=len(odds)).astype(
        np.float64
    )
    return found


def _pairs_of(records: Ints, left: Ints, right: Ints, across: Flags, size: int) -> tuple[Ints, Ints, Ints]:
    """The pairs across lists of each of ``records``: their number, the other record, and which of ``records``."""
    number = np.flatnonzero(across)
    ends, others = np.concatenate([left[number], right[number]]), np.concatenate([right[number], left[number]])
    order = np.argsort(ends, kind="stable")
    ends, others, number = ends[order], others[order], np.tile(number, 2)[order]
    degree = np.bincount(ends, minlength=size)
    start = np.cumsum(degree) - degree
    count = degree[records]
    source = np.repeat(np.arange(len(records)), count)
    place = start[records[source]] + np.arange(len(source)) - np.repeat(np.cumsum(count) - count, count)
    return number[place].astype(np.int64), others[place].astype(np.int64), source.astype(np.int64)
