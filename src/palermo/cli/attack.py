"""``palermo attack``: try on a release what somebody who wants to find a person would try."""

from pathlib import Path
from typing import Annotated, Any

import typer

from palermo.cli.options import Json
from palermo.console import print_json, print_table, say, second_stop_ends, step
from palermo.errors import PalermoError

_SHOWN = 20
EPILOG = (
    "Examples: palermo attack releases/1f2e3d4c5b6a7980 · palermo attack table-2023.csv table-2024.csv · "
    "palermo attack open-data --confidential cases.csv --holdout later.csv --report attack.html · "
    "palermo attack release open-data --search sealed.txt --json. Exit code 3: something was found."
)


def attack(
    releases: Annotated[
        list[Path],
        typer.Argument(help="Release folders, packs of palermo synth, tables (CSV, XLSX, Parquet), a workspace."),
    ],
    confidential: Annotated[
        Path | None, typer.Option(help="The true rows that a pack was made from. Read here, never shown.")
    ] = None,
    holdout: Annotated[Path | None, typer.Option(help="Rows of the same kind that the pack was NOT made from.")] = None,
    search: Annotated[
        Path | None, typer.Option(help="Text file, one string a line (ids, names, sealed persons), to look for.")
    ] = None,
    within: Annotated[
        Path | None, typer.Option(help="CSV of areas in areas: part, whole. Countries and regions are known.")
    ] = None,
    k: Annotated[int | None, typer.Option(min=2, help="Persons that a count or class must hold at least.")] = None,
    value: Annotated[str | None, typer.Option(help="Column of counts of a plain table; found by its name.")] = None,
    runs: Annotated[int, typer.Option(min=100, help="Runs of the counter in the noise audit.")] = 400,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same report.")] = 1,
    values: Annotated[
        bool, typer.Option("--values", help="Also say what was worked out. The report is then CONFIDENTIAL.")
    ] = False,
    report: Annotated[Path | None, typer.Option(help="Write the report here (.html or .json).")] = None,
    as_json: Json = False,
) -> None:
    """Attack releases: subtraction, differences between releases, averages, noise, linkage, names in any byte."""
    from palermo.release.attack.containment import read_within
    from palermo.release.attack.report import check_name, headline, write_report
    from palermo.release.attack.suite import Against
    from palermo.release.attack.suite import attack as attacked

    if report is not None:
        check_name(report)
    known = read_within(within) if within else {}
    against = Against(confidential, holdout, search, known, k, value, runs, seed)
    with second_stop_ends(as_json), step("Attacking", quiet=as_json) as progress:
        found = attacked(releases, against, progress)
    if report is not None:
        write_report(found, report, values)
    if as_json:
        print_json(found.summary(values))
    else:
        _show(found.summary(values), headline(found), report)
    if not any(outcome.ran for outcome in found.outcomes):
        raise PalermoError(f"no attack could run on {', '.join(found.releases)}, so nothing can be said of it")
    raise typer.Exit(3 if found.findings else 0)


def _show(told: dict[str, Any], words: str, report: Path | None) -> None:
    from palermo.release.attack.report import CONFIDENTIAL

    findings = told["findings"]
    if findings:
        rows = [
            (one["severity"], one["kind"], one["where"], one["words"] + (f" ({one['told']})" if "told" in one else ""))
            for one in findings[:_SHOWN]
        ]
        print_table("Findings", ("how sure", "attack", "where", "what"), rows)
        if len(findings) > _SHOWN:
            say(f"  and {len(findings) - _SHOWN:,} more: all with --json or --report FILE")
    ran = [(one["attack"], one["target"], one["tried"], one["words"], one["findings"]) for one in told["ran"]]
    if ran:
        print_table("Attacks that ran", ("attack", "on", "tries", "what was tried", "findings"), ran)
    left = [(one["attack"], one["target"], one["reason"]) for one in told["could_not_run"]]
    if left:
        print_table("Attacks that could not run", ("attack", "on", "why"), left)
    say(words)
    if told["confidential"]:
        say(CONFIDENTIAL)
    if report is not None:
        say(f"Report: {report}")
