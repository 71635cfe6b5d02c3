"""What the proof says a count can be is what HiGHS says when it is asked about each count alone."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import linprog

from palermo.release.tables.possible import TOLERANCE, Known, Possible
from palermo.release.tables.proof import Proof

CEILING = 500.0


@st.composite
def published(draw):
    """Some sums of a made-up table of whole numbers, and which single counts a reader asks for."""
    seed, rows, columns = draw(st.integers(0, 10**6)), draw(st.integers(2, 9)), draw(st.integers(2, 9))
    draws = np.random.default_rng(seed)
    table = draws.poisson(draw(st.sampled_from([0.5, 2.0, 6.0])), (rows, columns)).astype(float)
    names = np.arange(rows * columns).reshape(rows, columns)
    sums = [names[row] for row in range(rows)] + [names[:, column] for column in range(columns)]
    sums += [names.ravel()[draws.random(rows * columns) < 0.4] for _ in range(draw(st.integers(0, 5)))]
    sums += [np.array([name]) for name in names.ravel() if draws.random() < 0.3]
    told = np.zeros((len(sums), rows * columns))
    for place, within in enumerate(sums):
        told[place, within] = 1
    return told, told @ table.ravel()


@settings(max_examples=25, deadline=None)
@given(published())
def test_limits_are_those_of_single_programmes(given_sums):
    sums, values = given_sums
    counts = sums.shape[1]
    proof = Proof(Possible(Known(sparse.csr_matrix(sums), values, CEILING)), sparse.eye(counts, format="csr"))
    low, high = proof.limits()
    for count in range(counts):
        aim = np.zeros(counts)
        for sign, found in ((1, low[count]), (-1, high[count])):
            aim[count] = sign
            asked = linprog(aim, A_eq=sums, b_eq=values, bounds=(0, CEILING), method="highs")
            limit = np.ceil(asked.fun - TOLERANCE) if sign == 1 else np.floor(-asked.fun + TOLERANCE)
            assert found == limit
