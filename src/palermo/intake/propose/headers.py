"""How well a header names a target: the part of a proposal that looks at words, not at values."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz

from palermo.intake.propose.lexicon import Words, telling_words, words_of

_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_NEARLY = 90  # similarity, of 100, from which two longer words count as one with a slip of the pen


@dataclass(frozen=True)
class HeaderMatch:
    """``score`` runs from 0 to 1: 1 where the header is the alias, less where it only holds it."""

    score: float
    alias: str


def match_header(header: str, aliases: Iterable[Words]) -> HeaderMatch | None:
    """The best agreement of a header with the aliases of one target, or None."""
    words = words_of(header)
    best: HeaderMatch | None = None
    for alias in aliases:
        score = _score(words, alias)
        if score > 0 and (best is None or score > best.score):
            best = HeaderMatch(score, " ".join(alias))
    return best


def match_headers(header: str, targets: Mapping[str, Iterable[Words]]) -> dict[str, HeaderMatch]:
    """The targets that a header may name, each with its best alias."""
    found = ((target, match_header(header, aliases)) for target, aliases in targets.items())
    return {target: match for target, match in found if match is not None}


def _score(words: Words, alias: Words) -> float:
    if words == alias:
        return 1.0
    header, wanted = telling_words(words), telling_words(alias)
    joined, sought = "".join(header), "".join(wanted)
    if joined == sought:
        return 0.95
    if len(sought) >= 2 and _CJK.search(sought):
        return 0.5 + 0.4 * len(sought) / len(joined) if sought in joined else 0.0
    return _score_within(header, wanted, whole=len(wanted) == len(alias))


def _score_within(header: Words, wanted: Words, *, whole: bool) -> float:
    """Where the header holds the alias, or nearly is it.

    ``whole`` is false where filler words were taken from the alias: "type of victim" must not be found in every "type".
    """
    joined, sought = "".join(header), "".join(wanted)
    if len(sought) < 3:
        return 0.0  # "no" and "id" name a column only where they stand alone
    if (whole or len(wanted) > 1) and _holds(header, wanted):
        return 0.5 + 0.4 * len(wanted) / len(header)
    near = len(sought) >= 6 and abs(len(joined) - len(sought)) <= 2 and fuzz.ratio(joined, sought) >= _NEARLY
    return 0.8 if near else 0.0


def _holds(header: Words, wanted: Words) -> bool:
    size = len(wanted)
    return any(header[start : start + size] == wanted for start in range(len(header) - size + 1))
