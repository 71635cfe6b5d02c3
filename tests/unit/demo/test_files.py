from dataclasses import replace
from datetime import date

import pyarrow.parquet as pq
import pytest

from palermo.demo.files import delimited, write_list
from palermo.demo.identities import Written
from palermo.demo.lists import HEALTH, HOTLINE, IMMIGRATION, LABOUR, POLICE
from palermo.demo.records import Record

RECORDS = [
    Record(
        record_id="X1",
        person=0,
        person_key="",
        identity=Written("Zevwox", "Qovvixglo", "2003-02-01", "Zevbruton"),
        day=date(2021, 3, 5),
        status="presumed",
        sex="F",
        age=age,
        age_in_doubt=False,
        citizenship="NAM",
        origin="_U",
        destination="XXA",
        forms=("forced_labour", "begging"),
        means=("threats", "debt_bondage"),
        recruiter="family",
        context="none",
        services=(),
    )
    for age in (0, None)
]


@pytest.mark.parametrize(
    ("shape", "first"),
    [
        (POLICE, b"\xef\xbb\xbfCase no;"),
        (HOTLINE, b"\xff\xfeN\x00u\x00m\x00"),
        (LABOUR, b"file,referral,"),
        (IMMIGRATION, "Номер;".encode("cp1251")),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_each_text_file_begins_as_its_office_writes_it(tmp_path, shape, first):
    path = write_list(shape, RECORDS, tmp_path)
    assert path.read_bytes().startswith(first)
    lines = path.read_bytes().decode(shape.encoding).split("\n")
    assert len(lines) == 1 + len(RECORDS) + 1
    assert not any("\r" in line for line in lines)


def test_cells_with_a_separator_are_quoted(tmp_path):
    assert delimited(("a", "b"), [("x,y", 1), ("", 2)]) == 'a,b\n"x,y",1\n,2\n'
    torn = write_list(POLICE, [replace(RECORDS[0], fault="torn row")], tmp_path).read_text(encoding="utf-8-sig")
    head, row, _ = torn.split("\n")
    assert row.count(";") == head.count(";") + 1


def test_a_database_export_keeps_zero_and_null_apart(tmp_path):
    table = pq.read_table(write_list(HEALTH, RECORDS, tmp_path))
    assert table.column("age_years").to_pylist() == [0, None]
    assert table.column("referral").to_pylist() == [None, None]
    assert table.column("help_medical").to_pylist() == ["no", "no"]
