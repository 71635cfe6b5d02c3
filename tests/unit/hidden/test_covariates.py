"""Log-linear models with covariates: fits, existence, choice, and the estimators of the total."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.hidden.answer import Settings, Verdict
from palermo.hidden.capture import CaptureTable
from palermo.hidden.contingency import NO_MLE, NOT_IDENTIFIABLE, OK, fit, model, status
from palermo.hidden.covariate_search import Search, choose
from palermo.hidden.design import Grid, Term
from palermo.hidden.estimators import covariates

GRID = Grid(("A", "B", "C"), ("sex",), (("F", "M"),))
PLAIN = Grid(("A", "B", "C"), (), ())


def on(grid: Grid, values: list[float]) -> np.ndarray:
    """Counts of the observable cells, in order."""
    counts = np.zeros(len(grid.histories))
    counts[grid.observable] = values
    return counts


@given(st.lists(st.integers(1, 90), min_size=14, max_size=14))
@settings(max_examples=40, deadline=None)
def test_fitted_margins_of_the_terms_equal_the_counted_ones(values: list[int]) -> None:
    counts = on(GRID, [float(value) for value in values])
    own = model(GRID, (*GRID.base, *GRID.pairs))
    found = fit(GRID, own, counts)
    seen = GRID.observable
    assert found.converged
    assert own.matrix[seen].T @ found.fitted[seen] == pytest.approx(own.matrix[seen].T @ counts[seen], rel=1e-7)
    assert (found.fitted[GRID.unseen] > 0).all()


@given(st.lists(st.integers(1, 90), min_size=14, max_size=14), st.integers(2, 9))
@settings(max_examples=20, deadline=None)
def test_as_many_times_the_persons_give_as_many_times_the_estimate(values: list[int], times: int) -> None:
    counts = on(GRID, [float(value) for value in values])
    own = model(GRID, (*GRID.base, Term(1, (0,))))
    assert fit(GRID, own, counts * times).estimate == pytest.approx(times * fit(GRID, own, counts).estimate, rel=1e-7)


def test_two_independent_lists_by_sex_are_lincoln_petersen_in_each_sex() -> None:
    grid = Grid(("A", "B"), ("sex",), (("F", "M"),))
    counts = on(grid, [30, 20, 40, 10, 12, 5])  # A only: F 30, M 20; B only: F 40, M 10; both: F 12, M 5
    found = fit(grid, model(grid, (*grid.base, *grid.pairs)), counts)
    assert found.fitted[grid.unseen] == pytest.approx([30 * 40 / 12, 20 * 10 / 5], rel=1e-9)


def test_a_pair_of_lists_that_shares_nobody_goes_to_minus_infinity() -> None:
    counts = on(PLAIN, [40, 30, 0, 20, 6, 5, 0])  # histories 1 to 7; A and B share nobody
    own = model(PLAIN, (*PLAIN.base, Term(3)))
    found = fit(PLAIN, own, counts)
    assert status(PLAIN, own, counts) == OK
    assert found.fitted[3] == 0
    assert found.fitted[7] == 0
    assert np.isfinite(found.estimate)


def test_the_three_list_example_without_an_estimate_is_caught() -> None:
    """The design of Chan, Silverman & Vincent (2021): pairs AB and AC in the model, nobody on B and C together."""
    counts = on(PLAIN, [27, 37, 0, 19, 4, 1, 0])
    assert status(PLAIN, model(PLAIN, (*PLAIN.base, Term(3))), counts) == OK
    counts = on(PLAIN, [27, 37, 4, 19, 1, 0, 0])
    state = status(PLAIN, model(PLAIN, (*PLAIN.base, Term(3), Term(5))), counts)
    assert state & NO_MLE


def test_no_overlap_and_all_pairs_do_not_determine_the_unseen() -> None:
    counts = on(PLAIN, [27, 37, 0, 19, 0, 0, 0])
    assert status(PLAIN, model(PLAIN, (*PLAIN.base, Term(3), Term(5), Term(6))), counts) & NOT_IDENTIFIABLE


def test_a_stratum_seen_by_one_list_alone_with_its_own_effects_has_no_estimate() -> None:
    counts = on(GRID, [30, 8, 25, 0, 9, 0, 20, 0, 7, 0, 5, 0, 2, 0])
    assert status(GRID, model(GRID, GRID.base), counts) == OK
    own = model(GRID, (*GRID.base, Term(1, (0,)), Term(2, (0,)), Term(4, (0,))))
    assert status(GRID, own, counts) != OK


def test_the_search_takes_up_a_term_that_is_there_and_passes_over_one_without_estimate() -> None:
    own = model(GRID, (*GRID.base, Term(1, (0,))))
    means = np.exp(own.matrix @ np.array([6.0, -1.0, -1.2, -0.8, 0.2, 1.5]))
    search = Search(GRID, np.where(GRID.observable, np.round(means), 0.0))
    best = choose(search, "BIC")
    assert {GRID.name(term) for term in best.terms} >= {"A:sex"}
    assert [step for step, _, _ in search.path][:2] == ["main effects", "+ A:sex"]
    values = [value for _, value, _ in search.path]
    assert values == sorted(values, reverse=True)
    assert best.estimate == pytest.approx(float(means.sum()), rel=0.01)


def test_aic_keeps_what_bic_chose() -> None:
    draws = np.random.default_rng(4)
    counts = on(GRID, [float(value) for value in draws.poisson(25, 14)])
    chosen = [set(choose(Search(GRID, counts), criterion).terms) for criterion in ("BIC", "AIC")]
    assert chosen[0] <= chosen[1]


@pytest.mark.parametrize(
    ("run", "name"),
    [
        (covariates.covariate_loglinear_stepwise_bic, "covariate_loglinear_stepwise_BIC"),
        (covariates.covariate_loglinear_stepwise_aic, "covariate_loglinear_stepwise_AIC"),
        (covariates.covariate_loglinear_em, "covariate_loglinear_stepwise_all"),
        (covariates.covariate_loglinear_pooled, "covariate_loglinear_pooled"),
        (covariates.plain_stratification_total, "plain_stratification"),
    ],
)
def test_each_estimator_answers_for_the_total(run: object, name: str) -> None:
    assert callable(run)
    histories = np.repeat(np.arange(1, 8), 2)
    counts = np.array([40, 60, 35, 50, 9, 14, 30, 45, 8, 12, 7, 11, 3, 4])
    table = CaptureTable(("A", "B", "C"), histories, counts, {"sex": ("F", "M") * 7})
    answer = run(table, Settings(bootstrap=10))
    assert answer.estimator == name
    assert answer.stratum == "_T"
    assert answer.verdict is not Verdict.REFUSED
    assert answer.estimate > table.n


def test_covariates_that_say_nothing_or_split_too_far_do_not_stop_the_others() -> None:
    histories = np.repeat(np.arange(1, 8), 2)
    counts = np.array([40, 60, 35, 50, 9, 14, 30, 45, 8, 12, 7, 11, 3, 4])
    lists = ("A", "B", "C")
    empty = CaptureTable(lists, histories, counts, {"sex": ("F", "M") * 7, "form": (None,) * 14})
    run = covariates.covariate_loglinear_stepwise_bic
    assert run(empty, Settings(bootstrap=0)).estimate is not None
    one = CaptureTable(lists, histories, counts, {"sex": ("F",) * 14})
    assert run(one, Settings(bootstrap=0)).estimate is not None
    nothing = CaptureTable(lists, histories, counts, {"form": (None,) * 14})
    assert run(nothing, Settings(bootstrap=0)).verdict is Verdict.REFUSED
    wide = {f"x{number}": tuple(str(row) for row in range(14)) for number in range(4)}
    many = run(CaptureTable(lists, histories, counts, wide), Settings(bootstrap=0))
    assert many.verdict is Verdict.REFUSED
    assert "name fewer covariates" in many.reasons[0]
