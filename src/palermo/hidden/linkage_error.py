"""The number of persons with the errors of linkage taken out, and their uncertainty in the interval.

Corrected for missed and false links after Ding and Fienberg (1994), Di Consiglio and Tuoto (2015, 2018) and Zult, de
Wolf, Bakker and van der Heijden (2021): the table is carried back to what perfect linkage would have given
(``linkage_table``) and the estimators run on the expectations. Every replicate draws the rates from what labelling
leaves open, corrects the table by them, and draws persons anew from the corrected table, so that the interval holds
both.

The decision a reader would question: persons are drawn from the corrected table and not from the one seen. Rates come
from labelled pairs of these very records: what linkage did to them is known but for the error of labelling, and chance
remains in who came before which list. Limits are percentiles, not BCa: no jackknife turns around the rates.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from palermo.errors import RefusedError, UsageError
from palermo.hidden.answer import Answer, Settings, Verdict, refused
from palermo.hidden.bootstrap import percentile_limits
from palermo.hidden.capture import CaptureTable
from palermo.hidden.linkage_estimates import ON_TABLES, SEARCHES, dispersion, totals
from palermo.hidden.linkage_rates import PairRates, read_rates
from palermo.hidden.linkage_table import Spread, corrected_cells, pairs_of
from palermo.hidden.resampling import bootstrap_tables
from palermo.hidden.verdicts import PREFERRED

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
# What may become the headline, as far as it can take a corrected table.
DEFAULT = tuple(name for name in PREFERRED if name in ON_TABLES)
MOSTLY_LINKAGE = 0.5
OFTEN_REPAIRED = 0.2
PART_DRAWS = 60  # of the rates, enough for their share of the variance to two tenths
PLAIN_DRAWS = 200  # of the table without correction, which is only set beside


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
    uncorrected: Floats  # replicates of the table as it was seen
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
    linked: Floats | None = None,
) -> list[Answer]:
    """The answers of the estimators on the corrected table, one each; ``rates`` has the schema ``PAIR_RATES``.

    ``linked``: persons of all on both lists of each pair, where ``table`` holds only some of those that were linked.
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
    own = own.of_persons(pair_overlaps(table) if linked is None else linked)
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
    missed, false = rates.drawn(rng, number)
    spread = (assumed.missed, assumed.false)
    point, _ = corrected_cells(seen, 1 - rates.missed.value[None], 1 - rates.false.value[None], k, spread)
    of_rates, mended = corrected_cells(np.repeat(seen, number, axis=0), 1 - missed, 1 - false, k, spread)
    replicates = _persons_drawn(rng, of_rates)
    plain = bootstrap_tables(table, min(number, PLAIN_DRAWS), settings.seed).cells(k)
    whole = bool((rates.missed.value + rates.false.value == 0).all())
    scale = 1.0 if whole else dispersion(replicates, k)
    return Corrected(point[0], replicates, of_rates, plain, float(mended.mean()), scale, rates.notes)


def _persons_drawn(rng: np.random.Generator, tables: Floats) -> Floats:
    """A multinomial table of as many persons with the shares of each table."""
    persons = tables.sum(axis=1)
    drawn = rng.multinomial(np.rint(persons).astype(np.int64), tables / np.maximum(persons, 1e-12)[:, None])
    return np.asarray(drawn, np.float64)


def _answer(name: str, table: CaptureTable, found: Corrected, rates: PairRates, settings: Settings) -> Answer:
    own = Estimating(name, possible_cells(table), table.k, settings)
    estimate, drawn = own.total_and_draws(found.cells, found.replicates, found.dispersion)
    if not np.isfinite(estimate):
        return refused(name, settings.level, "after correction no model has an estimate")
    limits = percentile_limits(drawn, settings.level)
    part = linkage_part(drawn, own.totals(found.of_rates[:PART_DRAWS], found.dispersion))
    before, plain_drawn = own.total_and_draws(table.cells.astype(np.float64), found.uncorrected)
    plain = percentile_limits(plain_drawn, settings.level)
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
                "estimate": finite(before),
                "lower": finite(plain.lower),
                "upper": finite(plain.upper),
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
class Estimating:
    """One estimator with all that its tables share."""

    name: str
    possible: Flags
    k: int
    settings: Settings

    def totals(self, tables: Floats, dispersion: float = 1.0) -> Floats:
        """The total of each table."""
        own = dispersion if self.name in SEARCHES else 1.0
        return totals(self.name, tables, self.possible, self.k, self.settings, own)

    def total_and_draws(self, cells: Floats, replicates: Floats, dispersion: float = 1.0) -> tuple[float, Floats]:
        """The total of a table and those of its replicates, with the chance of who is seen at all put back.

        Replicates hold as many persons as the table. How many are seen is itself a draw from all of them, and an
        estimate moves with it in proportion; where most are seen this is half of the variance (Norris and Pollock
        1996). Each total is therefore multiplied by the persons seen in such a draw over those seen.
        """
        found = self.totals(np.concatenate([cells[None], replicates]), dispersion)
        total, seen = float(found[0]), float(cells.sum())
        if not np.isfinite(total) or total < 1:
            return total, found[1:]
        rng = np.random.default_rng([self.settings.seed, 1])
        everyone, share = max(round(total), 1), min(seen / total, 1.0)
        again = rng.binomial(everyone, share, len(replicates)) / (everyone * share)
        return total, np.asarray(found[1:] * again, np.float64)


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


def _other_spreads(own: Estimating, table: CaptureTable, rates: PairRates, scale: float) -> dict[str, float | None]:
    """The number where errors fall otherwise on three lists and more: the ends of what the rates of pairs allow."""
    seen = table.cells.astype(np.float64)[None]
    kinds = {
        "missed_persons": (Spread.PERSONS, Spread.PAIRS),
        "false_records": (Spread.RECORDS, Spread.RECORDS),
    }
    found: dict[str, float | None] = {}
    for kind, spread in kinds.items():
        cells, _ = corrected_cells(seen, 1 - rates.missed.value[None], 1 - rates.false.value[None], table.k, spread)
        found[kind] = finite(own.totals(cells, scale)[0])
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


def finite(value: float) -> float | None:
    """The value, or None where it is infinite or undefined."""
    return float(value) if np.isfinite(value) else None
