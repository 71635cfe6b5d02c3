"""The error metrics against definitions written out the slow way."""

from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from palermo.release.synthetic.utility import file_errors, table_distance


def _counts(rows, length):
    found = Counter()
    for row in rows.tolist():
        for columns in combinations(range(len(row)), length):
            if all(row[column] for column in columns):
                found[columns, tuple(row[column] for column in columns)] += 1
    return found


def _slow(true, made, length):
    c, s = _counts(true, length), _counts(made, length)
    either = {*c, *s}
    gap = sum(abs(s[one] - c[one]) for one in either)
    large = [abs(s[one] - c[one]) / c[one] for one in c if c[one] >= 50]
    invented = [one for one in s if one not in c]
    held = [one for one in c if c[one] >= 10]
    return {
        "wape": gap / sum(c.values()) if c else None,
        "mace": gap / len(either) if either else None,
        "mre50": np.mean(large) if large else None,
        "medre50": np.median(large) if large else None,
        "fab": len(invented) / len(s) if s else None,
        "fabmass": sum(s[one] for one in invented) / sum(s.values()) if s else None,
        "miss": sum(one not in s for one in c) / len(c) if c else None,
        "miss10": sum(one not in s for one in held) / len(held) if held else None,
    }


def _file(most):
    return arrays(np.int32, st.tuples(st.integers(1, most), st.just(4)), elements=st.integers(0, 3))


@settings(max_examples=40, deadline=None)
@given(_file(40), _file(40), st.sampled_from([1, 20]))
def test_metrics_are_the_definitions(true, made, times):
    true = np.repeat(true, times, axis=0)
    found = file_errors(true, made)
    for length in (1, 2, 3, 4):
        for name, value in _slow(true, made, length).items():
            assert found[length].summary()[name] == pytest.approx(value), (length, name)


@settings(max_examples=20, deadline=None)
@given(_file(30), _file(30))
def test_distance_of_tables_counts_blanks(true, made):
    slow = []
    for columns in combinations(range(4), 2):
        one = Counter(tuple(row[list(columns)]) for row in true)
        two = Counter(tuple(row[list(columns)]) for row in made)
        slow.append(sum(abs(one[x] / len(true) - two[x] / len(made)) for x in {*one, *two}) / 2)
    assert table_distance(true, made, 2) == (pytest.approx(np.mean(slow)), pytest.approx(np.max(slow)))


def test_the_same_file_has_no_error():
    rows = np.array([[1, 2, 0], [1, 2, 3]] * 60)
    found = file_errors(rows, rows, (1, 2))
    assert found[2].wape == found[2].fab == found[2].miss == found[2].mre50 == 0
    assert found[1].true_combinations == 3


def test_a_blank_file_loses_all_and_invents_nothing():
    found = file_errors(np.ones((12, 2), int), np.zeros((0, 2), int))
    assert (found[1].wape, found[1].miss10, found[1].fab) == (1.0, 1.0, None)
    assert 3 not in found
