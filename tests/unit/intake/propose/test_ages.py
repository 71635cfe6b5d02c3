"""Age bands in words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.codes import ages
from palermo.intake.propose.ages import band_in_words


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("13 years and younger", "Y0T13"),
        ("14 to under 18 years", "Y14T17"),
        ("aged 65 and older", "Y_GE65"),
        ("moins de 12 ans", "Y0T11"),
        ("35 ans et plus", "Y_GE35"),
        ("25 à 34 ans", "Y25T34"),
        ("menos de 18 años", "Y0T17"),
        ("unter 18 Jahren", "Y0T17"),
        ("ab 18 Jahren", "Y_GE18"),
        ("до 18 лет", "Y0T17"),
        ("18 лет и старше", "Y_GE18"),
        ("18岁以上", "Y_GE18"),
        ("18岁以下", "Y0T18"),
    ],
)
def test_words(text: str, band: str) -> None:
    assert band_in_words(text) == band


@pytest.mark.parametrize("text", ["", "young", "40 to 20", "unter 0 Jahren", "over 999", "12"])
def test_no_band(text: str) -> None:
    assert band_in_words(text) is None


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 120))
def test_below_and_above_a_line_meet_and_do_not_overlap(line: int) -> None:
    below, above = band_in_words(f"moins de {line} ans"), band_in_words(f"{line} ans et plus")
    assert (below, above) == (ages.band(0, line - 1), ages.band(line))
