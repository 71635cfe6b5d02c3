import datetime as dt

import pyarrow as pa
import pytest

from palermo.linkage.review.labels import RecordName
from palermo.linkage.review.reasons import Details, clean
from palermo.linkage.schema import PREPARED as SCHEMA

from .made_records import PREPARED, WRITTEN

A, B, C = RecordName("shelter", "1"), RecordName("police", "1"), RecordName("police", "2")


def born(year=None, month=None, day=None, first=None, last=None):
    whole = dt.date(year, month, day) if day else None
    return {"birth_year": year, "birth_month": month, "birth_day": day, "birth_from": first or whole} | {
        "birth_to": last or whole
    }


@pytest.mark.parametrize(
    ("one", "two", "kind", "words"),
    [
        (born(1990, 3, 5), born(1990, 3, 5), "same", "same date"),
        (born(1990, 3, 5), born(1990, 5, 3), "close", "same year, day and month swapped"),
        (born(1990, 3, 5), born(1990, 3, 9), "close", "same year and month"),
        (born(1990, 3, 5), born(1990, 8, 9), "close", "same year"),
        (born(1990, 3, 5), born(1991, 3, 5), "close", "same day and month, 1 year apart"),
        (born(1990, 3, 5), born(1970, 3, 6), "different", "20 years apart"),
        (
            born(1990, 3, 5),
            born(1990, first=dt.date(1990, 1, 1), last=dt.date(1990, 12, 31)),
            "close",
            "can be the same, one is not exact",
        ),
        (
            born(1990, 3, 5),
            born(first=dt.date(1970, 1, 1), last=dt.date(1979, 1, 1)),
            "different",
            "cannot be the same",
        ),
    ],
)
def test_births_are_compared_in_words(one, two, kind, words):
    rows = [
        {"row_id": 1, "list": "a", "record_id": "1", **one, "birth_date": "x"},
        {"row_id": 2, "list": "b", "record_id": "1", **two, "birth_date": "y"},
    ]
    names = RecordName("a", "1"), RecordName("b", "1")
    (line,) = Details(names, pa.Table.from_pylist(rows, schema=SCHEMA)).lines(*names)
    assert (line.kind, line.words) == (kind, words)


def test_names_are_shown_as_written_and_compared_as_prepared():
    lines = {line.field: line for line in Details({A, B}, PREPARED, WRITTEN).lines(A, B)}
    assert lines["name"].left == "Testa Made" and lines["name"].words == "same names in another order"
    assert lines["in Latin letters"].right == "made testa"
    assert lines["citizenship"].words == "not known of both"
    assert lines["seen in"].words == "1 year apart"
    assert "place" not in lines


def test_different_persons_are_said_to_differ():
    lines = {line.field: line for line in Details({A, C}, PREPARED).lines(A, C)}
    assert (lines["name"].kind, lines["sex"].kind, lines["born"].words) == ("different", "different", "19 years apart")


def test_data_cannot_steer_the_screen():
    assert clean("a\x1b[2J\u202eb\n") == "a [2Jb"
    assert Details({B}, PREPARED, WRITTEN).own(B)[0] == ("name", "Made [2J Testa")


def test_further_columns_of_a_plain_file_are_shown_too():
    table = PREPARED.append_column("e_mail", pa.array(["made@up.example", "made@upp.example", None]))
    lines = {line.field: line for line in Details({A, B}, table).lines(A, B)}
    assert lines["e mail"].words == "nearly the same letters"


@pytest.mark.parametrize(
    ("one", "two", "words"),
    [
        ("made testa", "quill testa", "1 name in common"),
        ("made testa", "made", "1 name in common"),
        ("testa", "tesat zuri quill", "one name nearly the same"),
        ("testa made", "zuri quill", "different"),
    ],
)
def test_parts_of_names_are_compared(one, two, words):
    rows = [
        {"row_id": 1, "list": "a", "record_id": "1", "tokens": one},
        {"row_id": 2, "list": "b", "record_id": "1", "tokens": two},
    ]
    names = RecordName("a", "1"), RecordName("b", "1")
    lines = Details(names, pa.Table.from_pylist(rows, schema=SCHEMA)).lines(*names)
    assert lines[0].words == words
