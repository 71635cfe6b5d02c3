"""One way to estimate by parts."""

import numpy as np
import pytest

from palermo.hidden.answer import Settings
from palermo.hidden.capture import CaptureTable
from palermo.hidden.parts import PARTED, estimate_parts
from palermo.hidden.registry import ESTIMATORS
from palermo.hidden.stratum_names import stratum_values

TABLE = CaptureTable(
    ("A", "B", "C"),
    np.repeat(np.arange(1, 8), 2),
    np.array([40, 60, 35, 50, 9, 14, 30, 45, 8, 12, 7, 11, 3, 4]),
    {"sex": ("F", "M") * 7},
)


def test_without_a_name_the_pooled_model_and_each_stratum_alone() -> None:
    found = estimate_parts(TABLE, ("sex",), Settings(bootstrap=10))
    assert [(own.estimator, own.stratum) for own in found] == [
        (name, stratum)
        for name in ("covariate_loglinear_pooled", "plain_stratification")
        for stratum in ("_T", "sex=F", "sex=M")
    ]
    assert stratum_values(found[1].stratum) == {"sex": "F"}


@pytest.mark.parametrize("name", PARTED)
def test_each_runs_by_name_under_that_name_and_its_parts_add_up(name: str) -> None:
    total, *parts = estimate_parts(TABLE, ("sex",), Settings(bootstrap=10), (name, "stepwise"))
    assert {own.estimator for own in (total, *parts)} == {name}
    assert name in ESTIMATORS
    assert sum(own.estimate or 0.0 for own in parts) == pytest.approx(total.estimate)
