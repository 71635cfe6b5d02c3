"""The command line: one verb per stage. Each reads its request, calls one function and shows the answer.

Exit codes: 0 done, 1 failed, 2 bad usage, 3 refused for a stated reason. Results go to the output stream (with
``--json`` as one document), progress and errors to the error stream. Each verb imports what it calls, so that
``--help`` and a wrong word do not wait for the engines.
"""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from palermo import __version__
from palermo.cli.attack import EPILOG as ATTACK_EXAMPLES
from palermo.cli.attack import attack
from palermo.cli.demo import EPILOG as DEMO_EXAMPLES
from palermo.cli.demo import demo
from palermo.cli.hidden import hidden
from palermo.cli.ledger import ledger_app
from palermo.cli.linkage import encode, link, review
from palermo.cli.look import check, show_receipt
from palermo.cli.options import HERE, In, Json, Out
from palermo.cli.protect import EPILOG as PROTECT_EXAMPLES
from palermo.cli.protect import protect
from palermo.cli.release import release_app
from palermo.cli.report import EPILOG as REPORT_EXAMPLES
from palermo.cli.report import report
from palermo.cli.serve import EPILOG as SERVE_EXAMPLES
from palermo.cli.serve import EXPORT_EPILOG, export_site, serve
from palermo.cli.summaries import show_account, show_intake, show_run
from palermo.cli.synth import synth
from palermo.console import errors, print_json, print_table, say, step
from palermo.errors import PalermoError, UsageError, system_words
from palermo.settings import Rules, Source
from palermo.settings_file import source_name
from palermo.workspace import FILE_NAME, find_workspace

ABOUT = """From confidential case files on trafficking in persons to one published national account.

Case files go in; an account by sex, age and form of exploitation comes out. \
Every figure has a receipt, and no victim can be found in it. \
The files that you bring are read, never changed, and nothing leaves this machine.

[bold]Begin[/bold]

  palermo demo                            a made-up country, whole
  palermo init tip --area DEU --source F  a folder for your own files
  palermo run --workspace tip             the account, in one command
  palermo release make -w tip --by NAME   a release, for another to approve
"""

EPILOG = """[bold]Exit codes[/bold]  0 done · 1 failed · 2 bad usage · 3 refused for a stated reason

[bold]Stages[/bold]  intake → link → hidden → account → release → report. \
Each verb first brings the stages before it up to date, and skips what has not changed. \
Confidential tables stay in work/; what is approved in releases/ may leave the office.
"""

app = typer.Typer(
    help=ABOUT,
    epilog=EPILOG,
    rich_markup_mode="rich",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

WHOLE, STAGES, LOOK, OPEN = "The whole way", "Stage by stage", "Look and check", "Open data"

Engine = Annotated[str | None, typer.Option(help="Group rows in duckdb, polars or spark.", show_default=False)]
Summary = dict[str, Any]
INTERRUPTED = 130  # how Typer leaves on Ctrl-C


def _version(wanted: bool) -> None:
    if wanted:
        say(f"palermo {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and stop.")
    ] = False,
) -> None:
    pass


@app.command(
    rich_help_panel=WHOLE, epilog="Example: palermo init tip --area DEU --source police.csv --source shelter.xlsx"
)
def init(
    folder: Annotated[Path, typer.Argument(help="The folder to make.")],
    area: Annotated[str, typer.Option(help="Country of the account: ISO code or name; 001 for the world.")],
    source: Annotated[list[Path] | None, typer.Option(help="A file to read; may be given several times.")] = None,
    years: Annotated[str | None, typer.Option(help="First and last year, for example 2019-2023.")] = None,
    population: Annotated[Path | None, typer.Option(help="File of the population, for rates.")] = None,
    title: Annotated[str | None, typer.Option(help="Title of the account.")] = None,
    as_json: Json = False,
) -> None:
    """Make a workspace: palermo.toml, and a proposed mapping for each file of unknown shape."""
    from palermo.new_workspace import make_workspace

    sources = make_workspace(
        folder, area, source or [], title=title, years=_years(years) if years else None, population=population
    )
    if as_json:
        print_json({"workspace": str(folder), "sources": [one.summary() for one in sources]})
        return
    rows = [(one.name, one.path.name, one.adapter or f"proposed mapping {one.mapping}") for one in sources]
    if rows:
        print_table("Sources", ("list", "file", "read as"), rows)
    say(f"Wrote {folder / FILE_NAME}. Look at it, correct any proposed mapping, then: palermo run --workspace {folder}")


