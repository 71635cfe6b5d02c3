"""The capture table that perfect linkage would have given, from the one seen and the error rates of each pair of lists.

A missed link makes two persons of one (history AB becomes A and B), a false link one of two. Call the persons on all
lists of S, and possibly on more, the margin of S. Let ``together(S)`` be the chance that records of one person on the
lists of S stay together, and ``true(S)`` the chance that records found together on S are one person's. Then

    margin seen of S = margin of S * together(S) / true(S),        so        margin of S = seen * true(S) / together(S),

for S of two lists or more; sizes of lists stay as they are. The matrix of transitions between histories is triangular,
and in margins it is diagonal, so that its inverse is a division. For two lists this is Ding and Fienberg (1994, true =
1) and Di Consiglio and Tuoto (2015, both); for several lists of one rate Di Consiglio and Tuoto (2018).

The decision a reader would question: rates of pairs fix the corrected overlap of every pair, but not how misses and
false links fall on three lists together. ``Spread`` says what is assumed there; both ends of what is possible are kept,
so that their difference can be shown.
"""

from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache
from itertools import combinations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
_ROUNDS = 500
_CLOSE = 1e-9
_LEAST_TOGETHER = 0.02  # share of true links found; fewer cannot be scaled up to a number


class Spread(StrEnum):
    """How the errors of pairs of lists fall on persons on three lists or more."""

    RECORDS = "records"  # a record is bad: it is lost to, or wrongly among, all others of its person
    PERSONS = "persons"  # missed: a person's records fall apart all at once; the fewest persons that misses can hit
    PAIRS = "pairs"  # false: only persons otherwise on one list each are taken for one; three lists are never wrong


@lru_cache(maxsize=16)
def pairs_of(k: int) -> tuple[tuple[int, int], ...]:
    """The pairs of lists, in the order in which rates stand."""
    return tuple(combinations(range(k), 2))


@lru_cache(maxsize=16)
def sizes_of(k: int) -> Ints:
    """On how many lists each history is."""
    return np.array([history.bit_count() for history in range(1 << k)], np.int64)


@lru_cache(maxsize=16)
def _within(k: int) -> Floats:
    """Whether each pair of lists (column) lies within each history (row)."""
    masks = np.array([1 << a | 1 << b for a, b in pairs_of(k)], np.int64)
    return np.asarray((np.arange(1 << k)[:, None] & masks) == masks, np.float64)


def margins(cells: Floats, k: int) -> Floats:
    """Persons on all lists of each history and possibly on more; one row a table. Position 0 holds everybody."""
    out = cells.copy()
    out[..., 0] = 0.0
    for without, with_bit in _halves(k):
        out[..., without] += out[..., with_bit]
    return out


def cells_from(sums: Floats, k: int) -> Floats:
    """The cells of these margins. Position 0, which no margin tells, is 0."""
    out = sums.copy()
    out[..., 0] = 0.0
    for without, with_bit in _halves(k):
        out[..., without] -= out[..., with_bit]
    out[..., 0] = 0.0
    return out


def _halves(k: int) -> Iterator[tuple[Ints, Ints]]:
    every = np.arange(1 << k)
    for place in range(k):
        without = every[every >> place & 1 == 0]
        yield without, without | 1 << place


def kept_together(share: Floats, k: int, spread: Spread) -> Floats:
    """The chance that all records on the lists of each history keep together, from that of each pair; 1 for one list.

    ``share`` has one row a table and one column a pair. Of records: with s_a the chance that the record of list a
    keeps with its person, a pair keeps together with s_a s_b and S with the product of all s, which is the product
    over the pairs of S to the power 1 / (|S| - 1). Of persons: the mean of the pairs. Of pairs: 1 above two lists.
    """
    sizes, within = sizes_of(k), _within(k)
    if spread is Spread.PERSONS:
        number = np.maximum(within.sum(axis=1), 1)
        return np.where(sizes < 2, 1.0, share @ within.T / number)
    power = np.where(sizes >= 2, 1.0 / np.maximum(sizes - 1, 1), 0.0)
    if spread is Spread.PAIRS:
        power = np.where(sizes == 2, 1.0, 0.0)
    logs = np.log(np.maximum(share, 1e-12))
    return np.asarray(np.exp(logs @ (within * power[:, None]).T), np.float64)


