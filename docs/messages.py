"""Gather what translators translate, and bring the catalogues up to date: `make messages`.

The decision a reader would question: the head of a catalogue is written here, not by the tool, which would put a date
and names into it. It says no more than programs of translators need: language, letters, plurals.
"""

import subprocess
import sys
import tempfile
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po

LANGUAGES = ("fr", "es", "ar", "ru", "zh")
ROOT = Path(__file__).resolve().parents[1]
LOCALE = ROOT / "src/palermo/language/locale"
HEAD = """msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"
"""
EXTRACT = ("extract", "-F", "babel.cfg", "-k", "marked", "--no-location")


def gathered() -> Catalog:
    """Every message of the source."""
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "palermo.pot"
        command = [sys.executable, "-m", "babel.messages.frontend", "-q", *EXTRACT, "-o", str(template), "."]
        subprocess.run(command, cwd=ROOT, check=True)
        return read_po(BytesIO(template.read_bytes()))


def updated(text: bytes, language: str, messages: Catalog) -> bytes:
    """A catalogue with these messages: translations are kept, new ones are empty, those no longer used are gone."""
    catalogue = read_po(BytesIO(text), locale=language)
    catalogue.update(messages, no_fuzzy_matching=True)
    written = BytesIO()
    write_po(written, catalogue, width=0, omit_header=True, sort_output=True, no_location=True, ignore_obsolete=True)
    head = HEAD.format(language=language, plurals=get_plural(language).plural_forms)
    return head.encode() + b"\n" + written.getvalue().lstrip(b"\n")


def main() -> None:
    """Rewrite the catalogues and say what each still lacks."""
    messages = gathered()
    for language in LANGUAGES:
        path = LOCALE / language / "LC_MESSAGES" / "palermo.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = updated(path.read_bytes() if path.is_file() else b"", language, messages)
        path.write_bytes(text)
        every = [message for message in read_po(BytesIO(text), locale=language) if message.id]
        lacking = sum(not all(m.string if isinstance(m.string, tuple) else (m.string,)) for m in every)
        print(f"{language}: {len(every)} messages, {lacking} to translate")


if __name__ == "__main__":
    main()
