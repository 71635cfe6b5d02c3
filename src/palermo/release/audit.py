"""The attacker: works out what it can about every hidden count from a release folder alone.

It reads no confidential file and shares only the solver with the choice of hidden cells: it names the cells and sets
up their relations in its own way (``audit_tables``). For every hidden cell it then looks for two tables of counts that
agree with every published figure and differ in that cell by its k or more. Where linear programming shows that there
are none, the cell is a finding and the release is refused. The decision a reader would question: programmes over real
numbers, rounded inwards, stand for whole-number tables (``docs/method/protection.md`` says what that leaves open).
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from palermo.errors import PalermoError
from palermo.release.audit_tables import Tables, derived_beside_hidden, read_tables
from palermo.release.estimates import estimate_findings
from palermo.release.feasible import Prover, propagate
from palermo.release.rules import FREE, is_safe
from palermo.release.sealed import sealed_findings
from palermo.release.tried import FILE
from palermo.release.tried_audit import tried_findings


@dataclass(frozen=True)
class Finding:
    """One figure that the release gives away, or a fault that makes the release unfit to be audited."""

    indicator: str
    words: str

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True)
class Audit:
    """Whether nothing was found; how many rows there are, how many are hidden, how many counts were attacked."""

    ok: bool
    findings: tuple[Finding, ...]
    cells: int
    hidden: int
    checked: int


def audit_release(folder: Path) -> Audit:
    """Attack a release folder. Raises ``PalermoError`` where it cannot be read."""
    try:
        rows = pq.read_table(folder / "cube.parquet").to_pylist()
        metadata = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))
        receipts = json.loads((folder / "receipts.json").read_text(encoding="utf-8"))
        tried = json.loads((folder / FILE).read_text(encoding="utf-8"))
        said = metadata["protection"]
    except (OSError, KeyError, ValueError) as error:
        raise PalermoError(f"{folder}: not a release that can be audited: {error}. Make it again") from None
    tables = read_tables(rows, said)
    findings = [
        *_shown_although_hidden(rows),
        *(Finding(*found) for found in tables.contradictions),
        *(Finding(*found) for found in derived_beside_hidden(rows, receipts)),
        *(Finding(*found) for found in estimate_findings(rows, said)),
        *(Finding(*found) for found in sealed_findings(rows, said)),
        *(Finding(*found) for found in tried_findings(tried, rows, said)),
        *_counts_in_receipts(receipts),
        *_small_printed(tables),
        *_worked_out(tables),
    ]
    hidden = sum(row["conf_status"] != FREE for row in rows)
    return Audit(not findings, tuple(findings), len(rows), hidden, int(tables.hidden.sum()))


def _shown_although_hidden(rows: list[dict[str, Any]]) -> list[Finding]:
    return [
        Finding(row["indicator"], f"{row['indicator']}, {row['time_period']}: a hidden row still holds its value")
        for row in rows
        if row["conf_status"] != FREE and row["value"] is not None
    ]


def _counts_in_receipts(receipts: Any) -> list[Finding]:
    indicators = receipts.get("indicators", {}) if isinstance(receipts, dict) else {}
    return [
        Finding(name, f"the receipts of {name} hold numbers of rows")
        for name, entry in sorted(indicators.items())
        if "counts" in entry
    ]


def _small_printed(tables: Tables) -> list[Finding]:
    small = ~tables.hidden & (tables.low >= 1) & (tables.high < tables.k)
    return [
        Finding(tables.indicators[cell], f"{tables.name(cell)}: a count under k = {int(tables.k[cell])} is printed")
        for cell in np.flatnonzero(small).tolist()
    ]


def _worked_out(tables: Tables) -> list[Finding]:
    low, high = propagate(tables.relations, tables.low, tables.high)
    if (low > high).any():
        first = int(np.flatnonzero(low > high)[0])
        return [Finding(tables.indicators[first], f"published figures contradict each other at {tables.name(first)}")]
    wanted = np.where(tables.hidden, tables.k, 0.0)
    exact = np.flatnonzero(tables.hidden & (high == low))
    findings = [_exposed(tables, cell, low[cell], high[cell]) for cell in exact.tolist()]
    prover = Prover(tables.relations, low, high)
    narrow = prover.too_narrow(wanted[prover.free])
    lowest, highest = prover.whole()
    for place in np.flatnonzero(narrow).tolist():
        cell = int(prover.free[place])
        if not is_safe(int(lowest[place]), int(highest[place]), int(tables.k[cell])):
            findings.append(_exposed(tables, cell, lowest[place], highest[place]))
    return findings


def _exposed(tables: Tables, cell: int, low: float, high: float) -> Finding:
    found = f"is {int(low)}" if low == high else f"is from {int(low)} to {int(high)}"
    return Finding(tables.indicators[cell], f"{tables.name(cell)}: hidden, but it follows that it {found}")
