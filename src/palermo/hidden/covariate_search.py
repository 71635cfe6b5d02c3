"""Stepwise choice of a log-linear model with covariates by BIC or AIC.

The steps are those of R's ``step`` as M. Cruyff's package mse calls it: start from main effects, at each step add or
drop the two-way term that lowers the criterion most. AIC starts where BIC stopped and keeps what BIC chose. The
decision a reader would question: a term with which no estimate exists is passed over, where the peer walks on and
reports a number of a thousand million persons.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from palermo.hidden.contingency import OK, ContingencyFit, fit, model, status
from palermo.hidden.design import Floats, Grid, Mask, Term

_SAME = 1e-7
Tick = Callable[[str], None]


@dataclass
class Search:
    """A search under way: the table, what was fitted, the path taken and what was passed over."""

    grid: Grid
    counts: Floats
    tick: Tick | None = None
    path: list[tuple[str, float, float]] = field(default_factory=list)  # step, criterion, persons
    passed_over: list[str] = field(default_factory=list)
    near: list[tuple[float, float]] = field(default_factory=list)  # criterion above the best, persons
    _emptied: dict[Term, Mask | None] = field(default_factory=dict)

    @property
    def persons(self) -> float:
        """Persons seen."""
        return float(self.counts[self.grid.observable].sum())

    def lost(self, terms: tuple[Term, ...]) -> Mask:
        """As ``contingency.lost_cells``, remembering each term."""
        lost = ~(self.grid.observable | self.grid.unseen)
        for term in terms:
            if term not in self._emptied:
                emptied = self.grid.emptied(term, self.counts)
                self._emptied[term] = emptied if emptied.any() else None
            own = self._emptied[term]
            if own is not None:
                lost |= own
        return lost

    def weight(self, criterion: str) -> float:
        """What a parameter costs: log of the number of persons seen (BIC), or 2 (AIC)."""
        return float(np.log(self.persons)) if criterion == "BIC" else 2.0


def choose(search: Search, criterion: str, order: int = 2) -> ContingencyFit:
    """The model by BIC, or by AIC from there on. ``order`` 1 leaves the main effects alone."""
    best = _fitted(search, search.grid.base, None)
    search.path.append(("main effects", best.criterion(search.weight("BIC")), best.estimate))
    if order < 2:
        return best
    best = _walk(search, best, search.grid.base, search.weight("BIC"))
    return best if criterion == "BIC" else _walk(search, best, best.terms, 2.0)


def _walk(search: Search, best: ContingencyFit, lower: tuple[Term, ...], weight: float) -> ContingencyFit:
    while True:
        tried = [(own.criterion(weight), number, own) for number, own in enumerate(_neighbours(search, best, lower))]
        tried.sort(key=lambda one: one[:2])
        now = best.criterion(weight)
        chosen = next((own for value, _, own in tried if value < now - _SAME and _exists(search, best, own)), None)
        if chosen is None:
            search.near = [(value - now, own.estimate) for value, _, own in tried if value < now + 10]
            return best
        search.path.append((_step(search.grid, best, chosen), chosen.criterion(weight), chosen.estimate))
        if search.tick:
            search.tick(search.path[-1][0])
        best = chosen


def _neighbours(search: Search, best: ContingencyFit, lower: tuple[Term, ...]) -> list[ContingencyFit]:
    """The models with one term fewer or more, each fitted from the coefficients of ``best`` (0 for a new term)."""
    grid, known = search.grid, np.clip(best.coefficients, -20.0, 20.0)
    ends = np.cumsum([grid.columns(term).shape[1] for term in best.terms])
    found = []
    for term, end in zip(best.terms, ends.tolist(), strict=True):
        if term not in lower:
            start = np.concatenate([known[: end - grid.columns(term).shape[1]], known[end:]])
            found.append(_fitted(search, tuple(own for own in best.terms if own != term), start))
    for term in grid.pairs:
        if term not in best.terms:
            start = np.concatenate([known, np.zeros(grid.columns(term).shape[1])])
            found.append(_fitted(search, (*best.terms, term), start))
    return found


def _fitted(search: Search, terms: tuple[Term, ...], start: Floats | None) -> ContingencyFit:
    return fit(search.grid, model(search.grid, terms), search.counts, start, rounds=25, lost=search.lost(terms))


def _exists(search: Search, best: ContingencyFit, own: ContingencyFit) -> bool:
    if status(search.grid, model(search.grid, own.terms), search.counts) == OK:
        return True
    name = _step(search.grid, best, own)
    if name not in search.passed_over:
        search.passed_over.append(name)
    return False


def _step(grid: Grid, before: ContingencyFit, after: ContingencyFit) -> str:
    added = [grid.name(term) for term in after.terms if term not in before.terms]
    dropped = [grid.name(term) for term in before.terms if term not in after.terms]
    return ", ".join([*(f"+ {name}" for name in added), *(f"- {name}" for name in dropped)])
