"""Rows of a message as text, made column by column: no Python object per observation.

A fragment is the text that one column gives to a row; it is empty where the column has no value. Fragments are joined
row by row in Arrow, and the bytes of the joined column are what is sent.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from palermo.report.sdmx.query import Selection
from palermo.report.sdmx.table import changes

CHUNK = 16_384  # rows that are made at a time; four times as many take four times the memory and no less time
Escape = Sequence[tuple[str, str]]
XML: Escape = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"))
JSON: Escape = (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t"))


def chunks(selection: Selection) -> Iterator[tuple[pa.Table, npt.NDArray[np.bool_]]]:
    """The table in pieces, each with the rows at which a series begins."""
    fresh = changes(selection.table, selection.series_dimensions)
    for start in range(0, selection.table.num_rows, CHUNK):
        piece = selection.table.slice(start, CHUNK)
        yield piece, fresh[start : start + CHUNK]


def fragment(column: pa.Array, before: str, after: str, escape: Escape = ()) -> pa.Array:
    """``before``, the value and ``after`` for each row; nothing where there is no value."""
    if pa.types.is_dictionary(column.type):
        return fragment(column.dictionary.cast(pa.string()), before, after, escape).take(column.indices).fill_null("")
    text = pc.cast(column, pa.string())
    for found, written in escape if pa.types.is_string(column.type) else ():
        text = pc.replace_substring(text, found, written)
    return pc.binary_join_element_wise(before, text, after, "").fill_null("")


def whole(piece: pa.Table, name: str) -> pa.Array:
    """A column of a piece as one array."""
    column = piece[name]
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def joined(parts: Sequence[pa.Array | str]) -> pa.Array:
    """Fragments and fixed texts joined row by row."""
    return pc.binary_join_element_wise(*parts, "")


def at_rows(mask: npt.NDArray[np.bool_], make: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """What ``make`` gives for the places of the marked rows, and nothing in the others."""
    empty = pa.repeat("", len(mask))
    marked = np.flatnonzero(mask)
    return pc.replace_with_mask(empty, pa.array(mask), make(pa.array(marked))) if len(marked) else empty


def in_bytes(column: pa.Array) -> bytes:
    """All texts of a column, one after the other."""
    if not len(column):
        return b""
    _, offsets, data = column.buffers()
    ends = np.frombuffer(offsets, np.int32)
    first, last = int(ends[column.offset]), int(ends[column.offset + len(column)])
    return bytes(data.slice(first, last - first).to_pybytes()) if data is not None else b""
