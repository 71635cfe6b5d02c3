"""Reading a release: what is not there is not published, and only a row with 0 is zero."""

from dataclasses import replace

import pytest

from palermo.report.amounts import State, exact, written
from palermo.report.observations import ABSENT, decimals_of


def test_a_cell_that_is_not_there_is_not_published(release):
    row = release.one("victims_by_sex_age", "DEU", "2023", sex="O", age="Y_GE18")
    assert row is ABSENT
    assert row.amount.state is State.NOT_PUBLISHED


def test_states_of_released_rows(releasing, observed):
    made = [
        observed("x", 0.0, sex="F"),
        observed("x", (1.0, 4.0), sex="M"),
        observed("x", (0.0, 4.0), sex="O", printed=True),
        observed("x", None, sex="_U"),
        observed("x", (3.0, 7.0), sex="_N", printed=True) | {"obs_status": "A"},
        observed("x", 5.0, sex="_T", interval=(4.0, 6.0), unit="PERCENT"),
        observed("x", 5.0, age="Y0T17", interval=(3.0, 7.0)),
    ]
    rows = releasing(made).observations("x")
    assert [row.amount.state for row in rows] == [
        State.EXACT, State.HIDDEN, State.PRINTED_RANGE, State.NO_FIGURE, State.DERIVED_RANGE, State.EXACT,
        State.ROUNDED,
    ]  # fmt: skip
    assert rows[5].interval == (4.0, 6.0)
    assert rows[0].interval is None
    assert rows[6].interval is None
    assert (rows[6].amount.low, rows[6].amount.high) == (3.0, 7.0)


def test_find_takes_codes_sets_and_any_code(release):
    assert len(release.find("victims_by_sex_age", "DEU", "2023", sex={"F", "M"}, age="Y0T17")) == 2
    assert len(release.find("victims_by_sex_age", "DEU", "2023", sex="*")) == 2
    assert len(release.find("victims_by_sex_age", "DEU", "2023")) == 1


def test_the_period_shown_is_the_nearest_before(release):
    assert release.period_for("victims_by_sex_age", "DEU", "2022") == "2022"
    assert release.period_for("victims_by_sex_age", "DEU", "2030") == "2023"
    assert release.period_for("victims_by_sex_age", "DEU", "1999") == "2021"
    assert release.period_for("nothing", "DEU", "2022") is None


def test_the_area_is_named_as_the_office_names_it(release):
    assert release.area_name == "Exampleland"
    assert release.name_of("NGA") == "Nigeria"
    assert release.area_for("areas_by_convictions", "DEU") == "001"
    assert release.area_for("nothing", "DEU") == "DEU"


def test_a_receipt_joins_what_its_indicator_shares(releasing, observed):
    made = releasing([observed("x", 3.0)])
    row = made.observations("x")[0]
    assert made.receipt_of(row)["lists"] == ["police", "shelters"]
    shared = {
        "indicators": {"x": {"title": "Made up", "inputs": ["police"]}},
        "inputs": [{"list": "police", "sha256": "ab"}, {"list": "other", "sha256": "cd"}],
        "code_version": "1",
    }
    joined = replace(made, receipts=shared).receipt_of(row)
    assert joined == {"title": "Made up", "inputs": [{"list": "police", "sha256": "ab"}], "code_version": "1"}
    assert replace(made, receipts={"indicators": {}}).receipt_of(row) == {}


@pytest.mark.parametrize(
    ("unit", "expected"), [("PERSON", "12"), ("CONVICTION", "12"), ("RECORD", "12"), ("PER_100K", "12.00")]
)
def test_a_count_that_stands_alone_has_no_decimals_whatever_it_counts(unit, expected):
    assert written(exact(12.0), decimals_of(unit)) == expected
