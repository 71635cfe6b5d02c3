"""What any method leaves: counts with limits, what was done to each, and the trade-off in plain words.

Suppressed, zero, unknown and not asked stay four marks, as in the tables with hidden counts. The decision a reader
would question: a mark, and what is said to have been done to a count, follow from published figures alone; where
rounding or noise made a zero, the table cannot say so without undoing it.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from palermo.release.tables.cells import Cells, Flags, Whole
from palermo.release.tables.plan import Plan, Proved
from palermo.release.tables.primary import Primary
from palermo.release.tables.published import table_of
from palermo.release.tables.specification import Rules, Specification

Real = npt.NDArray[np.float64]

EXACT, SUPPRESSED = "exact", "suppressed"  # what was done to a count
ROUNDED, SUM = "rounded", "sum_of_rounded"
PERTURBED, NOISED, INVARIANT = "perturbed", "noised", "invariant"
ESTIMATED = "E"  # SDMX CL_OBS_STATUS


@dataclass(frozen=True)
class TradeOff:
    """What a user of the tables must know, and what the person who releases them must have weighed."""

    additive: bool
    exact_totals: bool
    repeatable: bool
    adds_up: str
    totals: str
    again: str
    attacker: str

    def words(self) -> str:
        """The statement to print with the tables."""
        return " ".join((self.adds_up, self.totals, self.again, self.attacker))


@dataclass(frozen=True)
class Protected:
    """Counts as they may be published. ``cells`` hold published values; those left out are printed as zero."""

    method: str
    cells: Cells
    lower: Real
    upper: Real
    done: npt.NDArray[np.object_]
    trade_off: TradeOff
    parameters: Mapping[str, object]
    zero: tuple[float, float, str]  # limits of a count that is left out of ``cells``, and what was done to it
    standard_error: Real | None = None
    plan: Plan | None = None  # where counts are hidden

    @property
    def specification(self) -> Specification:
        """The dimensions and the tables."""
        return self.cells.lattice.specification

    def table(self, name: str) -> pa.Table:
        """One table: codes, value, limits, status, mark, what was done, and the standard error where there is one."""
        made = table_of(self.plan or _shown(self.cells), name)
        place, known = self._places(made)
        lower = np.where(known, self.lower[place], self.zero[0])
        upper = np.where(known, self.upper[place], self.zero[1])
        done = np.where(known, self.done[place], self.zero[2])
        if self.plan is None:
            uncertain = ~np.isin(done, [EXACT, INVARIANT])
            made = _replaced(made, "lower", pa.array(lower.astype(np.int64), pa.int64()))
            made = _replaced(made, "upper", pa.array(upper.astype(np.int64), pa.int64()))
            status = np.where(uncertain, ESTIMATED, np.array(made["obs_status"].to_pylist(), dtype=object))
            made = _replaced(made, "obs_status", pa.array(status, pa.string()))
        made = made.append_column("done", pa.array(done, pa.string()))
        if self.standard_error is not None:
            errors = np.where(known, self.standard_error[place], 0.0)
            made = made.append_column("standard_error", pa.array(np.round(errors, 2), pa.float64()))
        return made

    def _places(self, table: pa.Table) -> tuple[Whole, Flags]:
        """Where each row of a table stands among the cells, and whether it does."""
        lattice = self.cells.lattice
        keys = np.zeros(table.num_rows, dtype=np.int64)
        for one, stride in zip(lattice.specification.dimensions, lattice.strides, strict=True):
            if one.name in table.column_names:
                keys += np.array([one.place[code] for code in table[one.name].to_pylist()], dtype=np.int64) * stride
            else:
                keys += one.place["_T"] * stride
        place = np.minimum(np.searchsorted(self.cells.keys, keys), max(len(self.cells.keys) - 1, 0))
        known = self.cells.keys[place] == keys if len(self.cells.keys) else np.zeros(len(keys), dtype=bool)
        return place, known

    def description(self) -> dict[str, object]:
        """Method, parameters and statement, to be published with the tables."""
        return {
            "method": self.method,
            "parameters": dict(self.parameters),
            "trade_off": asdict(self.trade_off),
            "statement": self.trade_off.words(),
        }


def _replaced(table: pa.Table, name: str, column: pa.Array) -> pa.Table:
    return table.set_column(table.column_names.index(name), name, column)


def _shown(cells: Cells) -> Plan:
    """A plan in which nothing is hidden, so that marks are the same as with hidden counts."""
    none = np.zeros(len(cells.keys), dtype=bool)
    values = cells.values.astype(np.float64)
    first = Primary(cells, {}, np.zeros(len(cells.keys), dtype=np.int64))
    return Plan(cells.lattice.specification, Rules(), first, none, values, values, (), Proved(0, 0, 0, 0, 0, 0.0))


def with_values(cells: Cells, values: Whole) -> Cells:
    """The cells with published values in place of the true ones; the persons beneath are taken out."""
    nobody = replace(cells.unknowns, persons=np.zeros_like(cells.unknowns.persons), sources=None)
    return replace(cells, values=values, unknowns=nobody)


def finest(cells: Cells) -> Flags:
    """The cells that no table divides further."""
    size = np.ones(len(cells.keys), dtype=np.int64)
    for stands, codes in zip(cells.lattice.stands_in, cells.lattice.decoded(cells.keys).T, strict=True):
        size *= stands.sum(axis=1)[codes]
    return np.asarray(size == 1)
