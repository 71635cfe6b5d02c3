"""What the command line shows: progress on the error stream, results on the output stream.

Results go to the output stream alone, so that ``--json`` gives one document that a machine can read. Progress is a
moving bar on a terminal and one line a step elsewhere (in logs a bar would be noise).
"""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

errors = Console(stderr=True, highlight=False)
output = Console(highlight=False)


def print_json(document: Any) -> None:
    """Print one JSON document and nothing else."""
    sys.stdout.write(json.dumps(document, indent=1, sort_keys=True, default=str, ensure_ascii=False) + "\n")


def print_table(title: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a small table; numbers stand to the right."""
    table = Table(title=escape(title), title_justify="left", title_style="bold", box=None, pad_edge=False)
    for position, name in enumerate(header):
        numeric = bool(rows) and all(isinstance(row[position], int | float) for row in rows)
        table.add_column(escape(name), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(f"{cell:,}" if isinstance(cell, int) else escape(str(cell)) for cell in row))
    output.print(table)


def say(text: str) -> None:
    """Print one line of the result."""
    output.print(escape(text), soft_wrap=True)


class Step:
    """The progress of one stage. Call it with what is being done, and how much of how much is done."""

    def __init__(self, bar: Progress | None, title: str) -> None:
        self._bar = bar
        self._title = title
        self._task = bar.add_task(title, total=None) if bar else None

    def __call__(self, done: float = 0, total: float | None = None, text: str = "") -> None:
        """Show ``done`` of ``total`` (unknown where None) and an optional word on what is being done."""
        if self._bar is not None and self._task is not None:
            label = f"{self._title}: {text}" if text else self._title
            self._bar.update(self._task, completed=done, total=total, description=escape(label))


@contextmanager
def step(title: str, quiet: bool = False) -> Iterator[Step]:
    """Show that a stage runs, and how long it took."""
    if quiet:
        yield Step(None, title)
        return
    started = monotonic()
    if errors.is_terminal:
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        with Progress(*columns, console=errors, transient=True) as bar:
            yield Step(bar, title)
    else:
        yield Step(None, title)
    errors.print(f"{escape(title)} [dim]{monotonic() - started:.1f} s[/dim]")
