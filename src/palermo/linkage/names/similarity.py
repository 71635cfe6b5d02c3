"""How alike two names are, from 0 to 1, whatever their script and the order of their words.

The decision a reader would question: a word that only one name has costs little, while two words that must stand for
each other and differ cost much. A middle name left out is common in lists; a different family name is another person.
Letters inside words are compared by edits (optimal string alignment), which on the public name pairs parts near
variants from other names better than Jaro-Winkler does. The constants were set by reasoning and left as they were
after the first measurement (docs/method/linkage-names.md).
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from palermo.linkage.names.romanise import romanise
from palermo.linkage.names.skeleton import word_skeleton

INITIAL = 0.9  # an initial against a word that begins with it
SKELETON_SHARE = 0.5  # how far a better agreement of skeletons lifts that of letters
VOWELLESS_SHARE = 0.95  # the same where one word has no vowels, as from Arabic or Hebrew script
WEAKEST_SHARE = 0.5  # weight of the weakest pair of words against the mean of all pairs
EXTRA_WORD = 0.97  # factor for every word that only one name has
SINGLE_WORD = 0.9  # factor where one name is a single word and the other is not
JOINED = 0.97  # factor where words are parted differently (Anna Maria, Annamaria)
_VOWELS = frozenset("aeiouy")


def name_similarity(left: str, right: str) -> float:
    """Similarity of two names as written; 0 where one has no letters. Symmetric, and 1 for a name with itself."""
    return words_similarity(romanise(left), romanise(right))


def name_similarities(left: Iterable[str], right: Iterable[str]) -> NDArray[np.float64]:
    """``name_similarity`` pair by pair."""
    pairs = zip(left, right, strict=True)
    return np.fromiter((words_similarity(romanise(one), romanise(two)) for one, two in pairs), np.float64)


def words_similarity(left: str, right: str) -> float:
    """The same for romanised words with one space between them, as the columns of PREPARED have them."""
    if left == right:
        return 1.0 if left else 0.0
    return _of_words(left, right) if left < right else _of_words(right, left)


@lru_cache(maxsize=1 << 16)
def _of_words(left: str, right: str) -> float:
    fewer, more = left.split(), right.split()
    if len(fewer) > len(more):
        fewer, more = more, fewer
    if not fewer:
        return 0.0
    aligned = _aligned(fewer, more)
    if len(fewer) == len(more):
        return aligned
    whole = OSA.normalized_similarity("".join(fewer), "".join(more)) ** 2
    parted = max(_aligned(*sorted((fewer, rejoined), key=len)) for rejoined in _rejoined(more))
    return max(aligned, JOINED * whole, JOINED * parted)


def _aligned(fewer: Sequence[str], more: Sequence[str]) -> float:
    pairs = _paired(fewer, more)
    aligned = (1 - WEAKEST_SHARE) * sum(pairs) / len(pairs) + WEAKEST_SHARE * min(pairs)
    if len(fewer) == 1 < len(more):
        aligned *= SINGLE_WORD
    return aligned * EXTRA_WORD ** (len(more) - len(fewer))


def _rejoined(words: Sequence[str]) -> Iterator[list[str]]:
    """The name with each two neighbours in turn as one word."""
    for place in range(len(words) - 1):
        yield [*words[:place], words[place] + words[place + 1], *words[place + 2 :]]


def _paired(fewer: Sequence[str], more: Sequence[str]) -> list[float]:
    """Similarities of pairs of words, the most alike first, until every word of the shorter name has its partner."""
    found = [
        (-word_similarity(one, two), row, column) for row, one in enumerate(fewer) for column, two in enumerate(more)
    ]
    found.sort()
    rows: set[int] = set()
    columns: set[int] = set()
    similarities = []
    for negative, row, column in found:
        if row not in rows and column not in columns:
            rows.add(row)
            columns.add(column)
            similarities.append(-negative)
    return similarities


def word_similarity(left: str, right: str) -> float:
    """Similarity of two romanised words."""
    if left == right:
        return 1.0
    return _of_two_words(left, right) if left < right else _of_two_words(right, left)


@lru_cache(maxsize=1 << 18)
def _of_two_words(left: str, right: str) -> float:
    if len(left) == 1 or len(right) == 1:
        return INITIAL if left[0] == right[0] else 0.0
    letters: float = OSA.normalized_similarity(left, right)
    skeletons: float = OSA.normalized_similarity(word_skeleton(left), word_skeleton(right))
    share = VOWELLESS_SHARE if _is_vowelless(left) or _is_vowelless(right) else SKELETON_SHARE
    return letters + share * max(0.0, skeletons - letters)


def _is_vowelless(word: str) -> bool:
    return _VOWELS.isdisjoint(word[1:])
