"""The beginning of a file: its format follows from its bytes, its header from its first row."""

import pytest

from palermo.errors import UsageError
from palermo.intake.head import format_of, read_head


def write(tmp_path, data, name="file.csv"):
    path = tmp_path / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("start", "form"),
    [
        (b"PK\x03\x04", "xlsx"),
        (b"PAR1", "parquet"),
        (b"<?xml version='1.0'?>", "xml"),
        (b"\xef\xbb\xbf <a/>", "xml"),
        (b' {"a": 1}', "json"),
        (b"[1]", "json"),
        (b"a,b", "csv"),
    ],
)
def test_format(tmp_path, start, form):
    assert format_of(tmp_path, start) == form


@pytest.mark.parametrize(("start", "words"), [(b"%PDF-1.7", "a PDF"), (b"\xd0\xcf\x11\xe0", "old Excel")])
def test_formats_that_are_not_read(tmp_path, start, words):
    with pytest.raises(UsageError, match=words):
        format_of(tmp_path, start)


def test_first_rows(tmp_path):
    head = read_head(write(tmp_path, b" sex ;age\n" + b"F;12\n" * 100))
    assert head.columns == ("sex", "age")
    assert len(head.rows) == 50
    assert head.rows[1] == ("F", "12")


def test_text_of_xml(tmp_path):
    head = read_head(write(tmp_path, b"<root>made up</root>", "file.xml"))
    assert (head.format, head.columns, head.text) == ("xml", (), "<root>made up</root>")


def test_empty(tmp_path):
    with pytest.raises(UsageError, match="the file is empty"):
        read_head(write(tmp_path, b""))


def test_letter_cut_by_the_end_of_the_head(tmp_path, monkeypatch):
    path = write(tmp_path, "name,sex\nÇ,F\n".encode())
    monkeypatch.setattr("palermo.intake.head.head_bytes", lambda _: path.read_bytes()[:10])
    assert read_head(path).columns == ("name", "sex")
