"""The annex of a Word document: every receipt number of every figure resolved, and how each kind of number was made."""

from collections.abc import Iterator

from palermo.language import _
from palermo.report.documents.report import Report
from palermo.report.documents.word.markup import LATIN, Run, Writing
from palermo.report.documents.word.tables import Cell, table
from palermo.report.page.receipts import Annex

SHARES = (1.5, 4.0, 2.6, 1.4)


def receipt_parts(report: Report, writing: Writing) -> Iterator[str]:
    """The annex."""
    yield writing.paragraph(_("Receipts"), style="Heading1", mark="receipts")
    told = _(
        "Every number rests on released numbers, and each of those has a receipt: its definition, lists, period, "
        "denominator, protection, code version and the hashes of its files. The full receipts are in {file} of "
        "release {id}; {command} tells one in words.",
        file="receipts.json",
        id=report.release.id,
        command="palermo receipt ID",
    )
    yield writing.paragraph(told)
    for annex in report.annexes:
        yield from _annex(annex, writing)
    yield writing.paragraph(_("How each kind of number was made"), style="Heading2", mark="definitions")
    for item in report.definitions:
        yield writing.paragraph(item.title, style="Heading3", mark=item.anchor.replace("-", "_"))
        for name, value in item.entries:
            yield writing.paragraph(Run(name, bold=True), " – ", value, style="PalermoSmall")


def _annex(annex: Annex, writing: Writing) -> Iterator[str]:
    figure = annex.figure
    heading = Run(_("Figure {id}", id=figure.id), link=f"figure_{figure.id}")
    yield writing.paragraph(heading, style="Heading3", mark=f"receipts_{figure.id}")
    title = _("Released numbers behind figure {id}", id=figure.id)
    yield writing.paragraph(title, style="Caption", keep=True)
    head = (Cell(_("Receipt")), Cell(_("What it counts")), Cell(_("Definition")), Cell(_("Number"), number=True))
    lines = [
        (
            Cell(Run(item.receipt_id, kind=LATIN)),
            Cell(item.what),
            Cell(Run(item.definition.title, link=item.definition.anchor.replace("-", "_"))),
            Cell(item.number, number=True),
        )
        for item in annex.numbers
    ]
    yield table(writing, title, head, lines, SHARES)
