"""Reasons leave the office in receipts and on the page: none may tell an exact small number of persons."""

import re

import numpy as np
import pytest

from palermo.account.estimated import rounded_reason
from palermo.hidden import CaptureTable, estimate
from palermo.hidden.answer import Settings
from palermo.hidden.verdicts import PREFERRED

COUNTED = re.compile(r"(?<!than )(?<![\d.,])\b[1-9](?: of \d+)? persons?\b")


@pytest.mark.parametrize(
    "counts",
    [
        (7, 5, 1, 4, 0, 1, 2),
        (9, 9, 3, 8, 1, 0, 0),
        (60, 3, 2, 5, 1, 4, 0),
        (2, 1, 1, 1, 1, 1, 1),
        (96, 8, 0, 9, 3, 1, 1),
    ],
)
def test_reasons_of_small_tables_hold_thresholds_and_rounded_numbers_only(counts):
    # the covariate has a value that hardly anybody has, and one missing
    histories = np.tile(np.arange(1, 8), 3)
    parts = np.array([counts, [number // 3 for number in counts], [1, 2, 0, 1, 0, 0, 0]]).ravel()
    sex = ("F",) * 7 + ("M",) * 7 + (None,) * 7
    table = CaptureTable(("A", "B", "C"), histories, parts, covariates={"sex": sex})
    settings = Settings(bootstrap=20, cheap_bootstrap=None)
    answers = [
        *estimate(table, PREFERRED, settings),
        *estimate(table, ["covariate_loglinear_pooled"], settings, ["sex"]),
    ]
    reasons = [rounded_reason(reason) for answer in answers for reason in answer.reasons]
    assert reasons
    for reason in reasons:
        assert not COUNTED.search(reason), reason
        assert f" {table.n} " not in reason, reason
        assert not re.search(r"\b(?:number|median|reaches|ends at)(?: is)? (?:about )?\d\b(?!,)", reason), reason
