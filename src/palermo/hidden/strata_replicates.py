"""Persons of each part in draws that vary what is not known: the model, its effects, and who is unseen.

1. Tables are drawn whole from the fitted model, gaps in the covariates and all, and the choice of model (with EM) is
   repeated on each: how often a model is chosen is its weight.
2. Each model so chosen is fitted to the table itself. Its effects are drawn from their normal approximation, by the
   information of what was observed: gaps in covariates lower it (Louis 1982), shrinkage adds the spread it assumes.
3. Given the effects, the unseen of each cell and the share of partly known persons in each cell are drawn.

The decision a reader would question: limits are quantiles of these draws, not of the estimates on drawn tables. Shrunk
effects are nearly 0 in drawn tables, so those said too little of how unlike strata may be; see
docs/method/hidden-strata.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import solve_triangular

from palermo.hidden.answer import Settings
from palermo.hidden.contingency import OK, lost_cells
from palermo.hidden.design import Floats, Grid, Partial, Term
from palermo.hidden.products import crossed
from palermo.hidden.strata_model import Chosen, Fitted, Plan, chosen, fit_terms

_TOLD = 20  # tables between two reports of progress
_EACH = 10  # draws of effects for each table: cheap, and steadies the limits
_HIGHEST = 30.0  # log means are cut here
_FLAT = 1e-8  # information added in every direction, in units of the diagonal: -Inf terms have none


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
            parts.append(whole[cells] * _ratio(persons * _spread(fitted[cells]), completed[cells], 0.0))
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


@dataclass(frozen=True)
class Draws:
    """Persons of each part (columns) in each draw (rows); ``failed`` of the ``tables`` led to no estimate."""

    persons: Floats
    tables: int
    failed: int = 0

    def column(self, number: int) -> "Draws":
        """Those of one part."""
        return Draws(self.persons[:, number], self.tables, self.failed)


def draws_of(source: Source, settings: Settings, plan: Plan, members: Floats) -> Draws:
    """Draws for the parts; ``members`` has a row a part and a column a cell."""
    generator = np.random.default_rng([settings.seed, 1])
    drawn, failed = [np.empty((0, len(members)))], 0
    for terms, times in _models(source, settings, plan).items():
        same = terms == source.fitted.own.free_terms
        own = (
            source.fitted
            if same
            else fit_terms(Chosen(terms, source.fitted.search), source.counts, source.partial, plan)
        )
        if own.status == OK:
            drawn.append(_effects_drawn(source, own, times * _EACH, generator) @ members.T)
        else:
            failed += times
    return Draws(np.vstack(drawn), settings.bootstrap, failed)


def _models(source: Source, settings: Settings, plan: Plan) -> Mapping[tuple[Term, ...], int]:
    """The models chosen on drawn tables, and how often each was; () where none could be."""
    if not plan.reselect:
        return {source.fitted.own.free_terms: settings.bootstrap} if settings.bootstrap else {}
    draws, shares = np.random.default_rng(settings.seed), source.shares()
    found: dict[tuple[Term, ...], int] = {}
    for number in range(settings.bootstrap):
        drawn = draws.multinomial(round(source.fitted.fit.estimate), shares).astype(np.float64)
        counts, gaps = source.tables(drawn)
        terms = _sorted(chosen(source.grid, counts, gaps, plan).terms) if counts.sum() > 0 else source.grid.base
        if set(terms) == set(source.fitted.own.free_terms):
            terms = source.fitted.own.free_terms
        found[terms] = found.get(terms, 0) + 1
        if settings.progress is not None and number % _TOLD == 0:
            settings.progress(number, settings.bootstrap, "choice of model by strata")
    return found


def _sorted(terms: Sequence[Term]) -> tuple[Term, ...]:
    return (terms[0], *sorted(terms[1:], key=lambda term: (term.lists.bit_count() + len(term.covariates), term)))


def _effects_drawn(source: Source, own: Fitted, number: int, generator: np.random.Generator) -> Floats:
    """Persons of each cell, a row a draw: seen as known, those known in part shared out, unseen drawn."""
    grid, means = source.grid, own.fit.fitted
    step = _steps(_information(source, own), number, generator)
    persons = np.tile(np.where(grid.unseen, 0.0, source.counts), (number, 1))
    unseen = np.flatnonzero(grid.unseen)
    unseen = unseen[means[unseen] > 0]
    effects = own.fit.coefficients[:, None] + step
    persons[:, unseen] = generator.poisson(np.exp(np.minimum(own.own.matrix[unseen] @ effects, _HIGHEST)).T)
    for cells, count in source.partial:
        possible = cells[means[cells] > 0] if (means[cells] > 0).any() else cells
        linear = own.own.matrix[possible] @ effects
        weights = np.exp(linear - linear.max(axis=0))
        persons[:, possible] += generator.multinomial(round(count), (weights / weights.sum(axis=0)).T)
    return persons


def _steps(information: Floats, number: int, generator: np.random.Generator) -> Floats:
    """Normal draws around 0 with the inverse of the information as covariance, a column a draw.

    By Cholesky, as eigenvectors are not the same on every machine where eigenvalues are equal.
    """
    scale = np.sqrt(np.maximum(np.diag(information), 0.0))
    scale[scale == 0] = 1.0
    unit = information / scale[:, None] / scale
    drawn = generator.standard_normal((len(scale), number))
    try:
        lower = np.linalg.cholesky(unit + _FLAT * np.eye(len(scale)))
        steps = solve_triangular(lower, drawn, trans="T", lower=True)
    except np.linalg.LinAlgError:  # gaps took away more than there is: the normal approximation fails in a direction
        values, vectors = np.linalg.eigh(unit)
        kept = values > _FLAT * values.max()
        steps = (vectors[:, kept] / np.sqrt(values[kept])) @ drawn[kept]
    return np.asarray(steps / scale[:, None], np.float64)


def _information(source: Source, own: Fitted) -> Floats:
    """Observed information of the effects: that of the completed table less what the gaps take away."""
    grid = source.grid
    kept = grid.observable & ~lost_cells(grid, own.own.free_terms, own.completed)
    design, means = own.own.matrix[kept], own.fit.fitted
    found = crossed(design * means[kept, None], design) + np.diag(own.own.penalty)
    for cells, persons in source.partial:
        weights, rows = _spread(means[cells]), own.own.matrix[cells]
        centred = rows - weights @ rows
        found -= persons * centred.T @ (centred * weights[:, None])
    return np.asarray((found + found.T) / 2, np.float64)


def _cell_shares(grid: Grid, fitted: Fitted) -> Floats:
    """Combinations of levels in the shares estimated, histories within them as fitted."""
    wide = (1 << len(grid.lists), len(grid.combinations))
    means, persons = fitted.fit.fitted.reshape(wide), fitted.persons().reshape(wide).sum(axis=0)
    return np.asarray((means * _ratio(persons, means.sum(axis=0), 0.0)).ravel(), np.float64)


def _spread(means: Floats) -> Floats:
    total = means.sum()
    return np.asarray(means / total if total > 0 else np.zeros(len(means)), np.float64)


def _ratio(above: Floats, below: Floats, otherwise: float) -> Floats:
    return np.divide(above, below, out=np.full_like(below, otherwise), where=below > 0)
