"""Replicates of a table by strata: drawn whole from the fitted model, gaps in the covariates and all, and fitted anew.

Every replicate draws all persons of every cell, the unseen too, in the shares estimated. Then each person of a cell
loses covariates with the chance that the fitted model and the table give (the E step's shares), and the unseen are
dropped. So EM and, where the plan says so, the choice of model are repeated, and how many unseen each part of the
replicate truly has is known.

The decision a reader would question: whether a value is missing is drawn as it was found, cell by cell; where few
persons stand in a cell its share of gaps is rough.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from palermo.hidden.answer import Settings
from palermo.hidden.contingency import OK
from palermo.hidden.design import Floats, Grid, Partial
from palermo.hidden.strata_model import Fitted, Plan, again, fit_plan

_TOLD = 20  # replicates between two reports of progress


@dataclass(frozen=True)
class Replicates:
    """Unseen persons of each part (columns) in each replicate (rows): as estimated and as drawn.

    ``estimated`` is infinite where no estimate exists.
    """

    estimated: Floats
    drawn: Floats

    def column(self, number: int) -> "Replicates":
        """Those of one part."""
        return Replicates(self.estimated[:, number], self.drawn[:, number])


@dataclass(frozen=True)
class Source:
    """What replicates are drawn from: the counts, the persons known in part, and the model fitted to both."""

    counts: Floats
    partial: Sequence[Partial]
    fitted: Fitted

    @property
    def grid(self) -> Grid:
        """The cells."""
        return self.fitted.search.grid

    def shares(self) -> Floats:
        """The share of all persons in each cell known in full, then in each cell of each partial row."""
        fitted, completed = self.fitted.fit.fitted, self.fitted.completed
        whole = _cell_shares(self.grid, self.fitted)
        parts = [whole * _ratio(self.counts, completed, 1.0)]
        for cells, persons in self.partial:
            means = fitted[cells]
            expected = persons * means / means.sum() if means.sum() > 0 else np.zeros(len(cells))
            parts.append(whole[cells] * _ratio(expected, completed[cells], 0.0))
        joined = np.concatenate(parts)
        return np.asarray(joined / joined.sum(), np.float64)

    def tables(self, drawn: Floats) -> tuple[Floats, list[Partial]]:
        """The counts and the partial rows of one draw; the unseen are dropped."""
        size = len(self.counts)
        counts = np.where(self.grid.observable, drawn[:size], 0.0)
        gaps, at = [], size
        for cells, _ in self.partial:
            persons = float(drawn[at : at + len(cells)].sum())
            at += len(cells)
            if persons:
                gaps.append(Partial(cells, persons))
        return counts, gaps


def replicates(source: Source, settings: Settings, plan: Plan, members: Floats) -> Replicates:
    """Fit ``settings.bootstrap`` tables drawn from the model. ``members`` has a row a part and a column a cell."""
    draws = np.random.default_rng(settings.seed)
    unseen, shares = members[:, source.grid.unseen], source.shares()
    found = Replicates(*(np.full((settings.bootstrap, len(members)), np.inf) for _ in range(2)))
    for number in range(settings.bootstrap):
        drawn = draws.multinomial(round(source.fitted.fit.estimate), shares).astype(np.float64)
        found.drawn[number] = unseen @ drawn[: len(source.counts)][source.grid.unseen]
        counts, gaps = source.tables(drawn)
        if counts.sum() > 0:
            anew = fit_plan(source.grid, counts, gaps, plan) if plan.reselect else again(source.fitted, counts, gaps)
            if anew.status == OK:
                found.estimated[number] = unseen @ anew.fit.fitted[source.grid.unseen]
        if settings.progress is not None and number % _TOLD == 0:
            settings.progress(number, settings.bootstrap, "bootstrap by strata")
    return found


def _cell_shares(grid: Grid, fitted: Fitted) -> Floats:
    """Combinations of levels in the shares estimated, histories within them as fitted."""
    wide = (1 << len(grid.lists), len(grid.combinations))
    means, persons = fitted.fit.fitted.reshape(wide), fitted.persons().reshape(wide).sum(axis=0)
    return np.asarray((means * _ratio(persons, means.sum(axis=0), 0.0)).ravel(), np.float64)


def _ratio(above: Floats, below: Floats, otherwise: float) -> Floats:
    return np.divide(above, below, out=np.full_like(below, otherwise), where=below > 0)
