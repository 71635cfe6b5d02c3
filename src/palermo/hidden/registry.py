"""Which estimators there are, what each needs of a table, and where it lives. A module is imported on first use.

An estimator is named as in the reference results of the peers (``shared/data/mse/reference.csv``), so that a reader
can lay both side by side. ``cost`` decides whether the estimator is run again for every person who might move.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum
from importlib import import_module
from typing import cast

from palermo.errors import UsageError
from palermo.hidden.answer import Answer, Settings
from palermo.hidden.capture import MAX_LISTS, CaptureTable

Run = Callable[[CaptureTable, Settings], Answer]


class Cost(IntEnum):
    """How long one answer without bootstrap takes."""

    FORMULA = 1  # one fit or a formula: microseconds to milliseconds
    SEARCH = 2  # many models: up to a second
    SAMPLING = 3  # Monte Carlo chains: seconds


@dataclass(frozen=True)
class Estimator:
    """One estimator: where its function is and to which tables it applies."""

    name: str
    module: str  # within palermo.hidden.estimators
    citation: str
    cost: Cost = Cost.FORMULA
    function: str = ""  # as the name where empty
    min_lists: int = 2
    max_lists: int = MAX_LISTS
    needs_covariates: bool = False

    def load(self) -> Run:
        """The function itself."""
        module = import_module(f"palermo.hidden.estimators.{self.module}")
        return cast(Run, getattr(module, self.function or self.name))

    def hindrance(self, table: CaptureTable) -> str | None:
        """Why the estimator does not apply to the table; None where it does."""
        if table.k < self.min_lists:
            return f"{self.name} needs {self.min_lists} lists or more; the table has {table.k}"
        if table.k > self.max_lists:
            return f"{self.name} takes up to {self.max_lists} lists; the table has {table.k}"
        if self.needs_covariates and not table.covariates:
            return f"{self.name} needs covariates; the table has none"
        return None


_ALL: tuple[Estimator, ...] = ()

ESTIMATORS: dict[str, Estimator] = {entry.name: entry for entry in _ALL}


def estimator(name: str) -> Estimator:
    """The estimator of that name."""
    if name not in ESTIMATORS:
        raise UsageError(f"no estimator {name!r}; expected one of: {', '.join(ESTIMATORS) or 'none'}")
    return ESTIMATORS[name]


def applicable(table: CaptureTable, names: Iterable[str] | None = None) -> list[Estimator]:
    """The estimators named, or all those that apply to the table."""
    if names is None:
        return [entry for entry in ESTIMATORS.values() if entry.hindrance(table) is None]
    return [estimator(name) for name in names]
