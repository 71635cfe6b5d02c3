"""``palermo link``: records of one person found across lists, in a workspace or in plain files outside one.

The decision a reader would question: one verb for all three (workspace, plain files, encodings). What is linked can be
seen from what is given, and whoever sends encodings by mistake where names were meant is told so.
"""

from pathlib import Path
from typing import Annotated, Any

import typer

from palermo.cli.options import In, Json
from palermo.console import print_json, step
from palermo.errors import UsageError
from palermo.workspace import FILE_NAME, find_workspace

CEREMONY, AT_HOME, DECIDED = "The key of a project", "With encodings alone", "Decisions about records"


def link(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE]...",
            help="CSV, XLSX or Parquet, each one list; or files of encodings. Without any, the workspace is linked.",
            show_default=False,
        ),
    ] = None,
    truth: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN[:PATTERN]",
            help="Column that says who is who, to score the links; never used to find them. PATTERN, with one group, "
            "takes the person out of it.",
            show_default=False,
        ),
    ] = None,
    mapping: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="TOML",
            help="Which columns are what: one for all files, or one for each in their order; proposed if none.",
            show_default=False,
        ),
    ] = None,
    record: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="Column of record numbers; else rows are counted.", show_default=False),
    ] = None,
    threshold: Annotated[
        float | None,
        typer.Option(
            min=0.0,
            max=1.0,
            help="Probability from which two records are one person; the best by expectation if not given.",
            show_default=False,
        ),
    ] = None,
    unique: Annotated[
        list[str] | None, typer.Option("--unique", metavar="LIST", help="A list that holds no person twice.")
    ] = None,
    cap: Annotated[int, typer.Option(min=2, help="Most records of one person; what goes beyond is cut.")] = 20,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same links.")] = 1,
    encoding: Annotated[str | None, typer.Option(help="Text encoding of the files, for example cp1252.")] = None,
    out: Annotated[Path, typer.Option("--out", help="Folder for what is written.")] = Path("linkage"),
    workspace: In = Path(),
    as_json: Json = False,
) -> None:
    """Find the records of one person, within and across lists, and say how sure it is.

    Files outside a workspace: persons (memberships), probabilities of pairs, and a report that holds no name. Columns
    are recognised by their headers and values; the mapping is written too, for a person to correct.
    """
    from palermo.cli.linkage_words import show_linked, show_stage
    from palermo.encoding_work import are_encodings, link_encoded
    from palermo.linkage_report import Rule

    if not files:
        summary = link_workspace(workspace, as_json)
        print_json(summary) if as_json else show_stage(summary)
        return
    if are_encodings(files):
        if any((truth, mapping, record)):
            raise UsageError("encodings have no columns: --truth, --mapping and --record are for files that hold names")
        with step("Linking encodings", quiet=as_json) as progress:
            summary = link_encoded(files, out, Rule(threshold, cap, frozenset(unique or ()), seed), progress)
        print_json(summary) if as_json else show_linked(summary)
        return
    from palermo.linkage.plain_file import PlainOptions
    from palermo.linkage.plain_mapping import read_mapping
    from palermo.linkage.settings import LinkOptions
    from palermo.linkage_files import link_files

    options = PlainOptions(
        truth=truth,
        mappings=tuple(read_mapping(one) for one in mapping or ()),
        threshold=threshold,
        cap=cap,
        record=record,
        encoding=encoding,
        link=LinkOptions(seed=seed, unique_lists=frozenset(unique or ())),
    )
    with step("Linking", quiet=as_json) as progress:
        summary = link_files(files, options, out, progress)
    print_json(summary) if as_json else show_linked(summary)


def link_workspace(folder: Path, as_json: bool) -> dict[str, Any]:
    """Run the stage of the workspace."""
    if not (folder / FILE_NAME).is_file():
        raise UsageError(
            f"no file to link, and {folder} holds no {FILE_NAME}; name files, as in `palermo link police.csv "
            "shelter.csv`, or a workspace with --workspace DIR"
        )
    from palermo.linkage_report import report_stage
    from palermo.pipeline import Run

    found = find_workspace(folder)
    summary = Run(found, as_json).link()
    return {**summary, **(report_stage(summary, found.work / "linkage") or {})}


