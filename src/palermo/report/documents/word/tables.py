"""Tables of a Word document: header rows that repeat on each page, rows that stay whole, columns from the right.

The decision a reader would question: what is hidden, a range or not published differs by its words and by the pattern
of its cell, as on the page; never by colour alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from palermo.report.documents.word.markup import Text, Writing
from palermo.report.xml_text import escaped

WIDTH = 9870  # twentieths of a point: the text between the margins of A4
SHADES = {
    "hidden": '<w:shd w:val="thinDiagStripe" w:color="C3CBD2" w:fill="FFFFFF"/>',
    "printed": '<w:shd w:val="pct10" w:color="545D66" w:fill="FFFFFF"/>',
    "range": '<w:shd w:val="thinHorzStripe" w:color="DDE3E7" w:fill="FFFFFF"/>',
}
HEAD = '<w:shd w:val="clear" w:color="auto" w:fill="EDF1F3"/>'


@dataclass(frozen=True)
class Cell:
    """One cell. ``look`` is the state of its amount; ``number`` sets it at the end of the line."""

    text: Text
    number: bool = False
    look: str = ""
    span: int = 1
    head: bool = False


Line = Sequence[Cell]


def table(
    writing: Writing, title: str, head: Line, lines: Sequence[Line], shares: Sequence[float], *, repeated: bool = True
) -> str:
    """A table. ``shares`` are the widths of its columns against each other; ``repeated``: its head on every page."""
    widths = [round(WIDTH * share / sum(shares)) for share in shares]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    rule = '<w:{} w:val="single" w:sz="4" w:space="0" w:color="B5BEC6"/>'
    borders = "".join(rule.format(side) for side in ("top", "bottom", "insideH"))
    settings = (
        f'{"<w:bidiVisual/>" if writing.right_to_left else ""}<w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="0620" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" '
        f'w:noVBand="1"/><w:tblCaption w:val="{escaped(title)}"/>'
    )
    rows = [_row(writing, head, widths, is_head=repeated), *(_row(writing, line, widths) for line in lines)]
    return f"<w:tbl><w:tblPr>{settings}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def _row(writing: Writing, line: Line, widths: Sequence[int], is_head: bool = False) -> str:
    cells, place = [], 0
    for cell in line:
        cells.append(_cell(writing, cell, sum(widths[place : place + cell.span]), is_head))
        place += cell.span
    repeated = "<w:tblHeader/>" if is_head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(writing: Writing, cell: Cell, width: int, is_head: bool) -> str:
    span = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
    shade = HEAD if is_head or cell.head else SHADES.get(cell.look, "")
    style = "PalermoTableHead" if is_head or cell.head else "PalermoTable"
    inside = writing.paragraph(cell.text, style=style, end=cell.number, keep=is_head or cell.head)
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{shade}</w:tcPr>{inside}</w:tc>'
