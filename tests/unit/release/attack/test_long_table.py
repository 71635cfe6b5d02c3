"""Anybody's table, read: marks, totals, columns of counts, tables that are wide, cells that are printed twice."""

import numpy as np
import pytest

from palermo.errors import PalermoError
from palermo.release.attack.long_table import HIDDEN, MISSING, SHOWN, is_table, is_total, printed, read_table

MARKS = [
    ("1,192", (1192, 1192, SHOWN)),
    ("7", (7, 7, SHOWN)),
    ("12.0", (12, 12, SHOWN)),
    ("<5", (0, 4, HIDDEN)),
    ("< 10", (0, 9, HIDDEN)),
    ("≤ 3", (0, 3, HIDDEN)),
    ("fewer than 5", (0, 4, HIDDEN)),
    ("1–4", (1, 4, HIDDEN)),
    ("'*", (0, np.inf, HIDDEN)),
    ("suppressed", (0, np.inf, HIDDEN)),
    ("..", (0, np.inf, MISSING)),
    ("", (0, np.inf, MISSING)),
]


@pytest.mark.parametrize(("text", "expected"), MARKS, ids=[repr(text) for text, _ in MARKS])
def test_marks(text, expected):
    assert printed(text) == expected


def test_what_is_no_count_is_not_taken_for_one():
    assert np.isnan(printed("3.5")[0])
    assert np.isnan(printed("Q6.1_21s_2020")[0])
    assert np.isnan(printed("-4")[0])


def table(tmp_path, text, **options):
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    return read_table(path, **options)


def test_a_mark_starts_at_one_where_zeros_are_printed(tmp_path):
    without = table(tmp_path, "sex,value\nF,<5\nM,9\n")
    zeros = table(tmp_path, "sex,value\nF,<5\nM,0\n")
    assert (without.low[without.status == HIDDEN], zeros.low[zeros.status == HIDDEN]) == ([0], [1])
    assert (without.k, table(tmp_path, "sex,value\nF,<10\nM,9\n").k) == (5, 10)


def test_a_cell_printed_twice_is_unknown_between_the_two(tmp_path):
    text = "sex,value\nF,7\nF,9\nM,8\nM,8\n"
    read = table(tmp_path, text)
    assert read.differing == 1
    assert [(low, high, status) for low, high, status in zip(read.low, read.high, read.status, strict=True)] == [
        (7, 9, MISSING),
        (8, 8, SHOWN),
    ]
    assert table(tmp_path, text, conflicts="first").low.tolist() == [7, 8]


def test_shares_and_rates_are_left_out(tmp_path):
    read = table(tmp_path, "sex,unit,value\nF,PERSON,7\nF,PERCENT,3\nM,per 100 000,2\n")
    assert read.low.tolist() == [7]


def test_a_blank_that_another_column_calls_suppressed_is_hidden(tmp_path):
    read = table(tmp_path, "sex,value,mark,lower,upper\nF,,suppressed,2,11\nM,,unknown,,\n_T,30,count,,\n")
    assert read.status.tolist() == [HIDDEN, MISSING, SHOWN]
    assert (read.low[0], read.high[0]) == (2, 11)
    assert read.dimensions == ("sex",)


def test_a_wide_table_is_attacked_like_a_long_one(kinds, tmp_path):
    path = tmp_path / "wide.csv"
    path.write_text("area,year,Female,Male,Total\nXXA,2021,<5,12,15\nXXB,2021,20,9,29\n", encoding="utf-8")
    assert is_table(path, None)
    assert kinds(path) == {"subtraction"}
    read = read_table(path)
    assert read.dimensions == ("area", "year", "column")
    assert read.cell(0) == "area XXA, column Female"


def test_rows_of_flags_are_no_table(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("year,isForcedLabour,isSexualExploit\n2021,1,\n2022,,1\n2022,0,1\n", encoding="utf-8")
    assert not is_table(path, None)


def test_labels_that_repeat_a_code_do_not_name_a_cell(tmp_path):
    read = table(tmp_path, "code,name,sex,value\nA,Aland,F,7\nA,Aland,M,9\nB,Bland,F,8\nB,Bland,M,12\n")
    assert read.cell(0) == "code A, sex F"


def test_totals_in_several_words():
    assert all(is_total(text) for text in ("_T", "Total", " both sexes", "Insgesamt"))
    assert not any(is_total(text) for text in ("F", "Totalitarian", ""))


def test_a_blank_means_everybody_where_no_other_label_does(kinds, tmp_path):
    path = tmp_path / "sdg.csv"
    path.write_text("Year,Sex,COMMENT_OBS,Value\n2021,,a,30\n2021,F,b,21\n2021,M,c,*\n", encoding="utf-8")
    assert kinds(path) == {"subtraction"}
    assert read_table(path).dimensions == ("Year", "Sex")
    assert "" in read_table(tmp_path_with_total(tmp_path)).labels[0]


def tmp_path_with_total(tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("Sex,Value\nTotal,30\nF,21\n,9\n", encoding="utf-8")
    return path


def test_a_table_without_counts_is_refused(tmp_path):
    with pytest.raises(PalermoError, match="holds no count"):
        table(tmp_path, "sex,value\nF,many\n")
