"""The compiled existence test against a linear programme, and the cases of Chan, Silverman & Vincent (2021)."""

import numpy as np
import pytest

from palermo.hidden.existence import programme_status, reduced, status
from palermo.hidden.models import hierarchical_models, parse, terms_of


def made_up_table() -> np.ndarray:
    """Three lists of which only the first two share anybody: made up after table 2 of Chan et al."""
    cells = np.zeros(8, np.int64)
    cells[[1, 2, 4, 3]] = 40, 30, 20, 6
    return cells


@pytest.mark.parametrize(
    ("model", "expected"), [("[1,2,3]", 0), ("[12,3]", 1), ("[13,2]", 0), ("[13,23]", 0), ("[12,13,23]", 2)]
)
def test_known_cases(model: str, expected: int) -> None:
    assert status(made_up_table(), parse(model, 3), 3) == expected


def test_all_cells_seen_means_that_it_exists() -> None:
    cells = np.ones(16, np.int64)
    assert {status(cells, terms, 4) for terms in hierarchical_models(4, 3)} == {0}


@pytest.mark.parametrize("structural", [False, True])
def test_agrees_with_the_linear_programme_on_random_tables(structural: bool) -> None:
    rng = np.random.default_rng(3)
    seen = set()
    for _ in range(250):
        k = int(rng.integers(3, 6))
        cells = (rng.random(1 << k) < rng.choice([0.2, 0.4, 0.7])).astype(np.int64)
        if structural:
            cells[rng.integers(1, 1 << k, 1 + k)] = -1
        terms = terms_of([*rng.integers(1, 1 << k, 4).tolist(), *(1 << place for place in range(k))])
        mine = status(cells, terms, k)
        live, present = reduced(cells, terms, k)
        assert mine == programme_status(cells, live, present), (cells, terms)
        seen.add(mine)
    assert seen == {0, 1, 2, 3}


def test_a_list_that_saw_nobody_is_left_out() -> None:
    cells = np.zeros(8, np.int64)
    cells[[1, 2, 3]] = 5, 6, 7
    live, present = reduced(cells, parse("[1,2,3]", 3), 3)
    assert live.tolist() == [0, 1, 2]
    assert np.flatnonzero(present).tolist() == [1, 2, 3]
    assert status(cells, parse("[1,2,3]", 3), 3) == 0
