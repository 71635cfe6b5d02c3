"""Which years wait, and that what is printed of them adds up."""

import pytest

from palermo.release.hold import Change, changes_of, left_out, mixed

K = 5
TABLES = {"by_sex": ("time_period", "sex")}


@pytest.fixture
def account(cubes):
    def counted(*groups, tables=None):
        persons = [
            person for number, year, sex in groups for person in cubes["group"](number, time_period=year, sex=sex)
        ]
        return cubes["counted"](persons, tables or TABLES)

    return counted


def value(rows, indicator="by_sex", **codes):
    wanted = {"time_period": "_T", "sex": "_T", **codes}
    found = [row["value"] for row in rows if row["indicator"] == indicator and wanted.items() <= row.items()]
    return found[0] if len(found) == 1 else found


OLD = ((20, "2021", "F"), (30, "2021", "M"), (25, "2022", "F"), (15, "2022", "M"))


def test_the_same_figures_are_no_change(account):
    assert changes_of(account(*OLD), account(*OLD), K) == []


@pytest.mark.parametrize(
    ("late", "large"),
    [(((1, "2021", "F"),), False), (((5, "2021", "F"),), True), (((4, "2021", "F"), (4, "2021", "M")), True)],
)
def test_a_change_is_large_by_its_broadest_figures(account, late, large):
    assert [change.large for change in changes_of(account(*OLD, *late), account(*OLD), K)] == [large]


def test_one_sex_corrected_leaves_the_total_and_is_small(account):
    corrected = ((19, "2021", "F"), (31, "2021", "M"), *OLD[2:])
    assert changes_of(account(*corrected), account(*OLD), K) == [Change("XXA", "2021", 2, large=False)]


def test_a_held_year_stays_and_the_total_is_of_the_years_as_printed(account):
    new = account(*OLD, (1, "2021", "F"), (9, "2022", "F"), (40, "2023", "F"))
    made = mixed(new, account(*OLD), changes_of(new, account(*OLD), K), all_wait=False)
    assert [change.year for change in made.held] == ["2021"]
    assert [change.year for change in made.revised] == ["2022"]
    assert value(made.rows, time_period="2021") == 50
    assert value(made.rows, time_period="2022") == 49
    assert value(made.rows) == 50 + 49 + 40
    assert value(made.rows, sex="F") == 20 + 34 + 40
    every = mixed(new, account(*OLD), changes_of(new, account(*OLD), K), all_wait=True)
    assert value(every.rows) == 50 + 40 + 40


def test_a_group_that_left_stays_while_it_waits_and_one_that_came_is_not_yet_there(account):
    old = [row for row in account(*OLD, (1, "2021", "O")) if row["value"]]
    new = [row for row in account(*OLD[:2], (26, "2022", "F"), OLD[3], (30, "2023", "F")) if row["value"]]
    made = mixed(new, old, changes_of(new, old, K), all_wait=False)
    assert value(made.rows, time_period="2021", sex="O") == 1
    assert value(made.rows, sex="O") == 1
    assert value(made.rows) == 51 + 40 + 30
    back = mixed(old, new, changes_of(old, new, K), all_wait=False)
    assert value(back.rows, time_period="2021", sex="O") == []


def test_a_table_new_to_a_held_year_has_nothing_of_it(account):
    both = {**TABLES, "by_age": ("time_period", "age")}
    new, old = account(*OLD, (1, "2021", "F"), tables=both), account(*OLD)
    assert left_out(new, old, {("XXA", "2021")}) == [("by_age", "2021")]
    made = mixed(new, old, changes_of(new, old, K), all_wait=False)
    assert made.left_out == [("by_age", "2021")]
    assert value(made.rows, "by_age", time_period="2021", age="_T") == []
    assert value(made.rows, "by_age", time_period="2022", age="_T") == 40


def test_rates_of_a_held_year_are_the_old_ones_and_those_over_years_are_left_out(account, cubes):
    def rates(year, whole):
        shared = {"unit": "PER_100K"}
        return [cubes["row"]("rate", year, time_period="2021", **shared), cubes["row"]("rate", whole, **shared)]

    old = [*account(*OLD), *rates(1.0, 2.0)]
    new = [*account(*OLD, (1, "2021", "F"), (40, "2023", "F")), *rates(1.1, 2.2)]
    made = mixed(new, old, changes_of(new, old, K), all_wait=False)
    assert value(made.rows, "rate", time_period="2021") == 1.0
    assert value(made.rows, "rate") == []
    same = [*account(*OLD, (1, "2021", "F")), *rates(1.1, 2.2)]
    assert value(mixed(same, old, changes_of(same, old, K), all_wait=False).rows, "rate") == 2.0


def test_figures_that_were_public_before_never_wait(account):
    new = [{**row, "confidential": False} for row in account(*OLD, (1, "2021", "F"))]
    assert changes_of(new, account(*OLD), K) == []


def test_a_code_of_the_first_late_case_appears_in_no_other_year_before_it_may(account):
    old, new = account(*OLD), account(*OLD, (1, "2021", "O"))
    made = mixed(new, old, changes_of(new, old, K), all_wait=False)
    assert value(new, time_period="2022", sex="O") == 0
    assert value(made.rows, time_period="2022", sex="O") == []
    assert value(made.rows, sex="O") == []


def test_a_code_that_was_taken_out_keeps_its_zeros_while_the_year_waits(account):
    old, new = account(*OLD, (1, "2021", "O")), account(*OLD)
    made = mixed(new, old, changes_of(new, old, K), all_wait=False)
    assert (value(made.rows, time_period="2021", sex="O"), value(made.rows, time_period="2022", sex="O")) == (1, 0)
    assert {(row["time_period"], row["sex"], row["value"]) for row in made.rows} == {
        (row["time_period"], row["sex"], row["value"]) for row in old
    }


def test_a_code_of_a_revised_year_has_its_zeros_everywhere(account):
    old = account(*OLD)
    new = account((21, "2021", "F"), *OLD[1:], (9, "2022", "O"))
    made = mixed(new, old, changes_of(new, old, K), all_wait=False)
    assert [change.year for change in made.held] == ["2021"]
    assert value(made.rows, time_period="2022", sex="O") == 9


def test_neither_order_nor_receipts_tell_which_year_waits(account):
    old = [{**row, "receipt_id": f"old{number:013d}"} for number, row in enumerate(account(*OLD, (1, "2021", "O")))]
    new = [{**row, "receipt_id": f"new{number:013d}"} for number, row in enumerate(account(*OLD, (9, "2022", "F")))]
    made = mixed(new, old, changes_of(new, old, K), all_wait=False)
    assert made.held
    receipts = {(row["time_period"], row["sex"]): row["receipt_id"] for row in new}
    kept = {(row["time_period"], row["sex"]): row["receipt_id"] for row in made.rows}
    assert receipts.items() <= kept.items()
    assert not [receipt for receipt in kept.values() if receipt.startswith("old")]
    assert [(row["indicator"], row["time_period"], row["sex"]) for row in made.rows] == sorted(
        (row["indicator"], row["time_period"], row["sex"]) for row in made.rows
    )
