"""What stands around the hidden number in the account: drawn from the release alone, hidden and refused told apart."""

import subprocess
import sys
from dataclasses import replace

import pytest

from palermo.report.account import sections_of
from palermo.report.amounts import State
from palermo.report.data import figure_csv
from palermo.report.draw import drawings
from palermo.report.figures.around import figures_around
from palermo.report.marks import Bars, Forest, Overlap, Plot


@pytest.fixture
def around(release, tried):
    """The figures of a release that holds what was tried, some of it changed, by id."""

    def make(**changed):
        made = replace(release, estimates={**tried, **changed})
        return {figure.id: figure for figure in figures_around(made, release.area)}

    return make


def test_each_figure_is_drawn_with_table_words_and_receipts(around):
    figures = around()
    assert list(figures) == ["E2", "E3", "E4", "E5a", "E5d", "E6"]
    kinds = {"E2": Forest, "E3": Overlap, "E4": Plot, "E5a": Plot, "E5d": Bars, "E6": Forest}
    for name, figure in figures.items():
        assert isinstance(figure.marks[0], kinds[name])
        assert figure.table.rows
        assert len(figure.alt) > 20
        assert figure.receipts
        (drawing, *_) = drawings(figure)
        assert "<title" in drawing
        assert "<desc" in drawing
        assert "2021" in figure.title


def test_what_was_assumed_stands_with_the_methods(around):
    figures = around()
    assert any(sentence.startswith("What was assumed") for sentence in figures["E2"].text)
    assert any("E2" in sentence for sentence in figures["E4"].text)


def test_a_refused_method_is_refused_and_no_zero(around):
    row = around()["E2"].table.rows[1]
    assert row.stubs[1] == ("refused", "refused")
    assert row.amounts[0].state is State.REFUSED
    assert around()["E5d"].table.rows[1].amounts[0].state is State.REFUSED


def test_small_combinations_carry_one_mark_that_is_no_zero(around):
    rows = {row.stubs[0][1]: row.amounts[0] for row in around()["E3"].table.rows}
    rest = rows["Each of 5 other combinations of lists"]
    assert (rest.low, rest.high, rest.state) == (0, 9, State.HIDDEN)
    assert rows["police"] == rest
    assert rows["clinic and hotline"].state is State.ROUNDED
    assert all(amount.state in {State.HIDDEN, State.ROUNDED} for amount in rows.values())


def test_the_numbers_of_models_are_those_of_the_release_not_of_the_marks(around):
    bands = [row.amounts[0].value for row in around()["E4"].table.rows[:4]]
    assert bands == [1, 1, 0, 40]
    assert any(row.amounts[0].value == 3 for row in around()["E4"].table.rows if row.group == "Refused")


def test_estimates_are_marked_as_such_in_the_files(around):
    lines = [line for line in figure_csv(around()["E5d"]).splitlines() if "without list clinic" in line]
    assert all(",E,F," in line for line in lines)


def test_lists_that_no_grid_protects_are_not_told(around):
    figure = around(overlap=None)["E3"]
    assert figure.marks == ()
    assert "That is not zero" in figure.missing


def test_a_refusal_shows_methods_and_lists_only(around, tried):
    none = dict.fromkeys(("estimate", "lower", "upper"))
    methods = [{**own, **none, "verdict": "refused"} for own in tried["methods"]]
    figures = around(why="refused", methods=methods)
    assert list(figures) == ["E2", "E3"]
    assert all(row.amounts[0].state is State.REFUSED for row in figures["E2"].table.rows)


def test_with_few_lists_the_account_says_what_is_not_published(around, tried):
    curve = [own for own in tried["changes"] if own["kind"] == "interaction"]
    figures = around(models=None, changes=curve, methods=tried["methods"][:1])
    assert list(figures) == ["E2", "E3", "E5a", "E6"]
    assert "fewer than four lists" in figures["E2"].note


def test_without_an_estimate_to_tell_there_are_no_more_figures(release, tried):
    for told in ({}, {"why": "not asked"}, {"why": "hidden"}, {**tried, "why": "hidden", "methods": []}):
        sections = sections_of(replace(release, estimates=told))
        assert [figure.id for anchor, _, figures in sections if anchor == "hidden" for figure in figures] == ["E1"]


def test_the_account_is_written_without_the_estimators():
    said = (
        "import sys, palermo.report.build; print([name for name in sys.modules if name.startswith('palermo.hidden')])"
    )
    found = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
