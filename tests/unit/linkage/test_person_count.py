"""How many persons the records are once missed and false links are taken out."""

import numpy as np
import pyarrow as pa
import pytest

from palermo.linkage.person_count import person_count


def members(*sizes: int) -> pa.Table:
    """Persons of these numbers of records."""
    persons = [person for person, size in enumerate(sizes, 1) for _ in range(size)]
    return pa.table({"person_id": persons})


def test_true_pairs_as_made_leave_the_number_as_it_is():
    count = person_count(members(2, 2, 1, 1), 2.0, np.array([2.0, 2.0]))
    assert (count.made, count.corrected, count.lower, count.upper) == (4, 4.0, 4.0, 4.0)


def test_missed_pairs_make_fewer_persons_and_false_ones_more():
    made = members(2, 2, 1, 1, 1, 1)
    assert person_count(made, 3.0, np.array([3.0])).corrected == 5.0
    assert person_count(made, 1.0, np.array([1.0])).corrected == 7.0


def test_a_person_with_three_records_takes_two_joinings_and_has_three_pairs():
    assert person_count(members(3), 3.0, np.array([3.0])).corrected == pytest.approx(1.0)


def test_the_interval_holds_the_number_and_follows_the_draws():
    count = person_count(members(2, 2, 1, 1), 2.0, np.linspace(1, 3, 41))
    assert count.lower < count.corrected < count.upper
    assert count.upper - count.lower == pytest.approx(1.9, abs=0.1)


@pytest.mark.parametrize("draws", [None, np.zeros(0)])
def test_without_labels_there_is_no_number(draws):
    assert person_count(members(2, 1), None, draws) is None
    assert person_count(members(2, 1), 1.0, draws) is None


def test_nobody_joined_gives_nothing_to_scale():
    assert person_count(members(1, 1), 1.0, np.array([1.0])) is None
