"""Capture tables from CSV, frames and persons."""

import gzip

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import feather

from palermo.errors import PalermoError, UsageError
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


PLAIN = "A,B,count\n1,0,3\n0,1,4\n1,1,2\n"
CELLS = [0, 3, 4, 2]


@pytest.mark.parametrize(
    "text",
    [
        "A,B,Freq\n1,0,3\n0,1,4\n1,1,2\n",
        "A,B,n\n1,0,3\n0,1,4\n1,1,2\n",
        "A;B;N\n1;0;3\n0;1;4\n1;1;2\n",
        "A\tB\tfrequency\n1\t0\t3\n0\t1\t4\n1\t1\t2\n",
        "sep=;\nA;B;obs\n1;0;3\n0;1;4\n1;1;2\n",
        "\ufeffA,B,count\r\n1,0,3\r\n0,1,4\r\n1,1,2\r\n",
        '"","A","B","count"\n"1",1,0,3\n"2",0,1,4\n"3",1,1,2\n',
        "X,A,B,count\n1,1,0,3\n2,0,1,4\n3,1,1,2\n",
        "Unnamed: 0,A,B,count\n0,1,0,3\n1,0,1,4\n2,1,1,2\n",
        "A,B,count\nTRUE,FALSE,3\nFALSE,TRUE,4\nTRUE,TRUE,2\n",
        "A,B,count\nyes,no,3\nno,yes,4\nyes,yes,2\n",
        "A,B,count\nY,N,3\nN,Y,4\nY,Y,2\n",
        "A,B,count\nx,,3\n,x,4\nx,x,2\n",
        "A,B,count\n1,,3\n,1,4\n1,1,2\n",
        "A,B,count\n1.0,0.0,3.0\n0.0,1.0,4.0\n1.0,1.0,2.0\n",
        'A,B,count\n1,0,"3,0"\n0,1,4\n1,1,2\n',
        "A,B,count\n0,0,0\n1,0,3\n0,1,4\n1,1,2\n",
        "A,B,count\n0,0,\n1,0,3\n0,1,4\n1,1,2\n",
        "A,B,count\n0,0,NA\n1,0,3\n0,1,4\n1,1,2\n",
        "A,B,count,,\n1,0,3,,\n0,1,4,,\n1,1,2,,\n,,,,\n",
        "A,B\n1,0\n1,0\n1,0\n0,1\n0,1\n0,1\n0,1\n1,1\n1,1\n",
        "id,A,B\n7,1,0\n8,1,0\n9,1,0\n10,0,1\n11,0,1\n12,0,1\n13,0,1\n14,1,1\n15,1,1\n",
        "history,count\n10,3\n01,4\n11,2\n",
        "history,count\n1-0,3\n0-1,4\n1-1,2\n",
        "ch;freq\n1 0;3\n0 1;4\n1 1;2\n",
    ],
)
def test_the_shapes_that_tables_have_in_the_world_are_read_alike(csv_of, text):
    made = csv_of(text)
    assert made.cells.tolist() == CELLS
    assert made.covariates == {}
    assert not made.is_suppressed


def test_a_history_column_takes_the_names_of_its_lists(csv_of):
    assert csv_of("history,count\n10,3\n01,4\n").lists == ("list_1", "list_2")
    assert csv_of("history,count\n10,3\n01,4\n", lists=("police", "shelter")).lists == ("police", "shelter")


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("<5", (0, 4)), ("< 5", (0, 4)), ("<=5", (0, 5)), ("≤5", (0, 5)), ("5-9", (5, 9)), ("5 – 9", (5, 9)),
        ('"[1,4]"', (1, 4)), ("1 to 4", (1, 4)), ('"1,234"', (1234, 1234)), ("1 234", (1234, 1234)),
        ("1'234'567", (1234567, 1234567)), ("1000000000", (10**9, 10**9)), ("1e9", (10**9, 10**9)),
    ],
)  # fmt: skip
def test_a_count_may_be_printed_in_many_ways(csv_of, text, bounds):
    made = csv_of(f"A,B,count\n1,0,{text}\n0,1,4\n")
    assert (int(made.lower[0]), int(made.upper[0])) == bounds


@pytest.mark.parametrize("sign", ["c", "*", ":", "x", "..", "-", "suppressed"])
def test_a_sign_that_hides_a_number_needs_its_range(csv_of, sign):
    with pytest.raises(UsageError, match=r"row 1, column count: found .* write the range"):
        csv_of(f"A,B,count\n1,0,{sign}\n0,1,4\n")


