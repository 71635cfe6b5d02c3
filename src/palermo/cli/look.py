"""``palermo receipt`` and ``palermo check``: look at what stands, without making anything anew."""

from pathlib import Path
from typing import Annotated

import typer

from palermo.cli.options import HERE, In, Json
from palermo.console import print_json, print_table, say
from palermo.errors import UsageError
from palermo.workspace import find_workspace


def show_receipt(
    number: Annotated[str, typer.Argument(help="Receipt number of a figure, or its first characters (6 or more).")],
    workspace: In = HERE,
    frozen: Annotated[Path | None, typer.Option("--release", help="A release folder; needs no workspace.")] = None,
    as_json: Json = False,
) -> None:
    """Explain in words where a published figure comes from."""
    from palermo.account.receipts import explain, receipt
    from palermo.pipeline import Run

    folder = frozen or Run(find_workspace(workspace), quiet=True).latest_release()
    if folder is None:
        raise UsageError(f"{workspace}: nothing has been released yet; use `palermo run` first")
    receipts, cube = folder / "receipts.json", folder / "cube.parquet"
    if as_json:
        print_json(receipt(receipts, number, cube))
        return
    say(explain(receipts, number, cube))


def check(
    workspace: In = HERE,
    frozen: Annotated[Path | None, typer.Option("--release", help="A release folder; needs no workspace.")] = None,
    as_json: Json = False,
) -> None:
    """Try the laws on what stands: nothing lost, nothing derivable, every figure with a receipt (exit 3 if not)."""
    from palermo.checks import check_release, check_workspace

    checks = check_release(frozen) if frozen else check_workspace(find_workspace(workspace))
    passed = all(one.passed for one in checks)
    if as_json:
        print_json({"passed": passed, "checks": [vars(one) for one in checks]})
    else:
        rows = [("passed" if one.passed else "FAILED", one.law, one.found) for one in checks]
        print_table("Checks", ("", "law", "found"), rows)
    raise typer.Exit(0 if passed else 3)
