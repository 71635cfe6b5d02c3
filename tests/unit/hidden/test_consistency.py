"""Lists as populations of known size, and tables with persons left out."""

import numpy as np
import pytest

from palermo.hidden.answer import Settings
from palermo.hidden.consistency import Check, internal_consistency, thinning, within


def test_within_a_list_are_its_persons_as_others_saw_them(table):
    own = within(table, "C")
    assert own.lists == ("A", "B")
    assert own.cells.tolist() == [0, 20, 20, 5]
    assert table.cells.sum() == 405


@pytest.mark.usefixtures("made_up")
def test_each_list_is_estimated_from_the_others(table):
    checks = internal_consistency(table, ["two_lists", "dga_bma"])
    assert [(own.list_name, own.true_size, own.seen) for own in checks] == [
        ("A", 205, 65),
        ("B", 185, 65),
        ("C", 105, 45),
    ]
    assert checks[2].estimate == pytest.approx(25 * 25 / 5)
    assert checks[2].covered
    assert checks[2].log_ratio == pytest.approx(np.log(125 / 105))


def test_a_check_without_a_number_has_no_opinion():
    check = Check("A", 10, 5, "x", None, None, None)
    assert check.covered is None
    assert check.log_ratio is None


def test_two_lists_cannot_check_each_other(table):
    assert internal_consistency(table.without("C")) == []


@pytest.mark.usefixtures("made_up")
def test_thinning_repeats_itself_and_stays_level(table):
    found = thinning(table, ["two_lists"], Settings(seed=3), fractions=(1.0, 0.8), repeats=4)
    assert len(found) == 5
    assert found == thinning(table, ["two_lists"], Settings(seed=3), fractions=(1.0, 0.8), repeats=4)
    whole, *thinned = found
    assert whole.estimate == pytest.approx(205 * 185 / 45)
    assert np.median([own.estimate for own in thinned]) == pytest.approx(whole.estimate, rel=0.2)
    assert len({own.estimate for own in thinned}) == 4
