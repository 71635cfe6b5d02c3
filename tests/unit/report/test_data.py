"""Data files: typed columns, bounds beside empty values, no formulas, the fixed sentence in each."""

import csv
from io import BytesIO, StringIO

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from palermo.report.account import sections_of
from palermo.report.data import cube_files, figure_csv, readme
from palermo.report.data.csv_text import csv_text, safe_cell
from palermo.report.page import words


def lines_of(text):
    return list(csv.DictReader(StringIO(text, newline="")))


@pytest.fixture(scope="module")
def figures(release):
    return {figure.id: figure for *_, group in sections_of(release) for figure in group}


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_formulas_are_neutralised(cell):
    assert safe_cell(cell) == f"'{cell}"


def test_numbers_and_nothing():
    assert [safe_cell(cell) for cell in (3.0, -2.5, None, "text")] == ["3", "-2.5", "", "text"]


def test_the_file_is_rfc_4180():
    assert csv_text(("a", "b"), [('x,"y"', 1.0)]) == 'a,b\r\n"x,""y""",1\r\n'


def test_every_figure_has_a_file_with_the_sentence_and_the_warning(figures):
    for figure in figures.values():
        lines = lines_of(figure_csv(figure))
        assert lines
        about = words.of_figure(figure) or words.DETECTED_ONLY
        assert {line["about"] for line in lines} == {f"{words.MADE_UP}. {about}"}
        assert {line["made_up"] for line in lines} == {"yes"}


def test_a_hidden_number_has_bounds_and_no_value(figures):
    lines = lines_of(figure_csv(figures["P3"]))
    hidden = next(line for line in lines if line["form"] == "organ_removal" and line["measure"] == "persons")
    assert (hidden["value"], hidden["lower"], hidden["upper"]) == ("", "1", "4")
    assert (hidden["obs_status"], hidden["conf_status"], hidden["status"]) == ("Q", "C", "hidden")
    zero = next(line for line in lines if line["form"] == "forced_marriage" and line["measure"] == "persons")
    assert (zero["value"], zero["obs_status"]) == ("0", "A")
    assert zero["form_label"] == "Forced marriage"


def test_the_parquet_holds_the_whole_cube_with_types_and_labels(release):
    table = pq.read_table(BytesIO(cube_files(release)["cube.parquet"]))
    assert table.num_rows == release.cube.num_rows
    assert table.schema.field("value").type == pa.float64()
    assert table["sex_label"].to_pylist()[0] == "Female"
    assert table["made_up"].to_pylist()[0] is True
    assert table.schema.metadata[b"about"].decode() == words.DETECTED_ONLY
    assert b"MADE UP DATA" in table.schema.metadata[b"warning"]


def test_the_codebook_explains_every_column_and_code(release):
    lines = lines_of(cube_files(release)["codebook.csv"].decode())
    table = pq.read_table(BytesIO(cube_files(release)["cube.parquet"]))
    assert {line["column"] for line in lines} >= set(table.column_names)
    assert all(line["meaning"] for line in lines)
    assert [line["meaning"] for line in lines if line["column"] == "about"] == [words.about(made_up=True)]
    assert {line["code"] for line in lines if line["column"] == "sex"} >= {"F", "M", "_U", "_N", "_T"}


def test_the_readme_lists_the_files_and_the_warning(release, figures):
    text = readme(release, list(figures.values()))
    assert text.startswith(words.MADE_UP)
    assert all(f"figures/{figure_id}.csv" in text for figure_id in figures)
    assert words.DETECTED_ONLY in text


def test_a_list_named_like_a_formula_is_neutralised(releasing, observed):
    rows = [observed("records_by_list", 7.0, list="=cmd()", unit="RECORD")]
    text = cube_files(releasing(rows))["codebook.csv"].decode()
    assert "\r\n=cmd" not in text
    assert ",=cmd" not in text
