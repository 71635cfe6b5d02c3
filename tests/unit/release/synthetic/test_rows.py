"""Rows as text: the columns of the input, quoted where they must be, harmless in a spreadsheet."""

import csv

import numpy as np

from palermo.release.synthetic.reading import ReadColumn, ReadOptions, read_file
from palermo.release.synthetic.rows import write_rows


def _written(path, rows, *columns):
    write_rows(np.array(rows, np.int32), columns, path)
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def test_codes_come_back_as_text(tmp_path):
    one = ReadColumn("a,b", "", ('say "x"', "NA"), True, (0,))
    two = ReadColumn("c", "", ("x;y",), True, (1,))
    assert _written(tmp_path / "r.csv", [[1, 0], [2, 1], [0, 0]], one, two) == [
        ["a,b", "c"],
        ['say "x"', ""],
        ["NA", "x;y"],
        ["", ""],
    ]


def test_formulas_are_made_harmless_and_numbers_left_alone(tmp_path):
    column = ReadColumn("=now()", "", ("=1+1", "-99", "@x"), True, (0,))
    assert _written(tmp_path / "r.csv", [[1], [2], [3]], column) == [["'=now()"], ["'=1+1"], ["-99"], ["'@x"]]


def test_split_cells_are_joined_again(tmp_path):
    column = ReadColumn("form", "", ("b", "a"), True, (0, 1), split=True)
    assert _written(tmp_path / "r.csv", [[1, 1], [0, 1], [0, 0]], column)[1:3] == [["a;b"], ["a"]]


def test_a_blank_row_of_one_column_is_a_row(tmp_path):
    column = ReadColumn("a", "", ("x",), True, (0,))
    _written(tmp_path / "r.csv", [[1], [0], [1]], column)
    assert read_file(tmp_path / "r.csv", ReadOptions(codes={"a": ("x",)})).rows == 3
