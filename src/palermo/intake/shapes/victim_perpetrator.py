"""The victim-perpetrator shape: one row of the file is one victim and the set of perpetrators that the record names.

It fills two tables with different units. A row with a fault in either half is quarantined whole, because the halves
describe one record. What has no place in a table (bands of years, regions) is counted in notices, value by value.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from palermo.intake.ahead import ahead
from palermo.intake.columns import SourceColumn
from palermo.intake.convert import Conversion, by_row
from palermo.intake.mapping import Mapping as ColumnMapping
from palermo.intake.mapping import mapping_from_document
from palermo.intake.read import RowBatch, read_rows
from palermo.intake.registry import Batch, Notice, QuarantinedRow, SourceOptions

SETS = "perpetrator_sets"


def set_mappings(document: Mapping[str, Any], where: str) -> tuple[ColumnMapping, ...]:
    """One mapping for each attribute in the ``[sets]`` of a mapping document."""
    return tuple(
        mapping_from_document(
            {"mapping": {"table": SETS}, "fields": {"attribute": {"constant": attribute}, "values": raw}},
            f"{where} [sets.{attribute}]",
        )
        for attribute, raw in document["sets"].items()
    )


def read_both(
    path: Path, options: SourceOptions, victims: ColumnMapping, sets: Sequence[ColumnMapping]
) -> Iterator[Batch]:
    """Read the file into cases and sets of perpetrators."""
    conversions = [Conversion(mapping, options, path.name) for mapping in (victims, *sets)]
    wanted = set(victims.ignored).union(*(mapping.source_columns() for mapping in (victims, *sets)))
    rows = read_rows(
        path,
        encoding=options.encoding or victims.encoding,
        delimiter=options.delimiter or victims.delimiter,
        columns=sorted(wanted),
        encoded=True,
    )
    for batch in ahead(rows):
        yield _joined(batch, [conversion(replace(batch, bad=())) for conversion in conversions], victims)


def _joined(batch: RowBatch, halves: Sequence[Batch], victims: ColumnMapping) -> Batch:
    """The batch of both tables: only rows that are good in every part are accepted."""
    bad: dict[int, QuarantinedRow] = {}
    for half in halves:
        for row in half.quarantined:
            known = bad.get(row.row)
            further = (f"{row.column}: found {row.found!r}, expected {row.expected}", *row.also)
            bad[row.row] = row if known is None else replace(known, also=(*known.also, *further))
    tables = [_without(table, list(bad)) for half in halves for table in half.tables.values()]
    read = batch.table.num_rows + len(batch.bad)
    quarantined = sorted([*batch.bad, *bad.values()], key=by_row)
    sets = pa.concat_tables(table.cast(_plain(table)) for table in tables[1:]).sort_by(
        [("source_row", "ascending"), ("attribute", "ascending")]
    )
    return Batch(
        {"cases": tables[0], SETS: sets},
        read,
        read - len(quarantined),
        quarantined,
        [*halves[0].notices, *_left_out(batch, victims)],
    )


def _without(table: pa.Table, rows: list[int]) -> pa.Table:
    if not rows:
        return table
    return table.filter(pc.invert(pc.is_in(table.column("source_row"), pa.array(rows, pa.int64()))))


def _plain(table: pa.Table) -> pa.Schema:
    """The schema with plain text in place of dictionaries, so that tables of different texts join."""
    return pa.schema(
        field.with_type(pa.string()) if pa.types.is_dictionary(field.type) else field for field in table.schema
    )


def _left_out(batch: RowBatch, victims: ColumnMapping) -> Iterator[Notice]:
    """A notice for each text that no table can hold; of a column that is mapped, the texts mapped to unknown."""
    unknown = {field.column: field.unknown for field in victims.fields}
    for name, reason in victims.ignored.items():
        column = SourceColumn.of(name, batch.table.column(name))
        for text, count in zip(column.texts, np.bincount(column.index).tolist(), strict=False):
            if text and text in unknown.get(name, (text,)):
                yield Notice("no place in a table", name, count, f"{text}: {reason[0].lower()}{reason[1:]}", text)
