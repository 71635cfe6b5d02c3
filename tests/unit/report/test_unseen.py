"""The hidden number in the account: two kinds beside each other, and words where there is no number."""

import pytest

from palermo.errors import PalermoError
from palermo.report.amounts import State
from palermo.report.figures.sdg import sdg_page
from palermo.report.figures.unseen import hidden_number
from palermo.report.marks import Bar, Bars, Forest, Quantity
from palermo.report.one_quantity import check_one_quantity


@pytest.fixture
def figure(release):
    return hidden_number(release, release.area, "2023")


def test_the_drawing_shows_estimates_only_each_with_its_interval(figure):
    assert figure.marks
    assert all(isinstance(marks, Forest) for marks in figure.marks)
    shown = [item for marks in figure.marks for item in marks.estimates]
    assert {item.quantity.kind for item in shown} == {"estimated"}
    assert all(item.interval for item in shown if item.amount.is_known)
    check_one_quantity(figure.id, figure.marks)


def test_detected_and_estimated_drawn_together_fail(figure):
    detected = Bars((Bar("Detected", figure.table.rows[0].amounts[0], Quantity("detected", "PERSON")),))
    with pytest.raises(PalermoError, match="kinds and units are never mixed"):
        check_one_quantity(figure.id, (*figure.marks, detected))


def test_the_table_keeps_the_two_kinds_in_columns_of_their_own(figure):
    keys = [measure.key for measure in figure.table.measures]
    assert keys == ["detected", "estimate", "interval", "range"]
    everyone = next(row for row in figure.table.rows if row.group == "Everyone")
    assert everyone.amounts[1].value == 5120
    assert (everyone.amounts[2].low, everyone.amounts[2].high) == (4330, 6410)
    assert everyone.amounts[2].state is everyone.amounts[3].state is State.INTERVAL
    assert (everyone.amounts[3].low, everyone.amounts[3].high) == (3870, 9260)


def test_a_refused_part_has_no_number_and_is_named(figure):
    other = next(row for row in figure.table.rows if row.stubs[0][1] == "Other")
    assert {amount.state for amount in other.amounts[1:3]} == {State.REFUSED}
    assert any("No answer may be given for: Other" in sentence for sentence in figure.text)


def test_what_may_and_may_not_be_said_stands_beside_the_number(figure):
    words = " ".join(figure.text)
    assert "What may be said" in words
    assert "What may not be said" in words
    assert "never add" in figure.about


def test_an_account_that_did_not_ask_says_so(releasing):
    figure = hidden_number(releasing([]), "DEU", "2023")
    assert "do not ask for one" in figure.missing
    assert "not zero" in figure.missing


def test_a_refusal_is_given_in_words(release, releasing):
    rows = [row for row in release.cube.to_pylist() if row["indicator"] == "victims_estimated"][:1]
    rows[0] |= {"value": None, "lower": None, "upper": None, "obs_status": "O"}
    figure = hidden_number(releasing(rows), release.area, "2023")
    assert figure.missing.startswith("The lists of this account cannot tell")
    assert figure.marks == ()


def test_a_hidden_estimate_is_told_from_a_refused_one(release, releasing):
    rows = [row for row in release.cube.to_pylist() if row["indicator"] == "victims_estimated"][:1]
    rows[0] |= {"value": None, "lower": None, "upper": None, "obs_status": "Q", "conf_status": "C"}
    assert "hidden to protect people" in hidden_number(releasing(rows), release.area, "2023").missing


def test_the_sdg_page_names_its_second_kind(release, releasing):
    assert any("figure E1" in sentence for sentence in sdg_page(release, release.area, "2023").text)
    without = [row for row in release.cube.to_pylist() if row["kind"] != "estimated"]
    assert any("is not in this account" in sentence for sentence in sdg_page(releasing(without), "DEU", "2023").text)
