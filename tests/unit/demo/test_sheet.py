from python_calamine import CalamineWorkbook

from palermo.demo.sheet import write_sheet

ROWS = [["a", "ب & <c>", "n"], ["", " two  spaces ", 0], ["x", None, 17], *[[f"r{i}", "y", i] for i in range(30)]]


def test_a_sheet_reads_back_as_it_was_written(tmp_path):
    write_sheet(tmp_path / "made-up.xlsx", "Sheet of tests", ROWS)
    book = CalamineWorkbook.from_path(tmp_path / "made-up.xlsx")
    assert book.sheet_names == ["Sheet of tests"]
    expected = [[cell if cell is not None else "" for cell in row] for row in ROWS]
    assert book.get_sheet_by_index(0).to_python() == expected


def test_columns_after_z_have_two_letters(tmp_path):
    wide = [[f"c{i}" for i in range(60)]]
    write_sheet(tmp_path / "made-up.xlsx", "Wide", wide)
    assert CalamineWorkbook.from_path(tmp_path / "made-up.xlsx").get_sheet_by_index(0).to_python() == wide


def test_the_same_rows_give_the_same_bytes(tmp_path):
    for name in ("one.xlsx", "two.xlsx"):
        write_sheet(tmp_path / name, "S", ROWS)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
