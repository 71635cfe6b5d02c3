"""The inhabitants of the demo country: the denominators of its rates, in the shape ``palermo``.

Their number follows the number of victims asked for, so that the rates of a small demo country look like those of a
large one.
"""

from palermo.demo import facts

FILE = "made-up-population.csv"
SHAPE = "palermo"
HEADER = ("area", "year", "sex", "age", "persons", "made_up")
GROWTH = 1.011  # per year
SHARES = {("F", "Y0T17"): 0.148, ("F", "Y_GE18"): 0.361, ("M", "Y0T17"): 0.155, ("M", "Y_GE18"): 0.336}


def inhabitants(persons: int) -> list[tuple[str, int, str, str, int, str]]:
    """Rows of the population file for all years, with totals, for a country with that many victims."""
    first = persons / facts.PERSONS_PER_INHABITANT
    rows = []
    for number, year in enumerate(facts.YEARS):
        parts = {cell: round(first * GROWTH**number * share) for cell, share in SHARES.items()}
        for sex in ("F", "M", "_T"):
            for age in ("Y0T17", "Y_GE18", "_T"):
                sum_of = [n for (s, a), n in parts.items() if sex in (s, "_T") and age in (a, "_T")]
                rows.append((facts.AREA, year, sex, age, sum(sum_of), facts.MADE_UP))
    return rows
