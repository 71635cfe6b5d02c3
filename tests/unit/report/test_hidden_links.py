"""Figures of linkage: both numbers stand side by side with their intervals, a refusal stays one, the curve is whole."""

import numpy as np
import pytest

from palermo.hidden.answer import Answer, refused
from palermo.hidden.capture import CaptureTable
from palermo.hidden.link_threshold import Curve, Point
from palermo.hidden.linked_number import LinkedNumber
from palermo.report.draw import drawings
from palermo.report.hidden import HiddenNumber, hidden_page
from palermo.report.hidden.links import correction_figure, threshold_figure

TABLE = CaptureTable(("A", "B"), np.arange(1, 4), np.array([310, 205, 117]))
GIVEN = HiddenNumber(TABLE, ())
BEFORE = {"uncorrected": {"estimate": 1200.0, "lower": 1100.0, "upper": 1300.0}, "linkage_part": 0.4}
ANSWER = Answer("main_effects", 1000.0, 880.0, 1140.0, 0.95, diagnostics=BEFORE)
CURVE = Curve("main_effects", (Point(0.5, 600, 100, 1100.0, 1010.0), Point(0.9, 620, 90, 1200.0, 1000.0)))
LINKED = LinkedNumber(0.9, (ANSWER,), CURVE, None, 300, None)


def test_both_numbers_stand_side_by_side_with_their_intervals():
    figure = correction_figure(GIVEN, LINKED)
    without, corrected = figure.table.rows
    assert [amount.value for amount in (without.amounts[0], corrected.amounts[0])] == [1200, 1000]
    assert (without.amounts[1].low, without.amounts[1].high) == (1100, 1300)
    assert corrected.amounts[2].value == pytest.approx(40)
    assert "17% lower" in figure.alt
    (drawing,) = drawings(figure)
    assert "1,000 (880\u20131,140)" in drawing
    assert "1,200 (1,100\u20131,300)" in drawing


def test_a_refused_number_has_no_dot_and_its_reason():
    none = refused("main_effects", 0.95, "the threshold alone moves the number")
    figure = correction_figure(GIVEN, LinkedNumber(0.9, (none,), CURVE, None, 300, none.reasons[0]))
    assert figure.text[0] == "The threshold alone moves the number."
    assert "no number may be given" in figure.alt
    assert all(row.amounts[0].value is None for row in figure.table.rows)


def test_without_rates_there_is_a_figure_that_says_why_it_is_empty():
    figure = correction_figure(GIVEN, LinkedNumber(0.9, (), CURVE, None, 0, "nobody labelled a pair"))
    assert figure.missing == "nobody labelled a pair"


def test_the_curve_is_drawn_with_and_without_correction():
    figure = threshold_figure(GIVEN, LINKED)
    assert [mark.title for mark in figure.marks] == ["Without correction", "With correction"]
    assert [row.stubs[0][1] for row in figure.table.rows] == ["0.5", "0.9"]
    assert "moves the number by 9%" in figure.text[0]
    assert "moves the number by 1%" in figure.text[1]
    assert len(drawings(figure)) == 2


def test_a_curve_without_rates_is_drawn_alone():
    bare = Curve("main_effects", tuple(Point(at, 600, 100, 1100.0, None) for at in (0.5, 0.9)))
    figure = threshold_figure(GIVEN, LinkedNumber(0.9, (), bare, None, 0, "why"))
    assert len(figure.marks) == 1
    assert figure.table.rows[0].amounts[1].value is None


def test_the_page_has_a_section_on_linkage_where_there_is_any():
    answers = (Answer("main_effects", 1000.0, 880.0, 1140.0, 0.95),)
    page = hidden_page(HiddenNumber(TABLE, answers, linked=LINKED))
    assert "What the errors of linkage do" in page
    assert "The number against the threshold of linkage" in page
    assert "What the errors of linkage do" not in hidden_page(HiddenNumber(TABLE, answers))
