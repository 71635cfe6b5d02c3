"""Every row that comes out is shared by k persons, and was a true row with blanks."""

from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from palermo.release.synthetic.kanonymous import k_anonymous, smallest_group


@settings(max_examples=60, deadline=None)
@given(
    arrays(np.int32, st.tuples(st.integers(1, 60), st.integers(1, 6)), elements=st.integers(0, 4)), st.integers(2, 12)
)
def test_every_row_is_shared_by_k_and_no_value_is_new(values, k):
    made = k_anonymous(values, k)
    counts = Counter(map(tuple, made.rows.tolist()))
    assert all(n >= k for n in counts.values())
    assert made.rows_left_out == len(values) - len(made.rows)
    assert made.rows_left_out < k
    for column in range(values.shape[1]):
        before, after = Counter(values[:, column].tolist()), Counter(made.rows[:, column].tolist())
        assert all(after[code] <= before[code] for code in after if code)


def test_a_file_that_is_safe_stays_as_it_is():
    values = np.repeat(np.array([[1, 2], [2, 1], [0, 1]]), 5, axis=0)
    made = k_anonymous(values, 5)
    assert made.values_blanked == made.rows_left_out == 0
    assert sorted(made.rows.tolist()) == sorted(values.tolist())


def test_the_fewest_values_are_blanked():
    values = np.array([[1, 1, 1]] * 9 + [[1, 1, 2]] + [[2, 2, 2]] * 10)
    made = k_anonymous(values, 10)
    assert made.values_blanked == 10  # the third value of ten persons
    assert made.rows_left_out == 0


def test_the_rare_row_joins_the_group_that_has_its_blanks():
    values = np.array([[1, 1, 0]] * 10 + [[1, 1, 2]])
    made = k_anonymous(values, 10)
    assert made.rows.tolist() == [[1, 1, 0]] * 11
    assert smallest_group(made.rows) == 11


def test_nothing_is_left_of_a_file_of_few():
    made = k_anonymous(np.array([[1, 2], [2, 1]]), 3)
    assert len(made.rows) == 0
    assert made.rows_left_out == 2
