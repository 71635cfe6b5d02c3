import zipfile

from palermo.intake.head import read_head
from palermo.intake.registry import Head, SourceOptions
from palermo.intake.shapes import national_wide

WIDE = (
    "Year,Victims per 100 000 persons,Women,Men,0-17 years,Unknown breakdown\n"
    "2020,0.9,0.6,0.3,,1\n2021,1.1,-,0.4,NA,2\n"
)
YEARS = [
    ["16.2.2 Number of victims of human trafficking", "", "", "", ""],
    ["Items", "", "2019", "2020", "2021"],
    ["Number of victims", "Число жертв", "7", "9", "11"],
    ["By sex", "По полу", "", "", ""],
    ["Women", "Женщины", "5", "-", "8"],
    ["A province", "", "1", "2", "3"],
    ["Number of victims, total people", "Число жертв на 100 000 человек", "0.1", "0.2", "0.3"],
]


def workbook(path, rows):
    """The smallest XLSX file that holds the rows as text or numbers."""
    cells = "".join("<row>" + "".join(_cell(text) for text in row) + "</row>" for row in rows)
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": _relations("officeDocument", "xl/workbook.xml"),
        "xl/_rels/workbook.xml.rels": _relations("worksheet", "worksheets/sheet1.xml"),
        "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        '<sheets><sheet name="made up" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{cells}</sheetData></worksheet>",
    }
    with zipfile.ZipFile(path, "w") as package:
        for name, text in parts.items():
            package.writestr(name, text)


def _cell(text):
    return f'<c t="inlineStr"><is><t>{text}</t></is></c>'


def _relations(kind, target):
    base = "http://schemas.openxmlformats.org"
    return (
        f'<Relationships xmlns="{base}/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{base}/officeDocument/2006/relationships/{kind}" Target="{target}"/></Relationships>'
    )


def test_a_column_for_each_breakdown(tmp_path):
    path = tmp_path / "made_up.csv"
    path.write_text(WIDE, encoding="utf-8")
    assert national_wide.recognise_breakdowns(read_head(path))
    (batch,) = national_wide.read_breakdowns(path, SourceOptions("office", area="FRA"))
    rows = batch.tables["observations"].to_pylist()
    assert (batch.read, batch.accepted, len(batch.quarantined)) == (9, 7, 2)  # a blank cell holds no figure
    assert [(row["sex"], row["age"], row["value"]) for row in rows] == [
        ("_T", "_T", 0.9),
        ("F", "_T", 0.6),
        ("M", "_T", 0.3),
        ("_T", "_T", 1.1),
        ("F", "_T", None),
        ("M", "_T", 0.4),
        ("_T", "Y0T17", None),
    ]
    assert {row["unit"] for row in rows} == {"PER_100K"}
    assert [(one.row, one.column) for one in batch.quarantined] == [(1, "Unknown breakdown"), (2, "Unknown breakdown")]


def test_a_column_for_each_year(tmp_path):
    path = tmp_path / "made_up.xlsx"
    workbook(path, YEARS)
    assert national_wide.recognise_years(read_head(path))
    (batch,) = national_wide.read_years(path, SourceOptions("office", area="FRA"))
    rows = batch.tables["observations"].to_pylist()
    assert batch.read == batch.accepted + len(batch.quarantined) == 12
    assert [(row["time_period"], row["sex"], row["value"]) for row in rows] == [
        ("2019", "_T", 7),
        ("2020", "_T", 9),
        ("2021", "_T", 11),
        ("2019", "F", 5),
        ("2020", "F", None),
        ("2021", "F", 8),
    ]
    assert {one.found for one in batch.quarantined} == {
        "A province",
        "Number of victims, total people | Число жертв на 100 000 человек",
    }


def test_other_shapes_are_not_claimed(tmp_path):
    assert not national_wide.recognise_breakdowns(Head(tmp_path, "csv", ("Year", "Women", "Men")))
    assert not national_wide.recognise_breakdowns(Head(tmp_path, "csv", ("Name", "Victims per 100 000", "Men")))
    assert not national_wide.recognise_years(Head(tmp_path, "xlsx", rows=(("Population",), ("Items", "2019", "2020"))))
