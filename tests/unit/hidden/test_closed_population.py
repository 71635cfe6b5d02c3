"""Models of a closed population: closed forms, existence, and laws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.hidden.answer import Settings, Verdict
from palermo.hidden.capture import CaptureTable
from palermo.hidden.estimators.closed_population import ESTIMATORS, fit_poisson, why_no_estimate


def table_of(cells, structural=()):
    cells = np.asarray(cells, np.int64)
    seen = np.flatnonzero(cells)
    lists = tuple("ABCDEF"[: len(cells).bit_length() - 1])
    return CaptureTable(lists, seen, cells[seen], structural=frozenset(structural))


EVEN = table_of([0, *[128] * 7])  # 1,024 persons, three lists that see half of them independently


@pytest.mark.parametrize("name", [name for name in ESTIMATORS if name.startswith("closedp_")])
def test_a_table_of_independent_equal_lists_gives_its_number_under_every_model(name):
    assert ESTIMATORS[name](EVEN, Settings()).estimate == pytest.approx(1024, rel=1e-6)


def test_two_lists_are_lincoln_and_petersen():
    answer = ESTIMATORS["closedp_Mt"](table_of([0, 40, 30, 12]), Settings())
    assert answer.estimate == pytest.approx(52 * 42 / 12)


@pytest.mark.parametrize("name", ESTIMATORS)
def test_lists_that_share_nobody_give_no_number(name):
    answer = ESTIMATORS[name](table_of([0, 40, 30, 0]), Settings())
    assert answer.verdict is Verdict.REFUSED
    assert answer.estimate is None


def test_more_parameters_than_two_lists_can_tell_apart():
    answer = ESTIMATORS["closedp_Mth_Darroch"](table_of([0, 40, 30, 12]), Settings())
    assert "identifiable" in answer.reasons[0]


def test_nobody_seen():
    nobody = CaptureTable(("A", "B"), np.array([1]), np.array([0]))
    assert ESTIMATORS["closedpCI_Mt"](nobody, Settings()).reasons == ("No list saw anybody.",)


def test_a_history_that_nobody_can_have_is_left_out_of_the_fit():
    cells = [0, *[128] * 7]
    cells[7] = 0
    assert ESTIMATORS["closedp_Mt"](table_of(cells), Settings()).estimate != pytest.approx(6 * 128 + 128, rel=0.01)
    assert ESTIMATORS["closedp_Mt"](table_of(cells, {7}), Settings()).estimate == pytest.approx(6 * 128 + 128)


def test_an_interval_below_the_persons_seen_is_cut_there_and_said():
    table = table_of([0, 300, 200, 20, 100, 12, 9, 2])
    answer = ESTIMATORS["closedp_Mh_Gamma3.5"](table, Settings())
    assert answer.diagnostics["wald_lower"] < table.n == answer.lower
    assert any("cut there" in reason for reason in answer.reasons)


def test_models_that_do_not_fit_are_said():
    apart = ESTIMATORS["closedp_Mt"](table_of([0, 500, 400, 5, 300, 200, 4, 1]), Settings())
    assert any("does not fit" in reason for reason in apart.reasons)


def test_the_profile_interval_is_skewed_and_widens_with_the_level():
    table = table_of([0, 300, 200, 20, 100, 12, 9, 2])
    one, wide = (ESTIMATORS["closedpCI_Mt"](table, Settings(level=level)) for level in (0.8, 0.99))
    assert wide.lower < one.lower < one.estimate < one.upper < wide.upper
    assert one.upper - one.estimate > one.estimate - one.lower
    assert one.estimate < one.diagnostics["poisson_estimate"]


def test_the_linear_programme_sees_what_newton_does_not():
    design = np.array([[1.0, 0.0], [1.0, 0.0], [1.0, 1.0]])
    assert why_no_estimate(design, np.array([3.0, 0.0, 5.0])) is None
    assert "No estimate exists" in why_no_estimate(design, np.array([3.0, 2.0, 0.0]))
    assert "identifiable" in why_no_estimate(np.hstack([design, design]), np.array([3.0, 2.0, 1.0]))


def test_newton_solves_the_likelihood_equations():
    rng = np.random.default_rng(3)
    design = np.hstack([np.ones((15, 1)), rng.integers(0, 2, (15, 4)).astype(float)])
    counts = rng.poisson(np.exp(design @ [3.0, -1.0, 0.5, -2.0, 0.3])).astype(float)
    fit = fit_poisson(design, counts)
    assert design.T @ fit.fitted == pytest.approx(design.T @ counts, rel=1e-9)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 200), min_size=7, max_size=7).filter(any), st.permutations(range(3)))
def test_the_order_of_the_lists_does_not_matter_and_limits_embrace_the_estimate(counts, order):
    cells = np.array([0, *counts])
    turned = np.zeros_like(cells)
    for history in range(8):
        turned[sum((history >> bit & 1) << order[bit] for bit in range(3))] = cells[history]
    for name in ("closedp_Mth_Chao_LB_", "closedp_Mth_Poisson2", "closedpCI_Mt"):
        one, other = (ESTIMATORS[name](table_of(x), Settings()) for x in (cells, turned))
        assert one.verdict == other.verdict
        if one.estimate is not None:
            assert one.estimate == pytest.approx(other.estimate, rel=1e-5)
            assert cells.sum() <= one.lower <= one.estimate
            assert one.upper is None or one.estimate <= one.upper
