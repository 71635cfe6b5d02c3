"""Error rates of the links between lists, as linkage hands them over, with the spread that labelling leaves in them.

Rates are those of persons: two records are linked where they ended up in one person. Where linkage reports the links
themselves, which joining by third records adds to, ``of_persons`` carries them over.

The decision a reader would question: unless told otherwise, the errors of all pairs of lists are taken for one error,
too high everywhere or too low everywhere. Rates come from one curve of calibration for all; drawn apart, their errors
would cancel in the total and the interval would be too short. Where linkage hands over its own draws, they are used.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.stats import beta

from palermo.errors import RefusedError, UsageError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
_REACH = 1.959964  # rates come with limits of 95 %
_NEVER_COMPARED: Mapping[str, Any] = {"links": 0, "overlap": 0.0}
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

    def drawn(self, rng: np.random.Generator, number: int, one_error: bool = True) -> Floats:
        """Draws of the shares, one row a draw: beta distributions of the mean and the width given."""
        places = rng.random((number, 1 if one_error else self.value.size))
        draws = np.repeat(self.value[None], number, axis=0)
        shapes = np.array([_beta(*own) for own in zip(self.value, self.lower, self.upper, strict=True)])
        wide = np.isfinite(shapes[:, 0])
        if wide.any():
            own = np.broadcast_to(places, draws.shape)[:, wide]
            draws[:, wide] = beta.ppf(own, shapes[wide, 0], shapes[wide, 1])
        return draws


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
    draws: tuple[Floats, Floats] | None = None  # of missed and false from linkage itself, one row a draw
    one_error: bool = True  # whether the errors of all pairs are one; False where each was labelled apart

    def drawn(self, rng: np.random.Generator, number: int) -> tuple[Floats, Floats]:
        """Draws of the missed and the false shares, one row a draw."""
        if self.draws is not None:
            rows = rng.integers(len(self.draws[0]), size=number)
            return self.draws[0][rows], self.draws[1][rows]
        return self.missed.drawn(rng, number, self.one_error), self.false.drawn(rng, number, self.one_error)

    def overlap_of_persons(self, overlaps: Floats) -> Rate:
        """The overlaps as sums of probabilities, of persons: linkage sums pairs of records, of which one person may
        give several. ``overlaps`` as in ``of_persons``."""
        assert self.overlap is not None  # the caller asks for it only where linkage gave it
        once = np.where(self.links > 0, overlaps / np.maximum(self.links, 1), 1.0)
        once = np.where(np.isfinite(once), np.minimum(once, 1.0), 1.0)
        return Rate(self.overlap.value * once, self.overlap.lower * once, self.overlap.upper * once)

    def of_persons(self, overlaps: Floats) -> "PairRates":
        """Rates of persons from rates of links: a pair that a third record joins is no longer missed.

        ``overlaps`` are the persons seen on both lists of each pair. More of them than links means that joining
        found the rest. Two records of one person in one list do the reverse, so that fewer says nothing.
        """
        gain = np.where((self.links > 0) & (overlaps > self.links), overlaps / np.maximum(self.links, 1), 1.0)
        found = np.minimum((1 - self.missed.value) * gain, 1.0)
        shrink = np.where(self.missed.value > 0, (1 - found) / np.maximum(self.missed.value, 1e-12), 1.0)
        bounds = (self.missed.lower * shrink, self.missed.upper * shrink)
        draws = None if self.draws is None else (self.draws[0] * shrink, self.draws[1])
        return replace(self, missed=Rate(1 - found, *bounds), draws=draws)


def read_rates(table: pa.Table, lists: tuple[str, ...], draws: pa.Table | None = None) -> PairRates:
    """The rates of these lists from a table of the schema ``PAIR_RATES``.

    ``draws`` has columns draw, list_a, list_b, missed, false. A pair without rates takes the average of the others with
    the widest limits among them, and a note; so does a pair without a row, of which no two records were alike enough to
    be compared. Raises RefusedError where nothing was labelled, UsageError where a list is in no row.
    """
    rows = {frozenset((row["list_a"], row["list_b"])): row for row in table.to_pylist()}
    if absent := [name for name in lists if not any(name in pair for pair in rows)]:
        raise UsageError(f"no error rates of {', '.join(absent)}; expected a row for every pair of lists compared")
    wanted = [frozenset(pair) for pair in combinations(lists, 2)]
    own = [rows.get(pair, _NEVER_COMPARED) for pair in wanted]
    labelled = np.array([row.get("labelled") or 0 for row in own], np.int64)
    if labelled.sum() == 0 or not any(row.get("missed") is not None for row in own):
        raise RefusedError(_NO_LABELS)
    missed, without = _rate(own, "missed")
    false, _ = _rate(own, "false")
    names = ["+".join(pair) for pair, gone in zip(combinations(lists, 2), without, strict=True) if gone]
    notes = (f"no error rates of {', '.join(names)}: those of the other lists were taken",) if names else ()
    links = np.array([np.nan if row.get("links") is None else row["links"] for row in own], np.float64)
    never = np.array([pair not in rows for pair in wanted])
    found = None if draws is None else _read_draws(draws, wanted, never)
    return PairRates(lists, missed, false, _overlap(own), links, labelled, notes, found)


def _rate(rows: Sequence[Mapping[str, Any]], name: str) -> tuple[Rate, list[bool]]:
    """One rate of all pairs, and which had none of their own. Where no pair has any, nothing is wrong."""
    known = [row for row in rows if row.get(name) is not None]
    if not known:
        nothing = np.zeros(len(rows))
        return Rate(nothing, nothing, nothing), [False] * len(rows)
    weights = np.array([max(row.get("labelled") or 0, 1) for row in known], np.float64)
    mean = float(np.average([row[name] for row in known], weights=weights))
    rest = mean, min(_bound(row, name, "lower") for row in known), max(_bound(row, name, "upper") for row in known)
    without = [row.get(name) is None for row in rows]
    found = [
        rest if gone else (float(row[name]), _bound(row, name, "lower"), _bound(row, name, "upper"))
        for row, gone in zip(rows, without, strict=True)
    ]
    for value, lower, upper in found:
        if not 0 <= lower <= value <= upper <= 1:
            raise UsageError(
                f"a {name} rate of {value:g} ({lower:g} to {upper:g}); expected shares from 0 to 1 in order"
            )
    middle, low, high = np.array(found, np.float64).T
    return Rate(middle, low, high), without


def _bound(row: Mapping[str, Any], name: str, end: str) -> float:
    given = row.get(f"{name}_{end}")
    return float(row[name] if given is None else given)


def _read_draws(draws: pa.Table, wanted: list[frozenset[str]], never: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Draws of the missed and the false shares: one row a draw, one column a pair of lists.

    ``never`` marks the pairs of lists of which no records were compared, and which have no draws therefore.
    """
    numbers = np.unique(draws["draw"].to_numpy())
    pairs = zip(draws["list_a"].to_pylist(), draws["list_b"].to_pylist(), strict=True)
    places = {pair: place for place, pair in enumerate(wanted)}
    column = np.array([places.get(frozenset(pair), -1) for pair in pairs], np.int64)
    used = column >= 0
    row = np.searchsorted(numbers, draws["draw"].to_numpy()[used])
    made = []
    for name in ("missed", "false"):
        values = np.full((numbers.size, len(wanted)), np.nan)
        values[row, column[used]] = np.nan_to_num(draws[name].to_numpy(zero_copy_only=False)[used])
        if np.isnan(values[:, ~never]).any():
            raise UsageError(f"the draws of the {name} rates lack a pair of lists; expected each in every draw")
        if never.any():  # as wrong as the others are
            values[:, never] = values[:, ~never].mean(axis=1, keepdims=True)
        made.append(values)
    return made[0], made[1]


def _overlap(rows: Sequence[Mapping[str, Any]]) -> Rate | None:
    if any(row.get("overlap") is None for row in rows):
        return None
    found = [(row["overlap"], _bound(row, "overlap", "lower"), _bound(row, "overlap", "upper")) for row in rows]
    value, lower, upper = np.array(found, np.float64).T
    return Rate(value, lower, upper)
