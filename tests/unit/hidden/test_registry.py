"""The registry: names, what each estimator needs, and that every entry can be loaded."""

import pytest

from palermo.errors import UsageError
from palermo.hidden import registry
from palermo.hidden.registry import Estimator, applicable, estimator


def test_every_entry_loads_and_cites():
    for name, entry in registry.ESTIMATORS.items():
        assert entry.name == name
        assert callable(entry.load())
        assert entry.citation


@pytest.mark.usefixtures("made_up")
def test_those_that_apply(table):
    assert [entry.name for entry in applicable(table)] == ["two_lists", "stopped", "stepwise", "dga_bma", "needing"]
    assert [entry.name for entry in applicable(table.without("C"))] == ["two_lists", "stopped", "stepwise", "needing"]
    plain = table.with_cells(table.cells)
    assert "needing" not in [entry.name for entry in applicable(plain)]


@pytest.mark.usefixtures("made_up")
def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(UsageError, match="two_lists"):
        estimator("ouija")


def test_hindrance_says_why(table):
    assert "2 lists; the table has 3" in Estimator("x", "y", "z", max_lists=2).hindrance(table)
    assert "4 lists or more" in Estimator("x", "y", "z", min_lists=4).hindrance(table)


def test_without_a_bootstrap_those_run_that_need_none(table):
    assert "stepwise_BCa" in [entry.name for entry in applicable(table, None, 100)]
    assert "stepwise_BCa" not in [entry.name for entry in applicable(table, None, 0)]


def test_a_name_that_is_nearly_one_is_suggested():
    with pytest.raises(UsageError, match="did you mean stepwise"):
        estimator("stepwize")
