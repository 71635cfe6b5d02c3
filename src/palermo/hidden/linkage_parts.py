"""Parts by sex, age or form with the errors of linkage taken out, by the rates of all persons.

Each stratum's own table, persons of unknown sex or age too, is carried back to what perfect linkage would have given
(``linkage_table``); the covariate model is chosen and fitted on these expectations. The correction is linear in the
counts, so that the parts add up to the corrected whole.

The decision a reader would question: rates are taken to be those of all persons in every stratum. Labels by stratum
would be too few, and sex and age are among what is compared. Where women are linked worse than men, the interval does
not hold that.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from palermo.hidden.answer import Settings
from palermo.hidden.capture import CaptureTable
from palermo.hidden.contingency import OK, status
from palermo.hidden.design import Grid, Partial, Row, placed
from palermo.hidden.linkage_error import pair_overlaps
from palermo.hidden.linkage_rates import PairRates
from palermo.hidden.linkage_table import corrected_cells
from palermo.hidden.missing import complete
from palermo.hidden.strata_replicates import Draws, Source

Floats = npt.NDArray[np.float64]
Shares = tuple[Floats, Floats]  # of true pairs found, of links that are true; one for each pair of lists
LINKAGE_PART = "linkage_part"  # in the diagnostics of an answer whose errors of linkage are taken out
RATE_DRAWS = 40  # of the rates and of what linkage missed by chance; each is one fit of the model that was chosen


@dataclass(frozen=True)
class Mended:
    """Corrects the tables of strata; ``rates`` are of persons (``PairRates.of_persons``)."""

    rates: PairRates

    def counted(self, table: CaptureTable, grid: Grid) -> tuple[Floats, list[Partial]]:
        """The corrected persons of each cell, and those whose covariates are known in part."""
        shares = (1 - self.rates.missed.value, 1 - self.rates.false.value)
        return placed(_rows(table, grid.covariates, lambda _: shares), grid)

    def moves(self, table: CaptureTable, source: Source, parts: Floats, settings: Settings) -> Floats:
        """By how much each part (column) is moved by what is not known of linkage; one row a draw, none without draws.

        A draw holds other rates, one error for all strata, and the chance by which links were found: of a stratum that
        shares few persons the share found is not the rate itself. The model stays as it was chosen.
        """
        grid, fitted = source.grid, source.fitted
        rng = np.random.default_rng([settings.seed, 4])
        found = []
        missed, false = self.rates.drawn(rng, min(RATE_DRAWS, settings.bootstrap))
        for row in range(len(missed)):
            counts, partial = placed(_rows(table, grid.covariates, _chances(rng, missed[row], false[row])), grid)
            fit, completed = complete(grid, fitted.own, counts, partial, fitted.fit)
            if status(grid, fitted.own, completed) == OK:
                found.append(parts @ np.where(grid.unseen, fit.fitted, completed))
        if len(found) < 2:
            return np.empty((0, len(parts)))
        logs = np.log(np.maximum(np.array(found), 1e-9))
        return np.asarray(np.exp(logs - np.median(logs, axis=0)), np.float64)


def widened(drawn: Draws, moves: Floats, seed: int) -> Draws:
    """The draws of all parts, each moved by one of ``moves``: what moves one part moves the others with it."""
    if not len(moves) or not drawn.persons.size:
        return drawn
    rows = np.random.default_rng([seed, 3]).integers(len(moves), size=len(drawn.persons))
    return Draws(drawn.persons * moves[rows], drawn.tables, drawn.failed)


def told_of_linkage(drawn: Draws, moves: Floats | None, part: int) -> dict[str, float | None]:
    """The share of the variance of a part (log scale) that is linkage's; nothing where its errors are not taken out."""
    if moves is None:
        return {}
    if not len(moves) or not drawn.persons.size:
        return {LINKAGE_PART: None}
    whole = float(np.log(np.maximum(drawn.persons[:, part], 1.0)).var())
    return {LINKAGE_PART: min(float(np.log(moves[:, part]).var()) / whole, 1.0) if whole else None}


def _chances(rng: np.random.Generator, missed: Floats, false: Floats) -> Callable[[Floats], Shares]:
    """Shares found and true in a stratum of which these persons are seen on both lists of each pair."""

    def drawn(seen: Floats) -> Shares:
        lost = rng.poisson(seen * missed / np.maximum(1 - missed, 1e-3))
        right = rng.binomial(seen.astype(np.int64), 1 - false)
        some = np.maximum(seen, 1.0)
        return np.where(seen > 0, seen / (some + lost), 1 - missed), np.where(seen > 0, right / some, 1 - false)

    return drawn


def _rows(table: CaptureTable, by: tuple[str, ...], shares: Callable[[Floats], Shares]) -> Iterator[Row]:
    """The corrected rows of every stratum."""
    for values, own in table.strata(by):
        found, true = shares(pair_overlaps(own))
        cells, _ = corrected_cells(own.cells.astype(np.float64)[None], found[None], true[None], own.k)
        for history in np.flatnonzero(cells[0] > 0).tolist():
            yield Row(history, values, float(cells[0, history]))
