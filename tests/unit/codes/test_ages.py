"""Laws of age bands, and what sources write for them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.codes import ages, code_list
from palermo.errors import UsageError

YEARS = st.integers(min_value=0, max_value=ages.OLDEST)


@given(YEARS, YEARS)
@settings(max_examples=60, deadline=None)
def test_a_band_gives_back_its_bounds(one: int, other: int) -> None:
    lower, upper = sorted((one, other))
    assert ages.bounds(ages.band(lower, upper)) == (lower, upper)
    assert ages.bounds(ages.band(lower)) == (lower, None)


@given(YEARS, YEARS)
@settings(max_examples=60, deadline=None)
def test_a_band_is_child_or_adult_only_where_all_its_years_are(one: int, other: int) -> None:
    lower, upper = sorted((one, other))
    groups = {ages.group_of_age(years) for years in range(lower, upper + 1)}
    expected = groups.pop() if len(groups) == 1 else ages.UNKNOWN
    assert ages.age_group(ages.band(lower, upper)) == expected


@given(YEARS, YEARS)
@settings(max_examples=60, deadline=None)
def test_a_band_reads_its_own_label(one: int, other: int) -> None:
    lower, upper = sorted((one, other))
    code = ages.band(lower, upper)
    label = ages.band_label(lower, upper)
    assert ages.parse(label) == (code if lower != upper else None)
    assert ages.parse(ages.band_label(lower, None)) == ages.band(lower)


@given(st.text(max_size=12))
@settings(max_examples=60, deadline=None)
def test_reading_a_text_gives_a_band_or_nothing(text: str) -> None:
    found = ages.parse(text)
    assert found is None or ages.bounds(found) is not None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0--8", "Y0T8"),
        ("09--17", "Y9T17"),
        ("9–17", "Y9T17"),
        ("48+", "Y_GE48"),
        ("18 to 24 years", "Y18T24"),
        ("under 18", "Y0T17"),
        ("<18Y", "Y0T17"),
        ("under the age of 18", "Y0T17"),
        ("18 years or over", "Y_GE18"),
        ("over 17", "Y_GE18"),
        (">=18", "Y_GE18"),
        ("15 à 24 ans", "Y15T24"),
        ("17-9", None),
        ("1-200", None),
        ("17", None),  # a number alone is an age, not a band
        ("", None),
    ],
)
def test_what_sources_write(text: str, code: str | None) -> None:
    assert ages.parse(text) == code


@pytest.mark.parametrize("code", ["Y09T17", "Y17T9", "Y5T5", "Y_LT18", "Y", "18", "Y_GE200", "F", "_T"])
def test_what_is_no_age_code_of_a_person_is_refused(code: str) -> None:
    assert ages.bounds(code) is None
    with pytest.raises(UsageError, match="not an age code"):
        ages.age_group(code)


def test_four_kinds_of_nothing_stay_apart() -> None:
    assert (ages.age_group("_U"), ages.age_group("_N")) == ("_U", "_N")


def test_no_band_ends_before_it_begins() -> None:
    with pytest.raises(UsageError, match="no age band from 17 to 9"):
        ages.band(17, 9)


def test_the_list_takes_any_band_and_puts_it_under_child_or_adult() -> None:
    listed = code_list("age")
    assert "Y13T16" in listed and "Y13T16" not in {code.id for code in listed}
    assert listed["Y13T16"].parent == "Y0T17"
    assert listed["Y13T25"].parent is None
    assert listed.match("13 to 16") == "Y13T16"
    assert "Y16T13" not in listed
