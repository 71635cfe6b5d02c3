"""Latent classes, Bayesian thresholding and doubly robust estimates beside those of LCMCR, MSE 1.2.0 and drpop.

All are Monte Carlo on both sides. Differences that stand: LCMCR rejects more than 20 unseen for each seen, we do not;
its chains disagree on UKdat_5 and Ned_5, where we refuse or warn. TMLE is iterated further here than in drpop, which
stops at steps of 0.005; on Spina_cov that moves it from 902 to 686, beside a DR of 671. Chains are short for speed.
"""

import csv
import re
from functools import cache
from pathlib import Path

import pytest

from palermo.hidden.answer import Answer, Settings, Verdict
from palermo.hidden.capture import CaptureTable
from palermo.hidden.estimators import doubly_robust, latent, thresholding
from palermo.hidden.reading import read_csv

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
MSE = SHARED / "mse"
pytestmark = pytest.mark.skipif(not MSE.exists(), reason="the shared data sets are not here")
SHORT = latent.Sampling(chains=8, burn_in=1500, sweeps=2500, thin=5, plain_sweeps=0)
COMPARED = latent.Sampling(chains=8, burn_in=1500, sweeps=2000, thin=5, plain_sweeps=6000)


@cache
def _rows() -> list[dict[str, str]]:
    with (MSE / "reference.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _row(dataset: str, estimator: str, words: str) -> dict[str, str]:
    return next(
        row
        for row in _rows()
        if (row["dataset"], row["estimator"]) == (dataset, estimator) and words in row["settings"]
    )


def _table(name: str) -> CaptureTable:
    return read_csv(MSE / f"{name}.csv", {"Spina_cov": ("S1", "S2", "S3")}.get(name))


@pytest.mark.parametrize("name", ["Kosovo", "Western", "Korea", "NewOrl_5", "Australia"])
def test_latent_classes_agree_where_the_peers_chains_agree(name):
    peer = float(_row(name, "lcmcr", "4 chains")["estimate"])
    answer = latent.lcmcr(_table(name), Settings(), SHORT)
    assert answer.estimate == pytest.approx(peer, rel=0.05)
    assert answer.diagnostics["r_hat"] < 1.1


def test_united_kingdom_says_that_plain_chains_do_not_converge():
    answer = latent.lcmcr(_table("UKdat_5"), Settings(), COMPARED)
    assert answer.verdict is not Verdict.SHOWN
    assert any("not converge" in reason for reason in answer.reasons)
    assert answer.diagnostics["gibbs_r_hat"] > 1.1


def test_netherlands_is_refused_and_exceeds_the_cap_of_the_peer():
    table = _table("Ned_5")
    answer = latent.lcmcr(table, Settings(), SHORT)
    assert answer.verdict is Verdict.REFUSED
    assert "do not mix" in answer.reasons[0]
    assert answer.diagnostics["largest_draw"] > 21 * table.n


@pytest.mark.parametrize("prior", ["proper", "improper"])
@pytest.mark.parametrize("name", ["Australia", "Kosovo", "Western", "UKdat_5", "Korea"])
def test_thresholding_agrees_with_the_peer(name, prior):
    peer = _row(name, "bayesthresh", f"prior={prior}")
    answer = thresholding.bayesthresh(_table(name), Settings(), thresholding.Sampling(prior=prior))
    if not peer["estimate"]:
        assert answer.verdict is Verdict.REFUSED
        return
    retained, extended = re.fullmatch(r"retained: (.*?) \| -inf: ?(.*)", peer["note"]).groups()
    differing = set(answer.diagnostics["retained"]) ^ set(retained.split())
    assert differing <= set(answer.diagnostics.get("undecided", ()))
    assert set(answer.diagnostics["minus_infinity"]) == set(extended.split())
    own = answer.diagnostics["estimate_otherwise"] if differing else answer.estimate
    assert own == pytest.approx(float(peer["estimate"]), rel=0.02)
    if not differing:
        assert (answer.lower, answer.upper) == pytest.approx((float(peer["lower"]), float(peer["upper"])), rel=0.06)


def _pair(row: dict[str, str]) -> tuple[str, str]:
    one, two = re.search(r"lists (\w+),(\w+)", row["settings"]).groups()
    return one, two


@pytest.mark.parametrize("method", ["PI", "DR"])
@pytest.mark.parametrize("name", ["ScotPWID_cov", "Spina_cov"])
def test_doubly_robust_agrees_with_the_peer(name, method):
    rows = [row for row in _rows() if (row["dataset"], row["estimator"]) == (name, f"drpop_{method}")]
    table, tolerance = _table(name), {"PI": 0.02, "DR": 0.12}[method]  # DR hangs on the share into folds
    assert rows
    for row in rows:
        strata = doubly_robust.strata_of(table, _pair(row))
        found = doubly_robust.pair_estimate(strata, method, 1, doubly_robust.DEFAULT, 5)
        error = float(row["note"].rpartition("=")[2])
        assert found.estimate == pytest.approx(float(row["estimate"]), rel=tolerance, abs=0.03 * error)


def test_targeted_estimate_agrees_where_lists_share_many():
    row = _row("ScotPWID_cov", "drpop_TMLE", "S2,S3")
    strata = doubly_robust.strata_of(_table("ScotPWID_cov"), ("S2", "S3"))
    found = doubly_robust.pair_estimate(strata, "TMLE", 1, doubly_robust.DEFAULT, 3)
    assert found.estimate == pytest.approx(float(row["estimate"]), rel=0.05)


def test_pairs_of_lists_that_disagree_are_warned_of():
    answer: Answer = doubly_robust.drpop_dr(_table("ScotPWID_cov"), Settings())
    spread = answer.diagnostics["estimates_by_pair"].values()
    assert len(spread) == 6
    assert max(spread) > 2 * min(spread)
    assert answer.verdict is Verdict.WARNED
