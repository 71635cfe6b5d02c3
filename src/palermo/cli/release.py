"""``palermo release``: plan, make, approve, withdraw, list and compare; alone it makes a draft for the office."""

from pathlib import Path
from typing import Annotated, Any

import typer

from palermo.cli.options import HERE, In, Json, Out
from palermo.cli.tables import tables
from palermo.console import print_json, print_table, say, step
from palermo.workspace import find_workspace

By = Annotated[str, typer.Option("--by", help="Name of the person who does it.", show_default=False)]
Id = Annotated[str, typer.Argument(help="Id of a release, or how it begins.", show_default=False)]
Either = Annotated[str, typer.Argument(help="Id of a release, or a release folder.", show_default=False)]
_SHOWN = 40  # differences on a terminal; all of them with --json
_ID = 8  # signs of an id that a table shows

release_app = typer.Typer(no_args_is_help=False, context_settings={"help_option_names": ["-h", "--help"]})
Summary = dict[str, Any]
release_app.command(
    epilog="Example: palermo release tables persons.csv --spec tables.toml --method round --out tables"
)(tables)


@release_app.callback(invoke_without_command=True, epilog="Example: palermo release --workspace tip")
def release(context: typer.Context, workspace: In = HERE, out: Out = None, as_json: Json = False) -> None:
    """Hide what could point at a person, prove that it cannot be derived, and freeze the result.

    Alone it makes a draft, which is for the office. What may leave is made by one person and approved by another.
    """
    if context.invoked_subcommand is not None:
        return
    from palermo.pipeline import Run

    summary = Run(find_workspace(workspace), as_json).release(out)
    if as_json:
        print_json(summary)
        return
    show_release(summary)


def show_release(summary: Summary) -> None:
    """The figures of a release in a line."""
    hidden = f"{summary['hidden_small']:,} small counts and {summary['hidden_secondary']:,} that would reveal them"
    say(f"Release {summary['id']}: {summary['cells']:,} figures, hidden {hidden}; proved by linear programming")


@release_app.command(epilog="Example: palermo release plan --workspace tip")
def plan(workspace: In = HERE, as_json: Json = False) -> None:
    """Say what a release would hide or hold back, and why. Nothing is written. The answer is confidential."""
    from palermo.pipeline import Run
    from palermo.release_work import plan as planned

    run = Run(find_workspace(workspace), as_json)
    inputs = run.release_inputs()
    with step("Planning", quiet=as_json) as progress:
        summary = planned(run.workspace, inputs, progress)
    if as_json:
        print_json(summary)
        return
    rows = [tuple(table.values()) for table in summary["tables"]]
    print_table("Confidential: figures by table", ("table", "figures", "hidden", "because of earlier releases"), rows)
    show_changes(summary)
    show_release(summary)
    if summary["latest"]:
        differ = f"{summary['differences']:,} printed figures differ" if summary["differences"] else "No figure differs"
        say(f"{differ} from those of the latest release, {summary['latest']}")


def show_changes(summary: Summary) -> None:
    """Which published years are revised, and which wait because too few persons changed: for the office alone."""
    for change in summary["held_back"]:
        say(
            f"  {change['area']} {change['year']}: held back. {change['figures']:,} figures changed by too few: "
            "they stay as first published until the change is k or more"
        )
    if summary["estimates_wait"]:
        say("  Estimates: as first published, until k persons changed or other lists or settings are asked for")
    for one in summary["left_out"]:
        say(f"  {one['table']} {one['year']}: left out. The year is held back, and this table was not published of it")
    for change in summary["revised"]:
        say(f"  {change['area']} {change['year']}: revised. {change['figures']:,} figures changed")


@release_app.command(epilog='Example: palermo release make --workspace tip --by "A. Maker"')
def make(
    by: By,
    workspace: In = HERE,
    replaces: Annotated[str | None, typer.Option(help="Id of the release that this one corrects.")] = None,
    reason: Annotated[str, typer.Option(help="Why; must be given with --replaces.")] = "",
    as_json: Json = False,
) -> None:
    """Make a candidate: protected together with all earlier releases, frozen, listed in the ledger."""
    from palermo.pipeline import Run
    from palermo.release.approval import Request, person
    from palermo.release_work import make as made

    run = Run(find_workspace(workspace), as_json)
    request = Request(person(by, "--by"), reason, replaces)
    inputs = run.release_inputs()
    with step("Protecting and proving", quiet=as_json) as progress:
        summary = made(run.workspace, inputs, request, progress)
    if as_json:
        print_json(summary)
        return
    show_changes(summary)
    show_release(summary)
    say(f"A candidate in {summary['path']}. Somebody else looks at it, then: palermo release approve {summary['id']}")


