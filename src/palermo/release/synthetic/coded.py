"""Persons as small integers: one row a person, one column an attribute, 0 where the file has nothing.

A blank is the absence of an attribute and never counted as a value (the convention of the CTDC synthetic files). The
decision a reader would question: the codes of a column are part of the input and taken as public, known without
looking at any person. Where they were found in the data the column must be named in ``found`` and its codes be sorted
as text; only values that enough persons share are then let out, at a cost in delta.
"""

from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from palermo.errors import UsageError

AnyInteger = TypeVar("AnyInteger", np.int16, np.int32)
Matrix = npt.NDArray[np.int32]
Whole = npt.NDArray[np.int64]

MOST_ATTRIBUTES = 32_767  # an attribute (a value of a column) takes 16 bits of a combination's key, one is the sign


@dataclass(frozen=True)
class Coded:
    """``values[i, j]`` is 0 (blank) or 1 + the position of the code in ``codes[j]``."""

    columns: tuple[str, ...]
    codes: tuple[tuple[str, ...], ...]
    values: Matrix
    person: Whole | None = None  # whose row it is, where one person may have several rows
    found: frozenset[str] = field(default_factory=frozenset)  # columns whose codes were read from the data itself
    weights: Whole | None = None  # persons of each row, where persons who are alike are one row; not with ``person``

    def __post_init__(self) -> None:
        rows, width = self.values.shape
        if len(self.columns) != width or len(self.codes) != width:
            raise UsageError(f"{len(self.columns)} column names and {len(self.codes)} code lists for {width} columns")
        if len(set(self.columns)) != width:
            raise UsageError("two columns have the same name")
        if self.person is not None and self.person.shape != (rows,):
            raise UsageError(f"{self.person.shape[0]} person numbers for {rows} rows")
        if self.weights is not None and (self.person is not None or self.weights.shape != (rows,)):
            raise UsageError("weights are one for each row, where the rows do not name their person")
        if self.attributes > MOST_ATTRIBUTES:
            raise UsageError(
                f"{self.attributes:,} codes in all columns together; at most {MOST_ATTRIBUTES:,} can be counted"
            )
        sizes = [len(codes) for codes in self.codes]
        if rows and any(c.min() < 0 or c.max() > size for c, size in zip(self.values.T, sizes, strict=True)):
            raise UsageError("a value lies outside the code list of its column")

    @property
    def rows(self) -> int:
        """Rows of the file, alike or not."""
        return len(self.values) if self.weights is None else int(self.weights.sum())

    @property
    def attributes(self) -> int:
        """Number of codes of all columns together."""
        return sum(len(codes) for codes in self.codes)

    @property
    def offsets(self) -> Whole:
        """Attribute number of code j (from 1) of a column is its offset + j: attributes are numbered from 1."""
        sizes = [len(codes) for codes in self.codes]
        return np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64) if sizes else np.empty(0, np.int64)


def distinct(rows: npt.NDArray[AnyInteger], weights: Whole | None = None) -> tuple[npt.NDArray[AnyInteger], Whole]:
    """Rows that differ, in the order of their codes, and how many there are of each."""
    if not rows.size:
        held = np.ones(len(rows), dtype=np.int64) if weights is None else weights
        return rows[:1], held.sum(keepdims=True)[: len(rows)]
    words = _words(rows)
    order = np.lexsort(words[::-1]) if len(words) > 1 else np.argsort(words[0], kind="stable")
    new = np.zeros(len(rows), dtype=np.bool_)
    new[0] = True
    for word in words:
        ordered = word[order]
        new[1:] |= ordered[1:] != ordered[:-1]
    starts = np.flatnonzero(new)
    held = np.diff(starts, append=len(rows)) if weights is None else np.add.reduceat(weights[order], starts)
    return rows[order[starts]], held.astype(np.int64)


def _words(rows: npt.NDArray[AnyInteger]) -> list[Whole]:
    """Each row as few whole numbers that order as its codes do."""
    words: list[Whole] = []
    room = 1
    for column in rows.T:
        radix = int(column.max()) + 1
        if not words or room * radix >= 1 << 62:
            words.append(column.astype(np.int64))
            room = radix
        else:
            words[-1] *= radix
            words[-1] += column
            room *= radix
    return words
