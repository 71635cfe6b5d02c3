"""Words with markup in them, and words that no catalogue holds.

The decision a reader would question: a message is escaped before its places are filled, so that a translation can never
bring markup onto the page; what fills a place is escaped as well, unless it is our own markup.
"""

from markupsafe import Markup, escape

from palermo.language import spoken_now

SOURCE_LANGUAGE = "en"


def filled(message: str, **values: object) -> Markup:
    """A translated message with its places filled; our own markup among the values stays markup."""
    return Markup(escape(message)).format(**values)


def code(text: object) -> Markup:
    """An id or a name of a file, as it is written to a machine."""
    return Markup("<code>{}</code>").format(text)


def quoted(text: str) -> str:
    """A text of the release itself, which is in English only: marked so where another language is spoken."""
    if spoken_now().code == SOURCE_LANGUAGE or not text:
        return text
    return Markup('<span lang="{}" dir="ltr">{}</span>').format(SOURCE_LANGUAGE, text)
