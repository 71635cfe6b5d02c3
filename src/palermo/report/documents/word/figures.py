"""A figure in a Word document: heading, sentences, drawing, caption and table, marks, note, source, receipts."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from docx.document import Document as WordDocument
from docx.oxml.shape import CT_Inline
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
BOLD = 1.5  # signs of other cells that a sign of a head takes, with what stands around it
LONGEST = 42  # characters of a column that still widen it
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
    if len(pictures) > 1 and all(one.width_mm < NARROW_MM for one in pictures):
        yield _panels(pictures, figure, writing)
    else:
        for place, picture in enumerate(pictures, 1):
            if picture.title:
                yield writing.paragraph(Run(picture.title, bold=True), style="PalermoSmall", keep=True)
            yield _drawing(picture, f"{figure.id}-{place}", writing)
    title = _("Table {id}. {title}", id=figure.id, title=figure.title)
    yield writing.paragraph(title, style="Caption", keep=True)
    yield figure_table(figure, writing, title)
    for mark in marks_used(figure):
        yield writing.paragraph(Run(_(mark.name), bold=True), " – ", _(mark.meaning), style="PalermoSmall")


def _drawing(picture: "Picture", name: str, writing: Writing) -> Callable[[WordDocument], BaseOxmlElement]:
    def placed(document: WordDocument) -> BaseOxmlElement:
        made = element(writing.paragraph(""))
        made.r_lst[0].add_drawing(_inline(document, picture, name, picture.width_mm))
        return made

    return placed


def _panels(
    pictures: Sequence["Picture"], figure: Figure, writing: Writing
) -> Callable[[WordDocument], BaseOxmlElement]:
    """Drawings of a half of the page, two beside each other below their titles, as a table."""
    pairs = [pictures[place : place + 2] for place in range(0, len(pictures), 2)]
    empty = [Cell(""), Cell("")]
    titles = [[*(Cell(one.title, head=True) for one in pair), *empty][:2] for pair in pairs]
    lines = [empty, *(line for title in titles[1:] for line in (title, empty))]

    def placed(document: WordDocument) -> BaseOxmlElement:
        made = element(table(writing, figure.title, titles[0], lines, (1, 1), repeated=False))
        places = [held for row in made.tr_lst[1::2] for held in row.tc_lst]
        for place, (held, picture) in enumerate(zip(places, pictures, strict=False), 1):
            inline = _inline(document, picture, f"{figure.id}-{place}", min(picture.width_mm, HALF_MM))
            inline.docPr.set(
                "id", str(int(inline.docPr.get("id")) + place)
            )  # python-docx counts only what stands in the document already
            held.p_lst[0].r_lst[0].add_drawing(inline)
        return made

    return placed


def _inline(document: WordDocument, picture: "Picture", name: str, width_mm: float) -> CT_Inline:
    inline = document.part.new_pic_inline(BytesIO(picture.png), width=Mm(width_mm))
    inline.docPr.set("descr", picture.alt)
    inline.docPr.set("name", name)
    return inline


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
    """Widths of the columns by their longest cell; heads are set in several lines, of a word at least."""
    widths = [BOLD * max(map(len, _text(one).split()), default=0) for one in head]
    for line in lines:
        if len(line) == len(head):
            widths = [max(width, len(_text(one))) for width, one in zip(widths, line, strict=True)]
    return [min(max(width, 8.0), LONGEST) for width in widths]


def _text(one: Cell) -> str:
    return one.text.text if isinstance(one.text, Run) else one.text
