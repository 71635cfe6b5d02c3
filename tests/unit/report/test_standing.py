"""A page says whether its release is approved, and by whom."""

import pytest

from palermo.report.page import words


@pytest.mark.parametrize("status", ["draft", "candidate", "withdrawn"])
def test_what_is_not_approved_carries_a_warning(status):
    assert words.standing({"status": status}).isupper() is False
    assert "o not" in words.standing({"status": status})


def test_an_approved_release_carries_names_and_no_warning():
    said = {"status": "approved", "made_by": "A. Maker", "approved_by": "B. Second", "replaces": None}
    assert words.standing(said) == ""
    assert words.names(said) == "made by A. Maker, approved by B. Second"


def test_a_withdrawn_release_says_why():
    said = {"status": "withdrawn", "withdrawn_for": "a list was read twice"}
    assert words.standing(said) == "WITHDRAWN. Do not use these figures. Reason: a list was read twice."
    assert words.standing({}) == words.names({}) == ""
