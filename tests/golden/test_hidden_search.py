"""Branch and bound on the published tables: what fitting all 32,768 models of six lists finds, and New Orleans."""

import math
from pathlib import Path

import numpy as np
import pytest

from palermo.hidden.branching import best_pairs
from palermo.hidden.estimators.search import all_models
from palermo.hidden.fitting import cells_of
from palermo.hidden.model_space import pairs_of, possible_cells
from palermo.hidden.reading import read_csv

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
MSE = SHARED / "mse"
pytestmark = pytest.mark.skipif(not MSE.exists(), reason="no shared mse data")


@pytest.mark.parametrize("by_bic", [True, False])
@pytest.mark.parametrize("name", ["UKdat", "Ned"])
def test_six_lists_as_by_fitting_every_model(name, by_bic):
    table = read_csv(MSE / f"{name}.csv")
    every = all_models(table, by_bic=by_bic)
    cells = cells_of(table)
    penalty = math.log(table.n) if by_bic else 2.0
    found = best_pairs(np.maximum(cells, 0.0), possible_cells(cells), penalty, pairs_of(6), (0, math.inf), 120_000)
    pairs = {int(pair) for place, pair in enumerate(pairs_of(6)) if found.mask >> place & 1}
    best = every.models[int(np.argmin(every.criterion(by_bic)))]
    assert found.is_complete
    assert pairs == {term for term in best if term.bit_count() == 2}
    assert found.fitted < 2_000


def test_new_orleans_all_models_of_eight_lists():
    """The best of 268 million models is the one that stepwise selection ends at: 1,184 persons (Chan et al. 2021)."""
    table = read_csv(MSE / "NewOrl.csv")
    found = all_models(table)
    assert found.words.startswith("all 268,435,456 models of pairs by branch and bound")
    best = int(np.argmin(found.criterion(by_bic=True)))
    assert table.n + found.unseen[best] == pytest.approx(1183.692275, rel=1e-6)
