"""The annex of receipts: for every figure, the released numbers it rests on, and how one of them was made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from palermo.account.schema import DIMENSIONS
from palermo.report.amounts import written
from palermo.report.figure import Figure
from palermo.report.labels import label, period_name
from palermo.report.reading import NOT_BROKEN_DOWN, Observation, Release

MOST_ITEMS = 12  # of a long list within a receipt; the full receipt is in the release
_PLACE_AND_TIME = ("ref_area", "time_period")


@dataclass(frozen=True)
class Resolved:
    """One released number with its receipt."""

    receipt_id: str
    what: str
    number: str


@dataclass(frozen=True)
class Annex:
    """The receipts of one figure; ``example`` is the first receipt, entry by entry."""

    figure: Figure
    numbers: tuple[Resolved, ...]
    example_id: str
    example: tuple[tuple[str, str], ...]


def annexes(release: Release, figures: Sequence[Figure]) -> tuple[Annex, ...]:
    """The annex of each figure that shows any released number."""
    return tuple(_annex(release, figure) for figure in figures if figure.observations)


def _annex(release: Release, figure: Figure) -> Annex:
    unique = {(row.receipt_id, what_is(row)): row for row in figure.observations}
    numbers = tuple(
        Resolved(receipt_id, what, written(row.amount, 0 if _is_whole(row) else 2))
        for (receipt_id, what), row in unique.items()
    )
    first = figure.observations[0]
    return Annex(figure, numbers, first.receipt_id, tuple(entries(release.receipt_of(first))))


def _is_whole(row: Observation) -> bool:
    return row.amount.is_exact and row.amount.floor == int(row.amount.floor)


def what_is(row: Observation) -> str:
    """What an observation counts: unit, place, time and the codes it is broken down by, in words."""
    told = [label("unit", row.unit), label("ref_area", row["ref_area"]), period_name(row["time_period"])]
    broken_down = [name for name in DIMENSIONS if name not in _PLACE_AND_TIME and row[name] not in NOT_BROKEN_DOWN]
    told += [f"{name.replace('_', ' ')}: {label(name, row[name])}" for name in broken_down]
    return ", ".join(told)


def entries(receipt: Any, name: str = "") -> list[tuple[str, str]]:
    """A receipt as (name, value) lines; nested tables get names joined by a dot."""
    if isinstance(receipt, Mapping):
        return [line for key in sorted(receipt) for line in entries(receipt[key], f"{name} {key}".strip())]
    if isinstance(receipt, list | tuple):
        if not any(isinstance(item, Mapping | list | tuple) for item in receipt):
            return [(_heading(name), _shortened([str(item) for item in receipt]))] if receipt else []
        return [
            line for number, item in enumerate(receipt[:MOST_ITEMS], 1) for line in entries(item, f"{name} {number}")
        ]
    return [] if receipt is None or receipt == "" else [(_heading(name), str(receipt))]


def _heading(name: str) -> str:
    plain = name.replace("_", " ")
    return plain[:1].upper() + plain[1:]


def _shortened(items: list[str]) -> str:
    more = f" and {len(items) - MOST_ITEMS:,} more" if len(items) > MOST_ITEMS else ""
    return ", ".join(items[:MOST_ITEMS]) + more
