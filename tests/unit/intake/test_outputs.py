"""Large tables become folders of part files, which every stage and engine reads like one file."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from palermo.errors import UsageError
from palermo.hidden.joined import lists_held
from palermo.intake import outputs
from palermo.intake.outputs import Outputs
from palermo.intake.schema import CASES
from palermo.intake.table_checks import check_persons
from palermo.linkage.persons import build_persons
from palermo.parts import part_files, part_name


def cases(first: int, count: int, keys: bool = False) -> pa.Table:
    rows = [
        {
            **{field.name: ["_U"] if pa.types.is_list(field.type) else None for field in CASES},
            "list": "made-up",
            "record_id": str(number),
            "person_key": f"key {number % 7}" if keys else None,
            "status": "presumed",
            "sex": "F" if number % 3 else "M",
            "source_row": number,
        }
        for number in range(first, first + count)
    ]
    return pa.Table.from_pylist(rows, CASES)


def write(folder, rows: int, keys: bool = False):
    with Outputs(folder, "made-up") as written:
        written.begin()
        for first in range(1, rows + 1, 4):
            written.write_tables({"cases": cases(first, min(4, rows + 1 - first), keys)})
        written.finish()
        written.commit("cases.parquet")
    return folder / "made-up.cases.parquet"


@pytest.fixture
def small_parts(monkeypatch):
    monkeypatch.setattr(outputs, "GROUP_ROWS", 4)
    monkeypatch.setattr(outputs, "PART_ROWS", 8)


def test_a_table_within_the_limit_is_one_file(tmp_path, small_parts):
    table = write(tmp_path, 8)
    assert table.is_file()
    assert part_files(table) == [table]


def test_a_table_beyond_the_limit_is_a_folder_in_the_order_of_its_rows(tmp_path, small_parts):
    table = write(tmp_path, 21)
    assert [file.name for file in part_files(table)] == [part_name(number) for number in range(3)]
    assert [pq.ParquetFile(file).metadata.num_rows for file in part_files(table)] == [8, 8, 5]
    assert pq.read_table(table)["source_row"].to_pylist() == list(range(1, 22))
    assert [entry.name for entry in tmp_path.iterdir() if entry.name.endswith(".part")] == []


@pytest.mark.parametrize(("before", "after"), [(21, 5), (5, 21), (21, 30)])
def test_a_later_run_takes_the_place_of_an_earlier_one(tmp_path, small_parts, before, after):
    write(tmp_path, before)
    table = write(tmp_path, after)
    assert pq.read_table(table).num_rows == after
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["made-up.cases.parquet"]


def test_what_was_not_committed_is_removed(tmp_path, small_parts):
    with Outputs(tmp_path, "made-up") as written:
        written.begin()
        for first in (1, 5, 9, 13):
            written.write_tables({"cases": cases(first, 4)})
        written.finish()
    assert list(tmp_path.iterdir()) == []


def test_remains_and_earlier_tables_are_removed_as_folders(tmp_path, small_parts):
    remains = tmp_path / ".made-up.cases.parquet.999999999.part"
    remains.mkdir()
    table = write(tmp_path, 21)
    assert not remains.exists()
    with Outputs(tmp_path, "made-up") as written:
        written.begin()
        written.remove("cases.parquet")
    assert not table.exists()


@pytest.mark.parametrize("keys", [False, True])
def test_persons_checks_and_lists_are_those_of_one_file(tmp_path, monkeypatch, keys):
    whole = write(tmp_path / "whole", 21, keys)
    monkeypatch.setattr(outputs, "GROUP_ROWS", 4)
    monkeypatch.setattr(outputs, "PART_ROWS", 8)
    parted = write(tmp_path / "parted", 21, keys)
    found = [build_persons([table], table.parent / "persons.parquet") for table in (whole, parted)]
    assert found[0] == found[1]
    assert found[0].persons == (7 if keys else 21)
    tables = [pq.read_table(table.parent / "persons.parquet").sort_by("person_id") for table in (whole, parted)]
    assert tables[0].equals(tables[1])
    assert check_persons(whole, "cases", frozenset()) == check_persons(parted, "cases", frozenset())
    assert lists_held([whole]) == lists_held([parted])


def test_an_empty_folder_is_no_table(tmp_path):
    (tmp_path / "empty.cases.parquet").mkdir()
    with pytest.raises(UsageError, match="no such case table"):
        build_persons([tmp_path / "empty.cases.parquet"], tmp_path / "persons.parquet")