app.command(name="demo", rich_help_panel=WHOLE, epilog=DEMO_EXAMPLES)(demo)


@app.command(name="map", rich_help_panel=STAGES, epilog="Example: palermo map register.xlsx --out mappings")
def map_file(
    file: Annotated[Path, typer.Argument(help="A CSV, XLSX or Parquet file.")],
    table: Annotated[str | None, typer.Option(help="cases, suspects or observations; guessed where not given.")] = None,
    out: Annotated[Path, typer.Option(help="Folder for the mapping.")] = HERE,
    encoding: Annotated[str | None, typer.Option(help="Text encoding, for example cp1252.")] = None,
    delimiter: Annotated[str | None, typer.Option(help="Column delimiter.")] = None,
    sheet: Annotated[str | None, typer.Option(help="Sheet of a workbook.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a mapping that exists.")] = False,
    as_json: Json = False,
) -> None:
    """Propose how the columns of a file become ours, explain it, and write the mapping for a person to correct."""
    from palermo.intake.propose import proposal_toml, propose_mapping

    target = out / f"{source_name(file)}.toml"
    if target.exists() and not force:
        raise UsageError(f"{target} exists already; look at it first, then use --force to write it anew")
    proposal = propose_mapping(file, table=table, encoding=encoding, delimiter=delimiter, sheet=sheet)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(proposal_toml(proposal), encoding="utf-8")
    if as_json:
        print_json({"mapping": str(target), **proposal.summary()})
        return
    for line in proposal.explain():
        say(line)
    say(f"Wrote {target}. Correct it, then: palermo intake {file} --mapping {target}")


@app.command(
    rich_help_panel=STAGES,
    epilog="Examples: palermo intake --workspace tip · palermo intake cases.csv --mapping cases.toml --out tables",
)
def intake(
    file: Annotated[
        Path | None, typer.Argument(help="One file to try alone; all sources of the workspace without it.")
    ] = None,
    workspace: In = HERE,
    out: Out = None,
    mapping: Annotated[Path | None, typer.Option(help="Mapping of the file (see palermo map).")] = None,
    adapter: Annotated[str | None, typer.Option(help="Name of a known shape; recognised where not given.")] = None,
    area: Annotated[str | None, typer.Option(help="Area of figures whose file does not say it.")] = None,
    unit: Annotated[str | None, typer.Option(help="Unit of figures whose file does not say it.")] = None,
    encoding: Annotated[str | None, typer.Option(help="Text encoding, for example utf-16 or mac_roman.")] = None,
    delimiter: Annotated[str | None, typer.Option(help="Column delimiter.")] = None,
    sheet: Annotated[str | None, typer.Option(help="Sheet of a workbook.")] = None,
    as_json: Json = False,
) -> None:
    """Read case files and figures, check them, and put every row that cannot be read into quarantine."""
    from palermo.intake.quality_words import print_quality
    from palermo.pipeline import Run
    from palermo.stage_calls import read_source, totals

    if file is None:
        sources = Run(find_workspace(workspace), as_json).intake()
    else:
        source = Source(
            source_name(file),
            file,
            adapter,
            mapping,
            area=area,
            unit=unit,
            encoding=encoding,
            delimiter=delimiter,
            sheet=sheet,
        )
        with step(f"Reading {file.name}", quiet=as_json) as progress:
            summary, _ = read_source(source, out or Path("intake"), Rules().quarantine_limit, progress)
        sources = [summary]
    if as_json:
        print_json(totals(sources))
        return
    for one in sources:
        print_quality(json.loads(Path(one["quality_json"]).read_text(encoding="utf-8")))
    show_intake(totals(sources))


