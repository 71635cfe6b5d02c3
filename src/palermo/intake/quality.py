"""The quality report of one file: what was read, what was not accepted and why, and what a reader of figures must know.

It is built batch by batch, so its size does not grow with the file; what needs all rows at once (repeated identifiers,
identical records) is asked of the finished tables. It stays in the confidential workspace: it may quote single cells.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from palermo.console import print_table, say
from palermo.intake.registry import Batch, Notice, QuarantinedRow
from palermo.intake.several import ANSWERS
from palermo.intake.table_checks import Gaps, check_persons

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


def answer_lines(report: QualityReport) -> Iterable[str]:
    """What a blank means in the yes/no columns of the file, in words."""
    silent = [name for name, counts in report.answers.items() if not counts["no"] and counts["blank"]]
    both = [name for name, counts in report.answers.items() if counts["no"] and counts["blank"]]
    if silent:
        yield (
            f"{len(silent)} yes/no columns never say no ({_some(silent)}): a blank there may mean no or not recorded, "
            "so shares are of the rows with any yes in the group"
        )
    if both:
        yield f"{len(both)} yes/no columns hold both no and blank ({_some(both)}): a blank is unknown there, not no"


def _some(names: list[str]) -> str:
    return ", ".join(names[:EXAMPLES]) + (", ..." if len(names) > EXAMPLES else "")


def print_quality(report: QualityReport) -> None:
    """Show the report on the terminal: the counts, then only what needs a person's eye."""
    say(
        f"{report.list_name}: {report.file}: read {report.read:,} = accepted {report.accepted:,} "
        f"+ quarantined {report.quarantined:,}"
    )
    if report.refused:
        say(f"Refused: {report.refused}")
    if report.faults:
        rows = [(kind.column or "(row)", kind.reason, kind.count, _example(kind.examples)) for kind in report.faults]
        print_table("Quarantined", ("column", "reason", "rows", "for example"), rows)
    if report.notices:
        notes = [(note.kind, note.column, note.count, note.message) for note in report.notices]
        print_table("Accepted, and worth knowing", ("kind", "column", "count", "what"), notes)
    for line in answer_lines(report):
        say(line)
    for name, table in report.tables.items():
        shares = list(unknown_rows(table))
        if shares:
            print_table(f"Unknown and not asked in {name}", ("column", "unknown", "not asked", "unknown, %"), shares)
        for line in table_lines(table):
            say(line)


def _example(examples: dict[str, str]) -> str:
    found, expected = next(iter(examples.items()))
    return f"found {found!r}, expected {expected}"


def unknown_rows(table: dict[str, Any]) -> Iterable[tuple[str, int, int, float]]:
    """For each column with gaps: its name, how many unknown, how many not asked, and unknown as per cent of rows."""
    for name, counts in table["nothing"].items():
        if counts["unknown"] or counts["not_asked"]:
            share = round(100 * counts["unknown"] / table["rows"], 1) if table["rows"] else 0.0
            yield name, counts["unknown"], counts["not_asked"], share


def table_lines(table: dict[str, Any]) -> Iterable[str]:
    """What the checks over all rows found, in words."""
    if table.get("repeated_ids"):
        rows = ", ".join(map(str, table["repeated_id_rows"]))
        yield f"{table['repeated_ids']:,} rows repeat the identifier of another row (for example rows {rows})"
    if table.get("sexes_perhaps_exchanged"):
        female, male = table["sexes_perhaps_exchanged"]
        yield (
            f"{female:,} women and {male:,} men are recorded as sexually exploited; "
            "that is rare enough to check whether the codes of sex are exchanged"
        )
    if table.get("identical_rows"):
        yield (
            f"{table['identical_rows']:,} rows say the same as another row in every column but the identifier; "
            "several persons may well share all of it, so they are kept"
        )
