"""Log-linear fits, existence, BIC tables and profile intervals against the R packages' results."""

import csv
import math
import re
from collections import defaultdict
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from palermo.hidden.answer import Answer, Settings
from palermo.hidden.capture import CaptureTable
from palermo.hidden.estimators.loglinear import all_two_way, main_effects
from palermo.hidden.estimators.profile import main_effects_profile
from palermo.hidden.estimators.search import all_models, bic_average, bic_best
from palermo.hidden.fitting import fit
from palermo.hidden.models import name_of, parse, terms_of
from palermo.hidden.reading import read_csv

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "mse"
pytestmark = pytest.mark.skipif(not SHARED.exists(), reason="the shared capture tables are not here")


@lru_cache(maxsize=64)
def table(name: str) -> CaptureTable:
    return read_csv(SHARED / f"{name}.csv")


def rows(name: str) -> list[dict[str, str]]:
    with (SHARED / name).open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def reference(*estimators: str) -> list[dict[str, str]]:
    found = [row for row in rows("reference.csv") if row["estimator"] in estimators]
    return [row for row in found if (SHARED / f"{row['dataset']}.csv").exists()]


def test_existence_is_decided_as_by_the_peer_for_every_model() -> None:
    checked = 0
    for row in rows("existence.csv"):
        own = table(row["dataset"])
        found = fit(own.cells, parse(row["model"], own.k), own.k)
        assert found.status == int(row["ierr"]), row
        assert found.exists or math.isnan(found.estimate)
        if found.exists:
            assert found.estimate == pytest.approx(float(row["abundance"]), rel=1e-6)
            assert found.bic == pytest.approx(float(row["BIC"]), rel=1e-6)
        checked += 1
    assert checked == 764


def test_bic_and_total_of_every_model_in_the_peers_tables() -> None:
    listed: dict[tuple[str, int], dict[str, tuple[float, float]]] = defaultdict(dict)
    for row in rows("bic_models.csv"):
        listed[row["dataset"], int(row["maxorder"])][row["model"]] = float(row["abundance"]), float(row["BIC"])
    for (name, order), models in listed.items():
        found = all_models(table(name), order)
        criterion = found.criterion(by_bic=True)
        mine = {name_of(terms): place for place, terms in enumerate(found.models)}
        for model, (total, bic) in models.items():
            assert table(name).n + found.unseen[mine[model]] == pytest.approx(total, rel=1e-6), (name, model)
            assert criterion[mine[model]] == pytest.approx(bic, rel=1e-6), (name, model)
        # the peer lists the best: no other model of ours may come before its last (some tie with it)
        worst = max(bic for _, bic in models.values())
        assert int((criterion < worst - 1e-6).sum()) < len(models), name


def test_coefficients_with_minus_infinity_where_a_pair_shares_nobody() -> None:
    models: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in rows("coefficients.csv"):
        models[row["dataset"], row["model"]].append(row)
    infinite = 0
    for (name, _), terms in models.items():
        own = table(name)
        masks = [_mask(row["term"], own.lists) for row in terms]
        found = fit(own.cells, terms_of(masks), own.k)
        values = dict(zip(found.terms, found.coefficients, strict=True))
        for mask, row in zip(masks, terms, strict=True):
            assert values[mask] == pytest.approx(float(row["estimate"]), rel=1e-6, abs=1e-6), row
            infinite += values[mask] == -math.inf
        assert found.deviance == pytest.approx(float(terms[0]["deviance"]), rel=1e-6, abs=1e-6)
        assert found.aic == pytest.approx(float(terms[0]["aic"]), rel=1e-6)
        # R's logLik takes rank - AIC/2, and SparseMSE's rank lacks the terms at minus infinity that its AIC counts, so
        # that column is too low by one for each such term; its deviance and AIC are right.
        dead = int(np.isneginf(found.coefficients).sum())
        assert found.loglik - dead == pytest.approx(float(terms[0]["loglik"]), rel=1e-6)
    assert infinite == sum(row["estimate"] == "-Inf" for row in rows("coefficients.csv")) > 0


def _mask(term: str, lists: tuple[str, ...]) -> int:
    return 0 if term == "(Intercept)" else sum(1 << lists.index(name) for name in term.split(":"))


# R's Wald limits use the standard error of the last but one step of glm, hence the wider tolerance of the limits.
@pytest.mark.parametrize(
    "row", reference("main_effects", "all_two_way"), ids=lambda r: f"{r['dataset']}-{r['package']}"
)
def test_one_model_with_wald_limits(row: dict[str, str]) -> None:
    method = main_effects if row["estimator"] == "main_effects" else all_two_way
    assert_agrees(method(table(row["dataset"]), Settings()), row, 1e-6, 5e-5)


@pytest.mark.parametrize("row", reference("main_effects_profile"), ids=lambda r: r["dataset"])
def test_profile_intervals(row: dict[str, str]) -> None:
    assert_agrees(main_effects_profile(table(row["dataset"]), Settings()), row, 1e-4, 1e-4)


@pytest.mark.parametrize("row", reference("bic_best", "bic_average"), ids=lambda r: f"{r['dataset']}-{r['estimator']}")
def test_best_and_average_of_all_models(row: dict[str, str]) -> None:
    order = int(re.findall(r"maxorder=(\d)", row["settings"])[0])
    method = bic_best if row["estimator"] == "bic_best" else bic_average
    answer = method(table(row["dataset"]), Settings(bootstrap=0, max_order=order))
    if answer.estimate is None:
        assert table(row["dataset"]).n and any("fewer than" in reason for reason in answer.reasons)
        return
    assert_agrees(answer, row, 1e-6, 1e-6)
    for number in re.findall(r"(\d+) admissible", row["note"]):
        assert answer.diagnostics["models_admissible"] == int(number)
    for model in re.findall(r"model (\[[^\]]*\])", row["note"]):
        assert answer.diagnostics["model"] == model


def assert_agrees(answer: Answer, row: dict[str, str], exact: float, limits: float) -> None:
    if not row["estimate"]:
        assert answer.estimate is None, row["note"]
        assert str(answer.diagnostics["status"]) in row["note"]
        return
    assert answer.estimate == pytest.approx(float(row["estimate"]), rel=exact)
    if row["lower"]:
        assert answer.lower == pytest.approx(float(row["lower"]), rel=limits)
        assert answer.upper == pytest.approx(float(row["upper"]), rel=limits)
