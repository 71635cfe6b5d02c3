"""Adding one list or one month: only pairs that hold a new or changed record are compared; the model stays as it was.

The decision a reader would question: pairs of old records keep their score and are not looked at again, so with the
same model the result is that of linking everything anew. Learning anew, when a list has changed its ways, is a
separate step.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from palermo.errors import UsageError
from palermo.linkage.clear import Linked, link_table
from palermo.linkage.model_file import ClearModel
from palermo.linkage.schema import PAIRS
from palermo.linkage.settings import LinkOptions
from palermo.progress import Progress

_OWN = frozenset({"row_id", "list", "record_id"})


@dataclass(frozen=True)
class Added:
    """``pairs`` of all records; ``compared`` pairs were scored now; ``fresh`` and ``gone`` count records."""

    pairs: pa.Table
    compared: int
    fresh: int
    gone: int
    notices: tuple[str, ...]


def link_added(
    records: pa.Table,
    earlier_records: pa.Table,
    earlier_pairs: pa.Table,
    model: ClearModel,
    options: LinkOptions | None = None,
    progress: Progress = None,
) -> Added:
    """Link what came since ``earlier_records`` were linked into ``earlier_pairs`` with ``model``.

    A record is the same as before where list, record_id and every column agree; row numbers may have moved. Raises
    ``UsageError`` where the two tables have different columns.
    """
    if missing := sorted(set(records.column_names) ^ set(earlier_records.column_names)):
        raise UsageError(
            f"records added have other columns than the earlier ones ({', '.join(missing)}): link all anew"
        )
    with duckdb.connect() as connection:
        moved = _moved(connection, records, earlier_records)
        kept = _carried(connection, moved, earlier_pairs)
    stayed = set(moved["now"].to_pylist())
    fresh = [row for row in records["row_id"].to_pylist() if row not in stayed]
    found = link_table(records, options, model, fresh, progress) if fresh else _none(model)
    pairs = pa.concat_tables([kept, found.pairs]).sort_by([("left", "ascending"), ("right", "ascending")])
    return Added(pairs, found.candidates, len(fresh), earlier_records.num_rows - moved.num_rows, found.notices)


def _none(model: ClearModel) -> Linked:
    return Linked(PAIRS.empty_table(), 0, (), model, ())


def _moved(connection: duckdb.DuckDBPyConnection, records: pa.Table, earlier: pa.Table) -> pa.Table:
    """Old and new row number of each record that is still there unchanged. Repeats of a record pair off in order."""
    connection.register("palermo_now", records)
    connection.register("palermo_before", earlier)
    content = _quoted(name for name in records.column_names if name not in _OWN)
    keyed = (
        "SELECT row_id, same, row_number() OVER (PARTITION BY same ORDER BY row_id) AS place FROM "
        f"(SELECT row_id, hash(list, record_id, {content}) AS same FROM {{table}})"
    )
    return connection.sql(
        f"SELECT b.row_id AS before, n.row_id AS now FROM ({keyed.format(table='palermo_before')}) b "
        f"JOIN ({keyed.format(table='palermo_now')}) n USING (same, place) ORDER BY before"
    ).to_arrow_table()


def _quoted(names: Iterable[str]) -> str:
    return ", ".join('"' + name.replace('"', '""') + '"' for name in names)


def _carried(connection: duckdb.DuckDBPyConnection, moved: pa.Table, pairs: pa.Table) -> pa.Table:
    """Earlier pairs whose records are both still there, under their new numbers."""
    connection.register("palermo_moved", moved)
    connection.register("palermo_earlier", pairs)
    table: pa.Table = connection.sql(
        'SELECT least(l.now, r.now) AS "left", greatest(l.now, r.now) AS "right", weight, probability, calibrated, '
        'source, rule FROM palermo_earlier p JOIN palermo_moved l ON l.before = p."left" '
        'JOIN palermo_moved r ON r.before = p."right"'
    ).to_arrow_table()
    return table.cast(PAIRS)
