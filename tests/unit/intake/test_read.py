"""Reading rows: a file that cannot be read gives an error that says where and what to do; a bad row is set aside."""

import gzip

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.errors import PalermoError, RefusedError, UsageError
from palermo.intake import read
from palermo.intake.read import read_rows


def write(tmp_path, data, name="file.csv"):
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def rows_of(path, **options):
    rows, numbers, bad = [], [], []
    for batch in read_rows(path, **options):
        rows += [tuple(row.values()) for row in batch.table.to_pylist()]
        numbers += batch.rows.tolist()
        bad += batch.bad
    return rows, numbers, bad


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(tmp_path, delimiter, end):
    lines = [delimiter.join(cells) for cells in (("sex", "age"), ("F", "12"), ("M", ""))]
    rows, numbers, bad = rows_of(write(tmp_path, end.join(lines) + end))
    assert rows == [("F", "12"), ("M", "")]
    assert numbers == [1, 2]
    assert not bad


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_encodings_that_show_themselves(tmp_path, encoding):
    rows, _, _ = rows_of(write(tmp_path, "name,sex\nÇelik,F\nŁódź,M\n".encode(encoding)))
    assert rows == [("Çelik", "F"), ("Łódź", "M")]


def test_utf16_big_endian_with_mark(tmp_path):
    data = b"\xfe\xff" + "name,sex\nÇelik,F\n".encode("utf-16-be")
    assert rows_of(write(tmp_path, data))[0] == [("Çelik", "F")]


def test_mac_roman_needs_its_name(tmp_path):
    path = write(tmp_path, "name,sex\rÇelik,F\rMüller,M\r".encode("mac_roman"))
    with pytest.raises(UsageError, match=r'encoding = .*"mac_roman"'):
        rows_of(path)
    assert rows_of(path, encoding="mac_roman")[0] == [("Çelik", "F"), ("Müller", "M")]


def test_wrong_byte_far_into_the_file_is_not_passed_over(tmp_path):
    path = write(tmp_path, b"name,sex\n" + b"abcdefgh,F\n" * 200_000 + b"\xe9tude,F\n")
    with pytest.raises(UsageError, match="not valid UTF-8"):
        rows_of(path)


def test_named_encoding_that_does_not_fit(tmp_path):
    with pytest.raises(UsageError, match="name another encoding"):
        rows_of(write(tmp_path, "name\nÇelik\n".encode("cp1252")), encoding="ascii")


def test_unknown_encoding(tmp_path):
    with pytest.raises(UsageError, match="no encoding is called 'klingon'"):
        rows_of(write(tmp_path, "a,b\n"), encoding="klingon")


@pytest.mark.parametrize("data", [b"", b"\n\n", b"   "])
def test_empty_file(tmp_path, data):
    with pytest.raises(UsageError, match="the file is empty"):
        rows_of(write(tmp_path, data))


def test_zero_bytes_are_no_text(tmp_path):
    with pytest.raises(UsageError, match="byte 6 is zero"):
        rows_of(write(tmp_path, b"a,b\n1\x00,2\n" + b"3,4\n" * 20))


def test_no_such_file(tmp_path):
    with pytest.raises(UsageError, match="no such file"):
        rows_of(tmp_path / "none.csv")


def test_folder(tmp_path):
    with pytest.raises(UsageError, match="a folder"):
        rows_of(tmp_path)


def test_ragged_rows_are_set_aside_with_their_numbers(tmp_path):
    data = 'a,b,c\n1,2,3\n4,5\n"x\ny",6,7\n8,9,10,11\n12,13,14\n'
    rows, numbers, bad = rows_of(write(tmp_path, data))
    assert rows == [("1", "2", "3"), ("x\ny", "6", "7"), ("12", "13", "14")]
    assert numbers == [1, 3, 5]
    assert [(row.row, row.found, row.expected, row.raw) for row in bad] == [
        (2, "2 cells", "3 cells", "4,5"),
        (4, "4 cells", "3 cells", "8,9,10,11"),
    ]


def test_file_of_ragged_rows_only(tmp_path):
    rows, _, bad = rows_of(write(tmp_path, "a,b\n1\n2\n3\n"))
    assert not rows
    assert [row.row for row in bad] == [1, 2, 3]


def test_empty_lines_are_no_rows(tmp_path):
    rows, numbers, bad = rows_of(write(tmp_path, "\n\na,b\n1,2\n\n\n3\n4,5\n\n"))
    assert (rows, numbers) == ([("1", "2"), ("4", "5")], [1, 3])
    assert [row.row for row in bad] == [2]


def test_wrong_delimiter_does_not_fill_the_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(read, "MAX_BAD_RUN", 100)
    with pytest.raises(RefusedError, match=r"from row 1 on, 100 rows in succession .* Name the delimiter"):
        rows_of(write(tmp_path, "a,b\n" + "1\n" * 1000))


def test_delimiter_below_a_title(tmp_path):
    path = write(tmp_path, "Made-up table, first part\nsex;age\nF;12\nM;13\n")
    assert rows_of(path, header_row=2)[0] == [("F", "12"), ("M", "13")]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.booleans(), min_size=1, max_size=60), st.integers(64, 256))
