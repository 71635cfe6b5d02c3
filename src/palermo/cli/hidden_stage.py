"""``palermo hidden`` in a workspace: run the stage between linkage and account, and say what it found.

The decision a reader would question: its settings stand in ``[hidden]`` of ``palermo.toml`` and not on the command
line, so that an account can be made again from the workspace alone.
"""

from pathlib import Path
from typing import Any

import typer

from palermo.cli.hidden_links import show_links
from palermo.cli.hidden_page import write_page
from palermo.cli.hidden_words import VERDICTS
from palermo.console import print_json, print_table, say
from palermo.errors import UsageError
from palermo.hidden.linked_number import linked_beside
from palermo.hidden.stage import headlines
from palermo.pipeline import Run
from palermo.workspace import FILE_NAME, find_workspace

REFUSED = 3
WHOLE = "_T"
NAMED = 3  # parts named with a reason; beyond that they are counted


def run_stage(folder: Path, as_json: bool, html: Path | None = None) -> None:
    """Run the stage; leaves with exit code 3 where no number may be given for anybody."""
    if not (folder / FILE_NAME).is_file():
        raise UsageError(
            f"no table given, and {folder} holds no {FILE_NAME}; name a table of histories, as in "
            "`palermo hidden table.csv`, or a workspace with --workspace DIR"
        )
    workspace = find_workspace(folder)
    summary = Run(workspace, as_json).hidden()
    found, linked = headlines(Path(summary["estimates"])), linked_beside(Path(summary["estimates"]))
    if as_json:
        print_json({**summary, "headlines": found, "links": linked})
    else:
        _show(summary, found)
        if linked is not None:
            show_links(linked)
    if html is not None:
        write_page(html, summary, workspace.settings.title, workspace.settings.made_up)
        if not as_json:
            say(f"The page: {html}")
    if all(row["estimate"] is None for row in found):
        raise typer.Exit(REFUSED)


def _show(summary: dict[str, Any], found: list[dict[str, Any]]) -> None:
    if summary["refusal"]:
        say(f"No number may be given: {summary['refusal']}.")
        return
    say(f"Lists compared: {', '.join(summary['lists'])}.")
    for note in summary["notes"]:
        say(f"  Note: {note}")
    header = ("part", "estimate", "from", "to", "all methods", "estimator", "verdict")
    title = "Persons in all, seen and unseen (estimated; confidential until released)"
    print_table(title, header, [_line(row) for row in found], ("estimate", "from", "to"))
    for reason in dict.fromkeys(reason for row in found for reason in row["reasons"]):
        parts = [_part(row) for row in found if reason in row["reasons"]]
        say(f"  {_of_parts(parts, len(found))}: {reason}")
    say(f"All answers: {summary['estimates']}")


def _of_parts(parts: list[str], of: int) -> str:
    if len(parts) == of:
        return "every part"
    return ", ".join(parts) if len(parts) <= NAMED else f"{', '.join(parts[:NAMED])} and {len(parts) - NAMED} more"


def _line(row: dict[str, Any]) -> tuple[str, ...]:
    reach = "-" if row["lowest"] is None else f"{row['lowest']:,.0f}-{row['highest']:,.0f}"
    numbers = ("-" if row[key] is None else f"{row[key]:,.0f}" for key in ("estimate", "lower", "upper"))
    return (_part(row), *numbers, reach, row["estimator"], VERDICTS[row["verdict"]])


def _part(row: dict[str, Any]) -> str:
    part = "all" if row["stratum"] == WHOLE else str(row["stratum"])
    return part if row["period"] == WHOLE else f"{row['period']}: {part}"
