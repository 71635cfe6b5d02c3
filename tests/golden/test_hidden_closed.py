"""Rcapture 1.4-4's closed-population models, and the simple bounds, against reference.csv."""

import csv
import math
import re
from pathlib import Path
from statistics import NormalDist

import pytest

from palermo.hidden.answer import Settings, Verdict
from palermo.hidden.estimators import closed_population, lower_bounds
from palermo.hidden.reading import read_csv

MSE = Path(__file__).resolve().parents[3] / "shared" / "data" / "mse"
pytestmark = pytest.mark.skipif(not (MSE / "reference.csv").exists(), reason="no shared mse data")
LEVEL = 2 * NormalDist().cdf(1.96) - 1  # the peer's intervals are plus and minus 1.96 standard errors
NO_ESTIMATE = {f"closedp_M{kind}_{name}" for kind in ("h", "th") for name in ("Poisson2", "Darroch", "Gamma3.5")}


def reference(*estimators):
    if not MSE.exists():
        return []
    with (MSE / "reference.csv").open(encoding="utf-8") as stream:
        return [row for row in csv.DictReader(stream) if row["estimator"] in estimators]


def name_of(row):
    return f"{row['dataset']}-{row['estimator']}"


def answer_of(row, estimators):
    level = 0.95 if row["estimator"].startswith("closedpCI") else LEVEL
    return estimators[row["estimator"]](read_csv(MSE / f"{row['dataset']}.csv"), Settings(level=level))


@pytest.mark.parametrize(
    "row", reference(*(name for name in closed_population.ESTIMATORS if name.startswith("closedp_"))), ids=name_of
)
def test_the_models_are_rcaptures(row):
    answer = answer_of(row, closed_population.ESTIMATORS)
    if row["dataset"] == "Artificial_3" and row["estimator"] in NO_ESTIMATE:
        assert answer.verdict is Verdict.REFUSED  # nobody is on three lists: the peer's 96.0000001 is no estimate
        assert "No estimate exists" in answer.reasons[0]
        return
    assert answer.estimate == pytest.approx(float(row["estimate"]), rel=1e-6)
    # The peer's glm stops early; its standard errors hold to 1e-3 at the worst (Western, Mh).
    said = dict(re.findall(r"(\w+)=([-\d.e+]+)", row["note"]))
    assert answer.diagnostics["stderr"] == pytest.approx(float(said["stderr"]), rel=1e-3)
    assert answer.diagnostics["wald_lower"] == pytest.approx(float(row["lower"]), rel=2e-3)
    assert answer.upper == pytest.approx(float(row["upper"]), rel=3e-4)
    assert answer.diagnostics["deviance"] == pytest.approx(float(said["dev"]), rel=1e-5)
    # With eight lists and nobody on four the peer keeps one more Chao column that no person bears on: same likelihood.
    idle = 1 if row["dataset"].startswith("NewOrl") and int(said["df"]) > 200 and "Chao" in row["estimator"] else 0
    n = read_csv(MSE / f"{row['dataset']}.csv").n
    assert answer.diagnostics["df"] == int(said["df"]) + idle
    assert answer.diagnostics["aic"] == pytest.approx(float(said["AIC"]) - 2 * idle, abs=1e-5)
    assert answer.diagnostics["bic"] == pytest.approx(float(said["BIC"]) - math.log(n) * idle, abs=1e-5)


MODELS_ASKED = ("closedp_M0", "closedp_Mt", "closedp_Mh_Chao_LB_", "closedp_Mth_Chao_LB_")


@pytest.mark.parametrize("row", reference(*MODELS_ASKED), ids=name_of)
def test_limits_of_mt_and_chao_to_1e_4(row):
    answer = answer_of(row, closed_population.ESTIMATORS)
    assert [answer.lower, answer.upper] == pytest.approx([float(row["lower"]), float(row["upper"])], rel=1e-4)


@pytest.mark.parametrize(
    "row", reference(*(name for name in closed_population.ESTIMATORS if name.startswith("closedpCI"))), ids=name_of
)
def test_profile_intervals_are_rcaptures_to_1e_4(row):
    answer = answer_of(row, closed_population.ESTIMATORS)
    peer = [float(row[name]) for name in ("lower", "estimate", "upper")]
    assert [answer.lower, answer.estimate, answer.upper] == pytest.approx(peer, rel=1e-4)


@pytest.mark.parametrize("row", reference(*lower_bounds.ESTIMATORS), ids=name_of)
def test_the_simple_formulae(row):
    answer = answer_of(row, lower_bounds.ESTIMATORS)
    assert answer.estimate == pytest.approx(float(row["estimate"]), rel=1e-9)
    for name in ("lower", "upper"):
        if row[name]:
            assert getattr(answer, name) == pytest.approx(float(row[name]), rel=1e-8)
