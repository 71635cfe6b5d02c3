"""What a whole run has done, shown on the terminal: shared by ``palermo run`` and ``palermo demo``."""

from typing import Any

from palermo.cli.release import show_release
from palermo.console import print_table, say

Summary = dict[str, Any]


def show_intake(summary: Summary) -> None:
    """Rows read, accepted and set aside, by list."""
    counts = ("read", "accepted", "quarantined")
    rows = [(one["list"], one["adapter"], *(one[key] for key in counts)) for one in summary["sources"]]
    rows.append(("all", "", *(summary[key] for key in counts)))
    print_table("Intake: read = accepted + quarantined", ("list", "shape", *counts), rows)
    for one in summary["sources"]:
        if one["quarantined"]:
            say(f"  {one['list']}: what was found and expected in each bad row: {one['quarantine']}")


def show_account(summary: Summary) -> None:
    """What the account noted, and where it lies."""
    for note in summary["notes"]:
        say(f"  {note}")
    say(f"Account: {summary['observations']:,} observations in {summary['cube']} (confidential)")


def show_run(done: Summary) -> None:
    """All stages of a run."""
    show_intake(done["intake"])
    show_account(done["account"])
    show_release(done["release"])
    say(f"The account: {done['report']['html']}")
