"""The courts' register of the demo country: persons suspected of trafficking, from the first contact to a conviction.

Women are 33 per cent of those whom the police suspect and about 38 per cent of those convicted: the anomaly that
A/71/223, paragraph 13, describes and does not explain. Each step may take until the next year, so that a year's
convictions are not a share of the same year's contacts.
"""

from dataclasses import dataclass

import numpy as np

from palermo.demo import facts
from palermo.demo.draws import between, exactly, pick, stream

FILE = "made-up-courts.csv"
HEADER = ("suspect_no", "sex", "age", "citizenship", "contact", "prosecuted", "convicted", "made_up")
PER_PERSON = 0.06  # suspects per true victim
FIRST_YEAR = facts.YEARS[0] - 2  # so that the account's first year has convictions of persons suspected before it
YEAR_WEIGHTS = (16, 17, 18, 19, 20, 21, 22)
FEMALE = 0.33
PROSECUTED = {"F": 0.56, "M": 0.52}
CONVICTED = {"F": 0.48, "M": 0.42}  # of the prosecuted
NEXT_YEAR = 0.35  # of each step
UNKNOWN_AGE = 0.04
MISSPELT = 0.005  # rows with a misspelt sex, to be quarantined

MAPPING = f"""# {facts.MADE_UP}. How the columns of {FILE} become columns of the suspects table.
[mapping]
name = "courts"
table = "suspects"
title = "Courts: persons suspected of trafficking (made up)"
encoding = "utf-8"
delimiter = ","
unit_note = "one row is one suspected person"

[fields.record_id]
column = "suspect_no"

[fields.sex]
column = "sex"
[fields.sex.values]
"female" = "F"
"male" = "M"

[fields.age]
column = "age"

[fields.citizenship]
column = "citizenship"
[fields.citizenship.values]
{chr(10).join(f'"{code}" = "{code}"' for code in facts.COUNTRIES)}

[fields.contact_year]
column = "contact"

[fields.prosecuted_year]
column = "prosecuted"

[fields.convicted_year]
column = "convicted"

[ignored]
made_up = "says in every row that the data are made up"
"""


@dataclass(frozen=True)
class Courts:
    """The rows of the courts' file and how many of them carry a misspelt code."""

    rows: list[list[str]]
    misspelt: int


def draw_courts(persons: int, seed: int) -> Courts:
    """Suspects for a country with that many victims."""
    count = max(40, round(persons * PER_PERSON))
    rng = stream(seed, 40)
    draws = rng.random((count, 9))
    years = FIRST_YEAR + pick(draws[:, 0], YEAR_WEIGHTS)
    ages = between((draws[:, 1] + draws[:, 2]) / 2, 17, 65)  # most are adults (A/71/223, paragraph 13)
    countries = pick(draws[:, 3], (120, *facts.FOREIGN_WEIGHTS[1:]))
    misspelt = max(1, round(count * MISSPELT))
    places = set(exactly(rng, count, misspelt).tolist())
    rows = []
    for number in range(count):
        sex = "F" if draws[number, 4] < FEMALE else "M"
        steps = _steps(sex, int(years[number]), draws[number, 5:8])
        word = {"F": "female", "M": "male"}[sex]
        if number in places:
            word = word[:-1]
        age = "" if draws[number, 8] < UNKNOWN_AGE else str(ages[number])
        country = facts.COUNTRIES[countries[number]]
        rows.append([f"C{number + 1:05d}", word, age, country, *steps, facts.MADE_UP])
    return Courts(rows, misspelt)


def _steps(sex: str, year: int, draws: np.ndarray) -> list[str]:
    """Years of contact, prosecution and conviction, empty where the step was not taken by the end of the account."""
    prosecuted = year + int(draws[2] < NEXT_YEAR)
    convicted = prosecuted + int(draws[2] * 7 % 1 < NEXT_YEAR)
    taken = draws[0] < PROSECUTED[sex] and prosecuted <= facts.YEARS[-1]
    closed = taken and draws[1] < CONVICTED[sex] and convicted <= facts.YEARS[-1]
    return [str(year), str(prosecuted) if taken else "", str(convicted) if closed else ""]
