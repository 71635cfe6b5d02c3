"""All pairs of many encodings whose Dice coefficient reaches a threshold: no blocking, so nothing is lost before it.

The decision a reader would question: equal encodings are compared once, and their pairs written out afterwards. Where
more than ``MOST_EQUAL`` are equal, only the first stands for all in pairs with others, and each of the rest is paired
with the first: a million equal records would otherwise give 500 billion pairs that say nothing.
"""

from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from os import cpu_count
from typing import Any

import numpy as np
import numpy.typing as npt

from palermo.errors import RefusedError
from palermo.linkage.encoding.compare_kernel import TILE, compare_tile, count_ones
from palermo.linkage.encoding.encode import Bytes
from palermo.progress import Progress

Ints = npt.NDArray[np.int64]
MOST_EQUAL = 20
MOST_PAIRS = 40_000_000  # about 1 GB


@dataclass(frozen=True)
class Candidates:
    """Pairs at or above the threshold: rows of both encodings (left < right) and Dice; the number of pairs compared."""

    left: Ints
    right: Ints
    dice: npt.NDArray[np.float64]
    compared: int


@dataclass(frozen=True)
class _Sorted:
    """Distinct encodings in the order of their bit counts, both row by row and, tile by tile, word by word."""

    rows: npt.NDArray[np.uint64]
    columns: list[npt.NDArray[np.uint64]]
    counts: Ints
    tails: Ints
    places: Ints  # row of each in the encodings as given

    def left(self, start: int) -> tuple[Any, Any, Any]:
        part = slice(start, start + TILE)
        return self.rows[part], self.counts[part], self.tails[part]

    def right(self, start: int) -> tuple[Any, Any, Any]:
        part = slice(start, start + TILE)
        return self.columns[start // TILE], self.counts[part], self.tails[part]


def compare(bits: Bytes, threshold: float, progress: Progress = None, most: int = MOST_PAIRS) -> Candidates:
    """All pairs of the rows of ``bits`` with a Dice coefficient of at least ``threshold`` (above 0).

    Refused where more than ``most`` pairs reach it: the threshold is too low, or the records look alike.
    """
    first, kind = _distinct(bits)
    ready = _sorted(bits, first)
    total = len(first) * (len(first) - 1) / 2
    parts: list[npt.NDArray[np.int32 | np.int64]] = []
    kept, done = 0, 0.0
    for work, part in _each_block(ready, threshold):
        parts.append(part)
        kept, done = kept + len(part), done + work
        if kept > most:
            raise RefusedError(
                f"More than {most:,} pairs reach the threshold {threshold:g}: the records look too much alike, or the "
                "threshold is too low. Raise it, or ask the organisations how many records have no name."
            )
        if progress:
            progress(done, total, f"{kept:,} pairs found")
    pairs = np.concatenate(parts) if parts else np.zeros((0, 3), np.int64)
    return _as_candidates(ready, pairs.astype(np.int64), (first, kind))


def _distinct(bits: Bytes) -> tuple[Ints, Ints]:
    """The first row of each distinct encoding, and for each row the number of its kind."""
    whole = np.ascontiguousarray(bits).view(np.dtype((np.void, bits.shape[1]))).ravel()
    _, first, kind = np.unique(whole, return_index=True, return_inverse=True)
    return first.astype(np.int64), kind.astype(np.int64)


def _sorted(bits: Bytes, first: Ints) -> _Sorted:
    words = np.ascontiguousarray(bits[first]).view(np.uint64)
    counts, tails = np.zeros(len(words), np.int64), np.zeros(len(words), np.int64)
    count_ones(words, counts, tails)
    order = np.argsort(counts, kind="stable")
    rows = np.ascontiguousarray(words[order])
    columns = [np.ascontiguousarray(rows[start : start + TILE].T) for start in range(0, len(rows), TILE)]
    return _Sorted(rows, columns, counts[order], tails[order], first[order])


def _each_block(ready: _Sorted, threshold: float) -> Iterator[tuple[float, npt.NDArray[np.int64]]]:
    """Each tile of lefts with all later tiles in turn, on all processors; what is found comes in a fixed order."""
    starts = list(range(0, len(ready.rows), TILE))
    workers = cpu_count() or 1
    with ThreadPoolExecutor(workers) as pool:
        waiting: dict[int, Future[npt.NDArray[np.int64]]] = {}
        asked = 0
        try:
            for number, start in enumerate(starts):
                while asked < len(starts) and asked < number + 4 * workers:
                    waiting[asked] = pool.submit(_block, ready, starts[asked], threshold)
                    asked += 1
                future = waiting.pop(number)
                while not wait([future], timeout=0.5, return_when=FIRST_COMPLETED).done:
                    pass  # short waits let Ctrl-C through
                size = min(TILE, len(ready.rows) - start)
                yield size * (len(ready.rows) - start - (size + 1) / 2), future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _block(ready: _Sorted, start: int, threshold: float) -> npt.NDArray[np.int64]:
    """What one tile of lefts has in common with itself and all later ones."""
    found = np.zeros((TILE * TILE, 3), np.int64)
    lefts, parts = ready.left(start), []
    largest = lefts[1][-1]
    for other in range(start, len(ready.rows), TILE):
        rights = ready.right(other)
        # Dice is at most 2 a / (a + b) where a <= b are the bit counts.
        if 2.0 * largest < threshold * (largest + rights[1][0]):
            break
        number = compare_tile(lefts, rights, threshold, int(other == start), found)
        if number:
            part = found[:number].copy()
            part[:, 0] += start
            part[:, 1] += other
            parts.append(part)
    return np.concatenate(parts) if parts else found[:0]


def _as_candidates(ready: _Sorted, pairs: Ints, kinds: tuple[Ints, Ints]) -> Candidates:
    """Pairs of given rows in their order, with those of equal encodings written out."""
    first, kind = kinds
    total = ready.counts[pairs[:, 0]] + ready.counts[pairs[:, 1]]
    dice = 2.0 * pairs[:, 2] / np.maximum(total, 1)
    members = _Members(kind, first)
    one, other, source = members.products(kind[ready.places[pairs[:, 0]]], kind[ready.places[pairs[:, 1]]])
    equal_one, equal_other = members.equals()
    one, other = np.concatenate([one, equal_one]), np.concatenate([other, equal_other])
    dice = np.concatenate([dice[source], np.ones(len(equal_one))])
    left, right = np.minimum(one, other), np.maximum(one, other)
    order = np.lexsort((right, left))
    return Candidates(left[order], right[order], dice[order], len(first) * (len(first) - 1) // 2)


class _Members:
    """Which rows share one encoding: kinds of at most ``MOST_EQUAL`` rows stand in full, others by their first row."""

    def __init__(self, kind: Ints, first: Ints) -> None:
        self.kind, self.first = kind, first
        self.order = np.argsort(kind, kind="stable").astype(np.int64)
        self.sizes = np.bincount(kind, minlength=len(first)).astype(np.int64)
        self.starts = np.cumsum(self.sizes) - self.sizes
        self.standing = np.where(self.sizes > MOST_EQUAL, 1, self.sizes)

    def products(self, ones: Ints, others: Ints) -> tuple[Ints, Ints, Ints]:
        """Every row of the one kind with every row of the other, and which pair of kinds each came from."""
        width = self.standing[others]
        count = self.standing[ones] * width
        source = np.repeat(np.arange(len(ones)), count)
        place = np.arange(len(source)) - np.repeat(np.cumsum(count) - count, count)
        one = self.order[self.starts[ones[source]] + place // width[source]]
        return one, self.order[self.starts[others[source]] + place % width[source]], source

    def equals(self) -> tuple[Ints, Ints]:
        """Pairs within kinds: all in small ones, each with the first in large ones."""
        small = np.flatnonzero((self.sizes > 1) & (self.sizes <= MOST_EQUAL))
        one, other, _ = self.products(small, small)
        kept = one < other
        large = np.flatnonzero(
            (self.sizes > MOST_EQUAL)[self.kind] & (self.first[self.kind] != np.arange(len(self.kind)))
        )
        return np.concatenate([one[kept], self.first[self.kind[large]]]), np.concatenate([other[kept], large])
