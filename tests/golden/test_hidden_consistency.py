"""Each list estimated from the others, beside what the R packages give (``internal_consistency.csv``)."""

import csv
from functools import cache
from pathlib import Path

import pytest

from palermo.hidden.answer import Settings
from palermo.hidden.consistency import internal_consistency
from palermo.hidden.reading import read_csv
from palermo.hidden.registry import ESTIMATORS

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "mse"
REFERENCE = DATA / "internal_consistency.csv"
pytestmark = pytest.mark.skipif(not REFERENCE.exists(), reason="reference results of the R packages are not here")

# Two stepwise rows (UKdat_5 GP, Ned_5 K) read 5.9e11 and 8.1e11: the likelihood has no maximum there, and R's fit ran
# towards infinity until it stopped. We give no number. Chao's formula gives Inf where nobody is on exactly two lists;
# ours takes the bias-corrected form there.
WITHOUT_ESTIMATE = 1e9
# R's glm takes standard errors from the weights of the step before the last; the largest difference is 2.1e-5.
LIMITS = 3e-5

OURS = {
    "main_effects": "main_effects",
    "stepwise_0.02_wald": "stepwise",
    "chao_lower_bound": "chao_lower_bound",
    "dga": "dga_bma",
}


def reference():
    with REFERENCE.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if OURS[row["estimator"]] in ESTIMATORS]
    return [pytest.param(row, id="-".join((row["dataset"], row["list"], row["estimator"]))) for row in rows]


@cache
def checks(dataset):
    names = [name for name in OURS.values() if name in ESTIMATORS]
    found = internal_consistency(read_csv(DATA / f"{dataset}.csv"), names, Settings(bootstrap=0))
    return {(check.list_name, check.estimator): check for check in found}


@pytest.mark.parametrize("row", reference() if REFERENCE.exists() else [])
def test_list_from_the_others(row):
    check = checks(row["dataset"])[row["list"], OURS[row["estimator"]]]
    assert (check.true_size, check.seen) == (int(row["true_size"]), int(row["nobs"]))
    if float(row["estimate"]) > WITHOUT_ESTIMATE:
        assert (check.estimate is None) == (check.estimator != "chao_lower_bound")
        return
    assert check.estimate == pytest.approx(float(row["estimate"]), rel=1e-6)
    if row["lower"] != "NA":
        assert (check.lower, check.upper) == pytest.approx((float(row["lower"]), float(row["upper"])), rel=LIMITS)