def test_numbers_of_good_and_bad_rows_together_are_all_rows(tmp_path_factory, good, block):
    path = write(
        tmp_path_factory.mktemp("ragged"),
        "a,b\n" + "".join(f"{i},x\n" if ok else f"{i}\n" for i, ok in enumerate(good)),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(read, "MAX_LINE", block)  # many small batches, so that Arrow reads ahead across them
        rows, numbers, bad = rows_of(path)
    assert numbers == [i + 1 for i, ok in enumerate(good) if ok]
    assert [row.row for row in bad] == [i + 1 for i, ok in enumerate(good) if not ok]
    assert [int(row[0]) + 1 for row in rows] == numbers


def test_repeated_columns(tmp_path):
    with pytest.raises(UsageError, match="'sex' in columns 2, 4"):
        rows_of(write(tmp_path, "id,sex,age,sex\n1,F,2,F\n"))


def test_merged_header(tmp_path):
    data = "Victim,,Case,\nsex,age,year,place\nF,12,2020,x\nF,14,2020,x\n"
    path = write(tmp_path, data)
    with pytest.raises(UsageError, match="header_row = 2"):
        rows_of(path)
    assert rows_of(path, header_row=2)[0] == [("F", "12", "2020", "x"), ("F", "14", "2020", "x")]


def test_title_above_the_header(tmp_path):
    path = write(tmp_path, 'Made-up table\n"over\ntwo lines",\nsex,age\nF,12\n')
    rows, numbers, _ = rows_of(path, header_row=3, delimiter=",")
    assert rows == [("F", "12")]
    assert numbers == [1]


def test_header_row_beyond_the_file(tmp_path):
    with pytest.raises(UsageError, match="header_row = 9"):
        rows_of(write(tmp_path, "a,b\n1,2\n"), header_row=9)


def test_column_without_a_name(tmp_path):
    (batch,) = read_rows(write(tmp_path, ",sex\n1,F\n2,F\n"))
    assert batch.columns == ("column 1", "sex")


def test_header_only(tmp_path):
    assert rows_of(write(tmp_path, "a,b\n")) == ([], [], [])


def test_long_line_is_refused_without_being_loaded(tmp_path, monkeypatch):
    monkeypatch.setattr(read, "MAX_LINE", 1024)
    path = write(tmp_path, b"a,b\n1,2\n3,4\n" + b"x" * 100_000 + b",5\n6,7\n")
    with pytest.raises(PalermoError, match="row is longer than 1,024 bytes"):
        rows_of(path)


def test_quotation_mark_that_nothing_closes(tmp_path):
    with pytest.raises(PalermoError, match="never closed"):
        rows_of(write(tmp_path, 'a,b\n1,2\n3,"x\n4,5\n6,7\n'))


def test_inch_mark_inside_a_cell_is_a_letter(tmp_path):
    assert rows_of(write(tmp_path, 'a,b\n1,5" wide\n2,y\n'))[0] == [("1", '5" wide'), ("2", "y")]


def test_texts_that_look_like_nothing_or_numbers_stay(tmp_path):
    assert rows_of(write(tmp_path, "a,b\nNA,00\nnull,1.192\n"))[0] == [("NA", "00"), ("null", "1.192")]


def test_only_the_columns_asked_for(tmp_path):
    path = write(tmp_path, "a,b,c\n1,2,3\n")
    assert rows_of(path, columns=["c", "a"])[0] == [("1", "3")]
    with pytest.raises(UsageError, match="columns not found: d"):
        rows_of(path, columns=["a", "d"])


def test_gzip(tmp_path):
    path = write(tmp_path, gzip.compress(b"a,b\n1,2\n"), "file.csv.gz")
    assert rows_of(path)[0] == [("1", "2")]


def test_gzip_cut_short(tmp_path):
    whole = gzip.compress(b"a,b\n" + b"1,2\n" * 100_000)
    with pytest.raises(PalermoError, match="damaged or cut short"):
        rows_of(write(tmp_path, whole[:-20], "file.csv.gz"))


def test_parquet_comes_as_text(tmp_path):
    path = tmp_path / "file.parquet"
    table = pa.table({"n": [1, None], "x": [2011.0, 1.5], "s": ["NA", None], "b": [True, False]})
    pq.write_table(table, path)
    assert rows_of(path)[0] == [("1", "2011", "NA", "true"), ("", "1.5", "", "false")]


def test_parquet_names_with_outer_spaces(tmp_path):
    pq.write_table(pa.table({" n ": [1]}), tmp_path / "file.parquet")
    (batch,) = read_rows(tmp_path / "file.parquet")
    assert batch.table.to_pylist() == [{"n": "1"}]


def test_damaged_parquet(tmp_path):
    with pytest.raises(PalermoError, match="not a readable Parquet file"):
        rows_of(write(tmp_path, b"PAR1 and no more", "file.parquet"))


def test_encoded_columns_hold_the_same_texts(tmp_path):
    path = write(tmp_path, "a,b\nF,1\nF,2\n")
    (batch,) = read_rows(path, encoded=True)
    assert pa.types.is_dictionary(batch.table.schema.field("a").type)
    assert rows_of(path, encoded=True)[0] == [("F", "1"), ("F", "2")]
