"""The observations of a flow as one Arrow table, sorted by key, each dimension with its codes in order.

Sorted once when a service opens: every answer is then a filter, and its observations stand series by series.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from palermo.errors import PalermoError
from palermo.report.reading import Release
from palermo.report.sdmx.code_lists import sdmx_ids
from palermo.report.sdmx.model import DATAFLOW, DOUBLE, TIME_PERIOD, Component, Flow
from palermo.report.sdmx.periods import account_years, in_sdmx
from palermo.report.sdmx.tip import COLUMNS, tip_flow

RECEIPT = "RECEIPT"  # one per observation: no dictionary
Numbers = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Dataset:
    """The observations of a flow. Coded columns are dictionaries whose values are sorted."""

    flow: Flow
    table: pa.Table


def tip_dataset(release: Release) -> Dataset:
    """The released cube under the ids of DSD_TIP. Raises ``PalermoError`` where two observations share a key."""
    flow = tip_flow(release)
    cube = release.cube
    columns: dict[str, Any] = {name: cube[column] for name, column in COLUMNS.items()}
    periods = [str(period) for period in cube["time_period"].unique().to_pylist()]
    whole = account_years(release.metadata.get("years"), periods)
    in_time = {period: in_sdmx(period, whole) for period in periods}
    columns["FREQ"] = translated(cube["time_period"], lambda period: in_time[period][0])
    columns[TIME_PERIOD] = translated(cube["time_period"], lambda period: in_time[period][1])
    for component in flow.structure.components:
        if component.codes and component.id in columns:
            ids = sdmx_ids(code for code in columns[component.id].unique().to_pylist() if code is not None)
            if any(code != made for code, made in ids.items()):
                columns[component.id] = translated(columns[component.id], ids.__getitem__)
    return dataset(flow, columns)


def dataset(flow: Flow, columns: Mapping[str, Any]) -> Dataset:
    """A dataset of these columns, sorted and checked."""
    ordered = {
        part.id: _column(part, columns[part.id]) for part in flow.structure.components if part.attached != DATAFLOW
    }
    table = arranged(pa.table(ordered), flow.structure.key)
    fresh = changes(table, flow.structure.key)
    if not fresh.all():
        row = table.select(list(flow.structure.key)).slice(int(np.flatnonzero(~fresh)[0]), 1).to_pylist()[0]
        raise PalermoError(f"{flow.reference}: two observations share the key {row}; the release cannot be served")
    return Dataset(flow, table)


def _column(part: Component, column: pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    if part.data_type == DOUBLE:
        return pc.add(column, 0.0)  # a bound of -0.0 is written as 0
    return column if part.id == RECEIPT else sorted_codes(column)


def translated(column: pa.ChunkedArray, change: Callable[[str], str]) -> pa.ChunkedArray:
    """A column of codes with each code changed."""
    known = column.unique()
    codes = pa.array([None if code is None else change(code) for code in known.to_pylist()], pa.string())
    return pa.chunked_array([codes.take(pc.index_in(column, known).combine_chunks())])


def sorted_codes(column: pa.ChunkedArray) -> pa.DictionaryArray:
    """A column of codes as a dictionary in the order of the codes, so that its indices sort as the codes do."""
    encoded = pa.chunked_array(column).combine_chunks().dictionary_encode()
    values = encoded.dictionary.to_pylist()
    order = sorted(range(len(values)), key=values.__getitem__)
    place = np.empty(len(values), np.int32)
    place[order] = np.arange(len(values), dtype=np.int32)
    indices = pa.array(place).take(encoded.indices) if values else encoded.indices
    return pa.DictionaryArray.from_arrays(indices, pa.array([values[i] for i in order], pa.string()))


def codes_of(table: pa.Table, column: str) -> tuple[list[str], Numbers]:
    """The codes of a column and, for each row, the place of its code (-1 where it has none)."""
    array = table[column].combine_chunks()
    if isinstance(array, pa.ChunkedArray):  # an empty table keeps its chunks
        array = array.chunk(0) if array.num_chunks else pa.array([], pa.string()).dictionary_encode()
    places = array.indices.fill_null(-1) if array.null_count else array.indices
    return array.dictionary.to_pylist(), np.asarray(places)


def arranged(table: pa.Table, order: Sequence[str]) -> pa.Table:
    """The table sorted by these columns, the first first."""
    keys = [codes_of(table, name)[1] for name in order]
    return table.take(pa.array(np.lexsort(keys[::-1]))).combine_chunks()


def changes(table: pa.Table, columns: Sequence[str]) -> npt.NDArray[np.bool_]:
    """For each row of a sorted table, whether one of the columns differs from the row before."""
    fresh = np.zeros(table.num_rows, bool)
    fresh[:1] = True
    for name in columns:
        places = codes_of(table, name)[1]
        fresh[1:] |= places[1:] != places[:-1]
    return fresh
