"""What a figure is: a table first, a drawing second, and sentences computed from the same numbers.

The decision a reader would question: a figure that the release cannot fill is still a figure. It keeps its title and
says in ``missing`` why there is nothing to see; an empty chart would read as "none".
"""

from collections.abc import Callable
from dataclasses import dataclass

from palermo.report.amounts import Amount
from palermo.report.marks import Marks
from palermo.report.observations import Observation
from palermo.report.reading import Release


@dataclass(frozen=True)
class Stub:
    """A column of codes with their labels, at the start of a table."""

    key: str
    label: str


@dataclass(frozen=True)
class Measure:
    """A column of amounts. ``unit`` is written in the codebook and, where it is a sign (``%``), beside each amount."""

    key: str
    label: str
    unit: str
    decimals: int = 0
    counts: bool = True  # whether 0 means that nobody was found
    estimated: bool = False  # whether exact amounts are estimates, which are marked so in the data file


@dataclass(frozen=True)
class Row:
    """One line: (code, label) for every stub, an amount for every measure. ``group`` heads a block of rows."""

    stubs: tuple[tuple[str, str], ...]
    amounts: tuple[Amount, ...]
    group: str = ""


@dataclass(frozen=True)
class Table:
    """The table of a figure: it holds every number that the drawing, the sentences and the data file show."""

    stubs: tuple[Stub, ...]
    measures: tuple[Measure, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Figure:
    """One figure. ``text`` holds sentences, ``alt`` the drawing in words; both carry computed numbers only."""

    id: str
    title: str
    subtitle: str
    note: str
    source: str
    table: Table
    marks: tuple[Marks, ...]
    alt: str
    observations: tuple[Observation, ...]
    text: tuple[str, ...] = ()
    missing: str = ""
    made_up: bool = False
    about: str = ""  # the fixed sentence on what is counted; where empty, that of people detected

    @property
    def receipts(self) -> tuple[str, ...]:
        """The receipts of every released observation that the figure shows or computes from, in order."""
        return tuple(dict.fromkeys(row.receipt_id for row in self.observations if row.receipt_id))


FigureMaker = Callable[[Release, str, str], Figure]
EMPTY = Table((), (), ())
