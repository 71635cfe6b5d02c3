"""Columns of a batch before and after conversion, and the faults found on the way.

A source column is held as its distinct texts and an index into them. Whatever is done to a cell is done once to each
distinct text; the rows follow by indexing. This is what makes intake fast, and what lets it be plain Python.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from palermo.intake.lookup import NoCode

Index = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Value = TypeVar("Value")


@dataclass(frozen=True)
class SourceColumn:
    """One source column: row ``i`` holds ``texts[index[i]]``."""

    name: str
    texts: tuple[str, ...]
    index: Index

    @classmethod
    def of(cls, name: str, column: pa.ChunkedArray) -> "SourceColumn":
        """Take apart a dictionary-encoded column."""
        array = column.combine_chunks()
        if isinstance(array, pa.ChunkedArray):  # an empty column stays chunked
            array = pa.array([], pa.string())
        if not pa.types.is_dictionary(array.type):
            array = array.dictionary_encode()
        index = array.indices.to_numpy(zero_copy_only=False).astype(np.int64, copy=False)
        return cls(name, tuple(array.dictionary.to_pylist()), index)

    def text(self, row: int) -> str:
        """The text of one row of the batch."""
        return self.texts[int(self.index[row])]


@dataclass(frozen=True)
class Fault:
    """Cells of one column that cannot be accepted: the row of the batch, and what was found and expected there."""

    column: str
    rows: Index
    found: Callable[[int], str]
    why: Callable[[int], NoCode]


@dataclass(frozen=True)
class Read(Generic[Value]):
    """The values of the distinct texts of a column; ``faults`` has the cells that gave none."""

    values: list[Value | None]
    faults: list[Fault]


def read_texts(column: SourceColumn, reader: Callable[[str], Value | NoCode]) -> Read[Value]:
    """Apply ``reader`` to each distinct text."""
    results = [reader(text) for text in column.texts]
    reasons = {i: result for i, result in enumerate(results) if isinstance(result, NoCode)}
    values = [None if isinstance(result, NoCode) else result for result in results]
    if not reasons:
        return Read(values, [])
    faulty = np.zeros(len(results), np.bool_)
    faulty[list(reasons)] = True
    rows = np.flatnonzero(faulty[column.index])
    fault = Fault(column.name, rows, column.text, lambda row: reasons[int(column.index[row])])
    return Read(values, [fault] if len(rows) else [])


def coded(values: Sequence[str | None], index: Index) -> pa.DictionaryArray:
    """A dictionary-encoded text column: row ``i`` holds ``values[index[i]]``."""
    distinct = {value: i for i, value in enumerate(dict.fromkeys(v for v in values if v is not None))}
    places = np.array([distinct.get(v, -1) if v is not None else -1 for v in values], np.int32)
    indices = places[index] if len(places) else np.empty(0, np.int32)
    return pa.DictionaryArray.from_arrays(
        pa.array(indices, pa.int32(), mask=indices < 0), pa.array(list(distinct), pa.string())
    )


def repeated(value: str | None, count: int) -> pa.DictionaryArray:
    """A column that holds one text in every row."""
    return coded([value], np.zeros(count, np.int64))


def taken(values: Sequence[object], kind: pa.DataType, index: Index) -> pa.Array:
    """A column of another type: row ``i`` holds ``values[index[i]]``."""
    return pa.array(values, kind).take(pa.array(index))
