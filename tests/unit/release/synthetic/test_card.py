"""The card: figures that follow from the promise, and text that cannot break the page."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palermo.release.synthetic.accuracy import share_lost
from palermo.release.synthetic.card import (
    Grid,
    Items,
    Section,
    Text,
    as_html,
    as_markdown,
    odds_words,
    right_guesses,
    share_words,
    suspicion,
)
from palermo.release.synthetic.card_words import lost_words

LOST = [
    {"column": "year", "counted": 100, "in_rows": 40, "lost": 0.6},
    {"column": "sex", "counted": 300, "in_rows": 310, "lost": 0.0},
    {"column": "age", "counted": 0, "in_rows": 0, "lost": None},
]


@given(st.floats(0.001, 0.999), st.floats(0.01, 50))
def test_odds_change_by_the_factor_that_was_promised(prior, epsilon):
    after = suspicion(prior, epsilon)
    assert prior <= after <= 1
    if after < 0.999:
        assert math.isclose(after / (1 - after), prior / (1 - prior) * math.exp(epsilon), rel_tol=1e-6)


def test_guesses_are_chance_without_loss_and_grow_with_it():
    assert right_guesses(0) == 50
    assert right_guesses(0.5) == pytest.approx(69.146, abs=0.001)  # one standard deviation apart
    assert right_guesses(0.1) < right_guesses(0.2) < right_guesses(50) <= 100


def test_words_do_not_round_a_doubt_away():
    assert share_words(0.982) == "98.2 %"
    assert share_words(0.999) == "99.90 %"
    assert share_words(0.9999) == "nearly certain"
    assert odds_words(1) == "2.7"
    assert odds_words(4) == "55"


def test_text_of_the_file_is_escaped():
    sections = [
        Section(
            "<b>",
            (Text("<script>", warning=True), Items(("a|b",)), Grid(("x|y",), (("<i>",),))),
        )
    ]
    page = as_html("<t>", sections)
    assert "<script>" not in page and "&lt;script&gt;" in page and "<i>" not in page
    assert "x\\|y" in as_markdown("t", sections)
    assert "**<script>**" in as_markdown("t", sections)


def test_share_lost_counts_what_rows_lack_and_not_what_they_have_too_much_of():
    assert share_lost(LOST) == 60 / 400
    assert share_lost([]) == share_lost(LOST[2:]) == 0


def test_nearly_empty_rows_are_said_to_be_so_and_what_helps():
    closed = lost_words({"dial": "closed", "length": 4}, share_lost(LOST))
    assert "lack 15 % of the values" in closed
    for way in ("larger epsilon", "--leave-out", "--length 3", "open dial"):
        assert way in closed
    assert "open dial" not in lost_words({"dial": "open", "length": 4}, 0.15)
    assert "--length" not in lost_words({"dial": "closed", "length": 1}, 0.15)
    assert lost_words({"dial": "closed", "length": 4}, 0.049) == ""
