"""What a proposal says: about one column, and about the file. Plain data, no decisions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from palermo.intake.propose.values import Unmatched

MAPPED, FLAG, IDENTITY, IGNORED = "mapped", "flag", "identity", "ignored"


@dataclass(frozen=True)
class ColumnProposal:
    """What is proposed for one source column, how sure, and why.

    ``confidence`` runs from 0 to 1 and orders the columns that compete for one target; it is no probability.
    ``check`` names what a person has to decide. ``values`` and ``unmatched`` hold texts of coded columns only.
    """

    column: str
    decision: str  # MAPPED, FLAG, IDENTITY or IGNORED
    reasons: tuple[str, ...]
    target: str | None = None
    code: str | None = None  # the code a yes in this column stands for
    confidence: float = 0.0
    values: Mapping[str, str] = field(default_factory=dict)
    unmatched: tuple[Unmatched, ...] = ()
    unknown: tuple[str, ...] = ("",)
    not_asked: tuple[str, ...] = ()
    separator: str | None = None
    date_format: str | None = None
    check: tuple[str, ...] = ()
    personal: bool = False


@dataclass(frozen=True)
class Constant:
    """A column of the target table that the file says nowhere in its rows, with the reason for the value."""

    target: str
    value: str
    reason: str


@dataclass(frozen=True)
class Proposal:
    """A proposed mapping of one file, for a person to correct."""

    file: str
    table: str
    table_reason: str
    rows: int
    header_row: int
    columns: tuple[ColumnProposal, ...]
    constants: tuple[Constant, ...] = ()
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    adapter: str | None = None  # the known shape that reads this file without a mapping
    check: tuple[str, ...] = ()

    def of(self, decision: str) -> tuple[ColumnProposal, ...]:
        """The columns with this decision, in the order of the file."""
        return tuple(one for one in self.columns if one.decision == decision)

    def summary(self) -> dict[str, Any]:
        """The proposal as plain data for JSON."""
        return {
            "file": self.file,
            "table": self.table,
            "table_reason": self.table_reason,
            "rows_looked_at": self.rows,
            "header_row": self.header_row,
            "known_shape": self.adapter,
            "check": list(self.check),
            "constants": {one.target: one.value for one in self.constants},
            "columns": [_column(one) for one in self.columns],
        }

    def explain(self) -> list[str]:
        """The proposal in lines for the terminal."""
        lines = [f"{self.file}: {self.table}. {self.table_reason}"]
        if self.adapter is not None:
            lines.append(f"  This file has a known shape: intake reads it as {self.adapter} without any mapping.")
        if self.header_row != 1:
            lines.append(f"  The names of the columns stand in row {self.header_row}.")
        for one in self.columns:
            lines.extend(_lines(one))
        lines.extend(f"  {one.target} = {one.value} for every row: {one.reason}" for one in self.constants)
        lines.extend(f"  Check: {text}" for text in self.check)
        return [one_line(line) for line in lines]


def one_line(text: str) -> str:
    """The text without line breaks and control characters: headers and values come from a file and may hold any."""
    return "".join(c if c.isprintable() else " " for c in text)


def _column(one: ColumnProposal) -> dict[str, Any]:
    return {
        "column": one.column,
        "decision": one.decision,
        "target": one.target,
        "code": one.code,
        "confidence": round(one.confidence, 2),
        "reasons": list(one.reasons),
        "values": dict(one.values),
        "unmatched": [{"text": u.text, "rows": u.rows, "nearest": list(u.nearest)} for u in one.unmatched],
        "check": list(one.check),
        "points_at_a_person": one.personal,
    }


def _lines(one: ColumnProposal) -> list[str]:
    reasons = "; ".join(one.reasons)
    if one.decision == IGNORED:
        head = f"  {one.column}: left out; {reasons}"
    elif one.decision == IDENTITY:
        head = f"  {one.column} -> [identity] {one.target}; {reasons}"
    elif one.decision == FLAG:
        head = f"  {one.column} -> {one.target}: yes means {one.code}"
    else:
        head = f"  {one.column} -> {one.target} ({one.confidence:.0%}); {reasons}"
    unmatched = [
        f"    no code for {u.text!r} ({u.rows} rows){'; nearest: ' + ', '.join(u.nearest) if u.nearest else ''}"
        for u in one.unmatched
    ]
    return [head, *unmatched, *(f"    check: {text}" for text in one.check)]
