"""What the engine leaves short of PDF/UA-1, on a page that has one of each."""

import pytest

from palermo.report.documents.formats import is_installed

from .conftest import object_at, pdf_of

HAS_PANGO = is_installed("weasyprint")
pytestmark = pytest.mark.skipif(not HAS_PANGO, reason="WeasyPrint finds no Pango on this machine")

PAGE = """<html lang="en"><head><title>t</title><style>@page{size:300pt 200pt;margin:20pt;@top-left{content:"running"}}
svg{display:block}
.words{position:absolute}</style></head><body>
<dl><div><dt>Hidden</dt><dd>A range.</dd></div></dl>
<table><thead><tr><th scope="col">Sex</th><th scope="col">People</th></tr></thead><tbody>
<tr><th scope="rowgroup" colspan="2">Known</th></tr><tr><th scope="row">Female</th><td>7</td></tr></tbody></table>
<p id="here"><a href="#here">Receipts<span style="position:absolute"> of it</span></a></p>
<div><svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">
<title>bars</title><rect width="9" height="9"/></svg>
<div class="words">7</div></div></body></html>"""


@pytest.fixture(scope="module")
def made():
    """The objects of the file, once with what we complete and once without."""
    return pdf_of(PAGE)


def _elements(made):
    """(element, elements within it) from the root."""
    top = object_at(made, made.catalog["StructTreeRoot"])
    waiting = [object_at(made, top["K"][0])]
    while waiting:
        element = waiting.pop()
        kids = [object_at(made, one) for one in element["K"] if isinstance(one, bytes)]
        yield element, kids
        waiting += [one for one in kids if one["Type"] == "/StructElem"]


def _of(made, kind):
    return [(element, kids) for element, kids in _elements(made) if element["S"] == kind]


def test_a_list_holds_items_and_nothing_between(made):
    ((one, kids),) = _of(made, "/L")
    assert [kid["S"] for kid in kids] == ["/LI", "/LI"]
    assert {kid["P"] for kid in kids} == {one.reference}


def test_header_cells_say_what_they_head_and_cells_name_the_block(made):
    scopes = [element["A"]["Scope"] for element, _kids in _of(made, "/TH")]
    assert sorted(scopes) == ["/Column", "/Column", "/Column", "/Row"]
    block = next(element for element, _kids in _of(made, "/TH") if element["A"].get("ColSpan") == 2)
    ((cell, _kids),) = _of(made, "/TD")
    assert block["ID"] in cell["A"]["Headers"]


def test_every_annotation_stands_in_a_link_and_is_printed(made):
    held = [element["S"] for element, kids in _elements(made) if any(kid["Type"] == "/OBJR" for kid in kids)]
    assert held
    assert set(held) == {"/Link"}
    assert {one["F"] for one in made.objects if isinstance(one, dict) and one.get("Type") == "/Annot"} == {4}


def test_the_words_of_a_drawing_are_part_of_it_and_its_box_lies_on_the_page(made):
    ((figure, kids),) = _of(made, "/Figure")
    assert [kid["S"] for kid in kids] == ["/Span"]
    left, bottom, right, top = figure["A"]["BBox"]
    assert right - left == pytest.approx(30)  # 40 pixels
    assert top - bottom == pytest.approx(15)
    assert 0 < bottom < top < 180


def test_running_heads_are_no_content(made):
    page = made.objects[made.pages["Kids"][0]]
    stream = object_at(made, page["Contents"]).stream
    assert any(isinstance(one, dict) and one.get("Type") == "/Pagination" for one in stream)
    read = {mark for element, _kids in _elements(made) for mark in element["K"] if isinstance(mark, int)}
    assert {one["MCID"] for one in stream if isinstance(one, dict) and "MCID" in one} == read
