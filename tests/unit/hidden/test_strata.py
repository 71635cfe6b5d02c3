"""Estimates by strata: parts and totals, pooling, intervals, refusals."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.errors import UsageError
from palermo.hidden.answer import Answer, Settings, Verdict
from palermo.hidden.capture import CaptureTable
from palermo.hidden.design import Grid
from palermo.hidden.plain_strata import plain_stratification
from palermo.hidden.strata import Plan, estimate_by

QUICK = Settings(bootstrap=40)
NONE = Settings(bootstrap=0)


def table_of(counts: np.ndarray, lists: str = "ABC") -> CaptureTable:
    """A made-up table: counts by history (rows), sex and age (columns F child, F adult, M child, M adult)."""
    rows = [
        (history, sex, age, int(counts[history - 1, place]))
        for history in range(1, 1 << len(lists))
        for place, (sex, age) in enumerate((s, a) for s in "FM" for a in ("Y0T17", "Y_GE18"))
    ]
    return CaptureTable(
        tuple(lists),
        np.array([row[0] for row in rows], np.int64),
        np.array([row[3] for row in rows], np.int64),
        {"sex": tuple(row[1] for row in rows), "age": tuple(row[2] for row in rows)},
    )


def independent(sizes: tuple[float, ...] = (600, 900, 400, 500), seed: int | None = None) -> CaptureTable:
    """Three lists that see persons independently; that of A differs by sex. Without a seed: expected counts."""
    histories = np.arange(1, 8)
    reach = np.array([[0.3, 0.3, 0.15, 0.15], [0.2] * 4, [0.25] * 4])
    means = np.array([[n] for n in sizes]).T * np.ones((7, 1))
    for bit in range(3):
        on = (histories >> bit & 1)[:, None]
        means = means * np.where(on, reach[bit], 1 - reach[bit])
    return table_of(np.round(means) if seed is None else np.random.default_rng(seed).poisson(means))


def by_stratum(answers: list[Answer]) -> dict[str, Answer]:
    return {own.stratum: own for own in answers}


@given(st.integers(0, 10_000), st.sampled_from(["selection", "penalty"]))
@settings(max_examples=15, deadline=None)
def test_the_total_equals_the_sum_of_its_parts(seed: int, pooling: str) -> None:
    found = by_stratum(estimate_by(independent(seed=seed), ("sex", "age"), NONE, Plan((), pooling=pooling)))
    total = found["_T"].estimate
    assert total is not None
    for parts in (("sex=F", "sex=M"), ("age=Y0T17", "age=Y_GE18")):
        assert sum(found[part].estimate or 0.0 for part in parts) == pytest.approx(total, rel=1e-9)
    crossed = [own.estimate or 0.0 for own in found.values() if "," in own.stratum]
    assert len(crossed) == 4
    assert sum(crossed) == pytest.approx(total, rel=1e-9)


def test_a_known_population_comes_back_by_strata() -> None:
    found = by_stratum(estimate_by(independent(), ("sex", "age"), QUICK))
    assert found["_T"].estimate == pytest.approx(2400, rel=0.02)
    assert found["sex=F"].estimate == pytest.approx(1500, rel=0.02)
    assert found["sex=M"].estimate == pytest.approx(900, rel=0.02)
    assert "A:sex" in found["_T"].diagnostics["model"]
    for own in found.values():
        assert own.lower is not None
        assert own.upper is not None
        assert own.estimate is not None
        assert own.lower < own.estimate < own.upper


def test_the_limits_of_the_total_are_narrower_than_the_sum_of_the_limits_of_its_parts() -> None:
    found = by_stratum(estimate_by(independent(), ("sex", "age"), Settings(bootstrap=200)))

    def width(stratum: str) -> float:
        own = found[stratum]
        assert own.lower is not None
        assert own.upper is not None
        return own.upper - own.lower

    assert width("_T") < width("sex=F") + width("sex=M")


def test_the_same_seed_gives_the_same_answer_and_another_seed_other_limits() -> None:
    table = independent(seed=3)
    once, again = (estimate_by(table, ("sex",), QUICK) for _ in range(2))
    assert once == again
    other = estimate_by(table, ("sex",), replace(QUICK, seed=2))
    assert other[0].estimate == once[0].estimate
    assert other[0].upper != once[0].upper


def test_repeating_the_choice_is_the_default_of_small_tables_and_said_otherwise() -> None:
    table = independent(seed=5)
    assert not [own for own in estimate_by(table, ("sex",), QUICK)[0].reasons if "too narrow" in own]
    given_model = estimate_by(table, ("sex",), QUICK, Plan((), reselect=False))[0]
    assert given_model.verdict is Verdict.WARNED
    assert [own for own in given_model.reasons if "too narrow" in own]


def test_a_penalty_draws_strata_to_the_common_reach_of_a_list() -> None:
    """The part of F moves from the estimate of its own towards the one without any list x sex term."""
    table = independent()
    common = by_stratum(estimate_by(table, ("sex",), replace(NONE, max_order=1)))["sex=F"].estimate
    apart = by_stratum(estimate_by(table, ("sex",), NONE, Plan((), "all")))["sex=F"].estimate
    pooled = by_stratum(estimate_by(table, ("sex",), replace(NONE, max_order=1), Plan((), pooling="penalty")))
    assert common is not None
    assert apart is not None
    between = pooled["sex=F"].estimate
    assert between is not None
    assert min(common, apart) - 40 < between < max(common, apart) + 40
    assert pooled["sex=F"].diagnostics["pooled"] == ["A:sex", "B:sex", "C:sex"]


def test_a_table_without_overlaps_gives_no_number_for_any_part() -> None:
    counts = np.zeros((7, 4))
    counts[[0, 1, 3]] = 20
    found = estimate_by(table_of(counts), ("sex",), QUICK)
    assert {own.verdict for own in found} == {Verdict.REFUSED}
    assert [own.stratum for own in found] == ["_T", "sex=F", "sex=M"]
    assert all(own.reasons for own in found)


def test_a_stratum_without_overlaps_borrows_and_says_so() -> None:
    table = independent((600, 900, 400, 12))
    several = np.bitwise_count(table.histories) > 1
    few = np.array([(s, a) == ("M", "Y_GE18") for s, a in zip(*table.covariates.values(), strict=True)])
    table = replace(table, counts=np.where(several & few, 0, table.counts))
    pooled = by_stratum(estimate_by(table, ("sex", "age"), NONE))["sex=M, age=Y_GE18"]
    assert pooled.verdict is Verdict.WARNED
    assert any("borrowed whole from other strata" in own for own in pooled.reasons)
    plain = by_stratum(plain_stratification(table, ("sex", "age"), NONE))
    assert plain["sex=M, age=Y_GE18"].verdict is Verdict.REFUSED
    assert plain["_T"].verdict is Verdict.REFUSED


def test_plain_stratification_adds_up_and_counts_whom_it_leaves_out() -> None:
    table = independent()
    gaps = (None, *table.covariates["sex"][1:])
    found = by_stratum(plain_stratification(replace(table, covariates={"sex": gaps}), ("sex",), QUICK))
    parts = [found[part].estimate or 0.0 for part in ("sex=F", "sex=M")]
    assert found["_T"].estimate == pytest.approx(sum(parts))
    assert f"{table.counts[0]} persons with a covariate missing stand in no stratum" in found["_T"].reasons


def test_missing_covariates_are_spread_not_dropped() -> None:
    table = independent()
    gaps = tuple(None if row % 5 == 0 else value for row, value in enumerate(table.covariates["sex"]))
    answers = estimate_by(replace(table, covariates={**table.covariates, "sex": gaps}), ("sex", "age"), QUICK)
    assert answers[0].estimator == "covariate_loglinear_pooled"
    assert answers[0].diagnostics["observed"] == pytest.approx(table.n)
    assert answers[0].lower is not None


def test_ranges_of_counts_are_not_guessed_at() -> None:
    table = independent()
    hidden = replace(table, lower=table.counts - 1, upper=table.counts + 1)
    assert estimate_by(hidden, ("sex",), QUICK)[0].verdict is Verdict.REFUSED


def test_wrong_words_are_errors() -> None:
    with pytest.raises(UsageError, match="no covariate form"):
        estimate_by(independent(), ("form",), QUICK)
    with pytest.raises(UsageError, match="expected BIC, AIC or all"):
        Plan((), "DIC")
    with pytest.raises(UsageError, match="expected selection or penalty"):
        Plan((), pooling="none")


def test_a_history_that_nobody_can_have_is_no_sampling_zero() -> None:
    """Lists A and B never share a person by law; taken as sampling zeros, their absence would be read as chance."""
    table = independent((600, 900, 400, 500))
    barred = frozenset({3, 7})
    possible = replace(table, counts=np.where(np.isin(table.histories, list(barred)), 0, table.counts))
    told = estimate_by(replace(possible, structural=barred), ("sex",), NONE)[0]
    untold = estimate_by(possible, ("sex",), replace(NONE, max_order=1))[0]
    assert told.estimate is not None
    assert untold.estimate is not None
    # Those who would have stood on A and B are not in this population.
    missing = table.counts[np.isin(table.histories, list(barred))].sum()
    assert told.estimate == pytest.approx(2400 - missing, rel=0.02)
    assert untold.estimate > 1.2 * told.estimate


def test_progress_is_told_and_a_bootstrap_of_none_gives_no_limits() -> None:
    said: list[tuple[float, float | None, str]] = []
    estimate_by(independent(), ("sex",), replace(QUICK, progress=lambda *told: said.append(told)))
    assert said[0] == (0, 40, "choice of model by strata")
    bare = estimate_by(independent(), ("sex",), NONE)[0]
    assert (bare.lower, bare.upper) == (None, None)
    assert bare.verdict is Verdict.WARNED


def by_year(first: int = 2016, years: int = 6) -> CaptureTable:
    """Expected counts, made up: the same reach each year, persons grow by a tenth a year from 400."""
    histories = np.tile(np.arange(1, 8), years)
    reach = np.array([0.3, 0.25, 0.2])
    on = (histories[:, None] >> np.arange(3)) & 1
    size = 400 * 1.1 ** np.repeat(np.arange(years), 7)
    counts = np.round(size * np.where(on, reach, 1 - reach).prod(axis=1)).astype(np.int64)
    named = tuple(str(first + year) for year in np.repeat(np.arange(years), 7))
    return CaptureTable(("A", "B", "C"), histories, counts, {"year": named})


def test_calendar_years_are_a_trend_and_every_year_gets_its_number_and_limits() -> None:
    found = by_stratum(estimate_by(by_year(), ("year",), QUICK))
    assert found["_T"].settings["year"] == "year"
    assert found["_T"].settings["degree"] == 2
    for number in range(6):
        own = found[f"year={2016 + number}"]
        assert own.estimate == pytest.approx(400 * 1.1**number, rel=0.03)
        assert own.lower is not None
        assert own.upper is not None
        assert own.lower < own.estimate < own.upper
    parts = [own.estimate or 0.0 for name, own in found.items() if name != "_T"]
    assert sum(parts) == pytest.approx(found["_T"].estimate, rel=1e-9)


def test_numbers_that_are_no_years_and_few_years_stay_levels() -> None:
    assert "year" not in estimate_by(by_year(1), ("year",), NONE)[0].settings
    assert "year" not in estimate_by(by_year(2016, 3), ("year",), NONE)[0].settings


def test_under_a_trend_nobody_seen_is_smoothed_away_unless_asked_for() -> None:
    table = by_year()
    late = np.array([year == "2019" for year in table.covariates["year"]])
    jump = replace(table, counts=np.where(late, table.counts * 3, table.counts))
    seen = float(jump.counts[late].sum())
    trend = by_stratum(estimate_by(jump, ("year",), NONE))["year=2019"]
    smooth = by_stratum(estimate_by(jump, ("year",), NONE, Plan((), year="year", smooth=True)))["year=2019"]
    assert trend.estimate is not None
    assert smooth.estimate is not None
    assert trend.estimate > seen
    assert smooth.estimate < trend.estimate


@given(st.integers(0, 10_000), st.sampled_from([3, 5, 7]))
@settings(max_examples=10, deadline=None)
def test_the_total_equals_the_sum_of_its_parts_where_covariates_have_gaps(seed: int, every: int) -> None:
    table = independent(seed=seed)
    gaps = {
        name: tuple(None if (row + start) % every == 0 else value for row, value in enumerate(values))
        for start, (name, values) in enumerate(table.covariates.items())
    }
    found = by_stratum(estimate_by(replace(table, covariates=gaps), ("sex", "age"), NONE))
    total = found["_T"]
    assert total.diagnostics["observed"] == pytest.approx(table.n)
    for parts in (("sex=F", "sex=M"), ("age=Y0T17", "age=Y_GE18")):
        assert sum(found[part].estimate or 0.0 for part in parts) == pytest.approx(total.estimate, rel=1e-6)
        assert sum(found[part].diagnostics["observed"] for part in parts) == pytest.approx(table.n)


def test_a_stratum_filled_by_the_model_says_so() -> None:
    table = independent()
    gaps = tuple(None if row % 2 == 0 else value for row, value in enumerate(table.covariates["sex"]))
    found = by_stratum(estimate_by(replace(table, covariates={"sex": gaps}), ("sex",), NONE))
    assert any("stand here by the model alone" in own for own in found["sex=M"].reasons)
    assert found["sex=M"].diagnostics["known"] < found["sex=M"].diagnostics["observed"]


def test_strata_may_depend_unlike_and_the_pooled_model_follows() -> None:
    """Lists A and B share many children and few adults; expected counts of 1,000 persons in each stratum."""
    histories, reach = np.arange(1, 8), np.array([0.3, 0.25, 0.2])
    means = np.ones((7, 4)) * 1000
    for bit in range(3):
        means = means * np.where((histories >> bit & 1)[:, None], reach[bit], 1 - reach[bit])
    means = means * np.where((histories & 3 == 3)[:, None], [[3.0, 1.2, 3.0, 1.2]], 1.0)
    table = table_of(np.round(means))
    alike = by_stratum(estimate_by(table, ("age",), NONE, Plan(())))
    pooled = by_stratum(estimate_by(table, ("age",), NONE))
    truth = 2 * (1000 - 1000 * 0.3 * 0.25 * 1.0) + 2 * 1000 * 0.3 * 0.25 * 3
    assert "A:B:age" in pooled["_T"].diagnostics["pooled"]
    errors = [abs((own["age=Y0T17"].estimate or 0.0) - truth) for own in (pooled, alike)]
    assert errors[0] < 0.5 * errors[1]


@pytest.mark.slow
def test_limits_of_ninety_per_cent_hold_the_truth_in_about_ninety_per_cent() -> None:
    """A known truth in which two lists reach strata unequally; 100 tables, made up."""
    grid = Grid(("A", "B", "C", "D"), ("sex", "form"), (("F", "M"), ("f1", "f2", "f3")))
    terms = (*grid.base, *(grid.term(name) for name in ("A:sex", "B:form", "sex:form", "A:B")))
    effects = [5.3, -1.6, -1.8, -2.0, -1.7, -0.4, -0.6, -1.2, 0.9, 0.5, -0.6, 0.3, -0.4, 0.8]
    means = np.exp(grid.matrix(terms) @ np.array(effects))
    held: dict[bool, list[bool]] = {False: [], True: []}
    for seed in range(100):
        drawn = np.random.default_rng(seed).poisson(means)
        seen = np.flatnonzero((drawn > 0) & grid.observable)
        labels = [[grid.levels[i][code] for i, code in enumerate(row)] for row in grid.codes]
        own = {name: tuple(labels[cell][i] for cell in seen) for i, name in enumerate(grid.covariates)}
        table = CaptureTable(grid.lists, grid.histories[seen], drawn[seen].astype(np.int64), own)
        plan = Plan((), pooling="penalty", reselect=False)
        for part in estimate_by(table, grid.covariates, Settings(bootstrap=100, level=0.9), plan):
            wanted = set() if part.stratum == "_T" else {pair.split("=")[1] for pair in part.stratum.split(", ")}
            truth = sum(int(n) for n, label in zip(drawn, labels, strict=True) if wanted <= set(label))
            assert part.lower is not None
            assert part.upper is not None
            held["," in part.stratum].append(part.lower <= truth <= part.upper)
    assert 0.84 <= np.mean(held[True]) <= 0.96
    assert 0.84 <= np.mean(held[False]) <= 0.96
