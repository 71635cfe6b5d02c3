"""Recognising columns that point at a person. They are proposed as left out, because counting does not need them.

Values are looked at as well as headers: a column called "contact" that holds e-mail addresses is as personal as one
called "e-mail". Nothing of such a column is repeated in any output, not even as an example.
"""

import re
from collections.abc import Callable, Iterable

from palermo.intake.propose.headers import HeaderMatch, match_headers
from palermo.intake.propose.lexicon import lexicon
from palermo.intake.propose.sample import ColumnSample

_EMAIL = re.compile(r"\S+@\S+\.\w+")
_PHONE = re.compile(r"\+?[\d ()/.-]{9,20}")
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
MOST_TEXTS = 1_000


def personal_header(header: str) -> tuple[str, HeaderMatch] | None:
    """What a header points at ("name", "phone" ...) with the strength of the match, or None."""
    found = match_headers(header, lexicon().personal)
    if not found:
        return None
    what = max(found, key=lambda one: found[one].score)
    return what, found[what]


def personal_values(column: ColumnSample) -> str | None:
    """What the values look like where they look personal, or None."""
    texts = [text for text in column.counts if text][:MOST_TEXTS]
    if len(texts) < 3:
        return None
    if _share(texts, _is_email) > 0.3:
        return "e-mail addresses"
    if _share(texts, _is_phone) > 0.6:
        return "phone numbers"
    own = len([text for text in column.counts if text]) / max(1, column.filled)
    if _share(texts, lambda text: len(text) > 60 or text.count(" ") > 7) > 0.3:
        return "free text"
    if own > 0.6 and len(texts) > 20 and _share(texts, _is_wordy) > 0.6:
        return "a text of its own in most rows, as names and addresses have"
    return None


def holds_data(names: Iterable[str]) -> bool:
    """Whether the row taken for the header holds a person's data: a file without a header must not be explained."""
    return any(_is_email(name) or _is_phone(name) or _DATE.fullmatch(name) is not None for name in names)


def _share(texts: list[str], test: Callable[[str], object]) -> float:
    return sum(bool(test(text)) for text in texts) / len(texts)


def _is_email(text: str) -> bool:
    return _EMAIL.fullmatch(text) is not None


def _is_phone(text: str) -> bool:
    digits = sum(c.isdigit() for c in text)
    marked = text.startswith("+") or any(c in " ()/-" for c in text)
    return _PHONE.fullmatch(text) is not None and digits >= 8 and marked and _DATE.fullmatch(text) is None


def _is_wordy(text: str) -> bool:
    return len(_LETTERS.findall(text)) >= 2 and not any(c.isdigit() for c in text)
