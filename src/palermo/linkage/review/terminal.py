"""`palermo review` in the terminal: two records side by side, one key an answer, each answer on the disk at once.

The decision a reader would question: words and signs say how fields compare, colour says nothing, and every answer can
be typed as a line. So it works over a slow line, for people who see no colours, and with input from a file.
"""

import shutil
import textwrap
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TextIO

import typer

from palermo.linkage.review.labels import Answer, AnswerFile
from palermo.linkage.review.reasons import MARKS, Details, Line
from palermo.linkage.review.sample import SampledPair

KEYS = {"s": "same", "d": "different", "u": "unsure"}
UNDO, STOP, HELP = "b", "q", "?"
ASK = "s same person, d different, u unsure, b take back, q stop, ? help: "
LONG_HELP = (
    "Answer s when you would act on it that both records are one person, d when you would act on it that they are two, "
    "u when you cannot tell. Do not guess: u costs nothing. b takes your last answer back. q stops; the next run goes "
    "on here."
)
NARROWEST = 60
ReadKey = Callable[[], str]  # "" at the end of the input


@dataclass(frozen=True)
class Reviewed:
    """How far a clerk is. ``stopped``: she stopped before the end."""

    done: int
    total: int
    stopped: bool


def review(
    sample: Sequence[SampledPair],
    details: Details,
    file: AnswerFile,
    clerk: str,
    out: TextIO,
    read_key: ReadKey,
) -> Reviewed:
    """Show the pairs that ``clerk`` has not answered yet, in the order of the sample, until the end or until she
    stops."""
    while True:
        mine = {answer.pair for answer in file.answers if answer.clerk == clerk}
        left = [one for one in sample if one.pair not in mine]
        done = len(sample) - len(left)
        if not left:
            out.write(f"All {len(sample)} pairs are answered.\n")
            return Reviewed(done, len(sample), stopped=False)
        out.write(card(left[0], details, f"Pair {done + 1} of {len(sample)}"))
        try:
            goes_on = _answer(left[0], file, clerk, out, read_key)
        except KeyboardInterrupt:
            _say_stopped(out, done, len(sample))
            raise
        if not goes_on:
            _say_stopped(out, done, len(sample))
            return Reviewed(done, len(sample), stopped=True)


def _say_stopped(out: TextIO, done: int, total: int) -> None:
    out.write(f"\nStopped: {done} of {total} pairs are answered and saved.\n")
    out.flush()


def _answer(pair: SampledPair, file: AnswerFile, clerk: str, out: TextIO, read_key: ReadKey) -> bool:
    """Ask until there is an answer or one is taken back; whether to go on."""
    while True:
        out.write(ASK)
        out.flush()
        key = read_key().strip().lower()[:1]
        out.write(f"{key if key.isprintable() else ''}\n")  # an arrow key sends what would steer the screen
        if key in KEYS:
            file.add(Answer(pair.left, pair.right, clerk, KEYS[key], pair.band))
            return True
        if key == UNDO:
            if (last := file.undo(clerk)) is not None:
                out.write(f"Taken back: {last.answer}.\n")
                return True
            out.write("There is no answer to take back.\n")
        elif key in (STOP, ""):
            return False
        else:
            out.write(textwrap.fill(LONG_HELP, NARROWEST) + "\n")


def card(pair: SampledPair, details: Details, title: str, width: int | None = None) -> str:
    """Both records as text, one line a field; long values go on below."""
    width = max(NARROWEST, width or shutil.get_terminal_size((100, 24)).columns)
    lines = details.lines(pair.left, pair.right)
    first = max([len(line.field) for line in lines] + [6])
    column = (width - first - 6) // 3
    ends = (f"{pair.left.list} {pair.left.record_id}", f"{pair.right.list} {pair.right.record_id}")
    head = Line("record", *ends, "unknown", "")
    text = [f"\n{title}", *_row(head, first, column, "")]
    for line in lines:
        text += _row(line, first, column, f"{MARKS[line.kind]} {line.words}")
    if not lines:
        text.append("Neither record is among the prepared records of this machine.")
    return "\n".join(text) + "\n"


def _row(line: Line, first: int, column: int, words: str) -> list[str]:
    cells = [_wrapped(text, column) for text in (line.left, line.right, words)]
    height = max(len(cell) for cell in cells)
    rows = []
    for number in range(height):
        parts = [cell[number] if number < len(cell) else "" for cell in cells]
        field = line.field if number == 0 else ""
        rows.append("  ".join([_padded(field, first), *(_padded(part, column) for part in parts)]).rstrip())
    return rows


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, max(width // 2, 8) if _wide(text) else width) or [""]


def _wide(text: str) -> bool:
    return any(unicodedata.east_asian_width(one) in "WF" for one in text)


def _padded(text: str, width: int) -> str:
    """Text filled up with blanks to what a terminal shows: marks take no place, wide letters take two."""
    shown = sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text
    )
    return text + " " * max(width - shown, 0)


def keys_of(stream: TextIO) -> ReadKey:
    """Keys from a terminal, one press each; from anything else, one line each."""
    if not stream.isatty():
        return stream.readline
    return _pressed


def _pressed() -> str:
    try:
        return typer.getchar()
    except EOFError:  # Ctrl-D, or the window was closed
        return ""
