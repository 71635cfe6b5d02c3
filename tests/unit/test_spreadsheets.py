"""No cell is run as a formula, and what was written comes back."""

from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.spreadsheets import FORMULA_STARTS, as_written, harmless


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["", *FORMULA_STARTS]), st.text())
def test_no_cell_starts_like_a_formula_and_all_come_back(start, rest):
    text = start + rest
    assert not harmless(text).startswith(FORMULA_STARTS)
    if not (text.startswith("'") and text[1:].startswith(FORMULA_STARTS)):  # such a text was quoted before
        assert as_written(harmless(text)) == text


def test_what_is_no_formula_stays_as_it_is():
    assert [harmless(text) for text in ("women", "", "'x", "1-2")] == ["women", "", "'x", "1-2"]
