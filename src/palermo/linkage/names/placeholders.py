"""Values that say "not known" in a field for a name, a date or a place.

Taken for names they would make one person of all whom nobody could name.
"""

import re
import tomllib
import unicodedata
from functools import lru_cache
from importlib import resources

_SIGNS = re.compile(r"[\W_]+")


def _plain(text: str) -> str:
    """Without case, accents and signs, one space between words."""
    if text.isascii():
        return _SIGNS.sub(" ", text.lower()).strip()
    folded = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return _SIGNS.sub(" ", bare).strip()


_DATA = tomllib.loads((resources.files("palermo.linkage.names") / "placeholders.toml").read_text(encoding="utf-8"))
WORDS = frozenset(_plain(word) for word in _DATA["words"])


@lru_cache(maxsize=1 << 18)
def is_placeholder(text: str) -> bool:
    """Whether the value stands for "not known": no letter or digit at all, or one of the words of the data file."""
    plain = _plain(text)
    return not plain or plain in WORDS
