"""What people said of pairs of records: one line an answer, kept in the order given, never changed.

An answer names its two records by list and record number, not by their row, since rows move when a list is added:
labels outlive a new run of `palermo link`. The decision a reader would question: an answer that is taken back stays in
the file and a later line withdraws it. Whoever audits the labels sees that it was given; and a file that is only ever
added to loses at most its last line when the machine stops.
"""

import json
import os
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from palermo.errors import PalermoError, UsageError
from palermo.linkage.schema import LABELS
from palermo.private_files import OWNER_ONLY

ANSWERS = ("same", "different", "unsure")
SOURCES = ("clerk", "owner", "truth")
RESOLVED = "joint"  # the clerk's name of answers given together, after two had disagreed; it is taken for the truth


@dataclass(frozen=True, order=True)
class RecordName:
    """A record by the name of its list and its number there."""

    list: str
    record_id: str


@dataclass(frozen=True)
class Answer:
    """One answer of one person about one pair."""

    left: RecordName
    right: RecordName
    clerk: str
    answer: str
    band: str
    source: str = "clerk"

    @property
    def pair(self) -> tuple[RecordName, RecordName]:
        """The pair in an order of its own, so that left and right do not matter."""
        return (self.left, self.right) if self.left <= self.right else (self.right, self.left)


