"""The identifying part of accepted records, as written: made beside the cases table and kept apart from it.

The decision a reader would question: nothing of a name or a birth date is checked here. A birth date of which only the
year is known is no fault, and a message about it would repeat it; linkage reads what it can and counts what it cannot.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from palermo.intake.columns import Mask, SourceColumn, repeated
from palermo.intake.identity import Identity
from palermo.intake.schema import IDENTITIES

_FROM_CASES = ("list", "record_id", "source_row", "age", "year", "sex", "citizenship")
_NOTHING = pa.array(["_U", "_N", "_Z"])
BETWEEN_NAMES = "; "


def identities_table(
    identity: Identity, source: Mapping[str, SourceColumn], cases: Mapping[str, pa.Array], kept: Mask | None
) -> pa.Table:
    """The rows of ``IDENTITIES`` that belong to the accepted rows of a batch, in their order."""
    count = len(cases["source_row"])
    made = {name: _coded(cases[name]) for name in _FROM_CASES}
    for name in ("given_name", "family_name", "full_name", "birth_date", "place"):
        made[name] = _texts(getattr(identity, name), identity, source, count)
    made["other_names"] = _joined([_texts(header, identity, source, count) for header in identity.other_names], count)
    made["date_format"] = repeated(identity.date_format, count).cast(pa.string())
    columns = [made[field.name].cast(field.type) for field in IDENTITIES]
    table = pa.table(columns, schema=IDENTITIES)
    return table if kept is None else table.filter(pa.array(kept))


def _coded(column: pa.Array) -> pa.Array:
    """A column of the cases table; the codes for nothing become null."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(pa.string())
    if not pa.types.is_string(column.type):
        return column
    return pc.if_else(pc.is_in(column, value_set=_NOTHING), pa.scalar(None, pa.string()), column)


def _texts(header: str | None, identity: Identity, source: Mapping[str, SourceColumn], count: int) -> pa.Array:
    """The cells of a column without outer spaces; null where they say nothing."""
    if header is None or header not in source:
        return pa.nulls(count, pa.string())
    blanks = {text.strip().casefold() for text in ("", *identity.unknown)}
    column = source[header]
    plain = (" ".join(text.split()) for text in column.texts)
    texts = pa.array([None if text.casefold() in blanks else text for text in plain], pa.string())
    return texts.take(pa.array(column.index))


def _joined(columns: Sequence[pa.Array], count: int) -> pa.Array:
    if not columns:
        return pa.nulls(count, pa.string())
    joined = pc.binary_join_element_wise(*columns, BETWEEN_NAMES, null_handling="skip")
    empty = np.logical_and.reduce([column.is_null().to_numpy(zero_copy_only=False) for column in columns])
    return pc.if_else(pa.array(empty), pa.scalar(None, pa.string()), joined)
