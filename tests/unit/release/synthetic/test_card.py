"""The card: figures that follow from the promise, and text that cannot break the page."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
