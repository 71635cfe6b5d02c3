"""Messages: English where there is no translation, plurals of the language, and every catalogue that we keep."""

import re
from importlib import resources
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from palermo.language import LANGUAGES, _, catalogue, marked, ngettext, sentences, speaking

KEPT = sorted(
    code
    for code in LANGUAGES
    if (resources.files("palermo.language") / "locale" / code / "LC_MESSAGES" / "palermo.po").is_file()
)
RUSSIAN = """\
msgid "{n} person"
msgid_plural "{n} people"
msgstr[0] "{n} один"
msgstr[1] "{n} несколько"
msgstr[2] "{n} много"
msgstr[3] "{n} другое"

msgid "Women in {where}"
msgstr "В {where}: женщины"
"""


@pytest.fixture
def russian(tmp_path, monkeypatch):
    folder = tmp_path / "ru" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "palermo.po").write_text(RUSSIAN, encoding="utf-8")
    monkeypatch.setattr(catalogue, "CATALOGUES", tmp_path)
    catalogue._translations.cache_clear()
    yield
    catalogue._translations.cache_clear()


def test_a_message_is_translated_and_its_places_filled(russian):
    with speaking("ru"):
        assert _("Women in {where}", where="X {y}") == "В X {y}: женщины"


def test_a_message_without_a_translation_is_english(russian):
    with speaking("ru"):
        assert _("Men in {where}", where="X") == "Men in X"
    with speaking("zh"):
        assert _("Women in {where}", where="X") == "Women in X"


def test_the_empty_message_is_empty_and_not_the_head_of_a_catalogue(russian):
    with speaking("ru"):
        assert _("") == ""


@pytest.mark.parametrize(("count", "form"), [(1, "один"), (3, "несколько"), (5, "много"), (21, "один"), (11, "много")])
def test_plurals_are_those_of_the_language(russian, count, form):
    with speaking("ru"):
        assert ngettext("{n} person", "{n} people", count, n=count) == f"{count} {form}"


def test_english_has_two_forms():
    assert [ngettext("{n} person", "{n} people", n, n=n) for n in (0, 1, 2)] == ["0 people", "1 person", "2 people"]


def test_a_marked_message_stays_as_it_is():
    assert marked("Women") == "Women"


def places(text):
    """The named places of a message; a message that is no format has none."""
    return {name for _text, name, _spec, _conversion in Formatter().parse(text) if name is not None}


def mismatches(messages):
    """Translations whose places are not those of their message; a plural form may leave the count out."""
    for message in messages:
        if not message.id or not message.string or message.fuzzy:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = places(ids[-1])
        spared = {"n", "amount"} if len(ids) > 1 else set()
        for text in filter(None, strings):
            if not wanted - spared <= places(text) <= wanted:
                yield ids[0], text


def test_a_mismatch_of_places_is_found():
    wrong = RUSSIAN.replace("В {where}: женщины", "В {wo}: женщины")
    assert [ids for ids, _text in mismatches(read_po(wrong.splitlines(keepends=True), locale="ru"))] == [
        "Women in {where}"
    ]
    assert not list(mismatches(read_po(RUSSIAN.splitlines(keepends=True), locale="ru")))


@pytest.mark.parametrize("code", KEPT or [pytest.param("", marks=pytest.mark.skip(reason="no catalogue is kept yet"))])
def test_every_translation_has_the_places_of_its_message(code):
    source = resources.files("palermo.language") / "locale" / code / "LC_MESSAGES" / "palermo.po"
    with source.open("rb") as file:
        assert list(mismatches(read_po(file, locale=code))) == []


@pytest.mark.parametrize("code", KEPT or [pytest.param("", marks=pytest.mark.skip(reason="no catalogue is kept yet"))])
def test_no_translation_brings_markup(code):
    source = resources.files("palermo.language") / "locale" / code / "LC_MESSAGES" / "palermo.po"
    with source.open("rb") as file:
        messages = [message for message in read_po(file, locale=code) if message.id]  # the first is the head
    texts = [text for message in messages for text in (message.string if message.pluralizable else [message.string])]
    assert [text for text in texts if text and re.search(r"</?[a-zA-Z]", text)] == []


def test_sentences_follow_each_other_as_the_language_writes_them():
    assert sentences(["One.", "Two."]) == "One. Two."
    with speaking("zh"):
        assert sentences(["一。", "二。"]) == "一。二。"
