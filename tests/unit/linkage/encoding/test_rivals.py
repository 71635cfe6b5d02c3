"""Odds shared among rivals."""

import numpy as np
import pytest

from palermo.linkage.encoding.rivals import against_rivals


def test_rivals_in_another_list_share_what_a_record_has():
    lists = np.array([0, 1, 1, 2])
    left, right = np.array([0, 0, 0]), np.array([1, 2, 3])
    found = against_rivals(np.array([9.0, 9.0, 9.0]), left, right, lists)
    assert found == pytest.approx([9 / 19, 9 / 19, 0.9])


def test_duplicates_within_a_list_are_no_rivals():
    found = against_rivals(np.array([9.0, 9.0]), np.array([0, 0]), np.array([1, 2]), np.array([0, 0, 0]))
    assert found == pytest.approx([0.9, 0.9])


def test_no_pairs():
    empty = np.array([], np.int64)
    assert len(against_rivals(np.array([]), empty, empty, np.array([0, 1]))) == 0


def test_a_record_written_twice_in_its_list_is_no_rival_of_itself():
    """Record 0 of one list; 1 and 2 of another are nearly surely one person; 3 is someone else there."""
    lists = np.array([0, 1, 1, 1])
    left, right = np.array([0, 0, 1]), np.array([1, 2, 2])
    found = against_rivals(np.array([9.0, 9.0, 9_999.0]), left, right, lists)
    assert found[:2] == pytest.approx([0.9, 0.9], abs=0.001)
    left, right = np.array([0, 0, 0, 1]), np.array([1, 2, 3, 2])
    found = against_rivals(np.array([9.0, 9.0, 9.0, 9_999.0]), left, right, lists)
    assert found[:3] == pytest.approx([9 / 19, 9 / 19, 9 / 28], abs=0.001)
