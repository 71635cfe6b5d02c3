"""One function for every estimator: run those that apply, judge each answer by the same rules, stop when asked to.

The decision a reader would question: an estimator that was stopped by Ctrl-C still answers, with a refusal that says
so. What was finished stays readable, and a table never looks complete when it is not.
"""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from functools import partial
from typing import Any

import pyarrow as pa

from palermo.errors import UsageError
from palermo.hidden.answer import Answer, Progress, Settings, refused
from palermo.hidden.capture import CaptureTable
from palermo.hidden.evidence import Surroundings, lack_of_fit, surroundings
from palermo.hidden.registry import ESTIMATORS, Estimator, applicable
from palermo.hidden.schema import ESTIMATES
from palermo.hidden.sensitivity import one_person
from palermo.hidden.suppressed import answer_over_ranges
from palermo.hidden.verdicts import Evidence, judge

STOPPED = "not run: stopped by the user"
RANGES = "some counts are known as ranges only, and this estimator cannot spread them over covariates"
WHOLE = "_T"


def estimate(
    table: CaptureTable,
    estimators: Iterable[str] | None = None,
    settings: Settings | None = None,
    by: Sequence[str] = (),
) -> list[Answer]:
    """Estimate the persons in all, seen and unseen; with no estimator named, by all that apply.

    ``by`` names covariates: each combination of their values is then estimated apart, after the whole table.
    """
    chosen = settings or Settings()
    if not 0 < chosen.level < 1:
        raise UsageError(f"level is {chosen.level}; expected a number between 0 and 1, such as 0.95")
    names = None if estimators is None else tuple(estimators)
    work = [
        (stratum, own, entry)
        for stratum, own in _strata(table, by)
        for entry in applicable(own, names, chosen.bootstrap)
    ]
    answers: list[Answer] = []
    around: dict[str, Surroundings] = {}
    try:
        for done, (stratum, own, entry) in enumerate(work):
            _tell(chosen.progress, done, len(work), f"{entry.name} {'' if stratum == WHOLE else stratum}".strip())
            part = replace(chosen, progress=_part_of(chosen.progress, done, len(work)))
            if stratum not in around:
                around[stratum] = surroundings(own, chosen)
            answers.append(replace(_answer(entry, own, part, around[stratum]), stratum=stratum))
    except KeyboardInterrupt:
        left = work[len(answers) :]
        answers += [replace(refused(entry.name, chosen.level, STOPPED), stratum=stratum) for stratum, _, entry in left]
    else:
        _tell(chosen.progress, len(work), len(work), "estimated")
    return [_with_settings(answer, chosen) for answer in answers]


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


def _strata(table: CaptureTable, by: Sequence[str]) -> list[tuple[str, CaptureTable]]:
    parts = table.strata(by) if by else []
    named = [
        (", ".join(f"{name}={value or '_U'}" for name, value in zip(by, key, strict=True)), own) for key, own in parts
    ]
    return [(WHOLE, table), *named]


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
    misfit = lack_of_fit(answer, table)
    return judge(Evidence(answer, table, percent, around.models, misfit, around.bound, around.all_pairs))


def _with_settings(answer: Answer, settings: Settings) -> Answer:
    asked = {name: value for name, value in vars(settings).items() if name != "progress" and value is not None}
    return replace(answer, settings={**asked, **answer.settings})


def _tell(progress: Progress, done: float, total: float, text: str) -> None:
    if progress is not None:
        progress(done, total, text)


def _part_of(progress: Progress, done: int, total: int) -> Progress:
    """Progress within one estimator as a part of the whole run."""
    if progress is None:
        return None

    def tell(within: float, whole: float | None, text: str) -> None:
        progress(done + (min(within / whole, 1) if whole else 0), total, text)

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
