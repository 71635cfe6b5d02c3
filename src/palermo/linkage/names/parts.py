"""Given name, family name and all words of a name, whatever columns a list has for them.

The decision a reader would question: where one column holds the whole name and nothing says its order, the last word
is taken as the family name. Lists that write the family name first are met by ``tokens``, which has no order.
"""

from functools import lru_cache
from typing import NamedTuple

from palermo.linkage.names.placeholders import is_placeholder
from palermo.linkage.names.romanise import romanise, romanise_column
from palermo.linkage.names.rules import FAMILY_FIRST, JOINED, PATRONYMIC_ENDINGS, SPELT


class NameParts(NamedTuple):
    """Romanised words with one space between them; empty where there are none. ``tokens`` is in alphabetical order."""

    given: str
    family: str
    tokens: str


def name_parts(given: str | None, family: str | None, full: str | None, other: str | None = None) -> NameParts:
    """The parts of a name from the columns that a list has. Placeholders ("unknown") count as missing."""
    first, last = _column_words(given), _column_words(family)
    if full and not (first and last) and not is_placeholder(full):
        whole_given, whole_family = _split_full(full)
        if not first and not last:
            first, last = whole_given, whole_family
        else:
            have = set(first) | set(last)
            rest = tuple(word for word in (*whole_given, *whole_family) if word not in have)
            first, last = (first, rest) if first else (rest, last)
    if not first and not last and other:
        first, last = _split_full(other.split(";")[0])
    return _parts(first, last)


@lru_cache(maxsize=1 << 18)
def _parts(first: tuple[str, ...], last: tuple[str, ...]) -> NameParts:
    if len(first) > len(last) > 0 and first[-len(last) :] == last:
        first = first[: -len(last)]  # the family name written in both columns
    if last and first and first[-1] in JOINED:  # Abdul in one column, Rahman in the other
        first, last = first[:-1], (SPELT.get(first[-1], first[-1]) + last[0], *last[1:])
    light = [word for word in first if not word.endswith(PATRONYMIC_ENDINGS)]
    return NameParts(" ".join(light if light else first), " ".join(last), " ".join(sorted({*first, *last})))


@lru_cache(maxsize=1 << 18)
def _column_words(text: str | None) -> tuple[str, ...]:
    return () if not text or is_placeholder(text) else tuple(romanise_column(text).split())


def _words_of(text: str) -> tuple[str, ...]:
    return () if is_placeholder(text) else tuple(romanise(text).split())


def _split_full(full: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(given words, family words) of a whole name."""
    for comma in (",", "،", "，"):
        if comma in full:
            family, _, given = full.partition(comma)
            return _column_words(given), _column_words(family)
    upper = [word for word in full.split() if len(word) > 1 and word.isupper() and word.isalpha()]
    rest = [word for word in full.split() if word not in upper]
    if upper and rest and any(word[:1].isupper() and word[1:].islower() for word in rest):
        return _column_words(" ".join(rest)), _column_words(" ".join(upper))
    words = _words_of(full)
    if len(words) < 2:
        return words, ()
    if _family_leads(full) or (words[0] in FAMILY_FIRST and words[-1] not in FAMILY_FIRST):
        return words[1:], words[:1]
    return words[:-1], words[-1:]


def _family_leads(full: str) -> bool:
    return all(
        "\u3040" <= letter <= "\u9fff" or "\uac00" <= letter <= "\ud7a3" or letter in " \u3000" for letter in full
    )
