"""The quality report of one file: what was read, what was not accepted and why, and what a reader of figures must know.

It is built batch by batch, so its size does not grow with the file; what needs all rows at once (repeated identifiers,
identical records) is asked of the finished tables. It stays in the confidential workspace: it may quote single cells.
"""

from collections import Counter
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from palermo.intake.registry import Batch, Notice, QuarantinedRow
from palermo.intake.several import ANSWERS
from palermo.intake.table_checks import Gaps, check_figures, check_persons

EXAMPLES = 5
_LONGEST = 60
_MOST_KINDS = 500  # of faults and notices each; more would be one for each row


@dataclass
class FaultKind:
    """Rows quarantined for the same reason in the same column, with a few examples."""

    column: str
    reason: str
    count: int = 0
    examples: dict[str, str] = field(default_factory=dict)  # found: expected
    rows: list[int] = field(default_factory=list)


@dataclass
class QualityReport:
    """What intake found out about one file."""

    list_name: str
    file: str
    sha256: str
    adapter: str
    read: int = 0
    accepted: int = 0
    quarantined: int = 0
    refused: str = ""
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    _faults: dict[tuple[str, str], FaultKind] = field(default_factory=dict)
    _notices: dict[tuple[str, str, str], Notice] = field(default_factory=dict)
    answers: dict[str, Counter[str]] = field(default_factory=dict)  # of each yes/no column
    _gaps: dict[str, Gaps] = field(default_factory=dict)

    def add(self, batch: Batch) -> None:
        """Take in a batch."""
        self.read += batch.read
        self.accepted += batch.accepted
        self.quarantined += len(batch.quarantined)
        for name, table in batch.tables.items():
            self._gaps.setdefault(name, Gaps(name)).add(table)
        for row in batch.quarantined:
            self._add_fault(row)
        for notice in batch.notices:
            if notice.kind == ANSWERS:
                self.answers.setdefault(notice.column, Counter())[notice.message] += notice.count
            else:
                self._add_notice(notice)

    def check_tables(self, tables: dict[str, Path]) -> None:
        """Ask the finished tables for what needs all rows at once."""
        for name, path in sorted(tables.items()):
            gaps = self._gaps[name]
            self.tables[name] = {"rows": gaps.rows, "nothing": gaps.to_dict()}
            if name in {"cases", "suspects"} and gaps.rows:
                self.tables[name] |= check_persons(path, name, gaps.empty())
            elif name == "observations" and gaps.rows:
                self.tables[name] |= check_figures(path)

    @property
    def notices(self) -> tuple[Notice, ...]:
        """The notices, added up over the batches."""
        return tuple(self._notices.values())

    @property
    def faults(self) -> tuple[FaultKind, ...]:
        """The kinds of faults, the most frequent first."""
        return tuple(sorted(self._faults.values(), key=lambda kind: (-kind.count, kind.column, kind.reason)))

    def to_dict(self) -> dict[str, Any]:
        """The report as plain data, the same for the same input."""
        return {
            "list": self.list_name,
            "file": self.file,
            "sha256": self.sha256,
            "adapter": self.adapter,
            "read": self.read,
            "accepted": self.accepted,
            "quarantined": self.quarantined,
            "refused": self.refused,
            "faults": [asdict(kind) for kind in self.faults],
            "notices": [asdict(notice) for notice in self.notices],
            "answers": {name: dict(sorted(counts.items())) for name, counts in self.answers.items()},
            "tables": self.tables,
        }

    def _add_fault(self, row: QuarantinedRow) -> None:
        key = (row.column, row.reason)
        if key not in self._faults and len(self._faults) >= _MOST_KINDS:
            key = ("", "further faults")
        kind = self._faults.setdefault(key, FaultKind(*key))
        kind.count += 1
        if len(kind.rows) < EXAMPLES:
            kind.rows.append(row.row)
        if len(kind.examples) < EXAMPLES:
            kind.examples.setdefault(row.found[:_LONGEST], row.expected)

    def _add_notice(self, notice: Notice) -> None:
        key = (notice.kind, notice.column, notice.message)
        if key in self._notices:
            known = self._notices[key]
            rows = (*known.rows, *notice.rows)[:EXAMPLES]
            self._notices[key] = replace(known, count=known.count + notice.count, rows=rows)
        elif len(self._notices) < _MOST_KINDS:
            self._notices[key] = notice
