"""Names become words of a to z. Names here are made of common name words, not of persons."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.linkage.names.romanise import REASONS, explain, letters_only, romanise, romanise_column
from palermo.linkage.names.rules import DROPPED, JOINED, SPELT

NAMES = {
    "Ångström-Ñuñez": "angstrom nunez",
    "O'Zev": "ozev",
    "Наталья": "natalya",
    "عبد الرحمن": "abdrahman",
    "عبدالله": "abdlh",
    "أحمد": "ahmed",
    "علي": "ali",
    "فاطمة": "fatima",
    "الأحمد": "ahmed",
    "王小明": "wang xiaoming",
    "歐陽娜": "ouyang na",
    "小明": "ming",
    "김영희": "kim yeonghui",
    "Abdul Rahman": "abdrahman",
    "Abd al-Rahman": "abdrahman",
    "Abdurrahman": "abdrahman",
    "Abdel-Aziz": "abdaziz",
    "Abou Bakr": "abubakr",
    "Mrs. Zev Dwuglo": "zev dwuglo",
    "Zev bint Dwu al-Glo": "zev dwu glo",
    "Zev van der Glo": "zev glo",
    "Sayed Dwuglo": "sayed dwuglo",
    "สมชาย ใจ": "smchay chai",
    "Zev oğlu": "zev",
    "Le Duc": "le duc",
    "Ben Zev": "ben zev",
    "Z3v Dwu 12": "zev dwu",
    "--": "",
}


@pytest.mark.parametrize(("written", "words"), NAMES.items())
def test_names(written, words):
    assert romanise(written) == words


def test_column_of_one_part_loses_all_particles_but_no_family_name():
    assert romanise_column("van der Glo") == "glo"
    assert romanise_column("小明") == "xiaoming"
    assert romanise_column("de") == "de"


def test_places_keep_numbers_and_small_words():
    assert letters_only("Camp 4, La Zev") == "camp 4 la zev"


def test_explain_names_each_rule_that_changed_something():
    steps = explain("Dr. Abdul Zév de Glo")
    assert [rule for rule, _, _ in steps] == ["latin", "words", "joined", "preposition", "title"]
    assert steps[0][1] == "Dr. Abdul Zév de Glo"
    assert steps[-1][2] == romanise("Dr. Abdul Zév de Glo")
    assert all(before == after for (_, _, before), (_, after, _) in pairwise(steps))
    assert all(REASONS[rule].endswith(".") for rule, _, _ in steps)
    assert [rule for rule, _, _ in explain("Mrs Zev bint Dwu al-Glo")] == ["words", "article", "filiation", "title"]


def test_data_are_words_as_romanised():
    for word in (*DROPPED, *JOINED, *SPELT.values()):
        assert word.isascii() and word.islower() and word.isalpha(), word
    assert not JOINED & set(DROPPED)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30))
def test_any_text_becomes_lower_case_latin_words_once_for_all(text):
    words = romanise(text)
    assert words == "" or all(word.isascii() and word.islower() and word.isalpha() for word in words.split(" "))
    assert romanise(words) == words
    assert romanise_column(romanise_column(text)) == romanise_column(text)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(sorted({*DROPPED, *JOINED, "zev", "glo", "lah", "rahman"})), max_size=6))
def test_names_of_particles_are_stable(words):
    once = romanise(" ".join(words))
    assert bool(once) == bool(words)
    assert romanise(once) == once
