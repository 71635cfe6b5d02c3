"""Options that several verbs share, so that they read alike in every ``--help``."""

from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document for machines, and no progress.")]
In = Annotated[Path, typer.Option("--workspace", "-w", help="The folder that holds palermo.toml.", show_default=".")]
Out = Annotated[Path | None, typer.Option("--out", help="Write here instead of in the workspace.", show_default=False)]
Of = Annotated[
    Path | None,
    typer.Option(
        "--workspace", "-w", help="Workspace whose persons these are: those under seal must be left out.",
        show_default=False,
    ),
]  # fmt: skip
LeaveOut = Annotated[
    Path | None,
    typer.Option(
        help="File of ids, one a line, for its owner alone: persons under seal, whose rows are left out.",
        show_default=False,
    ),
]
HERE = Path()
