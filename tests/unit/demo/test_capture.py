import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.demo.capture import LISTS, PAIRS, both, chance, chance_unseen, draw_captures, trait_sets
from palermo.demo.draws import stream

COUNT = 120_000


def women(count=COUNT, foreign=1):
    """Adult women in sexual exploitation: one stratum, so that dependence between lists is not confounded."""
    none = np.zeros(count, dtype=np.int64)
    return trait_sets(none, none, none, none + foreign)


def odds_ratio(first, second):
    table = [[np.sum((first == i) & (second == j)) for j in (0, 1)] for i in (0, 1)]
    return table[0][0] * table[1][1] / (table[0][1] * table[1][0])


@pytest.fixture(scope="module")
def seen():
    return draw_captures(stream(1, 1), women(), victims=True)


@pytest.mark.parametrize(("one", "other", "ratio"), PAIRS)
def test_the_odds_ratio_of_each_pair_is_recovered(seen, one, other, ratio):
    found = odds_ratio(seen[one], seen[other])
    assert found == ratio if ratio == 0 else found == pytest.approx(ratio, rel=0.15)


@pytest.mark.parametrize(("one", "other"), [("police", "hotline"), ("shelter", "immigration"), ("labour", "health")])
def test_lists_of_different_pairs_are_independent(seen, one, other):
    assert odds_ratio(seen[one], seen[other]) == pytest.approx(1.0, rel=0.15)


def test_labour_inspectorate_and_immigration_never_share_a_person(seen):
    assert not (seen["labour"] & seen["immigration"]).any()


@pytest.mark.parametrize("name", LISTS)
def test_each_list_sees_the_share_it_is_said_to_see(seen, name):
    assert seen[name].mean() == pytest.approx(chance(name, women(1))[0], abs=0.005)


def test_the_chance_that_no_list_sees_a_person_is_exact(seen):
    unseen = sum(seen.values()) == 0
    assert unseen.mean() == pytest.approx(chance_unseen(women(1))[0], abs=0.006)


def test_immigration_sees_no_citizens():
    assert not draw_captures(stream(1, 1), women(2_000, foreign=0), victims=True)["immigration"].any()


def test_shelters_do_not_hold_persons_who_are_not_victims():
    seen = draw_captures(stream(1, 1), women(5_000), victims=False)
    assert seen["police"].any()
    assert not seen["shelter"].any()
    assert not seen["health"].any()


@settings(max_examples=60, deadline=None)
@given(st.floats(0.01, 0.5), st.floats(0.01, 0.49), st.floats(0.05, 20))
def test_the_joint_chance_has_the_odds_ratio_and_lies_within_its_bounds(first, second, ratio):
    joint = float(both(np.array([first]), np.array([second]), ratio)[0])
    assert max(0.0, first + second - 1) <= joint <= min(first, second)
    neither = 1 - first - second + joint
    assert joint * neither / ((first - joint) * (second - joint)) == pytest.approx(ratio, rel=1e-6)


def test_an_odds_ratio_of_one_is_independence():
    assert both(np.array([0.2]), np.array([0.3]), 1.0).tolist() == [pytest.approx(0.06)]
