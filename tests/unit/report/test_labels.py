"""Words for codes, areas, periods and lists of things, in the language spoken."""

import pytest

from palermo.codes import code_list
from palermo.language import speaking
from palermo.report.amounts import NO_FIGURE, Amount, State, between, exact, people
from palermo.report.labels import (
    age_word,
    area_name,
    capital,
    joined,
    label,
    listed,
    period_name,
    reading_order,
    span_name,
    within,
)


def test_labels_are_those_of_the_code_lists():
    assert label("form", "forced_labour") == code_list("form")["forced_labour"].label
    assert label("sex", "F") == "Female"
    assert label("age", "Y0T17") == "Children (0 to 17 years)"
    assert label("reach", "_U") == "Not known"
    assert label("no such dimension", "X1") == "X1"


def test_every_age_band_reads_in_english_as_in_its_list():
    for code in code_list("age"):
        assert label("age", code.id) == code.label or code.id.startswith("_")


def test_age_bands_are_written_in_the_digits_of_the_language():
    with speaking("ar"):
        assert "\u0661\u0668" in label("age", "Y18T24")  # 18
    assert label("age", "Y18T24") == "18 to 24 years"
    assert label("age", "Y_GE65") == "65 years and over"
    assert label("age", "Y7") == "7 years"
    assert age_word("Y_GE18") == "Adults"


@pytest.mark.parametrize(("code", "name"), [("en", "Germany"), ("fr", "Allemagne"), ("ru", "Германия"), ("zh", "德国")])
def test_areas_have_names_in_each_language(code, name):
    with speaking(code):
        assert area_name("DEU") == name
        assert label("citizenship", "DEU") == name
        assert area_name("no area") == "no area"


def test_the_office_keeps_its_own_name_for_its_area_and_only_that(releasing, rows):
    own, plain = releasing(rows), releasing(rows, area_name="Germany")
    with speaking("fr"):
        assert own.name_of("DEU") == "Exampleland"
        assert plain.name_of("DEU") == "Allemagne"
        assert own.name_of("NGA") == "Nigéria"


@pytest.mark.parametrize(
    ("code", "two", "three"),
    [
        ("en", "a and b", "a, b and c"),
        ("fr", "a et b", "a, b et c"),
        ("ru", "a и b", "a, b и c"),
        ("zh", "a和b", "a、b和c"),
    ],
)
def test_things_are_joined_as_the_language_does(code, two, three):
    with speaking(code):
        assert (joined([]), joined(["a"]), joined(["a", "b"]), joined(["a", "b", "c"])) == ("", "a", two, three)


def test_periods():
    assert (period_name("2019/2021"), period_name("_T"), period_name("2019")) == ("2019–2021", "all years", "2019")
    assert (span_name(["2019"]), span_name(["2019", "2020", "2023"])) == ("2019", "2019–2023")
    with speaking("ar"):
        assert period_name("2019/2021") == "٢٠١٩–٢٠٢١"


def test_words_within_a_sentence_and_at_its_start():
    assert within("Forced labour") == "forced labour"
    assert within("SDG series") == "SDG series"
    assert capital("the world") == "The world"
    assert listed(["Women 4", "men 2"]) == "Women 4; men 2."


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (exact(1), "1 person"),
        (exact(2), "2 people"),
        (between(1, 4), "between 1 and 4 people"),
        (Amount(3, None, State.DERIVED_RANGE), "at least 3 people"),
        (Amount(None, None, State.HIDDEN), "a hidden number of people"),
        (NO_FIGURE, "a number of people that is not published"),
    ],
)
def test_amounts_of_people(amount, said):
    assert people(amount) == said


def test_names_sort_as_a_reader_looks_for_them():
    with speaking("fr"):
        assert sorted(("Zambie", "Égypte", "Estonie", "Eswatini"), key=reading_order)[0] == "Égypte"
    with speaking("zh"):  # by sound: Aodaliya, Deguo, Faguo, Zhongguo
        names = ("德国", "中国", "澳大利亚", "法国")
        assert sorted(names, key=reading_order) == ["澳大利亚", "德国", "法国", "中国"]


@pytest.mark.parametrize(
    ("code", "english", "russian", "arabic"),
    [
        ("Y21", "21 years", "21 год", "٢١ سنة"),
        ("Y_GE60", "60 years and over", "60 лет и старше", "٦٠ سنة فأكثر"),
        ("Y18T22", "18 to 22 years", "18–22 года", "من ١٨ إلى ٢٢ سنة"),
        ("Y5T9", "5 to 9 years", "5–9 лет", "من ٥ إلى ٩ سنوات"),
    ],
)
def test_ages_have_the_plural_of_the_language(code, english, russian, arabic):
    assert label("age", code) == english
    with speaking("ru"):
        assert label("age", code) == russian
    with speaking("ar"):
        assert label("age", code) == arabic
