"""Rounding that keeps all sums, for tables and hierarchies of any shape."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from palermo.errors import UsageError
from palermo.release.tables.alternatives.controlled_rounding import Rounding, rounded
from palermo.release.tables.alternatives.nearest import nearest
from palermo.release.tables.cells import Lattice, Leaves, cells_of
from palermo.release.tables.hierarchy import Dimension
from palermo.release.tables.specification import Published, Specification


@st.composite
def tables(draw):
    """Two or three dimensions, the first with random groups, as one table or as linked tables of two."""
    countries = tuple(f"C{n}" for n in range(draw(st.integers(2, 7))))
    cut = draw(st.integers(1, len(countries) - 1))
    groups = {"R0": countries[:cut], "R1": countries[cut:]} if draw(st.booleans()) else {}
    others = [Dimension(name, tuple(f"{name}{n}" for n in range(draw(st.integers(2, 4))))) for name in ("sex", "form")]
    dimensions = (Dimension("country", countries, groups), *others[: draw(st.integers(1, 2))])
    printed = ()
    if len(dimensions) == 3 and draw(st.booleans()):
        printed = (Published("a", ("country", "sex")), Published("b", ("country", "form")))
    sizes = [len(one.codes) for one in dimensions]
    counts = draw(st.lists(st.integers(0, 12), min_size=int(np.prod(sizes)), max_size=int(np.prod(sizes))))
    codes = np.stack(np.unravel_index(np.arange(len(counts)), sizes), axis=1).astype(np.int64)
    lattice = Lattice.of(Specification(dimensions, printed))
    return cells_of(lattice, Leaves(codes, np.array(counts, dtype=np.int64)))


@given(tables(), st.sampled_from([2, 3, 5]))
@settings(max_examples=50, deadline=None)
def test_small_counts_are_gone_and_all_tables_add_up(cells, base):
    made = rounded(cells, Rounding(base))
    assert (made.values == cells.members @ made.unknowns).all()
    assert not ((made.values > 0) & (made.values < base)).any()
    assert (made.unknowns[cells.unknowns.persons == 0] == 0).all()
    kept = ~made.moved
    assert (made.unknowns[kept] == cells.unknowns.persons[kept]).all()
    assert set(made.unknowns[made.moved].tolist()) <= {0, base}
    assert made.largest == abs(made.values - cells.values).max(initial=0)


@given(tables(), st.sampled_from([2, 3, 5]))
@settings(max_examples=50, deadline=None)
def test_full_rounding_leaves_multiples_beside_the_finest_counts(cells, base):
    made = rounded(cells, Rounding(base, "full"))
    assert (made.values % base == 0).all()
    assert (made.values == cells.members @ made.unknowns).all()
    assert (abs(made.unknowns - cells.unknowns.persons) < base).all()
    multiple = cells.unknowns.persons % base == 0
    assert (made.unknowns[multiple] == cells.unknowns.persons[multiple]).all()


@given(st.lists(st.lists(st.integers(0, 14), min_size=3, max_size=3), min_size=2, max_size=8), st.sampled_from([3, 5]))
@settings(max_examples=50, deadline=None)
def test_in_two_dimensions_no_count_is_off_by_the_base(counts, base):
    """A zero-restricted controlled rounding always exists there (Cox 1987)."""
    rows = Dimension("country", tuple(f"C{n}" for n in range(len(counts))))
    lattice = Lattice.of(Specification((rows, Dimension("sex", ("F", "M", "O")))))
    codes = np.stack(np.unravel_index(np.arange(3 * len(counts)), (len(counts), 3)), axis=1).astype(np.int64)
    cells = cells_of(lattice, Leaves(codes, np.array(counts, dtype=np.int64).ravel()))
    assert rounded(cells, Rounding(base, "full")).largest < base


@given(st.integers(0, 2**31))
@settings(max_examples=10, deadline=None)
def test_the_search_reaches_the_least_largest_deviation_of_an_integer_programme_or_one_more(seed):
    draws = np.random.default_rng(seed)
    members = sparse.csr_matrix((draws.random((25, 18)) < 0.3).astype(float))
    over = draws.integers(1, 5, 18).astype(float)
    size = members.shape[0]
    far = np.ones((size, 1))
    limit = members @ over
    best = milp(
        np.append(np.zeros(18), 1.0),
        constraints=[
            LinearConstraint(sparse.hstack([5 * members, -far]), -np.inf, limit),
            LinearConstraint(sparse.hstack([5 * members, far]), limit, np.inf),
        ],
        bounds=Bounds(0, np.append(np.ones(18), 99)),
        integrality=np.append(np.ones(18), 0),
    )
    assert abs(nearest(members, over, 5).off).max() <= round(best.fun) + 1


def test_same_counts_are_rounded_alike():
    draws = np.random.default_rng(4)
    lattice = Lattice.of(Specification((Dimension("a", tuple("abcdefgh")), Dimension("b", tuple("xyz")))))
    codes = np.stack(np.unravel_index(np.arange(24), (8, 3)), axis=1).astype(np.int64)
    cells = cells_of(lattice, Leaves(codes, draws.integers(0, 9, 24)))
    assert (rounded(cells, Rounding()).values == rounded(cells, Rounding()).values).all()


@pytest.mark.parametrize("asked", [{"base": 1}, {"which": "some"}])
def test_what_makes_no_sense_is_refused(asked):
    with pytest.raises(UsageError, match="expected"):
        Rounding(**asked)
