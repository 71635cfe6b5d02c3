"""``palermo report``: the account from a release alone, as a page with data files or as documents."""

from pathlib import Path
from typing import Annotated, Any

import typer

from palermo.cli.options import HERE, In, Json, Out
from palermo.console import print_json, say, step
from palermo.errors import UsageError
from palermo.workspace import find_workspace

EPILOG = (
    "Examples: palermo report --release releases/1f2e3d4c5b6a7980 --out page · "
    "palermo report --workspace tip --format pdf,docx --lang en,ar --out documents"
)


def report(
    workspace: In = HERE,
    frozen: Annotated[Path | None, typer.Option("--release", help="A release folder; needs no workspace.")] = None,
    formats: Annotated[
        str | None,
        typer.Option("--format", help="Documents, some of html,pdf,docx,unodc,sdg.", show_default=False),
    ] = None,
    languages: Annotated[
        str | None, typer.Option("--lang", help="Languages of the documents, some of en,fr,es,ar,ru,zh.")
    ] = None,
    area: Annotated[str | None, typer.Option(help="Area of the documents, where not that of the account.")] = None,
    period: Annotated[str | None, typer.Option(help="Year of the documents, where not the account's last.")] = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Write the account from a release alone: one HTML page with figures and tables, CSV and Parquet.

    With --format as documents: a page, a PDF, a DOCX to edit, the UNODC questionnaire's tables, the SDG file.
    """
    if formats is None:
        if languages or area or period:
            raise UsageError("--lang, --area and --period are for documents; say which with --format html,pdf,docx")
        summary = _page(workspace, frozen, out, as_json)
    else:
        summary = _documents(workspace, frozen, _asked(formats, languages, area, period), out, as_json)
    if as_json:
        print_json(summary)
    elif formats is None:
        say(f"The account: {summary['html']} ({summary['figures']} figures, {summary['files']} data files)")
    else:
        for name in summary["files"]:
            say(name)


def _page(workspace: Path, frozen: Path | None, out: Path | None, quiet: bool) -> dict[str, Any]:
    from palermo.pipeline import Run
    from palermo.stage_calls import report_release

    if frozen is None:
        return Run(find_workspace(workspace), quiet).report(out)
    with step("Writing the account", quiet=quiet) as progress:
        summary, _ = report_release(frozen, out or Path("report"), progress)
    return summary


def _asked(formats: str, languages: str | None, area: str | None, period: str | None) -> Any:
    from palermo.codes import areas
    from palermo.report.documents.write import Asked

    place = area and (areas.match(area) or area)
    return Asked(formats.split(","), (languages or "en").split(","), place, period)


def _documents(workspace: Path, frozen: Path | None, asked: Any, out: Path | None, quiet: bool) -> dict[str, Any]:
    from palermo.report.documents.write import checked, write_documents

    checked(asked)
    if frozen is None:
        frozen, out = _of_workspace(workspace, out, quiet)
    with step("Writing documents", quiet=quiet) as progress:
        written = write_documents(frozen, asked, out or Path("documents"), progress)
    return {
        "release": written.release,
        "area": written.area,
        "period": written.period,
        "files": [str(path) for path in written.files],
    }


def _of_workspace(folder: Path, out: Path | None, quiet: bool) -> tuple[Path, Path]:
    """The release to write of and where to: the latest approved one as it is; else the draft, brought up to date."""
    from palermo.pipeline import Run
    from palermo.release_work import latest_approved

    workspace = find_workspace(folder)
    out = out or workspace.report / "documents"
    found = latest_approved(workspace)
    if found is not None:
        listed, frozen = found
        if not quiet:
            say(
                f"Documents of release {listed.id}, the latest approved (by {listed.approved_by}); nothing is run again"
            )
        return frozen, out
    if not quiet:
        say("No release is approved: documents of the draft, which is brought up to date first")
    return Path(Run(workspace, quiet).release()["path"]), out
