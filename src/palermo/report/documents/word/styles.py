"""The styles and settings of a Word document in one language: fonts, sizes, direction, language tags, page, dates.

The decision a reader would question: the dates of the document are fixed, so that the same release gives the same
bytes; Word sets its own when an office saves the file.
"""

from datetime import UTC, datetime

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from palermo.report.documents.report import Report
from palermo.report.documents.word.markup import Writing, element

TAGS = {"en": "en-GB", "fr": "fr-FR", "es": "es-ES", "ar": "ar-SA", "ru": "ru-RU", "zh": "zh-CN"}
LATIN_FONT, ARABIC_FONT, CHINESE_FONT = "Noto Sans", "Noto Sans Arabic", "Noto Sans CJK SC"
FIXED = datetime(2000, 1, 1, tzinfo=UTC)
INK, ACCENT, QUIET = RGBColor(0x1B, 0x21, 0x26), RGBColor(0x13, 0x4E, 0x57), RGBColor(0x54, 0x5D, 0x66)
SIZES = {  # points, space before and after
    "Normal": (10, 0, 4),
    "Title": (26, 60, 6),
    "Subtitle": (14, 0, 18),
    "Heading 1": (18, 24, 6),
    "Heading 2": (12, 16, 4),
    "Heading 3": (10.5, 10, 2),
    "Caption": (9, 8, 3),
    "List Bullet": (10, 0, 2),
}
OWN = {
    "PalermoTable": (8, False),
    "PalermoTableHead": (8, True),
    "PalermoSmall": (8.5, False),
    "PalermoWarning": (10, True),
}


def new_document(report: Report, writing: Writing, title: str, running: str) -> WordDocument:
    """An empty document, ready for the text of the report. ``running`` stands on top of every page."""
    document = Document()
    for paragraph in list(document.element.body.iterchildren(qn("w:p"))):
        document.element.body.remove(paragraph)
    _styles(document, report)
    _page(document, report, writing, running)
    about = document.core_properties
    about.title, about.language = title, TAGS[report.language]
    about.author, about.last_modified_by, about.comments = "Palermo", "Palermo", f"Release {report.release.id}"
    about.created = about.modified = FIXED
    about.revision = 1
    return document


def _styles(document: WordDocument, report: Report) -> None:
    for name, (size, before, after) in SIZES.items():
        style = document.styles[name]
        _sized(style, report, size)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
        style.font.color.rgb = ACCENT if name.startswith("Heading") else QUIET if name == "Subtitle" else INK
    for name, (size, bold) in OWN.items():
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
        style.font.bold = bold
        _sized(style, report, size)
        style.paragraph_format.space_after = Pt(1)
    _warning(document.styles["PalermoWarning"])
    subtitle = document.styles["Subtitle"].font
    subtitle.italic = subtitle.cs_italic = False  # Arabic and Chinese have no italics
    for rule in document.styles["Title"].element.iter(qn("w:pBdr")):
        rule.getparent().remove(rule)


def _sized(style: ParagraphStyle, report: Report, size: float) -> None:
    """Size and fonts for every script; a style of Word keeps one size for Latin and one for Arabic."""
    style.font.size = Pt(size)
    settings = style.element.get_or_add_rPr()
    for tag in ("w:rFonts", "w:szCs", "w:lang", "w:spacing", "w:kern"):  # letters of Arabic set apart do not join
        for old in settings.findall(qn(tag)):
            settings.remove(old)
    settings.insert(
        0,
        element(
            f'<w:rFonts w:ascii="{LATIN_FONT}" w:hAnsi="{LATIN_FONT}" w:eastAsia="{CHINESE_FONT}" '
            f'w:cs="{ARABIC_FONT}" w:hint="{_hint(report.language)}"/>'
        ),
    )
    after = settings.find(qn("w:sz"))
    after.addnext(element(f'<w:szCs w:val="{round(size * 2)}"/>'))
    east = TAGS["zh"]
    latin = TAGS[report.language] if report.language not in {"ar", "zh"} else "en-GB"
    settings.append(element(f'<w:lang w:val="{latin}" w:eastAsia="{east}" w:bidi="{TAGS["ar"]}"/>'))
    if style.font.bold or style.name.startswith("Heading"):
        bold = settings.find(qn("w:b"))
        if bold is not None and settings.find(qn("w:bCs")) is None:
            bold.addnext(element("<w:bCs/>"))


def _hint(language: str) -> str:
    return {"zh": "eastAsia", "ar": "cs"}.get(language, "default")


def _warning(style: ParagraphStyle) -> None:
    sides = "".join(f'<w:{side} w:val="single" w:sz="8" w:space="4" w:color="7A1F00"/>' for side in
                    ("top", "left", "bottom", "right"))  # fmt: skip
    settings = style.element.get_or_add_pPr()
    settings.insert(0, element('<w:shd w:val="clear" w:color="auto" w:fill="FDEEE6"/>'))
    settings.insert(0, element(f"<w:pBdr>{sides}</w:pBdr>"))
    style.font.color.rgb = RGBColor(0x7A, 0x1F, 0x00)


def _page(document: WordDocument, report: Report, writing: Writing, running: str) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(18)
    section.top_margin = section.bottom_margin = Mm(20)
    settings = section._sectPr
    # Not "hindiNumbers" in Arabic: those are the digits of Hindi. Word shows the digits of the reader's settings.
    settings.find(qn("w:pgMar")).addnext(element('<w:pgNumType w:fmt="decimal"/>'))
    if report.right_to_left:
        settings.find(qn("w:docGrid")).addprevious(element("<w:bidi/>"))
    for place, words in ((section.header, writing.run(running)), (section.footer, writing.field("PAGE", ""))):
        xml = writing.paragraph(style="PalermoSmall", end=place is section.footer)
        made = element(xml.replace("</w:p>", f"{words}</w:p>"))
        first = place.paragraphs[0]._p
        first.addprevious(made)
        first.getparent().remove(first)
