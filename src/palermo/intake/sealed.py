"""Persons under seal (witness protection, an order of a court): which accepted records are theirs.

The decision a reader would question: an answer that is neither yes nor no puts the row into quarantine. Taken for a no,
it would count a sealed person in every small table; taken for a yes, nobody would find the mistake.
"""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from palermo.intake.columns import Fault, Mask, SourceColumn, read_texts
from palermo.intake.lookup import NoCode
from palermo.intake.mapping import NO, YES
from palermo.intake.schema import SEALED


def sealed_marks(header: str | None, source: Mapping[str, SourceColumn]) -> tuple[Mask | None, list[Fault]]:
    """Which rows of a batch are under seal (None where no column says it), and the cells that say neither."""
    if header is None:
        return None, []
    column = source[header]
    read = read_texts(column, _answer)
    return np.array([value is True for value in read.values], np.bool_)[column.index], read.faults


def _answer(text: str) -> bool | NoCode:
    plain = text.strip().casefold()
    if plain in YES:
        return True
    if not plain or plain in NO:
        return False
    return NoCode("yes or no (blank is no)", "does not say whether the person is under seal")


def sealed_table(cases: Mapping[str, pa.Array], marks: Mask, kept: Mask | None) -> pa.Table:
    """The rows of ``SEALED`` among the accepted rows."""
    table = pa.table([_plain(cases[field.name]).cast(field.type) for field in SEALED], schema=SEALED)
    return table.filter(pa.array(marks if kept is None else marks & kept))


def _plain(column: pa.Array) -> pa.Array:
    return pc.dictionary_decode(column) if pa.types.is_dictionary(column.type) else column
