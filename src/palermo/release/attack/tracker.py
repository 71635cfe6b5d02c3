"""Trackers: a small set that a query tool refuses, worked out from larger ones that it answers.

To count "C and D" ask for C and for "C and not D" and subtract (Denning, Denning and Schwartz 1979); and so with C
padded by any further codes. The decision a reader would question: with noise in the answers a set counts as isolated
where all paddings agree on it, or where their mean is known to within a quarter of a person. So many paddings undo even
a cell key, if a tool answers any union of codes; it must answer the codes and groups of its lists only.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product

import numpy as np

from palermo.release.attack.finding import Finding, Outcome, ran
from palermo.release.attack.repeats import Query, Tool, words_of

TRACKER = "tracker"
_TRACKERS = 100  # for each small set
_ERROR = 0.25
_AGREE = 4


def tracker(tool: Tool, codes: Mapping[str, Sequence[str]], k: int, name: str, trackers: int = _TRACKERS) -> Outcome:
    """Try to isolate every set of one code in each of two columns. ``codes`` are those of each column."""
    findings = []
    tried = 0
    for one, other in combinations(sorted(codes), 2):
        for c, d in product(codes[one], codes[other]):
            small: Query = {one: frozenset([c]), other: frozenset([d])}
            direct = tool(small)
            if direct is not None and direct >= k:
                continue
            tried += 1
            guesses = list(_guesses(tool, codes, ((one, c), (other, d)), trackers))
            if (found := _isolated(guesses, k)) is not None:
                words = f"{words_of(small)}: fewer than k = {k}, and known from larger sets"
                findings.append(Finding(TRACKER, name, words, told=f"{found}, from {len(guesses)} trackers"))
    return ran(TRACKER, name, tried, f"small sets, each by up to {trackers} trackers", findings)


def _guesses(
    tool: Tool, codes: Mapping[str, Sequence[str]], small: tuple[tuple[str, str], tuple[str, str]], trackers: int
) -> Iterator[float]:
    """What each tracker gives: with the first column padded, and with the second."""
    for (name, code), (away, hidden) in (small, small[::-1]):
        rest = frozenset(codes[away]) - {hidden}
        padding = [other for other in codes[name] if other != code]
        for padded in _subsets(padding, trackers // 2):
            wide, without = frozenset([code, *padded]), frozenset(padded)
            asked = [tool({name: wide}), tool({name: wide, away: rest})]
            if without:  # what the padding itself adds
                asked += [tool({name: without}), tool({name: without, away: rest})]
            if all(answer is not None for answer in asked):
                signs = (1, -1, -1, 1)
                yield sum(sign * (answer or 0.0) for sign, answer in zip(signs, asked, strict=False))


def _subsets(codes: Sequence[str], most: int) -> Iterator[tuple[str, ...]]:
    given = 0
    for size in range(len(codes) + 1):
        for some in combinations(codes, size):
            if given == most:
                return
            given += 1
            yield some


def _isolated(guesses: Sequence[float], k: int) -> int | None:
    """The count of the small set where it is known; None where it is not, or where it is none or k or more."""
    if not guesses:
        return None
    middle = float(np.mean(guesses))
    agree = len(set(guesses)) == 1 and len(guesses) >= min(_AGREE, 1 + len(guesses) // 2)
    error = float(np.std(guesses)) / math.sqrt(len(guesses)) if len(guesses) >= _AGREE else math.inf
    if not agree and error > _ERROR:
        return None
    found = round(middle)
    return found if 0 < found < k else None
