"""Who the made-up persons are, and that lists write it down with the doubts and slips that they are said to have."""

from collections import Counter
from datetime import date

import numpy as np
import pytest

from palermo.demo import facts
from palermo.demo.identities import TOWN_NAMES, WRITINGS, draw_identities, write_down
from palermo.demo.names import SCRIPTS
from palermo.demo.persons import draw_persons

COUNT, SEED = 8_000, 6


@pytest.fixture(scope="module")
def persons():
    return draw_persons(COUNT, SEED)


@pytest.fixture(scope="module")
def identities(persons):
    return draw_identities(SEED, persons)


@pytest.fixture(scope="module")
def written(identities):
    return {name: write_down(name, identities, np.arange(COUNT), SEED) for name in WRITINGS}


def share(records, has):
    return sum(map(has, records)) / len(records)


def test_names_are_as_common_as_names_are(identities):
    """A few hundred given names serve everyone; some family names are shared by many, most by few."""
    given = Counter(map(tuple, identities.names.given.tolist()))
    family = Counter(map(tuple, identities.names.family.tolist()))
    assert 200 < len(given) <= 400
    assert sum(count for _, count in given.most_common(100)) > 0.5 * COUNT
    assert family.most_common(1)[0][1] > 10
    assert sum(count == 1 for count in family.values()) > 500


def test_a_birth_date_gives_the_age_in_the_year_of_exploitation(persons, identities):
    for person in range(0, COUNT, 97):
        born, middle = date.fromordinal(int(identities.born[person])), date(int(persons.year[person]), 7, 1)
        age = middle.year - born.year - ((middle.month, middle.day) < (born.month, born.day))
        assert age == persons.age[person]


@pytest.mark.parametrize("name", WRITINGS)
def test_birth_dates_are_as_doubtful_as_the_list_is_said_to_write_them(written, name):
    writing, records = WRITINGS[name], written[name]
    assert share(records, lambda one: one.born == "") == pytest.approx(writing.born_missing, abs=0.02)
    assert share(records, lambda one: len(one.born) == 4) == pytest.approx(writing.year_only, abs=0.02)
    assert share(records, lambda one: one.born.endswith("-01-01")) == pytest.approx(writing.january, abs=0.02)
    assert share(records, lambda one: one.town == "") == pytest.approx(writing.town_missing, abs=0.02)


@pytest.mark.parametrize("name", WRITINGS)
def test_a_list_writes_two_scripts_at_most_and_each_person_her_own(written, identities, name):
    writing = WRITINGS[name]
    for person, one in enumerate(written[name]):
        assert one.script in {"latin", writing.script}
        assert one.script == "latin" or SCRIPTS[identities.script[person]] == one.script
    native = share(written[name], lambda one: one.script != "latin")
    assert (native > 0.02) == (writing.native > 0)


def test_the_hotline_writes_nothing_down(identities):
    said = write_down("hotline", identities, np.arange(50), SEED)
    assert {(one.name, one.born, one.town) for one in said} == {("", "", "")}


def test_towns_are_made_up_and_differ():
    assert len(set(TOWN_NAMES)) == len(TOWN_NAMES)
    assert all(town.endswith("ton") for town in TOWN_NAMES)


def test_writing_leaves_what_is_counted_alone(persons):
    """The draws of names have streams of their own: the persons are those of any earlier country."""
    again = draw_persons(COUNT, SEED)
    assert np.array_equal(persons.age, again.age)
    assert set(persons.citizenship.tolist()) <= set(range(len(facts.COUNTRIES)))
