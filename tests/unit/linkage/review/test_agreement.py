import pytest

from palermo.linkage.review.agreement import ac1, agreements, kappa, to_resolve
from palermo.linkage.review.labels import RESOLVED, Answer, RecordName


def answers(counts):
    """Answers of two clerks with the given table of same/different by same/different."""
    number, found = 0, []
    for row, first in enumerate(("same", "different")):
        for column, second in enumerate(("same", "different")):
            for _ in range(counts[row][column]):
                number += 1
                left, right = RecordName("a", str(number)), RecordName("b", str(number))
                found.append(Answer(left, right, "one", first, "x"))
                found.append(Answer(right, left, "two", second, "x"))
    return found


def test_kappa_and_ac1_of_a_published_table():
    # 118 + 5 + 2 + 0 pairs (Gwet 2008, table 2): two raters agree on nearly all, kappa says less than chance.
    counts = ((118.0, 5.0), (2.0, 0.0))
    assert kappa(counts) == pytest.approx(-0.0234, abs=5e-4)
    assert ac1(counts) == pytest.approx(0.9408, abs=5e-4)


def test_two_clerks_are_compared_with_intervals():
    (found,) = agreements(answers([[40, 5], [3, 52]]))
    assert (found.first, found.second, found.both, found.share) == ("one", "two", 100, 0.92)
    assert found.kappa.value == pytest.approx(0.8380, abs=1e-3)
    # Large-sample standard error of Fleiss, Cohen and Everitt (1969) for this table is about .055.
    assert (found.kappa.upper - found.kappa.lower) / 2 / 1.96 == pytest.approx(0.055, abs=0.004)
    assert found.ac1.lower < found.ac1.value < found.ac1.upper <= 1
    assert len(found.disagreements) == 8


def test_unsure_answers_are_counted_apart():
    said = answers([[3, 0], [0, 3]])
    said.append(Answer(RecordName("a", "99"), RecordName("b", "99"), "one", "unsure", "x"))
    said.append(Answer(RecordName("a", "99"), RecordName("b", "99"), "two", "same", "x"))
    (found,) = agreements(said)
    assert (found.both, found.unsure, found.kappa.value) == (6, 1, 1.0)


def test_measures_that_do_not_exist_are_not_made_up():
    (found,) = agreements(answers([[2, 0], [0, 0]]))
    assert found.kappa.value is None and found.kappa.lower is None and found.ac1.value == 1
    assert agreements([]) == ()


def test_disagreements_wait_until_resolved_together():
    said = answers([[1, 1], [0, 1]])
    (pair,) = to_resolve(said)
    assert pair == (RecordName("a", "2"), RecordName("b", "2"))
    assert to_resolve([*said, Answer(*pair, RESOLVED, "same", "x")]) == ()
    assert len(agreements([*said, Answer(*pair, RESOLVED, "same", "x")])) == 1
