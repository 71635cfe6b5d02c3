"""Who the made-up persons are, and how each list writes it down: scripts, spellings, doubtful birth dates, towns.

The decision a reader would question: these draws have streams of their own. Whatever is changed here leaves the counted
figures of the country as they were, because nothing that is counted hangs on a name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from palermo.demo import facts
from palermo.demo.draws import Ints, pick, stream
from palermo.demo.names import SCRIPTS, SYLLABLES, Names, draw_names, joined, variants, written_parts
from palermo.demo.persons import Persons

LATIN, ARABIC, CYRILLIC = range(3)
# The script in which persons of each citizenship write their names; it says nothing about these countries.
SCRIPT_OF = dict.fromkeys(facts.COUNTRIES, LATIN) | {"BVT": ARABIC, "JOR": ARABIC, "SGS": CYRILLIC, "KAZ": CYRILLIC}
TOWNS = 60
TOWN_FLAT = 4
BETWEEN = "; "


@dataclass(frozen=True)
class Writing:
    """How a list writes names, birth dates and towns. Numbers are shares of its records.

    ``native`` of the persons who use the list's other script stand in it, all others in Latin letters. ``names`` are
    the weights of ``names.VARIANTS``.
    """

    script: str = "latin"
    native: float = 0.0
    names: tuple[float, ...] = (80, 8, 4, 4, 4)
    alias: float = 0.04  # another given name stands in place of the own
    born_missing: float = 0.08
    year_only: float = 0.08
    january: float = 0.05  # 1 January, because only the year is known
    born_wrong: float = 0.03  # day and month exchanged, or a year beside
    town_missing: float = 0.10
    town_wrong: float = 0.05


WRITINGS: Mapping[str, Writing] = {
    "police": Writing(names=(84, 6, 3, 2, 5)),
    "shelter": Writing("arabic", 0.5, (80, 6, 4, 6, 4), born_missing=0.12, year_only=0.12, january=0.10),
    "labour": Writing(names=(74, 14, 5, 2, 5), born_missing=0.15, town_wrong=0.10),
    "health": Writing("arabic", 0.25, (80, 6, 6, 3, 5), 0.05, born_missing=0.05, january=0.08),
    "immigration": Writing("cyrillic", 0.6, (80, 10, 4, 1, 5), born_missing=0.01, year_only=0.04, january=0.12),
}


@dataclass(frozen=True)
class Identities:
    """Columns of equal length, one position per person. ``born`` is a day number; ``script`` a position in SCRIPTS."""

    names: Names
    alias: Names
    born: Ints
    town: Ints
    script: Ints


@dataclass(frozen=True, slots=True)
class Written:
    """What one record says of who the person is; empty texts where it says nothing. ``born`` is a date or a year."""

    given_name: str = ""
    family_name: str = ""
    born: str = ""
    town: str = ""
    script: str = "latin"

    @property
    def name(self) -> str:
        """The whole name in one column."""
        return " ".join(part for part in (self.given_name, self.family_name) if part)


def draw_identities(seed: int, persons: Persons) -> Identities:
    """Names, birth dates and towns of all persons."""
    count = len(persons)
    rng = stream(seed, 9)
    script = np.array([SCRIPT_OF[code] for code in facts.COUNTRIES], dtype=np.int64)[persons.citizenship]
    days = np.floor(rng.random(count) * 365).astype(np.int64)
    midyear = np.array([date(year, 7, 1).toordinal() for year in range(1900, 2101)], dtype=np.int64)
    return Identities(
        names=draw_names(rng, count, persons.citizenship, persons.sex),
        alias=draw_names(rng, count, persons.citizenship, persons.sex),
        born=midyear[persons.year - persons.age - 1900] - days,
        town=pick(rng.random(count), 1.0 / (np.arange(TOWNS) + TOWN_FLAT)),
        script=script,
    )


def write_down(name: str, identities: Identities, who: Ints, seed: int) -> list[Written]:
    """What the list writes of each of these persons, in their order; nothing where it asks for no name."""
    writing = WRITINGS.get(name)
    if writing is None:
        return [Written()] * len(who)
    draws = stream(seed, 40, list(WRITINGS).index(name)).random((len(who), 8))
    chosen = variants(draws[:, 0], writing.names)
    return [
        _written(writing, identities, person, draw, variant)
        for person, draw, variant in zip(who.tolist(), draws.tolist(), chosen, strict=True)
    ]


def _written(writing: Writing, identities: Identities, person: int, draw: list[float], variant: str) -> Written:
    own = SCRIPTS[identities.script[person]]
    script = own if own == writing.script and draw[1] < writing.native else "latin"
    given, family = written_parts(identities.names, person, script, variant, draw[2])
    if draw[3] < writing.alias and variant != "swapped":
        given = joined(identities.alias.given[person], SCRIPTS.index(script))
    return Written(
        given,
        family,
        _born(writing, int(identities.born[person]), draw[4], draw[5]),
        _town(writing, identities, person, draw),
        script,
    )


def _born(writing: Writing, day: int, doubt: float, wrong: float) -> str:
    born = date.fromordinal(day)
    if wrong < writing.born_wrong:
        exchange = born.day <= 12 and wrong < writing.born_wrong / 2
        born = date(born.year, born.day, born.month) if exchange else date(born.year - 1, born.month, min(born.day, 28))
    edges = np.cumsum([writing.born_missing, writing.year_only, writing.january])
    if doubt < edges[0]:
        return ""
    if doubt < edges[1]:
        return str(born.year)
    return (date(born.year, 1, 1) if doubt < edges[2] else born).isoformat()


def _town(writing: Writing, identities: Identities, person: int, draw: list[float]) -> str:
    if draw[6] < writing.town_missing:
        return ""
    town = int(draw[7] / writing.town_wrong * TOWNS) if draw[7] < writing.town_wrong else int(identities.town[person])
    return TOWN_NAMES[town]


def _town_names() -> tuple[str, ...]:
    """Towns are of two syllables and an ending that no family name has."""
    size = len(SYLLABLES)
    return tuple(
        f"{SYLLABLES[n % size][0]}{SYLLABLES[(n * 7 + n // size + 3) % size][0]}ton".capitalize() for n in range(TOWNS)
    )


TOWN_NAMES = _town_names()
