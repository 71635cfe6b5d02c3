"""Private tables: one person moves one count of a view by one, noise is as claimed, and everything adds up."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.errors import UsageError
from palermo.release.synthetic.discrete_gaussian import SeededRandomness
from palermo.release.tables.alternatives.discrete_laplace import laplace_draws, ratio, variance
from palermo.release.tables.alternatives.private_tables import Privacy, combined, measure, private_tables, released
from palermo.release.tables.alternatives.views import views
from palermo.release.tables.cells import Lattice, Leaves
from palermo.release.tables.hierarchy import Dimension
from palermo.release.tables.specification import Published, Specification

COUNTRIES = Dimension("country", tuple("ABCDEF"), {"N": ("A", "B"), "S": ("C", "D"), "W": ("N", "S")})
SEX, FORM = Dimension("sex", ("F", "M")), Dimension("form", ("x", "y", "z"))
WHOLE = Lattice.of(Specification((COUNTRIES, SEX, FORM)))
LINKED = Lattice.of(
    Specification((COUNTRIES, SEX, FORM), (Published("a", ("country", "sex")), Published("b", ("country", "form"))))
)


def _leaves(seed=1, most=9):
    codes = np.stack(np.unravel_index(np.arange(36), (6, 2, 3)), axis=1).astype(np.int64)
    return Leaves(codes, np.random.default_rng(seed).integers(0, most, 36))


@pytest.mark.parametrize("lattice", [WHOLE, LINKED])
def test_every_view_counts_every_person_once(lattice):
    grid = lattice.grid()
    for view in views(lattice, grid):
        assert view.labels.min() >= 0
        assert view.sums(np.ones(len(grid), dtype=np.int64)).sum() == len(grid)
        for one in range(len(grid)):  # a person more: one count moves by one
            more = np.zeros(len(grid), dtype=np.int64)
            more[one] = 1
            assert abs(view.sums(more)).sum() == 1


def test_views_are_the_levels_of_the_hierarchy():
    names = {view.name: view.size for view in views(WHOLE, WHOLE.grid(), [Published("c", ("country",))])}
    assert names == {"total": 1, "country:1": 3, "country:2": 4, "country:3": 6}


@given(st.floats(0.05, 6))
@settings(max_examples=40, deadline=None)
def test_laplace_noise_never_loses_more_than_epsilon(epsilon):
    q = ratio(Fraction(epsilon))
    assert float(-math.log(q)) <= epsilon
    assert -math.log(q) >= epsilon * (1 - 1e-9) - 1e-9


def test_laplace_draws_have_their_law():
    epsilon = Fraction(7, 10)
    drawn = laplace_draws(epsilon, 200_000, SeededRandomness(5))
    q = math.exp(-0.7)
    for x in range(-3, 4):
        assert abs((drawn == x).mean() - (1 - q) / (1 + q) * q ** abs(x)) < 0.004
    assert abs(drawn.var() / variance(epsilon) - 1) < 0.03


@pytest.mark.parametrize(("law", "rows"), [("laplace", 1), ("laplace", 3), ("gaussian", 1), ("gaussian", 2)])
def test_the_budget_is_spent_on_the_views_and_not_overspent(law, rows):
    privacy = Privacy(2.0, 1e-6, law, rows_per_person=rows, seed=1)
    made = measure(WHOLE, _leaves(), privacy)
    assert math.isclose(sum(made.shares.values()), 1)
    if law == "laplace":
        lost = sum(rows * -math.log(1 - 2 / (1 + math.sqrt(1 + 2 * one.variance))) for one in made.views)
        assert lost <= 2.0 + 1e-9
        assert made.delta == 0
        assert made.rho == 2.0
    else:
        assert math.fsum(rows**2 / (2 * one.variance) for one in made.views) <= made.rho * (1 + 1e-12)


@pytest.mark.parametrize("lattice", [WHOLE, LINKED])
@given(seed=st.integers(0, 1000), epsilon=st.sampled_from([0.3, 1.0, 4.0]))
@settings(max_examples=8, deadline=None)
def test_tables_are_whole_not_negative_and_add_up(lattice, seed, epsilon):
    made = private_tables(lattice, _leaves(seed), Privacy(epsilon, seed=seed))
    assert (made.cells.values == made.cells.members @ made.cells.unknowns.persons).all()
    assert (made.cells.unknowns.persons >= 0).all()
    assert (made.standard_error >= 0).all()
    assert not made.exact.any()


@given(st.integers(0, 1000))
@settings(max_examples=8, deadline=None)
def test_invariants_hold_exactly_and_are_off_by_default(seed):
    leaves = _leaves(seed)
    made = private_tables(WHOLE, leaves, Privacy(1.0, seed=seed, invariants=("total", "country:1")))
    true = {tuple(codes): 0 for codes in WHOLE.decoded(made.cells.keys).tolist()}
    assert len(true) == len(made.cells.keys)
    names = WHOLE.decoded(made.cells.keys)
    held = {"W": [0, 1, 2, 3], "E": [4], "F": [5], "_T": list(range(6))}
    for code, countries in held.items():
        here = (names[:, 0] == COUNTRIES.place[code]) & (names[:, 1] == 2) & (names[:, 2] == 3)
        persons = leaves.persons[np.isin(leaves.codes[:, 0], countries)].sum()
        assert made.cells.values[here].tolist() == [persons]
        assert made.exact[here].all()


def test_standard_errors_are_of_the_size_of_the_errors():
    true = private_tables(WHOLE, _leaves(2, 30), Privacy(20.0, seed=1)).cells.values
    off, said = [], []
    for seed in range(12):
        made = private_tables(WHOLE, _leaves(2, 30), Privacy(1.0, seed=seed))
        off.append((made.cells.values - true) ** 2)
        said.append(made.standard_error**2)
    assert 0.7 < np.sqrt(np.mean(off) / np.mean(said)) < 1.4


def test_several_organisations_add_noisy_views():
    parts = [measure(WHOLE, _leaves(seed), Privacy(1.0, seed=seed)) for seed in (1, 2, 3)]
    together = combined(parts)
    assert together.epsilon == pytest.approx(3.0)
    assert combined(parts, 1).epsilon == pytest.approx(1.0)
    for number, one in enumerate(together.views):
        assert (one.counts == sum(part.views[number].counts for part in parts)).all()
        assert one.variance == pytest.approx(3 * parts[0].views[number].variance)
    assert released(WHOLE, together).cells.values.max() > 0


def test_gaussian_losses_of_organisations_are_converted_tightly():
    parts = [measure(WHOLE, _leaves(seed), Privacy(1.0, 1e-6, "gaussian", seed=seed)) for seed in (1, 2)]
    together = combined(parts)
    assert together.rho == pytest.approx(2 * parts[0].rho)
    assert 1.0 < together.epsilon < 2.0


def test_organisations_with_other_views_are_refused():
    one = measure(WHOLE, _leaves(), Privacy(1.0, seed=1))
    other = measure(WHOLE, _leaves(), Privacy(1.0, seed=1, shares={"total": 1.0}))
    with pytest.raises(UsageError, match="other views"):
        combined([one, other])


@pytest.mark.parametrize(
    "asked",
    [
        {"epsilon": 0},
        {"epsilon": 1e9},
        {"epsilon": math.nan},
        {"epsilon": 1, "delta": 1},
        {"epsilon": 1, "law": "normal"},
        {"epsilon": 1, "law": "gaussian"},
        {"epsilon": 1, "rows_per_person": 0},
        {"epsilon": 1, "shares": {"total": 0}},
    ],
)
def test_budgets_that_protect_nobody_or_make_no_sense_are_refused(asked):
    with pytest.raises(UsageError):
        Privacy(**asked)


def test_unknown_views_are_refused_with_those_there_are():
    with pytest.raises(UsageError, match=r"no view district.*country:1"):
        measure(WHOLE, _leaves(), Privacy(1.0, seed=1, shares={"district": 1.0}))
    with pytest.raises(UsageError, match="nothing would be protected"):
        measure(WHOLE, _leaves(), Privacy(1.0, seed=1, shares={"total": 1.0}, invariants=("total",)))
