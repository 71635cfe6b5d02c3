from collections import Counter

import numpy as np
import pytest

from palermo.demo import facts
from palermo.demo.capture import LISTS
from palermo.demo.identities import draw_identities
from palermo.demo.persons import draw_persons
from palermo.demo.records import FAULTS, HABITS, REFERRED, draw_records, draw_referrals, planned_faults

COUNT, SEED = 12_000, 4


@pytest.fixture(scope="module")
def persons():
    return draw_persons(COUNT, SEED)


@pytest.fixture(scope="module")
def lists(persons):
    identities = draw_identities(SEED, persons)
    referrals = draw_referrals(SEED, COUNT)
    return {name: draw_records(name, persons, identities, referrals, SEED) for name in LISTS}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_holds_exactly_the_persons_it_saw(lists, persons, name):
    assert {record.person for record in lists[name]} == set(np.flatnonzero(persons.seen[name]).tolist())


@pytest.mark.parametrize("name", LISTS)
def test_faults_are_planted_in_exact_numbers(lists, name):
    rows = lists[name]
    numbers = {record.record_id for record in rows}
    found = Counter(record.fault for record in rows if record.fault)
    assert dict(found) == planned_faults(name, len(numbers))
    assert found["misspelt code"] / len(rows) == pytest.approx(0.005, abs=0.001)


def test_a_short_list_need_not_carry_a_fault():
    assert set(planned_faults("police", 10).values()) == {0}
    assert set(planned_faults("police", 200)) == set(FAULTS)


@pytest.mark.parametrize("name", LISTS)
def test_repeated_rows_are_the_same_and_registrations_are_not(lists, name):
    rows = lists[name]
    by_number = {}
    for record in rows:
        assert by_number.setdefault(record.record_id, record) == record
    assert 0 < len(rows) - len(by_number) < 0.01 * len(rows)
    again = len(by_number) - len({record.person for record in rows})
    assert again / len(by_number) == pytest.approx(HABITS[name].again, abs=0.02)


def test_referral_numbers_are_of_one_person_each_and_of_the_stated_share():
    referrals = draw_referrals(SEED, COUNT)
    given = [number for number in referrals if number]
    assert len(set(given)) == len(given)
    assert len(given) / COUNT == pytest.approx(REFERRED, abs=0.02)


def test_records_with_one_referral_number_are_of_one_person(lists):
    holder = {}
    for records in lists.values():
        for record in records:
            if record.person_key:
                assert holder.setdefault(record.person_key, record.person) == record.person


def test_the_hotline_knows_neither_names_nor_numbers_nor_countries(lists):
    for record in lists["hotline"]:
        assert (record.name, record.person_key, record.citizenship) == ("", "", "_U")


def test_a_baby_is_0_years_old_and_an_unknown_age_is_none(lists):
    ages = [record.age for records in lists.values() for record in records]
    assert 0 in ages
    assert None in ages


def test_some_ages_near_18_are_in_doubt(lists, persons):
    doubtful = [r for records in lists.values() for r in records if r.age_in_doubt and r.age is None]
    near = [r for r in doubtful if 15 <= persons.age[r.person] <= 19]
    assert len(near) / len(doubtful) > 0.4


@pytest.mark.parametrize(("name", "status"), [("police", "not_victim"), ("hotline", "presumed")])
def test_persons_who_are_not_victims_are_recorded_as_such_by_those_who_decide(name, status):
    others = draw_persons(400, SEED, victims=False)
    records = draw_records(name, others, draw_identities(1, others), draw_referrals(1, 400), 1)
    assert {record.status for record in records} == {status}


def test_errors_are_few_and_dates_stay_inside_the_years(lists, persons):
    records = [record for rows in lists.values() for record in rows]
    wrong_sex = [r for r in records if r.sex not in ("_U", facts.SEXES[persons.sex[r.person]])]
    assert 0 < len(wrong_sex) / len(records) < 0.01
    assert {record.year for record in records} == set(facts.YEARS)
    assert all(record.year >= persons.year[record.person] for record in records)
