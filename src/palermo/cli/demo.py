"""``palermo demo``: a made-up country through every stage, to the public site that shows it.

The decision a reader would question: two made-up persons make and approve its release, so that the site shows what it
would show of a real one. Both names say that they are made up.
"""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from palermo.cli.options import Json
from palermo.cli.serve import need_portal, serve_places
from palermo.cli.summaries import show_run
from palermo.console import print_json, print_table, say, step
from palermo.workspace import KEYS, find_workspace

EPILOG = "Examples: palermo demo --dir demo-country · palermo demo --no-serve --seed 7 --persons 5000"
MAKER, APPROVER = "A. Maker (made up)", "B. Second (made up)"


def demo(
    folder: Annotated[Path, typer.Option("--dir", "--out", help="Where to build it.")] = Path("demo-country"),
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same country, byte for byte.")] = 1,
    persons: Annotated[
        int, typer.Option(min=100, max=5_000_000, help="True number of victims, hidden included.")
    ] = 20_000,
    with_score: Annotated[
        bool, typer.Option("--score", help="Compare the account with the truth, which no stage reads.")
    ] = False,
    linkage: Annotated[
        str, typer.Option(help="keys: records are joined by referral numbers; clear: by names too, which takes longer.")
    ] = "keys",
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Build it, and open no site on it.")] = False,
    draft: Annotated[bool, typer.Option("--draft", help="Leave the release a draft, as `palermo run` does.")] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the site; 0 for any that is free.")] = 8000,
    as_json: Json = False,
) -> None:
    """Build the demo country (made up) through every stage and open the public site on it."""
    from palermo.demo.clerks import label_links
    from palermo.demo.country import build_demo
    from palermo.demo.score import score
    from palermo.demo.score_links import LINK_HEADER, score_links
    from palermo.pipeline import Run

    is_served = not (no_serve or as_json)
    if is_served:
        need_portal()
    with step("Making up a country", quiet=as_json) as progress:
        built = build_demo(folder, seed, persons, progress, linkage)
    run = Run(find_workspace(folder), as_json)
    if linkage != KEYS:
        label_links(folder, run.link())
    done = run.all()
    if not draft:
        done |= _released(run)
    scored = score(folder, Path(done["account"]["cube"])) if with_score else None
    linked = score_links(folder, run.link()) if with_score else None
    if as_json:
        told = {"score": scored.summary() if scored else None, "linkage": linked.summary() if linked else None}
        print_json({"workspace": str(built.workspace), **done, **told})
        return
    show_run(done)
    if scored:
        print_table("Account against truth (made-up data)", scored.header, scored.rows)
        print_table("Estimates against truth (made-up data)", scored.estimate_header, scored.estimate_rows)
    if linked:
        print_table("Linkage against truth (made-up data)", LINK_HEADER, linked.rows)
        say(linked.words())
    say("This country and everyone in it are made up.")
    if is_served:
        serve_places([folder], port=port, drafts=draft, open_it=sys.stdout.isatty())
    else:
        say(f"Its public site: palermo serve {folder}" + (" --drafts" if draft else ""))


def _released(run: Any) -> dict[str, Any]:
    """Make a release of the account and approve it, where that has not been done; then the report that names both."""
    from palermo.cli.ledger import budget_of
    from palermo.pipeline import report_release
    from palermo.release.approval import Request, approve
    from palermo.release_work import make, office_of, turn

    workspace = run.workspace
    held = office_of(workspace).ledger.listed()
    draft_id = run.release()["id"]
    if draft_id not in held:
        with step("Making the release", run.quiet) as progress:
            make(workspace, run.release_inputs(), Request(MAKER), progress)
    if draft_id not in held or held[draft_id].status == "candidate":
        with turn(workspace) as office, step("Attacking it once more", run.quiet):
            approve(office, draft_id, APPROVER, budget_of(workspace))
    with step("Writing the account", run.quiet) as progress:  # of the release itself: a draft would be made once more
        report, _ = report_release(workspace.releases / draft_id, workspace.report, progress)
    return {"report": report}
