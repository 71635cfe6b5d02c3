"""How many replicates are drawn where the user does not say, progress within an estimator, examples of the docs."""

import doctest
import sys

import pytest

from palermo.hidden import estimate
from palermo.hidden.answer import Settings
from palermo.hidden.estimate import replicates_of
from palermo.hidden.registry import ESTIMATORS

EXAMPLES = 5


def test_progress_within_an_estimator_moves_the_bar(table):
    told = []
    estimate(table, ["stepwise_BCa"], Settings(bootstrap=600, progress=lambda *what: told.append(what)))
    within = {done for done, total, _ in told if 0 < done < total}
    assert within
    assert any(text.startswith("stepwise_BCa: ") for _, _, text in told)


@pytest.mark.parametrize(
    ("settings", "replicates"),
    [
        (Settings(), 10_000),
        (Settings(bootstrap=300), 300),
        (Settings(bootstrap=0), 0),
        (Settings(bootstrap=1000, cheap_bootstrap=None), 1000),
    ],
)
def test_cheap_replicates_are_many_unless_the_user_says_how_many(settings, replicates):
    assert replicates_of(ESTIMATORS["stepwise_BCa"], settings) == replicates
    assert replicates_of(ESTIMATORS["bic_best"], settings) == settings.bootstrap


def test_the_examples_of_the_documentation_hold():
    assert doctest.testmod(sys.modules["palermo.hidden.estimate"]) == (0, EXAMPLES)
