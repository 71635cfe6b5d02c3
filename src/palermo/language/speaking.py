"""Which language is spoken now. One request or one document speaks one language, and threads do not mix theirs."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from palermo.errors import UsageError


@dataclass(frozen=True)
class Language:
    """A language: its code (ISO 639-1, as in the ``lang`` attribute), its own name, and the way it is written."""

    code: str
    name: str
    right_to_left: bool = False

    @property
    def direction(self) -> str:
        """``rtl`` or ``ltr``, for the ``dir`` attribute."""
        return "rtl" if self.right_to_left else "ltr"


LANGUAGES: dict[str, Language] = {
    language.code: language
    for language in (
        Language("en", "English"),
        Language("fr", "Français"),
        Language("es", "Español"),
        Language("ar", "العربية", right_to_left=True),
        Language("ru", "Русский"),
        Language("zh", "中文"),
    )
}

_spoken: ContextVar[str] = ContextVar("palermo_language", default="en")


def spoken_now() -> Language:
    """The language in which texts are made now."""
    return LANGUAGES[_spoken.get()]


@contextmanager
def speaking(code: str) -> Iterator[Language]:
    """Make texts in this language. Raises ``UsageError`` where it is not one of ``LANGUAGES``."""
    if code not in LANGUAGES:
        raise UsageError(f"language {code!r}: found no such language, expected one of {', '.join(LANGUAGES)}")
    token = _spoken.set(code)
    try:
        yield LANGUAGES[code]
    finally:
        _spoken.reset(token)
