"""Which list sees whom: rates by sex, age and form, and dependence between lists, all known exactly.

The six lists form three pairs. Within a pair the two lists depend on each other by a stated odds ratio (Plackett's
joint distribution, closed form); between pairs they are independent given sex, childhood, form and origin. So the
chance that no list sees a person is a product of three terms, which the generator needs for its calibration and
which whoever estimates the hidden number is to find.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from palermo.demo.draws import Floats, Ints

LISTS = ("police", "shelter", "hotline", "labour", "health", "immigration")


@dataclass(frozen=True)
class Rate:
    """The odds that a list sees a person: ``base`` times a factor for each trait that she has."""

    base: float
    factors: Mapping[str, float] = field(default_factory=dict)
    foreign_only: bool = False
    sees_not_victims: bool = False


RATES = {
    "police": Rate(0.20, {"F": 1.1, "child": 1.2, "labour": 0.6, "foreign": 0.9}, sees_not_victims=True),
    "shelter": Rate(0.10, {"F": 2.0, "child": 1.3, "sexual": 1.4, "foreign": 1.2}),
    "hotline": Rate(0.09, {"F": 1.3, "child": 0.5}, sees_not_victims=True),
    "labour": Rate(0.03, {"labour": 8.0, "child": 0.6, "F": 0.8}),
    "health": Rate(0.06, {"F": 1.6, "sexual": 1.5, "foreign": 0.8}),
    "immigration": Rate(0.12, {"child": 0.7, "labour": 1.3}, foreign_only=True, sees_not_victims=True),
}
# Odds ratios: police and shelter refer persons to each other; who goes to health services seldom calls the hotline;
# the labour inspectorate and immigration are kept apart by law (the purpose wall), so no person is in both.
PAIRS = (("police", "shelter", 4.0), ("hotline", "health", 0.3), ("labour", "immigration", 0.0))


def trait_sets(sexes: Ints, child: Ints, form_class: Ints, foreign: Ints) -> Mapping[str, Ints]:
    """The traits that rates depend on, as 0/1 arrays. Form class: 0 sexual, 1 labour, 2 other."""
    return {
        "F": (sexes == 0).astype(np.int64),
        "child": child.astype(np.int64),
        "sexual": (form_class == 0).astype(np.int64),
        "labour": (form_class == 1).astype(np.int64),
        "foreign": foreign.astype(np.int64),
    }


def chance(name: str, traits: Mapping[str, Ints]) -> Floats:
    """The chance that a list sees each person."""
    rate = RATES[name]
    odds = np.full(len(traits["F"]), rate.base)
    for trait, factor in rate.factors.items():
        odds = np.where(traits[trait] == 1, odds * factor, odds)
    if rate.foreign_only:
        odds = np.where(traits["foreign"] == 1, odds, 0.0)
    return np.asarray(odds / (1.0 + odds), dtype=np.float64)


def both(first: Floats, second: Floats, ratio: float) -> Floats:
    """The chance of both events with given chances and odds ratio (Plackett 1965); ratio 0 means never both."""
    if ratio == 0.0:
        return np.zeros_like(first)
    if ratio == 1.0:
        return first * second
    total = 1.0 + (first + second) * (ratio - 1.0)
    root = np.sqrt(total * total - 4.0 * ratio * (ratio - 1.0) * first * second)
    return np.asarray((total - root) / (2.0 * (ratio - 1.0)), dtype=np.float64)


def chance_unseen(traits: Mapping[str, Ints]) -> Floats:
    """The chance that no list sees each person."""
    unseen = np.ones(len(traits["F"]))
    for one, other, ratio in PAIRS:
        first, second = chance(one, traits), chance(other, traits)
        unseen *= 1.0 - first - second + both(first, second, ratio)
    return unseen


def draw_captures(rng: np.random.Generator, traits: Mapping[str, Ints], *, victims: bool) -> dict[str, Ints]:
    """0/1 per person for each list. Persons who are not victims come to the notice of some lists only."""
    seen: dict[str, Ints] = {}
    for one, other, ratio in PAIRS:
        first, second = chance(one, traits), chance(other, traits)
        joint = both(first, second, ratio)
        uniform = rng.random(len(first))
        is_both = uniform < joint
        only_first = ~is_both & (uniform < first)
        only_second = ~is_both & ~only_first & (uniform < first + second - joint)
        for name, only in ((one, only_first), (other, only_second)):
            noticed = victims or RATES[name].sees_not_victims
            seen[name] = (is_both | only).astype(np.int64) * int(noticed)
    return {name: seen[name] for name in LISTS}
