"""The number against the threshold from which two records are taken for one person, and the verdict that follows.

The threshold alone can move the number by a factor of two while every model's standard error stays small. Hence the
curve is always shown, and a number is refused where nobody has labelled any pair, or where the curve moves it by more
than its interval.

The decision a reader would question: the rule looks at the corrected curve. Without correction nearly every table
would be refused; rates that fit the persons of each threshold make the curve flat, and rates that do not are found
out by it. Rates that come from one calibration fit each other whatever was labelled: labels that are wrong throughout
are for ``linkage.calibration`` and the second clerk to find. At a threshold without rates of its own, overlaps are
carried to the true ones that rates at another threshold give, so that such a point can refuse little.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from palermo.errors import RefusedError, UsageError
from palermo.hidden.answer import Answer, Settings, Verdict
from palermo.hidden.capture import CaptureTable
from palermo.hidden.linkage_error import pair_overlaps, possible_cells
from palermo.hidden.linkage_estimates import totals
from palermo.hidden.linkage_rates import PairRates, read_rates
from palermo.hidden.linkage_table import corrected_cells

Floats = npt.NDArray[np.float64]
THRESHOLDS = (0.5, 0.8, 0.9, 0.95, 0.99, 0.999)
NOT_LABELLED = (
    "no pair of records was labelled in a way that can be used: nothing says how many links are missing or false, and "
    "the threshold alone moves the number; only the curve can be shown. Label some with palermo review"
)


@dataclass(frozen=True)
class Point:
    """The number at one threshold. ``corrected`` is None where nothing says how good the links are."""

    threshold: float
    seen: int
    shared: int  # persons on two lists or more
    uncorrected: float | None
    corrected: float | None


@dataclass(frozen=True)
class Curve:
    """The number of one estimator against the threshold."""

    estimator: str
    points: tuple[Point, ...]

    @property
    def is_corrected(self) -> bool:
        """Whether every point has a corrected number."""
        return bool(self.points) and all(point.corrected is not None for point in self.points)

    def reach(self, corrected: bool) -> tuple[float, float] | None:
        """The lowest and highest number on the curve; None where it has none."""
        found = [point.corrected if corrected else point.uncorrected for point in self.points]
        known = [value for value in found if value is not None]
        return (min(known), max(known)) if known else None

    def at(self, threshold: float | None) -> float | None:
        """The number at one threshold, corrected where all are; None where there is none."""
        own = [point for point in self.points if point.threshold == threshold]
        found = [point.corrected if self.is_corrected else point.uncorrected for point in own]
        return found[0] if found else None

    def rows(self) -> list[dict[str, Any]]:
        """The curve as a table."""
        return [{**vars(point)} for point in self.points]


def capture_of(memberships: pa.Table, lists: Sequence[str]) -> CaptureTable:
    """The capture table of the persons in a table of the schema ``MEMBERSHIPS``; records of other lists are left out.

    A person with two records in one list is on that list once.
    """
    places = {name: place for place, name in enumerate(lists)}
    bits = np.array([1 << places[name] if name in places else 0 for name in memberships["list"].to_pylist()], np.int64)
    _, person = np.unique(memberships["person_id"].to_numpy(), return_inverse=True)
    histories = np.zeros(int(person.max()) + 1 if person.size else 0, np.int64)
    np.bitwise_or.at(histories, person, bits)
    empty = CaptureTable(tuple(lists), np.zeros(0, np.int64), np.zeros(0, np.int64))
    return empty.with_cells(np.bincount(histories, minlength=1 << len(places)))


def curve(
    tables: Mapping[float, CaptureTable],
    rates: Mapping[float, pa.Table],
    estimator: str = "main_effects",
    settings: Settings | None = None,
    linked: Mapping[float, Floats] | None = None,
) -> Curve:
    """The number at each threshold, given the persons and, where they are known, the rates at each.

    ``rates`` may hold fewer thresholds than ``tables``, or none. ``linked``: persons of all on both lists of each pair,
    where ``tables`` hold only some of those that were linked.
    """
    if not tables:
        raise UsageError("no thresholds; expected the persons at one or more, such as 0.5, 0.9 and 0.99")
    chosen = settings or Settings()
    shares = {at: _shares(at, tables, rates, linked or {}) for at in tables}
    return Curve(estimator, tuple(_point(at, tables[at], shares[at], estimator, chosen) for at in sorted(tables)))


def _point(
    threshold: float, table: CaptureTable, shares: tuple[Floats, Floats] | None, estimator: str, settings: Settings
) -> Point:
    cells = table.cells.astype(np.float64)[None]
    before = _total(cells, table, estimator, settings)
    after = None
    if shares is not None:
        mended, _ = corrected_cells(cells, *shares, table.k)
        after = _total(mended, table, estimator, settings)
    return Point(threshold, table.n, table.n - int(table.exclusive.sum()), before, after)


def _total(cells: Floats, table: CaptureTable, estimator: str, settings: Settings) -> float | None:
    if table.n == 0:
        return None
    value = float(totals(estimator, cells, possible_cells(table), table.k, settings)[0])
    return value if np.isfinite(value) else None


def _shares(
    threshold: float,
    tables: Mapping[float, CaptureTable],
    rates: Mapping[float, pa.Table],
    linked: Mapping[float, Floats],
) -> tuple[Floats, Floats] | None:
    """Shares of true pairs found and of links that are true at this threshold, one row each; None where unknown."""
    table = tables[threshold]
    own = rates_at_hand(rates.get(threshold), table)
    if own is not None:
        own = own.of_persons(linked.get(threshold, pair_overlaps(table)))
        return 1 - own.missed.value[None], 1 - own.false.value[None]
    for at in sorted(rates):
        found = rates_at_hand(rates[at], table)
        if found is not None and at in tables:
            return shares_for(pair_overlaps(table), _true_overlaps(found, pair_overlaps(tables[at])))
    return None


def _true_overlaps(rates: PairRates, seen: Floats) -> Floats:
    """Persons on both lists of each pair, from those seen at the threshold of the rates. None seen tells nothing; there
    the sum of probabilities does, where linkage gave it."""
    own = rates.of_persons(seen)
    found = seen * (1 - own.false.value) / np.maximum(1 - own.missed.value, 1e-12)
    return found if rates.overlap is None else np.where(seen > 0, found, rates.overlap.value)


def shares_for(seen: Floats, true: Floats) -> tuple[Floats, Floats]:
    """Shares found and true that carry the overlaps seen to the true ones: what is missed or false on balance."""
    ratio = np.where(seen > 0, true / np.maximum(seen, 1.0), 1.0)
    return np.minimum(1 / np.maximum(ratio, 1e-12), 1.0)[None], np.minimum(ratio, 1.0)[None]


def rates_at_hand(rates: pa.Table | None, table: CaptureTable) -> PairRates | None:
    """The rates of the lists of the table; None where there are none, or nothing was labelled."""
    if rates is None:
        return None
    try:
        return read_rates(rates, table.lists)
    except RefusedError:
        return None


def judged(answer: Answer, found: Curve, labelled: int, used: float | None = None) -> Answer:
    """The answer, refused where no pair was labelled or the curve moves the number by more than its interval."""
    reason = hindrance(answer, found, labelled, used)
    if reason is None or answer.verdict is Verdict.REFUSED:
        return answer
    none = replace(answer, estimate=None, lower=None, upper=None, verdict=Verdict.REFUSED)
    return replace(none, reasons=(reason, *answer.reasons))


def hindrance(answer: Answer | None, found: Curve, labelled: int, used: float | None = None) -> str | None:
    """Why this number may not stand alone; None where it may.

    ``used``: the threshold that the answer rests on. Curve and interval are compared in shares of the number there, as
    the answer may come from another estimator than the curve.
    """
    if labelled == 0 or answer is None:
        return NOT_LABELLED
    reach = found.reach(found.is_corrected)
    if reach is None or answer.estimate is None or answer.lower is None or answer.upper is None:
        return None
    low, high = reach
    at = found.at(used) or answer.estimate
    if (high - low) / at <= (answer.upper - answer.lower) / answer.estimate:
        return None
    kind = "with correction" if found.is_corrected else "without rates at every threshold"
    return (
        f"the threshold of linkage alone moves the number from {low:,.0f} to {high:,.0f} ({kind}), which is more than "
        f"its interval of {answer.lower:,.0f} to {answer.upper:,.0f}"
    )
