import re

import pytest

from palermo.language import speaking
from palermo.report.amounts import exact
from palermo.report.documents.html import css_string
from palermo.report.documents.print_drawing import WHOLE_PAGE, for_print
from palermo.report.draw import PAPER
from palermo.report.draw.drawing import _draw_scaled
from palermo.report.draw.svg import BOX_WIDTH, image, text
from palermo.report.draw.tiles import rows_of_tiles
from palermo.report.marks import Arcs, AreaMap, Band, Link, Quantity

PEOPLE = Quantity("detected", "PERSON")

WORDS = re.compile(r'<span class="word[^"]*" style="([^"]*)">(?:<span class="ground">)?([^<]*)')


def drawn(*parts, scaled=False, height=100.0):
    return for_print(
        image("drawing-x", "Title", "Told", height, *parts, width=BOX_WIDTH if scaled else 0.0), "Title. Told"
    ).markup


def test_words_leave_the_drawing_and_stand_where_they_stood():
    made = drawn(
        text("Women", 0, 20), text("45%", "100%", 20, "value", "end"), text("mid", "50%", 20, "tick", "middle")
    )
    placed = {words: style for style, words in WORDS.findall(made)}
    assert "<text" not in made
    assert "left:0%" in placed["Women"]
    assert "right:0%" in placed["45%"]
    assert "left:50%" in placed["mid"]
    assert "font-size:12px" in placed["mid"]  # as the style sheet has it for ticks


def test_words_that_were_turned_around_count_from_the_right():
    turned = '<text x="100%" dx="-22" y="30" class="label" text-anchor="end">name</text>'
    ((style, words),) = WORDS.findall(drawn(turned))
    assert words == "name"
    assert "right:0%;margin-right:22px" in style


def test_shapes_carry_their_colours_and_no_variable_is_left():
    made = drawn('<rect x="0" y="0" width="40%" height="13" class="mark look-women"/>')
    assert "#12508f" in made
    assert "var(" not in made
    assert ".look-men" not in made


def test_the_alternative_text_is_the_title_of_the_drawing():
    assert "<title>Title. Told</title>" in drawn()


@pytest.mark.parametrize("height", [200.0, 3000.0])
def test_a_drawing_scaled_as_a_whole_fits_on_a_page(height):
    made = for_print(image("drawing-x", "T", "D", height, width=BOX_WIDTH), "T")
    assert made.height <= WHOLE_PAGE
    assert made.width is not None
    assert made.height / made.width == pytest.approx(height / BOX_WIDTH)


LETTERS = re.compile(r'class="word tile-code[^"]*" style="[^"]*font-size:([\d.]+)px')
AREAS = tuple(sorted(code for rows in rows_of_tiles().values() for row in rows for code in row))
WORLD = AreaMap(
    tuple(Band(str(n), f"Band {n}", "first") for n in range(5)), tuple((code, "1") for code in AREAS), PEOPLE
)
FLOWS = Arcs(tuple(Link("ERI", code, exact(9), "United Kingdom of Great Britain and Northern Ireland to the same")
                   for code in AREAS[:12]), PEOPLE)  # fmt: skip


@pytest.mark.parametrize("marks", [WORLD, FLOWS])
@pytest.mark.parametrize("language", ["en", "ar", "zh"])
def test_letters_of_a_tile_map_can_be_read_on_paper(marks, language):
    with speaking(language):
        width, height, parts = _draw_scaled(marks, (), "m", PAPER)
        made = for_print(image("m", "T", "D", height, *parts, width=width), "T")
    points = {0.75 * float(size) for size in LETTERS.findall(made.markup)}
    assert points and min(points) >= 6.5
    assert 440 <= made.width <= 657 and made.height <= WHOLE_PAGE


def test_words_in_a_group_are_moved_with_it():
    made = drawn('<g transform="translate(0 40)"><text x="161" y="10">key</text></g>', scaled=True)
    ((style, words),) = WORDS.findall(made)
    assert words == "key"
    assert "left:50%" in style
    assert "top:75.92px" in style  # (10 + 40) * 644 / 322 less the height of the letters


def test_words_are_escaped():
    with speaking("ar"):
        made = drawn(text("<b>", 0, 10))
    assert "<b>" not in made.replace("<body", "")


def test_no_text_gets_out_of_a_string_of_a_style_sheet():
    assert css_string('a"} body{display:none') == '"a\\000022 \\00007d  body\\00007b display\\00003a none"'


def test_a_drawing_of_many_bars_is_made_smaller_as_a_whole():
    made = for_print(image("drawing-x", "T", "D", 900.0, text("last", 0, 890)), "T")
    assert made.height == pytest.approx(640.0)
    assert "transform:scale(0.7111)" in made.markup
    assert "width:140.62%" in made.markup
