"""What the command line shows: progress on the error stream, results on the output stream.

Results go to the output stream alone, so that ``--json`` gives one document that a machine can read. Progress is a
moving bar on a terminal and one line a step elsewhere (in logs a bar would be noise).

The decision a reader would question: Ctrl-C is heard once by the work, which keeps what is finished, and a second one
ends the process at once, whatever it is doing.
"""

import json
import math
import signal
import sys
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from types import FrameType
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

errors = Console(stderr=True, highlight=False)
output = Console(highlight=False)


def print_json(document: Any) -> None:
    """Print one JSON document and nothing else."""
    sys.stdout.write(json.dumps(document, indent=1, sort_keys=True, default=str, ensure_ascii=False) + "\n")


def print_table(
    title: str, header: Sequence[str], rows: Sequence[Sequence[object]], numbers: Collection[str] = ()
) -> None:
    """Print a small table; numbers stand to the right, and so do the columns named in ``numbers``."""
    table = Table(title=escape(title), title_justify="left", title_style="bold", box=None, pad_edge=False)
    for position, name in enumerate(header):
        numeric = name in numbers or (bool(rows) and all(isinstance(row[position], int | float) for row in rows))
        table.add_column(escape(name), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(f"{cell:,}" if isinstance(cell, int) else escape(str(cell)) for cell in row))
    output.print(table)


def say(text: str) -> None:
    """Print one line of the result."""
    output.print(escape(text), soft_wrap=True)


class TimeLeft:
    """Seconds left, from the share done so far: the guess of each report, smoothed, counted down between reports."""

    def __init__(self, started: float) -> None:
        self._started = started
        self._end: float | None = None  # when it will be done

    def tell(self, share: float, now: float) -> float | None:
        """Seconds left once ``share`` of all is done; None while too little is known to say."""
        spent = now - self._started
        if not 0 < share < 1 or spent < KNOWN_AFTER:
            return 0.0 if share >= 1 else None
        guess = now + spent * (1 - share) / share
        self._end = guess if self._end is None else self._end + SMOOTHING * (guess - self._end)
        return max(self._end - now, 0.0)


KNOWN_AFTER = 2.0  # seconds: before that a guess would jump
SMOOTHING = 0.2  # weight of the newest guess


def time_words(seconds: float | None) -> str:
    """``about 40 s left``, rounded so that it does not flicker; nothing where it is not known."""
    if seconds is None:
        return ""
    if seconds >= 90:
        return f"about {math.ceil(seconds / 60)} min left"
    return f"about {math.ceil(max(seconds, 1) / 5) * 5} s left"


class Step:
    """The progress of one stage. Call it with what is being done, and how much of how much is done."""

    def __init__(self, bar: Progress | None, title: str) -> None:
        self._bar = bar
        self._title = title
        self._task = bar.add_task(title, total=None, left="") if bar else None
        self._time = TimeLeft(monotonic())

    def __call__(self, done: float = 0, total: float | None = None, text: str = "") -> None:
        """Show ``done`` of ``total`` (unknown where None) and an optional word on what is being done."""
        if self._bar is not None and self._task is not None:
            label = f"{self._title}: {text}" if text else self._title
            left = time_words(self._time.tell(done / total, monotonic())) if total else ""
            self._bar.update(self._task, completed=done, total=total, description=escape(label), left=left)


@contextmanager
def step(title: str, quiet: bool = False) -> Iterator[Step]:
    """Show that a stage runs, and how long it took."""
    if quiet:
        yield Step(None, title)
        return
    started = monotonic()
    if errors.is_terminal:
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[left]}"),
        )
        with Progress(*columns, console=errors, transient=True) as bar:
            yield Step(bar, title)
    else:
        yield Step(None, title)
    errors.print(f"{escape(title)} [dim]{monotonic() - started:.1f} s[/dim]")


@contextmanager
def second_stop_ends(quiet: bool = False) -> Iterator[None]:
    """Within, the first Ctrl-C raises KeyboardInterrupt as ever, and the second ends the process at once."""
    if threading.current_thread() is not threading.main_thread():
        yield  # Python takes signals in the main thread alone
        return
    before = signal.getsignal(signal.SIGINT)

    def stop(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        if not quiet:
            errors.print("Stopping; what is finished is kept. Press Ctrl-C again to end at once.")
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
