"""Numbers as each language writes them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.language import LANGUAGES, digits, number, percent, speaking

EUROPEAN = "0123456789"
ARABIC_INDIC = "٠١٢٣٤٥٦٧٨٩"


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("en", "1,234,567.50"),
        ("fr", "1\u202f234\u202f567,50"),
        ("es", "1.234.567,50"),
        ("ar", "١٬٢٣٤٬٥٦٧٫٥٠"),
        ("ru", "1\u00a0234\u00a0567,50"),
        ("zh", "1,234,567.50"),
    ],
)
def test_thousands_and_decimals(code, written):
    with speaking(code):
        assert number(1234567.5, 2) == written


@pytest.mark.parametrize(
    ("code", "written"),
    [("en", "45%"), ("fr", "45\u00a0%"), ("es", "45\u00a0%"), ("ru", "45\u00a0%"), ("zh", "45%")],
)
def test_per_cent(code, written):
    with speaking(code):
        assert percent(number(45)) == written


def test_arabic_has_its_own_digits_for_numbers_years_and_shares():
    with speaking("ar"):
        assert number(1234) == "١٬٢٣٤"
        assert digits("2019–2023") == "٢٠١٩–٢٠٢٣"
        assert percent(number(45)).strip("\u200e\u200f\u061c") == "٤٥٪"


def test_what_is_zero_once_rounded_has_no_sign():
    assert number(-0.004, 2) == "0.00"
    assert number(-1.5, 1) == "\u22121.5"


def test_codes_keep_their_digits_in_every_other_language():
    for code in LANGUAGES:
        if code != "ar":
            with speaking(code):
                assert digits("2019") == "2019"


@given(st.integers(0, 10**12), st.sampled_from(sorted(LANGUAGES)))
@settings(max_examples=60, deadline=None)
def test_the_digits_of_a_number_are_the_same_in_every_language(value, code):
    with speaking(code):
        plain = number(value).translate(str.maketrans(ARABIC_INDIC, EUROPEAN))
    assert "".join(sign for sign in plain if sign in EUROPEAN) == str(value)
