from datetime import date

import pyarrow.parquet as pq
import pytest

from palermo.demo.capture import LISTS
from palermo.demo.identities import Written
from palermo.demo.records import Record
from palermo.demo.truth import Holdings, list_facts


def record(number, person=0, key="", fault="", status="presumed"):
    return Record(
        record_id=number,
        person=person,
        person_key=key,
        identity=Written(),
        day=date(2020, 1, 1),
        status=status,
        sex="F",
        age=20,
        age_in_doubt=False,
        citizenship="_U",
        origin="_U",
        destination="_U",
        forms=("sexual",),
        means=(),
        recruiter="_U",
        context="none",
        services=(),
        fault=fault,
    )


@pytest.mark.parametrize(
    ("lists", "expected"),
    [
        ({"police": [record("1")]}, 1),
        ({"police": [record("1"), record("1")]}, 1),  # a repeated row
        ({"police": [record("1"), record("2")]}, 2),  # registered again, no shared number
        ({"police": [record("1", key="R")], "shelter": [record("1", key="R")]}, 1),
        ({"police": [record("1")], "shelter": [record("1")]}, 2),  # record numbers are of one list
        ({"police": [record("1", key="R")], "shelter": [record("1", key="R")], "hotline": [record("7")]}, 2),
        ({"police": [record("1", fault="torn row")]}, 0),
        ({"police": [record("1", key="R", fault="torn row")], "shelter": [record("1", key="R")]}, 1),
        ({"police": [record("1", status="not_victim")], "hotline": [record("1")]}, 1),  # the hotline cannot know
        ({"police": [record("1", status="not_victim")]}, 0),
        ({}, 0),
    ],
)
def test_how_often_joining_by_numbers_counts_a_person(lists, expected):
    holdings = Holdings(2)
    for name, records in lists.items():
        holdings.add(name, records)
    assert holdings.counted_as.tolist() == [expected, 0]


def test_list_facts_count_what_was_planted():
    rows = [record("1"), record("1"), record("2", key="R"), record("3", person=1, fault="torn row")]
    assert list_facts(rows) == {
        "rows": 4,
        "faults": {"torn row": 1},
        "rows_to_quarantine": 1,
        "repeated_rows": 1,
        "registered_again": 1,
        "rows_with_referral_number": 1,
    }


def test_the_table_of_persons_agrees_with_itself(country):
    rows = pq.read_table(country.truth).to_pylist()
    assert sum(row["victim"] for row in rows) == country.persons
    for row in rows:
        seen = any(row[name] for name in LISTS)
        assert row["detected"] == (row["victim"] and seen)
        assert (row["detected_year"] is not None) == seen
        assert seen or row["counted_as"] == 0
        assert (row["age"] < 18) == (row["age_group"] == "Y0T17")
    assert any(row["counted_as"] > 1 for row in rows)
