"""Any categorical file is coded, or refused in a sentence that says what to do."""

import gzip
import re

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from palermo.errors import PalermoError, RefusedError, UsageError
from palermo.release.synthetic.reading import FOUND, GIVEN, ReadOptions, read_file


def _write(folder, text, name="cases.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def _column(reading, name):
    return next(column for column in reading.columns if column.name == name)


def _texts(reading, name):
    column = _column(reading, name)
    codes = ["", *column.codes]
    return [codes[value] for value in reading.data.values[:, column.at[0]].tolist()]


def test_na_is_namibia_and_empty_is_blank(tmp_path):
    read = read_file(_write(tmp_path, "citizenship,gender\nNA,Female\nPH,\n,Male\n"))
    assert _texts(read, "citizenship") == ["NA", "PH", ""]
    assert _texts(read, "gender") == ["Female", "", "Male"]
    assert read.data.found == frozenset()


def test_countries_are_those_of_the_world_not_those_of_the_file(tmp_path):
    read = read_file(_write(tmp_path, "CountryOfExploitation\nUSA\nNAM\n"))
    assert len(_column(read, "CountryOfExploitation").codes) > 240


@pytest.mark.parametrize("band", ["9--17", "09--17", "9-17", "9–17"])
def test_age_bands_in_every_way_of_writing(tmp_path, band):
    read = read_file(_write(tmp_path, f"ageBroad\n{band}\n48+\n"))
    codes = _column(read, "ageBroad").codes
    assert band in codes
    assert len(codes) == 9
    assert read.data.found == frozenset()


def test_flags_are_recognised_with_and_without_zeros(tmp_path):
    read = read_file(_write(tmp_path, "isForcedLabour,meansThreats\n1,1.0\n,0.0\n"))
    assert _column(read, "isForcedLabour").codes == ("1",)
    assert _column(read, "meansThreats").codes == ("1.0", "0.0")


def test_gzip_semicolons_and_byte_order_mark(tmp_path):
    path = tmp_path / "cases.csv.gz"
    path.write_bytes(gzip.compress("\ufeffgender;colour\nFemale;red\nMale;blue\n".encode()))
    read = read_file(path)
    assert [column.name for column in read.columns] == ["gender", "colour"]
    assert _texts(read, "colour") == ["red", "blue"]


def test_parquet_with_numbers_and_nulls(tmp_path):
    table = pa.table({"year": [2016, None, 2018], "flag": [1.0, None, float("nan")], "yes": [True, False, None]})
    pq.write_table(table, tmp_path / "cases.parquet")
    read = read_file(tmp_path / "cases.parquet")
    assert _texts(read, "year") == ["2016", "", "2018"]
    assert _texts(read, "flag") == ["1", "", ""]
    assert _texts(read, "yes") == ["true", "false", ""]


def test_marks_for_nothing_known(tmp_path):
    read = read_file(_write(tmp_path, "colour\n-99\nred\nblue\n"), ReadOptions(blanks=frozenset({"-99"})))
    assert _texts(read, "colour") == ["", "red", "blue"]
    ctdc = read_file(_write(tmp_path, "gender\n-99\nFemale\nMale\n"))
    assert _texts(ctdc, "gender") == ["", "Female", "Male"]


def test_a_column_without_a_public_list_is_said_and_marked(tmp_path):
    read = read_file(_write(tmp_path, "colour\nred\nblue\n"))
    assert _column(read, "colour").source == FOUND
    assert read.data.found == {"colour"}
    assert "no public code list" in read.notices[0]


def test_lists_of_the_user_hold_more_than_the_file(tmp_path):
    options = ReadOptions(codes={"colour": ("green", "red", "blue")})
    read = read_file(_write(tmp_path, "colour\nred\nblue\n"), options)
    assert _column(read, "colour").source == GIVEN
    assert _column(read, "colour").codes == ("green", "red", "blue")
    assert not read.data.found
    declared = read_file(tmp_path / "cases.csv", ReadOptions(codes_from_data=frozenset({"colour"})))
    assert not declared.data.found


def test_values_off_the_list_stop_or_become_blank(tmp_path):
    path = _write(tmp_path, "colour\nred\npink\npink\nmauve\n")
    codes = {"colour": ("red", "blue")}
    with pytest.raises(RefusedError, match=r"column colour: 3 rows hold 2 values .* 'pink'"):
        read_file(path, ReadOptions(codes=codes))
    read = read_file(path, ReadOptions(codes=codes, unknown="drop"))
    assert _texts(read, "colour") == ["red", "", "", ""]
    assert read.dropped == 3


@pytest.mark.parametrize("named", ["word", "all"])
def test_a_split_of_codes_found_in_the_data_is_refused(tmp_path, named):
    """One person with a code of her own would add a column."""
    path = _write(tmp_path, "word\na;b\na\nb\n")
    with pytest.raises(RefusedError, match=r"column word: --split .*--codes FILE.*--codes-from-data word"):
        read_file(path, ReadOptions(split=frozenset({named})))


def test_codes_found_in_the_data_are_in_the_order_of_their_text(tmp_path):
    read = read_file(_write(tmp_path, "word\nzeta\nbeta\nalpha\nzeta\n"))
    assert read.data.codes == (("alpha", "beta", "zeta"),)
    assert read.data.values[:, 0].tolist() == [3, 2, 1, 3]


def test_several_codes_in_a_cell_are_split_into_flags(tmp_path):
    path = _write(tmp_path, "form\nforced_labour;sexual\nsexual\n\n")
    read = read_file(path, ReadOptions(split=frozenset({"form"}), codes_from_data=frozenset({"form"})))
    assert read.data.columns == ("form=forced_labour", "form=sexual")
    assert read.data.values.tolist() == [[1, 1], [0, 1], [0, 0]]


def test_sets_of_a_known_list_are_one_code_in_either_order(tmp_path):
    read = read_file(_write(tmp_path, "IP_Gender\nMale;Female\nFemale;Male\nMale\n"))
    assert _texts(read, "IP_Gender") == ["Female;Male", "Female;Male", "Male"]


def test_htcds_columns_are_known(tmp_path):
    text = "prs_Gender,vic_TypeOfExploitation\nFeminine,ForcedLabour;ForcedBegging\nMasculine,OrganRemoval\n"
    read = read_file(_write(tmp_path, text))
    assert not read.data.found
    assert _column(read, "vic_TypeOfExploitation").split
    assert read.data.values.sum() == 1 + 2 + 3


def test_persons_are_numbered_and_every_row_must_name_one(tmp_path):
    path = _write(tmp_path, "id,gender\na,Female\nb,Male\na,Female\n")
    read = read_file(path, ReadOptions(persons="id"))
    assert [column.name for column in read.columns] == ["gender"]
    person = read.data.person
    assert person[0] == person[2] != person[1]
    with pytest.raises(RefusedError, match="1 rows do not say whose"):
        read_file(_write(tmp_path, "id,gender\na,Female\n,Male\n"), ReadOptions(persons="id"))
    with pytest.raises(UsageError, match="--persons number: no such column"):
        read_file(path, ReadOptions(persons="number"))


REFUSED = {
    "free text": ["she was told that work in a hotel was waiting, number " + str(i) for i in range(60)],
    "dates": [f"2020-01-{1 + i % 28:02d}" for i in range(60)],
    "stand in one row only": [f"case-{i}" for i in range(60)],
    "10,000 different values or more": [f"v{i}" for i in range(10_000)] * 2,
}


@pytest.mark.parametrize("what", REFUSED)
def test_refused_columns(tmp_path, what):
    lines = "\n".join(f'"{value}",1' for value in REFUSED[what])
    path = _write(tmp_path, f"odd,isForcedLabour\n{lines}\n")
    with pytest.raises(RefusedError, match=f"column odd: .*{what}"):
        read_file(path)
    with pytest.raises(RefusedError, match=f"column odd: .*{what}"):
        read_file(path, ReadOptions(codes_from_data=frozenset({"all"})))
    assert read_file(path, ReadOptions(leave_out=("odd",))).rows == len(REFUSED[what])


def test_all_refused_columns_are_named_at_once_and_no_text_of_a_row_is_printed(tmp_path):
    rows = [
        f'"she was told of work number {i} and then nothing",case-{i},2020-01-{1 + i % 28:02d},v{i % 10_000},Femail'
        for i in range(10_050)
    ]
    lines = "\n".join(["story,number,seen,place,gender", *rows])
    path = _write(tmp_path, lines + "\n")
    with pytest.raises(RefusedError) as told:
        read_file(path, ReadOptions(codes={"gender": ("Female", "Male")}))
    said = str(told.value)
    assert "5 columns cannot be published as they are" in said
    for column, words in (
        ("story", "10,000 different values or more"),
        ("number", "10,000 different values or more"),
        ("seen", "holds dates"),
        ("place", "10,000 different values or more"),
        ("gender", "values that its list of codes"),
    ):
        assert re.search(f"\n  column {column}: [^\n]*{words}", said)
    assert "she was told" not in said
    assert "case-" not in said


def test_each_date_of_a_parquet_file_is_named_with_the_other_columns(tmp_path):
    rows = {"when": pa.array(range(60), pa.date32()), "until": pa.array(range(60), pa.timestamp("s")), "odd": range(60)}
    pq.write_table(pa.table({**rows, "odd": [f"case-{i}" for i in range(60)]}), tmp_path / "d.parquet")
    with pytest.raises(RefusedError, match=r"3 columns cannot(?s:.*)column when: holds dates(?s:.*)column odd: 60 of"):
        read_file(tmp_path / "d.parquet")
    with pytest.raises(RefusedError, match="column when: holds dates"):
        read_file(tmp_path / "d.parquet", ReadOptions(persons="when", leave_out=("until",)))
    with pytest.raises(RefusedError, match="2 columns cannot"):
        read_file(tmp_path / "d.parquet", ReadOptions(leave_out=("odd",)))


def test_dates_in_parquet_are_refused(tmp_path):
    dates = pa.table({"when": pa.array([1, 2], pa.date32()), "gender": ["F", "M"], "odd": [{"a": 1}, {"a": 2}]})
    pq.write_table(dates, tmp_path / "d.parquet")
    with pytest.raises(RefusedError, match="column when: holds dates"):
        read_file(tmp_path / "d.parquet")
    with pytest.raises(RefusedError, match="column odd: holds struct"):
        read_file(tmp_path / "d.parquet", ReadOptions(leave_out=("when",)))
    read = read_file(tmp_path / "d.parquet", ReadOptions(leave_out=("when", "odd")))
    assert _texts(read, "gender") == ["F", "M"]


FAULTY = {
    "": (UsageError, "the file is empty"),
    "gender\n": (UsageError, "no rows below"),
    "gender\nFemale\n": (RefusedError, "one row"),
    "gender,gender\n1,2\n3,4\n": (UsageError, "stands there twice"),
    "gender,\n1,2\n3,4\n": (UsageError, "column 2 has no name"),
    "gender,age\nFemale\nMale,1\n": (PalermoError, "has 1 cells; expected 2"),
}


@pytest.mark.parametrize("text", FAULTY)
def test_faulty_files(tmp_path, text):
    kind, words = FAULTY[text]
    with pytest.raises(kind, match=words):
        read_file(_write(tmp_path, text))


def test_utf16_is_known_by_its_mark_and_what_is_no_text_is_said_to_be_none(tmp_path):
    path = tmp_path / "cases.csv"
    path.write_text("colour,shape\nrosé,round\nblue,flat\n", encoding="utf-16")
    assert _texts(read_file(path), "colour") == ["rosé", "blue"]
    for raw in (b"a,b\nx,\0\ny,z\n", b"\xc9\x0a\xff,\x9a\n" * 9):
        path.write_bytes(raw)
        with pytest.raises(PalermoError, match="not utf-8 text"):
            read_file(path)


def test_a_comma_inside_a_name_in_quotes_divides_nothing(tmp_path):
    read = read_file(_write(tmp_path, '"place, so, far";colour\nnorth;red\nsouth;blue\n'))
    assert [column.name for column in read.columns] == ["place, so, far", "colour"]


@pytest.mark.parametrize(("options", "words"), [({"delimiter": ",,"}, "one character"), ({"separator": ""}, "between")])
def test_marks_that_divide_nothing_are_refused(tmp_path, options, words):
    with pytest.raises(UsageError, match=words):
        read_file(_write(tmp_path, "colour,gender\nred,F\nblue,M\n"), ReadOptions(**options))


def test_other_encodings_are_named(tmp_path):
    path = tmp_path / "cases.csv"
    path.write_bytes("colour\nrosé\nblue\n".encode("cp1252"))
    with pytest.raises(PalermoError, match="--encoding cp1252"):
        read_file(path)
    assert _texts(read_file(path, ReadOptions(encoding="cp1252")), "colour") == ["rosé", "blue"]


def test_a_column_of_one_value_is_noted(tmp_path):
    read = read_file(_write(tmp_path, "colour,gender\nred,Male\nred,Female\n"))
    assert any("one value only" in notice for notice in read.notices)


def test_blocks_of_a_long_file_are_joined(tmp_path):
    rows = np.random.default_rng(1).integers(0, 300, 20_000)
    text = "number\n" + "\n".join(f"n{row}" for row in rows.tolist()) + "\n"
    read = read_file(_write(tmp_path, text))
    assert _texts(read, "number") == [f"n{row}" for row in rows.tolist()]
