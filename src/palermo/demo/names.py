"""Names of made-up persons in Latin, Arabic and Cyrillic script, and the ways in which lists write them differently.

A generator that drew from real names would sooner or later make the name of a real person. So every name is built from
syllables that no language in the lists of common names puts together; what looks odd here is meant to look odd.
"""

from dataclasses import dataclass

import numpy as np

from palermo.demo.draws import Floats, Ints, between

SCRIPTS = ("latin", "arabic", "cyrillic")
VARIANTS = ("plain", "transliterated", "swapped", "no_family", "typo")
VARIANT_WEIGHTS = (72, 12, 6, 4, 6)

# One syllable a line in the three scripts, so that the same person can stand in all of them.
SYLLABLES = (
    ("zev", "زيف", "зев"),
    ("qov", "قوف", "ков"),
    ("vix", "فيكس", "викс"),
    ("dwu", "دو", "дву"),
    ("glo", "غلو", "гло"),
    ("fep", "فيب", "феп"),
    ("wox", "ووكس", "вокс"),
    ("kiz", "كيز", "киз"),
    ("bru", "برو", "бру"),
    ("tuf", "توف", "туф"),
    ("xap", "كساب", "ксап"),
    ("mog", "موغ", "мог"),
    ("yiv", "ييف", "йив"),
    ("plu", "بلو", "плу"),
    ("ruz", "روز", "руз"),
    ("sez", "سيز", "сез"),
    ("hok", "هوك", "хок"),
    ("nux", "نوكس", "нукс"),
    ("gwo", "غوو", "гво"),
    ("lif", "ليف", "лиф"),
)
GIVEN_SYLLABLES = 2
FAMILY_SYLLABLES = 3
# Another standard of transliteration for the same sounds.
OTHER_SPELLING = {
    "latin": (("x", "ks"), ("q", "k"), ("u", "oo"), ("w", "v")),
    "arabic": (("ف", "ڤ"), ("غ", "ج")),
    "cyrillic": (("кс", "кз"), ("й", "и"), ("у", "ю")),
}


@dataclass(frozen=True)
class Names:
    """Syllable numbers of each person's given and family name, one row per person."""

    given: Ints
    family: Ints


def draw_names(rng: np.random.Generator, count: int) -> Names:
    """Names of ``count`` persons. With 8,000 family names, some persons share a name, as in any country."""
    last = len(SYLLABLES) - 1
    return Names(
        given=between(rng.random((count, GIVEN_SYLLABLES)), 0, last),
        family=between(rng.random((count, FAMILY_SYLLABLES)), 0, last),
    )


def written(names: Names, person: int, script: str, variant: str = "plain", where: float = 0.0) -> str:
    """One person's name in a script; ``where`` (0 to 1) is the place of the slip in the variant ``typo``."""
    column = SCRIPTS.index(script)
    given = _joined(names.given[person], column)
    family = _joined(names.family[person], column)
    if variant == "swapped":
        return f"{family} {given}"
    if variant == "no_family":
        return given
    if variant == "transliterated":
        return _respelt(f"{given} {family}", script)
    if variant == "typo":
        return _slip(f"{given} {family}", where)
    return f"{given} {family}"


def variants(uniform: Floats) -> list[str]:
    """The variant in which each record writes its name."""
    edges = np.cumsum(VARIANT_WEIGHTS) / sum(VARIANT_WEIGHTS)
    return [VARIANTS[min(place, len(VARIANTS) - 1)] for place in np.searchsorted(edges, uniform, side="right")]


def _joined(syllables: Ints, column: int) -> str:
    return "".join(SYLLABLES[number][column] for number in syllables.tolist()).capitalize()


def _respelt(text: str, script: str) -> str:
    lower = text.lower()
    for old, new in OTHER_SPELLING[script]:
        lower = lower.replace(old, new)
    return " ".join(word.capitalize() for word in lower.split(" "))


def _slip(text: str, where: float) -> str:
    """Two neighbouring letters change places; the first letter stays, as it does in most typing errors."""
    place = 1 + int(where * (len(text) - 2))
    return text[:place] + text[place + 1 : place + 2] + text[place] + text[place + 2 :]
