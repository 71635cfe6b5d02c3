"""Columns that hold one code of each person or figure, from one source column."""

from collections.abc import Mapping

from palermo.intake.columns import Fault, Index, SourceColumn, read_texts
from palermo.intake.lookup import Lookup
from palermo.intake.mapping import FieldMapping


class SingleCode:
    """How one coded column is made: row ``i`` holds ``values[index[i]]`` of what ``convert`` gives."""

    def __init__(self, field: FieldMapping, in_table: bool = False) -> None:
        self._field = field
        self._lookup = Lookup(field, in_table)

    def convert(self, source: Mapping[str, SourceColumn]) -> tuple[list[str | None], Index, list[Fault]]:
        """The codes, the index of the rows into them, and the faulty cells."""
        column = source[str(self._field.column)]
        self._lookup.see(column.texts)
        read = read_texts(column, self._lookup)
        return read.values, column.index, read.faults
