"""Figures of the hidden number: tables hold what is drawn, refusals stay refusals, small counts stay hidden."""

import math
from dataclasses import replace
from itertools import product
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.hidden.answer import Answer, Verdict, refused
from palermo.hidden.capture import CaptureTable
from palermo.hidden.consistency import Check, Thinned
from palermo.hidden.model_space import search
from palermo.hidden.registry import ESTIMATORS
from palermo.hidden.sensitivity import Variant
from palermo.hidden.simulation import Performance
from palermo.report.amounts import State, exact
from palermo.report.data.figures import figure_csv
from palermo.report.draw import drawings, marks_used
from palermo.report.draw.plot import scale_for
from palermo.report.estimates.coverage import coverage_figure, wilson
from palermo.report.estimates.methods import method
from palermo.report.estimates.models import models_figure
from palermo.report.estimates.sensitivity import sensitivity_figures
from palermo.report.estimates.side_by_side import estimators_figure, parts_figure
from palermo.report.hidden import Coverage, HiddenNumber, ModelPoint, coverage_of, models_of
from palermo.report.hidden.known_size import consistency_figure, thinning_figure
from palermo.report.hidden.overlap import overlap_figure
from palermo.report.hidden.protection import protected
from palermo.report.marks import Axis

TABLE = CaptureTable(("A", "B", "C"), np.arange(1, 8), np.array([310, 205, 17, 121, 9, 2, 0]))


def of(table=TABLE, answers=(), **rest):
    return HiddenNumber(table, answers, **rest)


def rows_of(figure, group=None):
    return {row.stubs[0][1]: row.amounts for row in figure.table.rows if group is None or row.group == group}


def circles(drawing, kind):
    return [node for node in ET.fromstring(drawing).iter("circle") if kind in node.get("class", "")]


def test_estimators_have_a_dot_each_and_refused_ones_a_dotted_line():
    answers = (Answer("stepwise", 900, 800, 1500, 0.95), refused("lcmcr", 0.95, "why"))
    (drawing,) = drawings(estimators_figure(of(answers=answers)))
    assert len(circles(drawing, "mark")) == 1
    assert drawing.count('class="no-figure"') == 1
    assert "900 (800\u20131,500)" in drawing
    assert "refused" in drawing


def test_a_reason_that_all_share_is_told_once():
    answers = tuple(
        Answer(name, 900, 800, 1500, 0.95, verdict=Verdict.WARNED, reasons=("models differ", own))
        for name, own in (("stepwise", "one person"), ("bic_best", "wide"))
    )
    figure = estimators_figure(of(answers=answers))
    assert figure.text[-1] == "For every method: models differ."
    assert [row.stubs[2][1] for row in figure.table.rows] == ["One person.", "Wide."]


def test_those_on_no_list_are_the_estimate_less_those_detected():
    figure = estimators_figure(of(answers=(Answer("stepwise", 900, 800, 1500, 0.95),)))
    unseen = rows_of(figure)["Stepwise by p-value"][2]
    assert (unseen.low, unseen.high) == (800 - 664, 1500 - 664)


def test_an_interval_without_end_is_drawn_as_an_arrow_and_does_not_set_the_scale():
    answers = (Answer("stepwise", 900, 800, math.inf, 0.95), Answer("main_effects", 1000, 900, 1100, 0.95))
    (drawing,) = drawings(estimators_figure(of(answers=answers)))
    assert "no limit" in drawing
    assert "inf" not in drawing.replace("information", "")
    assert drawing.count("<svg") == 2


def test_without_answers_figures_say_so():
    assert estimators_figure(of()).missing == "No estimator was run."
    assert "asked for" in parts_figure(of()).missing
    assert models_figure(of()).missing
    assert coverage_figure(of()).missing
    (figure,) = sensitivity_figures(of())
    assert figure.missing == "No change was tried."


def test_models_in_the_race_are_counted_with_their_reach():
    models = [ModelPoint("[1,2]", 100.0, 50.0), ModelPoint("[12]", 104.0, 200.0), ModelPoint("[13]", 130.0, 9000.0),
              ModelPoint("[23]", 90.0, None)]  # fmt: skip
    figure = models_figure(of(models=models))
    assert "2 models fit almost equally well" in figure.text[0]
    assert "from 50 to 200 persons, a factor of 4.0" in figure.text[0]
    bands = rows_of(figure, "All models")
    assert [amounts[0].value for amounts in bands.values()] == [1, 1, 0, 1]
    assert rows_of(figure, "Refused")["Models without an estimate"][0].value == 1
    (drawing,) = drawings(figure)
    assert len(circles(drawing, "spot")) == 3


