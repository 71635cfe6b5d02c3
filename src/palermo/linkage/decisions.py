"""What people decided about records: who is one person and who is not, kept, logged and reversible.

The log is a file of JSON lines to which lines are only ever added. A decision names records by list and record number,
so it holds when lists are linked again; a later line withdraws it, and both stay for whoever audits them. Numbers in
order of entry stand for time: outputs that are compared hold no clock.

The decision a reader would question: contradictions are refused, not resolved. Whoever says that A and B are one
person, B and C are one, and A and C are two has made a mistake that no rule can undo for her.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from palermo.errors import UsageError
from palermo.linkage.clusters import Decision
from palermo.linkage.review.labels import RESOLVED, Answer, RecordName, append_line, read_json_lines, rows_of
from palermo.linkage.schema import PAIRS
from palermo.linkage.score_bands import pair_keys

KINDS = ("same", "different")
WITHDRAWN = "withdraw"


@dataclass(frozen=True)
class Entry:
    """A decision that stands: all ``records`` are one person ("same"), or no two of them are ("different")."""

    number: int
    kind: str
    records: tuple[RecordName, ...]
    by: str
    reason: str


class DecisionLog:
    """The log of decisions in one file, for its owner alone."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lines: list[dict[str, Any]] = []
        for number, line in read_json_lines(path) if path.exists() else []:
            _check(f"{path}, line {number}", line, len(self._lines) + 1, self._lines)
            self._lines.append(line)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Decisions that no later line withdraws, in order."""
        gone = {line["number_withdrawn"] for line in self._lines if line["kind"] == WITHDRAWN}
        return tuple(_entry(line) for line in self._lines if line["kind"] in KINDS and line["number"] not in gone)

    @property
    def history(self) -> tuple[tuple[Entry, int | None], ...]:
        """All decisions ever made, each with the number of the line that withdrew it, None where it stands."""
        gone = {line["number_withdrawn"]: line["number"] for line in self._lines if line["kind"] == WITHDRAWN}
        return tuple((_entry(line), gone.get(line["number"])) for line in self._lines if line["kind"] in KINDS)

    def decide(self, kind: str, records: Sequence[RecordName], by: str, reason: str = "") -> Entry:
        """Add a decision; it is on the disk when this returns.

        Raises ``UsageError`` where it contradicts one that stands, or names fewer than two records.
        """
        line = {
            "number": len(self._lines) + 1,
            "kind": kind,
            "records": [{"list": one.list, "record_id": one.record_id} for one in records],
            "by": by,
            "reason": reason,
        }
        _check(str(self.path), line, len(self._lines) + 1, self._lines)
        check_consistent((*self.entries, _entry(line)))
        self._append(line)
        return _entry(line)

    def withdraw(self, number: int, by: str, reason: str = "") -> None:
        """Withdraw a decision by its number; raises ``UsageError`` where none of that number stands."""
        if number not in {entry.number for entry in self.entries}:
            raise UsageError(f"{self.path}: no decision {number} stands, so that it cannot be withdrawn")
        line = {
            "number": len(self._lines) + 1,
            "kind": WITHDRAWN,
            "number_withdrawn": number,
            "by": by,
            "reason": reason,
        }
        self._append(line)

    def _append(self, line: dict[str, Any]) -> None:
        append_line(self.path, line)
        self._lines.append(line)


def read_decisions(path: Path) -> tuple[Entry, ...]:
    """Decisions of a log that stand; none where there is no file."""
    return DecisionLog(path).entries


def check_consistent(entries: Iterable[Entry]) -> None:
    """Raise ``UsageError`` where decisions contradict each other, by their numbers, never by records."""
    entries = tuple(entries)
    person: dict[RecordName, RecordName] = {}
    for entry in entries:
        if entry.kind == "same":
            for one, two in pairwise(entry.records):
                person[_find(person, one)] = _find(person, two)
    for entry in entries:
        if entry.kind == "different":
            for one, two in combinations(entry.records, 2):
                if one == two or _find(person, one) == _find(person, two):
                    raise UsageError(
                        f"decision {entry.number} says that records are two persons whom other decisions make one; "
                        "withdraw one of them"
                    )


def to_clusters(entries: Iterable[Entry], records: pa.Table) -> tuple[Decision, ...]:
    """Decisions about rows, for ``clusters.memberships``. Records that are no longer there are left out.

    ``records`` has ``row_id``, ``list`` and ``record_id``.
    """
    entries = tuple(entries)
    check_consistent(entries)
    rows = rows_of({name for entry in entries for name in entry.records}, records)
    found = []
    for entry in entries:
        known = [rows[name] for name in entry.records if name in rows]
        pairs = pairwise(known) if entry.kind == "same" else combinations(known, 2)
        found += [Decision(min(pair), max(pair), entry.kind == "same") for pair in pairs if pair[0] != pair[1]]
    return tuple(sorted(set(found), key=lambda one: (not one.same, one.left, one.right)))


def settled_by(pairs: pa.Table, decisions: Sequence[Decision]) -> pa.Table:
    """``PAIRS`` in which decided pairs stand as settled, with probability 1 or 0, those never compared added.

    Neither curve nor rates then take a pair for a likely error that somebody has looked at.
    """
    if not decisions:
        return pairs
    ends = {"left": [one.left for one in decisions], "right": [one.right for one in decisions]}
    decided = pa.table({**ends, "probability": [float(one.same) for one in decisions]})
    rows = pair_keys(pairs)
    before = pairs.filter(pa.array(~np.isin(rows, pair_keys(decided))))
    more = {name: pa.nulls(len(decisions), PAIRS.field(name).type) for name in ("weight", "calibrated", "rule")}
    columns = {**more, **{name: decided[name] for name in decided.column_names}}
    columns["source"] = pa.array(["decision"] * len(decisions), pa.string())
    own = pa.table({name: columns[name] for name in PAIRS.names}).cast(PAIRS)
    together = pa.concat_tables([before.select(PAIRS.names).cast(PAIRS), own])
    return together.sort_by([("left", "ascending"), ("right", "ascending")])


def from_answers(answers: Iterable[Answer]) -> tuple[tuple[str, tuple[RecordName, RecordName]], ...]:
    """Answers on which to act, as kind and pair: given together, or by all clerks alike where at least two answered."""
    said: dict[tuple[RecordName, RecordName], dict[str, str]] = {}
    for answer in answers:
        said.setdefault(answer.pair, {})[answer.clerk] = answer.answer
    found = []
    for pair, by_clerk in said.items():
        kinds = {by_clerk[RESOLVED]} if RESOLVED in by_clerk else set(by_clerk.values())
        if (RESOLVED in by_clerk or len(by_clerk) > 1) and len(kinds) == 1 and kinds <= set(KINDS):
            found.append((kinds.pop(), pair))
    return tuple(sorted(found))


def _find(person: dict[RecordName, RecordName], name: RecordName) -> RecordName:
    while (up := person.get(name, name)) != name:
        name = up
    return name


def _entry(line: dict[str, Any]) -> Entry:
    records = tuple(RecordName(**one) for one in line["records"])
    return Entry(line["number"], line["kind"], records, line["by"], line["reason"])


def _check(where: str, line: dict[str, Any], expected: int, before: Sequence[dict[str, Any]]) -> None:
    """Raise ``UsageError`` where a line is no decision. Messages repeat no record number."""
    if line.get("number") != expected:
        raise UsageError(f"{where}: expected decision number {expected}; lines were changed: restore the log")
    if not isinstance(line.get("by"), str) or not line["by"] or not isinstance(line.get("reason"), str):
        raise UsageError(f"{where}: a decision names who made it (by) and has a text as reason")
    if line.get("kind") == WITHDRAWN:
        if line.get("number_withdrawn") not in {one["number"] for one in before if one["kind"] in KINDS}:
            raise UsageError(f"{where}: withdraws a decision that was never made")
        return
    if line.get("kind") not in KINDS:
        raise UsageError(f"{where}: kind must be one of {', '.join((*KINDS, WITHDRAWN))}")
    records = line.get("records")
    fits = isinstance(records, list) and all(map(_is_record, records))
    if not fits or not isinstance(records, list) or len({tuple(sorted(one.items())) for one in records}) < 2:
        raise UsageError(f"{where}: a decision is about two records or more, each with list and record_id")


def _is_record(one: object) -> bool:
    named = isinstance(one, dict) and set(one) == {"list", "record_id"}
    return named and isinstance(one, dict) and all(isinstance(text, str) for text in one.values())
