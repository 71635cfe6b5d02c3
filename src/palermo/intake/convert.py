"""Applying a mapping to rows: the one way in which a row of a file becomes a row of a Palermo table.

A row is accepted whole or not at all. Where one cell is at fault the row goes to quarantine with every fault named,
because a row with a hole punched into it would be counted as if its source had said nothing.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from palermo.errors import UsageError
from palermo.intake.ahead import ahead
from palermo.intake.columns import Fault, Mask, SourceColumn, coded, repeated
from palermo.intake.head import read_head
from palermo.intake.identities import identities_table
from palermo.intake.lookup import LISTS, NOT_ASKED, NoCode
from palermo.intake.mapping import FieldMapping
from palermo.intake.mapping import Mapping as ColumnMapping
from palermo.intake.person_times import AGES, TIMES, age_columns, time_columns
from palermo.intake.published_values import VALUES, value_columns
from palermo.intake.read import RowBatch, read_rows
from palermo.intake.registry import Batch, QuarantinedRow, SourceOptions
from palermo.intake.schema import TABLES
from palermo.intake.sealed import sealed_marks, sealed_table
from palermo.intake.several import SeveralCodes
from palermo.intake.single import SingleCode
from palermo.intake.unit_trap import check_persons

_OURS = ("list", "source_row")  # columns that intake fills itself
_TEXTS = ("record_id", "person_key", "time_period")
_CONTROL = "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f]"

# What a column holds where the mapping does not name it. Of published figures, silence means the total.
_ABSENT = {
    "observations": dict.fromkeys(("sex", "age", "form", "citizenship"), "_T")
    | {"counterpart_area": "_Z", "kind": "_Z", "obs_status": "A"}
}
_REQUIRED = {
    "observations": ("measure", "unit", "ref_area", "time_period", "value"),
    "perpetrator_sets": ("attribute", "values"),
}


def read_mapped(path: Path, options: SourceOptions, mapping: ColumnMapping) -> Iterator[Batch]:
    """Read a file by a mapping; what the workspace says of the file goes before what the mapping says."""
    conversion = Conversion(mapping, options, path.name)
    if mapping.table == "cases":
        _check_persons(path, options, mapping)
    batches = read_rows(
        path,
        encoding=options.encoding or mapping.encoding,
        delimiter=options.delimiter or mapping.delimiter,
        sheet=options.sheet or mapping.sheet,
        header_row=mapping.header_row,
        columns=sorted(mapping.source_columns()) or None,
        encoded=True,
    )
    for batch in ahead(batches):
        yield conversion(batch)


def _check_persons(path: Path, options: SourceOptions, mapping: ColumnMapping) -> None:
    head = read_head(path, options.encoding or mapping.encoding, options.delimiter or mapping.delimiter,
                     options.sheet or mapping.sheet)  # fmt: skip
    names = [name for row in head.rows[mapping.header_row - 1 : mapping.header_row] for name in row]
    numbering = [field.column for field in mapping.fields if field.target in {"record_id", "person_key"}]
    check_persons(path, names, numbering, options.unit)


class Conversion:
    """A mapping made ready for the rows of one file. Raises ``UsageError`` where the mapping cannot work."""

    def __init__(self, mapping: ColumnMapping, options: SourceOptions, file: str) -> None:
        self._mapping = mapping
        self._options = options
        self._file = file
        self._named = frozenset([*(mapping.identity.columns() if mapping.identity else ()), mapping.sealed])
        self._schema = TABLES[mapping.table]
        self._fields = {field.target: field for field in mapping.fields}
        self._check()
        public = mapping.table == "observations"
        several = {name for name in self._fields if pa.types.is_list(self._schema.field(name).type)}
        self._several = {name: SeveralCodes(self._fields[name]) for name in several}
        self._single = {
            name: SingleCode(field, in_table=public)
            for name, field in self._fields.items()
            if name in LISTS and name not in several and (name != "age" or public)
        }

    def __call__(self, batch: RowBatch) -> Batch:
        """Convert a batch: the accepted rows as a table, the others with their faults."""
        source = {name: SourceColumn.of(name, batch.table.column(name)) for name in batch.columns}
        columns: dict[str, pa.Array] = {}
        faults: list[Fault] = []
        for made, found in self._parts(batch, source):
            columns |= made
            faults += found
        seals, unread = sealed_marks(self._mapping.sealed, source)
        kept, quarantined = self._apart(batch, source, [*faults, *unread])
        table = pa.table([columns[name] for name in self._schema.names], names=self._schema.names)
        table = table if kept is None else table.filter(pa.array(kept))
        read = batch.table.num_rows + len(batch.bad)
        notices = [notice for several in self._several.values() for notice in several.answers(source)]
        bad = sorted([*self._without_text(batch.bad), *quarantined], key=by_row)
        identity = self._mapping.identity
        names = identities_table(identity, source, columns, kept) if identity else None
        sealed = None if seals is None else sealed_table(columns, seals, kept)
        return Batch({self._mapping.table: table}, read, table.num_rows, bad, notices, names, sealed)

    def _parts(
        self, batch: RowBatch, source: Mapping[str, SourceColumn]
    ) -> Iterator[tuple[dict[str, pa.Array], list[Fault]]]:
        """The columns of the table, in groups that are made together."""
        count = batch.table.num_rows
        fields, names = self._fields, set(self._schema.names)
        yield {"list": repeated(self._options.list_name, count), "source_row": pa.array(batch.rows, pa.int64())}, []
        if self._mapping.table == "observations":
            yield value_columns(fields, source, fields["unit"].constant)
            names -= set(VALUES)
        else:
            yield time_columns(fields, source, names & set(TIMES), count)
            if "age_band" in names:
                yield age_columns(fields, source, count, self._single.get("age_band"))
            names -= {*TIMES, *AGES}
        for name in self._schema.names:
            if name in names and name not in _OURS:
                column, faults = self._column(name, batch, source)
                yield {name: column}, faults

    def _column(self, name: str, batch: RowBatch, source: Mapping[str, SourceColumn]) -> tuple[pa.Array, list[Fault]]:
        count = batch.table.num_rows
        field = self._fields.get(name)
        if name in _TEXTS:
            return self._text(name, batch, source)
        if field is None or field.constant is not None:
            return self._same(name, field, count), []
        if name in self._several:
            return self._several[name].convert(source, count)
        values, index, faults = self._single[name].convert(source)
        return coded(values, index), faults

    def _same(self, name: str, field: FieldMapping | None, count: int) -> pa.Array:
        """A column with one value in every row: a constant, or what silence of the mapping means."""
        if field is not None:
            value = field.constant
        elif name == "source_type":
            value = self._options.source_type
        else:
            value = _ABSENT.get(self._mapping.table, {}).get(name, NOT_ASKED)
        kind = self._schema.field(name).type
        if pa.types.is_list(kind):
            return pa.ListArray.from_arrays(np.arange(count + 1, dtype=np.int32), pa.repeat(pa.scalar(value), count))
        return repeated(value, count)

    def _text(self, name: str, batch: RowBatch, source: Mapping[str, SourceColumn]) -> tuple[pa.Array, list[Fault]]:
        """Identifiers, as they stand. A record without one gets the number of its row."""
        field = self._fields.get(name)
        count = batch.table.num_rows
        if field is not None and field.constant is not None:
            return repeated(field.constant, count), []
        numbers = pa.array(batch.rows).cast(pa.string())
        if field is None or field.column is None:
            return (numbers if name == "record_id" else pa.nulls(count, pa.string())), []
        column = source[field.column]
        texts = pc.utf8_trim_whitespace(pa.array(column.texts, pa.string()))
        ids = texts.take(pa.array(column.index))
        blank = pc.equal(ids, "")
        instead = (
            pc.binary_join_element_wise("row", numbers, " ") if name == "record_id" else pa.scalar(None, pa.string())
        )
        control = pc.match_substring_regex(ids, _CONTROL).to_numpy(zero_copy_only=False)
        return pc.if_else(blank, instead, ids), _control_faults(column, control)

    def _apart(
        self, batch: RowBatch, source: Mapping[str, SourceColumn], faults: Sequence[Fault]
    ) -> tuple[Mask | None, list[QuarantinedRow]]:
        """Which rows are accepted (None where all are), and the others with their faults."""
        faulty: dict[int, list[tuple[Fault, int]]] = {}
        for fault in faults:
            for row in fault.rows.tolist():
                faulty.setdefault(row, []).append((fault, row))
        if not faulty:
            return None, []
        kept = np.ones(batch.table.num_rows, np.bool_)
        kept[list(faulty)] = False
        return kept, [self._quarantined(int(batch.rows[row]), source, faulty[row]) for row in sorted(faulty)]

    def _quarantined(
        self, number: int, source: Mapping[str, SourceColumn], faults: Sequence[tuple[Fault, int]]
    ) -> QuarantinedRow:
        first, row = faults[0]
        why = first.why(row)
        also = tuple(
            f"{fault.column}: found {fault.found(row)!r}, expected {fault.why(row).expected}" for fault, _ in faults[1:]
        )
        raw = _line([column.text(row) for name, column in source.items() if name not in self._named])
        return QuarantinedRow(self._file, number, first.column, first.found(row), why.expected, why.reason, also, raw)

    def _without_text(self, bad: Sequence[QuarantinedRow]) -> Sequence[QuarantinedRow]:
        """Rows that are no rows, without their text where the list holds names: nobody knows which cell is one."""
        return [replace(row, raw="") for row in bad] if self._named else bad

    def _check(self) -> None:
        where = self._mapping.name
        for field in self._mapping.fields:
            if field.target in _OURS:
                raise UsageError(f"{where}: [fields.{field.target}]: intake fills this column itself; leave it out")
            if field.column is None and field.constant is None and not field.flags:
                raise UsageError(f"{where}: [fields.{field.target}]: expected column, constant or flags")
            if field.target == "value" and field.column is None:
                raise UsageError(f"{where}: [fields.value]: expected the column of the figures")
            if field.flags and not pa.types.is_list(self._schema.field(field.target).type):
                raise UsageError(f"{where}: [fields.{field.target}]: holds one value; flags are for several")
        missing = [name for name in _REQUIRED.get(self._mapping.table, ()) if name not in self._fields]
        if "ref_area" in missing and self._options.area is not None:
            missing.remove("ref_area")
            self._fields["ref_area"] = FieldMapping("ref_area", constant=self._options.area)
        if "unit" in missing and self._options.unit is not None:
            missing.remove("unit")
            self._fields["unit"] = FieldMapping("unit", constant=self._options.unit)
        if missing:
            raise UsageError(f"{where}: a table of {self._mapping.table} needs [fields.{missing[0]}]")


def by_row(quarantined: QuarantinedRow) -> int:
    """The order of quarantined rows."""
    return quarantined.row


def _control_faults(column: SourceColumn, control: Mask) -> list[Fault]:
    from_rows = np.flatnonzero(control)
    if not len(from_rows):
        return []
    why = NoCode("text without control characters", "control character in an identifier")
    return [Fault(column.name, from_rows, column.text, lambda _: why)]


def _line(cells: Sequence[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow(cells)
    return buffer.getvalue()
