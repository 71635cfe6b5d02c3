from palermo.account.population import read_population
from palermo.demo import facts
from palermo.demo.inhabitants import FILE, HEADER, SHAPE, inhabitants


def test_totals_are_the_sums_of_their_parts():
    rows = [dict(zip(HEADER, row, strict=True)) for row in inhabitants(20_000)]
    assert len(rows) == len(facts.YEARS) * 9
    for year in facts.YEARS:
        cells = {(row["sex"], row["age"]): row["persons"] for row in rows if row["year"] == year}
        assert cells["_T", "_T"] == sum(cells[sex, age] for sex in "FM" for age in ("Y0T17", "Y_GE18"))
        assert cells["F", "_T"] == cells["F", "Y0T17"] + cells["F", "Y_GE18"]
        assert cells["_T", "Y_GE18"] == cells["F", "Y_GE18"] + cells["M", "Y_GE18"]


def test_the_country_grows_with_the_number_of_victims():
    small, large = inhabitants(1_000), inhabitants(10_000)
    assert large[8][4] / small[8][4] > 9.9
    assert small[8][:4] == (facts.AREA, facts.YEARS[0], "_T", "_T")


def test_the_account_reads_the_same_numbers(country):
    file = country.workspace / "population" / FILE
    read = read_population(file, {facts.AREA}, SHAPE)
    for area, year, sex, age, persons, mark in inhabitants(country.persons):
        assert read.persons(area, year, sex, age) == persons
        assert mark == facts.MADE_UP
