"""Made-up estimators, so that what surrounds an estimator is tested apart from the real ones."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest

from palermo.hidden import registry
from palermo.hidden.answer import Answer, refused
from palermo.hidden.capture import CaptureTable
from palermo.hidden.registry import Cost, Estimator


def two_lists(table, settings):
    """Chapman's estimate from the first two lists; refuses where they share nobody."""
    one, two, both = table.list_sizes[0], table.list_sizes[1], table.overlaps[0, 1]
    if both == 0:
        return refused("two_lists", settings.level, "the first two lists share nobody")
    number = float(one * two / both)
    return Answer("two_lists", number, 0.8 * number, 1.25 * number, settings.level, diagnostics={"bits": np.int64(3)})


def stopped(table, settings):
    """As if the user pressed Ctrl-C."""
    raise KeyboardInterrupt


def threshold(table, settings):
    """A number that shows which settings arrived."""
    number = 1000 * settings.threshold + 1000 * (settings.delta or 0)
    return Answer("stepwise", number, number, number, settings.level, diagnostics={"bootstrap": settings.bootstrap})


MADE_UP = (
    Estimator("two_lists", "made_up", "Chapman 1951"),
    Estimator("stopped", "made_up", "-", Cost.SAMPLING),
    Estimator("stepwise", "made_up", "-", Cost.SEARCH, function="threshold"),
    Estimator("dga_bma", "made_up", "-", Cost.SEARCH, function="threshold", min_lists=3, max_lists=6),
    Estimator("needing", "made_up", "-", function="threshold", needs_covariates=True),
)


@pytest.fixture
def made_up(monkeypatch):
    """The registry holds the made-up estimators only."""
    module = SimpleNamespace(two_lists=two_lists, stopped=stopped, threshold=threshold)
    monkeypatch.setitem(sys.modules, "palermo.hidden.estimators.made_up", module)
    for name in list(registry.ESTIMATORS):
        monkeypatch.delitem(registry.ESTIMATORS, name)
    for entry in MADE_UP:
        monkeypatch.setitem(registry.ESTIMATORS, entry.name, entry)


@pytest.fixture
def table():
    """Made-up table of three lists and a covariate."""
    histories = np.array([1, 2, 3, 4, 5, 6, 7, 1, 2, 3], np.int64)
    counts = np.array([90, 80, 30, 60, 20, 20, 5, 50, 40, 10], np.int64)
    sex = ("F",) * 7 + ("M",) * 3
    return CaptureTable(("A", "B", "C"), histories, counts, {"sex": sex})
