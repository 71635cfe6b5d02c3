"""A data query, whichever version of the standard it was written in, and the observations that it selects."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from palermo.report.sdmx.conditions import Condition, holds
from palermo.report.sdmx.faults import nothing_fits, semantic
from palermo.report.sdmx.keys import Key, matching
from palermo.report.sdmx.model import (
    ALL_DIMENSIONS,
    ATTRIBUTE,
    DATAFLOW,
    MEASURE,
    OBSERVATION,
    SERIES,
    TIME_PERIOD,
    Component,
    Flow,
    Structure,
)
from palermo.report.sdmx.table import Dataset, arranged, changes


@dataclass(frozen=True)
class DataQuery:
    """What is asked of a flow. ``attributes`` and ``measures``: None for all. ``series_only``: keys alone."""

    keys: tuple[Key, ...] = ()
    conditions: Mapping[str, Condition] = field(default_factory=dict)
    first: int | None = None
    last: int | None = None
    at: str = TIME_PERIOD
    attributes: frozenset[str] | None = None
    measures: frozenset[str] | None = None
    series_only: bool = False


@dataclass(frozen=True)
class Selection:
    """Observations to be written: sorted by series and then by the dimension at the observation."""

    flow: Flow
    table: pa.Table
    at: str
    columns: tuple[Component, ...]  # components that are written with each observation or series, in their order
    attributes: tuple[Component, ...]  # those of the whole dataset
    series_only: bool = False

    @property
    def series_dimensions(self) -> tuple[str, ...]:
        """The dimensions that a series is known by; none in a flat message."""
        if self.at == ALL_DIMENSIONS:
            return ()
        return tuple(name for name in self.flow.structure.key if name != self.at)

    @property
    def of_series(self) -> tuple[Component, ...]:
        """The attributes that are written once for a series of years; in other messages they stand with the row."""
        return tuple(part for part in self.columns if part.attached == SERIES and self.at == TIME_PERIOD)

    @property
    def of_rows(self) -> tuple[Component, ...]:
        """The measure and the attributes that are written with each observation."""
        held = self.of_series
        return tuple(part for part in self.columns if part.role in {MEASURE, ATTRIBUTE} and part not in held)


def matches(dataset: Dataset, query: DataQuery, without: str = "") -> pa.Table:
    """The observations that fit keys and conditions, those on the component ``without`` left aside."""
    structure, table = dataset.flow.structure, dataset.table
    keys = tuple(_open(key, [one.id for one in structure.dimensions], without) for key in query.keys)
    mask = matching(keys, structure, table)
    for name, condition in query.conditions.items():
        component = structure.component(name)
        if component is None or name not in table.column_names:
            raise semantic(f"c[{name}]: no such component; expected one of {', '.join(table.column_names)}")
        if name != without:
            mask &= holds(condition, component, table)
    return table if mask.all() else table.filter(pa.array(mask)).combine_chunks()


def _open(key: Key, names: list[str], without: str) -> Key:
    return tuple(frozenset() if name == without else codes for name, codes in zip(names, key, strict=False))


def select(dataset: Dataset, query: DataQuery) -> Selection:
    """What the query asks for. Raises ``FaultError`` where nothing in the release fits."""
    flow = dataset.flow
    if query.at not in {*flow.structure.key, ALL_DIMENSIONS}:
        known = ", ".join((*flow.structure.key, ALL_DIMENSIONS))
        raise semantic(f"dimensionAtObservation={query.at}: expected one of {known}")
    table = matches(dataset, query)
    if not table.num_rows:
        raise nothing_fits(_strange_codes(flow.structure, query))
    at = TIME_PERIOD if query.at == ALL_DIMENSIONS else query.at
    series = tuple(name for name in flow.structure.key if name != at)
    if query.at not in {TIME_PERIOD, ALL_DIMENSIONS}:
        table = arranged(table, (*series, query.at))
    table = _first_and_last(table, series, query)
    if query.series_only:
        table = table.filter(pa.array(changes(table, series))).combine_chunks()
    shown = tuple(part for part in flow.structure.components if _is_shown(part, query))
    return Selection(
        flow,
        table,
        TIME_PERIOD if query.series_only else query.at,
        tuple(part for part in shown if part.attached != DATAFLOW),
        tuple(part for part in shown if part.attached == DATAFLOW),
        query.series_only,
    )


def _strange_codes(structure: Structure, query: DataQuery) -> str:
    """The codes of the query that the lists of the structure do not have, and where the lists are."""
    of_keys = [zip(structure.dimensions, key, strict=False) for key in query.keys]
    asked = {(one.id, code) for key in of_keys for one, codes in key for code in codes}
    tests = [(name, test) for name, either in query.conditions.items() for both in either for test in both]
    asked |= {(name, test.value) for name, test in tests if test.operator == "eq"}
    told = []
    for one in structure.dimensions:
        listed = structure.list_of(one)
        if listed and not listed.is_partial:
            held = {entry.id for entry in listed.entries}
            strange = sorted(code for name, code in asked if name == one.id and code not in held)
            place = f"structure/codelist/{listed.agency}/{listed.id}/{listed.version}"
            told += [f"{one.id}: {code!r} is no code of {listed.id} ({place})." for code in strange]
    return " ".join(told)


def _is_shown(part: Component, query: DataQuery) -> bool:
    wanted = {ATTRIBUTE: query.attributes, MEASURE: query.measures}.get(part.role)
    if query.series_only and (part.id == TIME_PERIOD or (part.role == ATTRIBUTE and part.attached == OBSERVATION)):
        return False
    return wanted is None or part.id in wanted


def _first_and_last(table: pa.Table, series: tuple[str, ...], query: DataQuery) -> pa.Table:
    """The first and the last so many observations of each series, where the query asks for it."""
    if query.first is None and query.last is None:
        return table
    starts = np.flatnonzero(changes(table, series))
    lengths = np.diff(np.append(starts, table.num_rows))
    place = np.arange(table.num_rows) - np.repeat(starts, lengths)
    kept = place < (query.first or 0)
    if query.last is not None:
        kept |= place >= np.repeat(lengths, lengths) - query.last
    return table.filter(pa.array(kept)).combine_chunks()
