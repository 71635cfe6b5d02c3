"""Persons in all by sex, age, form or any covariates: one model for the whole table, so that sparse strata borrow.

A part is the persons seen in it plus the fitted means of its unseen cells, so the total equals the sum of its parts.
Whose covariates are known in part are shared out among the parts that fit (EM), so nobody is left out.

Strata are pooled in part in one of two ways, and the answer says which. ``selection``, the peer's: a list meets all
strata alike except where BIC (or AIC) asks for a list x covariate term. ``penalty``, the default: on top of that, every
list x covariate and list x list term left out, and list x list x covariate for every pair of lists chosen, enters with
effects shrunk to 0 (normal; ``strata_model.VARIES``, ``DEPENDS``). How this does where the truth is known, and what
stays wrong, is in docs/method/hidden-strata.md.

The decision a reader would question: a stratum with hardly anybody on two lists gets a number with a warning, not a
refusal, as its dependence is borrowed from the others and its own counts still weigh. Refused are all parts or none.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

import numpy as np

from palermo.hidden.answer import Answer, Settings, Verdict, refused
from palermo.hidden.capture import CaptureTable
from palermo.hidden.contingency import OK, REASON
from palermo.hidden.design import Grid, Mask, counted, grid_of
from palermo.hidden.linkage_parts import Mended, told_of_linkage, widened
from palermo.hidden.strata_limits import Spread, spread_of
from palermo.hidden.strata_model import PLANS, POOLED, Plan, fit_plan, year_among
from palermo.hidden.strata_replicates import Draws, Source, draws_of
from palermo.hidden.stratum_names import WHOLE, stratum_name
from palermo.hidden.verdicts import Evidence, judge
from palermo.rounded_words import about_share

__all__ = ["PLANS", "Plan", "estimate_by"]

FEW_OVERLAPS = 20  # a stratum with fewer persons on two lists or more rests on others; as for a whole table
FAR_BEYOND = 10.0  # persons in all for each one seen, in one stratum
MANY_GAPS = 0.2  # share of the persons of a stratum who stand in it by the model alone
GIVEN = "the limits take the chosen model as given, so they are too narrow"


def estimate_by(
    table: CaptureTable,
    by: Sequence[str],
    settings: Settings | None = None,
    plan: Plan | None = None,
    mended: Mended | None = None,
) -> list[Answer]:
    """The total (``_T``), each level of each covariate, and each combination of levels of ``by``.

    ``plan`` says which model; by default two-way terms chosen by BIC and the other list x covariate terms shrunk, and
    a covariate of calendar years as a trend. ``mended`` takes the errors of linkage out. Answers without an
    estimate say why.
    """
    chosen = settings or Settings()
    own = plan or replace(PLANS[POOLED], year=year_among(table, by))
    own = replace(own, by=tuple(by), order=min(chosen.max_order or 2, 2))
    if table.is_suppressed:
        said = "some counts are known as ranges only; models with covariates need the counts themselves"
        return [refused(own.name(False), chosen.level, said)]
    grid = grid_of(table, own.by, own.year, own.degree)
    own = own.settled(grid)
    counts, partial = counted(table, grid) if mended is None else mended.counted(table, grid)
    name = own.name(bool(partial))
    if counts.sum() == 0:
        return [refused(name, chosen.level, "no person has all covariates known")]
    source = Source(counts, partial, fit_plan(grid, counts, partial, own))
    parts = dict(_parts(grid, own.by))
    if source.fitted.status != OK:
        none = refused(name, chosen.level, REASON[source.fitted.status], **_diagnostics(source, own))
        return [replace(none, stratum=part) for part in parts]
    members = np.array(list(parts.values()), np.float64)
    drawn = draws_of(source, chosen, own, members)
    moves = None if mended is None else mended.moves(table, source, members, chosen)
    if moves is not None:
        drawn = widened(drawn, moves, chosen.seed)
    case = Case(table, source, chosen, own)
    return [
        answer_of(case, Part(name, part, cells, drawn.column(number), told_of_linkage(drawn, moves, number)))
        for number, (part, cells) in enumerate(parts.items())
    ]


@dataclass(frozen=True)
class Case:
    """What the answers for all parts of a table share."""

    table: CaptureTable
    source: Source
    settings: Settings
    plan: Plan


@dataclass(frozen=True)
class Part:
    """One part: its cells and its draws."""

    estimator: str
    stratum: str
    cells: Mask
    draws: Draws
    linkage: Mapping[str, float | None] = field(default_factory=dict)  # what the diagnostics tell of linkage


def answer_of(case: Case, part: Part) -> Answer:
    """The answer for one part, judged."""
    source, settings, plan = case.source, case.settings, case.plan
    fitted = source.fitted
    estimate = float(fitted.persons()[part.cells].sum())
    spread = spread_of(estimate, part.draws, settings.level)
    chosen = plan.criterion != "all" and plan.order > 1
    given = (GIVEN,) if chosen and settings.bootstrap and not plan.reselect else ()
    warned = (*_doubts(source, part, estimate), *spread.reasons, *given)
    answer = Answer(
        part.estimator,
        estimate,
        spread.lower,
        spread.upper,
        settings.level,
        settings=_asked(plan),
        verdict=Verdict.WARNED if warned else Verdict.SHOWN,
        reasons=warned,
        diagnostics={**_diagnostics(source, plan), **_counted(source, part), **_told(spread), **part.linkage},
        stratum=part.stratum,
    )
    near = tuple(fitted.search.near) if part.stratum == WHOLE else ()
    return judge(Evidence(answer, case.table, models=near or None))


def _parts(grid: Grid, by: Sequence[str]) -> Iterator[tuple[str, Mask]]:
    yield WHOLE, np.ones(len(grid.histories), np.bool_)
    numbers = [grid.covariates.index(name) for name in dict.fromkeys(by)]
    groups = [(number,) for number in numbers] + ([tuple(numbers)] if len(numbers) > 1 else [])
    for group in groups:
        for places in product(*(range(len(grid.levels[number])) for number in group)):
            cells = (grid.codes[:, list(group)] == places).all(axis=1)
            pairs = zip(group, places, strict=True)
            yield stratum_name((grid.covariates[i], grid.levels[i][place]) for i, place in pairs), cells


def _doubts(source: Source, part: Part, estimate: float) -> Iterator[str]:
    fitted, grid = source.fitted, source.grid
    if part.stratum != WHOLE:
        yield from _borrowed(_counted(source, part), estimate)
    if not fitted.fit.converged:
        yield "the fit did not settle"
    if fitted.search.passed_over:
        yield f"left out because no estimate exists with them: {', '.join(fitted.search.passed_over)}"
    if part.stratum == WHOLE and grid.degrees and fitted.smooth:
        yield "years are smoothed throughout: a year may get fewer persons than were seen in it"


def _borrowed(counts: dict[str, float], estimate: float) -> Iterator[str]:
    """What of a stratum's number comes from elsewhere."""
    seen, shared = counts["observed"], counts["shared"]
    if shared < 0.5:
        yield "nobody of this stratum is on two lists; how the lists overlap is borrowed whole from other strata"
    elif shared < FEW_OVERLAPS:
        # The exact number would tell a small count, and reasons are printed in the account.
        yield (
            f"fewer than {FEW_OVERLAPS} persons of this stratum are on two lists or more; "
            "how the lists overlap is mostly borrowed from other strata"
        )
    if estimate > FAR_BEYOND * max(seen, 1.0):
        yield f"more than {FAR_BEYOND:.0f} times the persons seen in this stratum"
    if seen - counts["known"] > MANY_GAPS * seen:
        share = about_share((seen - counts["known"]) / seen)
        yield f"{share} of the persons seen stand here by the model alone, as a covariate of theirs is missing"


