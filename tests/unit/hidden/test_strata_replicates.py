"""Replicates: drawn from the model with the gaps of the table."""

import numpy as np
import pytest

from palermo.hidden.answer import Settings
from palermo.hidden.contingency import model
from palermo.hidden.design import Grid, Partial
from palermo.hidden.missing import loglik
from palermo.hidden.strata_model import Plan, fit_plan
from palermo.hidden.strata_replicates import Source, _information, draws_of

GRID = Grid(("A", "B", "C"), ("sex",), (("F", "M"),))
TRUE = np.exp(model(GRID, (*GRID.base, GRID.term("A:sex"))).matrix @ np.array([6.0, -0.5, -1.0, -0.7, 0.4, 0.6]))


def source_of(known: float) -> Source:
    """Expected counts; the sex of a share is not known."""
    counts = np.where(GRID.observable, TRUE * known, 0.0)
    gaps = [
        Partial(np.flatnonzero(GRID.histories == own), float((1 - known) * TRUE[GRID.histories == own].sum()))
        for own in range(1, 8)
    ]
    partial = gaps if known < 1 else []
    return Source(counts, partial, fit_plan(GRID, counts, partial, Plan(())))


@pytest.mark.parametrize("known", [1.0, 0.7])
def test_expected_draws_are_the_table_itself(known: float) -> None:
    source = source_of(known)
    counts, gaps = source.tables(source.shares() * TRUE.sum())
    assert counts == pytest.approx(source.counts, rel=1e-6)
    assert [own.persons for own in gaps] == pytest.approx([own.persons for own in source.partial], rel=1e-6)


def test_gaps_in_a_covariate_widen_what_a_part_may_be_and_hardly_the_total() -> None:
    members = np.vstack([np.ones(16), GRID.codes[:, 0] == 0])
    spread = {}
    for known in (1.0, 0.3):
        found = draws_of(source_of(known), Settings(bootstrap=150), Plan((), reselect=False), members)
        spread[known] = np.log(found.persons).std(axis=0)
    assert spread[0.3][1] > 1.1 * spread[1.0][1]
    assert spread[0.3][0] < 1.3 * spread[1.0][0]


def test_the_draws_lie_around_the_estimate_and_their_parts_add_up() -> None:
    source = source_of(0.7)
    members = np.vstack([np.ones(16), GRID.codes[:, 0] == 0, GRID.codes[:, 0] == 1])
    found = draws_of(source, Settings(bootstrap=40), Plan((), reselect=True), members)
    assert found.persons[:, 0] == pytest.approx(found.persons[:, 1] + found.persons[:, 2])
    assert np.median(found.persons, axis=0) == pytest.approx(members @ source.fitted.persons(), rel=0.05)
    assert found.failed == 0
    assert len(found.persons) == 400


def test_nobody_seen_is_ever_lost_in_a_draw() -> None:
    source = source_of(0.7)
    seen = source.counts.sum() + sum(round(own.persons) for own in source.partial)
    found = draws_of(source, Settings(bootstrap=20), Plan((), reselect=False), np.ones((1, 16)))
    assert (found.persons[:, 0] >= seen - 1e-6).all()


def test_the_information_is_the_curvature_of_the_likelihood_of_what_was_seen() -> None:
    source = source_of(0.6)
    own, at = source.fitted, source.fitted.fit.coefficients

    def value(coefficients: np.ndarray) -> float:
        means = np.where(GRID.observable | GRID.unseen, np.exp(own.own.matrix @ coefficients), 0.0)
        return loglik(means, source.counts, source.partial) - means[GRID.observable].sum()

    step, size = 1e-3, len(at)
    unit = np.eye(size) * step
    numeric = np.array(
        [
            [
                (value(at + a + b) - value(at + a - b) - value(at - a + b) + value(at - a - b)) / (4 * step**2)
                for b in unit
            ]
            for a in unit
        ]
    )
    assert _information(source, own) == pytest.approx(-numeric, rel=2e-3, abs=0.05)
