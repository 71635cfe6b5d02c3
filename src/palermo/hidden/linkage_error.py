"""The number of persons with the errors of linkage taken out, and their uncertainty in the interval.

Corrected for missed and false links after Ding and Fienberg (1994), Di Consiglio and Tuoto (2015, 2018) and Zult, de
Wolf, Bakker and van der Heijden (2021): the table is carried back to what perfect linkage would have given
(``linkage_table``) and the estimators run on the expectations. Every replicate of the bootstrap draws the table again
and the rates again from what labelling leaves open, so that the interval holds both.

The decision a reader would question: limits are plain percentiles of the replicates, not BCa. The rates have their own
distribution, around which no jackknife turns.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from palermo.errors import RefusedError, UsageError
from palermo.hidden.answer import Answer, Settings, Verdict, refused
from palermo.hidden.bootstrap import percentile_limits
from palermo.hidden.capture import CaptureTable
from palermo.hidden.linkage_estimates import ON_TABLES, SEARCHES, dispersion, totals
from palermo.hidden.linkage_rates import PairRates, Rate, read_rates
from palermo.hidden.linkage_table import Spread, corrected_cells, pairs_of, raked
from palermo.hidden.resampling import bootstrap_tables

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
DEFAULT = ("bic_average", "stepwise", "main_effects")
MOSTLY_LINKAGE = 0.5
OFTEN_REPAIRED = 0.2


@dataclass(frozen=True)
class Assumed:
    """What no rate of pairs can tell: how errors fall on three lists and more; see ``linkage_table.Spread``."""

    missed: Spread = Spread.RECORDS
    false: Spread = Spread.PAIRS


@dataclass(frozen=True)
class Corrected:
    """Corrected tables: of the data, of the replicates, and of the data with the rates alone drawn again."""

    cells: Floats
    replicates: Floats
    of_rates: Floats
    uncorrected: Floats  # the same replicates as they were seen
    repaired: float  # share of replicates in which a cell came out negative
    dispersion: float
    notes: tuple[str, ...] = field(default=())


def corrected(
    table: CaptureTable,
    rates: pa.Table,
    settings: Settings | None = None,
    estimators: Sequence[str] = DEFAULT,
    assumed: Assumed | None = None,
    draws: pa.Table | None = None,
) -> list[Answer]:
    """The answers of the estimators on the corrected table, one each; ``rates`` has the schema ``PAIR_RATES``.

    ``draws`` are linkage's own draws of the rates, where it hands them over: draw, list_a, list_b, missed, false.
    ``diagnostics`` hold the answer without correction (``uncorrected``: estimate, lower, upper), the share of the
    variance that comes from linkage (``linkage_part``) and the number with the errors spread otherwise (``spread``).
    Refused where no pair was labelled.
    """
    chosen = settings or Settings()
    if unknown := [name for name in estimators if name not in ON_TABLES]:
        raise UsageError(f"no correction for {', '.join(unknown)}; expected some of {', '.join(ON_TABLES)}")
    if table.n == 0:
        return [refused(name, chosen.level, "the table holds nobody") for name in estimators]
    try:
        own = read_rates(rates, table.lists, draws)
    except RefusedError as error:
        return [refused(name, chosen.level, str(error)) for name in estimators]
    own = own.of_persons(pair_overlaps(table))
    found = correct(table, own, chosen, assumed or Assumed())
    return [_answer(name, table, found, own, chosen) for name in estimators]


def pair_overlaps(table: CaptureTable) -> Floats:
    """Persons on both lists of each pair, in the order of ``pairs_of``."""
    return np.array([table.overlaps[a, b] for a, b in pairs_of(table.k)], np.float64)


def correct(table: CaptureTable, rates: PairRates, settings: Settings, assumed: Assumed) -> Corrected:
    """The corrected table with its replicates."""
    k, number = table.k, max(settings.bootstrap, 1)
    rng = np.random.default_rng(settings.seed)
    seen = table.cells.astype(np.float64)[None]
    drawn = bootstrap_tables(table, number, settings.seed).cells(k)
    missed, false = rates.drawn(rng, number)
    found, true = 1 - missed, 1 - false
    spread = (assumed.missed, assumed.false)
    point, _ = corrected_cells(seen, 1 - rates.missed.value[None], 1 - rates.false.value[None], k, spread)
    replicates, mended = corrected_cells(drawn, found, true, k, spread)
    of_rates, _ = corrected_cells(np.repeat(seen, number, axis=0), found, true, k, spread)
    whole = bool((rates.missed.value + rates.false.value == 0).all())
    scale = 1.0 if whole else dispersion(replicates, k)
    return Corrected(point[0], replicates, of_rates, drawn, float(mended.mean()), scale, rates.notes)


def _answer(name: str, table: CaptureTable, found: Corrected, rates: PairRates, settings: Settings) -> Answer:
    possible = possible_cells(table)
    own = _Run(name, possible, table.k, settings)
    replicates = np.concatenate([found.cells[None], found.replicates])
    all_of_them = own.totals(replicates, found.dispersion)
    estimate, drawn = float(all_of_them[0]), all_of_them[1:]
    if not np.isfinite(estimate):
        return refused(name, settings.level, "after correction no model has an estimate")
    limits = percentile_limits(drawn, settings.level)
    part = linkage_part(drawn, own.totals(found.of_rates, found.dispersion))
    before = own.totals(np.concatenate([table.cells.astype(np.float64)[None], found.uncorrected]), 1.0)
    plain = percentile_limits(before[1:], settings.level)
    reasons = [*found.notes, *_reasons(part, found, drawn)]
    return Answer(
        name,
        estimate,
        limits.lower if np.isfinite(limits.lower) else None,
        limits.upper if np.isfinite(limits.upper) else None,
        settings.level,
        settings={"interval": "percentiles over tables and rates", "bootstrap": settings.bootstrap},
        verdict=Verdict.WARNED if reasons else Verdict.SHOWN,
        reasons=tuple(reasons),
        diagnostics={
            "uncorrected": {
                "estimate": _finite(before[0]),
                "lower": _finite(plain.lower),
                "upper": _finite(plain.upper),
            },
            "linkage_part": part,
            "seen": float(found.cells.sum()),
            "seen_uncorrected": table.n,
            "spread": _other_spreads(own, table, rates, found.dispersion),
            "dispersion": found.dispersion,
            "replicates_repaired": found.repaired,
            "labelled": int(rates.labelled.sum()),
        },
    )


@dataclass(frozen=True)
class _Run:
    """One estimator with all that its tables share."""

    name: str
    possible: Flags
    k: int
    settings: Settings

    def totals(self, tables: Floats, scale: float) -> Floats:
        own = scale if self.name in SEARCHES else 1.0
        return totals(self.name, tables, self.possible, self.k, self.settings, own)


def possible_cells(table: CaptureTable) -> Flags:
    """Which histories somebody can have."""
    possible = np.ones(1 << table.k, np.bool_)
    possible[[0, *(history for history in table.structural if table.cells[history] == 0)]] = False
    return possible


def linkage_part(drawn: Floats, of_rates: Floats) -> float | None:
    """The share of the variance of the total (on the log scale) that the drawn rates alone give; None if unknown."""
    whole, own = (np.log(values[np.isfinite(values)]) for values in (drawn, of_rates))
    if whole.size < 2 or own.size < 2 or whole.var() == 0:
        return None
    return min(float(own.var() / whole.var()), 1.0)


def _other_spreads(own: _Run, table: CaptureTable, rates: PairRates, scale: float) -> dict[str, float | None]:
    """The number where errors fall otherwise on three lists and more: the ends of what the rates of pairs allow."""
    seen = table.cells.astype(np.float64)[None]
    kinds = {
        "missed_persons": (Spread.PERSONS, Spread.PAIRS),
        "false_records": (Spread.RECORDS, Spread.RECORDS),
    }
    found: dict[str, float | None] = {}
    for kind, spread in kinds.items():
        cells, _ = corrected_cells(seen, 1 - rates.missed.value[None], 1 - rates.false.value[None], table.k, spread)
        found[kind] = _finite(own.totals(cells, scale)[0])
    return found


def _reasons(part: float | None, found: Corrected, drawn: Floats) -> list[str]:
    reasons = []
    if part is not None and part > MOSTLY_LINKAGE:
        reasons.append(f"{part:.0%} of the variance is uncertainty of the links: more labelled pairs would narrow it")
    if found.repaired > OFTEN_REPAIRED:
        reasons.append(
            "the rates take more persons from some histories than were seen there; they may not be those of these lists"
        )
    if lost := int(np.isinf(drawn).sum()):
        reasons.append(f"{lost} of {drawn.size} replicates have no estimate; they count as infinitely large")
    return reasons


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def by_overlaps(table: CaptureTable, overlaps: Rate, name: str, settings: Settings) -> float | None:
    """The number from overlaps as sums of calibrated probabilities: a check on the rates that needs no threshold."""
    cells, reached = raked(table.cells.astype(np.float64)[None], overlaps.value[None], table.k)
    if not reached[0]:
        return None
    return _finite(_Run(name, possible_cells(table), table.k, settings).totals(cells, 1.0)[0])


def two_lists(table: CaptureTable, rates: PairRates) -> list[dict[str, Any]]:
    """For each pair of lists the number by Lincoln and Petersen and by Chapman, without and with correction.

    With both corrections N = n_a n_b (1 - missed) / (n_ab (1 - false)): Di Consiglio and Tuoto (2015), and Ding and
    Fienberg (1994) where no link is false. None where nobody is on both lists.
    """
    ratio = (1 - rates.false.value) / np.maximum(1 - rates.missed.value, 1e-12)
    rows = []
    for number, (a, b) in enumerate(pairs_of(table.k)):
        one, other = int(table.list_sizes[a]), int(table.list_sizes[b])
        seen = float(table.overlaps[a, b])
        true = seen * float(ratio[number])
        rows.append(
            {
                "lists": (table.lists[a], table.lists[b]),
                "overlap": seen,
                "overlap_corrected": true,
                "lincoln_petersen": one * other / seen if seen else None,
                "lincoln_petersen_corrected": one * other / true if true else None,
                "chapman": (one + 1) * (other + 1) / (seen + 1) - 1,
                "chapman_corrected": (one + 1) * (other + 1) / (true + 1) - 1,
            }
        )
    return rows


def pooled_over_linkages(answers: Sequence[tuple[float, float]]) -> tuple[float, float, float]:
    """Total, standard error and linkage part from draws of the linkage: each its total and standard error (Rubin 1987).

    The variance is the mean of those within the draws and (1 + 1/m) times that between them. Draws say something only
    when they come from calibrated probabilities.
    """
    if len(answers) < 2:
        raise UsageError(f"{len(answers)} draws of the linkage; expected 2 or more")
    values, errors = np.array(answers, np.float64).T
    between = (1 + 1 / values.size) * float(values.var(ddof=1))
    whole = float((errors**2).mean()) + between
    return float(values.mean()), float(np.sqrt(whole)), between / whole if whole else 0.0
