"""The figures of a table of published values that a mapping reads: value, bounds and status of each cell."""

from collections.abc import Mapping

import pyarrow as pa

from palermo.intake.columns import Fault, SourceColumn, read_texts, taken
from palermo.intake.figures import Figure, UnreadableFigureError, read_figure
from palermo.intake.lookup import NoCode
from palermo.intake.mapping import FieldMapping

VALUES = ("value", "lower", "upper", "obs_status")
_FRACTIONS = frozenset({"PERCENT", "RATIO", "PER_100K", "KM2"})


def value_columns(
    fields: Mapping[str, FieldMapping], source: Mapping[str, SourceColumn], unit: str | None
) -> tuple[dict[str, pa.Array], list[Fault]]:
    """Value, bounds and status, all from the text of the value: ``<5`` has bounds, a blank is missing.

    A fraction is accepted only where the mapping says, with a constant, that the unit is one that has fractions.
    """
    column = source[str(fields["value"].column)]

    def read(text: str) -> Figure | NoCode:
        try:
            return read_figure(text, whole=unit not in _FRACTIONS)
        except UnreadableFigureError as error:
            return NoCode(str(error), "not a figure")

    found = read_texts(column, read)
    figures = [figure or Figure(None, None, None, "M") for figure in found.values]
    kinds = dict.fromkeys(VALUES[:3], pa.float64()) | {"obs_status": pa.string()}
    return {
        name: taken([getattr(figure, name) for figure in figures], kind, column.index) for name, kind in kinds.items()
    }, found.faults
