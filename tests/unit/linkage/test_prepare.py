"""Prepared records: what is kept, what counts as missing, how the file is written. All names are made up."""

import datetime
import stat

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from palermo.errors import UsageError
from palermo.intake.schema import IDENTITIES
from palermo.linkage.prepare import prepare, prepare_table
from palermo.linkage.schema import PREPARED


def identities(*rows):
    filled = [
        {"list": "a", "record_id": str(number), "source_row": number, **row} for number, row in enumerate(rows, start=1)
    ]
    return pa.Table.from_pylist(filled, schema=IDENTITIES)


def test_row_is_prepared():
    row = {
        "given_name": "Zevqov-Vix",
        "family_name": "al-Dwuglo",
        "birth_date": "17/05/1990",
        "sex": "F",
        "citizenship": "_U",
        "place": "Nóva",
        "year": 2020,
    }
    prepared = prepare_table(identities(row))
    assert prepared.schema == PREPARED
    assert prepared.to_pylist()[0] == {
        "row_id": 1,
        "list": "a",
        "record_id": "1",
        "given": "zevqov vix",
        "family": "dwuglo",
        "tokens": "dwuglo vix zevqov",
        "given_skeleton": "sfkf fks",
        "family_skeleton": "dgl",
        "skeleton": "dgl fks sfkf",
        "birth_year": 1990,
        "birth_month": 5,
        "birth_day": 17,
        "birth_date": "1990-05-17",
        "birth_from": datetime.date(1990, 5, 17),
        "birth_to": datetime.date(1990, 5, 17),
        "sex": "F",
        "citizenship": None,
        "place": "nova",
        "year": 2020,
    }


def test_placeholders_are_missing():
    prepared = prepare_table(
        identities({"full_name": "غير معروف", "place": "n/a"}, {"given_name": "-", "family_name": "XXX"}, {})
    )
    for column in ("given", "family", "tokens", "skeleton", "place", "birth_from"):
        assert prepared[column].null_count == 3


def test_files_are_numbered_through_and_private(tmp_path):
    for name in ("one", "two"):
        pq.write_table(identities({"full_name": "Zev Dwu"}, {"birth_date": "1990-19-19"}), tmp_path / name)
    steps = []
    result = prepare([tmp_path / "one", tmp_path / "two"], tmp_path / "out", lambda *step: steps.append(step))
    table = pq.read_table(result.path)
    assert table["row_id"].to_pylist() == [1, 2, 3, 4]
    assert stat.S_IMODE(result.path.stat().st_mode) == 0o600
    assert result.missing["a"]["tokens"] == 2
    assert result.notices == {"a": {"impossible": 2}}
    assert [step[0] for step in steps] == [1, 2]
    first = result.path.read_bytes()
    prepare([tmp_path / "one", tmp_path / "two"], tmp_path / "out")
    assert result.path.read_bytes() == first


def test_faulty_file_leaves_nothing_behind(tmp_path):
    pq.write_table(identities({"full_name": "Zev Dwu"}), tmp_path / "good")
    (tmp_path / "bad").write_text("no parquet")
    with pytest.raises(UsageError, match="not a readable Parquet file"):
        prepare([tmp_path / "good", tmp_path / "bad"], tmp_path / "out")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad", "good"]


def test_missing_columns_are_named(tmp_path):
    pq.write_table(pa.table({"list": ["a"]}), tmp_path / "short")
    with pytest.raises(UsageError, match="lacks the columns record_id"):
        prepare([tmp_path / "short"], tmp_path / "out")
    with pytest.raises(UsageError, match="no such identity file"):
        prepare([tmp_path / "none"], tmp_path / "out")
    with pytest.raises(UsageError, match="no identity files"):
        prepare([], tmp_path / "out")


def test_no_records_and_records_that_say_nothing():
    assert prepare_table(identities()).num_rows == 0
    prepared = prepare_table(identities({}, {}))
    nothing = set(PREPARED.names) - {"row_id", "list", "record_id"}
    assert all(prepared[column].null_count == 2 for column in nothing)


def test_row_does_not_depend_on_the_others():
    rows = [
        {"full_name": "Zev Dwuglo", "birth_date": "1990"},
        {"full_name": "Дву Зевова", "age": 30, "year": 2020},
        {"given_name": "Zev", "birth_date": "03/04/1990", "place": "Nova"},
    ]
    together = prepare_table(identities(*rows)).drop_columns(["row_id", "record_id"]).to_pylist()
    alone = [prepare_table(identities(row)).drop_columns(["row_id", "record_id"]).to_pylist()[0] for row in rows]
    assert together == alone
