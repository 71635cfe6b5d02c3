"""The consonants of a name in classes that most standards of transliteration share.

The decision a reader would question: a vowel at the start is kept as ``a``, since scripts without vowels write it
too; all other vowels go, and so does an h inside a word, which half of the standards drop.
"""

import re
from functools import lru_cache

from palermo.linkage.names.rules import LETTERS

_DATA = LETTERS["skeleton"]
_GROUPS: dict[str, str] = dict(_DATA["groups"])
_FIND = re.compile("|".join(_GROUPS))
_VOWELS = re.compile(f"[{_DATA['vowels']}]+")
_FIRST_VOWEL = re.compile(f"^[{_DATA['vowels']}]+")
_REPEATED = re.compile(r"(.)\1+")


def _class_of(found: re.Match[str]) -> str:
    group = found.group()
    at_start = _GROUPS.get(f"^{group}") if found.start() == 0 else None
    return _GROUPS[group] if at_start is None else at_start


@lru_cache(maxsize=1 << 18)
def word_skeleton(word: str) -> str:
    """The skeleton of one romanised word."""
    classes = _REPEATED.sub(r"\1", _FIND.sub(_class_of, word))
    first = "a" if _FIRST_VOWEL.match(classes) else ""
    body = _VOWELS.sub("", classes)
    body = body.replace("h", "") if first else body[:1] + body[1:].replace("h", "")
    return first + body or word[:1]


@lru_cache(maxsize=1 << 18)
def skeleton(words: str) -> str:
    """Skeletons of romanised words (one space between them), in the same order."""
    return " ".join([word_skeleton(word) for word in words.split()])


def sorted_skeleton(words: str) -> str:
    """The same in alphabetical order of the skeletons."""
    return " ".join(sorted([word_skeleton(word) for word in words.split()]))
