"""Drawings: valid, accessible, each kind of nothing with a look of its own, and never two kinds in one."""

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.errors import PalermoError
from palermo.language import speaking
from palermo.report.amounts import NO_FIGURE, Amount, State, between, exact, written
from palermo.report.draw import drawings, marks_used
from palermo.report.draw.lines import ticks
from palermo.report.draw.looks import INK, LOOKS, PAGE, PAPER, QUIET
from palermo.report.draw.overlap import PER_SIGN, draw_overlap
from palermo.report.draw.spans import span
from palermo.report.draw.svg import room, shortened, wrapped
from palermo.report.figure import EMPTY, Figure, Measure, Row, Stub, Table
from palermo.report.marks import Bar, Bars, Line, Lines, Overlap, Point, Quantity, Shared, Stack, stack_or_bars

PEOPLE = Quantity("detected", "PERSON")
HIDDEN = Amount(1, 4, State.HIDDEN)


def figure(*marks, title="Made-up title", table=EMPTY):
    return Figure("X1", title, "", "", "", table, tuple(marks), "In words.", (), made_up=True)


def bars(*amounts, label="Label"):
    return Bars(tuple(Bar(label, amount, PEOPLE) for amount in amounts))


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first, second):
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", sorted(LOOKS))
def test_marks_stand_out_from_the_page_in_light_and_dark(name):
    assert contrast(LOOKS[name].light, PAPER[0]) >= 3
    assert contrast(LOOKS[name].dark, PAPER[1]) >= 3


@pytest.mark.parametrize("mode", [0, 1])
def test_text_stands_out_from_the_page(mode):
    assert contrast(INK[mode], PAPER[mode]) >= 4.5
    assert contrast(QUIET[mode], PAPER[mode]) >= 4.5
    for words, ground in (
        ("ink", "soft"),
        ("quiet", "soft"),
        ("link", "paper"),
        ("accent", "paper"),
        ("warn", "warn-paper"),
    ):
        assert contrast(PAGE[words][mode], PAGE[ground][mode]) >= 4.5


def test_a_drawing_is_an_image_with_title_and_description():
    (drawing,) = drawings(figure(bars(exact(3), HIDDEN)))
    root = ET.fromstring(drawing)
    ids = {node.get("id") for node in root.iter()}
    assert root.get("role") == "img"
    assert {root.get("aria-labelledby"), root.get("aria-describedby")} <= ids
    words = [child for child in root if child.get("aria-hidden") == "true"]
    assert [child.tag.rpartition("}")[2] for child in root] == ["title", "desc", "g"] and len(words) == 1
    assert root.find("title").text == "MADE UP DATA. Made-up title"
    assert root.find("desc").text == "In words."
    assert not list(root.iter("script"))


def test_hidden_is_hatched_and_says_so_and_zero_has_a_tick():
    (hidden,) = drawings(figure(bars(HIDDEN, exact(10))))
    (zero,) = drawings(figure(bars(exact(0), exact(10))))
    assert 'class="hatch hidden"' in hidden
    assert "hidden (1\u20134)" in hidden
    assert 'class="zero"' not in hidden
    assert ">0<" not in hidden
    assert 'class="zero"' in zero
    assert "hatch" not in zero


def test_printed_range_and_no_figure_have_their_own_looks():
    (drawing,) = drawings(figure(bars(Amount(0, 4, State.PRINTED_RANGE), NO_FIGURE, exact(9))))
    assert 'class="hatch printed"' in drawing
    assert 'class="no-figure"' in drawing
    assert "no figure" in drawing


def test_a_hidden_number_without_bounds_is_still_hatched():
    drawn = span(Amount(None, None, State.HIDDEN), 10)
    assert drawn.hatch == "hidden"
    assert drawn.hatch_to > drawn.hatch_from
    assert not drawn.is_zero


def test_kinds_and_units_never_share_a_drawing():
    mixed = Bars((Bar("a", exact(1), PEOPLE), Bar("b", exact(1), Quantity("estimated", "PERSON"))))
    with pytest.raises(PalermoError, match="never mixed"):
        drawings(figure(mixed))
    records = Bars((Bar("b", exact(1), Quantity("detected", "RECORD")),))
    with pytest.raises(PalermoError, match="RECORD"):
        drawings(figure(bars(exact(1)), records))


def test_a_stack_needs_exact_parts():
    assert isinstance(stack_or_bars(bars(exact(40), exact(60)).bars), Stack)
    assert isinstance(stack_or_bars(bars(exact(40), HIDDEN).bars), Bars)