def _counted(source: Source, part: Part) -> dict[str, float]:
    """Persons of a part: seen (those known in part shared out), of these known in full, and on two lists or more."""
    grid, completed = source.grid, source.fitted.completed
    seen = part.cells & grid.observable
    several = part.cells & (np.bitwise_count(grid.histories) > 1)
    return {
        "observed": float(completed[seen].sum()),
        "known": float(source.counts[seen].sum()),
        "shared": float(completed[several].sum()),
    }


def _told(spread: Spread) -> dict[str, Any]:
    if spread.replicates == 0:
        return {"replicates": 0}
    about = {"replicates": spread.replicates, "standard_error": spread.error}
    return {**about, "limits_at_extreme": list(spread.extreme)}


def _asked(plan: Plan) -> dict[str, Any]:
    asked = {name: value for name, value in vars(plan).items() if value is not None}
    return {**asked, "by": list(plan.by)} if plan.year else {**asked, "by": list(plan.by), "degree": None}


def _diagnostics(source: Source, plan: Plan) -> dict[str, Any]:
    grid, fitted = source.grid, source.fitted
    return {
        "status": fitted.status,
        "model": " + ".join(grid.name(term) for term in fitted.own.free_terms[1:]),
        "pooled": [grid.name(term) for term in fitted.own.terms if term not in fitted.own.free_terms],
        "parameters": fitted.fit.parameters,
        "loglik": fitted.fit.loglik,
        "criterion": fitted.fit.criterion(fitted.search.weight("AIC" if plan.criterion == "AIC" else "BIC")),
        "path": [list(step) for step in fitted.search.path],
    }
