"""``palermo ledger``: look at the list of all releases, verify it, take a copy of it."""

from pathlib import Path
from typing import Annotated

import typer

from palermo.cli.options import HERE, In, Json
from palermo.console import print_json, print_table, say
from palermo.errors import RefusedError, UsageError
from palermo.whole_files import whole
from palermo.workspace import Workspace, find_workspace

ledger_app = typer.Typer(no_args_is_help=True, context_settings={"help_option_names": ["-h", "--help"]})


@ledger_app.callback(epilog="Example: palermo ledger verify --workspace tip")
def ledger() -> None:
    """Every release ever made, sealed entry by entry, with the privacy loss of each source."""


@ledger_app.command(epilog="Example: palermo ledger verify --workspace tip")
def verify(
    workspace: In = HERE,
    head: Annotated[
        str | None, typer.Option(help="Last hash as noted elsewhere: it must still be in the ledger.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Hold the ledger and every release folder against each other; name the first entry that was altered."""
    from palermo.release.ledger_check import verify as verified
    from palermo.release_work import office_of

    office = office_of(find_workspace(workspace))
    book = office.ledger
    faults, notes = verified(book, head, office.store)
    if as_json:
        print_json({"ok": not faults, "faults": faults, "notes": notes, "head": None if faults else book.head()})
    if faults:
        raise RefusedError("; ".join(faults))
    if not as_json:
        for note in notes:
            say(f"  {note}")
        say(f"{len(book.entries()):,} entries on {len(book.listed()):,} releases and charges, nothing altered")
        say(f"Last hash: {book.head()}")


@ledger_app.command(epilog="Example: palermo ledger show --workspace tip")
def show(workspace: In = HERE, as_json: Json = False) -> None:
    """Show every entry, and what each source has spent of its privacy budget."""
    from palermo.release.budget import in_words, statement
    from palermo.release.ledger_entry import GROUPED, written
    from palermo.release.one_off import ALONE
    from palermo.release_work import office_of

    found = find_workspace(workspace)
    book = office_of(found).ledger
    entries, spent = book.entries(), statement(book.listed(), budget_of(found))
    notes = [ALONE] if any(one.kind == GROUPED for one in entries) else []
    if as_json:
        told = {"entries": [written(entry) for entry in entries], "spent": spent, "notes": notes, "head": book.head()}
        print_json(told)
        return
    rows = [(one.number, one.action, one.release[:8], one.kind, one.by, one.reason, one.hash[:12]) for one in entries]
    print_table("Ledger", ("entry", "act", "release", "kind", "by", "reason", "hash"), rows)
    for source, said in spent.items():
        say(f"  {source}: {in_words(said)}")
    for note in notes:
        say(f"  {note}")


def budget_of(workspace: Workspace) -> tuple[float, float] | None:
    """Epsilon and delta that each source may spend; None where the settings name no budget."""
    budget = workspace.settings.release.budget
    return None if budget is None else (budget.epsilon, budget.delta)


@ledger_app.command(epilog="Example: palermo ledger export ledger-copy.jsonl --workspace tip")
def export(
    file: Annotated[Path, typer.Argument(help="File to write: one entry a line.", show_default=False)],
    workspace: In = HERE,
    as_json: Json = False,
) -> None:
    """Write a copy of the ledger, to be kept where nobody who could alter it can reach."""
    from palermo.release_work import office_of

    book = office_of(find_workspace(workspace)).ledger
    entries = book.entries()
    if not file.parent.is_dir() or file.is_dir():
        wrong = (
            f"{file}: a folder; expected a file" if file.is_dir() else f"{file.parent}: no such folder; make it first"
        )
        raise UsageError(f"{wrong}. The copy of the ledger was to be written to {file}")
    with whole(file) as part:
        part.write_bytes(book.path.read_bytes() if entries else b"")
    if as_json:
        print_json({"file": str(file), "entries": len(entries), "head": book.head()})
        return
    say(f"Wrote {len(entries):,} entries to {file}. Last hash: {book.head()}")
