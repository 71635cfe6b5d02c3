"""A mapping file: what it says, and the errors that name the faulty key."""

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
    ],
)
def test_faults_are_named(document, message):
    with pytest.raises(UsageError, match=message):
        mapping_from_document(document, "x.toml")


def test_missing_file(tmp_path):
    with pytest.raises(UsageError, match="mapping file not found"):
        load_mapping(tmp_path / "none.toml")


def test_no_toml(tmp_path):
    path = tmp_path / "bad.toml"
    path.write_text("= nothing")
    with pytest.raises(UsageError, match="not a TOML file"):
        load_mapping(path)
