"""Limits from the draws of a part."""

import numpy as np
import pytest

from palermo.hidden.strata_limits import spread_of
from palermo.hidden.strata_replicates import Draws


def test_limits_are_quantiles_of_the_draws() -> None:
    found = spread_of(500.0, Draws(np.arange(1.0, 1000.0), 100), 0.9)
    assert found.lower == pytest.approx(50, abs=1)
    assert found.upper == pytest.approx(950, abs=1)
    assert found.reasons == ()
    assert found.extreme == ()


def test_an_estimate_outside_its_limits_and_lost_replicates_are_said() -> None:
    found = spread_of(5000.0, Draws(np.arange(1.0, 1000.0), 100, 7), 0.9)
    assert [reason.split(":")[0] for reason in found.reasons] == [
        "7 of 100 bootstrap replicates chose a model without an estimate here",
        "the number is outside its own limits",
    ]


def test_no_draws_no_limits() -> None:
    none = spread_of(10.0, Draws(np.empty(0), 0), 0.9)
    assert (none.lower, none.upper, none.reasons) == (None, None, ())
    failed = spread_of(10.0, Draws(np.empty(0), 50, 50), 0.9)
    assert failed.upper is None
    assert failed.reasons == ("no model chosen on replicates has an estimate on this table",)
