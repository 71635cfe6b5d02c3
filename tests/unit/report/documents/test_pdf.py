import re
import zlib
from collections import Counter
from contextlib import suppress
from ctypes import create_string_buffer
from importlib import import_module

import pypdfium2.raw as pdfium
import pytest
from pypdfium2 import PdfDocument

from palermo.errors import PalermoError
from palermo.language import speaking
from palermo.report.documents.formats import is_installed
from palermo.report.documents.html import print_html, print_rules
from palermo.report.documents.print_drawing import for_print

HAS_PANGO = is_installed("weasyprint")
pytestmark = pytest.mark.skipif(not HAS_PANGO, reason="WeasyPrint finds no Pango on this machine")
pdf = import_module("palermo.report.documents.pdf") if HAS_PANGO else None


@pytest.fixture(scope="module")
def made(short):
    with speaking(short.language):
        ((name, content),) = pdf.files(short).items()
    return name, content


@pytest.fixture(scope="module")
def document(made):
    return PdfDocument(made[1])


def _said(ask, *arguments):
    """A text in UTF-16 that pdfium writes into a buffer."""
    size = ask(*arguments, None, 0)
    buffer = create_string_buffer(size)
    ask(*arguments, buffer, size)
    return buffer.raw.decode("utf-16-le").rstrip("\0")


def _elements(node):
    yield node
    for place in range(pdfium.FPDF_StructElement_CountChildren(node)):
        if child := pdfium.FPDF_StructElement_GetChildAtIndex(node, place):
            yield from _elements(child)


@pytest.fixture(scope="module")
def tags(document):
    """(type, alternative text) of every element of the tag tree."""
    found = []
    for page in document:
        tree = pdfium.FPDF_StructTree_GetForPage(page)
        for place in range(pdfium.FPDF_StructTree_CountChildren(tree)):
            for node in _elements(pdfium.FPDF_StructTree_GetChildAtIndex(tree, place)):
                kind = _said(pdfium.FPDF_StructElement_GetType, node)
                found.append((kind, _said(pdfium.FPDF_StructElement_GetAltText, node)))
        pdfium.FPDF_StructTree_Close(tree)
    return found


@pytest.fixture(scope="module")
def objects(made):
    """What stands in the file once its streams are unpacked."""
    unpacked = []
    for packed in re.findall(rb"stream\n(.*?)\nendstream", made[1], re.DOTALL):
        with suppress(zlib.error):
            unpacked.append(zlib.decompress(packed))
    return made[1] + b"\n".join(unpacked)


def test_the_file_is_tagged_titled_and_says_its_language(short, made, document, objects):
    assert made[0] == f"account-{short.language}.pdf"
    assert pdfium.FPDFCatalog_IsTagged(document)
    assert f"/Lang ({short.language})".encode() in objects
    assert b"/DisplayDocTitle true" in objects
    assert short.title in document.get_metadata_value("Title")
    assert document.get_metadata_value("Title") != short.title  # made up: the title says so first


def test_it_calls_itself_pdf_ua_and_has_no_date(document, objects):
    assert b"pdfuaid" in objects
    assert not document.get_metadata_value("CreationDate")
    assert not document.get_metadata_value("ModDate")


def test_cells_name_their_headers(objects):
    assert objects.count(b"/Headers [(") > 20


def test_headings_tables_lists_and_drawings_are_tagged(short, tags):
    counts = Counter(kind for kind, _alt in tags)
    drawings = sum(len(figure.marks) for figure in short.figures)
    assert counts["H1"] == 1
    assert counts["H2"] >= 5
    assert counts["Figure"] >= drawings
    assert counts["Table"] >= len(short.figures)
    assert min(counts["TH"], counts["TD"], counts["L"], counts["LI"], counts["Caption"], counts["Link"]) > 0


def test_every_drawing_has_its_words(short, tags):
    told = [alt for kind, alt in tags if kind == "Figure"]
    assert told
    assert all(told)
    assert all(any(figure.alt in alt for alt in told) for figure in short.figures if figure.marks)


def test_every_section_and_figure_is_a_bookmark(short, document):
    titles = {one.get_title() for one in document.get_toc()}
    assert {figure.title for figure in short.figures} <= titles
    assert {heading for _anchor, heading, _figures in short.sections} <= titles


def test_every_receipt_stands_in_the_annex(short, document):
    if short.language == "ar":
        with speaking("ar"):
            text = print_html(short)  # what is read back from a right-to-left page does not keep the order of signs
    else:
        text = "".join(page.get_textpage().get_text_range() for page in document).replace("\r\n", "")
    assert [one for figure in short.figures for one in figure.receipts if one not in text] == []


def test_page_numbers_are_in_the_language(short, document):
    last = document[len(document) - 1].get_textpage().get_text_range()
    number = {"ar": str(len(document)).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))}
    assert number.get(short.language, str(len(document))) in last.split()


def test_the_same_report_gives_the_same_bytes(short, made):
    if short.language == "ar":  # the one with most to go wrong
        with speaking("ar"):
            assert pdf.files(short) == dict([made])


def test_nothing_is_fetched():
    with pytest.raises(PalermoError, match="holds all that it shows"):
        pdf.pdf_of('<html lang="en"><title>t</title><img alt="x" src="https://example.org/x.png"></html>')


def test_a_drawing_made_smaller_takes_the_room_that_it_shows():
    """Its whole size would leave the heading above it alone on a page."""
    high = for_print('<svg height="1054"><rect width="9" height="9"/></svg>', "bars")
    page = (
        f'<html lang="en"><title>t</title><style>{print_rules()}</style><h2>Over time</h2><p>Figure.</p>{high.markup}'
    )
    assert len(PdfDocument(pdf.pdf_of(page))) == 1
