"""``palermo hidden``: estimate those whom no list saw, from a capture table."""

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from palermo.console import print_json, print_table, say, step
from palermo.errors import UsageError

if TYPE_CHECKING:
    from palermo.hidden.answer import Answer, Settings
    from palermo.hidden.capture import CaptureTable

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document for machines, and no progress.")]


def hidden(
    table: Annotated[Path, typer.Argument(help="CSV: one row a history, a 0/1 column per list, and count.")],
    estimator: Annotated[list[str] | None, typer.Option(help="An estimator; may be given several times.")] = None,
    lists: Annotated[
        str | None, typer.Option(help="Columns that are lists, with commas; found out if not given.")
    ] = None,
    strata: Annotated[str | None, typer.Option(help="Covariates to estimate by, with commas, as sex,age.")] = None,
    level: Annotated[float, typer.Option(min=0.5, max=0.999, help="Level of the intervals.")] = 0.95,
    bootstrap: Annotated[
        int, typer.Option(min=0, help="Bootstrap replicates, each repeating the model search.")
    ] = 1000,
    threshold: Annotated[float, typer.Option(min=0.0, max=1.0, help="p-value of the stepwise search.")] = 0.02,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same answer.")] = 1,
    html: Annotated[
        Path | None, typer.Option(help="Write a page that says what may be said.", show_default=False)
    ] = None,
    as_json: Json = False,
) -> None:
    """Estimate the hidden number with every estimator that applies, each with its spread and a verdict.

    Detected and hidden are two kinds of number: what is printed estimates all persons, seen and unseen, and says how
    much hangs on each assumption. Exit code 3 where no estimator may be shown.
    """
    from palermo.hidden.answer import Settings
    from palermo.hidden.capture import remarks
    from palermo.hidden.estimate import as_row, estimate
    from palermo.hidden.reading import read_csv
    from palermo.hidden.strata import estimate_by

    read, by = read_csv(table, _names(lists) or None), _names(strata)
    with step("Estimating", quiet=as_json) as progress:
        settings = Settings(level=level, bootstrap=bootstrap, seed=seed, threshold=threshold, progress=progress)
        answers = estimate(read, estimator, settings, by if estimator else ())
    if by and not estimator:
        with step("Estimating by parts, pooled", quiet=as_json) as progress:
            answers += estimate_by(read, by, replace(settings, progress=progress))
    if html is not None:
        _write_page(html, read, answers, settings, quiet=as_json)
    rows = [_row(as_row(answer)) for answer in answers]
    refused = all(row["estimate"] is None for row in rows)
    if as_json:
        print_json(rows)
    else:
        _show(rows, read.n, remarks(read), level)
    raise typer.Exit(3 if refused else 0)


def _write_page(
    path: Path, table: "CaptureTable", answers: list["Answer"], settings: "Settings", *, quiet: bool
) -> None:
    """Write the page whole or not at all."""
    from palermo.hidden.fitting import cells_of
    from palermo.hidden.model_space import search
    from palermo.hidden.sensitivity import sensitivity
    from palermo.report.hidden import HiddenNumber, hidden_page, models_of

    with step("Trying other choices", quiet=quiet):
        whole = [answer for answer in answers if answer.stratum == "_T"]
        variants = sensitivity(table, whole, settings)
        models = models_of(search(cells_of(table), table.k, settings.max_order, by_bic=True))
    with step("Writing the page", quiet=quiet):
        page = hidden_page(HiddenNumber(table, answers, variants, models, place=table.name))
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.part")
        part.write_text(page, encoding="utf-8")
        part.replace(path)
    if not quiet:
        say(f"The page: {path}")


def _names(text: str | None) -> tuple[str, ...]:
    names = tuple(name.strip() for name in (text or "").split(",") if name.strip())
    if text is not None and not names:
        raise UsageError(f"found {text!r}; expected names with commas between, such as sex,age")
    return names


def _row(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the estimate table with its settings and diagnostics as data."""
    return {**row, "settings": json.loads(row["settings"]), "diagnostics": json.loads(row["diagnostics"])}


def _show(rows: list[dict[str, Any]], seen: int, remarks: list[str], level: float) -> None:
    say(f"{seen:,} persons were seen by at least one list.")
    for remark in remarks:
        say(f"  Note: {remark}.")
    header = ("stratum", "estimator", "estimate", f"{level:.0%} from", "to", "verdict")
    shown = [
        (
            "all" if row["stratum"] == "_T" else row["stratum"],
            row["estimator"],
            *map(_number, _figures(row)),
            row["verdict"],
        )
        for row in rows
    ]
    print_table("Persons in all, seen and unseen (estimated)", header, shown)
    for row in rows:
        for reason in row["reasons"]:
            say(f"  {row['estimator']}{'' if row['stratum'] == '_T' else ', ' + row['stratum']}: {reason}")


def _figures(row: dict[str, Any]) -> tuple[float | None, float | None, float | None]:
    return row["estimate"], row["lower"], row["upper"]


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:,.0f}"
