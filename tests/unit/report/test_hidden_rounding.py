"""Reasons on the page give no exact count of persons."""

import pytest

from palermo.hidden.answer import Answer, Verdict
from palermo.report.estimates.amounts import reasons
from palermo.report.estimates.rounding import rounded_counts


@pytest.mark.parametrize(
    ("words", "rounded"),
    [
        ("only 2 persons are on two lists or more", "fewer than 5 persons are on two lists or more"),
        ("only 17 persons are on both", "only about 20 persons are on both"),
        ("these 5 saw from 94 to 1,169 persons, too", "these 5 saw from about 90 to 1,200 persons, too"),
        ("from 3 to 4 persons", "from fewer than 5 to 5 persons"),
        ("3 of 1,234 persons are on both", "fewer than 5 of 1,200 persons are on both"),
        ("about 700 persons", "about 700 persons"),
        ("fewer than 20 persons", "fewer than 20 persons"),
        ("below the 2,744 persons seen", "below the 2,744 persons seen"),
        ("41 models within 10 BIC points", "41 models within 10 BIC points"),
    ],
)
def test_counts_of_persons_are_rounded(words, rounded):
    assert rounded_counts(words) == rounded


def test_reasons_of_an_answer_are_rounded_for_the_page():
    own = Answer("stepwise", 9.0, 8.0, 12.0, 0.95, verdict=Verdict.WARNED, reasons=("only 3 persons are on two lists",))
    assert reasons(own) == "Fewer than 5 persons are on two lists."
