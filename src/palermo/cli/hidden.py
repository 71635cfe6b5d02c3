"""``palermo hidden``: estimate those whom no list saw, from a capture table.

The decision a reader would question: after Ctrl-C the answers that are finished are printed, those that are not say so,
and the exit code is 1. A run of an hour that is stopped in its last minute has not been for nothing.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from palermo.cli.options import Json
from palermo.console import errors, print_json, say, second_stop_ends, step
from palermo.errors import UsageError
from palermo.whole_files import whole

if TYPE_CHECKING:
    from palermo.hidden.answer import Answer, Settings
    from palermo.hidden.capture import CaptureTable
    from palermo.hidden.trials import Trials

FAILED, REFUSED = 1, 3


def hidden(
    table: Annotated[
        Path | None,
        typer.Argument(
            help="CSV, XLSX, Parquet or Feather: one row a history, a 0/1 column per list, and count. "
            "Without it, the stage of the workspace runs.",
            show_default=False,
        ),
    ] = None,
    estimator: Annotated[
        list[str] | None, typer.Option(help="Estimators, with commas or given several times; all that apply if none.")
    ] = None,
    lists: Annotated[
        str | None, typer.Option(help="Columns that are lists, with commas; found out if not given.")
    ] = None,
    strata: Annotated[str | None, typer.Option(help="Covariates to estimate by, with commas, as sex,age.")] = None,
    level: Annotated[float, typer.Option(min=0.5, max=0.999, help="Level of the intervals.")] = 0.95,
    bootstrap: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="Bootstrap replicates, each repeating the model search; 0 for none. "
            "If not given: 10,000 where a replicate is cheap (stepwise_BCa), else 1,000.",
            show_default=False,
        ),
    ] = None,
    threshold: Annotated[float, typer.Option(min=0.0, max=1.0, help="p-value of the stepwise search.")] = 0.02,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same answer.")] = 1,
    html: Annotated[
        Path | None, typer.Option(help="Write a page that says what may be said.", show_default=False)
    ] = None,
    workspace: Annotated[
        Path, typer.Option("--workspace", "-w", help="Without TABLE: the folder that holds palermo.toml.")
    ] = Path(),
    list_estimators: Annotated[
        bool, typer.Option("--list-estimators", help="Name every estimator, what it assumes and needs, and stop.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Estimate the hidden number with every estimator that applies, each with its spread and a verdict.

    Detected and hidden are two kinds of number: what is printed estimates all persons, seen and unseen, and says how
    much hangs on each assumption. Exit code 3 where no estimator may be shown. Ctrl-C prints what is finished (exit
    code 1); a second one ends at once.
    """
    if list_estimators:
        _list_estimators(as_json)
        return
    if table is None:
        from palermo.cli.hidden_stage import run_stage

        run_stage(workspace, as_json, html)
        return
    from palermo.hidden.answer import DEFAULT_BOOTSTRAP, Settings
    from palermo.hidden.reading import read_csv

    replicates = DEFAULT_BOOTSTRAP if bootstrap is None else bootstrap
    settings = Settings(level=level, bootstrap=replicates, threshold=threshold, seed=seed)
    asked = Asked(
        tuple(name for given in estimator or () for name in _names(given)),
        _names(strata),
        settings if bootstrap is None else replace(settings, cheap_bootstrap=None),
        as_json,
    )
    _finish(read_csv(table, _names(lists) or None), asked, html)


@dataclass(frozen=True)
class Asked:
    """What the user asked for."""

    estimators: tuple[str, ...]
    by: tuple[str, ...]
    settings: "Settings"
    as_json: bool


def _finish(table: "CaptureTable", asked: Asked, html: Path | None) -> None:
    """Estimate, try, write and print; leave with the exit code."""
    from palermo.cli.hidden_words import show
    from palermo.hidden.capture import remarks
    from palermo.hidden.estimate import as_row, stopped
    from palermo.hidden.trials import with_trials

    with second_stop_ends(quiet=asked.as_json):
        answers = _estimated(table, asked)
        trials = None if stopped(answers) else _tried(table, answers, asked)
        answers = answers if trials is None else with_trials(answers, trials)
        written = html is None or _write_page(html, table, answers, trials, asked)
    if asked.as_json:
        print_json([_row(as_row(answer)) for answer in answers])
    else:
        show(answers, table.n, remarks(table), trials)
        if html is not None:
            say(f"The page: {html}" if written else "The page was not written.")
    if trials is None or trials.missing or not written:
        errors.print("[bold red]Stopped:[/bold red] what was finished is printed; the rest says that it was not run")
        raise typer.Exit(FAILED)
    if all(answer.estimate is None for answer in answers):
        raise typer.Exit(REFUSED)


def _estimated(table: "CaptureTable", asked: Asked) -> "list[Answer]":
    from palermo.hidden.estimate import estimate

    with step("Estimating", quiet=asked.as_json) as progress:
        return estimate(table, asked.estimators or None, replace(asked.settings, progress=progress), asked.by)


def _tried(table: "CaptureTable", answers: "Sequence[Answer]", asked: Asked) -> "Trials":
    from palermo.hidden.trials import try_all

    with step("Trying other choices", quiet=asked.as_json) as progress:
        return try_all(table, answers, replace(asked.settings, progress=progress))


def _write_page(
    path: Path, table: "CaptureTable", answers: "Sequence[Answer]", trials: "Trials | None", asked: Asked
) -> bool:
    """Write the page whole or not at all; False where the user stopped it."""
    with step("Writing the page", quiet=asked.as_json):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with whole(path) as part:
                part.write_text(_page(table, answers, trials, asked), encoding="utf-8")
        except KeyboardInterrupt:
            return False
    return True


def _page(table: "CaptureTable", answers: "Sequence[Answer]", trials: "Trials | None", asked: Asked) -> str:
    from palermo.hidden.fitting import cells_of
    from palermo.hidden.model_space import search
    from palermo.hidden.trials import Trials
    from palermo.report.hidden import HiddenNumber, coverage_of, hidden_page, models_of

    tried = trials or Trials()
    return hidden_page(
        HiddenNumber(
            table,
            answers,
            tried.variants,
            models_of(search(cells_of(table), table.k, asked.settings.max_order, by_bic=True)),
            coverage_of(tried.coverage),
            tried.checks,
            tried.thinned,
            level=asked.settings.level,
            place=table.name,
        )
    )


def _list_estimators(as_json: bool) -> None:
    from palermo.hidden.registry import ESTIMATORS
    from palermo.report.estimates.methods import method

    rows = [
        {
            "estimator": name,
            "assumes": method(name).assumes,
            "lists": f"{entry.min_lists} to {entry.max_lists}",
            "needs_covariates": entry.needs_covariates,
            "citation": entry.citation,
        }
        for name, entry in ESTIMATORS.items()
    ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        needs = ", covariates" if row["needs_covariates"] else ""
        say(f"{row['estimator']}  ({row['lists']} lists{needs})")
        say(f"    Assumes: {row['assumes']}")
        say(f"    {row['citation']}")


def _names(text: str | None) -> tuple[str, ...]:
    names = tuple(name.strip() for name in (text or "").split(",") if name.strip())
    if text is not None and not names:
        raise UsageError(f"found {text!r}; expected names with commas between, such as sex,age")
    return names


def _row(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the estimate table with its settings and diagnostics as data."""
    return {**row, "settings": json.loads(row["settings"]), "diagnostics": json.loads(row["diagnostics"])}
