"""What an account is made of, and what has been made of it so far: the one thing that the steps of counting share."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from palermo.account.axes import Frame
from palermo.account.definition import Definition
from palermo.account.population import Denominators
from palermo.engine import Engine
from palermo.progress import Progress
from palermo.settings import DUCKDB, Rules

COUNTED_RULES = ("forms", "age_in_doubt")  # the rules that change what is counted, so part of a figure's receipt
STEPS = 5.0


@dataclass(frozen=True)
class AccountInputs:
    """What an account is made from: the tables of the stages before, and what the workspace says."""

    persons: Path | None  # without those under seal
    cases: tuple[Path, ...]
    suspects: tuple[Path, ...]
    observations: tuple[Path, ...]
    public_lists: frozenset[str]
    inputs: tuple[Mapping[str, Any], ...]  # per source: list, file, sha256, adapter, read, accepted, quarantined
    population: Path | None
    population_shape: str | None
    area: str
    area_name: str | None
    years: tuple[int, int] | None
    rules: Rules
    estimates: Path | None = None  # of the persons seen and unseen, where the settings ask for them
    compared: tuple[str, ...] = ()  # the lists behind the estimates
    tried: Path | None = None  # what stands around the estimate of everyone (JSON)
    sealed: Path | None = None  # persons under seal: counted in one figure, and there alone
    engine: str = DUCKDB  # which groups the rows; the figures are the same from each


@dataclass
class Making:
    """The account while it is being made."""

    inputs: AccountInputs
    engine: Engine
    progress: Progress
    blocks: dict[str, list[pa.Table]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    used: dict[str, set[str]] = field(default_factory=dict)  # indicator -> lists
    rows: dict[str, int] = field(default_factory=dict)
    population: Denominators | None = None
    estimates: dict[str, Any] | None = None  # what the receipts say of each estimate
    done: float = 0.0

    @property
    def frame(self) -> Frame:
        """The area and the rules of the account."""
        return Frame(self.inputs.area, self.inputs.rules)

    def step(self, text: str) -> None:
        """Tell whoever watches what begins now."""
        if self.progress is not None:
            self.progress(self.done, STEPS, text)
        self.done += 1

    def add(self, definition: Definition, made: Iterable[pa.Table], lists: Iterable[str], rows: int = 0) -> None:
        """Keep the rows of an indicator and from which lists they come."""
        filled = [table for table in made if table.num_rows]
        if filled:
            self.blocks.setdefault(definition.id, []).extend(filled)
            self.used.setdefault(definition.id, set()).update(lists)
            self.rows[definition.id] = self.rows.get(definition.id, 0) + rows

    def rows_of(self, *indicators: str) -> pa.Table | None:
        """The rows made of these indicators; None where there are none."""
        found = [table for name in indicators for table in self.blocks.get(name, ())]
        return pa.concat_tables(found) if found else None

    def lists_of(self, *indicators: str) -> set[str]:
        """The lists that these indicators were counted from."""
        return set().union(*(self.used.get(name, set()) for name in indicators))


def list_names(files: Sequence[Path], table: str) -> list[str]:
    """The lists whose tables lie in these files."""
    return [file.name.removesuffix(".parquet").removesuffix(f".{table}") for file in files]