@pytest.mark.parametrize("empty", ["", "NA", "nan"])
def test_a_blank_count_of_a_history_that_was_seen_is_not_taken_for_0(csv_of, empty):
    with pytest.raises(UsageError, match=r"row 2, column count: blank .* Write 0"):
        csv_of(f"A,B,count\n1,0,3\n0,1,{empty}\n")


def test_a_history_that_nobody_can_have_is_a_structural_zero(csv_of):
    made = csv_of("A,B,C,count\n1,0,0,3\n0,1,0,4\n0,0,1,5\n1,1,0,structural\n1,1,1,impossible\n1,0,1,2\n0,1,1,1\n")
    assert made.structural == {0b011, 0b111}
    assert made.n == 15


def test_what_is_possible_for_some_persons_only_is_no_structural_zero(csv_of):
    with pytest.raises(UsageError, match=r"row 3 says that nobody can be on A alone, and row 1 counts"):
        csv_of("A,B,sex,count\n1,0,F,3\n0,1,F,4\n1,0,M,structural\n0,1,M,4\n")


@pytest.mark.parametrize("name", ["sex", "Female", "child", "age"])
def test_a_column_of_0_and_1_that_tells_who_a_person_is_is_no_list(csv_of, name):
    made = csv_of(f"A,B,{name},count\n1,0,1,3\n0,1,0,4\n")
    assert made.lists == ("A", "B")
    assert list(made.covariates) == [name]


def test_numbers_and_codes_stay_covariates_with_their_zeros(csv_of):
    made = csv_of("year,A,B,region,none,count\n2019,1,0,01,none,3\n2020,0,1,02,conflict,4\n")
    assert made.lists == ("A", "B")
    assert made.covariates == {"year": ("2019", "2020"), "region": ("01", "02"), "none": ("none", "conflict")}


def test_a_code_of_0_and_1_beside_lists_is_no_history(csv_of):
    made = csv_of("code,A,B,count\n01,1,0,3\n10,0,1,4\n")
    assert made.lists == ("A", "B")
    assert made.covariates == {"code": ("01", "10")}


def test_persons_are_counted_by_covariates_in_sorted_order(csv_of):
    made = csv_of("A,B,sex\n1,0,M\n1,0,F\n1,0,F\n0,1,F\n")
    assert made.histories.tolist() == [1, 1, 2]
    assert made.covariates == {"sex": ("F", "M", "F")}
    assert made.counts.tolist() == [2, 1, 1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A,B,count\n", "no rows below the header"),
        ("A,count\n1,3\n", r"found 1 lists \(A\); expected 2 to 10"),
        ("count,victims\n3,4\n", "found 0 lists, and as covariates victims"),
        (",".join("ABCDEFGHIJK") + ",count\n" + "1," * 11 + "3\n", "found 11 lists .*--lists"),
        ("A,B,count\n1,0,inf\n", "expected a whole number"),
        ("A,B,count\n1,0,10+\n", "a range without end"),
        ("A,B,count\n1,0,9-5\n", "ends before it begins"),
        ("A,B,count\n1,0,9e15\n", "more persons|whole number"),
        ("A,B,count\n1,0,1.234\n", "point parts thousands"),
        ("A,B,count\n1,0,1.000\n", "point parts thousands"),
        ("A,B,count\n1,0\n0,1,4\n", "row 1: 2 cells, expected 3"),
        ("A,B,count\n1,0,1,234\n0,1,4\n", "row 1: 4 cells, expected 3"),
        ("A,A,count\n1,0,3\n", "column A stands twice"),
        ("A,B,count\n1,0,3\n0,,4\n", "row 2, column B: found '' "),
        ("A,B,count\n1,0,3\n1,2,3\n0,1,4\n", "row 2, column B: found '2' among 0 and 1"),
        ("A,B,convicted,count\n1,0,yes,3\n0,1,no,4\n", "A, B hold 0 and 1, convicted words for yes and no"),
        ("# made up\nA,B,count\n1,0,3\n", r"row 1: 3 cells, expected 1 as in the first line \(# made up\)"),
        ("A,B,count\n1,0,3\n0,1,4\nTotal,,7\n", "row 3, column A: found 'Total'.*row of totals"),
        ("A,B,count\n1,0," + "9" * 5000 + "\n", r"found '9{40}\.\.\.'"),
        ("A,B,freq,cases\n1,0,3,4\n0,1,4,5\n", "freq, cases could all be the number of persons"),
        ("A,B,total\n1,0,3\n0,1,4\n", "no column 'count'; found A, B, total"),
        ("A,B\n1,0\n1,0\n0,0\n", "row 3: no list saw this person"),
        ("history,count\n101,3\n11,4\n", "row 2, column history: found '11'.*drops zeros"),
        ('A,B,count\n1,0,"3\n0,1,4\n', "quotation mark left open"),
        ('[{"A": 1}]', "holds JSON"),
        ("<table/>", "holds XML"),
        ("%PDF-1.7", "a PDF"),
    ],
)
def test_what_cannot_be_read_says_where_and_what_to_do(csv_of, text, words):
    with pytest.raises(UsageError, match=words) as caught:
        csv_of(text)
    assert "table.csv" in str(caught.value)


