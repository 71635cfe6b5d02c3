"""A figure in a Word document: heading, sentences, drawing, caption and table, marks, note, source, receipts."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from docx.document import Document as WordDocument
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm

from palermo.language import _, number, sentences
from palermo.report.documents.word.markup import Run, Writing, element
from palermo.report.documents.word.tables import Cell, Line, table
from palermo.report.draw import marks_used
from palermo.report.figure import Figure
from palermo.report.page import words
from palermo.report.page.render import cell, cell_class, grouped

if TYPE_CHECKING:
    from palermo.report.documents.pictures import Picture

Pictures = Mapping[str, Sequence["Picture"]]
Part = str | Callable[[WordDocument], BaseOxmlElement]
NARROW_MM, HALF_MM = 100.0, 82.0  # a picture that may stand beside another, and how wide it is then
LONGEST = 60  # characters of a column that still widen it
MOST_SENTENCES = 4  # in one paragraph; more are a list


def figure_parts(
    figure: Figure, writing: Writing, pictures: Sequence["Picture"], *, linked: bool = True
) -> Iterator[Part]:
    """Everything of one figure, in order. ``linked``: with a link to its receipts, which the document has."""
    if figure.made_up:
        yield writing.paragraph(Run(_(words.MADE_UP), bold=True), style="PalermoSmall", keep=True)
    heading = _("{id}. {title}", id=figure.id, title=figure.title)
    yield writing.paragraph(heading, style="Heading2", mark=f"figure_{figure.id}")
    if figure.missing:
        yield writing.paragraph(_("Nothing to show. {reason}", reason=figure.missing))
    else:
        yield from _shown(figure, writing, pictures)
    if figure.note:
        yield writing.paragraph(Run(_("Note."), bold=True), " ", figure.note, style="PalermoSmall")
    yield writing.paragraph(Run(_("Source."), bold=True), " ", figure.source, style="PalermoSmall")
    yield writing.paragraph(words.about_figure(figure), style="PalermoSmall")
    if linked and not figure.missing:
        told = _("Receipts ({n})", n=number(len(figure.receipts)))
        yield writing.paragraph(Run(told, link=f"receipts_{figure.id}"), style="PalermoSmall")


def _shown(figure: Figure, writing: Writing, pictures: Sequence["Picture"]) -> Iterator[Part]:
    if len(figure.text) > MOST_SENTENCES:
        yield from (writing.paragraph(sentence, style="ListBullet") for sentence in figure.text)
    elif figure.text:
        yield writing.paragraph(sentences(figure.text))
    if pictures:
        yield writing.paragraph(figure.subtitle, style="PalermoSmall", keep=True)
    for place, beside in _rows(pictures):
        if any(picture.title for picture in beside):
            titles = "\t".join(picture.title for picture in beside)
            yield writing.paragraph(Run(titles, bold=True), style="PalermoPanels", keep=True)
        yield _drawn(beside, f"{figure.id}-{place}", writing)
    title = _("Table {id}. {title}", id=figure.id, title=figure.title)
    yield writing.paragraph(title, style="Caption", keep=True)
    yield figure_table(figure, writing, title)
    for mark in marks_used(figure):
        yield writing.paragraph(Run(_(mark.name), bold=True), " – ", _(mark.meaning), style="PalermoSmall")


def _rows(pictures: Sequence["Picture"]) -> Iterator[tuple[int, Sequence["Picture"]]]:
    """The pictures with the place of the first, two beside each other where all are narrow."""
    step = 2 if all(one.width_mm < NARROW_MM for one in pictures) else 1
    yield from ((place + 1, pictures[place : place + step]) for place in range(0, len(pictures), step))


def _drawn(pictures: Sequence["Picture"], name: str, writing: Writing) -> Callable[[WordDocument], BaseOxmlElement]:
    def placed(document: WordDocument) -> BaseOxmlElement:
        made = element(writing.paragraph(*["\t"] * (len(pictures) - 1), "", style="PalermoPanels"))
        for place, picture in enumerate(pictures):
            width = picture.width_mm if len(pictures) == 1 else min(picture.width_mm, HALF_MM)
            inline = document.part.new_pic_inline(BytesIO(picture.png), width=Mm(width))
            inline.docPr.set("descr", picture.alt)
            inline.docPr.set("name", f"{name}{'abc'[place]}" if place else name)
            run = element("<w:r></w:r>")
            run.add_drawing(inline)
            made.insert(1 + 2 * place, run)  # after the settings of the paragraph, a tab between two
        return made

    return placed


def figure_table(figure: Figure, writing: Writing, title: str) -> str:
    """The table of a figure, with a line for the heading of each block."""
    stubs, measures = figure.table.stubs, figure.table.measures
    head = [*(Cell(stub.label) for stub in stubs), *(Cell(measure.label, number=True) for measure in measures)]
    lines: list[Line] = []
    for group, rows in grouped(figure):
        if group:
            lines.append([Cell(Run(group, bold=True), span=len(head), head=True)])
        for row in rows:
            amounts = zip(row.amounts, measures, strict=True)
            lines.append(
                [
                    *(Cell(label) for _code, label in row.stubs),
                    *(Cell(cell(amount, measure), number=True, look=cell_class(amount)) for amount, measure in amounts),
                ]
            )
    return table(writing, title, head, lines, _shares(head, lines))


def _shares(head: Line, lines: Sequence[Line]) -> list[float]:
    """Widths of the columns by their longest cell."""
    widths = [float(len(_text(one))) for one in head]
    for line in lines:
        if len(line) == len(head):
            widths = [max(width, len(_text(one))) for width, one in zip(widths, line, strict=True)]
    return [min(max(width, 8.0), LONGEST) for width in widths]


def _text(one: Cell) -> str:
    return one.text.text if isinstance(one.text, Run) else one.text
