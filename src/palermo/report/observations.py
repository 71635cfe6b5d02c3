"""Rows of the released cube as observations: their codes, their unit and kind, and what may be known of their amount.

The decision a reader would question: an observation that is not in the release is ``ABSENT``. Bounds beside a value
are the interval of an estimate; beside a count they say that it was rounded.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from palermo.release.schema import DIMENSIONS
from palermo.report.amounts import NO_FIGURE, NOT_PUBLISHED, Amount, State, exact

NOT_BROKEN_DOWN = frozenset({"_T", "_Z"})
FREE = "F"
NOT_COUNTED = frozenset({"PERCENT", "RATIO", "PER_100K"})  # a value between bounds is an estimate, else it was rounded
ESTIMATED = "estimated"  # codes: kind


@dataclass(frozen=True)
class Observation:
    """One row of the released cube."""

    codes: Mapping[str, str]
    unit: str
    kind: str
    amount: Amount
    receipt_id: str
    indicator: str = ""
    measure: str = "_Z"
    interval: tuple[float, float] | None = None  # of an estimate whose value is set: its interval, not a hidden range

    def __getitem__(self, dimension: str) -> str:
        return self.codes[dimension]


def decimals_of(unit: str) -> int:
    """The decimals of a number that stands alone: none of a count, two of a share or a rate."""
    return 2 if unit in NOT_COUNTED else 0


ABSENT = Observation({}, "_Z", "_Z", NOT_PUBLISHED, "")


def observations_of(table: pa.Table) -> list[Observation]:
    """The rows of a released table as observations, in their order."""
    return [_observation(row) for row in table.to_pylist()]


def _observation(row: Mapping[str, Any]) -> Observation:
    codes = {dimension: row[dimension] for dimension in DIMENSIONS}
    return Observation(
        codes=codes,
        unit=row["unit"],
        kind=row["kind"],
        amount=amount_of(row),
        receipt_id=row["receipt_id"] or "",
        indicator=row["indicator"],
        measure=row["measure"],
        interval=_interval(row),
    )


def _bounds_apart(row: Mapping[str, Any]) -> bool:
    return row["lower"] is not None and row["upper"] is not None and row["lower"] != row["upper"]


def _interval(row: Mapping[str, Any]) -> tuple[float, float] | None:
    estimated = row["value"] is not None and _is_estimated(row) and _bounds_apart(row)
    return (row["lower"], row["upper"]) if estimated else None


def _is_estimated(row: Mapping[str, Any]) -> bool:
    """Whether bounds beside a value are its interval; beside a count they say that it was rounded."""
    return row["unit"] in NOT_COUNTED or row["kind"] == ESTIMATED


def amount_of(row: Mapping[str, Any]) -> Amount:
    """The amount of a released row: value, bounds and status as one."""
    if row["value"] is not None:
        rounded = _bounds_apart(row) and not _is_estimated(row)
        return Amount(row["lower"], row["upper"], State.ROUNDED) if rounded else exact(row["value"])
    hidden = row["conf_status"] not in {FREE, None}
    if row["lower"] is None and row["upper"] is None:
        return Amount(None, None, State.HIDDEN) if hidden or row["obs_status"] == "Q" else NO_FIGURE
    if row["kind"] == ESTIMATED and not hidden:
        return Amount(row["lower"], row["upper"], State.INTERVAL)
    printed = State.PRINTED_RANGE if row["obs_status"] == "Q" else State.DERIVED_RANGE
    return Amount(row["lower"], row["upper"], State.HIDDEN if hidden else printed)
