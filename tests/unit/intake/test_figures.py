import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.intake.figures import BOUNDS, MISSING, THOUSANDS, UnreadableFigureError, exact, read_figure


@pytest.mark.parametrize(
    ("cell", "value", "note"),
    [
        ("1256.0", 1256, ""),
        ("1,192", 1192, THOUSANDS),
        ("61,212,020", 61_212_020, THOUSANDS),
        ("1 192", 1192, THOUSANDS),
        ("1\u202f192", 1192, THOUSANDS),
        ("0", 0, ""),
        (17.0, 17, ""),
    ],
)
def test_exact_counts(cell, value, note):
    figure = read_figure(cell, whole=True)
    assert (figure.value, figure.lower, figure.upper) == (value, value, value)
    assert (figure.obs_status, figure.note) == ("A", note)


@pytest.mark.parametrize(
    ("cell", "lower", "upper"), [("<5", 0, 4), ("< 5", 0, 4), ("≤5", 0, 5), ("1-4", 1, 4), ("fewer than 10", 0, 9)]
)
def test_suppressed_counts_keep_bounds_and_get_no_value(cell, lower, upper):
    figure = read_figure(cell, whole=True)
    assert figure.value is None
    assert (figure.lower, figure.upper, figure.obs_status, figure.note) == (lower, upper, "Q", BOUNDS)


@pytest.mark.parametrize(("cell", "status"), [("", "M"), ("-", "M"), ("NA", "M"), (None, "M"), ("*", "Q")])
def test_nothing_is_not_zero(cell, status):
    figure = read_figure(cell, whole=True)
    assert (figure.value, figure.lower, figure.upper) == (None, None, None)
    assert (figure.obs_status, figure.note) == (status, MISSING)


@pytest.mark.parametrize("cell", ["1.7", "1.192", "12,5", "-3", "about 5", True, float("nan"), "<0", "1,19"])
def test_what_is_no_count_is_not_guessed(cell):
    with pytest.raises(UnreadableFigureError):
        read_figure(cell, whole=True)


def test_rates_take_a_decimal_comma_and_refuse_what_could_be_thousands():
    assert read_figure("0,58", whole=False).value == 0.58
    assert read_figure("8.1e-2", whole=False).value == 0.081
    with pytest.raises(UnreadableFigureError, match="thousands or a fraction"):
        read_figure("1,192", whole=False)
    with pytest.raises(UnreadableFigureError):
        read_figure("<5", whole=False)  # the bound is one of counts; of the rate it says nothing


def test_the_status_of_the_source_marks_figures_only():
    assert exact(5).with_status("E").obs_status == "E"
    assert exact(5).with_status(None).obs_status == "A"
    assert read_figure("<5", whole=True).with_status("E").obs_status == "Q"


@settings(max_examples=60, deadline=None)
@given(st.integers(min_value=0, max_value=10**9))
def test_a_count_is_read_alike_however_it_is_written(count):
    assert {read_figure(text, whole=True).value for text in (str(count), f"{count:,}", f"{count}.0")} == {count}


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=12))
def test_any_text_is_read_or_refused_by_name(text):
    try:
        figure = read_figure(text, whole=True)
    except UnreadableFigureError as error:
        assert str(error)
    else:
        assert figure.lower is None or 0 <= figure.lower <= figure.upper
