"""A small writer of XLSX files with one sheet, because an office would send one and no dependency writes them.

Only what the demo needs: texts and whole numbers, the first row as it comes. The ZIP entries carry a fixed date, so
that the same rows always give the same bytes.
"""

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = (
    f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first date that ZIP can hold


def write_sheet(path: Path, title: str, rows: Iterable[Sequence[str | int | None]]) -> None:
    """Write rows to the sheet ``title``. A whole number becomes a number, a text a text, None an empty cell."""
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _relations(f"{_OFFICE}/officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        f'<sheet name="{escape(title)}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relations(f"{_OFFICE}/worksheet", "worksheets/sheet1.xml"),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, text in parts.items():
            archive.writestr(_entry(name), text.encode())
        with archive.open(_entry("xl/worksheets/sheet1.xml"), "w") as stream:
            for piece in _sheet(rows):
                stream.write(piece.encode())


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _LONG_AGO)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _relations(kind: str, target: str) -> str:
    return (
        f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{kind}" Target="{target}"/></Relationships>'
    )


def _sheet(rows: Iterable[Sequence[str | int | None]]) -> Iterator[str]:
    yield f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>'
    for number, row in enumerate(rows, 1):
        cells = "".join(_cell(place, number, value) for place, value in enumerate(row))
        yield f'<row r="{number}">{cells}</row>'
    yield "</sheetData></worksheet>"


def _cell(place: int, row: int, value: str | int | None) -> str:
    if value is None or value == "":
        return ""
    at = f"{_letters(place)}{row}"
    if isinstance(value, int):
        return f'<c r="{at}"><v>{value}</v></c>'
    return f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def _letters(place: int) -> str:
    """The letters of a column: 0 is A, 26 is AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
