"""Error rates of the links between lists, as linkage hands them over, with the spread that labelling leaves in them.

Rates are those of persons: two records are linked where they ended up in one person. Where linkage reports the links
themselves, which joining by third records adds to, ``of_persons`` carries them over.

The decision a reader would question: two pairs of lists with the very same rate and limits were labelled as one, so
their errors are one error. Drawn apart, they would cancel in the total and the interval would be too short.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from palermo.errors import RefusedError, UsageError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
_REACH = 1.959964  # rates come with limits of 95 %
_NO_LABELS = (
    "no pair of records was labelled, so that nothing says how many links are missing or false; label some with "
    "palermo review"
)


@dataclass(frozen=True)
class Rate:
    """A share for each pair of lists, with limits of 95 %."""

    value: Floats
    lower: Floats
    upper: Floats

    def drawn(self, rng: np.random.Generator, number: int) -> Floats:
        """Draws of the shares, one row a draw: beta distributions of the mean and the width given."""
        rows = np.round(np.stack([self.value, self.lower, self.upper], axis=1), 12)
        distinct, places = np.unique(rows, axis=0, return_inverse=True)
        draws = np.empty((number, len(distinct)))
        for place, (value, lower, upper) in enumerate(distinct):
            a, b = _beta(value, lower, upper)
            draws[:, place] = rng.beta(a, b, number) if np.isfinite(a) else value
        return draws[:, places.ravel()]


def _beta(value: float, lower: float, upper: float) -> tuple[float, float]:
    """The two parameters of the beta distribution with this mean and these limits; infinite where there is no width."""
    spread = (upper - lower) / (2 * _REACH)
    if spread <= 0:
        return np.inf, np.inf
    if value <= 0 or value >= 1:
        # Nothing (or nothing else) was seen among some: half an event, and the limit is the 97.5 % point.
        other = _REACH**2 / 2 / max(upper - lower, 1e-9) * 1.3
        return (0.5, other) if value <= 0 else (other, 0.5)
    size = max(value * (1 - value) / spread**2 - 1, 1.0)
    return max(value * size, 0.5), max((1 - value) * size, 0.5)


@dataclass(frozen=True)
class PairRates:
    """Rates of all pairs of lists in the order of ``combinations``; ``notes`` say what had to be filled in."""

    lists: tuple[str, ...]
    missed: Rate
    false: Rate
    overlap: Rate | None  # persons on both lists as sums of calibrated probabilities
    links: Floats  # nan where not told
    labelled: Ints
    notes: tuple[str, ...] = ()

    def of_persons(self, overlaps: Floats) -> "PairRates":
        """Rates of persons from rates of links: a pair that a third record joins is no longer missed.

        ``overlaps`` are the persons seen on both lists of each pair. More of them than links means that joining
        found the rest. Two records of one person in one list do the reverse, so that fewer says nothing.
        """
        gain = np.where((self.links > 0) & (overlaps > self.links), overlaps / np.maximum(self.links, 1), 1.0)
        found = np.minimum((1 - self.missed.value) * gain, 1.0)
        shrink = np.where(self.missed.value > 0, (1 - found) / np.maximum(self.missed.value, 1e-12), 1.0)
        bounds = (self.missed.lower * shrink, self.missed.upper * shrink)
        return replace(self, missed=Rate(1 - found, *bounds))


def read_rates(table: pa.Table, lists: tuple[str, ...]) -> PairRates:
    """The rates of these lists from a table of the schema ``PAIR_RATES``.

    A pair without labels takes the average of the labelled pairs with the widest limits among them, and a note.
    Raises RefusedError where no pair has labels, UsageError where a pair of lists is not in the table.
    """
    rows = {frozenset((row["list_a"], row["list_b"])): row for row in table.to_pylist()}
    wanted = [frozenset(pair) for pair in combinations(lists, 2)]
    if absent := [" and ".join(sorted(pair)) for pair in wanted if pair not in rows]:
        raise UsageError(f"no error rates for the lists {', '.join(absent)}; expected a row for every pair of lists")
    own = [rows[pair] for pair in wanted]
    if not any(_is_labelled(row) for row in own):
        raise RefusedError(_NO_LABELS)
    missed, without = _rate(own, "missed")
    false, _ = _rate(own, "false")
    names = ["+".join(pair) for pair, gone in zip(combinations(lists, 2), without, strict=True) if gone]
    notes = (f"no labelled pairs between {', '.join(names)}: the rates of the other lists were taken",) if names else ()
    return PairRates(
        lists,
        missed,
        false,
        _overlap(own),
        np.array([np.nan if row.get("links") is None else row["links"] for row in own], np.float64),
        np.array([row.get("labelled") or 0 for row in own], np.int64),
        notes,
    )


def _is_labelled(row: Mapping[str, Any]) -> bool:
    return bool(row.get("labelled")) and row.get("missed") is not None and row.get("false") is not None


def _rate(rows: list[dict[str, Any]], name: str) -> tuple[Rate, list[bool]]:
    """One rate of all pairs, and which had none of their own."""
    known = [row for row in rows if _is_labelled(row)]
    labels = np.array([row["labelled"] for row in known], np.float64)
    mean = float(np.average([row[name] for row in known], weights=labels))
    low = min(_bound(row, name, "lower") for row in known)
    high = max(_bound(row, name, "upper") for row in known)
    found = [
        (row[name], _bound(row, name, "lower"), _bound(row, name, "upper")) if _is_labelled(row) else (mean, low, high)
        for row in rows
    ]
    for value, lower, upper in found:
        if not 0 <= lower <= value <= upper <= 1:
            raise UsageError(
                f"a {name} rate of {value:g} ({lower:g} to {upper:g}); expected shares from 0 to 1 in order"
            )
    value, lower, upper = np.array(found, np.float64).T
    return Rate(value, lower, upper), [not _is_labelled(row) for row in rows]


def _bound(row: Mapping[str, Any], name: str, end: str) -> float:
    given = row.get(f"{name}_{end}")
    return float(row[name] if given is None else given)


def _overlap(rows: list[dict[str, Any]]) -> Rate | None:
    if any(row.get("overlap") is None for row in rows):
        return None
    found = [(row["overlap"], _bound(row, "overlap", "lower"), _bound(row, "overlap", "upper")) for row in rows]
    value, lower, upper = np.array(found, np.float64).T
    return Rate(value, lower, upper)
