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


@dataclass(frozen=True, slots=True)
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
# The columns of a released table in the order in which ``observation`` takes what stands in a row of them.
READ = (
    *("indicator", "measure", "unit", "kind", "obs_status", "conf_status", "receipt_id", "value", "lower", "upper"),
    *DIMENSIONS,
)


def observations_of(table: pa.Table) -> list[Observation]:
    """The rows of a released table as observations, in their order."""
    return list(map(observation, zip(*(table[name].to_pylist() for name in READ), strict=True)))


def observation(cells: tuple[Any, ...]) -> Observation:
    """What stands in the columns ``READ`` of one row, as an observation."""
    indicator, measure, unit, kind, obs_status, conf_status, receipt_id, value, lower, upper, *codes = cells
    amount = _amount((value, lower, upper), unit, kind, obs_status, conf_status)
    apart = value is not None and lower is not None and upper is not None and lower != upper
    interval = (lower, upper) if apart and _is_estimated(unit, kind) else None
    named = dict(zip(DIMENSIONS, codes, strict=True))
    return Observation(named, unit, kind, amount, receipt_id or "", indicator, measure, interval)


def amount_of(row: Mapping[str, Any]) -> Amount:
    """The amount of a released row: value, bounds and status as one."""
    numbers = (row["value"], row["lower"], row["upper"])
    return _amount(numbers, row["unit"], row["kind"], row["obs_status"], row["conf_status"])


def _is_estimated(unit: str, kind: str) -> bool:
    """Whether bounds beside a value are its interval; beside a count they say that it was rounded."""
    return unit in NOT_COUNTED or kind == ESTIMATED


def _amount(
    numbers: tuple[float | None, float | None, float | None],
    unit: str,
    kind: str,
    obs_status: str | None,
    conf_status: str | None,
) -> Amount:
    value, lower, upper = numbers
    if value is not None:
        apart = lower is not None and upper is not None and lower != upper
        return Amount(lower, upper, State.ROUNDED) if apart and not _is_estimated(unit, kind) else exact(value)
    hidden = conf_status is not None and conf_status != FREE
    if lower is None and upper is None:
        return Amount(None, None, State.HIDDEN) if hidden or obs_status == "Q" else NO_FIGURE
    if kind == ESTIMATED and not hidden:
        return Amount(lower, upper, State.INTERVAL)
    printed = State.PRINTED_RANGE if obs_status == "Q" else State.DERIVED_RANGE
    return Amount(lower, upper, State.HIDDEN if hidden else printed)
