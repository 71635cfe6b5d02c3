"""The contract between a source shape and the rest of intake, and the table of the shapes that are known.

Every adapter yields batches. In each batch ``read == accepted + len(quarantined)`` counts rows of the source (records
or, in a sheet of figures, cells that hold a figure); ``accepted`` is not the length of a table, because one source row
may fill several tables or several rows. ``run.intake_file`` refuses to go on where the sum does not hold.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

import pyarrow as pa

from palermo.errors import UsageError
from palermo.intake.head import Head, read_head, some_names
from palermo.intake.mapping import Mapping as ColumnMapping

__all__ = [
    "Adapter",
    "Batch",
    "Head",
    "Notice",
    "QuarantinedRow",
    "SourceOptions",
    "adapter_for",
    "adapters",
]

# Modules of this package that hold adapters, in the order in which shapes are tried. Add one line per new shape.
MODULES = ("ctdc", "unodc", "un_sdg", "sdmx_ml", "sdmx_csv", "national_sdg", "national_wide", "htcds")


@dataclass(frozen=True)
class QuarantinedRow:
    """One row that was not accepted: where, what was found, what was expected.

    ``row`` counts from 1 after the header. ``also`` names further faults of the same row. ``raw`` is the text of the
    row as far as it was read: the columns that the mapping names, or the whole line where it has the wrong number of
    cells.
    """

    file: str
    row: int
    column: str
    found: str
    expected: str
    reason: str
    also: tuple[str, ...] = ()
    raw: str = ""
    sheet: str = ""


@dataclass(frozen=True)
class Notice:
    """Something accepted and yet worth saying, such as thousands separators or "<5" kept as bounds.

    ``example`` must be a code or the text of a coded cell, never a personal value; ``rows`` are the first few.
    Notices of the same kind, column and message are added up over the batches.
    """

    kind: str
    column: str
    count: int
    message: str
    example: str = ""
    rows: tuple[int, ...] = ()


@dataclass(frozen=True)
class Batch:
    """A part of a file after conversion. ``tables`` go by the names of ``schema.TABLES`` and have their schemas,
    except that a text column may be dictionary-encoded. ``identities`` are those of the accepted cases, where the
    mapping names columns for them."""

    tables: Mapping[str, pa.Table]
    read: int
    accepted: int
    quarantined: Sequence[QuarantinedRow] = ()
    notices: Sequence[Notice] = ()
    identities: pa.Table | None = None
    sealed: pa.Table | None = None  # the accepted cases of persons under seal, where the mapping names a column


@dataclass(frozen=True)
class SourceOptions:
    """What the workspace says about one source; whatever is None is taken from the mapping or the file."""

    list_name: str
    source_type: str = "_U"
    area: str | None = None  # area of published figures whose file does not say it
    unit: str | None = None  # what the user states the figures of a file without a unit to be
    mapping: ColumnMapping | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None


@dataclass(frozen=True)
class Adapter:
    """One source shape. ``tables`` are the tables it can fill; ``mapping`` is set where the shape is a mapping."""

    name: str
    title: str
    tables: tuple[str, ...]
    recognise: Callable[[Head], bool]
    read: Callable[[Path, SourceOptions], Iterator[Batch]]
    mapping: ColumnMapping | None = field(default=None, compare=False)


def adapters() -> tuple[Adapter, ...]:
    """Every known adapter, loading the modules on first use."""
    found: list[Adapter] = []
    for module in MODULES:
        found.extend(import_module(f"palermo.intake.shapes.{module}").ADAPTERS)
    return tuple(found)


def adapter_for(path: Path, name: str | None = None, options: SourceOptions | None = None) -> Adapter:
    """The adapter named, or the first that recognises the file, read as ``options`` say.

    Raises ``UsageError`` listing the shapes where the name is unknown or no shape matches.
    """
    known = adapters()
    if name is not None:
        for adapter in known:
            if adapter.name == name:
                return adapter
        raise UsageError(f"{path}: no adapter named {name!r}. Known shapes:\n{_list(known)}")
    head = read_head(path, *((options.encoding, options.delimiter, options.sheet) if options else ()))
    for adapter in known:
        if adapter.recognise(head):
            return adapter
    raise UsageError(
        f"{path}: no known shape has these columns: {some_names(head.columns, 12)}. "
        f"Propose a mapping with `palermo map {path}`, or name one of these shapes:\n{_list(known)}"
    )


def _list(known: Sequence[Adapter]) -> str:
    return "\n".join(f"  {adapter.name}: {adapter.title}" for adapter in known)
