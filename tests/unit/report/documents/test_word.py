import re
from importlib import import_module
from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml.ns import qn
from PIL import Image

from palermo.language import speaking
from palermo.report.documents.formats import is_installed
from palermo.report.documents.word.document import docx, files
from palermo.report.documents.word.figures import _shares, figure_parts
from palermo.report.documents.word.markup import LATIN, Run, Writing, escaped, plain
from palermo.report.documents.word.tables import Cell
from palermo.report.page.markup import quoted


@pytest.fixture(scope="module")
def made(short):
    with speaking(short.language):
        ((name, content),) = files(short).items()
    return name, content


@pytest.fixture(scope="module")
def document(made):
    return Document(BytesIO(made[1]))


def test_headings_are_headings(short, made, document):
    assert made[0] == f"account-{short.language}.docx"
    styles = {paragraph.text: paragraph.style.name for paragraph in document.paragraphs}
    assert styles[short.title] == "Title"
    assert all(styles[heading] == "Heading 1" for _anchor, heading, _figures in short.sections)
    assert all(styles[f"{one.id}. {one.title}"] == "Heading 2" for one in short.figures)


def test_tables_repeat_their_header_and_have_a_name(short, document):
    assert len(document.tables) >= 2 * len(short.figures) + 2
    for table in document.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))


def test_every_number_of_a_table_stands_in_it(short, document):
    figure = short.figures[0]
    captions = {table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")): table for table in document.tables}
    table = next(one for title, one in captions.items() if figure.title in title)
    groups = len({row.group for row in figure.table.rows if row.group})
    assert len(table.rows) == 1 + groups + len(figure.table.rows)


@pytest.mark.skipif(not is_installed("weasyprint"), reason="WeasyPrint finds no Pango on this machine")
def test_drawings_have_alternative_texts(short, document):
    told = [one.get("descr") for one in document.element.body.iter(qn("wp:docPr"))]
    assert len(told) == sum(len(figure.marks) for figure in short.figures)
    assert all(any(figure.alt in text for text in told) for figure in short.figures)


@pytest.mark.skipif(not is_installed("weasyprint"), reason="WeasyPrint finds no Pango on this machine")
def test_narrow_drawings_stand_two_and_two_below_their_titles(report):
    figure = next(one for one in report.figures if len(one.marks) == 4)
    made = import_module("palermo.report.documents.pictures").pictures_of([figure])[figure.id]
    assert len({Image.open(BytesIO(one.png)).size for one in made}) == 1
    document = Document()
    (panels,) = [
        placed
        for part in figure_parts(figure, Writing(right_to_left=False), made)
        if not isinstance(part, str) and (placed := part(document)).tag == qn("w:tbl")
    ]
    texts = [
        ["".join(text.text or "" for text in cell.iter(qn("w:t"))) for cell in row.tc_lst] for row in panels.tr_lst
    ]
    assert texts[0::2] == [[one.title for one in made[:2]], [one.title for one in made[2:]]]
    assert len({one.get("id") for one in panels.iter(qn("wp:docPr"))}) == 4
    assert panels.find(f".//{qn('w:tblHeader')}") is None  # titles of the first two are not those of the next


@pytest.mark.skipif(not is_installed("weasyprint"), reason="WeasyPrint finds no Pango on this machine")
def test_a_picture_has_no_page_number(short):
    figure = short.figures[0]
    with speaking(short.language):
        one, two = (
            import_module("palermo.report.documents.pictures").pictures_of([figure] * n)[figure.id] for n in (1, 2)
        )
    assert two[1].png == one[0].png  # the second page is as the first


def test_letters_are_never_set_apart(document):
    apart = [
        style.name for style in document.styles if style.element.find(f"{qn('w:rPr')}/{qn('w:spacing')}") is not None
    ]
    used = {paragraph.style.name for paragraph in document.paragraphs}
    assert not used & set(apart)


def test_page_numbers_are_not_the_digits_of_hindi(document):
    assert document.element.body.sectPr.find(qn("w:pgNumType")).get(qn("w:fmt")) == "decimal"


def test_the_contents_are_a_field_and_every_link_leads_somewhere(document):
    xml = document.element.body.xml
    assert 'TOC \\o "1-2"' in xml
    links = set(re.findall(r'w:anchor="([^"]+)"', xml))
    bookmarks = re.findall(r'w:bookmarkStart w:id="\d+" w:name="([^"]+)"', xml)
    assert len(bookmarks) == len(set(bookmarks))
    known_missing = {
        link for link in links if link.startswith("figure_")
    }  # of figures that the short report leaves out
    assert links - known_missing <= set(bookmarks)


def test_direction_and_language(short, document):
    body, styles = document.element.body, document.styles.element.xml
    right_to_left = short.language == "ar"
    assert all((table._tbl.tblPr.find(qn("w:bidiVisual")) is not None) == right_to_left for table in document.tables)
    said = [run for run in body.iter(qn("w:r")) if run.find(qn("w:t")) is not None]
    marked = [run for run in said if (found := run.rPr) is not None and found.find(qn("w:rtl")) is not None]
    assert (len(marked) == len(said)) if right_to_left else not marked
    paragraphs = [one for one in body.iter(qn("w:p")) if one.find(qn("w:r")) is not None and one.text]
    assert all((one.pPr.find(qn("w:bidi")) is not None) == right_to_left for one in paragraphs if one.pPr is not None)
    assert (document.element.body.sectPr.find(qn("w:bidi")) is not None) == right_to_left
    assert document.core_properties.language[:2] == short.language
    assert 'w:eastAsia="Noto Sans CJK SC"' in styles
    assert 'w:bidi="ar-SA"' in styles


def test_receipts_are_resolved(short, document):
    cells = {cell.text for table in document.tables for cell in table._cells[::4]}
    everything = document.element.body.xml
    assert cells
    assert [one for figure in short.figures for one in figure.receipts if one not in everything] == []


def test_the_same_bytes_twice_and_no_time_of_the_clock(short, made):
    with speaking(short.language):
        assert files(short)[made[0]] == made[1]
    times = {part.date_time for part in ZipFile(BytesIO(made[1])).infolist()}
    assert times == {(2000, 1, 1, 0, 0, 0)}


def test_without_pictures_the_text_says_so(report):
    text = "\n".join(paragraph.text for paragraph in Document(BytesIO(docx(report, {}))).paragraphs)
    assert "this copy holds the tables" in text


def test_words_in_english_keep_their_direction():
    with speaking("ar"):
        english = quoted("Average <over> models")
        run = Writing(right_to_left=True).run(english)
    assert plain(english) == ("Average <over> models", True)
    assert '<w:rtl w:val="0"/>' in run
    assert "Average &lt;over&gt; models" in run


def test_what_xml_cannot_hold_is_left_out():
    assert escaped('a\x00b"<') == "ab&quot;&lt;"
    assert 'w:ascii="Liberation Mono"' in Writing(right_to_left=False).run(Run("r1", kind=LATIN))


def test_a_long_head_takes_no_width_from_the_cells_below_others():
    head = [Cell("Form"), Cell("People about whom this information is known"), Cell("Women")]
    line = [Cell("Forced labour"), Cell("0–64"), Cell("not published")]
    assert _shares(head, [line]) == [13, 16.5, 13]  # "information", in bold
