"""The report as DOCX: title page, contents, summary, figures, how people were counted and protected, annex of receipts.

The decision a reader would question: the list of contents is a field that Word fills anew, and holds the headings as
links already, so that it can be used in programs that do not work out fields.
"""

from collections.abc import Iterable, Iterator
from importlib import import_module

from palermo.language import _, marked
from palermo.report.documents.formats import is_installed
from palermo.report.documents.report import Report
from palermo.report.documents.word.figures import Part, Pictures, figure_parts
from palermo.report.documents.word.markup import ENGLISH, LATIN, Run, Text, Writing, element, plain
from palermo.report.documents.word.receipts import receipt_parts
from palermo.report.documents.word.styles import new_document
from palermo.report.documents.word.tables import Cell, table
from palermo.report.documents.word.zipped import zipped
from palermo.report.labels import period_name
from palermo.report.page import words
from palermo.report.page.render import count

WIDE = (3.0, 1.0)
NO_PICTURES = marked(
    "The drawings are in the PDF and on the page; this copy holds the tables, which have every number."
)


def files(report: Report) -> dict[str, bytes]:
    """The document, with its drawings where the packages that make pictures are installed."""
    pictures: Pictures = {}
    if is_installed("weasyprint") and is_installed("pypdfium2"):
        pictures = import_module("palermo.report.documents.pictures").pictures_of(report.figures)
    return {f"account-{report.language}.docx": docx(report, pictures)}


def docx(report: Report, pictures: Pictures) -> bytes:
    """The bytes of the account."""
    writing = Writing(report.right_to_left)
    return assembled(report, writing, report.title, _parts(report, writing, pictures))


def assembled(report: Report, writing: Writing, title: str, parts: Iterable[Part]) -> bytes:
    """The bytes of a document made of these parts; its title stands on top of every page."""
    running = " · ".join([*([_(words.MADE_UP)] if report.made_up else []), title])
    document = new_document(report, writing, title, running)
    end = document.element.body.sectPr
    for part in parts:
        end.addprevious(element(part) if isinstance(part, str) else part(document))
    return zipped(document)


def _parts(report: Report, writing: Writing, pictures: Pictures) -> Iterator[Part]:
    yield from _title_page(report, writing)
    yield from _contents(report, writing)
    yield from _summary(report, writing)
    if report.figures and not pictures:
        yield writing.paragraph(_(NO_PICTURES))
    for anchor, heading, figures in report.sections:
        yield writing.paragraph(heading, style="Heading1", mark=f"section_{anchor}")
        for figure in figures:
            yield from figure_parts(figure, writing, pictures.get(figure.id, ()))
    yield from _method(report, writing)
    yield from _sources(report, writing)
    yield writing.paragraph(_("How to read the marks"), style="Heading1", mark="marks")
    yield from (writing.paragraph(Run(_(mark.name), bold=True), " – ", _(mark.meaning)) for mark in report.marks)
    yield from receipt_parts(report, writing)
    yield writing.paragraph(_("Made by Palermo from release {id}, and from nothing else.", id=report.release.id))


def warnings_and_title(report: Report, writing: Writing, title: Text) -> Iterator[str]:
    """What stands first: what a reader must know before anything else, and the title."""
    yield from (writing.paragraph(warning, style="PalermoWarning") for warning in report.warnings)
    yield writing.paragraph(_("Account of trafficking in persons"), style="Subtitle")
    yield writing.paragraph(title, style="Title")


def _title_page(report: Report, writing: Writing) -> Iterator[str]:
    title = Run(report.title, kind=ENGLISH) if report.title_is_given else report.title
    yield from warnings_and_title(report, writing, title)
    yield writing.paragraph(f"{report.place} · {report.years}", style="Subtitle")
    if report.key_figures:
        lines = [
            (Cell(_("{what}, {when}", what=item.label, when=period_name(item.when))), Cell(item.value, number=True))
            for item in report.key_figures
        ]
        head = (Cell(_("Key figures")), Cell(_("Number"), number=True))
        yield table(writing, _("Key figures"), head, lines, WIDE)
    yield writing.paragraph(_(words.DETECTED_ONLY))
    named = [_(", "), report.names] if report.names else []
    yield writing.paragraph(_("Release {id}", id=report.release.id), *named)


def _contents(report: Report, writing: Writing) -> Iterator[str]:
    yield '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
    yield writing.paragraph(Run(_("Contents"), bold=True), style="Subtitle")
    entries = [("summary", _("Summary"), True)]
    for anchor, heading, figures in report.sections:
        entries.append((f"section_{anchor}", heading, True))
        entries += [(f"figure_{one.id}", _("{id}. {title}", id=one.id, title=one.title), False) for one in figures]
    entries += [
        ("method", _("How people were counted"), True),
        ("sources", _("Sources"), True),
        ("marks", _("How to read the marks"), True),
        ("receipts", _("Receipts"), True),
    ]
    made = [writing.paragraph(Run(text, bold=is_bold, link=mark)) for mark, text, is_bold in entries]
    begin, end = writing.field('TOC \\o "1-2" \\h \\z \\u', "\0").split("\0")
    made[0] = made[0].replace("</w:pPr>", f"</w:pPr>{begin}", 1)
    made[-1] = made[-1].replace("</w:p>", f"{end}</w:p>")
    yield from made
    yield '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'


def _summary(report: Report, writing: Writing) -> Iterator[str]:
    yield writing.paragraph(_("Summary"), style="Heading1", mark="summary")
    for part in report.summary:
        yield writing.paragraph(part.heading, style="Heading3")
        for said in part.sentences:
            see = Run(_("Figure {id}", id=said.figure_id), link=f"figure_{said.figure_id}")
            yield writing.paragraph(said.sentence, " ", see, style="ListBullet")
    yield writing.paragraph(_(words.DETECTED_ONLY))


def _method(report: Report, writing: Writing) -> Iterator[str]:
    yield writing.paragraph(_("How people were counted"), style="Heading1", mark="method")
    yield writing.paragraph(_(words.DETECTED_ONLY))
    yield from _listed(report.counting, writing)
    yield writing.paragraph(_("How people were protected"), style="Heading2")
    yield from _listed(report.protection, writing)


def _listed(sentences: Iterable[str], writing: Writing) -> Iterator[str]:
    yield from (writing.paragraph(sentence, style="ListBullet") for sentence in sentences)


def _sources(report: Report, writing: Writing) -> Iterator[str]:
    yield writing.paragraph(_("Sources"), style="Heading1", mark="sources")
    if not report.sources:
        yield writing.paragraph(_("The release does not name its lists."))
        return
    told = _("Lists behind this account. Rows read are the rows accepted and the rows set aside.")
    yield writing.paragraph(told, style="Caption", keep=True)
    counts = ("read", "accepted", "quarantined")
    head = [Cell(_("List")), *(Cell(text, number=True) for text in (_("Rows read"), _("Accepted"), _("Set aside"))),
            Cell(_("Read as")), Cell(_("Hash of the file (SHA-256)"))]  # fmt: skip
    lines = [
        [
            Cell(str(item.get("list", ""))),
            *(Cell(count(item.get(name, "")), number=True) for name in counts),
            Cell(_english(item.get("adapter", ""))),
            Cell(Run(str(item.get("sha256") or ""), kind=LATIN)),
        ]
        for item in report.sources
    ]
    yield table(writing, told, head, lines, (1.2, 1, 1, 1, 1.5, 3))


def _english(text: object) -> Text:
    return Run(plain(str(text or ""))[0], kind=ENGLISH)
