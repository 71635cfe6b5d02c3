"""WordprocessingML as text: runs, paragraphs, links, fields, in the direction and language of the document.

The decision a reader would question: paragraphs and tables are written as XML and not by python-docx's own calls, which
know nothing of right-to-left text and need seconds for a table of some hundred rows.
"""

from dataclasses import dataclass
from itertools import count

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.oxml.xmlchemy import BaseOxmlElement
from markupsafe import Markup

from palermo.report.xml_text import escaped

LATIN = "latin"  # of a run: an id or a hash, which reads from left to right in every language
ENGLISH = "english"  # of a run: words that the release has in English only


@dataclass(frozen=True)
class Run:
    """Words of one look. ``kind`` LATIN for codes, ENGLISH for words; ``link`` names a bookmark of the document."""

    text: str
    bold: bool = False
    kind: str = ""
    link: str = ""


Text = str | Run


class Writing:
    """How a document of one language is written. Bookmarks are numbered in the order in which they are made."""

    def __init__(self, right_to_left: bool) -> None:
        self.right_to_left = right_to_left
        self._bookmarks = count(1)

    def paragraph(self, *words: Text, style: str = "", mark: str = "", end: bool = False, keep: bool = False) -> str:
        """A paragraph. ``mark`` is its bookmark; ``keep`` holds it with the next.

        ``end`` sets it at the end of the line: Word's "right" is that end, also where text runs from right to left.
        """
        settings = f'<w:pStyle w:val="{style}"/>' if style else ""
        settings += "<w:keepNext/>" if keep else ""
        settings += "<w:bidi/>" if self.right_to_left else ""
        settings += '<w:jc w:val="right"/>' if end else ""
        inside = "".join(self._linked(word) for word in words)
        if mark:
            number = next(self._bookmarks)
            inside = f'<w:bookmarkStart w:id="{number}" w:name="{mark}"/>{inside}<w:bookmarkEnd w:id="{number}"/>'
        return f"<w:p><w:pPr>{settings}</w:pPr>{inside}</w:p>"

    def _linked(self, word: Text) -> str:
        run = self.run(word)
        link = word.link if isinstance(word, Run) else ""
        return f'<w:hyperlink w:anchor="{link}" w:history="1">{run}</w:hyperlink>' if link else run

    def run(self, word: Text) -> str:
        """One run; a text that is marked as English by the page stays so."""
        said = word if isinstance(word, Run) else Run(word)
        text, is_english = plain(said.text)
        settings = '<w:rFonts w:ascii="Liberation Mono" w:hAnsi="Liberation Mono"/>' if said.kind == LATIN else ""
        settings += "<w:b/><w:bCs/>" if said.bold else ""
        settings += '<w:color w:val="0B5560"/>' if said.link else ""
        if said.kind in {LATIN, ENGLISH} or is_english:
            settings += '<w:rtl w:val="0"/><w:lang w:val="en-US"/>' if self.right_to_left else '<w:lang w:val="en-US"/>'
        elif self.right_to_left:
            settings += "<w:rtl/>"
        return f'<w:r><w:rPr>{settings}</w:rPr><w:t xml:space="preserve">{escaped(text)}</w:t></w:r>'

    def field(self, code: str, shown: str) -> str:
        """A field with what it shows until the program works it out anew."""
        rtl = "<w:rPr><w:rtl/></w:rPr>" if self.right_to_left else ""
        return (
            f'<w:r>{rtl}<w:fldChar w:fldCharType="begin"/></w:r>'
            f'<w:r>{rtl}<w:instrText xml:space="preserve"> {escaped(code)} </w:instrText></w:r>'
            f'<w:r>{rtl}<w:fldChar w:fldCharType="separate"/></w:r>{shown}'
            f'<w:r>{rtl}<w:fldChar w:fldCharType="end"/></w:r>'
        )


def plain(text: str) -> tuple[str, bool]:
    """A text without the markup of the page, and whether that markup said that it is English."""
    if not isinstance(text, Markup):
        return text, False
    return text.striptags(), text.startswith('<span lang="en"')


def element(xml: str) -> BaseOxmlElement:
    """The element of a text of XML in the namespaces of Word."""
    first, rest = xml.split(">", 1) if not xml.split(">", 1)[0].endswith("/") else (xml[:-2], None)
    if rest is None:
        return parse_xml(f"{first} {nsdecls('w', 'r')}/>")
    return parse_xml(f"{first} {nsdecls('w', 'r')}>{rest}")
