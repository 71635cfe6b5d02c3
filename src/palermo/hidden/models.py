"""Hierarchical log-linear models as sets of terms, a term being a bit mask of the lists that interact.

A model holds the intercept (term 0), every single list, and with each interaction all that it contains. It is written
by its generators, the terms that no other term contains, with lists numbered from 1: ``[123,25,4]``. With ten lists
the tenth is written ``a``, so that every list keeps one character.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import combinations

from palermo.errors import UsageError

Terms = tuple[int, ...]
_DIGITS = "123456789a"


def order_key(term: int) -> tuple[int, tuple[int, ...]]:
    """Sort terms by how many lists they join, then by the lists in order: 1, 2, 3, 12, 13, 23, 123."""
    places = tuple(place for place in range(term.bit_length()) if term >> place & 1)
    return len(places), places


def terms_of(generators: Iterable[int]) -> Terms:
    """All terms within the generators, the intercept first, in the order of `order_key`."""
    held = {0}
    for generator in generators:
        part = generator
        while part:
            held.add(part)
            part = (part - 1) & generator
    return tuple(sorted(held, key=order_key))


def generators_of(terms: Iterable[int]) -> Terms:
    """The terms that no other term of the model contains; the largest first, as the peers write them."""
    held = set(terms) - {0}
    tops = [term for term in held if not any(term != other and term & other == term for other in held)]
    return tuple(sorted(tops, key=lambda term: (-term.bit_count(), order_key(term))))


def name_of(terms: Iterable[int]) -> str:
    """The model as text, such as ``[12,3]``."""
    return "[" + ",".join(term_name(term) for term in generators_of(terms)) + "]"


def term_name(term: int) -> str:
    """The lists of a term by number: ``135``."""
    return "".join(_DIGITS[place] for place in order_key(term)[1])


def parse(text: str, k: int) -> Terms:
    """Read ``[12,3]`` for ``k`` lists. Raises `UsageError` where a list is unknown or left out."""
    words = [word.strip() for word in text.strip().removeprefix("[").removesuffix("]").split(",")]
    generators = []
    for word in words:
        if not word or any(digit not in _DIGITS[:k] for digit in word):
            raise UsageError(f"model {text!r}: found {word!r}, expected list numbers of 1 to {k}, as in [12,3]")
        generators.append(sum(1 << _DIGITS.index(digit) for digit in set(word)))
    terms = terms_of(generators)
    if missing := [str(place + 1) for place in range(k) if 1 << place not in terms]:
        raise UsageError(f"model {text!r} leaves out list {', '.join(missing)}; every list belongs into the model")
    return terms


def main_effects(k: int) -> Terms:
    """The model in which lists are independent of each other."""
    return terms_of(1 << place for place in range(k))


def all_two_way(k: int) -> Terms:
    """The model with every pair of lists."""
    return terms_of((1 << i) | (1 << j) for i, j in combinations(range(k), 2))


@lru_cache(maxsize=32)
def hierarchical_models(k: int, max_order: int) -> list[Terms]:
    """Every model of ``k`` lists with interactions of at most ``max_order`` lists; fewest terms first.

    8 models for 3 lists, 113 for 4, 6,893 for 5 (orders up to K-1), 32,768 for the pairs of 6.
    """
    grown: list[frozenset[int]] = [frozenset(main_effects(k))]
    for size in range(2, min(max_order, k) + 1):
        grown = [bigger for model in grown for bigger in _with_order(model, k, size)]
    ordered = [tuple(sorted(model, key=order_key)) for model in grown]
    return sorted(ordered, key=lambda terms: (len(terms), [order_key(term) for term in terms]))


def _with_order(model: frozenset[int], k: int, size: int) -> list[frozenset[int]]:
    """The model with each set of interactions of ``size`` lists whose parts it holds."""
    candidates = [sum(1 << place for place in places) for places in combinations(range(k), size)]
    allowed = [term for term in candidates if all(term & ~(1 << place) in model for place in order_key(term)[1])]
    return [model | frozenset(chosen) for chosen in subsets(allowed)]


def subsets(items: Sequence[int]) -> list[Terms]:
    """All subsets, the empty one first."""
    return [chosen for size in range(len(items) + 1) for chosen in combinations(items, size)]
