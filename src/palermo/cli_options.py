"""Options that several verbs share, so that they read alike in every ``--help``."""

from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document for machines, and no progress.")]
In = Annotated[Path, typer.Option("--workspace", "-w", help="The folder that holds palermo.toml.", show_default=".")]
Out = Annotated[Path | None, typer.Option("--out", help="Write here instead of in the workspace.", show_default=False)]
HERE = Path()
