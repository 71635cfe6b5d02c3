"""What data there are for a query: codes of each dimension and the span of time, as a constraint."""

from dataclasses import replace

import pyarrow as pa

from palermo.language import marked
from palermo.report.sdmx.faults import nothing_fits, semantic
from palermo.report.sdmx.model import TIME_PERIOD, Constraint
from palermo.report.sdmx.periods import span
from palermo.report.sdmx.query import DataQuery, matches
from palermo.report.sdmx.table import Dataset, changes, codes_of
from palermo.report.sdmx.texts import names

EXACT, AVAILABLE = "exact", "available"


def constraint(dataset: Dataset, query: DataQuery, components: tuple[str, ...] = (), mode: str = EXACT) -> Constraint:
    """The codes that occur where the query fits; with ``available`` those that could be added to it without an empty
    answer. Raises ``FaultError`` where nothing fits."""
    flow = dataset.flow
    key = flow.structure.key
    if unknown := [name for name in components if name not in key]:
        raise semantic(f"componentID {unknown[0]}: expected one of {', '.join(key)}")
    table = matches(dataset, query)
    if not table.num_rows:
        raise nothing_fits()
    wanted = components or key
    of = {name: matches(dataset, query, without=name) if mode == AVAILABLE else table for name in wanted}
    return Constraint(
        flow.agency,
        f"CR_{flow.id}",
        flow.version,
        names(marked("Data in the release")),
        flow,
        {name: _present(of[name], name) for name in wanted if name != TIME_PERIOD},
        _time(of[TIME_PERIOD]) if TIME_PERIOD in wanted else None,
        series=int(changes(table, key[:-1]).sum()),
        observations=table.num_rows,
    )


def everything(dataset: Dataset) -> Constraint:
    """What data the release has of a flow."""
    return replace(constraint(dataset, DataQuery()), names=names(marked("All data in the release")))


def _present(table: pa.Table, name: str) -> tuple[str, ...]:
    known, places = codes_of(table, name)
    used = set(places.tolist()) if len(places) < len(known) else set(pa.array(places).unique().to_pylist())
    return tuple(known[place] for place in sorted(used) if place >= 0)


def _time(table: pa.Table) -> tuple[str, str]:
    spans = [found for period in _present(table, TIME_PERIOD) if (found := span(period))]
    return min(one.start for one in spans).isoformat(), max(one.end for one in spans).isoformat()