def test_models_on_one_spot_are_drawn_once():
    models = [ModelPoint(f"[{i}]", 100.0 + i * 1e-6, 500.0) for i in range(2000)] + [ModelPoint("[f]", 150.0, 500.0)]
    (drawing,) = drawings(models_figure(of(models=models)))
    assert len(circles(drawing, "spot")) == 2


def test_a_refused_point_breaks_a_curve():
    variants = [Variant("threshold", "stepwise", f"{x}", None if x == 2 else 900.0, at=x / 100) for x in (1, 2, 3)]
    (figure,) = sensitivity_figures(of(variants=variants))
    (drawing,) = drawings(figure)
    assert 'class="line ' not in drawing
    assert 'class="no-figure"' in drawing
    assert "refused for 1 of 3 changes" in figure.text[0]
    assert rows_of(figure)["2"][0].state is State.REFUSED


def test_leaving_out_a_list_is_a_bar_each_and_one_refused_is_not_a_zero_bar():
    variants = [Variant("leave_out", "stepwise", f"without {x}", None if x == "C" else 900.0) for x in "ABC"]
    (figure,) = sensitivity_figures(of(variants=variants))
    (drawing,) = drawings(figure)
    assert drawing.count('class="mark look-plain"') == 2
    assert 'class="zero"' not in drawing
    assert [mark.name for mark in marks_used(figure)] == ["Refused"]


def test_of_many_methods_only_those_for_a_headline_are_drawn_and_the_rest_is_counted():
    names = ["stepwise", "bic_average", *(f"other{place}" for place in range(7))]
    (figure,) = sensitivity_figures(of(variants=[Variant("merge", name, "A and B", 900.0) for name in names]))
    assert len(figure.marks) == 2
    assert "7 further methods are not shown here." in figure.note


def test_models_as_pairs_are_numbered_by_bic():
    assert [(point.model, point.bic) for point in models_of([(9.0, 1.0), (8.0, 2.0)])] == [
        ("model 1", 8),
        ("model 2", 9),
    ]


def test_coverage_has_the_uncertainty_of_the_simulation_and_the_promise_as_a_line():
    runs = [Coverage("Sparse", "stepwise", 200, 160, 80, 60, -0.2), Coverage("Sparse", "lcmcr", 200, 0, 0)]
    figure = coverage_figure(of(coverage=runs))
    (drawing,) = drawings(figure)
    assert "stroke-dasharray" in drawing
    shown, held, warned, bias = rows_of(figure)["Stepwise by p-value"]
    assert (shown.value, held.value, warned.value, bias.value) == (80, 50, 75, -20)
    assert rows_of(figure)["Bayesian latent classes"][1].state is State.REFUSED
    assert figure.text == ("Sparse: 1 of 2 methods hold the truth less often than they promise.",)


def test_wilson_interval_as_published():
    low, high = wilson(81, 263)  # Newcombe 1998, table I: 0.2553 to 0.3662
    assert low == pytest.approx(25.53, abs=0.005)
    assert high == pytest.approx(36.62, abs=0.005)
    assert wilson(0, 10)[0] == 0
    assert wilson(10, 10)[1] == pytest.approx(100)


def test_overlap_shows_lists_pairs_and_combinations():
    figure = overlap_figure(of(protect=None))
    assert rows_of(figure, "On each list")["A"][0].value == 310 + 17 + 9
    assert rows_of(figure, "On both lists of a pair")["A and B"][0].value == 17
    assert rows_of(figure, "On exactly these lists")["A only"][0].value == 310
    (drawing,) = drawings(figure)
    assert len(circles(drawing, "mark look-first")) == 3 * 1 + 3 * 2  # three lists alone and three pairs


def test_overlap_hides_small_counts_and_every_sum_that_holds_one():
    figure = overlap_figure(of())
    only = rows_of(figure, "On exactly these lists")
    assert only["B and C"][0].state is State.HIDDEN
    for name in ("B", "C"):
        assert not rows_of(figure, "On each list")[name][0].is_exact
    assert "hidden" in drawings(figure)[0]
    assert ",2.0,2.0," not in figure_csv(figure)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.integers(1, 7), st.integers(0, 12), min_size=1, max_size=5), st.integers(2, 5))
def test_every_small_count_could_be_any_small_number(counts, k):
    """Law: given all that is shown and the number of persons in all, a hidden small count is not pinned down."""
    amounts = protected(counts, k)
    hidden = {history for history, own in amounts.items() if own.state is State.HIDDEN}
    small = {history for history, count in counts.items() if 0 < count < k}
    assert all(amounts[history].floor <= count <= amounts[history].ceiling for history, count in counts.items())
    assert small <= hidden
    further = hidden - small
    left = sum(count for history, count in counts.items() if history in hidden)
    if len({amounts[history] for history in hidden}) == 1:  # all alike: nothing tells which are small
        assert small == set() or hidden == {history for history, count in counts.items() if count}
        return
    assert len(further) == (1 if small else 0)
    for history in further:
        assert amounts[history].floor >= k
        for tried in product((1, k - 1), repeat=len(small)):
            assert amounts[history].floor <= left - sum(tried) <= amounts[history].ceiling


