"""Names of made-up persons in Latin, Arabic and Cyrillic script, and the ways in which lists write them differently.

A generator that drew from real names would sooner or later make the name of a real person. So every name is built from
syllables that no language in the lists of common names puts together; what looks odd here is meant to look odd.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from palermo.demo.draws import Floats, Ints, pick

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


# Common names are much more common than others: the weight of a name falls with its rank, from a flat top on.
GIVEN_FLAT, FAMILY_FLAT = 6, 25


@dataclass(frozen=True)
class Names:
    """Syllable numbers of each person's given and family name, one row per person."""

    given: Ints
    family: Ints


def draw_names(rng: np.random.Generator, count: int, people: Ints | None = None, sexes: Ints | None = None) -> Names:
    """Names of ``count`` persons. Some are as common as common names are, and each people has others at the top.

    Half of the given names are of women (``sexes`` 0), half of men; a name belongs to no people alone.
    """
    people = np.zeros(count, dtype=np.int64) if people is None else people
    half = len(SYLLABLES) ** GIVEN_SYLLABLES // 2
    given = pick(rng.random(count), _weights(half, GIVEN_FLAT))
    family = pick(rng.random(count), _weights(len(SYLLABLES) ** FAMILY_SYLLABLES, FAMILY_FLAT))
    female = (rng.random(count) < 0.5) if sexes is None else sexes == 0
    given = 2 * ((given * 7 + people * 31) % half) + female.astype(np.int64)
    family = (family * 1237 + people * 613) % len(SYLLABLES) ** FAMILY_SYLLABLES
    return Names(_syllables(given, GIVEN_SYLLABLES), _syllables(family, FAMILY_SYLLABLES))


def _weights(names: int, flat: int) -> Floats:
    return 1.0 / (np.arange(names) + flat)


def _syllables(numbers: Ints, length: int) -> Ints:
    """The syllables of a name by its number. Steps over the list keep common names from looking alike."""
    places = [numbers // len(SYLLABLES) ** place % len(SYLLABLES) for place in range(length)]
    return np.stack([(place * 7 + number) % len(SYLLABLES) for number, place in enumerate(places)], axis=1)


def written(names: Names, person: int, script: str, variant: str = "plain", where: float = 0.0) -> str:
    """One person's name in a script; ``where`` (0 to 1) is the place of the slip in the variant ``typo``."""
    return " ".join(part for part in written_parts(names, person, script, variant, where) if part)


def written_parts(
    names: Names, person: int, script: str, variant: str = "plain", where: float = 0.0
) -> tuple[str, str]:
    """The same as it stands in two columns: what is taken for the given name, and what for the family name."""
    column = SCRIPTS.index(script)
    given, family = joined(names.given[person], column), joined(names.family[person], column)
    if variant == "swapped":
        return family, given
    if variant == "no_family":
        return given, ""
    if variant == "transliterated":
        return _respelt(given, script), _respelt(family, script)
    if variant == "typo":
        return (given, _slip(family, where)) if where < 0.7 else (_slip(given, (where - 0.7) / 0.3), family)
    return given, family


def variants(uniform: Floats, weights: Sequence[float] = VARIANT_WEIGHTS) -> list[str]:
    """The variant in which each record writes its name."""
    edges = np.cumsum(weights) / sum(weights)
    return [VARIANTS[min(place, len(VARIANTS) - 1)] for place in np.searchsorted(edges, uniform, side="right")]


def joined(syllables: Ints, column: int) -> str:
    """Syllables as one word in the script of that column."""
    return "".join(SYLLABLES[number][column] for number in syllables.tolist()).capitalize()


def _respelt(word: str, script: str) -> str:
    lower = word.lower()
    for old, new in OTHER_SPELLING[script]:
        lower = lower.replace(old, new)
    return lower.capitalize()


def _slip(text: str, where: float) -> str:
    """Two neighbouring letters change places; the first letter stays, as it does in most typing errors."""
    place = 1 + int(where * (len(text) - 2))
    return text[:place] + text[place + 1 : place + 2] + text[place] + text[place + 2 :]
