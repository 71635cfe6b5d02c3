"""Which quantities a drawing shows: one, or it is not drawn (laws 4 and 5)."""

from palermo.errors import PalermoError
from palermo.report.marks import (
    Arcs,
    AreaMap,
    Bar,
    Bars,
    Estimate,
    Forest,
    Line,
    Lines,
    Marks,
    Overlap,
    Plot,
    Quantity,
    Sankey,
    Series,
    Stack,
    Stacks,
)


def quantities(marks: tuple[Marks, ...]) -> tuple[Quantity, ...]:
    """The different quantities that the marks of a figure show, in order."""
    return tuple(dict.fromkeys(item.quantity for drawing in marks for item in _items(drawing)))


Item = Bar | Line | Estimate | Series | Overlap | AreaMap | Sankey | Arcs


def _items(drawing: Marks) -> tuple[Item, ...]:
    """What a drawing is made of, each with its quantity."""
    found: tuple[Item, ...]
    match drawing:
        case Bars():
            found = drawing.bars
        case Stack():
            found = drawing.parts
        case Stacks():
            found = tuple(part for row in drawing.rows for part in row.parts)
        case Lines():
            found = drawing.lines
        case Forest():
            found = drawing.estimates
        case Plot():
            found = drawing.series
        case Overlap() | AreaMap() | Sankey() | Arcs():
            found = (drawing,)
    return found


def check_one_quantity(figure_id: str, marks: tuple[Marks, ...]) -> None:
    """Raise ``PalermoError`` where one figure would draw two kinds or two units side by side."""
    found = quantities(marks)
    if len(found) > 1:
        shown = " and ".join(f"{item.kind} in {item.unit}" for item in found)
        raise PalermoError(f"figure {figure_id}: would draw {shown} in one chart; kinds and units are never mixed")
