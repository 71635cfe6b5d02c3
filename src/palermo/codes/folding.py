"""One way to compare names and labels: ignoring case, space, punctuation and diacritics.

Letters of every script are kept, so that Arabic, Chinese and Russian names compare too. U+FFFD, the mark of a letter
destroyed by a wrong decoding, is kept as well: it is not punctuation but a letter that nobody can read any more.
"""

import unicodedata
from functools import lru_cache

DESTROYED = "\ufffd"

# Letters that Unicode does not take apart into a base letter and a mark.
_BASE_LETTERS = str.maketrans(
    {"đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l", "ø": "o", "œ": "oe", "æ": "ae", "þ": "th", "ŋ": "n"}
)


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """The comparable form of ``text``: case folded, only letters, digits and U+FFFD left, without diacritics."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = (c for c in plain if c.isalnum() or c == DESTROYED)
    return "".join(kept).translate(_BASE_LETTERS)
