"""A table that runs over several pages is one table of the tag tree."""

import pytest

from palermo.report.documents.formats import is_installed

from .conftest import object_at, pdf_of

HAS_PANGO = is_installed("weasyprint")
pytestmark = pytest.mark.skipif(not HAS_PANGO, reason="WeasyPrint finds no Pango on this machine")

ROWS = "".join(f'<tr><th scope="row">{year}</th><td>{year % 7}</td></tr>' for year in range(1990, 2020))
BLOCK = '<tbody><tr><th scope="rowgroup" colspan="2">{name}</th></tr>{rows}</tbody>'
PAGE = f"""<html lang="en"><head><title>t</title><style>@page{{size:300pt 200pt;margin:20pt}}</style></head><body>
<section><div><table><caption>Long</caption><thead><tr><th scope="col">Year</th><th scope="col">People</th></tr></thead>
{BLOCK.format(name="First", rows=ROWS)}{BLOCK.format(name="Second", rows=ROWS)}</table></div></section>
<table><caption>Short</caption><thead><tr><th scope="col">A</th><th scope="col">B</th></tr></thead>
<tbody><tr><th scope="row">x</th><td>1</td></tr></tbody></table></body></html>"""


@pytest.fixture(scope="module")
def made():
    return pdf_of(PAGE)


def _within(made, element, kind):
    kids = [object_at(made, one) for one in element["K"] if isinstance(one, bytes)]
    return [one for one in kids if one["S"] == kind] + [
        found for kid in kids if kid.get("S") != kind for found in _within(made, kid, kind)
    ]


@pytest.fixture(scope="module")
def tables(made):
    root = object_at(made, object_at(made, made.catalog["StructTreeRoot"])["K"][0])
    return sorted(_within(made, root, "/Table"), key=lambda one: -len(_within(made, one, "/TBody")))


def test_there_are_as_many_tables_as_on_the_page(made, tables):
    assert len(made.pages["Kids"][::3]) > 3
    assert [len(_within(made, one, "/Caption")) for one in tables] == [1, 1]
    assert [len(_within(made, one, "/THead")) for one in tables] == [1, 1]


def test_blocks_of_rows_are_whole_and_in_order(made, tables):
    blocks = _within(made, tables[0], "/TBody")
    assert [len(_within(made, one, "/TR")) for one in blocks] == [31, 31]
    assert all(object_at(made, row["P"]) is block for block in blocks for row in _within(made, block, "/TR"))


def test_cells_on_every_page_name_the_head_of_the_first_and_their_block(made, tables):
    heads = {str(one["ID"].string) for one in _within(made, tables[0], "/TH")}
    columns = {
        str(one["ID"].string) for head in _within(made, tables[0], "/THead") for one in _within(made, head, "/TH")
    }
    for block in _within(made, tables[0], "/TBody"):
        name = str(_within(made, block, "/TH")[0]["ID"].string)
        for cell in _within(made, block, "/TD"):
            named = {str(one.string) for one in cell["A"]["Headers"]}
            assert named <= heads and named & columns and name in named
