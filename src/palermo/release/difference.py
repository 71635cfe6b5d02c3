"""What differs between two releases as published: revised figures, and what is now hidden or shown. No true value.

The decision a reader would question: rows that are alike in both are set aside by numbers before any row is read, since
releases of many countries hold a great many of them and differ in few.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from palermo.release.rules import FREE
from palermo.release.schema import KEY

REVISED, NOW_HIDDEN, NOW_SHOWN, ADDED, GONE = (
    "revised",
    "now hidden",
    "now shown",
    "only in the later",
    "only in the earlier",
)
SEEN = (*KEY, "value", "lower", "upper", "conf_status")
NUMBERS_AT_MOST = 2**62
Codes = tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """One figure that is not the same in both. ``before`` and ``after`` are as published, None where hidden."""

    what: str
    codes: Mapping[str, str]
    before: float | None
    after: float | None

    def summary(self) -> dict[str, Any]:
        """As plain data."""
        return {"what": self.what, **self.codes, "before": self.before, "after": self.after}


def differences(before: pa.Table, after: pa.Table) -> list[Difference]:
    """All differences of two released cubes, in the order of their codes."""
    old, new = (_by_codes(cube) for cube in _unlike(before, after))
    found = []
    for codes in sorted(old.keys() | new.keys()):
        what = _what(old.get(codes), new.get(codes))
        if what:
            named = {name: code for name, code in zip(KEY, codes, strict=True) if code not in {"_T", "_Z"}}
            found.append(Difference(what, named, _value(old.get(codes)), _value(new.get(codes))))
    return found


def _unlike(before: pa.Table, after: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Both cubes without the rows that stand in the other just so."""
    numbers, size = np.zeros(before.num_rows + after.num_rows, np.int64), 1
    for name in SEEN:
        chunks = (*before[name].chunks, *after[name].cast(before[name].type).chunks)
        column = pa.chunked_array(chunks, before[name].type).combine_chunks().dictionary_encode("encode")
        if size * len(column.dictionary) > NUMBERS_AT_MOST:
            known, numbers = np.unique(numbers, return_inverse=True)
            size = len(known)
        size *= len(column.dictionary)
        numbers = numbers * len(column.dictionary) + column.indices.to_numpy(zero_copy_only=False)
    old, new = np.split(numbers, [before.num_rows])
    return before.filter(~np.isin(old, new)), after.filter(~np.isin(new, old))


def _by_codes(cube: pa.Table) -> dict[Codes, Mapping[str, Any]]:
    return {tuple(str(row[name]) for name in KEY): row for row in cube.to_pylist()}


def _what(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> str:
    if old is None or new is None:
        return ADDED if old is None else GONE
    shown = old["conf_status"] == FREE, new["conf_status"] == FREE
    if shown == (True, False):
        return NOW_HIDDEN
    if shown == (False, True):
        return NOW_SHOWN
    return REVISED if _figures(old) != _figures(new) and shown[0] else ""


def _figures(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["value"], row["lower"], row["upper"]


def _value(row: Mapping[str, Any] | None) -> float | None:
    return None if row is None or row["conf_status"] != FREE else row["value"]
