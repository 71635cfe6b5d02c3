"""Which language is spoken, in a block and in a thread."""

from threading import Thread

import pytest

from palermo.errors import UsageError
from palermo.language import LANGUAGES, speaking, spoken_now


def test_english_is_spoken_unless_told_otherwise():
    assert spoken_now().code == "en"


def test_a_block_speaks_its_language_and_gives_the_word_back():
    with speaking("ar") as language:
        assert language.right_to_left
        with speaking("fr"):
            assert spoken_now().code == "fr"
        assert spoken_now().direction == "rtl"
    assert spoken_now().direction == "ltr"


def test_a_block_that_fails_gives_the_word_back():
    with pytest.raises(ValueError, match="broken"), speaking("zh"):
        raise ValueError("broken")
    assert spoken_now().code == "en"


def test_an_unknown_language_names_those_there_are():
    with pytest.raises(UsageError, match="en, fr, es, ar, ru, zh"), speaking("de"):
        pass


def test_a_thread_does_not_hear_what_another_speaks():
    heard = []
    with speaking("ru"):
        other = Thread(target=lambda: heard.append(spoken_now().code))
        other.start()
        other.join()
    assert heard == ["en"]


def test_only_arabic_is_written_from_right_to_left():
    assert [code for code, language in LANGUAGES.items() if language.right_to_left] == ["ar"]
