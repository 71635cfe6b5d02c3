"""Workbooks: their rows as text, and the files that are made to exhaust a computer."""

import zipfile

import pytest

from palermo.errors import PalermoError, RefusedError, UsageError
from palermo.intake.head import read_head
from palermo.intake.read import read_rows
from palermo.intake.spreadsheet import check_workbook, sheet_names, sheet_rows

_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def workbook(path, sheet_xml, padding=b""):
    """A minimal workbook with one sheet called Data."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", _TYPES)
        package.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1" Type="{_OFFICE}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        package.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="Data" sheetId="1" r:id="r1"/>'
            "</sheets></workbook>",
        )
        package.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1" Type="{_OFFICE}/worksheet" '
            'Target="worksheets/sheet1.xml"/></Relationships>',
        )
        package.writestr(
            "xl/worksheets/sheet1.xml",
            f'<worksheet xmlns="{_MAIN}"><sheetData>{sheet_xml}</sheetData></worksheet>',
        )
        if padding:
            package.writestr("xl/media/image.bin", padding)
    return path


def rows_xml(rows):
    lines = []
    for number, row in enumerate(rows, 1):
        cells = "".join(
            f'<c r="{chr(65 + i)}{number}" t="inlineStr"><is><t>{cell}</t></is></c>'
            if isinstance(cell, str)
            else f'<c r="{chr(65 + i)}{number}"><v>{cell}</v></c>'
            for i, cell in enumerate(row)
            if cell != ""
        )
        lines.append(f'<row r="{number}">{cells}</row>')
    return "".join(lines)


def test_rows_as_text(tmp_path):
    path = workbook(tmp_path / "file.xlsx", rows_xml([("sex", "age"), ("F", 12), ("", 13.5), ("", "")]))
    assert list(sheet_rows(path)) == [("sex", "age"), ("F", "12"), ("", "13.5")]
    (batch,) = read_rows(path)
    assert batch.table.to_pylist() == [{"sex": "F", "age": "12"}, {"sex": "", "age": "13.5"}]
    assert batch.rows.tolist() == [1, 2]


def test_head(tmp_path):
    path = workbook(tmp_path / "export.csv", rows_xml([("sex", "age"), ("F", 12)]))
    head = read_head(path)
    assert (head.format, head.columns, head.sheets) == ("xlsx", ("sex", "age"), ("Data",))


def test_rows_and_columns_before_the_first_cell_keep_their_place(tmp_path):
    sheet = '<row r="2"><c r="B2" t="inlineStr"><is><t>sex</t></is></c></row><row r="4"><c r="B4"><v>2</v></c></row>'
    path = workbook(tmp_path / "file.xlsx", sheet)
    assert list(sheet_rows(path)) == [("", ""), ("", "sex"), ("", ""), ("", "2")]
    assert list(sheet_rows(path, limit=2)) == [("", ""), ("", "sex")]


def test_unknown_sheet(tmp_path):
    path = workbook(tmp_path / "file.xlsx", rows_xml([("a",)]))
    with pytest.raises(UsageError, match="no sheet 'Other'; sheets: Data"):
        list(sheet_rows(path, "Other"))


def test_empty_sheet(tmp_path):
    with pytest.raises(UsageError, match="the sheet is empty"):
        list(read_rows(workbook(tmp_path / "file.xlsx", "")))


def test_zip_bomb_by_ratio(tmp_path):
    path = workbook(tmp_path / "file.xlsx", rows_xml([("a",)]), padding=bytes(20 << 20))
    assert path.stat().st_size < 100_000
    with pytest.raises(RefusedError, match="would unpack to"):
        sheet_names(path)


def test_zip_bomb_by_size(tmp_path):
    path = workbook(tmp_path / "file.xlsx", rows_xml([("a",)]), padding=bytes(range(256)) * 100)
    with pytest.raises(RefusedError, match="at most 10,000 bytes"):
        check_workbook(path, max_bytes=10_000)


def test_cell_in_the_far_corner(tmp_path):
    sheet = rows_xml([("a",)]) + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    with pytest.raises(RefusedError, match="1,048,576 rows x 16,384 columns"):
        list(sheet_rows(workbook(tmp_path / "file.xlsx", sheet)))


def test_damaged_workbook(tmp_path):
    path = workbook(tmp_path / "file.xlsx", rows_xml([("a",)]))
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(PalermoError, match="damaged or locked"):
        list(sheet_rows(path))


def test_a_sheet_that_is_named_and_not_there(tmp_path):
    whole, cut = tmp_path / "whole.xlsx", tmp_path / "cut.xlsx"
    workbook(whole, rows_xml([["a", "b"]]))
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(cut, "w") as target:
        for part in source.namelist():
            if "worksheets/" not in part:
                target.writestr(part, source.read(part))
    with pytest.raises(UsageError, match="does not hold it"):
        list(sheet_rows(cut))
