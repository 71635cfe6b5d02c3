"""The persons of the demo country, as columns of numbers: one position is one person.

Calibration runs backwards. The shares among *detected* persons are given (``facts.CELLS``); the share of each cell
among all persons follows by dividing by its chance to be seen by any list. So the account meets the published
marginals although the lists see women, children and forms at different rates.
"""

from dataclasses import dataclass

import numpy as np

from palermo.demo import facts
from palermo.demo.capture import chance_unseen, draw_captures, trait_sets
from palermo.demo.draws import Bools, Floats, Ints, between, bits, mask_of, pick, stream

LABOUR = {"forced_labour", "domestic_servitude", "child_labour"}
CELL_SEX = np.array([facts.SEXES.index(cell.sex) for cell in facts.CELLS], dtype=np.int64)
CELL_CHILD = np.array([int(cell.child) for cell in facts.CELLS], dtype=np.int64)
CELL_FORMS = np.array([mask_of(cell.forms, facts.FORMS) for cell in facts.CELLS], dtype=np.int64)
CELL_CLASS = np.array(
    [0 if "sexual" in cell.forms else 1 if LABOUR & set(cell.forms) else 2 for cell in facts.CELLS], dtype=np.int64
)
CELL_CRISES = np.array([(1 - c.conflict - c.disaster, c.conflict, c.disaster) for c in facts.CELLS])
ADULT_AGE_WEIGHTS = [60 - abs(age - 23) * (3 if age < 23 else 1.4) for age in range(18, 65)]


@dataclass(frozen=True)
class Persons:
    """Columns of equal length; multi-valued traits are bit masks over the code tuples in ``facts``."""

    victim: Bools
    sex: Ints  # position in facts.SEXES
    child: Ints
    age: Ints  # completed years when exploited
    forms: Ints
    year: Ints
    crisis: Ints  # position in facts.CRISES
    origin: Ints  # positions in facts.COUNTRIES
    destination: Ints
    citizenship: Ints
    means: Ints
    recruiter: Ints
    services: Ints
    status: Ints  # position in facts.STATUSES; the furthest that any list reached
    seen: dict[str, Ints]

    def __len__(self) -> int:
        return len(self.sex)

    @property
    def detected(self) -> Bools:
        """Whether the person is a victim whom at least one list saw."""
        return np.asarray(self.victim & (sum(self.seen.values()) > 0), dtype=np.bool_)


def home_share(crisis: int) -> Floats:
    """The share of each cell's persons recruited inside the country, given the crisis."""
    if facts.CRISES[crisis] == "conflict":
        return np.zeros(len(facts.CELLS))
    if facts.CRISES[crisis] == "disaster":
        return np.full(len(facts.CELLS), facts.DISASTER_HOME_SHARE)
    return np.where(CELL_CHILD == 1, facts.HOME_SHARE["child"], facts.HOME_SHARE["adult"])


def cell_chance_seen() -> Floats:
    """The chance that at least one list sees a person of each cell, over crises and origins."""
    unseen = [
        chance_unseen(trait_sets(CELL_SEX, CELL_CHILD, CELL_CLASS, np.full(len(facts.CELLS), foreign)))
        for foreign in (0, 1)
    ]
    at_home = sum(CELL_CRISES[:, crisis] * home_share(crisis) for crisis in range(len(facts.CRISES)))
    return np.asarray(1.0 - at_home * unseen[0] - (1.0 - at_home) * unseen[1], dtype=np.float64)


def draw_persons(count: int, seed: int, *, victims: bool = True) -> Persons:
    """Draw ``count`` persons, victims or persons who only came to a list's notice."""
    rng = stream(seed, 1 if victims else 2)
    weights = np.array([cell.weight for cell in facts.CELLS]) / cell_chance_seen()
    # Even spacing instead of free draws keeps the cells' shares exact; the order is then shuffled.
    cell = pick((np.arange(count) + rng.random(1)) / max(count, 1), weights)
    cell = cell[np.argsort(rng.random(count), kind="stable")]
    crisis, year, origin = _circumstances(rng, cell)
    sex, child = CELL_SEX[cell], CELL_CHILD[cell]
    traits = trait_sets(sex, child, CELL_CLASS[cell], (origin != facts.HOME).astype(np.int64))
    abroad = (origin == facts.HOME) & (rng.random(count) < facts.ABROAD_SHARE)
    elsewhere = pick(rng.random(count), facts.FOREIGN_WEIGHTS)
    other_citizen = rng.random(count) < facts.CITIZENSHIP_ELSEWHERE
    return Persons(
        victim=np.full(count, victims),
        sex=sex,
        child=child,
        age=_ages(rng, cell),
        forms=CELL_FORMS[cell],
        year=year,
        crisis=crisis,
        origin=origin,
        destination=np.where(abroad, elsewhere, facts.HOME),
        citizenship=np.where(other_citizen, pick(rng.random(count), facts.FOREIGN_WEIGHTS), origin),
        means=bits(rng, [share for _, share in facts.MEANS], count),
        recruiter=pick(rng.random(count), [weight for _, weight in facts.RECRUITERS]),
        services=bits(rng, [share for _, share in facts.SERVICES], count),
        status=pick(rng.random(count), [weight for _, weight in facts.STATUSES]),
        seen=draw_captures(stream(seed, 3 if victims else 4), traits, victims=victims),
    )


def _circumstances(rng: np.random.Generator, cell: Ints) -> tuple[Ints, Ints, Ints]:
    count = len(cell)
    uniform = rng.random(count)
    edges = np.cumsum(CELL_CRISES, axis=1)[cell]
    crisis = (uniform >= edges[:, 0]).astype(np.int64) + (uniform >= edges[:, 1]).astype(np.int64)
    crisis = np.minimum(crisis, 1 + (CELL_CRISES[cell, 2] > 0).astype(np.int64))
    year = np.zeros(count, dtype=np.int64)
    at_home = np.zeros(count, dtype=np.bool_)
    year_draw, home_draw = rng.random(count), rng.random(count)
    for number, name in enumerate(facts.CRISES):
        here = crisis == number
        year[here] = facts.YEARS[0] + pick(year_draw[here], facts.YEAR_WEIGHTS[name])
        at_home[here] = home_draw[here] < home_share(number)[cell[here]]
    abroad = pick(rng.random(count), facts.FOREIGN_WEIGHTS)
    abroad = np.where(crisis == 1, facts.CONFLICT_NEIGHBOUR, np.where(crisis == 2, facts.OTHER_NEIGHBOUR, abroad))
    return crisis, year, np.where(at_home, facts.HOME, abroad)


def _ages(rng: np.random.Generator, cell: Ints) -> Ints:
    uniform, second = rng.random(len(cell)), rng.random(len(cell))
    low = np.array([(c.ages or (18, 64))[0] for c in facts.CELLS], dtype=np.int64)[cell]
    high = np.array([(c.ages or (18, 64))[1] for c in facts.CELLS], dtype=np.int64)[cell]
    # Up to 17 years, the older are more often trafficked: the larger of two draws. Babies for adoption are any age.
    age = between(np.where(high == 17, np.maximum(uniform, second), uniform), low, high)
    spread = np.array([c.ages is None for c in facts.CELLS])[cell]
    age[spread] = 18 + pick(uniform[spread], ADULT_AGE_WEIGHTS)
    return age
