"""Covariate fits against M. Cruyff's R packages mse 1.0 and MSEincomplete 1.0 (``shared/data/mse/reference.csv``)."""

import csv
from pathlib import Path

import pytest

from palermo.hidden.answer import Answer, Settings, Verdict
from palermo.hidden.contingency import OK, model, status
from palermo.hidden.covariate_search import Search, choose
from palermo.hidden.design import counted, grid_of
from palermo.hidden.reading import read_csv
from palermo.hidden.strata import Plan, estimate_by

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "mse"
pytestmark = pytest.mark.skipif(not SHARED.exists(), reason="the reference data are not on this machine")

LISTS = {
    "Spina_cov": ("S1", "S2", "S3"),
    "ScotPWID_cov": ("S1", "S2", "S3", "S4"),
    "Simdat_cov": ("R1", "R2", "R3", "R4"),
}
COVARIATES = {
    "Spina_cov": ("eth",),
    "ScotPWID_cov": ("Region", "Gender", "Age"),
    "Simdat_cov": ("X1", "X2", "X3", "X4"),
}
NO_BOOTSTRAP = Settings(bootstrap=0)


def reference(dataset: str, estimator: str) -> list[dict[str, str]]:
    with (SHARED / "reference.csv").open(encoding="utf-8") as stream:
        return [row for row in csv.DictReader(stream) if (row["dataset"], row["estimator"]) == (dataset, estimator)]


def terms_of(formula: str) -> set[frozenset[str]]:
    wanted = formula.split("~")[1].split(";", maxsplit=1)[0]
    return {frozenset(term.strip().split(":")) for term in wanted.split("+")}


@pytest.fixture(scope="module")
def by_bic() -> dict[str, dict[str, Answer]]:
    found = {}
    for dataset, lists in LISTS.items():
        year = "Y" if dataset == "Simdat_cov" else None
        by = (*COVARIATES[dataset], year) if year else COVARIATES[dataset]
        table = read_csv(SHARED / f"{dataset}.csv", lists)
        found[dataset] = {
            own.stratum: own for own in estimate_by(table, by, NO_BOOTSTRAP, Plan(by, year=year, smooth=True))
        }
    return found


@pytest.mark.parametrize("dataset", LISTS)
def test_the_chosen_model_and_its_total_are_those_of_the_peer(
    dataset: str, by_bic: dict[str, dict[str, Answer]]
) -> None:
    row = reference(dataset, "covariate_loglinear_stepwise_BIC")[0]
    own = by_bic[dataset]["_T"]
    assert own.estimate is not None
    assert round(own.estimate, 1) == float(row["estimate"])
    assert {frozenset(term.split(":")) for term in own.diagnostics["model"].split(" + ")} == terms_of(row["note"])
    assert round(own.diagnostics["criterion"], 1) == float(row["note"].split("BIC=")[1])


@pytest.mark.parametrize("dataset", LISTS)
def test_the_strata_are_those_of_the_peer(dataset: str, by_bic: dict[str, dict[str, Answer]]) -> None:
    rows = reference(dataset, "covariate_loglinear_stepwise_BIC_stratum")
    assert rows
    for row in rows:
        own = by_bic[dataset][row["settings"]].estimate
        assert own == pytest.approx(float(row["estimate"]), rel=1e-6), row["settings"]


def test_the_model_by_aic_is_that_of_the_peer_where_its_estimate_exists() -> None:
    row = reference("ScotPWID_cov", "covariate_loglinear_stepwise_AIC")[0]
    table = read_csv(SHARED / "ScotPWID_cov.csv", LISTS["ScotPWID_cov"])
    grid = grid_of(table, COVARIATES["ScotPWID_cov"])
    search = Search(grid, counted(table, grid)[0])
    best = choose(search, "AIC")
    assert round(best.estimate, 1) == float(row["estimate"])
    assert {frozenset(grid.name(term).split(":")) for term in best.terms[1:]} == terms_of(row["note"])
    assert round(best.criterion(2.0), 1) == float(row["note"].split("AIC=")[1])


def test_by_aic_a_term_without_estimate_is_passed_over_where_the_peer_takes_it_and_the_total_is_the_same() -> None:
    """Two persons have eth=other, both on list S1: with S1:eth nothing tells how many S1 missed of them."""
    row = reference("Spina_cov", "covariate_loglinear_stepwise_AIC")[0]
    own = estimate_by(read_csv(SHARED / "Spina_cov.csv", LISTS["Spina_cov"]), ("eth",), NO_BOOTSTRAP, Plan((), "AIC"))[
        0
    ]
    assert own.estimate is not None
    assert round(own.estimate, 1) == float(row["estimate"])
    mine = {frozenset(term.split(":")) for term in own.diagnostics["model"].split(" + ")}
    assert terms_of(row["note"]) - mine == {frozenset({"S1", "eth"})}
    assert any("+ S1:eth" in reason for reason in own.reasons)


def test_the_peers_model_of_a_thousand_million_persons_has_no_estimate() -> None:
    """mse reports 1,743,204,456 persons by AIC on its own example; the likelihood there has no maximum."""
    row = reference("Simdat_cov", "covariate_loglinear_stepwise_AIC")[0]
    table = read_csv(SHARED / "Simdat_cov.csv", LISTS["Simdat_cov"])
    grid = grid_of(table, COVARIATES["Simdat_cov"], "Y", 2)
    names = {frozenset(grid.name(term).split(":")): term for term in grid.pairs}
    # The note in the reference ends at R3:X4; every term named there is in the peer's model.
    theirs = (*grid.base, *(names[term] for term in terms_of(row["note"]) if term in names))
    assert len(theirs) > len(grid.base) + 20
    assert status(grid, model(grid, theirs), counted(table, grid)[0]) != OK


@pytest.mark.parametrize(("order", "place"), [(2, 0), (1, 1)])
def test_missing_covariates_by_em_give_the_peers_total(order: int, place: int) -> None:
    row = reference("Impute_sim_cov", "covariate_loglinear_EM")[place]
    table = read_csv(SHARED / "Impute_sim_cov.csv", ("A", "B", "C"), drop_unseen=True)
    answers = estimate_by(table, ("a", "b", "c"), Settings(bootstrap=0, max_order=order), Plan((), "all"))
    assert answers[0].estimator == "covariate_loglinear_EM"
    assert answers[0].verdict is not Verdict.REFUSED
    assert answers[0].estimate == pytest.approx(float(row["estimate"]), rel=1e-6)


@pytest.mark.parametrize(("dataset", "within"), [("Spina_cov", 0.02), ("Simdat_cov", 0.1)])
def test_limits_are_near_those_of_the_peers_parametric_bootstrap(dataset: str, within: float) -> None:
    """The model is given in both; the peer drew 200 tables, ours are draws of effects. See the method page."""
    row = reference(dataset, "covariate_loglinear_stepwise_BIC_boot")[0]
    table, year = read_csv(SHARED / f"{dataset}.csv", LISTS[dataset]), "Y" if dataset == "Simdat_cov" else None
    plan = Plan((), year=year, smooth=True, reselect=False)
    own = estimate_by(table, COVARIATES[dataset], Settings(bootstrap=1000), plan)[0]
    assert own.lower == pytest.approx(float(row["lower"]), rel=within)
    assert own.upper == pytest.approx(float(row["upper"]), rel=within)