app.command(
    name="link",
    rich_help_panel=STAGES,
    epilog="Examples: palermo link police.csv shelter.xlsx --out links · palermo link people.csv --truth person --json",
)(link)
app.command(
    name="encode",
    rich_help_panel=STAGES,
    epilog="Examples: palermo encode --new-key tip.key --project tip-2026 · palermo encode --split 3 --need 2 --key "
    "tip.key · palermo encode shelter.csv --key tip.key --out shelter.enc · palermo encode --destroy tip.key",
)(encode)
app.command(
    name="review",
    rich_help_panel=STAGES,
    epilog="Examples: palermo review --workspace tip --clerk anna · palermo review --links links --clerk anna --page "
    "pairs.html · palermo review --links links --import answers.jsonl",
)(review)
app.command(
    name="hidden",
    rich_help_panel=STAGES,
    epilog="Examples: palermo hidden table.csv --estimator stepwise --html out.html · palermo hidden --workspace tip",
)(hidden)

app.command(
    name="synth",
    rich_help_panel=OPEN,
    epilog="Examples: palermo synth cases.csv --epsilon 4 --delta 1e-10 --out open-data · "
    "palermo synth cases.csv --k-anonymous 10 --out open-data",
)(synth)
app.command(name="protect", rich_help_panel=OPEN, epilog=PROTECT_EXAMPLES)(protect)
app.command(name="attack", rich_help_panel=LOOK, epilog=ATTACK_EXAMPLES)(attack)


@app.command(rich_help_panel=STAGES, epilog="Example: palermo account --workspace tip")
def account(workspace: In = HERE, out: Out = None, engine: Engine = None, as_json: Json = False) -> None:
    """Count: the confidential cube of observations, each with its receipt."""
    from palermo.pipeline import Run

    summary = Run(find_workspace(workspace, engine), as_json).account(out)
    if as_json:
        print_json(summary)
        return
    show_account(summary)


app.add_typer(release_app, name="release", rich_help_panel=STAGES)
app.add_typer(ledger_app, name="ledger", rich_help_panel=LOOK)


app.command(name="report", rich_help_panel=STAGES, epilog=REPORT_EXAMPLES)(report)


@app.command(rich_help_panel=WHOLE, epilog="Example: palermo run --workspace tip")
def run(
    workspace: In = HERE,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the report here instead of in the workspace.")
    ] = None,
    engine: Engine = None,
    as_json: Json = False,
) -> None:
    """Everything: intake, account, release, report. What has not changed is skipped."""
    from palermo.pipeline import Run

    done = Run(find_workspace(workspace, engine), as_json).all(out)
    if as_json:
        print_json(done)
        return
    show_run(done)


app.command(name="serve", rich_help_panel=WHOLE, epilog=SERVE_EXAMPLES)(serve)
app.command(name="export-site", rich_help_panel=WHOLE, epilog=EXPORT_EPILOG)(export_site)
app.command(name="receipt", rich_help_panel=LOOK, epilog="Example: palermo receipt 3fa9c1 --workspace tip")(
    show_receipt
)
app.command(rich_help_panel=LOOK, epilog="Examples: palermo check --workspace tip · palermo check --release FOLDER")(
    check
)


def _years(text: str) -> tuple[int, int]:
    first, _, last = text.replace("/", "-").partition("-")
    if not first.isdigit() or not (last or first).isdigit():
        raise UsageError(f"--years {text}: expected FIRST-LAST, for example 2019-2023")
    return int(first), int(last or first)


def _fail(message: str, code: int, as_json: bool, kind: str) -> int:
    if as_json:
        print_json({"error": {"kind": kind, "message": message, "exit_code": code}})
    word = {2: "Usage", 3: "Refused"}.get(code, "Error")
    errors.print(f"[bold red]{word}:[/bold red] {escape(message)}", soft_wrap=True)
    return code


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    # Matrices here are tiny: BLAS threads only wait for each other, ten times the time where cores are shared. The
    # library reads this when numpy is first imported, which is below.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    given: list[Any] = list(sys.argv[1:] if arguments is None else arguments)
    as_json = "--json" in given
    try:
        app(args=given, prog_name="palermo")
    except SystemExit as left:
        if left.code == INTERRUPTED:
            message = "interrupted; nothing is half-written. Run the same command again to go on from the last stage"
            sys.exit(_fail(message, 1, as_json, "Interrupted"))
        raise
    except PalermoError as error:
        sys.exit(_fail(str(error), error.exit_code, as_json, type(error).__name__))
    except OSError as error:
        sys.exit(_fail(system_words(error), 1, as_json, "OSError"))