def test_counts_printed_as_ranges_stay_ranges_and_make_the_persons_detected_a_range():
    table = replace(TABLE, lower=np.array([310, 205, 0, 121, 9, 2, 0]), upper=np.array([310, 205, 20, 121, 9, 2, 0]))
    figure = overlap_figure(of(table, protect=None))
    assert rows_of(figure, "On exactly these lists")["A and B"][0].state is State.PRINTED_RANGE
    assert figure.text[0].startswith("647\u2013667 persons were detected")
    side = estimators_figure(of(table, (Answer("stepwise", 900, 800, 1500, 0.95),)))
    assert side.table.rows[0].amounts[2].state is State.NOT_APPLICABLE


@pytest.mark.parametrize("name", sorted(ESTIMATORS))
def test_every_estimator_has_words(name):
    words = method(name)
    assert words.assumes != method("none such").assumes
    assert "_" not in words.name


def test_estimators_have_names_of_their_own():
    names = [method(name).name for name in ESTIMATORS]
    assert len(names) == len(set(names))


def test_without_small_counts_nothing_is_hidden():
    assert protected({1: 5, 2: 0, 3: 80}, 5) == {1: exact(5), 2: exact(0), 3: exact(80)}


@pytest.mark.parametrize(
    ("values", "axis", "ends"),
    [
        ([3.0, 88.0], Axis("x"), (0.0, 100.0)),
        ([-1.0, 1.0], Axis("x"), (-1.0, 1.0)),
        ([0.001, 0.1], Axis("x", log=True), (0.001, 0.1)),
        ([300.0, 300.0], Axis("x", log=True), (200.0, 500.0)),
        ([5.0, 50.0, 1e9], Axis("x", end=60.0), (0.0, 50.0)),
    ],
)
def test_scales_hold_their_values(values, axis, ends):
    scale = scale_for(values, axis)
    assert (scale.low, scale.high) == pytest.approx(ends)
    assert 0 <= min(map(scale, values)) <= max(map(scale, values)) <= 1
    assert 2 <= len(scale.ticks) <= 9


def test_each_list_is_estimated_in_per_cent_of_its_size():
    checks = [Check("A", 200, 60, "stepwise", 150.0, 120.0, 210.0), Check("B", 100, 20, "stepwise", 50.0, 40.0, 60.0),
              Check("C", 100, 0, "stepwise", None, None, None)]  # fmt: skip
    figure = consistency_figure(of(checks=checks))
    rows = rows_of(figure)
    assert rows["A"][0].value == 75
    assert rows["C"][0].state is State.REFUSED
    assert figure.text == ("Stepwise by p-value: the interval held the size of 1 of 2 lists.",)
    assert "75% (60\u2013105)" in drawings(figure)[0]


def test_thinned_tables_show_their_reach_and_how_many_were_refused():
    draws = [Thinned("stepwise", 0.5, 1, 900.0, None, None), Thinned("stepwise", 0.5, 2, None, None, None),
             Thinned("stepwise", 1.0, 1, 1000.0, None, None)]  # fmt: skip
    figure = thinning_figure(of(thinned=draws))
    rows = rows_of(figure)
    assert list(rows) == ["100%", "50%"]
    assert rows["50%"][1].value == 50
    (drawing,) = drawings(figure)
    assert len(circles(drawing, "spot")) == 2


def test_coverage_from_the_results_of_a_simulation_study():
    nan = math.nan
    good, none = coverage_of([Performance("P", "stepwise", 200, 0.8, 1.1, 0.5, 2.0, 0.3, 0.75),
                              Performance("P", "lcmcr", 200, 0.0, nan, nan, nan, nan, nan)])  # fmt: skip
    assert (good.shown, good.covered, good.missed_with_warning) == (160, 80, 60)
    assert good.bias == pytest.approx(0.1)
    assert (none.shown, none.covered, none.bias) == (0, 0, None)


def test_models_of_a_search_are_named_and_those_without_estimate_are_kept():
    sparse = TABLE.with_cells(np.array([0, 31, 20, 0, 12, 9, 0, 0]))
    points = models_of(search(sparse.cells, sparse.k, None, True))
    assert len(points) == 8  # all hierarchical models of three lists
    by_name = {point.model: point for point in points}
    assert by_name["[1,2,3]"].estimate > sparse.n
    assert sum(point.estimate is None for point in points) > 0
