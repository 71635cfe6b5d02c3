"""The stage between linkage and account: capture tables from the persons, their estimates, and what stands for each.

The period is the whole of the account: a population must be closed while the lists look at it, and a person whom one
list meets in December and another in January is on both lists of one period only if the period is long. Each year by
itself is added where asked for; a person then belongs to the first year in which any list holds her. The decision a
reader would question: where the records cannot be joined the stage writes a refusal, as data, and the account goes on.
Lists that were never compared do not show that few persons are on two of them.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from palermo.errors import RefusedError
from palermo.hidden.answer import Answer, Settings, refused
from palermo.hidden.capture import CaptureTable
from palermo.hidden.comparable_lists import IDENTIFIER, NAME, comparable, hindrance, left_out_words
from palermo.hidden.estimate import as_row, estimate
from palermo.hidden.joined import Person, capture_table, counted_persons, lists_held, read_people
from palermo.hidden.linked_number import LINKS, LinkedNumber, in_their_place, read_links
from palermo.hidden.links import Links
from palermo.hidden.schema import STAGE_ESTIMATES
from palermo.hidden.stage_answers import answer_of
from palermo.hidden.stage_parts import NOT_RUN, by_form, by_people, on_several
from palermo.hidden.stage_tried import TRIED, tried, write_tried
from palermo.hidden.verdicts import PREFERRED, headline, no_surer_than_whole, with_reason
from palermo.parts import write_table
from palermo.progress import Progress
from palermo.settings import Hidden, Rules
from palermo.whole_files import whole

ALL_YEARS = "_T"
WHOLE = "_T"


@dataclass(frozen=True)
class StageInputs:
    """What the stage reads: the persons, the cases they were joined from in the same order, and the settings."""

    persons: Path
    cases: tuple[Path, ...]
    years: tuple[int, int] | None
    rules: Rules
    settings: Hidden
    links: Links | None = None  # None where records were joined by shared numbers alone


@dataclass(frozen=True)
class StageResult:
    """Where the tables lie, which lists were compared, what readers must know; ``refusal`` says why there is none."""

    estimates: Path
    captures: Path | None
    lists: tuple[str, ...]
    refusal: str
    notes: tuple[str, ...]
    links: Path | None = None  # the number without and with correction for errors of linkage, and its curve (JSON)
    tried: Path | None = None  # what stands around the estimate of everyone (JSON)


def build_hidden(inputs: StageInputs, out_dir: Path, progress: Progress = None) -> StageResult:
    """Write ``estimates.parquet`` and ``captures.parquet`` into ``out_dir``, each whole or not at all."""
    out_dir.mkdir(parents=True, exist_ok=True)
    for name in (LINKS, TRIED):
        (out_dir / name).unlink(missing_ok=True)  # of an earlier run, with other settings
    held, by = lists_held(inputs.cases, inputs.links), IDENTIFIER if inputs.links is None else NAME
    lists, notes = comparable(held, inputs.settings, by)
    people = [entry for entry in _people(inputs) if entry[0].lists & set(lists)]
    refusal = hindrance(held, lists, people, (inputs.settings, by))
    if refusal:
        rows = [_row(ALL_YEARS, refused(NOT_RUN, inputs.settings.level, refusal), headline=True)]
        estimates = write_table(pa.Table.from_pylist(rows, STAGE_ESTIMATES), out_dir / "estimates.parquet")
        return StageResult(estimates, None, lists, refusal, tuple(notes))
    left_out = left_out_words([entry for entry in held if entry.name in lists], by)
    if left_out:
        notes.append(f"{left_out[0].upper()}{left_out[1:]}.")
    rows, captures, told, around = [], [], None, None
    periods = list(_periods(people, inputs.settings.each_year))
    for number, (period, own) in enumerate(periods):
        tell = _part(progress, number, len(periods), period)
        table = capture_table(own, lists)
        captures.append(_as_rows(period, table))
        linked = _linked(inputs, table, period)
        if linked is not None and period == ALL_YEARS:
            told = _told(linked, out_dir / LINKS)
        rows += _rows(period, own, table, (inputs, left_out, linked), tell)
        if period == ALL_YEARS:
            around = write_tried(_around(rows, table, inputs.settings), out_dir / TRIED)
    estimates = write_table(pa.Table.from_pylist(rows, STAGE_ESTIMATES), out_dir / "estimates.parquet")
    written = write_table(pa.concat_tables(captures), out_dir / "captures.parquet")
    return StageResult(estimates, written, lists, "", tuple(notes), told, around)


def _linked(inputs: StageInputs, table: CaptureTable, period: str) -> LinkedNumber | None:
    """The number with the errors of linkage taken out; None where records were joined by shared numbers alone."""
    if inputs.links is None or table.n == 0 or on_several(table) == 0:
        return None
    asked = inputs.settings
    settings = Settings(level=asked.level, bootstrap=asked.bootstrap, seed=asked.seed)
    years = inputs.years if period == ALL_YEARS else (int(period), int(period))
    counted = counted_persons(inputs.persons, years, unknown_too=period == ALL_YEARS)
    return read_links(inputs.links, table.lists, settings, table, counted)


def _around(rows: Sequence[dict[str, Any]], table: CaptureTable, asked: Hidden) -> dict[str, Any]:
    """What stands around the estimate of everyone."""
    own = [row for row in rows if row["stratum"] == WHOLE]
    best = next((row["estimator"] for row in own if row["headline"] and row["estimate"] is not None), None)
    answers = [answer_of(row) for row in own if row["estimator"] != NOT_RUN]
    return tried(table, answers, best, Settings(level=asked.level, bootstrap=asked.bootstrap, seed=asked.seed))


def _told(linked: LinkedNumber, path: Path) -> Path:
    """Write the numbers without and with correction and the curve as JSON, whole or not at all."""
    with whole(path) as part:
        part.write_text(json.dumps(linked.document(), indent=2, allow_nan=False) + "\n", encoding="utf-8")
    return path


def _people(inputs: StageInputs) -> list[tuple[Person, int]]:
    """The persons of the account: those of its years and those of unknown year, as it counts them."""
    first, last = inputs.years or (0, 9999)
    found = read_people(inputs.persons, inputs.cases, inputs.rules.age_in_doubt == "child", inputs.links)
    return [entry for entry in found if entry[0].year is None or first <= entry[0].year <= last]


def _periods(
    people: Sequence[tuple[Person, int]], each_year: bool
) -> Iterator[tuple[str, Sequence[tuple[Person, int]]]]:
    yield ALL_YEARS, people
    years = sorted({person.year for person, _ in people if person.year is not None}) if each_year else []
    for year in years:
        own = [entry for entry in people if entry[0].year == year]
        if own:
            yield str(year), own


def _rows(
    period: str,
    people: Sequence[tuple[Person, int]],
    table: CaptureTable,
    context: tuple[StageInputs, str, LinkedNumber | None],
    progress: Progress,
) -> list[dict[str, Any]]:
    """All answers of one period, the headline of each part marked."""
    inputs, left_out, linked = context
    asked = inputs.settings
    settings = Settings(level=asked.level, bootstrap=asked.bootstrap, seed=asked.seed, progress=progress)
    if table.n == 0 or on_several(table) == 0:
        nobody = refused(NOT_RUN, asked.level, "nobody was recognised on two lists in this period")
        return [_row(period, nobody, headline=True)]
    answers = list(estimate(table, PREFERRED, settings))
    by = tuple(name for name in asked.by if name in ("sex", "age"))
    mended = None if linked is None else linked.mended
    if by:
        answers += by_people(table, by, settings, mended)
    if "form" in asked.by:
        answers += by_form(people, table.lists, inputs.rules.forms == "mixed", (settings, mended))
    if linked is not None:
        answers = in_their_place(answers, linked)
    warned = no_surer_than_whole([with_reason(answer, left_out) for answer in answers])
    detected = sum(number for _, number in people)
    made: list[dict[str, Any]] = []
    for stratum in dict.fromkeys(answer.stratum for answer in warned):
        own = [answer for answer in warned if answer.stratum == stratum]
        made += _marked(period, own, detected if stratum == WHOLE else None, table.n if stratum == WHOLE else None)
    return made


def _marked(period: str, answers: Sequence[Answer], detected: int | None, used: int | None) -> list[dict[str, Any]]:
    """The rows of one part; the headline with the range over all answers that have an interval."""
    try:
        best = headline(answers).answer
    except RefusedError as error:
        none = refused(NOT_RUN, answers[0].level, *_why(answers, error))
        mark = replace(none, stratum=answers[0].stratum)
        return [_row(period, mark, headline=True), *(_row(period, own) for own in answers)]
    shown = [own for own in answers if own.lower is not None and own.upper is not None]
    reach = {
        "lowest": min(own.lower for own in shown if own.lower is not None),
        "highest": max(own.upper for own in shown if own.upper is not None),
        "estimators": len(shown),
        "detected": detected,
        "used": used,
    }
    return [_row(period, own, headline=own is best, **(reach if own is best else {})) for own in answers]


def _why(answers: Sequence[Answer], error: RefusedError) -> tuple[str, ...]:
    return tuple(dict.fromkeys(reason for own in answers for reason in own.reasons)) or (str(error),)


def _row(period: str, answer: Answer, *, headline: bool = False, **more: Any) -> dict[str, Any]:
    nothing = dict.fromkeys(("lowest", "highest", "estimators", "detected", "used"))
    return {**as_row(answer), "period": period, "headline": headline, **nothing, **more}


def _as_rows(period: str, table: CaptureTable) -> pa.Table:
    """The capture table in the shape that ``palermo hidden`` reads, with its period."""
    columns: dict[str, Any] = {"period": [period] * len(table.counts)}
    for bit, name in enumerate(table.lists):
        columns[name] = (table.histories >> bit & 1).tolist()
    columns |= {name: pa.array(values, pa.string()) for name, values in table.covariates.items()}
    return pa.table({**columns, "count": table.counts.tolist()})


def _part(progress: Progress, number: int, of: int, period: str) -> Progress:
    """Progress of one period as a part of the stage."""
    if progress is None:
        return None
    label = "" if period == ALL_YEARS else f"{period}: "

    def tell(done: float, total: float | None, text: str) -> None:
        progress(number + (min(done / total, 1.0) if total else 0.0), of, f"{label}{text}")

    return tell


def headlines(estimates: Path) -> list[dict[str, Any]]:
    """The rows that stand for each period and part, with settings and diagnostics as data."""
    rows = [row for row in pq.read_table(estimates).to_pylist() if row["headline"]]
    return [{**row, "settings": json.loads(row["settings"])} for row in rows]
