"""Every stratum on its own, the total as their sum: the naive way, for comparison.

The decision a reader would question: persons of whom a covariate is not known make strata of their own (``_U``), so
that nobody is left out. Where such a stratum has no estimate its persons are left out of the total, and it is said.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from palermo.hidden.answer import Answer, Settings, Verdict, refused
from palermo.hidden.capture import CaptureTable
from palermo.hidden.contingency import OK, REASON
from palermo.hidden.design import counted, grid_of
from palermo.hidden.strata import Case, Part, answer_of
from palermo.hidden.strata_limits import spread_of
from palermo.hidden.strata_model import Plan, fit_plan
from palermo.hidden.strata_replicates import Draws, Source, draws_of
from palermo.hidden.stratum_names import stratum_name
from palermo.hidden.verdicts import Evidence, judge

PLAIN = "plain_stratification"


@dataclass(frozen=True)
class _Stratum:
    name: str
    known: bool  # whether all covariates are known
    table: CaptureTable
    source: Source


def plain_stratification(
    table: CaptureTable, by: Sequence[str], settings: Settings | None = None, *, total_only: bool = False
) -> list[Answer]:
    """The total, then each stratum with list x list terms chosen by BIC. No total where a known one has no estimate.

    Limits of the total come from the sums of independent replicates of the strata. ``total_only`` leaves out the rest.
    """
    chosen = settings or Settings()
    if table.is_suppressed:
        return [refused(PLAIN, chosen.level, "some counts are known as ranges only; each stratum needs the counts")]
    strata = [_fitted(names, own, by, chosen) for names, own in table.strata(by)]
    if total_only and (without := [own for own in strata if own.known and own.source.fitted.status != OK]):
        return [_no_total(without, strata, chosen)]
    drawn = [_drawn(own, replace(chosen, seed=chosen.seed + number)) for number, own in enumerate(strata)]
    answers = [_answer(own, found, chosen) for own, found in zip(strata, drawn, strict=True)]
    total = _summed(table, strata, drawn, answers, chosen)
    return [total] if total_only else [total, *answers]


def _fitted(values: tuple[str | None, ...], table: CaptureTable, by: Sequence[str], settings: Settings) -> _Stratum:
    grid = grid_of(table, ())
    counts, _ = counted(table, grid)
    source = Source(counts, [], fit_plan(grid, counts, [], _plan(settings).settled(grid)))
    return _Stratum(stratum_name(zip(by, values, strict=True)), None not in values, table, source)


def _plan(settings: Settings) -> Plan:
    return Plan((), order=min(settings.max_order or 2, 2))


def _drawn(own: _Stratum, settings: Settings) -> Draws:
    if own.source.fitted.status != OK:
        return Draws(np.empty(0), settings.bootstrap, settings.bootstrap)
    plan = _plan(settings).settled(own.source.grid)
    return draws_of(own.source, settings, plan, np.ones((1, len(own.source.counts)))).column(0)


def _answer(own: _Stratum, drawn: Draws, settings: Settings) -> Answer:
    state = own.source.fitted.status
    if state != OK:
        return replace(refused(PLAIN, settings.level, REASON[state]), stratum=own.name)
    case = Case(own.table, own.source, settings, _plan(settings).settled(own.source.grid))
    return answer_of(case, Part(PLAIN, own.name, np.ones(len(own.source.counts), np.bool_), drawn))


def _summed(
    table: CaptureTable,
    strata: Sequence[_Stratum],
    drawn: Sequence[Draws],
    answers: Sequence[Answer],
    settings: Settings,
) -> Answer:
    without = [own for own, answer in zip(strata, answers, strict=True) if own.known and answer.estimate is None]
    if without or not any(own.known for own in strata):
        return _no_total(without, strata, settings)
    held = [place for place, answer in enumerate(answers) if answer.estimate is not None]
    # Draws come model by model; in random order, the sum of two strata pairs any model of one with any of the other.
    shuffle = np.random.default_rng([settings.seed, 2]).permutation
    length = min(len(drawn[i].persons) for i in held)
    sums = np.sum([shuffle(drawn[i].persons)[:length] for i in held], axis=0)
    whole = Draws(sums, settings.bootstrap, max(drawn[i].failed for i in held))
    total = sum(answers[i].estimate or 0.0 for i in held)
    spread = spread_of(total, whole, settings.level)
    left = table.n - sum(strata[i].table.n for i in held)
    reasons = (f"{left} persons with a covariate missing stand in no stratum",) if left else ()
    verdict = Verdict.WARNED if reasons or spread.reasons else Verdict.SHOWN
    answer = Answer(
        PLAIN, total, spread.lower, spread.upper, settings.level, verdict=verdict, reasons=(*reasons, *spread.reasons)
    )
    return judge(Evidence(answer, table))


def _no_total(without: Sequence[_Stratum], strata: Sequence[_Stratum], settings: Settings) -> Answer:
    known = sum(own.known for own in strata)
    return refused(PLAIN, settings.level, f"no total: no estimate for {len(without)} of {known} strata")