def test_no_line_falls_to_a_wide_range_which_is_hatched_in_its_place_and_told():
    points = (Point("2020", exact(560)), Point("2021", exact(564)), Point("2022", between(0, 4)))
    (drawing,) = drawings(figure(Lines((Line("people", points, PEOPLE),))))
    assert drawing.count("look-line-plain") == 1
    (hatch,) = re.findall(r'<rect [^>]*height="([\d.]+)"[^>]*url\(#drawing-x1-range\)', drawing)
    assert float(hatch) >= 6
    assert ">0\u20134</text>" in drawing


def test_a_line_runs_along_both_ends_of_a_range_that_nobody_hid():
    points = tuple(Point(str(year), between(year - 2000, year - 1998)) for year in (2021, 2022))
    (drawing,) = drawings(figure(Lines((Line("people", points, PEOPLE),))))
    assert drawing.count("look-line-plain bound") == 2


def test_a_line_breaks_at_a_missing_year_and_hatches_a_hidden_one():
    points = tuple(
        Point(str(2020 + place), amount)
        for place, amount in enumerate([exact(1), exact(2), NO_FIGURE, HIDDEN, exact(0)])
    )
    (drawing,) = drawings(figure(Lines((Line("people", points, PEOPLE),))))
    root = ET.fromstring(drawing)
    assert len([node for node in root.iter("line") if "look-line-plain" in (node.get("class") or "")]) == 1
    assert 'class="hatch hidden"' in drawing
    assert 'class="zero-point"' in drawing


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1, max_size=60).filter(lambda text: text.isprintable()))
def test_any_label_is_escaped(label):
    (drawing,) = drawings(figure(bars(exact(1), label=label), title=label))
    root = ET.fromstring(drawing)
    assert root.find("title").text.endswith(label)
    assert not list(root.iter("script"))


@settings(max_examples=60, deadline=None)
@given(st.floats(0.001, 1e7))
def test_scale_reaches_the_top_in_few_steps(most):
    scale = ticks(most)
    assert scale[0] == 0
    assert scale[-1] >= most * (1 - 1e-6)
    assert 2 <= len(scale) <= 7


def test_long_labels_are_broken_between_words_and_cut_within_one():
    assert wrapped("a b", 10) == ["a b"]
    assert wrapped("one two three", 7) == ["one two", "three"]
    assert wrapped("x" * 50, 10) == ["x" * 9 + "\u2026"]
    assert wrapped("") == [""]


def test_the_legend_explains_only_the_marks_in_use():
    table = Table((Stub("sex", "Sex"),), (Measure("persons", "People", "persons"),), (
        Row((("_U", "Not known"),), (exact(3),)), Row((("F", "Female"),), (HIDDEN,)),
    ))  # fmt: skip
    assert [mark.look for mark in marks_used(figure(table=table))] == ["hidden", "unknown"]


def test_words_that_are_cut_end_in_dots():
    assert shortened("Latin America and the Caribbean", 19, 2) == ["Latin America and", "the Caribbean"]
    cut = shortened("United Kingdom of Great Britain and Northern Ireland", 19, 2)
    assert cut == ["United Kingdom of", "Great Britain and\u2026"]


def test_from_right_to_left_a_bracket_is_not_broken():
    with speaking("ar"):
        assert wrapped("من ناميبيا إلى Demoland (made up)", 28) == ["من ناميبيا إلى Demoland", "(made up)"]
    assert wrapped("Namibia to a far Demoland (made up)", 31) == ["Namibia to a far Demoland (made", "up)"]


@pytest.mark.parametrize("code", ["en", "ru", "zh"])
def test_bars_end_before_the_words_of_a_wide_script(code):
    shared = tuple(Shared((place,), Amount(123_456_680, 123_456_699, State.ROUNDED)) for place in range(2))
    drawing = Overlap((("a", exact(2_000)), ("b", exact(2_000))), shared, Quantity("detected", "PERSON"))
    with speaking(code):
        _height, parts = draw_overlap(drawing, "one")
        words = room(written(shared[0].amount))
    places = [re.search(r'x="([\d.]+)%".* width="([\d.]+)%"', part) for part in parts if 'class="track"' in part]
    end = max(float(place[1]) + float(place[2]) for place in places if place and place[1] != "0")
    assert end + PER_SIGN * words <= 98.1


def test_a_latin_word_within_chinese_is_not_broken_and_no_line_begins_with_a_mark():
    assert wrapped("南乔治亚岛和南桑德韦奇岛至Demoland", 32) == ["南乔治亚岛和南桑德韦奇岛至", "Demoland"]
    assert wrapped("按所记录的个人，对数", 14) == ["按所记录的个", "人，对数"]
