"""What changes when one choice changes."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.hidden.answer import Answer, Settings
from palermo.hidden.capture import CaptureTable
from palermo.hidden.estimate import estimate
from palermo.hidden.registry import estimator
from palermo.hidden.sensitivity import (
    interaction_curve,
    leave_one_out,
    merge_two,
    one_person,
    prior_curve,
    sensitivity,
    threshold_curve,
)

pytestmark = pytest.mark.usefixtures("made_up")


def test_each_list_is_left_out_once(table):
    found = leave_one_out(estimator("two_lists"), table, Settings())
    assert [variant.changed for variant in found] == [f"without list {name}" for name in "ABC"]
    assert found[2].estimate == pytest.approx(205 * 185 / 45)
    assert leave_one_out(estimator("two_lists"), table.without("A"), Settings()) == []


def test_a_variant_to_which_the_estimator_does_not_apply_has_no_number(table):
    assert [variant.estimate for variant in merge_two(estimator("dga_bma"), table, Settings())] == [None] * 3


def test_threshold_and_prior_reach_the_estimator(table):
    assert [variant.estimate for variant in threshold_curve(table, Settings(), (0.01, 0.1))] == [10, 100]
    first, second = prior_curve(table, Settings(), (1, 2))
    assert (first.at, second.at) == (0.125, 0.25)
    assert second.estimate - first.estimate == pytest.approx(125)


@settings(max_examples=30, deadline=None)
@given(st.floats(101, 1e6), st.floats(-2, 2))
def test_the_interaction_scales_the_unseen_alone(number, xi):
    seen = CaptureTable(("A", "B"), np.array([1, 2, 3]), np.array([50, 40, 10]))
    (variant,) = interaction_curve(seen, Answer("x", number, number, number, 0.95), (xi,))
    assert variant.estimate - 100 == pytest.approx((number - 100) * math.exp(xi))
    assert variant.lower == variant.estimate == variant.upper


def test_the_most_telling_person_is_found_by_brute_force():
    seen = CaptureTable(("A", "B"), np.array([1, 2, 3]), np.array([50, 40, 4]))
    found = one_person(estimator("two_lists"), seen, Settings())
    # 54 x 44 / 4 = 594. One person leaving the overlap: 54 x 43 / 3 or 53 x 44 / 3.
    assert found.estimate == pytest.approx(777.333, abs=1e-3)
    assert found.percent == pytest.approx(100 * (777.3333 / 594 - 1), abs=1e-3)
    assert found.before == "A+B"


def test_one_person_may_leave_no_answer():
    seen = CaptureTable(("A", "B"), np.array([1, 2, 3]), np.array([50, 40, 1]))
    assert one_person(estimator("two_lists"), seen, Settings()).percent == math.inf


def test_all_kinds_at_once(table):
    answers = estimate(table, ["two_lists", "stepwise", "dga_bma", "needing"])
    kinds = {(variant.estimator, variant.kind) for variant in sensitivity(table, answers, Settings())}
    assert {("stepwise", "threshold"), ("dga_bma", "prior"), ("two_lists", "merge")} <= kinds
    assert ("two_lists", "leave_out") in kinds
    assert ("needing", "leave_out") not in kinds
