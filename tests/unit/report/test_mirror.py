"""Drawings in a language that is written from right to left: everything in its place, counted from the other side."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.language import speaking
from palermo.report.account import last_period, sections_of
from palermo.report.amounts import exact
from palermo.report.draw import drawings
from palermo.report.draw.bars import draw_bars
from palermo.report.draw.mirror import mirrored
from palermo.report.draw.svg import element, percent, text, wrapped
from palermo.report.figures.people import victims_by_age_and_sex
from palermo.report.marks import Bar, Bars, Quantity

PEOPLE = Quantity("detected", "PERSON")
PLACES = ("x", "x1", "x2", "cx")


def turned(*parts):
    return [ElementTree.fromstring(part) for part in mirrored(list(parts))]


def test_a_bar_grows_from_the_right():
    (box,) = turned(element("rect", x=0, y=3, width="30%", height=9))
    assert (box.get("x"), box.get("width"), box.get("y")) == ("70%", "30%", "3")


def test_a_box_in_pixels_is_moved_back_by_its_width():
    (box,) = turned(element("rect", x=0, y=3, width=13, height=13))
    assert (box.get("x"), box.get("transform")) == ("100%", "translate(-13 0)")


def test_lines_and_dots_are_counted_from_the_right():
    line, dot = turned(element("line", x1=0, x2="80%", y1=1, y2=2), element("circle", cx="25%", cy=4, r=4))
    assert (line.get("x1"), line.get("x2"), line.get("y2")) == ("100%", "20%", "2")
    assert dot.get("cx") == "75%"


def test_words_at_a_place_in_pixels_keep_that_distance_from_the_edge():
    (words,) = turned(element("text", "Women", x=22, y=5))
    assert (words.get("x"), words.get("dx")) == ("100%", "-22")


def test_an_arrow_points_the_other_way():
    (arrow,) = turned(element("svg", element("path", d="M0 0L9 6L0 12Z"), x="96%", y=1, width=9, height=12))
    assert arrow.get("x") == "4%"
    assert [child.get("transform") for child in arrow] == ["scale(-1 1)"]
    assert arrow[0][0].get("d") == "M0 0L9 6L0 12Z"


def test_patterns_stay_as_they_are():
    pattern = element("defs", element("pattern", element("rect", width=6, height=6), id="a", width=6, height=6))
    assert "x=" not in mirrored([pattern])[0]


@given(st.floats(0, 100), st.floats(0, 100))
@settings(max_examples=60, deadline=None)
def test_turning_twice_changes_nothing(start, width):
    box = element("rect", x=percent(start), y=0, width=percent(min(width, 100 - start)), height=9)
    line = element("line", x1=percent(start), x2=percent(width), y1=0, y2=9)
    once = mirrored([box, line])
    for place in PLACES:
        for before, after in zip([box, line], mirrored(once), strict=True):
            was, now = (ElementTree.fromstring(part).get(place) for part in (before, after))
            assert (was is None) == (now is None)
            assert was is None or abs(float(was.rstrip("%")) - float(now.rstrip("%"))) <= 0.011


def test_words_are_marked_as_read_from_the_right_and_end_where_they_began():
    with speaking("ar"):
        start, end = text("<5", 0, 1), text("<5", "100%", 1, "value", "end")
    assert start == '<text x="0" y="1" class="label" text-anchor="end">\u2067&lt;5\u2069</text>'
    assert end == '<text x="100%" y="1" class="value">\u2067&lt;5\u2069</text>'


def test_only_a_language_from_right_to_left_turns_a_drawing(release):
    figure = victims_by_age_and_sex(release, release.area, last_period(release))
    (english,) = drawings(figure)
    with speaking("zh"):
        (chinese,) = drawings(figure)
    titled = re.compile(r"<title.*?</title>")  # the words of the title are translated, no place moves
    assert titled.sub("", chinese) == titled.sub("", english)
    with speaking("ar"):
        (arabic,) = drawings(figure)
    first = [re.search(r'<rect x="([\d.]+)%?" y="0" width="([\d.]+)%"', drawn) for drawn in (english, arabic)]
    assert float(first[0][1]) == 0
    assert float(first[1][1]) == pytest.approx(100 - float(first[0][2]), abs=0.02)
    assert 'direction="ltr"' in arabic
    assert "direction" not in english


def test_every_drawing_of_the_account_can_be_turned(release):
    with speaking("ar"):
        made = [
            drawing
            for _anchor, _heading, figures in sections_of(release)
            for figure in figures
            for drawing in drawings(figure)
        ]
    assert len(made) > 10
    for drawing in made:
        root = ElementTree.fromstring(drawing)
        for place in (drawn.get(name, "") for drawn in root for name in PLACES):
            assert not place.endswith("%") or -2 <= float(place[:-1]) <= 102


def test_chinese_labels_break_between_characters_and_latin_words_do_not():
    assert wrapped("强迫劳动或服务", 8) == ["强迫劳动", "或服务"]
    assert wrapped("Forced labour", 8) == ["Forced", "labour"]
    assert wrapped("Unbreakable", 8) == ["Unbreak\u2026"]
    assert wrapped("Женщины среди осужденных", 24) == ["Женщины среди", "осужденных"]  # wider letters than Latin


def test_bars_hold_their_words_in_the_language_spoken():
    bars = Bars((Bar("Women", exact(1234.0), PEOPLE),))
    with speaking("ar"):
        _height, parts = draw_bars(bars, "a")
    assert "١٬٢٣٤" in "".join(parts)
