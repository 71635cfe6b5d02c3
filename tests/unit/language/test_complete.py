"""Every message that `make messages` finds is translated into every language."""

from importlib import resources
from pathlib import Path

import pytest
from babel.messages.frontend import CommandLineInterface
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po

from palermo.language import LANGUAGES

ROOT = Path(__file__).resolve().parents[3]
OTHERS = [code for code in LANGUAGES if code != "en"]


@pytest.fixture(scope="module")
def messages(tmp_path_factory):
    """The ids of all messages, as the extractor finds them in code, templates and data files."""
    template = tmp_path_factory.mktemp("messages") / "palermo.pot"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        asked = ["pybabel", "-q", "extract", "-F", "babel.cfg", "-k", "marked", "-o", str(template), "."]
        CommandLineInterface().run(asked)
    with template.open("rb") as file:
        return [message.id for message in read_po(file) if message.id]


def test_messages_are_found(messages):
    assert len(messages) > 1000


@pytest.mark.parametrize("code", OTHERS)
def test_no_message_is_left_in_english(messages, code):
    source = resources.files("palermo.language") / "locale" / code / "LC_MESSAGES" / "palermo.po"
    with source.open("rb") as file:
        catalogue = read_po(file, locale=code)
    left = []
    for asked in messages:
        found = catalogue.get(asked[0] if isinstance(asked, tuple) else asked)
        texts = found.string if found is not None and isinstance(found.string, tuple) else (found and found.string,)
        if not all(texts):
            left.append(asked)
    assert left == []


@pytest.mark.parametrize("code", OTHERS)
def test_a_catalogue_says_its_language_and_plurals_to_the_programs_of_translators(code):
    source = resources.files("palermo.language") / "locale" / code / "LC_MESSAGES" / "palermo.po"
    head = source.read_text(encoding="utf-8").partition("\n\n")[0]
    assert f'"Language: {code}\\n"' in head
    assert f'"Plural-Forms: {get_plural(code).plural_forms}\\n"' in head
    assert "Date" not in head  # the same messages give the same file