class AnswerFile:
    """The answers of one file of JSON lines, to which lines are only ever added, each forced to the disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lines = _read_lines(path)

    @property
    def answers(self) -> tuple[Answer, ...]:
        """Answers that stand, in the order given; of one clerk and pair the last counts."""
        return standing(self._lines)

    def add(self, answer: Answer) -> None:
        """Add an answer; it is on the disk when this returns."""
        self._append({**asdict(answer)})

    def undo(self, clerk: str) -> Answer | None:
        """Withdraw the last answer of a clerk that still stands, and return it; nothing where there is none."""
        mine = [answer for answer in self.answers if answer.clerk == clerk]
        if not mine:
            return None
        last = mine[-1]
        self._append({"undo": True, "clerk": clerk, "left": asdict(last.left), "right": asdict(last.right)})
        return last

    def _append(self, line: dict[str, Any]) -> None:
        append_line(self.path, line)
        self._lines.append(line)


def append_line(path: Path, line: dict[str, Any]) -> None:
    """Add one JSON line to a file for its owner alone, and wait until it is on the disk.

    A line cut short by a stopped machine is closed first, so that it spoils no other.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, OWNER_ONLY)
    try:
        os.fchmod(descriptor, OWNER_ONLY)
        size = os.fstat(descriptor).st_size
        broken = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
        text = json.dumps(line, ensure_ascii=False, sort_keys=True)
        os.write(descriptor, (("\n" if broken else "") + text + "\n").encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_json_lines(path: Path) -> list[tuple[int, dict[str, Any]]]:
    """Objects of a file of JSON lines with their line numbers; a last line without its end is an interrupted write.

    Raises ``UsageError`` naming the line where another one is no JSON object.
    """
    text = path.read_text(encoding="utf-8", errors="replace")
    pieces = text.split("\n")
    lines = []
    for number, piece in enumerate(pieces, start=1):
        if not piece.strip():
            continue
        try:
            line = json.loads(piece)
        except json.JSONDecodeError:
            if number >= len(pieces) - 1 or _is_cut(piece):
                continue  # cut short by a stopped machine; what it said was never confirmed to the clerk
            raise UsageError(f"{path}, line {number}: expected one JSON object a line; restore the file") from None
        if not isinstance(line, dict):
            raise UsageError(f"{path}, line {number}: expected a JSON object, found {type(line).__name__}")
        lines.append((number, line))
    return lines


def _is_cut(piece: str) -> bool:
    return piece.startswith("{") and not piece.rstrip().endswith("}")


def standing(lines: Iterable[dict[str, Any]]) -> tuple[Answer, ...]:
    """The answers that no later line withdraws or replaces, in the order given."""
    found: dict[tuple[str, tuple[RecordName, RecordName]], Answer] = {}
    for line in lines:
        left, right = RecordName(**line["left"]), RecordName(**line["right"])
        pair = (left, right) if left <= right else (right, left)
        found.pop((line["clerk"], pair), None)  # also so that the last answer stands last
        if not line.get("undo"):
            answer = Answer(left, right, line["clerk"], line["answer"], line["band"], line.get("source", "clerk"))
            found[line["clerk"], pair] = answer
    return tuple(found.values())


def read_answers(paths: Sequence[Path]) -> tuple[Answer, ...]:
    """Answers of several files together (two clerks, several owners), each file in its order."""
    return tuple(answer for path in paths for answer in AnswerFile(path).answers)


def labels_table(answers: Iterable[Answer], records: pa.Table) -> pa.Table:
    """Answers as ``LABELS``, rows found in ``records`` (``row_id``, ``list``, ``record_id``).

    Answers about records that are no longer there are left out. The table is in the order of pairs, then clerks.
    """
    answers = tuple(answers)
    rows = rows_of({name for answer in answers for name in answer.pair}, records)
    found = []
    for answer in answers:
        one, two = rows.get(answer.left), rows.get(answer.right)
        if one is None or two is None or one == two:
            continue
        ends = {"left": min(one, two), "right": max(one, two)}
        found.append({**ends, **{name: getattr(answer, name) for name in ("clerk", "answer", "band", "source")}})
    found.sort(key=lambda row: (row["left"], row["right"], row["clerk"]))
    return pa.Table.from_pylist(found, schema=LABELS)


def rows_of(wanted: Collection[RecordName], records: pa.Table) -> dict[RecordName, int]:
    """Row numbers of records by name; where a list repeats a record number, the first row. Unknown ones are absent."""
    numbers = pa.array(sorted({name.record_id for name in wanted}), type=pa.string())
    mask = pc.is_in(records["record_id"], value_set=numbers)
    rows: dict[RecordName, int] = {}
    for row in records.select(["row_id", "list", "record_id"]).filter(mask).to_pylist():
        name = RecordName(row["list"], row["record_id"])
        if name in wanted:
            rows.setdefault(name, row["row_id"])
    return rows


def _read_lines(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    lines = read_json_lines(path)
    for number, line in lines:
        _check(path, number, line)
    return [line for _, line in lines]


def _check(path: Path, number: int, line: dict[str, Any]) -> None:
    """Raise ``UsageError`` where a line is no answer; the message repeats nothing that could name a person."""
    where = f"{path}, line {number}"
    for side in ("left", "right"):
        end = line.get(side)
        if not isinstance(end, dict) or set(end) != {"list", "record_id"}:
            raise UsageError(f"{where}: {side} must be an object with list and record_id")
        if not all(isinstance(text, str) for text in end.values()):
            raise UsageError(f"{where}: list and record_id of {side} must be texts")
    if not isinstance(line.get("clerk"), str) or not line["clerk"]:
        raise UsageError(f"{where}: names no clerk")
    if line.get("undo"):
        return
    if line.get("answer") not in ANSWERS:
        raise UsageError(f"{where}: the answer must be one of {', '.join(ANSWERS)}")
    if line.get("source", "clerk") not in SOURCES or not isinstance(line.get("band"), str):
        raise UsageError(f"{where}: band must be a text and source one of {', '.join(SOURCES)}")


def merge(target: Path, others: Sequence[Path]) -> int:
    """Add the standing answers of other files (another clerk's, an owner's) to ``target``; returns how many are new.

    Raises ``PalermoError`` where two files hold different answers of one clerk about one pair: one name was used by
    two.
    """
    file = AnswerFile(target)
    held = {(answer.clerk, answer.pair): answer for answer in file.answers}
    fresh = []
    for answer in read_answers(others):
        before = held.get((answer.clerk, answer.pair))
        if before is not None and before.answer != answer.answer:
            raise PalermoError(
                f"{target}: clerk {answer.clerk} gave two answers about one pair in two files; give each clerk a name "
                "of her own, or withdraw one answer"
            )
        if before is None:
            held[answer.clerk, answer.pair] = answer
            fresh.append(answer)
    for answer in fresh:
        file.add(answer)
    return len(fresh)