def test_a_list_named_by_hand_must_hold_0_and_1(csv_of):
    with pytest.raises(UsageError, match="row 2, column B: found '3'; expected 1 where the list saw"):
        csv_of("A,B,count\n1,0,3\n0,3,4\n", lists=("A", "B"))


def test_text_that_is_not_utf8_says_how_to_save_it(tmp_path):
    (tmp_path / "table.csv").write_bytes("A,B,place,count\n1,0,Orléans,3\n".encode("cp1252"))
    with pytest.raises(UsageError, match="Save the file as CSV in UTF-8"):
        read_csv(tmp_path / "table.csv")


@pytest.fixture
def arrow():
    return pa.table({"A": [1, 0, 1], "B": [False, True, True], "count": [3.0, 4.0, 2.0]})


def test_other_file_formats_give_the_same_table(tmp_path, arrow):
    pq.write_table(arrow, tmp_path / "table.parquet")
    feather.write_feather(arrow, tmp_path / "table.feather", compression="uncompressed")
    (tmp_path / "table.csv.gz").write_bytes(gzip.compress(PLAIN.encode()))
    for name in ("table.parquet", "table.feather", "table.csv.gz"):
        assert read_csv(tmp_path / name).cells.tolist() == CELLS, name


def test_a_workbook_is_read_from_its_first_sheet(tmp_path):
    openpyxl = pytest.importorskip("openpyxl", reason="writes the workbook of this test")
    book = openpyxl.Workbook()
    for row in (("A", "B", "sex", "count"), (1, 0, "F", 3), (0, 1, None, 4), (1, 1, "F", 2)):
        book.active.append(row)
    book.save(tmp_path / "table.xlsx")
    made = read_csv(tmp_path / "table.xlsx")
    assert made.cells.tolist() == CELLS
    assert made.covariates == {"sex": ("F", None, "F")}


def test_a_damaged_file_is_named(tmp_path):
    (tmp_path / "table.parquet").write_bytes(b"PAR1 and nothing more")
    with pytest.raises(PalermoError, match=r"table.parquet: cannot be read"):
        read_csv(tmp_path / "table.parquet")


def test_arrow_frames_give_the_same_table(arrow):
    for frame in (
        arrow,
        arrow.to_batches()[0],
        arrow.append_column("sex", pa.array(["F", None, "F"]).dictionary_encode()),
    ):
        assert from_frame(frame).cells.tolist() == CELLS


def test_polars_frames_give_the_same_table(arrow):
    polars = pytest.importorskip("polars", reason="polars is not installed")
    frame = polars.from_arrow(arrow)
    assert from_frame(frame).cells.tolist() == CELLS
    assert from_frame(frame.lazy()).cells.tolist() == CELLS


def test_pandas_frames_give_the_same_table_whatever_their_index(arrow):
    pytest.importorskip("pandas", reason="pandas is not installed")
    frame = arrow.to_pandas()
    frame.index = [7, 8, 9]
    assert from_frame(frame).cells.tolist() == CELLS
    frame["A"] = frame["A"].astype("category")
    frame["B"] = frame["B"].astype("float64")
    assert from_frame(frame).cells.tolist() == CELLS
    frame.loc[8, "count"] = float("nan")
    with pytest.raises(UsageError, match="frame: row 2, column count: blank"):
        from_frame(frame)


def test_what_is_no_frame_is_named():
    with pytest.raises(UsageError, match="found dict; expected a pandas"):
        from_frame({"A": [1]})


def test_the_unseen_are_left_out_of_a_frame_when_asked():
    frame = pa.table({"A": [0, 1, 0], "B": [0, 0, 1], "count": [9, 3, 4]})
    assert from_frame(frame, drop_unseen=True).n == 7
    with pytest.raises(UsageError, match="no list saw these 9 persons"):
        from_frame(frame)


def test_persons_are_counted_by_history_and_covariate():
    persons = pa.table({"lists": [["p"], ["p", "s"], ["p", "s"], ["other"]], "sex": ["F", "F", "_U", "M"]})
    made = from_persons(persons, ("p", "s"), ("sex",))
    assert made.n == 3
    assert sorted(zip(made.histories.tolist(), made.covariates["sex"], made.counts.tolist(), strict=True), key=str) == [
        (1, "F", 1), (3, "F", 1), (3, None, 1),
    ]  # fmt: skip
