"""A mapping file: what it says, and the errors that name the faulty key."""

from datetime import date

import pytest

from palermo.errors import UsageError
from palermo.intake.mapping import load_mapping, mapping_from_document

GOOD = """
[mapping]
table = "suspects"
header_row = 2
delimiter = ";"

[fields.sex]
column = "Geschlecht"
values = { w = "F" }
unknown = ["", "?"]

[fields.convicted_year]
column = "Jahr"

[ignored]
Name = "personal"
"""


def test_good_file(tmp_path):
    path = tmp_path / "court.toml"
    path.write_text(GOOD, encoding="utf-8")
    mapping = load_mapping(path)
    assert (mapping.name, mapping.table, mapping.header_row, mapping.delimiter) == ("court", "suspects", 2, ";")
    assert mapping.source_columns() == {"Geschlecht", "Jahr"}
    assert mapping.fields[0].unknown == ("", "?")
    assert mapping.ignored == {"Name": "personal"}


def test_flags_are_source_columns():
    mapping = mapping_from_document({"fields": {"forms": {"flags": {"a": "sexual", "b": "other"}}}}, "x")
    assert mapping.source_columns() == {"a", "b"}


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"mapping": {"table": "victims"}}, "table = 'victims'; expected one of cases"),
        ({"fields": {"gender": {}}}, r"\[fields.gender\] is not a column of cases"),
        ({"fields": {"sex": {"colum": "x"}}}, r"\[fields.sex\] has unknown keys colum"),
        ({"fields": {}}, "nothing would be read"),
        ({"mapping": {"tabel": "cases"}, "fields": {"sex": {"column": "x"}}}, "unknown keys tabel"),
        ({"mapping": 3}, r"mapping = 3; expected a table \[mapping\]"),
        ({"mapping": {"table": ["cases"]}}, r"table = \['cases'\]; expected one of"),
        ({"fields": ["sex"]}, r"expected a table \[fields\]"),
        ({"fields": {"sex": "x"}}, "fields.sex = 'x'; expected a table"),
        ({"fields": {"sex": {"column": ["x"]}}}, r"\[fields.sex\] column: found \['x'\], expected a text"),
        ({"fields": {"sex": {"constant": 1.5}}}, r"\[fields.sex\] constant: found 1.5, expected a text in quotes"),
        ({"fields": {"sex": {"constant": True}}}, "constant: found True"),
        ({"fields": {"sex": {"values": ["w"]}}}, r"values: found \['w'\], expected a table of text = code"),
        ({"fields": {"sex": {"values": {"w": []}}}}, r"values: w: found \[\]"),
        ({"fields": {"sex": {"unknown": [{}]}}}, r"unknown: found \{\}"),
        ({"fields": {"sex": {"separator": ""}}}, "separator: found ''"),
        ({"mapping": {"header_row": "2"}, "fields": {"sex": {"column": "x"}}}, "header_row: found '2'"),
        ({"mapping": {"sheet": []}, "fields": {"sex": {"column": "x"}}}, r"\[mapping\] sheet: found \[\]"),
        ({"ignored": ["Name"], "fields": {"sex": {"column": "x"}}}, r"expected a table \[ignored\]"),
    ],
)
def test_faults_are_named(document, message):
    with pytest.raises(UsageError, match=message):
        mapping_from_document(document, "x.toml")


def test_numbers_and_dates_without_quotes_are_read_as_a_cell_would_hold_them():
    raw = {"constant": 2021, "unknown": [99, "?"], "yes": "ja", "values": {"w": 1}}
    field = mapping_from_document({"fields": {"year": raw}}, "x").fields[0]
    assert (field.constant, field.unknown, field.yes, field.values) == ("2021", ("99", "?"), ("ja",), {"w": "1"})
    dated = mapping_from_document({"fields": {"date": {"constant": date(2021, 3, 1)}}}, "x").fields[0]
    assert dated.constant == "2021-03-01"


def test_missing_file(tmp_path):
    with pytest.raises(UsageError, match="mapping file not found"):
        load_mapping(tmp_path / "none.toml")


def test_no_toml(tmp_path):
    path = tmp_path / "bad.toml"
    path.write_text("= nothing")
    with pytest.raises(UsageError, match="not a TOML file"):
        load_mapping(path)
