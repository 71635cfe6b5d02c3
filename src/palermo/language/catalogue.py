"""Messages in the language spoken now, from the ``.po`` files beside this module.

The decision a reader would question: catalogues are read as ``.po`` and compiled in memory at first use. No compiled
file is kept, so a translator's change shows at once and the repository holds text only.
"""

import gettext
from collections.abc import Iterable
from functools import cache
from importlib import resources
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from palermo.language.speaking import spoken_now

CATALOGUES = resources.files("palermo.language") / "locale"


def _(message: str, /, **values: object) -> str:
    """The message in the language spoken now, with ``{name}`` replaced by values that are written already."""
    text = _translations(spoken_now().code).gettext(message) if message else ""
    return text.format(**values) if values else text


def ngettext(singular: str, plural: str, count: float, /, **values: object) -> str:
    """The message in the form that the language has for ``count`` things."""
    text = _translations(spoken_now().code).ngettext(singular, plural, int(count))
    return text.format(**values) if values else text


def sentences(told: Iterable[str]) -> str:
    """Sentences one after the other; Chinese sets no space after its full stop."""
    return ("" if spoken_now().code == "zh" else " ").join(told)


def marked(message: str) -> str:
    """Mark a message for translation where it is written; ``_`` translates it where it is used."""
    return message


@cache
def _translations(code: str) -> gettext.NullTranslations:
    source = CATALOGUES / code / "LC_MESSAGES" / "palermo.po"
    if not source.is_file():
        return gettext.NullTranslations()
    compiled = BytesIO()
    with source.open("rb") as file:
        write_mo(compiled, read_po(file, locale=code))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
