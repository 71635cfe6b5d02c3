"""Counting combinations of up to four attributes over distinct rows, and listing those that may be counted next.

A combination is one 64-bit key: its attribute numbers (from 1, rising), 16 bits each. A combination is a candidate
when all its parts one shorter survived; both the counting of rows and the listing of candidates keep to that rule,
so that the one finds exactly the non-zero candidates of the other (a law in the tests). The decision a reader would
question: candidates are listed in full, zeros included, because each gets its own noise.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from palermo.release.synthetic.coded import Matrix, Whole

Bits = npt.NDArray[np.uint8]
Key = int | np.int64

_EMPTY = -1
_MIX = np.uint64(0x9E3779B97F4A7C15)
_FIELD = 16
_MASK = (1 << _FIELD) - 1


@njit(cache=True, nogil=True)
def slot_of(key: Key, slots: Whole) -> int:
    """Slot of the key, or of the empty place where it would go."""
    h = np.uint64(key) * _MIX
    h ^= h >> np.uint64(29)
    h *= _MIX
    mask = slots.shape[0] - 1
    place: int = np.int64(h >> np.uint64(20)) & mask
    while slots[place] != _EMPTY and slots[place] != key:
        place = (place + 1) & mask
    return place


@njit(cache=True, nogil=True)
def _fill(keys: Whole, slots: Whole, values: Matrix) -> None:
    for i in range(keys.shape[0]):
        place = slot_of(keys[i], slots)
        slots[place] = keys[i]
        values[place] = i


@dataclass(frozen=True)
class Index:
    """Position of a key in a list of keys: open addressing, at most half full."""

    slots: Whole
    values: Matrix

    @classmethod
    def of(cls, keys: Whole, room: int = 0) -> "Index":
        """Index of ``keys``, with room for ``room`` more."""
        size = 1 << max(4, int(2 * (len(keys) + room) - 1).bit_length())
        slots = np.full(size, _EMPTY, dtype=np.int64)
        values = np.full(size, -1, dtype=np.int32)
        _fill(keys, slots, values)
        return cls(slots, values)


def key_columns(keys: Whole, length: int) -> Matrix:
    """Attribute numbers of the keys, one row a combination."""
    shifts = np.arange(length - 1, -1, -1, dtype=np.int64) * _FIELD
    return ((keys[:, None] >> shifts[None, :]) & _MASK).astype(np.int32)


@njit(cache=True, nogil=True)
def paired(pairs: Bits, a: Key, b: Key) -> bool:
    return bool((pairs[a, b >> 3] >> (b & 7)) & 1 == 1)


@njit(cache=True, nogil=True)
def _add(key: Key, weight: int, slots: Whole, counts: Whole, used: int) -> int:
    place = slot_of(key, slots)
    if slots[place] == _EMPTY:
        slots[place] = key
        used += 1
    counts[place] += weight
    return used


@njit(cache=True, nogil=True)
def _is_in(key: Key, slots: Whole) -> bool:
    return bool(slots[slot_of(key, slots)] == key)


@njit(cache=True, nogil=True)
def _count_fours(x: Matrix, weight: int, pairs: Bits, triples: Whole, slots: Whole, counts: Whole, used: int) -> int:
    t = x.shape[0]
    for i in range(t - 3):
        for j in range(i + 1, t - 2):
            if not paired(pairs, x[i], x[j]):
                continue
            ij = (np.int64(x[i]) << 16) | x[j]
            for k in range(j + 1, t - 1):
                if not _is_in((ij << 16) | x[k], triples):
                    continue
                il = (np.int64(x[i]) << 16) | x[k]
                jl = (np.int64(x[j]) << 16) | x[k]
                for m in range(k + 1, t):
                    if (
                        paired(pairs, x[k], x[m])
                        and _is_in((ij << 16) | x[m], triples)
                        and _is_in((il << 16) | x[m], triples)
                        and _is_in((jl << 16) | x[m], triples)
                    ):
                        used = _add((((ij << 16) | x[k]) << 16) | x[m], weight, slots, counts, used)
    return used


@njit(cache=True, nogil=True)
def _count_row(x: Matrix, weight: int, length: int, pairs: Bits, slots: Whole, counts: Whole, used: int) -> int:
    t = x.shape[0]
    for i in range(t - 1):
        for j in range(i + 1, t):
            ij = (np.int64(x[i]) << 16) | x[j]
            if length == 2:
                used = _add(ij, weight, slots, counts, used)
            elif paired(pairs, x[i], x[j]):
                for k in range(j + 1, t):
                    if paired(pairs, x[i], x[k]) and paired(pairs, x[j], x[k]):
                        used = _add((ij << 16) | x[k], weight, slots, counts, used)
    return used


@njit(cache=True, nogil=True)
def grown(slots: Whole, counts: npt.NDArray[Any]) -> tuple[Whole, npt.NDArray[Any]]:
    """A table twice as large with the same entries."""
    more = np.full(slots.shape[0] * 2, _EMPTY, dtype=np.int64)
    moved = np.zeros(slots.shape[0] * 2, dtype=counts.dtype)
    for i in range(slots.shape[0]):
        if slots[i] != _EMPTY:
            place = slot_of(slots[i], more)
            more[place] = slots[i]
            moved[place] = counts[i]
    return more, moved


@njit(cache=True, nogil=True)
def _count(
    rows: npt.NDArray[np.int16], weights: Whole, length: int, pairs: Bits, triples: Whole
) -> tuple[Whole, Whole]:
    slots = np.full(1 << 16, _EMPTY, dtype=np.int64)
    counts = np.zeros(1 << 16, dtype=np.int64)
    used = 0
    present = np.empty(rows.shape[1], dtype=np.int32)
    for r in range(rows.shape[0]):
        t = 0
        for j in range(rows.shape[1]):
            if rows[r, j] > 0:
                present[t] = rows[r, j]
                t += 1
        most = t * (t - 1) // 2
        if length > 2:
            most = most * (t - 2) // 3
        if length > 3:
            most = most * (t - 3) // 4
        while 2 * (used + most) > slots.shape[0]:
            slots, counts = grown(slots, counts)
        if length == 4:
            used = _count_fours(present[:t], weights[r], pairs, triples, slots, counts, used)
        else:
            used = _count_row(present[:t], weights[r], length, pairs, slots, counts, used)
    return slots, counts


def counted(
    rows: npt.NDArray[np.int16], weights: Whole, length: int, pairs: Bits, triples: Whole
) -> tuple[Whole, Whole]:
    """Keys (sorted) and counts of the candidates of ``length`` (2 to 4) that occur in the rows."""
    slots, counts = _count(rows, weights, length, pairs, triples)
    used = np.flatnonzero(slots != _EMPTY)
    order = used[np.argsort(slots[used])]
    return slots[order], counts[order]


def pair_bits(pairs: Whole, attributes: int) -> Bits:
    """Bit matrix of the surviving pairs, both ways round; attribute 0 is nobody."""
    bits = np.zeros((attributes + 1, (attributes >> 3) + 1), dtype=np.uint8)
    first, second = (pairs >> _FIELD), (pairs & _MASK)
    for a, b in ((first, second), (second, first)):
        np.bitwise_or.at(bits, (a, b >> 3), (1 << (b & 7)).astype(np.uint8))
    return bits


@njit(cache=True, nogil=True)
def _extend(
    parents: Whole, start: int, length: int, column: Matrix, pairs: Bits, triples: Whole, out: Whole
) -> tuple[int, int]:
    """Candidates from parents[start:]; stops before the buffer can overflow. Next start, number written."""
    attributes = column.shape[0] - 1
    written = 0
    p = start
    while p < parents.shape[0] and written + attributes <= out.shape[0]:
        c = np.int64(parents[p] & 0xFFFF)
        b = np.int64((parents[p] >> 16) & 0xFFFF)
        a = np.int64((parents[p] >> 32) & 0xFFFF)
        for d in range(c + 1, attributes + 1):
            if column[d] == column[c]:
                continue
            if length >= 3 and not (paired(pairs, c, d) and paired(pairs, b, d)):
                continue
            if length == 4:
                if not paired(pairs, a, d):
                    continue
                if not (
                    _is_in((((a << 16) | b) << 16) | d, triples)
                    and _is_in((((a << 16) | c) << 16) | d, triples)
                    and _is_in((((b << 16) | c) << 16) | d, triples)
                ):
                    continue
            out[written] = (parents[p] << 16) | d
            written += 1
        p += 1
    return p, written


Rules = tuple[Matrix, Bits, Whole]  # column of each attribute, surviving pairs, slots of the surviving triples


def candidates(parents: Whole, start: int, length: int, known: Rules, room: Whole) -> tuple[int, Whole]:
    """The next block of candidates of ``length``, in rising order of key, and where to go on."""
    column, pairs, triples = known
    start, written = _extend(parents, start, length, column, pairs, triples, room)
    return start, room[:written]
