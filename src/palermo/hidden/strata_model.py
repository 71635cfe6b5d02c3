"""The plan for one model over all strata: which terms, chosen how, and which are shrunk.

The decision a reader would question: a year is a polynomial in its effects, but the persons counted in a year stay as
counted; the trend tells of the unseen only. ``smooth`` gives fitted means throughout, as M. Cruyff's package does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np

from palermo.errors import UsageError
from palermo.hidden.capture import CaptureTable
from palermo.hidden.contingency import ContingencyFit, Model, model, status
from palermo.hidden.covariate_search import Search, choose
from palermo.hidden.design import Floats, Grid, Partial, Term
from palermo.hidden.missing import complete

POOLED = "covariate_loglinear_pooled"
CHEAP = 10_000  # observable cells times two-way terms; a thousand searches then take about a minute
# Standard deviations of shrunk effects on the log scale. With 0.5 a list reaches a stratum mostly between a third and
# three times as well as others; with 0.3 a pair of lists not chosen shares mostly between half and twice of what chance
# gives. For pairs none, 0.2 and 0.4 were tried on made-up tables (docs/method/hidden-strata.md); 0.3 lies between.
VARIES, DEPENDS = 0.5, 0.3
_PASSES = 4  # choice of model and EM take turns at most so often
_YEARS = range(1900, 2200)
_FEW_YEARS = 4  # with fewer a polynomial of degree 2 says the same as a level for each


@dataclass(frozen=True)
class Plan:
    """How a table is estimated by strata."""

    by: tuple[str, ...]
    criterion: str = "BIC"
    year: str | None = None
    degree: int = 2
    pooling: str = "selection"
    reselect: bool | None = None  # None: where the table is small enough
    order: int = 2  # highest order of interaction: 1 or 2
    smooth: bool = False

    def __post_init__(self) -> None:
        if self.criterion not in {"BIC", "AIC", "all"}:
            raise UsageError(f"criterion {self.criterion!r}; expected BIC, AIC or all (every two-way term)")
        if self.pooling not in {"selection", "penalty"}:
            raise UsageError(f"pooling {self.pooling!r}; expected selection or penalty")

    def settled(self, grid: Grid) -> "Plan":
        """The plan with it decided whether replicates repeat the choice of model."""
        if self.criterion == "all" or self.order < 2:
            return replace(self, reselect=False)
        cheap = int(grid.observable.sum()) * len(grid.pairs) <= CHEAP
        return replace(self, reselect=cheap if self.reselect is None else self.reselect)

    def name(self, incomplete: bool) -> str:
        """The estimator's name, as in the peers' reference results."""
        if self.pooling == "penalty":
            return POOLED
        return "covariate_loglinear_EM" if incomplete else f"covariate_loglinear_stepwise_{self.criterion}"


# The models that a name stands for.
PLANS: Mapping[str, Plan] = MappingProxyType(
    {
        POOLED: Plan((), pooling="penalty"),
        "covariate_loglinear_stepwise_BIC": Plan(()),
        "covariate_loglinear_stepwise_AIC": Plan((), "AIC"),
        "covariate_loglinear_EM": Plan((), "all"),
    }
)


@dataclass(frozen=True)
class Fitted:
    """The chosen model on one table, with its search."""

    own: Model
    fit: ContingencyFit
    completed: Floats
    search: Search
    status: int
    smooth: bool = field(default=False)

    def persons(self) -> Floats:
        """Persons of each cell: those seen as counted and the unseen as fitted; all as fitted where ``smooth``."""
        if self.smooth:
            return self.fit.fitted
        return np.where(self.search.grid.unseen, self.fit.fitted, self.completed)


def year_among(table: CaptureTable, names: Sequence[str]) -> str | None:
    """The first covariate whose values are calendar years, four different ones or more; None where there is none."""
    for name in names:
        found = {value for value, n in zip(table.covariates.get(name, ()), table.counts, strict=False) if value and n}
        if len(found) >= _FEW_YEARS and all(value.isdecimal() and int(value) in _YEARS for value in found):
            return name
    return None


def fit_plan(grid: Grid, counts: Floats, partial: Sequence[Partial], plan: Plan) -> Fitted:
    """Choose and fit the model of a plan. With partial rows the choice is made on the completed table, in turns."""
    return fit_terms(chosen(grid, counts, partial, plan), counts, partial, plan)


@dataclass(frozen=True)
class Chosen:
    """The terms of a plan, and the search that led to them."""

    terms: tuple[Term, ...]
    search: Search
    near: ContingencyFit | None = None


def chosen(grid: Grid, counts: Floats, partial: Sequence[Partial], plan: Plan) -> Chosen:
    """The terms of a plan on one table."""
    terms = grid.base if plan.criterion != "all" or plan.order < 2 else (*grid.base, *grid.pairs)
    if plan.criterion == "all" or not partial:
        search = Search(grid, counts)
        best = None if plan.criterion == "all" else choose(search, plan.criterion, plan.order)
        return Chosen(terms if best is None else best.terms, search, best)
    fit, completed = complete(grid, model(grid, terms), counts, partial)
    for _ in range(_PASSES):
        search = Search(grid, completed)
        found = choose(search, plan.criterion, plan.order)
        if found.terms == fit.terms:
            break
        fit, completed = complete(grid, model(grid, found.terms), counts, partial, found)
    return Chosen(found.terms, search, fit)


def fit_terms(own: Chosen, counts: Floats, partial: Sequence[Partial], plan: Plan) -> Fitted:
    """The model of these terms, and of shrunk ones where the plan has them, on one table."""
    grid = own.search.grid
    if plan.pooling == "penalty":
        design, near = pooled(grid, own.terms, plan.order), None
    else:
        design, near = model(grid, own.terms), own.near
    fit, completed = complete(grid, design, counts, partial, near)
    return Fitted(design, fit, completed, own.search, status(grid, design, completed), plan.smooth)


def pooled(grid: Grid, terms: Sequence[Term], order: int = 2) -> Model:
    """The model of the chosen terms, with what else may be shrunk to 0.

    That is every list x covariate term left out (each list may reach each stratum unlike), list x list x covariate for
    each pair of lists chosen (the pair may depend more in one stratum than in another), and every list x list term left
    out (that few persons show no dependence does not prove that there is none).
    """
    reach = [term for term in grid.pairs if term.lists and term.covariates and term not in terms]
    pairs = [term.lists for term in terms if term.lists.bit_count() == 2 and not term.covariates]
    varying = [Term(lists, (number,)) for lists in pairs for number in range(len(grid.covariates))]
    rest = [term for term in grid.pairs if not term.covariates and term not in terms] if order > 1 else []
    return model(grid, terms, {**dict.fromkeys([*reach, *varying], VARIES), **dict.fromkeys(rest, DEPENDS)})
