"""Rows of the cube: blocks of one indicator each, joined, put in order and stamped with their receipts.

The receipt of a row is a hash of what the figure is (indicator, version, codes) and of what it was counted from (hashes
of the inputs, rules), and of nothing else: the same figure from the same files has the same receipt on any machine.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from palermo.account.definition import Definition
from palermo.account.schema import CUBE, DIMENSIONS

KEY = ("measure", "unit", "kind", *DIMENSIONS)
RECEIPT_LENGTH = 16
_TEXT = pa.string()

# What a dimension says where an indicator does not use it: the total, or that it does not apply.
DEFAULTS = {
    "persons": dict.fromkeys(DIMENSIONS, "_T"),
    "cases": dict.fromkeys(DIMENSIONS, "_T"),
    "suspects": dict.fromkeys(DIMENSIONS, "_Z") | {"sex": "_T", "age": "_T", "citizenship": "_T"},
    "observations": dict.fromkeys(DIMENSIONS, "_Z") | {"sex": "_T", "age": "_T"},
    "estimates": dict.fromkeys(DIMENSIONS, "_T"),
    "cube": dict.fromkeys(DIMENSIONS, "_Z") | {"sex": "_T", "age": "_T"},
}


def block(definition: Definition, columns: Mapping[str, Any], length: int, confidential: bool) -> pa.Table:
    """Rows of one indicator without their receipts. A column is an array, or one value for all rows.

    Give ``value`` alone where all figures are exact; else also ``lower`` and ``upper``.
    """
    given = {
        "indicator": definition.id,
        "measure": definition.measure,
        "unit": definition.unit,
        "kind": definition.kind,
        "obs_status": "A",
        "confidential": confidential,
        **DEFAULTS[definition.table],
        **columns,
    }
    given.setdefault("lower", given["value"])
    given.setdefault("upper", given["value"])
    made = [_column(given[field.name], field.type, length) for field in CUBE if field.name != "receipt_id"]
    return pa.Table.from_arrays(made, names=[field.name for field in CUBE if field.name != "receipt_id"])


def _column(given: Any, kind: pa.DataType, length: int) -> pa.Array:
    if isinstance(given, pa.Array | pa.ChunkedArray):
        return given.cast(kind)
    if isinstance(given, np.ndarray | list):
        return pa.array(given, type=kind, from_pandas=True)
    return pa.repeat(pa.scalar(given, kind), length)


def assemble(blocks: Sequence[pa.Table], bases: Mapping[str, str]) -> pa.Table:
    """One cube of all blocks, sorted by indicator and codes, each row with its receipt.

    ``bases`` holds, by indicator, the hash of what its rows have in common.
    """
    without = pa.schema([field for field in CUBE if field.name != "receipt_id"])
    joined = pa.concat_tables(blocks) if blocks else without.empty_table()
    keys = pc.binary_join_element_wise(*[joined[name] for name in KEY], "\x1f")
    order = pc.sort_indices(pa.table({"i": joined["indicator"], "k": keys}), [("i", "ascending"), ("k", "ascending")])
    joined, keys = joined.take(order), keys.take(order)
    hashes = {indicator: hashlib.sha256(base.encode()) for indicator, base in bases.items()}
    receipts = []
    for indicator, key in zip(joined["indicator"].to_pylist(), keys.to_pylist(), strict=True):
        digest = hashes[indicator].copy()
        digest.update(key.encode())
        receipts.append(digest.hexdigest()[:RECEIPT_LENGTH])
    return joined.append_column("receipt_id", pa.array(receipts, _TEXT)).select(CUBE.names).cast(CUBE)
