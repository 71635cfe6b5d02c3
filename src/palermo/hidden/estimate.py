"""One function for every estimator: run those that apply, judge each answer by the same rules, stop when asked to.

The decision a reader would question: an estimator that was stopped by Ctrl-C still answers, with a refusal that says
so. What was finished stays readable, and a table never looks complete when it is not.

>>> import numpy as np
>>> from palermo.hidden import CaptureTable, estimate
>>> made_up = CaptureTable(("A", "B", "C"), np.arange(1, 8), np.array([180, 120, 30, 90, 22, 15, 6]))
>>> (answer,) = estimate(made_up, ["stepwise"])
>>> f"{answer.estimate:,.0f} persons, {answer.lower:,.0f} to {answer.upper:,.0f}: {answer.verdict}"
'1,144 persons, 976 to 1,367: shown'
"""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from functools import partial
from typing import Any

import pyarrow as pa

from palermo.errors import UsageError
from palermo.hidden.answer import DEFAULT_BOOTSTRAP, Answer, Settings, refused
from palermo.hidden.capture import CaptureTable
from palermo.hidden.evidence import Surroundings, surroundings
from palermo.hidden.parts import DEFAULT, PARTED, estimate_parts
from palermo.hidden.registry import ESTIMATORS, Cost, Estimator, applicable, estimator
from palermo.hidden.schema import ESTIMATES
from palermo.hidden.sensitivity import one_person
from palermo.hidden.stratum_names import WHOLE, stratum_name
from palermo.hidden.suppressed import answer_over_ranges
from palermo.hidden.verdicts import judge
from palermo.progress import Progress

PARTS = "_parts"  # in the place of a stratum: the estimator gives the total and all parts in one run
STOPPED = "not run: stopped by the user"
RANGES = "some counts are known as ranges only, and this estimator cannot spread them over covariates"
CHEAP = frozenset({"stepwise_BCa"})  # estimators whose replicates cost microseconds each
# Shares of the progress bar, as measured on five lists. They only have to be of the right order.
WEIGHTS = {Cost.FORMULA: 1, Cost.SEARCH: 5, Cost.SAMPLING: 30}


def estimate(
    table: CaptureTable,
    estimators: Iterable[str] | None = None,
    settings: Settings | None = None,
    by: Sequence[str] = (),
) -> list[Answer]:
    """Estimate the persons in all, seen and unseen; with no estimator named, by all that apply.

    ``by`` names covariates. Estimators that know parts (``parts.PARTED``) then give the total and every part, which
    add up; others that are named run on each combination of values as on a table of its own. With none named the parts
    come from ``parts.DEFAULT`` alone.
    """
    chosen = settings or Settings()
    _check(chosen)
    work = _work(table, None if estimators is None else tuple(estimators), tuple(by), chosen.bootstrap)
    weights = [WEIGHTS[entry.cost] for _, _, entry in work]
    total = sum(weights)
    answers: list[Answer] = []
    around: dict[str, Surroundings] = {}
    place = 0
    try:
        for place, (stratum, own, entry) in enumerate(work):
            text, done = f"{entry.name} {'' if stratum == WHOLE else stratum}".strip(), sum(weights[:place])
            _tell(chosen.progress, done, total, text)
            inner = _part_of(chosen.progress, (done, weights[place], total), text)
            part = replace(chosen, bootstrap=replicates_of(entry, chosen), progress=inner)
            if stratum == PARTS:
                parts = estimate_parts(own, by, part, (entry.name,))
                answers += [_with_settings(own, part) for own in parts]
                continue
            if stratum not in around:
                around[stratum] = surroundings(own, chosen)
            answer = replace(_answer(entry, own, part, around[stratum]), stratum=stratum)
            answers.append(_with_settings(answer, part))
    except KeyboardInterrupt:
        answers += [_not_run(entry, stratum, chosen) for stratum, _, entry in work[place:]]
    else:
        _tell(chosen.progress, total, total, "estimated")
    return answers


def replicates_of(entry: Estimator, settings: Settings) -> int:
    """Bootstrap replicates of an estimator: more where they are cheap and the user left the number to us."""
    left_to_us = settings.bootstrap == DEFAULT_BOOTSTRAP and settings.cheap_bootstrap is not None
    return settings.cheap_bootstrap or 0 if left_to_us and entry.name in CHEAP else settings.bootstrap


def stopped(answers: Iterable[Answer]) -> bool:
    """Whether the user stopped the run before it was done."""
    return any(STOPPED in answer.reasons for answer in answers)


def compare(
    table: CaptureTable,
    estimators: Iterable[str] | None = None,
    settings: Settings | None = None,
    by: Sequence[str] = (),
) -> list[dict[str, Any]]:
    """The answers side by side as rows for a table: the columns of ESTIMATES and the citation."""
    rows = as_table(estimate(table, estimators, settings, by)).to_pylist()
    return [{**row, "citation": ESTIMATORS[row["estimator"]].citation} for row in rows]


