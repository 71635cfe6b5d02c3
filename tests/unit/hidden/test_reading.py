"""Capture tables from CSV, frames and persons."""

import polars as pl
import pyarrow as pa
import pytest

from palermo.errors import UsageError
from palermo.hidden.reading import from_frame, from_persons, read_csv


@pytest.fixture
def csv_of(tmp_path):
    def read(text, **options):
        (tmp_path / "table.csv").write_text(text, encoding="utf-8")
        return read_csv(tmp_path / "table.csv", **options)

    return read


def test_lists_are_the_columns_of_0_and_1_and_the_rest_are_covariates(csv_of):
    made = csv_of("A,B,sex,count\n1,0,F,3\n0,1,M,4\n1,1,,2\n")
    assert made.lists == ("A", "B")
    assert made.covariates == {"sex": ("F", "M", None)}
    assert (made.n, made.name) == (9, "table")


def test_a_covariate_of_0_and_1_is_told_apart_by_naming_the_lists(csv_of):
    made = csv_of("A,B,child,count\n1,0,1,3\n0,1,0,4\n", lists=("A", "B"))
    assert made.covariates == {"child": ("1", "0")}


def test_a_printed_range_stays_a_range(csv_of):
    made = csv_of("A,B,count\n1,0,<5\n0,1,7\n")
    assert made.is_suppressed
    assert (made.lower.tolist(), made.upper.tolist()) == ([0, 7], [4, 7])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no rows"),
        ("A,B\n1,0\n", "no column 'count'"),
        ("A,B,count\n1,0,many\n", "row 1, column count"),
        ("A,B,count\n1,0,-3\n", "0 or more"),
        ("A,B,count\n1,0,2.5\n", "whole number"),
        ("A,B,count\n0,0,5\n", "no list saw these 5 persons"),
        ("A,B,count\n1,0,5\n1,0,6\n", "two rows"),
    ],
)
def test_a_bad_table_is_refused_with_the_place(csv_of, text, words):
    with pytest.raises(UsageError, match=words):
        csv_of(text)


def test_frames_give_the_same_table(csv_of):
    whole = csv_of("A,B,count\n1,0,3\n0,1,4\n1,1,2\n")
    columns = {"A": [1, 0, 1], "B": [0, 1, 1], "count": [3, 4, 2]}
    for frame in (pa.table(columns), pl.DataFrame(columns)):
        assert from_frame(frame).cells.tolist() == whole.cells.tolist()


def test_persons_are_counted_by_history_and_covariate():
    persons = pa.table({"lists": [["p"], ["p", "s"], ["p", "s"], ["other"]], "sex": ["F", "F", "_U", "M"]})
    made = from_persons(persons, ("p", "s"), ("sex",))
    assert made.n == 3
    assert sorted(zip(made.histories.tolist(), made.covariates["sex"], made.counts.tolist(), strict=True), key=str) == [
        (1, "F", 1), (3, "F", 1), (3, None, 1),
    ]  # fmt: skip
