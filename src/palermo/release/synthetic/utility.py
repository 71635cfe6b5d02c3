"""How far a synthetic file is from the true one: errors over every combination of values, present or invented.

A combination is one value for each column of a set S of k columns; blanks are no value. ``c`` is its count in the true
file, ``s`` in the released one, never rescaled. Definitions: Palermo's notes on disclosure, section 3.

The decision a reader would question: sums run over combinations that are in *either* file. Reports that average over
those in both leave out exactly what was invented and what was lost.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.integer]
Columns = tuple[int, ...]
Tally = Mapping[Columns, tuple[Ints, npt.NDArray[np.float64]]]
"""For each set of columns: sorted keys of its combinations, and their counts."""

_LARGE = 50  # mre50: relative errors are read where they mean something
_WELL_HELD = 10  # miss10: combinations that many persons share
_DENSE = 4  # a table of up to this many cells a row is counted by position, not by sorting


@dataclass(frozen=True)
class Errors:
    """Errors of one length k. Shares are from 0 to 1; None where nothing is there to take a share of.

    ``wape``: sum of errors over sum of true counts. ``mace``: mean error of a combination. ``mre50``, ``medre50``: mean
    and median relative error where the true count is at least 50. ``fab``: invented combinations among the released,
    ``fabmass`` their share of the released counts. ``miss``: true combinations that are gone; ``miss10`` among those of
    ten or more.
    """

    length: int
    true_combinations: int
    released_combinations: int
    wape: float | None
    mace: float | None
    mre50: float | None
    medre50: float | None
    fab: float | None
    fabmass: float | None
    miss: float | None
    miss10: float | None

    def summary(self) -> dict[str, float | int | None]:
        """As plain data."""
        return asdict(self)


def distinct_rows(values: Codes, weights: Ints | None = None) -> tuple[Codes, Ints]:
    """The distinct rows of a matrix of codes, and how often each occurs."""
    if not len(values):
        return values, np.zeros(0, np.int64)
    rows, where = np.unique(values, axis=0, return_inverse=True)
    held = np.ones(len(values)) if weights is None else weights
    return rows, np.bincount(where.ravel(), weights=held, minlength=len(rows)).astype(np.int64)


def radix_of(*files: Codes) -> Ints:
    """How many codes each column has, blank included, in files coded alike."""
    tops = [file.max(axis=0) for file in files if len(file)]
    return np.maximum.reduce(tops).astype(np.int64) + 1 if tops else np.ones(files[0].shape[1], np.int64)


def tally(values: Codes, weights: Ints, length: int, radix: Ints) -> Tally:
    """Count every combination of ``length`` values. Rows without a value in a column leave that branch, so that sparse
    files are counted in little time."""
    return dict(_branch((), np.zeros(len(values), np.int64), values, weights, length, radix))


def _branch(
    chosen: Columns, keys: Ints, values: Codes, weights: Ints, length: int, radix: Ints
) -> Iterator[tuple[Columns, tuple[Ints, npt.NDArray[np.float64]]]]:
    left = length - len(chosen)
    if not left:
        size = int(np.prod([radix[column] for column in chosen]))
        yield chosen, _counted(keys, weights, size)
        return
    first = chosen[-1] + 1 if chosen else 0
    for column in range(first, values.shape[1] - left + 1):
        held = np.flatnonzero(values[:, column])
        if len(held):
            below = values[held]
            deeper = keys[held] * radix[column] + below[:, column]
            yield from _branch((*chosen, column), deeper, below, weights[held], length, radix)


def _counted(keys: Ints, weights: Ints, size: int) -> tuple[Ints, npt.NDArray[np.float64]]:
    if size <= _DENSE * len(keys):
        counts = np.bincount(keys, weights=weights, minlength=size)
        found = np.flatnonzero(counts)
        return found.astype(np.int64), counts[found].astype(np.float64)
    distinct, where = np.unique(keys, return_inverse=True)
    return distinct, np.bincount(where, weights=weights, minlength=len(distinct)).astype(np.float64)


def errors(true: Tally, released: Tally, length: int) -> Errors:
    """The errors of the released counts of one length against the true ones."""
    pairs = [_joined(true.get(columns), released.get(columns)) for columns in sorted({*true, *released})]
    c = np.concatenate([one for one, _ in pairs]) if pairs else np.zeros(0)
    s = np.concatenate([two for _, two in pairs]) if pairs else np.zeros(0)
    gap = np.abs(s - c)
    real, shown = c > 0, s > 0
    relative = gap[c >= _LARGE] / c[c >= _LARGE]
    return Errors(
        length,
        int(real.sum()),
        int(shown.sum()),
        wape=_share(gap.sum(), c.sum()),
        mace=_share(gap.sum(), len(c)),
        mre50=float(relative.mean()) if len(relative) else None,
        medre50=float(np.median(relative)) if len(relative) else None,
        fab=_share((shown & ~real).sum(), shown.sum()),
        fabmass=_share(s[shown & ~real].sum(), s.sum()),
        miss=_share((real & ~shown).sum(), real.sum()),
        miss10=_share(((c >= _WELL_HELD) & ~shown).sum(), (c >= _WELL_HELD).sum()),
    )


def _share(part: float, whole: float) -> float | None:
    return float(part) / float(whole) if whole else None


_Counts = tuple[Ints, npt.NDArray[np.float64]]


def _joined(true: _Counts | None, released: _Counts | None) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The two counts of every combination that either has."""
    nothing = (np.zeros(0, np.int64), np.zeros(0))
    (true_keys, c), (released_keys, s) = true or nothing, released or nothing
    keys = np.union1d(true_keys, released_keys)
    both = np.zeros((2, len(keys)))
    both[0, np.searchsorted(keys, true_keys)] = c
    both[1, np.searchsorted(keys, released_keys)] = s
    return both[0], both[1]


def file_errors(true: Codes, released: Codes, lengths: tuple[int, ...] = (1, 2, 3, 4)) -> dict[int, Errors]:
    """The errors of the rows of a released file, for each length. Both files are coded alike."""
    radix = radix_of(true, released)
    files = distinct_rows(true), distinct_rows(released)
    kept = [length for length in lengths if length <= true.shape[1]]
    return {k: errors(tally(*files[0], k, radix), tally(*files[1], k, radix), k) for k in kept}


def table_distance(true: Codes, released: Codes, length: int) -> tuple[float, float]:
    """Total variation distance of the tables of ``length`` columns, blank being a value here: mean and maximum over all
    sets of columns (tvd, tvdmax)."""
    radix = radix_of(true, released)
    (rows, held), (made, weight) = distinct_rows(true), distinct_rows(released)
    both = np.concatenate([rows, made]).astype(np.int64)
    shares = np.concatenate([held / max(held.sum(), 1), -weight / max(weight.sum(), 1)])
    found = []
    for columns in combinations(range(both.shape[1]), length):
        keys = np.zeros(len(both), np.int64)
        for column in columns:
            keys = keys * radix[column] + both[:, column]
        _, where = np.unique(keys, return_inverse=True)
        found.append(0.5 * float(np.abs(np.bincount(where, weights=shares)).sum()))
    return float(np.mean(found)), float(np.max(found))
