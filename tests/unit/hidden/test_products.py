"""Products by blocks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.hidden.products import crossed


@given(st.sampled_from([0, 1, 7, 300, 5000]), st.integers(1, 80), st.integers(1, 60))
@settings(max_examples=30, deadline=None)
def test_blocks_give_what_one_product_gives(rows: int, left: int, right: int) -> None:
    draws = np.random.default_rng(rows + left)
    one, two = draws.normal(size=(rows, left)), draws.normal(size=(rows, right))
    assert crossed(one, two) == pytest.approx(one.T @ two, abs=1e-9)
    assert crossed(one, two[:, 0]) == pytest.approx(one.T @ two[:, 0], abs=1e-9)
