"""Linkage by shared numbers finds exactly the persons that the truth says can be found by them."""

from collections import Counter

import pyarrow.parquet as pq
import pytest

from palermo.codes import ages


@pytest.fixture(scope="module")
def persons(persons_file):
    return pq.read_table(persons_file).to_pylist()


@pytest.fixture(scope="module")
def truth(country):
    return pq.read_table(country.truth).to_pylist()


def counted(persons):
    return [person for person in persons if person["status"] != "not_victim"]


def test_the_number_of_persons_is_that_of_a_perfect_joining_by_numbers(persons, truth):
    assert len(counted(persons)) == sum(row["counted_as"] for row in truth)


def test_without_names_some_are_counted_again(persons, truth):
    detected = sum(row["detected"] for row in truth)
    assert 1.05 < len(counted(persons)) / detected < 1.6


def test_the_shares_of_the_report_survive_duplicates_and_errors(persons):
    """70 per cent women and girls, 33 children, 53 sexual exploitation, of these 97 per cent female."""
    people = counted(persons)
    sex = Counter(person["sex"] for person in people)
    groups = Counter(ages.age_group(person["age_band"]) for person in people)
    assert sex["F"] / (sex["F"] + sex["M"] + sex["O"]) == pytest.approx(0.70, abs=0.03)
    assert groups["Y0T17"] / (groups["Y0T17"] + groups["Y_GE18"]) == pytest.approx(0.33, abs=0.03)
    known = [person for person in people if person["forms"] != ["_U"]]
    sexual = [person for person in known if "sexual" in person["forms"]]
    assert len(sexual) / len(known) == pytest.approx(0.53, abs=0.03)
    female = sum(person["sex"] == "F" for person in sexual)
    assert female / sum(person["sex"] != "_U" for person in sexual) == pytest.approx(0.97, abs=0.02)


def test_records_of_one_person_disagree_now_and_then(persons):
    conflicts = Counter(column for person in persons for column in person["conflicts"])
    assert conflicts["age"] > conflicts["sex"] > 0