@release_app.command(epilog='Example: palermo release add open-data --source shelter --by "A. Maker" --workspace tip')
def add(
    folder: Annotated[Path, typer.Argument(help="A pack that `palermo synth` made.", show_default=False)],
    source: Annotated[str, typer.Option(help="The list of persons that it was made from.", show_default=False)],
    by: By,
    workspace: In = HERE,
    as_json: Json = False,
) -> None:
    """List open case data as a candidate, and charge it to the privacy budget of its source."""
    from palermo.cli.ledger import budget_of
    from palermo.release.approval import Request
    from palermo.release.ledger_entry import GROUPED
    from palermo.release.one_off import ALONE
    from palermo.release.packs import list_pack
    from palermo.release_work import show, turn

    found = find_workspace(workspace)
    with turn(found) as office:
        listed = list_pack(office, folder, Request(by), source, budget_of(found))
    notes = [ALONE] if listed.made.kind == GROUPED else []
    if as_json:
        print_json({**show(listed, office), "rho": listed.made.rho, "notes": notes})
        return
    for note in notes:
        say(f"  {note}")
    say(f"A candidate: {listed.id}. Somebody else looks at it, then: palermo release approve {listed.id}")


@release_app.command(epilog='Example: palermo release approve 1f2e3d4c --workspace tip --by "B. Second"')
def approve(release_id: Id, by: By, workspace: In = HERE, as_json: Json = False) -> None:
    """Approve a candidate that somebody else made, after the attacker has tried it once more."""
    from palermo.cli.ledger import budget_of
    from palermo.release.approval import approve as approved
    from palermo.release_work import show, turn

    found = find_workspace(workspace)
    with turn(found) as office, step("Attacking", quiet=as_json):
        listed, report = approved(office, release_id, by, budget_of(found))
    if as_json:
        print_json({**show(listed, office), "approved_by": listed.approved_by, "attack": report})
        return
    say(
        f"Release {listed.id}: approved by {listed.approved_by}. The attacker tried {report['attacked']:,} hidden "
        f"counts, with {report['earlier_releases']:,} earlier releases, and found nothing"
    )


@release_app.command(epilog='Example: palermo release withdraw 1f2e3d4c --by "A. Maker" --reason "wrong list"')
def withdraw(
    release_id: Id,
    by: By,
    reason: Annotated[str, typer.Option(help="Why, in a few words.", show_default=False)],
    workspace: In = HERE,
    as_json: Json = False,
) -> None:
    """Withdraw a release. One that was approved has been seen, so later releases are still compared with it."""
    from palermo.release.approval import withdraw as withdrawn
    from palermo.release_work import show, turn

    found = find_workspace(workspace)
    with turn(found) as office:
        listed = withdrawn(office, release_id, by, reason)
    if as_json:
        print_json({**show(listed, office), "seen": listed.seen})
        return
    seen = "It was approved: later releases are still compared with it" if listed.seen else "It was never approved"
    say(f"Release {listed.id}: withdrawn. {seen}")


@release_app.command(name="list", epilog="Example: palermo release list --workspace tip")
def list_all(workspace: In = HERE, as_json: Json = False) -> None:
    """List every release with who made, approved and withdrew it."""
    from palermo.release.approval import names
    from palermo.release_work import office_of

    told = names(office_of(find_workspace(workspace)).ledger.listed().values())
    if as_json:
        print_json(told)
        return
    header = ("release", "kind", "status", "made by", "approved by", "replaces", "reason")
    keys = ("id", "kind", "status", "made_by", "approved_by", "replaces", "reason")
    print_table("Releases", header, [tuple(_short(key, one[key]) for key in keys) for one in told])


def _short(key: str, text: str | None) -> str:
    """The beginning of an id, by which every verb knows it: the whole would be broken over two lines."""
    return (text or "")[: _ID if key in {"id", "replaces"} else None]


@release_app.command(epilog="Example: palermo release diff 1f2e3d4c 5b6a7980 --workspace tip")
def diff(earlier: Either, later: Either, workspace: In = HERE, as_json: Json = False) -> None:
    """Say what differs between two releases as published: revised, newly hidden, newly shown. No true value."""
    from palermo.release.difference import differences
    from palermo.release.folder import load_release

    one, other = (load_release(_folder(name, workspace)) for name in (earlier, later))
    found = differences(one.cube, other.cube)
    if as_json:
        print_json({"earlier": one.id, "later": other.id, "differences": [single.summary() for single in found]})
        return
    rows = [
        (single.what, " ".join(single.codes.values()), _figure(single.before), _figure(single.after))
        for single in found[:_SHOWN]
    ]
    if rows:
        print_table(f"{one.id[:_ID]} and {other.id[:_ID]}", ("what", "figure", "earlier", "later"), rows)
    say(f"{len(found):,} differences" + (f", of which {_SHOWN} are shown; all with --json" * (len(found) > _SHOWN)))


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:,.10g}"


def _folder(name: str, workspace: Path) -> Path:
    """A release folder by its path, or by its id in a workspace; drafts are found as well."""
    from palermo.release_work import office_of

    if (Path(name) / "manifest.json").is_file():
        return Path(name)
    office = office_of(find_workspace(workspace))
    draft = office.ledger.releases / name
    return draft if draft.is_dir() else office.ledger.folder(office.ledger.release(name))
