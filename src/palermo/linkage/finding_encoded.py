"""The first step of the stage where organisations sent encodings in place of names: all pairs, by row of the cases.

The decision a reader would question: the record numbers of the cases must be the pseudonymous ids that `palermo encode`
gave. An office that held the organisations' own record numbers beside the encodings could look a person up at her
organisation, which is what encoding is there to prevent.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from palermo.errors import UsageError
from palermo.linkage.encoding.link import link_encodings
from palermo.linkage.finding import Found, ListFiles
from palermo.linkage.schema import PAIRS, PREPARED
from palermo.private_files import write_private_table
from palermo.progress import Progress

MARK = "(encoded)"


def find_encoded(lists: Sequence[ListFiles], closed: Path, progress: Progress = None) -> Found:
    """Compare the encodings of all lists. Raises ``UsageError`` where the ids are not those of the cases."""
    closed.mkdir(parents=True, exist_ok=True, mode=0o700)
    cases = [pq.read_table(one.cases, columns=["list", "record_id"]) for one in lists]
    first_rows = np.concatenate([[0], np.cumsum([len(table) for table in cases])])
    encoded = [(place, one.encoded) for place, one in enumerate(lists) if one.encoded is not None]
    linked = link_encodings([path for _, path in encoded], closed / "encoded.parquet", progress=progress)
    records = pq.read_table(linked.records)
    counts = list(linked.lists.values())
    starts = np.concatenate([[0], np.cumsum(counts)])
    row_of = np.zeros(records.num_rows + 1, np.int64)  # row of the cases by row of the encodings; 0 where there is none
    for number, (place, path) in enumerate(encoded):
        ids = records["record_id"].slice(int(starts[number]), counts[number])
        at = pc.index_in(ids, value_set=cases[place]["record_id"].combine_chunks())
        if at.null_count > len(ids) / 2:
            raise UsageError(
                f"{path}: fewer than half of its ids are record numbers of the list {lists[place].name}; the cases "
                "must carry the ids that `palermo encode` gave their records"
            )
        rows = at.fill_null(-1).to_numpy() + int(first_rows[place]) + 1
        rows[at.is_null().to_numpy(zero_copy_only=False)] = 0
        row_of[int(starts[number]) + 1 : int(starts[number + 1]) + 1] = rows
    pairs = closed / "pairs.parquet"
    write_private_table(_by_case(pq.read_table(linked.pairs), row_of), pairs)
    prepared = closed / "prepared.parquet"
    write_private_table(_numbered(cases, set(row_of.tolist())), prepared)
    return Found(pairs, prepared, linked.compared, {}, {}, ())


def _by_case(pairs: pa.Table, row_of: np.ndarray) -> pa.Table:
    """The pairs by row of the cases; those of a record that was not accepted are left out."""
    one, other = (row_of[pairs[side].to_numpy()] for side in ("left", "right"))
    table = pairs.set_column(0, "left", pa.array(np.minimum(one, other)))
    table = table.set_column(1, "right", pa.array(np.maximum(one, other)))
    return table.filter(pa.array((one > 0) & (other > 0) & (one != other))).cast(PAIRS)


def _numbered(cases: Sequence[pa.Table], encoded: set[int]) -> pa.Table:
    """All records by number. Where a record is encoded, a mark stands in the place of its name."""
    table = pa.concat_tables(cases)
    rows = np.arange(1, table.num_rows + 1)
    marks = pa.array([MARK if row in encoded else None for row in rows.tolist()], pa.string())
    nothing = {field.name: pa.nulls(table.num_rows, field.type) for field in PREPARED}
    known = {"row_id": pa.array(rows), "list": table["list"], "record_id": table["record_id"], "tokens": marks}
    return pa.table({**nothing, **known}).select(PREPARED.names).cast(PREPARED)
