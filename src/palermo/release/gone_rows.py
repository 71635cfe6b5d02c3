"""Rows that earlier releases hid and that the account no longer makes.

What nobody was asked has no row, so a row that is gone says "nobody". Where an earlier release hid that nobody was
there, to guard another figure, the missing row would tell it. The decision a reader would question: such a row stays,
hidden, and only as long as a figure printed before needs it; it is never printed as zero.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from palermo.account.schema import DIMENSIONS
from palermo.release.across import Earlier
from palermo.release.hold import is_counted
from palermo.release.rules import FREE

Rows = list[dict[str, Any]]
_CODES = ("indicator", "measure", "unit", "kind", *DIMENSIONS)


def gone(rows: Sequence[dict[str, Any]], earlier: Sequence[Earlier]) -> Rows:
    """The rows of nobody that an earlier release hid, of the tables that are still made."""
    there = {_codes(row) for row in rows}
    tables = {(row["indicator"], row["ref_area"]) for row in rows}
    found = {}
    for one in earlier:
        for row, published in zip(one.rows, one.published, strict=True):
            hidden = published["conf_status"] != FREE and is_counted(row) and row["value"] == 0
            if hidden and _codes(row) not in there and (row["indicator"], row["ref_area"]) in tables:
                found[_codes(row)] = dict(row)
    return list(found.values())


def needed(rows: Rows, protected: Rows, added: int) -> tuple[Rows, Rows]:
    """True and protected rows without those of the last ``added`` that need not be hidden any more."""
    first = len(rows) - added
    kept = [number for number in range(len(rows)) if number < first or protected[number]["conf_status"] != FREE]
    return [rows[number] for number in kept], [protected[number] for number in kept]


def _codes(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(row[name] for name in _CODES)
