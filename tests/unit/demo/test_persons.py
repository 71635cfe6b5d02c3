"""The shares among detected persons follow A/71/223, paragraphs 9 and 10."""

import numpy as np
import pytest

from palermo.demo import facts
from palermo.demo.persons import draw_persons

COUNT = 30_000


@pytest.fixture(scope="module")
def detected():
    persons = draw_persons(COUNT, seed=3)
    seen = persons.detected
    return {
        "female": persons.sex[seen] == 0,
        "child": persons.child[seen] == 1,
        "sexual": persons.forms[seen] & 1 == 1,
    }


def test_seventy_per_cent_are_women_and_girls(detected):
    assert detected["female"].mean() == pytest.approx(0.70, abs=0.015)


def test_one_in_three_is_a_child(detected):
    assert detected["child"].mean() == pytest.approx(0.33, abs=0.015)


def test_fifty_three_per_cent_are_in_sexual_exploitation_and_97_per_cent_of_these_are_female(detected):
    assert detected["sexual"].mean() == pytest.approx(0.53, abs=0.015)
    assert detected["female"][detected["sexual"]].mean() == pytest.approx(0.97, abs=0.01)


def test_the_same_seed_gives_the_same_persons_and_another_seed_others():
    one, two, other = draw_persons(500, 1), draw_persons(500, 1), draw_persons(500, 2)
    for column in ("sex", "age", "year", "origin", "means", "status"):
        assert (getattr(one, column) == getattr(two, column)).all()
    assert (one.age != other.age).any()


def test_ages_agree_with_childhood_and_some_are_zero():
    persons = draw_persons(COUNT, seed=3)
    assert ((persons.age < 18) == (persons.child == 1)).all()
    assert (persons.age == 0).any()


def test_each_crisis_falls_in_its_years_and_comes_from_its_neighbour():
    persons = draw_persons(COUNT, seed=3)
    conflict, disaster = persons.crisis == 1, persons.crisis == 2
    assert set(persons.year[conflict].tolist()) == {2021, 2022}
    assert set(persons.year[disaster].tolist()) == {2023}
    assert set(persons.origin[conflict].tolist()) == {facts.CONFLICT_NEIGHBOUR}
    assert set(persons.origin[disaster].tolist()) == {facts.HOME, facts.OTHER_NEIGHBOUR}


def test_only_persons_from_the_country_are_exploited_abroad():
    persons = draw_persons(COUNT, seed=3)
    abroad = persons.destination != facts.HOME
    assert abroad.any()
    assert (persons.origin[abroad] == facts.HOME).all()


def test_a_narrower_form_always_stands_beside_its_wider_form():
    for cell in facts.CELLS:
        assert "sexual_slavery" not in cell.forms or "sexual" in cell.forms
        assert "child_marriage" not in cell.forms or "forced_marriage" in cell.forms


def test_cells_have_a_stated_size_and_possible_crises():
    assert sum(cell.weight for cell in facts.CELLS) == pytest.approx(1_000, abs=10)
    assert all(0 <= cell.conflict + cell.disaster <= 1 for cell in facts.CELLS)


def test_no_origin_of_a_conflict_has_people():
    """The neighbours are uninhabited: a made-up conflict must not be pinned on a real people."""
    neighbours = {facts.COUNTRIES[place] for place in (facts.CONFLICT_NEIGHBOUR, facts.OTHER_NEIGHBOUR)}
    assert neighbours == {"BVT", "SGS"}
    assert np.isclose(sum(facts.FOREIGN_WEIGHTS), 100, atol=5)