def as_table(answers: Iterable[Answer]) -> pa.Table:
    """The answers as the estimate table (``schema.ESTIMATES``)."""
    return pa.Table.from_pylist([as_row(answer) for answer in answers], schema=ESTIMATES)


def as_row(answer: Answer) -> dict[str, Any]:
    """One answer as a row of the estimate table, in its order."""
    return {
        "stratum": answer.stratum,
        "estimator": answer.estimator,
        "settings": _json(answer.settings),
        "estimate": answer.estimate,
        "lower": answer.lower,
        "upper": answer.upper,
        "level": answer.level,
        "verdict": answer.verdict.value,
        "reasons": list(answer.reasons),
        "diagnostics": _json(answer.diagnostics),
    }


def _work(
    table: CaptureTable, names: tuple[str, ...] | None, by: tuple[str, ...], bootstrap: int
) -> list[tuple[str, CaptureTable, Estimator]]:
    """What is to run: (stratum, its table, estimator); the stratum is ``PARTS`` where one run gives all parts."""
    if not by:
        return [(WHOLE, table, entry) for entry in applicable(table, names, bootstrap)]
    strata = _strata(table, by)  # a covariate that is not there is told before the work, not after it
    chosen = applicable(table, names, bootstrap)
    parted = [estimator(name) for name in DEFAULT] if names is None else [own for own in chosen if own.name in PARTED]
    apart = strata[:1] if names is None else strata
    work = [
        (stratum, own, entry)
        for stratum, own in apart
        for entry in applicable(own, names, bootstrap)
        if entry not in parted
    ]
    return work + [(PARTS, table, entry) for entry in parted]


def _strata(table: CaptureTable, by: Sequence[str]) -> list[tuple[str, CaptureTable]]:
    parts = table.strata(by) if by else []
    return [(WHOLE, table), *((stratum_name(zip(by, key, strict=True)), own) for key, own in parts)]


def _answer(entry: Estimator, table: CaptureTable, settings: Settings, around: Surroundings) -> Answer:
    if hindrance := entry.hindrance(table):
        return refused(entry.name, settings.level, hindrance)
    if table.n == 0:
        return refused(entry.name, settings.level, "no list saw anybody")
    if table.is_suppressed and entry.needs_covariates:
        return refused(entry.name, settings.level, RANGES)
    run = partial(answer_over_ranges, entry) if table.is_suppressed else entry.load()
    answer = replace(run(table, settings), estimator=entry.name)
    percent = None
    if answer.estimate is not None and entry.is_quick and not entry.needs_covariates:
        influence = one_person(entry, table, settings)
        if influence is not None:
            percent = influence.percent
            answer = replace(answer, diagnostics={**answer.diagnostics, "one_person": asdict(influence)})
    return judge(around.evidence(answer, table, percent))


def _not_run(entry: Estimator, stratum: str, settings: Settings) -> Answer:
    where = WHOLE if stratum == PARTS else stratum
    return _with_settings(replace(refused(entry.name, settings.level, STOPPED), stratum=where), settings)


def _with_settings(answer: Answer, settings: Settings) -> Answer:
    own = ("progress", "cheap_bootstrap")  # the first is no setting of the answer, the second is in ``bootstrap``
    asked = {name: value for name, value in vars(settings).items() if name not in own and value is not None}
    return replace(answer, settings={**asked, **answer.settings})


def _tell(progress: Progress, done: float, total: float, text: str) -> None:
    if progress is not None:
        progress(done, total, text)


def _check(settings: Settings) -> None:
    if not 0 < settings.level < 1:
        raise UsageError(f"level is {settings.level}; expected a number between 0 and 1, such as 0.95")
    if settings.bootstrap < 0 or (settings.cheap_bootstrap or 0) < 0:
        raise UsageError(f"{settings.bootstrap} bootstrap replicates; expected 0 (none) or more, such as 1000")
    if settings.max_order is not None and settings.max_order < 1:
        raise UsageError(f"highest order of interaction {settings.max_order}; expected 1 (main effects) or more")
    if settings.delta is not None and not settings.delta > 0:
        raise UsageError(f"prior count per cell (delta) is {settings.delta}; expected more than 0")


def _part_of(progress: Progress, place: tuple[float, float, float], name: str) -> Progress:
    """Progress within one estimator as a part of the whole run: ``place`` is what is done, its weight, and all."""
    if progress is None:
        return None
    done, weight, total = place

    def tell(within: float, whole: float | None, text: str) -> None:
        share = min(within / whole, 1) if whole else 0
        progress(done + weight * share, total, f"{name}: {text}" if text else name)

    return tell


def _json(values: Any) -> str:
    return json.dumps(_plain(values), sort_keys=True, allow_nan=False)


def _plain(value: Any) -> Any:
    """Python's own types for numpy's; a number that JSON lacks (infinite, undefined) becomes its name."""
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    if isinstance(value, dict) or hasattr(value, "items"):
        return {str(key): _plain(own) for key, own in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(own) for own in (sorted(value) if isinstance(value, set | frozenset) else value)]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value