def transition(share: Floats, k: int, spread: Spread = Spread.RECORDS) -> Floats:
    """How many persons of each history (row) one person of each true history (column) is taken for, by missed links.

    Of the person's history h, block g stands apart with the sum over S, g within S within h, of (-1)^(|S| - |g|)
    together(S): her records on g are together, and no other is with them.
    """
    matrix = np.zeros((1 << k, 1 << k))
    together = kept_together(share[None], k, spread)[0]
    for history in range(1, 1 << k):
        sums = np.where((np.arange(1 << k) & history) == np.arange(1 << k), together, 0.0)
        matrix[:, history] = cells_from(sums[None], k)[0]
    return matrix


def corrected_cells(
    cells: Floats, found: Floats, true: Floats, k: int, spread: tuple[Spread, Spread] = (Spread.RECORDS, Spread.PAIRS)
) -> tuple[Floats, Flags]:
    """Tables as perfect linkage would have given them, and which of them needed a repair.

    ``cells``: one row a table of 2^K histories. ``found``: of each pair of lists the share of true pairs that were
    linked (1 - missed); ``true``: the share of links that are true pairs (1 - false). ``spread``: of the missed links,
    then of the false. The corrected counts are expectations and need not be whole.
    """
    missed, false = spread
    # Of lists that share nobody no link may be found at all; what was seen there is nothing and stays nothing.
    together = np.maximum(kept_together(found, k, missed), _LEAST_TOGETHER)
    factor = kept_together(true, k, false) / together
    return repaired(cells_from(margins(cells, k) * factor, k), k)


def repaired(cells: Floats, k: int) -> tuple[Floats, Flags]:
    """Cells without negative counts and with the same persons on every list, and which tables had one.

    A negative cell says that more was taken away than there was. It becomes 0, and each of its lists gives the
    difference back from the persons whom it alone saw, as far as there are any.
    """
    out = cells.copy()
    negative = np.asarray((out < -_CLOSE).any(axis=-1))
    order = sorted(range(1, 1 << k), key=lambda history: (-history.bit_count(), history))
    for history in order:
        lack = np.maximum(-out[..., history], 0.0)
        out[..., history] += lack
        if history.bit_count() > 1:
            for place in range(k):
                if history >> place & 1:
                    out[..., 1 << place] -= lack
    return out, negative


def raked(cells: Floats, overlaps: Floats, k: int) -> tuple[Floats, Flags]:
    """The tables nearest to ``cells`` (by relative entropy) that have these overlaps, and whether each was reached.

    ``overlaps``: persons on both lists of each pair, as sums of calibrated probabilities; the sizes of the lists
    stay. Iterative proportional fitting (Deming and Stephan 1940). What the table says of three lists and more given
    the pairs is kept. A pair that shares nobody in the table cannot be given an overlap.
    """
    every = np.arange(1 << k)
    bits = [every >> place & 1 == 1 for place in range(k)]
    sizes = np.stack([cells[:, own].sum(axis=1) for own in bits], axis=1)
    out = cells.copy()
    out[:, 0] = 0.0
    gap = np.full(len(out), np.inf)
    for _ in range(_ROUNDS):
        for number, (a, b) in enumerate(pairs_of(k)):
            both = np.minimum(overlaps[:, number], np.minimum(sizes[:, a], sizes[:, b]))
            _scale(out, bits[a] & bits[b], both)
            _scale(out, bits[a] & ~bits[b], sizes[:, a] - both)
            _scale(out, ~bits[a] & bits[b], sizes[:, b] - both)
        gap = _distance(out, overlaps, k)
        if (gap < 1e-8).all():
            break
    return out, np.asarray(gap < 1e-3)


def _scale(cells: Floats, where: Flags, target: Floats) -> None:
    now = cells[:, where].sum(axis=1)
    cells[:, where] *= np.where(now > 0, target / np.where(now > 0, now, 1.0), 1.0)[:, None]


def _distance(cells: Floats, overlaps: Floats, k: int) -> Floats:
    """The largest difference between the overlaps of each table and those asked for, as a share of the latter."""
    masks = [1 << a | 1 << b for a, b in pairs_of(k)]
    own = margins(cells, k)[:, masks]
    return np.asarray((np.abs(own - overlaps) / np.maximum(overlaps, 1.0)).max(axis=1), np.float64)
