"""Persons as small integers: one row a person, one column an attribute, 0 where the file has nothing.

A blank is the absence of an attribute and never counted as a value (the convention of the CTDC synthetic files). The
decision a reader would question: the codes of a column are part of the input and taken as public, known without
looking at any person. Where they were found in the data the column must be named in ``found`` and its codes be sorted
as text; only values that enough persons share are then let out, at a cost in delta.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from palermo.errors import UsageError

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

    def __post_init__(self) -> None:
        rows, width = self.values.shape
        if len(self.columns) != width or len(self.codes) != width:
            raise UsageError(f"{len(self.columns)} column names and {len(self.codes)} code lists for {width} columns")
        if len(set(self.columns)) != width:
            raise UsageError("two columns have the same name")
        if self.person is not None and self.person.shape != (rows,):
            raise UsageError(f"{self.person.shape[0]} person numbers for {rows} rows")
        if self.attributes > MOST_ATTRIBUTES:
            raise UsageError(
                f"{self.attributes:,} codes in all columns together; at most {MOST_ATTRIBUTES:,} can be counted"
            )
        sizes = [len(codes) for codes in self.codes]
        if rows and any(c.min() < 0 or c.max() > size for c, size in zip(self.values.T, sizes, strict=True)):
            raise UsageError("a value lies outside the code list of its column")

    @property
    def attributes(self) -> int:
        """Number of codes of all columns together."""
        return sum(len(codes) for codes in self.codes)

    @property
    def offsets(self) -> Whole:
        """Attribute number of code j (from 1) of a column is its offset + j: attributes are numbered from 1."""
        sizes = [len(codes) for codes in self.codes]
        return np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64) if sizes else np.empty(0, np.int64)
