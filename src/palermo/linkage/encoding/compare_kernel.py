"""All pairs of encodings in compiled code: 64-bit words, one population count per word, tiles that stay in the cache.

The right tile is held word by word, so that the compiler counts several pairs at once. Two exact short cuts, neither of
which loses a pair at or above the threshold: encodings stand in the order of their bit counts, so that tiles whose
counts are too far apart are skipped whole (in ``compare``); and a row is left after half its words where even agreement
in all the rest could bring no pair to the threshold.
"""

from typing import Any

import numpy as np
from numba import njit, types
from numba.extending import intrinsic

TILE = 256  # 32 KB of encodings: the first cache of a processor
WORDS_AT_ONCE = 4


def _ones(_typing: Any, _word: Any) -> Any:
    """The number of bits that are 1 in a 64-bit word, as one instruction of the processor."""

    def build(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.uint64(types.uint64), build


ones: Any = intrinsic(_ones)


@njit(cache=True, nogil=True)
def count_ones(rows, counts, tails):  # type: ignore[no-untyped-def]
    """Fill in the bit count of each row, and of the second half of its words."""
    half = rows.shape[1] // 2
    for row in range(len(rows)):
        for word in range(rows.shape[1]):
            here = np.int64(ones(rows[row, word]))
            counts[row] += here
            if word >= half:
                tails[row] += here


@njit(cache=True, nogil=True)
def _add_shared(row, columns, first, last, shared):  # type: ignore[no-untyped-def]
    """Add to ``shared`` the bits that are 1 in both, in the words from ``first`` to before ``last``."""
    for word in range(first, last, WORDS_AT_ONCE):
        word_0, word_1, word_2, word_3 = row[word], row[word + 1], row[word + 2], row[word + 3]
        column_0, column_1 = columns[word], columns[word + 1]
        column_2, column_3 = columns[word + 2], columns[word + 3]
        for right in range(len(shared)):
            shared[right] += (
                ones(word_0 & column_0[right])
                + ones(word_1 & column_1[right])
                + ones(word_2 & column_2[right])
                + ones(word_3 & column_3[right])
            )


@njit(cache=True, nogil=True)
def compare_tile(lefts, rights, threshold, first_right, found):  # type: ignore[no-untyped-def]
    """Pairs of two tiles whose Dice coefficient reaches ``threshold``, written to ``found``; returns their number.

    ``lefts`` and ``rights`` are (words, bit counts, bit counts of the second half), the words of ``rights`` with one
    row per word. ``found`` takes rows of (left, right, bits shared). ``first_right`` is 0 for different tiles; where
    both are one tile it is 1, and of row r only rights from r + 1 on are compared.
    """
    rows, counts_a, tails_a = lefts
    columns, counts_b, tails_b = rights
    words, size = columns.shape
    shared = np.zeros(size, np.uint64)
    number = 0
    for left in range(len(rows)):
        shared[:] = 0
        _add_shared(rows[left], columns, 0, words // 2, shared)
        hope = 0
        for right in range(size):
            most = np.int64(shared[right]) + min(tails_a[left], tails_b[right])
            hope |= 2.0 * most >= threshold * (counts_a[left] + counts_b[right])
        if not hope:
            continue
        _add_shared(rows[left], columns, words // 2, words, shared)
        for right in range(first_right * (left + 1), size):
            if 2.0 * np.int64(shared[right]) >= threshold * (counts_a[left] + counts_b[right]):
                found[number, 0], found[number, 1], found[number, 2] = left, right, np.int64(shared[right])
                number += 1
    return number