def encode(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE]...", help="The list to encode; with --join the shares.", show_default=False),
    ] = None,
    key: Annotated[
        Path | None, typer.Option(metavar="KEYFILE", help="The key of the project.", show_default=False)
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="File of encodings, which may be sent; with --split the folder.", show_default=False),
    ] = None,
    name: Annotated[
        str | None, typer.Option("--list", help="Name of the list; that of the file if none.", show_default=False)
    ] = None,
    record: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="Column of record numbers; else rows are counted.", show_default=False),
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option(metavar="TOML", help="Which columns are what; proposed if none.", show_default=False)
    ] = None,
    parameters: Annotated[
        Path | None, typer.Option(metavar="JSON", help="Parameter file of the project.", show_default=False)
    ] = None,
    text_encoding: Annotated[
        str | None, typer.Option("--encoding", help="Text encoding of the file, for example cp1252.")
    ] = None,
    new_key: Annotated[
        Path | None, typer.Option(metavar="KEYFILE", help="Make a key.", show_default=False, rich_help_panel=CEREMONY)
    ] = None,
    project: Annotated[
        str | None, typer.Option(help="With --new-key: its project.", show_default=False, rich_help_panel=CEREMONY)
    ] = None,
    shares: Annotated[
        int | None,
        typer.Option("--split", metavar="N", help="Split --key into N shares.", rich_help_panel=CEREMONY),
    ] = None,
    need: Annotated[
        int, typer.Option(metavar="K", help="With --split: how many restore it.", rich_help_panel=CEREMONY)
    ] = 2,
    join: Annotated[
        Path | None,
        typer.Option(
            metavar="KEYFILE", help="Restore a key from shares.", show_default=False, rich_help_panel=CEREMONY
        ),
    ] = None,
    destroy: Annotated[
        Path | None,
        typer.Option(metavar="KEYFILE", help="Destroy a key or share.", show_default=False, rich_help_panel=CEREMONY),
    ] = None,
    new_parameters: Annotated[
        Path | None,
        typer.Option(metavar="JSON", help="Write the parameters.", show_default=False, rich_help_panel=CEREMONY),
    ] = None,
    attack: Annotated[
        bool,
        typer.Option("--attack", help="Try to read names from the encodings of FILE without the key; writes nothing."),
    ] = False,
    dictionary: Annotated[
        Path | None,
        typer.Option(
            help="With --attack: names the attacker knows; the records of FILE themselves, the worst case, if none.",
            show_default=False,
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Pseudonymise a list at home: keyed encodings go out, names stay, and only owners hold the key.

    With the owners' key each organisation encodes its own list and sends FILE.enc alone; the map of ids beside it and
    the key never leave. The linkage unit links encodings and holds no key. Encodings are pseudonymised, not anonymous:
    they are as confidential as the lists. Run --attack before anything is sent (exit code 3 where it finds names).
    """
    from palermo.cli.encode import Encode, run_encode
    from palermo.encoding_work import HomeList

    asked = Encode(
        tuple(files or ()),
        key,
        out,
        HomeList(name, mapping, record, text_encoding),
        parameters,
        {"--new-key": new_key, "--split": shares, "--join": join, "--destroy": destroy,
         "--new-parameters": new_parameters, "--attack": attack or None},
        project,
        need,
        dictionary,
    )  # fmt: skip
    run_encode(asked, as_json)


def review(
    file: Annotated[
        Path | None,
        typer.Argument(help="With --task: the owner's own list, at home.", show_default=False),
    ] = None,
    clerk: Annotated[
        str | None, typer.Option(help="Who answers: a name or number that the office gives.", show_default=False)
    ] = None,
    links: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help="What palermo link FILE --out wrote, outside a workspace.", show_default=False
        ),
    ] = None,
    workspace: In = Path(),
    per_band: Annotated[int, typer.Option(min=1, help="Pairs to draw from each band of scores, on average.")] = 120,
    more: Annotated[bool, typer.Option("--more", help="Draw more pairs; none comes twice.")] = False,
    page: Annotated[
        Path | None, typer.Option(metavar="HTML", help="Write the pairs as a local page instead.", show_default=False)
    ] = None,
    answers: Annotated[
        list[Path] | None,
        typer.Option("--import", metavar="ANSWERS", help="Take in answers: .jsonl of a page or clerk, .csv of owners."),
    ] = None,
    owners: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Write for each owner which of her own records to look at.",
            show_default=False,
            rich_help_panel=AT_HOME,
        ),
    ] = None,
    task: Annotated[
        Path | None,
        typer.Option(
            metavar="CSV",
            help="Show the records of FILE that the task names.",
            show_default=False,
            rich_help_panel=AT_HOME,
        ),
    ] = None,
    ids: Annotated[
        Path | None,
        typer.Option(
            metavar="CSV", help="With --task: the map that encode left.", show_default=False, rich_help_panel=AT_HOME
        ),
    ] = None,
    record: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="Column of record numbers, as in encode.", rich_help_panel=AT_HOME),
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(metavar="TOML", help="Which columns are what.", show_default=False, rich_help_panel=AT_HOME),
    ] = None,
    agreement: Annotated[bool, typer.Option("--agreement", help="Say how far clerks agree, and stop.")] = False,
    decide: Annotated[
        tuple[str, str, str] | None,
        typer.Option(
            metavar="LIST:RECORD LIST:RECORD same|different|undo",
            help="Two records are one person, are two, or take the last decision about them back.",
            show_default=False,
            rich_help_panel=DECIDED,
        ),
    ] = None,
    by: Annotated[str, typer.Option(help="Who decides.", show_default=False, rich_help_panel=DECIDED)] = "",
    why: Annotated[str, typer.Option(help="For what reason.", show_default=False, rich_help_panel=DECIDED)] = "",
    decisions: Annotated[
        bool, typer.Option("--decisions", help="Show what was decided, and stop.", rich_help_panel=DECIDED)
    ] = False,
    as_json: Json = False,
) -> None:
    """Look at a sample of pairs, so that links can be trusted: two records side by side, one key an answer.

    Every answer is on the disk at once; stop at any time and run it again to go on. Another name is a second clerk, who
    is asked a part. The name "joint" is for pairs that two clerks answered differently. With encodings alone the owners
    look at home. A decision (--decide) joins two records or keeps them apart, whatever their score is. What is shown
    names persons: it stays in this office.
    """
    from palermo.cli.decisions import Asked
    from palermo.cli.review import Review, run_review
    from palermo.encoding_work import HomeList

    asked = Review(
        file, clerk, links, workspace, per_band, more, page, tuple(answers or ()), owners, task, ids,
        HomeList(None, mapping, record), agreement, Asked(decide, by, why, decisions),
    )  # fmt: skip
    run_review(asked, as_json)
