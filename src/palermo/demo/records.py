"""What each list holds about the persons it saw: records with gaps, errors, repetitions and planted faults.

A record holds codes; how a list writes them is the matter of ``shapes``. Two kinds of trouble are kept apart, because
they are judged apart. *Errors* (a wrong sex, a date in the next year, a person registered twice) cannot be seen in the
row, and intake must accept it. *Faults* (a misspelt code, an impossible date) can be seen, and intake must quarantine
the row: their number in each list is exact and stands in the truth.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from palermo.demo import facts
from palermo.demo.capture import LISTS
from palermo.demo.draws import Ints, between, codes_of, exactly, stream
from palermo.demo.identities import Identities, Written, write_down
from palermo.demo.persons import Persons

UNKNOWN = "_U"


@dataclass(frozen=True)
class Habit:
    """How a list works. Numbers are shares of its records unless said otherwise."""

    prefix: str
    unknown: tuple[float, float, float, float]  # sex, age, citizenship (and countries), forms
    keyed: float  # records of persons with a referral number that carry it
    again: float = 0.03  # persons registered a second time under a new number


HABITS = {
    "police": Habit("P", (0.005, 0.05, 0.03, 0.06), 0.95),
    "shelter": Habit("S", (0.000, 0.03, 0.04, 0.05), 0.97, 0.05),
    "hotline": Habit("H", (0.060, 0.20, 1.00, 0.12), 0.0, 0.06),
    "labour": Habit("L", (0.010, 0.12, 0.05, 0.02), 0.85),
    "health": Habit("M", (0.005, 0.04, 0.15, 0.25), 0.90, 0.04),
    "immigration": Habit("I", (0.005, 0.06, 0.01, 0.15), 0.90),
}
JUDGES = ("police", "immigration")  # lists that decide whether a person is a victim
REFERRED = 0.80  # persons who are given a referral number; the rest can be joined by name alone

# Faults: which, and how many per 1,000 records. A list whose shape has no place for a fault leaves it out.
FAULTS = {"misspelt code": 5.0, "impossible date": 1.0, "age not a number": 1.0, "torn row": 0.6}
LISTS_WITHOUT = {
    "age not a number": ("hotline", "health"),
    "torn row": ("shelter", "hotline", "health", "labour", "immigration"),
}
REPEATED = 0.004  # rows that stand twice in the file, word for word
WRONG_SEX, WRONG_AGE, NEXT_YEAR, FORM_LEFT_OUT, AGE_IN_DOUBT = 0.003, 0.05, 0.06, 0.12, 0.25


@dataclass(frozen=True, slots=True)
class Record:
    """One row of one list. ``_U`` is unknown; an ``age`` of None is unknown and an age of 0 is a baby."""

    record_id: str
    person: int  # position among the persons
    person_key: str
    identity: Written
    day: date
    status: str
    sex: str
    age: int | None
    age_in_doubt: bool
    citizenship: str
    origin: str
    destination: str
    forms: tuple[str, ...]
    means: tuple[str, ...]
    recruiter: str
    context: str
    services: tuple[str, ...]
    fault: str = ""

    @property
    def name(self) -> str:
        """The whole name, as one column holds it."""
        return self.identity.name

    @property
    def year(self) -> int:
        """The year in which the list registered the person."""
        return self.day.year


def draw_referrals(seed: int, count: int) -> list[str]:
    """The referral number of each person, empty where she was given none. Numbers tell nothing about the person."""
    rng = stream(seed, 10)
    given = rng.random(count) < REFERRED
    numbers = np.argsort(rng.random(count), kind="stable")
    return [f"R-{number + 1:07d}" if has else "" for number, has in zip(numbers.tolist(), given.tolist(), strict=True)]


def draw_records(name: str, persons: Persons, identities: Identities, referrals: list[str], seed: int) -> list[Record]:
    """The records of one list in the order in which they stand in its file, faults marked, rows repeated."""
    habit = HABITS[name]
    rng = stream(seed, 20 + LISTS.index(name))
    seen = np.flatnonzero(persons.seen[name])
    again = seen[rng.random(len(seen)) < habit.again]
    who = np.concatenate([seen, again])
    second = np.concatenate([np.zeros(len(seen), dtype=np.int64), np.ones(len(again), dtype=np.int64)])
    order = np.argsort(rng.random(len(who)), kind="stable")
    who, second = who[order], second[order]
    said = write_down(name, identities, who, seed)
    records = _Drawing(name, persons, referrals, rng).records(who, second, said)
    return _repeated(rng, _with_faults(rng, name, records))


class _Drawing:
    """The random numbers of one list, drawn in a fixed order, and the records made from them."""

    def __init__(self, name: str, persons: Persons, referrals: list[str], rng: np.random.Generator) -> None:
        self.name, self.persons, self.referrals, self.rng = name, persons, referrals, rng
        self.habit = HABITS[name]

    def records(self, who: Ints, second: Ints, said: Sequence[Written]) -> list[Record]:
        count = len(who)
        draws = self.rng.random((count, 16))  # the second and the ninth are not used any more
        days = between(draws[:, 0], 0, 364)
        return [
            self._record(position, int(person), int(again), draws[position].tolist(), said[position], int(day))
            for position, (person, again, day) in enumerate(zip(who, second, days, strict=True))
        ]

    def _record(self, number: int, person: int, again: int, draw: list[float], said: Written, day: int) -> Record:
        persons, habit = self.persons, self.habit
        unknown_sex, unknown_age, unknown_country, unknown_forms = habit.unknown
        year = int(persons.year[person]) + (draw[2] < NEXT_YEAR or (again and draw[2] < 0.5))
        year = min(year, facts.YEARS[-1])
        age, in_doubt = self._age(person, draw)
        key = self.referrals[person] if draw[6] < habit.keyed else ""
        known = draw[7] >= unknown_country
        countries = facts.COUNTRIES
        return Record(
            record_id=f"{habit.prefix}{number + 1:06d}",
            person=person,
            person_key=key,
            identity=said,
            day=date(year, 1, 1) + timedelta(days=day),
            status=self._status(person, draw[9]),
            sex=UNKNOWN if draw[10] < unknown_sex else self._sex(person, draw[11]),
            age=None if draw[3] < unknown_age else age,
            age_in_doubt=in_doubt or draw[3] < unknown_age / 4,
            citizenship=countries[persons.citizenship[person]] if known else UNKNOWN,
            origin=countries[persons.origin[person]] if known else UNKNOWN,
            destination=countries[persons.destination[person]] if draw[12] >= unknown_country else UNKNOWN,
            forms=() if draw[13] < unknown_forms else self._forms(person, draw[14]),
            means=tuple(codes_of(int(persons.means[person]), [code for code, _ in facts.MEANS])),
            recruiter=facts.RECRUITERS[persons.recruiter[person]][0] if draw[15] > 0.3 else UNKNOWN,
            context=facts.CRISES[persons.crisis[person]],
            services=tuple(codes_of(int(persons.services[person]), [code for code, _ in facts.SERVICES])),
        )

    def _age(self, person: int, draw: list[float]) -> tuple[int | None, bool]:
        """The age written, and whether it is in doubt; near the line of 18 years it often is."""
        age = int(self.persons.age[person])
        if 15 <= age <= 19 and draw[4] < AGE_IN_DOUBT * 0.3:
            return None, True
        if age >= 1 and draw[5] < WRONG_AGE:
            return age + (1 if draw[5] < WRONG_AGE / 2 else -1), False
        return age, False

    def _sex(self, person: int, draw: float) -> str:
        sex = facts.SEXES[self.persons.sex[person]]
        return {"F": "M", "M": "F"}.get(sex, sex) if draw < WRONG_SEX else sex

    def _status(self, person: int, draw: float) -> str:
        """Police and immigration decide on the status, and may lag behind; the others presume what they are told."""
        if self.name not in JUDGES:
            return "presumed"
        if not self.persons.victim[person]:
            return "not_victim"
        return facts.STATUSES[self.persons.status[person]][0] if draw < 0.7 else "presumed"

    def _forms(self, person: int, draw: float) -> tuple[str, ...]:
        forms = codes_of(int(self.persons.forms[person]), facts.FORMS)
        return tuple(forms[:1] if draw < FORM_LEFT_OUT else forms)


def planned_faults(name: str, records: int) -> dict[str, int]:
    """How many rows of a list of that length carry each fault; at least one of each where there are 200 rows."""
    least = 1 if records >= 200 else 0
    return {
        fault: max(least, round(records * per_1000 / 1000))
        for fault, per_1000 in FAULTS.items()
        if name not in LISTS_WITHOUT.get(fault, ())
    }


def _with_faults(rng: np.random.Generator, name: str, records: list[Record]) -> list[Record]:
    plan = planned_faults(name, len(records))
    places = exactly(rng, len(records), sum(plan.values()))
    kinds = [fault for fault, count in plan.items() for _ in range(count)]
    order = np.argsort(rng.random(len(kinds)), kind="stable").tolist()
    marked = list(records)
    for place, kind in zip(places.tolist(), order, strict=True):
        record = marked[place]
        marked[place] = replace(record, fault=kinds[kind], forms=record.forms or ("sexual",))
    return marked


def _repeated(rng: np.random.Generator, records: list[Record]) -> list[Record]:
    """Some rows follow themselves word for word; rows with a fault do not, so that the number of faults is exact."""
    twice = rng.random(len(records)) < REPEATED
    rows: list[Record] = []
    for record, again in zip(records, twice.tolist(), strict=True):
        rows.append(record)
        if again and not record.fault:
            rows.append(record)
    return rows
