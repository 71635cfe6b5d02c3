"""``palermo demo``: a made-up country through every stage, to the public site that shows it.

The decision a reader would question: two made-up persons make and approve two releases, a year apart, so that the site
shows what it would show of a real country, revised figures among it. Both names say that they are made up.
"""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from palermo.cli.options import Json
from palermo.cli.release import show_changes
from palermo.cli.serve import need_portal, serve_places
from palermo.cli.summaries import show_run
from palermo.console import print_json, print_table, say, step
from palermo.settings import KEYS
from palermo.workspace import FILE_NAME, find_workspace

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
    has_first = not draft and linkage == KEYS  # by names, a second linkage would take minutes more
    if has_first:
        _release_first(folder, (seed, persons), quiet=as_json)
    with step("Making up a country", quiet=as_json) as progress:
        built = build_demo(folder, seed, persons, progress, linkage)
    run = Run(find_workspace(folder), as_json)
    if linkage != KEYS:
        label_links(folder, run.link())
    if not draft:
        _release(run, before=int(has_first))
    done = run.all()
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
    if "revised" in done["release"]:
        say("Against the release of its first account, a year before:")
        show_changes(done["release"])
    say("This country and everyone in it are made up.")
    _show_where(port, done["release"]["id"] if has_first else None)
    if is_served:
        serve_places([folder], port=port, drafts=draft, open_it=sys.stdout.isatty())
    else:
        say(f"Its public site: palermo serve {folder}" + (" --drafts" if draft else ""))


def _show_where(port: int, revised: str | None) -> None:
    """The pages of the site to look at first; ``revised`` is a release that revised an earlier one."""
    site = f"http://localhost:{port}" if port else ""
    say(f"  The account on one screen: {site}/en/ (in Arabic: {site}/ar/)")
    say(f"  A table of your own choice: {site}/en/explore/")
    if revised:
        say(f"  What the second release revised: {site}/en/releases/{revised}/changes/")


def _release_first(folder: Path, country: tuple[int, int], *, quiet: bool) -> None:
    """Make and approve the release of the country's first account, where none is approved yet."""
    from palermo.demo.country import build_demo
    from palermo.pipeline import Run
    from palermo.release_work import office_of

    if folder.is_dir() and (folder / FILE_NAME).is_file():
        listed = office_of(find_workspace(folder)).ledger.listed().values()
        if any(one.approved_by for one in listed):
            return
    with step("Making up what the offices sent at first", quiet=quiet) as progress:
        build_demo(folder, *country, progress, first=True)
    _release(Run(find_workspace(folder), quiet))


def _release(run: Any, before: int = 0) -> None:
    """Make a release of the account and approve it, where that has not been done; ``before`` it there were so many.

    Where the ledger holds no more than those, no draft is protected first: that would be half of the work twice.
    """
    from palermo.cli.ledger import budget_of
    from palermo.release.approval import Request, approve
    from palermo.release_work import make, office_of, turn

    workspace = run.workspace
    held = office_of(workspace).ledger.listed()
    made = run.release() if len(held) > before else None
    if made is None or made["id"] not in held:
        inputs = run.release_inputs()
        with step("Protecting and proving a release", quiet=run.quiet) as progress:
            made = make(workspace, inputs, Request(MAKER), progress)
    if made["id"] not in held or held[made["id"]].status == "candidate":
        with turn(workspace) as office, step("Attacking it once more", quiet=run.quiet):
            approve(office, made["id"], APPROVER, budget_of(workspace))
        run.released(made)
